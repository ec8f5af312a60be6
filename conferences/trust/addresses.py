"""Rules about addresses. A free one is no doubt by itself: many honest societies have no other."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from conferences.trust.case import Case, is_below, to_domain, to_host, to_words
from config import load_table
from domain.listing import Edition, Resource

_SHORTEST = 4
"""Letters that a word of a name must share with a domain."""


def blocked(case: Case) -> Iterator[str]:
    """A domain, address or name on the block list."""
    table = load_table("blocked")
    domains = {row["name"] for row in table.get("domains", ())}
    hosts = {case.host, *(mail.rpartition("@")[2] for mail in case.mails)}
    yield from (host for host in sorted(hosts) if is_below(host, domains))
    yield from (row["name"] for row in table.get("addresses", ()) if row["name"] in case.mails)
    words = f" {' '.join(to_words(' '.join((case.text, *case.organizers))))} "
    for row in table.get("words", ()):
        if f" {' '.join(to_words(row['name']))} " in words:
            yield row["name"]


def throw_away_mail(case: Case) -> Iterator[str]:
    """An address that is meant to last for minutes."""
    yield from (
        mail for mail in case.mails if is_below(_domain(mail), load_table("trust")["mail"]["throw_away"])
    )


def odd_address(case: Case) -> Iterator[str]:
    """A page at a number, behind a user's name, in several scripts, or not of the web."""
    if not case.url:
        return
    try:
        parts = urlsplit(case.url.strip())
    except ValueError:
        yield case.url[:100]
        return
    odd = parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc
    if odd or _is_number(case.host) or _is_mixed(case.host):
        yield case.url[:100]


def link_shortener(case: Case) -> Iterator[str]:
    """A page that leads somewhere else."""
    if is_below(case.host, load_table("trust")["sites"]["shorteners"]):
        yield case.host


def no_way_to_check(case: Case) -> Iterator[str]:
    """Neither page nor address."""
    if isinstance(case.listing, Edition) and not case.host and not case.mails:
        yield "no page and no e-mail address"


def university_free_mail(case: Case) -> Iterator[str]:
    """A university that neither writes nor is read under its own name."""
    universities = load_table("trust")["universities"]
    named = [n for n in case.organizers if any(word in n.casefold() for word in universities["names"])]
    own = [_domain(mail) for mail in case.mails if not is_free(mail)]
    academic = any(set(host.split(".")[:-1]) & set(universities["labels"]) for host in (case.host, *own))
    if named and case.mails and not own and not academic and not fits(case.host, tuple(named)):
        yield named[0]


def free_site(case: Case) -> Iterator[str]:
    """A page on a host that is free for all."""
    if _on_free_site(case):
        yield case.host


def cheap_domain(case: Case) -> Iterator[str]:
    """An ending that much spam has."""
    if case.host.rpartition(".")[2] in load_table("trust")["sites"]["cheap"]:
        yield case.host


def unfit_site(case: Case) -> Iterator[str]:
    """A page whose name shares nothing with organizer and title."""
    names = (*case.organizers, case.title, getattr(case.context.series, "acronym", ""))
    if case.host and not _on_free_site(case) and case.organizers and not fits(case.host, names):
        yield case.host


def unfit_contact(case: Case) -> Iterator[str]:
    """A contact of another domain than the page's, neither free."""
    if not case.host or _on_free_site(case):
        return
    theirs = {to_domain(_domain(mail)) for mail in case.mails if not is_free(mail)}
    if theirs and to_domain(case.host) not in theirs:
        yield f"{', '.join(sorted(theirs))} for {case.host}"


def unknown_domain(case: Case) -> Iterator[str]:
    """A domain that no other listing has."""
    domain = to_domain(case.host)
    if (
        not domain
        or _is_number(case.host)
        or isinstance(case.listing, Resource)
        or _on_free_site(case)
        or case.context.known
    ):
        return
    others = (n.listing for n in case.context.neighbours if n.listing.id != case.listing.id)
    if all(to_domain(to_host(other.url)) != domain for other in others):
        yield domain


def is_free(mail: str) -> bool:
    """Whether anybody can have such an address."""
    return is_below(_domain(mail), load_table("trust")["mail"]["free"])


def fits(host: str, names: tuple[str, ...]) -> bool:
    """Whether a host shares a word or the initials with one of the names."""
    letters, empty = re.sub(r"[^a-z0-9]", "", host.rpartition(".")[0]), load_table("trust")["sites"]["empty"]
    for name in names:
        words = to_words(name)
        if any(len(word) >= _SHORTEST and word not in empty and word[:5] in letters for word in words):
            return True
        long = [word for word in words if len(word) > 3]
        if any(
            len(initials) >= 3 and initials in letters for initials in (_initials(words), _initials(long))
        ):
            return True
        if any(len(word) >= 3 and word.casefold() in letters for word in re.findall(r"\b[A-Z]{3,}\b", name)):
            return True
    return not any(to_words(name) and " ".join(to_words(name)).isascii() for name in names)


def _initials(words: list[str]) -> str:
    return "".join(word[0] for word in words)


def _domain(mail: str) -> str:
    return mail.rpartition("@")[2]


def _on_free_site(case: Case) -> bool:
    return is_below(case.host, load_table("trust")["sites"]["free"])


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(re.fullmatch(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}", host))
    return True


def _is_mixed(host: str) -> bool:
    try:
        plain = host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return True
    for label in plain.split("."):
        scripts = {unicodedata.name(c, "?").split()[0] for c in label if c.isalpha()}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "ARMENIAN"}:
            return True
    return False
