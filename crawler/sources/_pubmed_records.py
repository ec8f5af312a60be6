"""Cutting a PubMed set into its citations and notes of deletion."""

import re
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import BinaryIO

from crawler.records.xml import holds_unseen, split_records
from crawler.sources._pubmed_told import companions
from crawler.telling import prescan
from domain.record import HarvestedRecord

SOURCE = "pubmed"
MEDIA_TYPE = "application/xml; profile=pubmed"
ROOTS = frozenset({"PubmedArticleSet", "MedlineCitationSet", "PubmedBookArticleSet"}) | {
    "PubmedArticle",
    "MedlineCitation",
}
RECORDS = ("PubmedArticle", "PubmedBookArticle", "MedlineCitation", "DeleteCitation")
DELETION = "DeleteCitation"

_PMID = re.compile(rb"<PMID\b[^>]*>\s*(\d+)\s*</PMID>")
_PMID_VERSION = re.compile(rb"<PMID\b[^>]*\bVersion\s*=\s*[\"']0*([2-9]|[1-9]\d{1,3})[\"']")
_DAY = re.compile(
    rb"[^>]*>\s*<Year>\s*(\d{4})\s*</Year>\s*<Month>\s*(\d\d?)\s*</Month>\s*<Day>\s*(\d\d?)\s*</Day>"
)


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The citations of a set, and what they say of others; `deleted_ids` tells of notes of deletion.

    Raises:
        SourceChanged: the set is cut short or cannot be decoded, after all that stood before the break.
    """
    for piece in split_records(stream, RECORDS, SOURCE):
        record = to_record(piece.data, fetched_at)
        yield record
        yield from (one for one, _ in companions(record))


def to_record(payload: bytes, fetched_at: datetime) -> HarvestedRecord:
    """The record that `payload` is."""
    native_id, version = _native_id(payload)
    revised = _revised(payload)
    if version and revised:
        revised = f"{revised} v{version}"
    return HarvestedRecord(SOURCE, native_id, fetched_at, MEDIA_TYPE, payload, revised=revised)


_CITATIONS = (b"<PubmedArticle", b"<MedlineCitation")
_DELETED = b"<" + DELETION.encode()
_END = b"</MedlineCitation>"
_TITLE, _OTHER_TITLE, _HEADINGS, _KEYWORDS, _ABSTRACT = (
    (b"<" + name, b"</" + name + b">")
    for name in (b"ArticleTitle", b"VernacularTitle", b"MeshHeadingList", b"KeywordList", b"Abstract")
)


def may_be_on_cancer(payload: bytes) -> bool:
    """Whether a record has to be read to know that it is not about cancer.

    What is not a whole citation with a title is read, since what is wrong with it is to be told; so is what
    may hold text that only looks like headings.
    """
    if not payload.startswith(_CITATIONS) or holds_unseen(payload):
        return True
    citation = payload[: payload.rfind(_END)]
    title, other = _span(citation, *_TITLE), _span(citation, *_OTHER_TITLE)
    headings, keywords = _span(citation, *_HEADINGS), _span(citation, *_KEYWORDS)
    abstract = _span(citation, *_ABSTRACT)
    if not title or other is None or headings is None or keywords is None or abstract is None:
        return True
    return prescan.may_be_on_cancer(title + b" . " + other, headings, keywords, abstract)


def _span(payload: bytes, opening: bytes, closing: bytes) -> bytes | None:
    """From the first `opening` to the last `closing`; empty without the first, None without the second."""
    begin = payload.find(opening)
    if begin < 0:
        return b""
    end = payload.rfind(closing, begin)
    return None if end < 0 else payload[begin:end]


def deleted_ids(record: HarvestedRecord) -> tuple[str, ...]:
    """The ids that the record says PubMed has deleted; none for a citation."""
    if not record.payload.startswith(_DELETED):
        return ()
    return tuple(pmid.decode().lstrip("0") for pmid in _PMID.findall(record.payload))


def _revised(payload: bytes) -> str | None:
    """The day of the last revision, else that of completion."""
    for name in (b"<DateRevised", b"<DateCompleted"):
        begin = payload.find(name)
        if begin >= 0 and (match := _DAY.match(payload, begin + len(name))):
            return b"-".join([part.zfill(2) for part in match.groups()]).decode()
    return None


def _native_id(payload: bytes) -> tuple[str, int]:
    """The PMID, or what tells a record without one from others; and the version where it is not the first."""
    if payload.startswith(_DELETED) or not (match := _PMID.search(payload)):
        return f"sha256:{sha256(payload).hexdigest()[:32]}", 0
    version = _PMID_VERSION.match(payload, match.start(), match.end())
    return match[1].decode().lstrip("0"), int(version[1]) if version else 0
