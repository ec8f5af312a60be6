"""`findings gather --watched`: pages that organizers listed from, read again; their owners told."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from conferences.rereading import FAILURES_TOLD, NEXT, Reread, Rereader
from conferences.watching import Change, Difference
from domain.account import Membership, Part
from domain.errors import MailError, NotFound
from domain.listing import Edition, Moment, State, Venue
from domain.listing_ports import Accounts, Listed, Watch
from domain.ports import Mailer

_LONGEST = 300
_PROPOSED = "It waits for a reviewer as a proposal; the public sees it once it is approved."
_LEFT = "Your draft stays as it is: change it, if this is right."
_TYPED = "Somebody has typed these on our pages, so they stay as they are. The source says otherwise:"


@dataclass(frozen=True, slots=True)
class Owners:
    """Whom to write to, and from where."""

    accounts: Accounts
    mailer: Mailer | None
    site_name: str
    site_url: str


@dataclass(slots=True)
class Watching:
    """What came of reading several addresses again."""

    counts: Counter[str]
    problems: list[str]
    """Address and rule of each that could not be read."""


def read_watched(rereader: Rereader, owners: Owners, now: datetime, most: int) -> Watching:
    """Read what is due, tell owners, and keep what was read. Raises `CatalogError`."""
    watching = Watching(Counter(), [])
    for watch in rereader.due(now, most):
        if not _members(owners.accounts, rereader.listings.listed(watch.listing)):
            watching.counts["nobody's any more"] += 1  # those who wanted it have erased their accounts
            rereader.listings.unwatch(watch.listing)
            continue
        reread = rereader.read(watch, now)
        watching.counts[reread.outcome] += 1
        if reread.has_failed:
            watching.problems.append(f"{watch.url}: {reread.watch.problem}")
        if not _tell(owners, reread):
            watching.counts["owners not told"] += 1
        if reread.outcome == "over":
            rereader.listings.unwatch(watch.listing)
        else:
            rereader.listings.watch(reread.watch)
    return watching


def _tell(owners: Owners, reread: Reread) -> bool:
    """Write to the owners, where there is something to say; whether all letters got out."""
    listed, watch = reread.listed, reread.watch
    if listed is None or owners.mailer is None:
        return True
    if reread.outcome == NEXT:
        subject = f"The page of your listing tells of the next meeting: {owners.site_name}"
        return _send(owners, listed, subject, next_text(owners, listed, watch))
    if reread.difference is not None:
        subject = f"The page of your listing has changed: {owners.site_name}"
        return _send(owners, listed, subject, changed_text(owners, listed, watch, reread.difference))
    if watch.failures == FAILURES_TOLD:
        subject = f"The page of your listing cannot be read: {owners.site_name}"
        return _send(owners, listed, subject, failed_text(owners, listed, watch))
    return True


def changed_text(owners: Owners, listed: Listed, watch: Watch, difference: Difference) -> str:
    """What is written of a page that has changed."""
    lines = [f"“{_cut(listed.latest.title)}” was listed from this page, which says something else now:"]
    lines += [watch.url, ""]
    if difference.changes:
        lines += [*_differing(difference.changes), ""]
        lines += [_LEFT if listed.state is State.DRAFT else _PROPOSED, ""]
    if difference.kept:
        lines += [_TYPED, "", *_differing(difference.kept), ""]
    return "\n".join([*lines, "Your listing:", _page(owners, listed), ""])


def next_text(owners: Owners, listed: Listed, watch: Watch) -> str:
    """What is written of a page that tells of the next meeting in place of this one."""
    return (
        f"“{_cut(listed.latest.title)}” was listed from this page, which tells of another year now:\n"
        f"{watch.url}\n\nYour listing stays as it is. List the next meeting here; its days will do:\n"
        f"{_page(owners, listed)}/next\n"
    )


def failed_text(owners: Owners, listed: Listed, watch: Watch) -> str:
    """What is written of a page that could not be read several times in a row."""
    return (
        f"“{_cut(listed.latest.title)}” was listed from this page, which could not be read"
        f" {FAILURES_TOLD} times in a row ({watch.problem}):\n{watch.url}\n\nYour listing stays as it is. We"
        " go on trying for a month. If the page is gone for good, stop watching it here:\n"
        f"{_page(owners, listed)}\n"
    )


def _send(owners: Owners, listed: Listed, subject: str, text: str) -> bool:
    assert owners.mailer is not None
    out = True
    for address in _addresses(owners.accounts, listed):
        try:
            owners.mailer.send(address, subject, text)
        except MailError:
            out = False  # they see it on their pages
    return out


def _members(accounts: Accounts, listed: Listed) -> list[Membership]:
    latest = listed.latest
    return accounts.memberships(latest.series if isinstance(latest, Edition) else listed.id)


def _addresses(accounts: Accounts, listed: Listed) -> Iterator[str]:
    for one in _members(accounts, listed):
        if one.part is Part.VIEWER:
            continue
        try:
            person = accounts.person(one.person)
        except NotFound:
            continue
        if person.proven and not person.locked:
            yield person.email


def _differing(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        yield change.field.replace("_", " ").capitalize()
        yield f"  listed: {_say(change.listed) or 'nothing'}"
        yield f"  there:  {_say(change.told) or 'nothing'}"


def _say(value: object) -> str:
    """A field in one line."""
    from web.moderate.diff import to_text  # the web room takes a second to load

    if isinstance(value, Venue):
        told = [part for part in asdict(value).values() if isinstance(part, str) and part]
        return _cut(", ".join(told))
    if isinstance(value, tuple):
        mark = " to " if all(isinstance(part, Moment) for part in value) else "; "
        return _cut(mark.join(map(to_text, value)))
    return _cut(to_text(value))


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST].rstrip()} …"


def _page(owners: Owners, listed: Listed) -> str:
    return f"{owners.site_url.rstrip('/')}/organize/{listed.id}"
