"""Licences as codes with the evidence for them; nothing is ever guessed."""

import re
from dataclasses import dataclass

_URL = re.compile(
    r"creativecommons\.org/(?:licenses/(by(?:-nc)?(?:-nd|-sa)?)\b|publicdomain/(zero|mark))", re.I
)
_WORDS = re.compile(r"\bcc[\s_-]*(by(?:[\s_-]*nc)?(?:[\s_-]*(?:nd|sa))?|0|zero|pdm)\b", re.I)
_VERSION = re.compile(r"(?:/|\s|-)(\d\.\d)\b")
_ATTRIBUTION = re.compile(
    r"\bcreative[\s-]+commons\b.*\battribution\b|"
    r"\battribution[\s-]+(?:non[\s-]*commercial|no[\s-]*deriv|share[\s-]*alike)",
    re.I,
)
_PUBLIC_DOMAIN = re.compile(r"(?<!not in the )(?<!not in )(?<!not )\bpublic[\s-]+domain\b", re.I)
# Terms that narrow what a licence allows, wherever in the statement they stand: who reads a licence for
# wider than it is breaks it, who reads it for narrower only stays silent.
_NARROWER = {
    "nc": re.compile(
        r"\bnc\b|\bnon?[\s-]*comm?er[cs]ial|\bn[aã]o[\s-]*comercial|\bnicht[\s-]*kommerziell"
        r"|\bpas d.utilisation commerciale"
        r"|\b(?:not|no|never|except|excluding|without|prohibit\w*|forbid\w*)\b[^.;]{0,60}\bcommercial"
        r"|\bcommercial\b[^.;]{0,60}\b(?:not|prohibited|forbidden|excluded|permission)\b",
        re.I,
    ),
    "nd": re.compile(
        r"\bnd\b|\bno[\s-]*deriv|\b(?:sin|sem)[\s-]*(?:obras?)?[\s-]*deriva|\bkeine[\s-]*bearbeitung"
        r"|\bpas de modification|\bnon[\s-]*opere[\s-]*derivate"
        r"|\bno[\s-]+(?:modif|adapt|alter|chang)\w+|\bunmodified|\bunaltered"
        r"|\b(?:not|without)\b[^.;]{0,40}\b(?:modif|adapt(?:ed|ation)|alter|transform|chang)\w*",
        re.I,
    ),
    "sa": re.compile(r"\bsa\b|\bshare[\s-]*alike|\bcompartir[\s-]*igual", re.I),
}
_HYPHENS = re.compile(r"[\u2010-\u2015\u2212,_]")


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
    """The narrowest reading of all that is named: data may be under another licence than the text."""
    words = _HYPHENS.sub("-", statement)
    named = [
        next(group for group in match.groups() if group).lower()
        for pattern in (_URL, _WORDS)
        for match in pattern.finditer(words)
    ]
    if any(name.startswith("by") for name in named) or _ATTRIBUTION.search(words):
        narrower = [
            term
            for term, pattern in _NARROWER.items()
            if pattern.search(words) or any(term in name for name in named)
        ]
        if "nd" in narrower and "sa" in narrower:
            narrower.remove("sa")  # nothing is shared alike where nothing may be derived
        return "-".join(["cc", "by", *narrower])
    if named:
        return "cc0" if named[0] in ("0", "zero") else "public-domain"
    return "public-domain" if _PUBLIC_DOMAIN.search(words) else "other"
