"""What `CommentsCorrectionsList` and publication types of a citation say about its standing.

`…In` points to what was said about this article, `…Of`, `…For` and `…From` to the article this one speaks
of: a notice of retraction is not itself retracted.
"""

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from crawler.records.xml import element_text
from crawler.telling.notices import marked
from domain.identifiers import normalise_doi, normalise_pmid
from domain.paper import Link, LinkKind, Notice, NoticeKind, unique

_NOTICES = {
    "RetractionIn": NoticeKind.RETRACTED,
    "RetractedandRepublishedIn": NoticeKind.RETRACTED,
    "ExpressionOfConcernIn": NoticeKind.CONCERN,
    "ErratumIn": NoticeKind.CORRECTED,
    "CorrectedandRepublishedIn": NoticeKind.CORRECTED,
    # The article stands, less the part that its notice names: to call it retracted would say too much.
    "PartialRetractionIn": NoticeKind.CORRECTED,
}
_ABOUT_OTHER = {
    "RetractionOf": NoticeKind.RETRACTED,
    "RetractedandRepublishedFrom": NoticeKind.RETRACTED,
    "ExpressionOfConcernFor": NoticeKind.CONCERN,
    "ErratumFor": NoticeKind.CORRECTED,
    "CorrectedandRepublishedFrom": NoticeKind.CORRECTED,
    "PartialRetractionOf": NoticeKind.CORRECTED,
}
CORRECTED_AND_REPUBLISHED = "Corrected and Republished Article"
_OWN_WORDS = dict.fromkeys(("PartialRetractionIn", "PartialRetractionOf"), "Partial retraction: ")
_DOI = re.compile(r"\bdoi:\s*(10\.\S+)", re.IGNORECASE)
_SERVERS = re.compile(
    r"\b(?:bioRxiv|medRxiv|Res(?:earch)? Sq(?:uare)?|ArXiv|SSRN|ChemRxiv|Preprints|PsyArXiv|OSF)\b",
    re.IGNORECASE,
)


def notices(corrections: etree._Element | None, types: Sequence[str], title: str) -> tuple[Notice, ...]:
    """The notices about this article: from the list first, else from its publication types and title."""
    found = [] if corrections is None else list(_listed(corrections))
    kinds = {notice.kind for notice in found}
    if "Retracted Publication" in types and NoticeKind.RETRACTED not in kinds:
        found.append(Notice(NoticeKind.RETRACTED, text="Publication type: Retracted Publication"))
    return unique((*found, *marked(title, found)))


def told(
    corrections: etree._Element | None, own_key: str, title: str, day: str | None, types: Sequence[str] = ()
) -> dict[str, tuple[Notice, ...]]:
    """What the citation says of other articles, by their keys.

    An article may be printed again as it was: only its own type says that it was corrected.
    """
    found: dict[str, tuple[Notice, ...]] = {}
    for one in () if corrections is None else corrections:
        name, key = one.get("RefType", ""), _key(one)
        if name == "RepublishedFrom" and CORRECTED_AND_REPUBLISHED in types:
            name = "CorrectedandRepublishedFrom"
        if (kind := _ABOUT_OTHER.get(name)) and key and key != own_key:
            notice = Notice(kind, own_key, _OWN_WORDS.get(name, "") + title, day)
            found[key] = unique((*found.get(key, ()), notice))
    return found


def links(corrections: etree._Element | None, types: Sequence[str]) -> tuple[Link, ...]:
    """Preprint and article of one work; PubMed also calls a renewed review an update, which is no version."""
    if corrections is None:
        return ()
    found = []
    for one in corrections:
        match one.get("RefType"):
            case "UpdateIn" if "Preprint" in types:
                kind = LinkKind.ARTICLE
            case "UpdateOf" if _SERVERS.search(one.findtext("RefSource") or ""):
                kind = LinkKind.PREPRINT
            case _:
                continue
        if key := _key(one):
            found.append(Link(kind, key))
    return unique(found)


def _listed(corrections: etree._Element) -> Iterator[Notice]:
    for one in corrections:
        name = one.get("RefType", "")
        if kind := _NOTICES.get(name):
            words = (element_text(one.find("RefSource")), element_text(one.find("Note")))
            yield Notice(kind, _key(one), _OWN_WORDS.get(name, "") + " ".join(filter(None, words)))


def _key(one: etree._Element) -> str | None:
    if pmid := normalise_pmid(one.findtext("PMID") or ""):
        return f"pmid:{pmid}"
    match = _DOI.search(one.findtext("RefSource") or "")
    doi = normalise_doi(match[1]) if match else None
    return f"doi:{doi}" if doi else None
