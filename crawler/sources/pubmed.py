"""PubMed: MEDLINE/PubMed XML, as in the yearly baseline, the daily updates and efetch (DTDs of 2016 to 2026).

`parse_records` cuts a set into its citations and deletions; `to_version` reads one citation.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from crawler.records.remembering import remembered
from crawler.records.xml import Piece, parse_element, root_name, split_records
from crawler.sources import _pubmed_fields as fields
from crawler.sources._pubmed_citation import Citation, from_elements
from crawler.sources._pubmed_eutils import fall_back, page_url, parse_page, window
from crawler.sources._pubmed_lists import Lists, take_lists, without_references
from crawler.sources._pubmed_notices import links, notices
from crawler.sources._pubmed_plain import read_plain
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
from crawler.telling.notices import fell, speaks_of_fall, told_by_types
from domain.errors import RecordRejected
from domain.identifiers import Identifiers, normalise_pmid
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
    citation = read_plain(lists) or _parsed(record, lists)
    return _version(record.native_id, citation, lists.references)


def _parsed(record: HarvestedRecord, lists: Lists) -> Citation:
    """The citation as the parser reads it."""
    try:
        root = parse_element(lists.payload, SOURCE, record.native_id)
    except RecordRejected:  # again, for the place of the fault in what the source wrote
        root = parse_element(without_references(record.payload)[0], SOURCE, record.native_id)
    if root.tag in {"PubmedBookArticle", DELETION}:
        raise RecordRejected(SOURCE, record.native_id, "not-a-paper", str(root.tag))
    if citation := from_elements(root, lists):
        return citation
    raise RecordRejected(SOURCE, record.native_id, "malformed", "no MedlineCitation with an Article")


def _version(native_id: str, citation: Citation, references: bytes) -> Version:
    title, types = citation.title, citation.types
    if not title:
        raise RecordRejected(SOURCE, native_id, "no-title")
    if _told_by_types(types) or (citation.is_entitled_notice and not _fell(citation)):
        raise RecordRejected(SOURCE, native_id, "not-a-paper", "a notice about another paper")
    identifiers = Identifiers(doi=citation.doi, pmid=normalise_pmid(native_id), pmcid=citation.pmcid)
    trials, datasets = fields.databanks(citation.databanks, types)
    licence = _licence(citation.copyright) if citation.copyright else None
    language, *languages = citation.languages or ("und",)
    return Version(
        kind=_kind(types),
        identifiers=identifiers,
        title=title,
        original_title="" if citation.vernacular == title else citation.vernacular,
        language=language,
        other_languages=tuple(languages),
        abstracts=citation.abstracts,
        authors=citation.authors,
        journal=citation.journal,
        published=citation.published,
        publication_types=types,
        mesh=citation.mesh,
        keywords=citation.keywords,
        substances=citation.substances,
        grants=citation.grants,
        trials=trials,
        data=datasets,
        licence=licence,
        open_access=True if licence and licence.code.startswith("cc") else None,
        links=links(citation.corrections, types),
        notices=notices(citation.corrections, types, title),
        full_texts=_full_texts(identifiers),
        competing_interests=citation.competing_interests,
        cites=fields.cited(references) if references else (),
    )


def _fell(citation: Citation) -> bool:
    return fell(citation.types) or speaks_of_fall(notices(citation.corrections, citation.types, ""))


_told_by_types = remembered(1 << 12, _LONGEST_TYPES, lambda types: sum(map(len, types)))(told_by_types)
"""Most articles are of the same few types."""


def _kind(types: tuple[str, ...]) -> VersionKind:
    if "Preprint" in types:
        return VersionKind.PREPRINT
    # "Congress" is said of whole proceedings and of reports about a meeting, so it counts only alone.
    if not _MEETING_TYPES.isdisjoint(types) or types == ("Congress",):
        return VersionKind.ABSTRACT
    return VersionKind.ARTICLE


@remembered(1 << 12)
def _licence(statement: str) -> Licence | None:
    """The licence a copyright line states; a mere "©" is no licence."""
    licence = to_licence(statement, "CopyrightInformation")
    return None if licence is None or licence.code == "other" else licence


def _full_texts(identifiers: Identifiers) -> tuple[FullText, ...]:
    found = []
    if identifiers.pmcid:
        found.append(FullText(f"https://pmc.ncbi.nlm.nih.gov/articles/{identifiers.pmcid}/", free=True))
    if identifiers.doi:
        found.append(FullText(f"https://doi.org/{identifiers.doi}"))
    return tuple(found)
