"""What `commentCorrectionList` and publication types of Europe PMC say about a paper's standing.

The list names other records and how they relate. "… in" points to what was said about this paper, "… of",
"… for" and "… from" to the paper that this one speaks of: a retraction notice is not itself retracted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crawler.records.text import plain_text
from domain.identifiers import normalise_pmcid, normalise_pmid
from domain.paper import Link, LinkKind, Notice, NoticeKind, unique

_NOTICES = {
    "retractionin": NoticeKind.RETRACTED,
    "retractedandrepublishedin": NoticeKind.RETRACTED,
    "expressionofconcernin": NoticeKind.CONCERN,
    "erratumin": NoticeKind.CORRECTED,
    "correctionin": NoticeKind.CORRECTED,
    "correctedandrepublishedin": NoticeKind.CORRECTED,
    "partialretractionin": NoticeKind.CORRECTED,
    "withdrawalin": NoticeKind.WITHDRAWN,
}
_ABOUT_OTHER = {
    "retractionof": NoticeKind.RETRACTED,
    "retractedandrepublishedfrom": NoticeKind.RETRACTED,
    "expressionofconcernfor": NoticeKind.CONCERN,
    "erratumfor": NoticeKind.CORRECTED,
    "correctionfor": NoticeKind.CORRECTED,
    "correctionof": NoticeKind.CORRECTED,
    "correctedandrepublishedfrom": NoticeKind.CORRECTED,
    "partialretractionof": NoticeKind.CORRECTED,
    "withdrawalof": NoticeKind.WITHDRAWN,
}
_OWN_WORDS = {"partialretractionof": "Partial retraction: "}
_LINKS = {"preprintin": LinkKind.PREPRINT, "preprintof": LinkKind.ARTICLE}
_RETRACTED_TYPES = frozenset({"retractedpublication", "retractedarticle"})
_WITHDRAWN_TYPES = frozenset({"preprintwithdrawal", "preprintremoval"})


def stated(record: Mapping[str, Any], types: Sequence[str]) -> tuple[Notice, ...]:
    """The notices about the paper, from the list first, else its types; its title may mark more."""
    kinds = {_folded(kind) for kind in types}
    found = list(_listed(record))
    known = {notice.kind for notice in found}
    if kinds & _RETRACTED_TYPES and NoticeKind.RETRACTED not in known:
        found.append(Notice(NoticeKind.RETRACTED, text="Retracted Publication"))
    if (kinds & _WITHDRAWN_TYPES or _later_withdrawn(record)) and NoticeKind.WITHDRAWN not in known:
        found.append(Notice(NoticeKind.WITHDRAWN, text="Preprint withdrawn"))
    return unique(found)


def told(record: Mapping[str, Any], own_key: str) -> dict[str, tuple[Notice, ...]]:
    """What the record says of other papers, by their keys."""
    found: dict[str, tuple[Notice, ...]] = {}
    corrected = "correctedandrepublishedarticle" in map(_folded, _types(record))
    for one in _members(record.get("commentCorrectionList"), "commentCorrection"):
        name, key = _folded(one.get("type")), _key(one)
        if name == "republishedfrom" and corrected:  # an article may be printed again as it was
            name = "correctedandrepublishedfrom"
        if (kind := _ABOUT_OTHER.get(name)) and key and key != own_key:
            words = plain_text(title) if isinstance(title := record.get("title"), str) else ""
            notice = Notice(kind, own_key, _OWN_WORDS.get(name, "") + words)
            found[key] = unique((*found.get(key, ()), notice))
    return found


def links(corrections: Sequence[Any]) -> tuple[Link, ...]:
    """Other versions of the same work that the list names."""
    return unique(
        Link(kind, key)
        for one in corrections
        if isinstance(one, dict)
        and (kind := _LINKS.get(_folded(one.get("type"))))
        and (key := _key(one)) is not None
    )


def _listed(record: Mapping[str, Any]) -> Iterator[Notice]:
    for one in _members(record.get("commentCorrectionList"), "commentCorrection"):
        if kind := _NOTICES.get(_folded(one.get("type"))):
            reference = one.get("reference")
            yield Notice(kind, _key(one), plain_text(reference) if isinstance(reference, str) else "")


def _later_withdrawn(record: Mapping[str, Any]) -> bool:
    """Whether this version or a later one of the preprint is a withdrawal."""
    here = _number(record.get("versionNumber"))
    return any(
        _number(version.get("versionNumber")) >= here
        and any(_folded(kind) in _WITHDRAWN_TYPES for kind in _types(version))
        for version in _members(record.get("versionList"), "version")
    )


def _types(version: Mapping[str, Any]) -> list[Any]:
    held = version.get("pubTypeList")
    kinds = held.get("pubType") if isinstance(held, dict) else held
    return kinds if isinstance(kinds, list) else [kinds]


def _members(held: object, name: str) -> Iterator[Mapping[str, Any]]:
    inner = held.get(name) if isinstance(held, dict) else None
    for one in inner if isinstance(inner, list) else [inner]:
        if isinstance(one, dict):
            yield one


def _number(value: object) -> int:
    return int(str(value)) if str(value).isascii() and str(value).isdigit() and len(str(value)) < 9 else 0


def _folded(value: object) -> str:
    return re.sub(r"[^a-z]", "", value.casefold()) if isinstance(value, str) else ""


def _key(one: Mapping[str, Any]) -> str | None:
    """The key of the record that a correction names, where it is one we know."""
    native, source = str(one.get("id") or ""), one.get("source")
    if source == "MED" and (pmid := normalise_pmid(native)):
        return f"pmid:{pmid}"
    if source == "PMC" and (pmcid := normalise_pmcid(native)):
        return f"pmcid:{pmcid}"
    return f"ppr:{native}" if source == "PPR" and re.fullmatch(r"PPR\d+", native) else None
