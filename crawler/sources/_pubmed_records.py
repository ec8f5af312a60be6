"""Cutting a PubMed set into its citations and notes of deletion."""

import re
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import BinaryIO

from crawler.xml import split_records
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
_REVISED = re.compile(
    rb"<Date(Revised|Completed)\b[^>]*>\s*<Year>\s*(\d{4})\s*</Year>"
    rb"\s*<Month>\s*(\d\d?)\s*</Month>\s*<Day>\s*(\d\d?)\s*</Day>"
)


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The citations of a set; `deleted_ids` tells which of them are notes of deletion.

    Raises:
        SourceChanged: the set is cut short or cannot be decoded, after all that stood before the break.
    """
    for piece in split_records(stream, RECORDS, SOURCE):
        yield to_record(piece.data, fetched_at)


def to_record(payload: bytes, fetched_at: datetime) -> HarvestedRecord:
    """The record that `payload` is."""
    return HarvestedRecord(
        SOURCE, _native_id(payload), fetched_at, MEDIA_TYPE, payload, revised=_revised(payload)
    )


def deleted_ids(record: HarvestedRecord) -> tuple[str, ...]:
    """The ids that the record says PubMed has deleted; none for a citation."""
    if not record.payload.startswith(b"<" + DELETION.encode()):
        return ()
    return tuple(pmid.decode().lstrip("0") for pmid in _PMID.findall(record.payload))


def _revised(payload: bytes) -> str | None:
    """The day of the last revision, else that of completion."""
    days: dict[bytes, str] = {}
    for name, year, month, day in _REVISED.findall(payload):
        days.setdefault(name, f"{int(year):04}-{int(month):02}-{int(day):02}")
    return days.get(b"Revised") or days.get(b"Completed")


def _native_id(payload: bytes) -> str:
    if payload.startswith(b"<" + DELETION.encode()) or not (match := _PMID.search(payload)):
        return f"sha256:{sha256(payload).hexdigest()[:32]}"
    return match[1].decode().lstrip("0")
