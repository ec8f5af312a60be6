"""PubMed: MEDLINE/PubMed XML, as in the yearly baseline, the daily updates and efetch (DTDs of 2016 to 2026).

`parse_records` cuts a set into its citations and deletions; `to_version` reads one citation.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from lxml import etree

from crawler.sources import _pubmed_fields as fields
from crawler.sources._pubmed_eutils import fall_back, page_url, parse_page, window
from crawler.sources._pubmed_notices import links, notices
from crawler.sources._pubmed_records import (
    DELETION,
    MEDIA_TYPE,
    RECORDS,
    ROOTS,
    SOURCE,
    deleted_ids,
    parse_records,
    to_record,
)
from crawler.text import language_tag
from crawler.xml import element_text, parse_element, root_name, split_records
from domain.errors import RecordRejected
from domain.identifiers import Identifiers, normalise_doi, normalise_pmcid, normalise_pmid
from domain.licence import Licence, to_licence
from domain.paper import FullText, Version, VersionKind
from domain.record import HarvestedRecord

__all__ = [
    "MEDIA_TYPE",
    "SOURCE",
    "deleted_ids",
    "fall_back",
    "page_url",
    "parse_page",
    "parse_records",
    "parse_versions",
    "recognises",
    "to_version",
    "window",
]

_REFERENCES = b"<ReferenceList>", b"</ReferenceList>"
_MEETING_TYPES = frozenset({"Meeting Abstract", "Meeting Abstracts"})


def recognises(head: bytes) -> bool:
    """Whether a file begins as a set of citations does, or as one citation."""
    return root_name(head) in ROOTS


def parse_versions(
    stream: BinaryIO, fetched_at: datetime
) -> Iterator[tuple[HarvestedRecord, Version | RecordRejected]]:
    """Records with what `to_version` says about each."""
    for piece in split_records(stream, RECORDS, SOURCE):
        record = to_record(piece.data, fetched_at)
        try:
            if piece.problem:
                reason = "too-large" if piece.problem == "too-large" else "malformed"
                raise RecordRejected(SOURCE, record.native_id, reason, f"line {piece.line}")
            yield record, to_version(record)
        except RecordRejected as rejection:
            yield record, rejection


def to_version(record: HarvestedRecord) -> Version:
    """Read a citation.

    Raises:
        RecordRejected: `malformed`, `too-large`, `no-title`, or `not-a-paper` (books, deletions).
    """
    root = parse_element(_without_references(record.payload), SOURCE, record.native_id)
    citation = root if root.tag == "MedlineCitation" else root.find("MedlineCitation")
    if root.tag in {"PubmedBookArticle", DELETION}:
        raise RecordRejected(SOURCE, record.native_id, "not-a-paper", str(root.tag))
    article = None if citation is None else citation.find("Article")
    if citation is None or article is None:
        raise RecordRejected(SOURCE, record.native_id, "malformed", "no MedlineCitation with an Article")
    return _version(record.native_id, citation, article, root.find("PubmedData"))


def _version(
    native_id: str, citation: etree._Element, article: etree._Element, data: etree._Element | None
) -> Version:
    head = {str(child.tag): child for child in citation}
    body = {str(child.tag): child for child in article}
    identifiers = _identifiers(native_id, article, data)
    title = fields.title(body)
    if not title:
        raise RecordRejected(SOURCE, native_id, "no-title")
    types = fields.texts(body.get("PublicationTypeList"))
    trials, datasets = fields.databanks(body.get("DataBankList"), types)
    licence = _licence(body.get("Abstract"))
    corrections = head.get("CommentsCorrectionsList")
    return Version(
        kind=_kind(types),
        identifiers=identifiers,
        title=title,
        language=language_tag(element_text(body.get("Language"))),
        abstracts=fields.abstracts(body.get("Abstract"), citation),
        authors=fields.authors(body.get("AuthorList")),
        journal=fields.journal(body.get("Journal"), body.get("Pagination"), head.get("MedlineJournalInfo")),
        published=fields.published(article),
        publication_types=types,
        mesh=fields.mesh(head.get("MeshHeadingList")),
        keywords=fields.keywords(citation),
        grants=fields.grants(body.get("GrantList")),
        trials=trials,
        data=datasets,
        licence=licence,
        open_access=True if licence and licence.code.startswith("cc") else None,
        links=links(corrections, types),
        notices=notices(corrections, types, title),
        full_texts=_full_texts(identifiers),
        competing_interests=element_text(head.get("CoiStatement")),
    )


def _without_references(payload: bytes) -> bytes:
    """The payload without its list of references: often most of it, and never read."""
    begin = payload.find(_REFERENCES[0])
    end = payload.rfind(_REFERENCES[1])
    if begin < 0 or end < begin:
        return payload
    return payload[:begin] + payload[end + len(_REFERENCES[1]) :]


def _kind(types: tuple[str, ...]) -> VersionKind:
    if "Preprint" in types:
        return VersionKind.PREPRINT
    # "Congress" is said of whole proceedings and of reports about a meeting, so it counts only alone.
    if not _MEETING_TYPES.isdisjoint(types) or types == ("Congress",):
        return VersionKind.ABSTRACT
    return VersionKind.ARTICLE


def _identifiers(native_id: str, article: etree._Element, data: etree._Element | None) -> Identifiers:
    doi = pmcid = None
    for location in article.iterchildren("ELocationID"):
        if location.get("EIdType") == "doi" and location.get("ValidYN") != "N":
            doi = doi or normalise_doi(location.text or "")
    listed = data.find("ArticleIdList") if data is not None else None
    for one in () if listed is None else listed:
        if one.get("IdType") == "doi":
            doi = doi or normalise_doi(one.text or "")
        elif one.get("IdType") in {"pmc", "pmcid"}:
            pmcid = pmcid or normalise_pmcid(one.text or "")
    return Identifiers(doi=doi, pmid=normalise_pmid(native_id), pmcid=pmcid)


def _licence(abstract: etree._Element | None) -> Licence | None:
    """The licence a copyright line states; a mere "©" is no licence."""
    statement = abstract.find("CopyrightInformation") if abstract is not None else None
    licence = to_licence(element_text(statement), "CopyrightInformation")
    return None if licence is None or licence.code == "other" else licence


def _full_texts(identifiers: Identifiers) -> tuple[FullText, ...]:
    found = []
    if identifiers.pmcid:
        found.append(FullText(f"https://pmc.ncbi.nlm.nih.gov/articles/{identifiers.pmcid}/", free=True))
    if identifiers.doi:
        found.append(FullText(f"https://doi.org/{identifiers.doi}"))
    return tuple(found)
