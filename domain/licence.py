"""Licences as codes with the evidence for them; nothing is ever guessed."""

import re
from dataclasses import dataclass

_URL = re.compile(
    r"creativecommons\.org/(?:licenses/(by(?:-nc)?(?:-nd|-sa)?)|publicdomain/(zero|mark))", re.I
)
_WORDS = re.compile(r"\bcc[\s_-]*(by(?:[\s_-]*nc)?(?:[\s_-]*(?:nd|sa))?|0|zero|pdm)\b", re.I)
_VERSION = re.compile(r"(?:/|\s|-)(\d\.\d)\b")
_PUBLIC_DOMAIN = re.compile(r"\bpublic[\s-]+domain\b", re.I)
_NAMED = (
    (r"attribution[\s-]*non-?commercial[\s-]*no-?deriv\w*", "cc-by-nc-nd"),
    (r"attribution[\s-]*non-?commercial[\s-]*share-?alike", "cc-by-nc-sa"),
    (r"attribution[\s-]*non-?commercial", "cc-by-nc"),
    (r"attribution[\s-]*no-?deriv\w*", "cc-by-nd"),
    (r"attribution[\s-]*share-?alike", "cc-by-sa"),
    (r"creative\s+commons\s+attribution", "cc-by"),
)


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as its source states it.

    `code` is a key of `config/licences.toml` (`cc-by`, `cc0`, `cc-by-nc-nd` …) or `other` where a statement
    is present that we do not recognise. A version without any statement has no `Licence` at all.
    """

    code: str
    evidence: str
    """The words or address it was read from, at most 300 characters."""
    field: str
    """Where in the record it stood (`license`, `permissions/license/@xlink:href` …)."""
    version: str | None = None


def to_licence(statement: str, field: str) -> Licence | None:
    """Read a licence from a URL, a short code or a sentence; None for an empty statement.

    >>> to_licence("cc by-nc-nd", "license").code
    'cc-by-nc-nd'
    >>> to_licence("http://creativecommons.org/licenses/by/3.0/", "href").version
    '3.0'
    >>> to_licence("All rights reserved", "license").code
    'other'
    """
    statement = " ".join(statement.split())
    if not statement:
        return None
    version = _VERSION.search(statement)
    return Licence(
        code=_code(statement),
        evidence=statement[:300],
        field=field,
        version=version[1] if version else None,
    )


def _code(statement: str) -> str:
    if match := _URL.search(statement):
        if match[1]:
            return f"cc-{match[1].lower()}"
        return "cc0" if match[2].lower() == "zero" else "public-domain"
    if match := _WORDS.search(statement):
        word = re.sub(r"[\s_]+", "-", match[1].lower())
        return {"0": "cc0", "zero": "cc0", "pdm": "public-domain"}.get(word, f"cc-{word}")
    for pattern, code in _NAMED:
        if re.search(pattern, statement, re.I):
            return code
    return "public-domain" if _PUBLIC_DOMAIN.search(statement) else "other"
