"""PubMed: MEDLINE/PubMed XML, as in the yearly baseline, the daily updates and efetch (DTDs of 2016 to 2026).

`parse_records` cuts a set into its citations and deletions; `to_version` reads one citation.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import BinaryIO, TypeVar, cast

from lxml import etree

from crawler.records.remembering import remembered
from crawler.records.text import title_text
from crawler.records.xml import Piece, element_text, parse_element, root_name, split_records
from crawler.sources import _pubmed_fields as fields
from crawler.sources._pubmed_eutils import fall_back, page_url, parse_page, window
from crawler.sources._pubmed_lists import Lists, take_lists, without_references
from crawler.sources._pubmed_notices import links, notices
from crawler.sources._pubmed_records import (
    DELETION,
    MEDIA_TYPE,
    RECORDS,
    ROOTS,
    SOURCE,
    deleted_ids,
    may_be_on_cancer,
    parse_records,
    to_record,
)
from crawler.sources._pubmed_told import companions, to_companion
from crawler.telling.notices import is_notice_title, told_by_types
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
    "parse_on_cancer",
    "parse_page",
    "parse_records",
    "parse_versions",
    "recognises",
    "to_version",
    "window",
]

_T = TypeVar("_T")
_LONGEST_TYPES = 1999
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
        yield record, _outcome(record, piece)
        yield from companions(record)


def parse_on_cancer(
    stream: BinaryIO, fetched_at: datetime
) -> Iterator[tuple[HarvestedRecord, Version | RecordRejected | None]]:
    """As `parse_versions`; None for records that are not read since no word of theirs speaks of cancer."""
    for piece in split_records(stream, RECORDS, SOURCE):
        record = to_record(piece.data, fetched_at)
        read = piece.problem or may_be_on_cancer(piece.data)
        yield record, _outcome(record, piece) if read else None
        yield from companions(record)


def _outcome(record: HarvestedRecord, piece: Piece) -> Version | RecordRejected:
    try:
        if piece.problem:
            reason = "too-large" if piece.problem == "too-large" else "malformed"
            raise RecordRejected(SOURCE, record.native_id, reason, f"line {piece.line}")
        return to_version(record)
    except RecordRejected as rejection:
        return rejection


def to_version(record: HarvestedRecord) -> Version:
    """Read a citation, or what it says of another.

    Raises:
        RecordRejected: `malformed`, `too-large`, `no-title`, or `not-a-paper` (books, deletions, notices).
    """
    if "#" in record.native_id:
        return to_companion(record)
    lists = take_lists(record.payload)
    root = _parsed(record, lists)
    if root.tag in {"PubmedBookArticle", DELETION}:
        raise RecordRejected(SOURCE, record.native_id, "not-a-paper", str(root.tag))
    parts = {"MedlineCitation": root} if root.tag == "MedlineCitation" else _parts(root)
    head = _parts(parts.get("MedlineCitation"))
    if "Article" not in head:
        raise RecordRejected(SOURCE, record.native_id, "malformed", "no MedlineCitation with an Article")
    return _version(record.native_id, head, head["Article"], parts.get("PubmedData"), lists)


def _parsed(record: HarvestedRecord, lists: Lists) -> etree._Element:
    try:
        return parse_element(lists.payload, SOURCE, record.native_id)
    except RecordRejected:  # again, for the place of the fault in what the source wrote
        return parse_element(without_references(record.payload)[0], SOURCE, record.native_id)


def _either(
    element: etree._Element | None,
    taken: _T,
    read: Callable[[etree._Element | None], _T],
) -> _T:
    """What a list holds: what was taken out of it if that left it empty, else what there is to read."""
    return taken if element is not None and len(element) == 0 else read(element)


def _parts(element: etree._Element | None) -> dict[str, etree._Element]:
    """The children of an element by name; of several of one name the first."""
    if element is None:
        return {}
    return cast("dict[str, etree._Element]", {child.tag: child for child in reversed(element)})


def _version(
    native_id: str,
    head: Mapping[str, etree._Element],
    article: etree._Element,
    data: etree._Element | None,
    lists: Lists,
) -> Version:
    body = _parts(article)
    title = fields.title(body)
    if not title:
        raise RecordRejected(SOURCE, native_id, "no-title")
    identifiers = _identifiers(native_id, body, data, fields.siblings(head, "OtherID"))
    types = _either(body.get("PublicationTypeList"), lists.types, fields.texts)
    if _is_notice(types, title, body.get("Abstract")):
        raise RecordRejected(SOURCE, native_id, "not-a-paper", "a notice about another paper")
    trials, datasets = fields.databanks(body.get("DataBankList"), types)
    licence = _licence(body.get("Abstract"))
    corrections = head.get("CommentsCorrectionsList")
    original = title_text(element_text(body.get("VernacularTitle")))
    language, *languages = fields.languages(fields.siblings(body, "Language")) or ("und",)
    journal = _parts(body.get("Journal"))
    issue = _parts(journal.get("JournalIssue"))
    return Version(
        kind=_kind(types),
        identifiers=identifiers,
        title=title,
        original_title="" if original == title else original,
        language=language,
        other_languages=tuple(languages),
        abstracts=fields.abstracts(body.get("Abstract"), fields.siblings(head, "OtherAbstract")),
        authors=_either(body.get("AuthorList"), lists.authors, fields.authors),
        journal=fields.journal(
            _either(head.get("MedlineJournalInfo"), lists.catalogue, fields.leaves),
            fields.leaves(body.get("Pagination")),
            fields.flat(issue),
            fields.flat(journal),
        ),
        published=fields.published((*fields.siblings(body, "ArticleDate"), issue.get("PubDate"))),
        publication_types=types,
        mesh=_either(head.get("MeshHeadingList"), lists.mesh, fields.mesh),
        keywords=fields.keywords(fields.siblings(head, "KeywordList")),
        substances=fields.substances(head.get("ChemicalList")),
        grants=fields.grants(body.get("GrantList")),
        trials=trials,
        data=datasets,
        licence=licence,
        open_access=True if licence and licence.code.startswith("cc") else None,
        links=links(corrections, types),
        notices=notices(corrections, types, title),
        full_texts=_full_texts(identifiers),
        competing_interests=element_text(head.get("CoiStatement")),
        cites=fields.cited(lists.references) if lists.references else (),
    )


_told_by_types = remembered(1 << 12, _LONGEST_TYPES, lambda types: sum(map(len, types)))(told_by_types)
"""Most articles are of the same few types."""


def _is_notice(types: tuple[str, ...], title: str, abstract: etree._Element | None) -> bool:
    if _told_by_types(types):
        return True
    return is_notice_title(title) and is_notice_title(title, element_text(abstract))


def _kind(types: tuple[str, ...]) -> VersionKind:
    if "Preprint" in types:
        return VersionKind.PREPRINT
    # "Congress" is said of whole proceedings and of reports about a meeting, so it counts only alone.
    if not _MEETING_TYPES.isdisjoint(types) or types == ("Congress",):
        return VersionKind.ABSTRACT
    return VersionKind.ARTICLE


def _identifiers(
    native_id: str,
    article: Mapping[str, etree._Element],
    data: etree._Element | None,
    others: Iterable[etree._Element],
) -> Identifiers:
    doi = pmcid = None
    for location in fields.siblings(article, "ELocationID"):
        if location.get("EIdType") == "doi" and location.get("ValidYN") != "N":
            doi = doi or normalise_doi(location.text or "")
    for one in _parts(data).get("ArticleIdList", ()):
        kind = one.get("IdType")
        if kind == "doi":
            doi = doi or normalise_doi(one.text or "")
        elif kind in {"pmc", "pmcid"}:
            pmcid = pmcid or normalise_pmcid(one.text or "")
    for one in () if pmcid else others:
        # Sets without PubmedData give it here: "PMC1234567 [Available on 07/01/16]".
        if one.get("Source") == "NLM" and (words := (one.text or "").split()):
            pmcid = pmcid or normalise_pmcid(words[0])
    return Identifiers(doi=doi, pmid=normalise_pmid(native_id), pmcid=pmcid)


def _licence(abstract: etree._Element | None) -> Licence | None:
    """The licence a copyright line states; a mere "©" is no licence."""
    statement = _parts(abstract).get("CopyrightInformation")
    if statement is None:
        return None
    licence = to_licence(element_text(statement), "CopyrightInformation")
    return None if licence is None or licence.code == "other" else licence


def _full_texts(identifiers: Identifiers) -> tuple[FullText, ...]:
    found = []
    if identifiers.pmcid:
        found.append(FullText(f"https://pmc.ncbi.nlm.nih.gov/articles/{identifiers.pmcid}/", free=True))
    if identifiers.doi:
        found.append(FullText(f"https://doi.org/{identifiers.doi}"))
    return tuple(found)
