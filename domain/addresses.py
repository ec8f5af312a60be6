"""Addresses of electronic mail: checked, folded, and as hashes that tell nobody whose they are."""

import hashlib
import hmac
import re

_LONGEST, _LONGEST_LOCAL, _LONGEST_LABEL = 254, 64, 63
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_GMAIL, _PROTON = ("gmail.com", "."), ("proton.me", ".-_")
_FOLDED = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), _GMAIL),
    **dict.fromkeys(("proton.me", "protonmail.com", "pm.me"), _PROTON),
}
"""Domain → by which it goes, and which signs in the local part tell no one mailbox there from another."""


def to_email(text: str) -> str:
    """An address as it is kept: the local part as given, the domain in lower case and ASCII.

    >>> to_email(" Ada.Lovelace@Example.ORG")
    'Ada.Lovelace@example.org'

    Raises:
        ValueError: no address that ordinary mail can reach: quoted or non-ASCII local parts, addresses of
            machines by number, and names without a dot are refused.
    """
    local, at, domain = text.strip(" \t\r\n").rpartition("@")
    domain = _to_ascii(domain)
    whole = f"{local}@{domain}"
    if not at or not _LOCAL.fullmatch(local) or not _is_domain(domain):
        raise ValueError("not an e-mail address")
    if len(local) > _LONGEST_LOCAL or len(whole) > _LONGEST:
        raise ValueError("an e-mail address that is too long")
    return whole


def fold_email(email: str) -> str:
    """By which an address is told from others: nobody gives two people one that differs by case alone.

    >>> fold_email("Ada@Example.org")
    'ada@example.org'
    """
    return email.strip().lower()


def domain_of(email: str) -> str:
    """The part behind the last `@`, in lower case."""
    return fold_email(email).rpartition("@")[2]


def address_hash(email: str) -> str:
    """What is kept of an address that must never get mail: SHA-256 of it, folded; 64 hexadecimal digits."""
    return hashlib.sha256(fold_email(email).encode("utf-8", "replace")).hexdigest()


def address_key(secret: str, email: str) -> str:
    """What limits count by: a keyed hash of the mailbox that an address leads to, however it is written.

    Tags (`ada+news@`) are left out, and so are dots where they mean nothing.
    """
    local, _, domain = fold_email(email).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _FOLDED:
        domain, idle = _FOLDED[domain]
        local = "".join(sign for sign in local if sign not in idle)
    told = f"{local}@{domain}".encode("utf-8", "replace")
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()


def _to_ascii(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return domain.encode("idna").decode().lower()
    except UnicodeError:
        return ""


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    return (
        len(labels) > 1
        and all(len(label) <= _LONGEST_LABEL and _LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
