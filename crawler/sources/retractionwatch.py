"""Retraction Watch: its database as one CSV file, kept in Crossref's GitLab and renewed every working day.

What it rests on: the file's documented columns (gitlab.com/crossref/retraction-watch-data) and the database's
user guide. A row speaks of one paper; it is read as a companion of that paper, with one notice. A paper that
was reinstated is no longer retracted: so a row of a retraction takes with it, as its payload, the rows that
later take it back, since rows are read one by one.
"""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from crawler.fetching.aside import RecordsAside
from crawler.fetching.page import Asked, Page
from crawler.records.answers import hashed_id
from crawler.records.streams import blocks
from crawler.sources._retractionwatch_rows import (
    Row,
    has_columns,
    is_reinstated,
    parse_rows,
    read_table,
    us_date,
)
from domain.errors import RecordRejected, SourceChanged
from domain.identifiers import Identifiers, normalise_doi, normalise_pmid
from domain.paper import Notice, NoticeKind, Version, VersionKind
from domain.record import HarvestedRecord

SOURCE = "retractionwatch"
MEDIA_TYPE = "text/csv"

_FILE = "retraction_watch.csv"
_MAX_BYTES = 256 << 20
_HELD_BYTES = 4 << 20
"""A file as long as this is set aside on disk, a shorter one in memory."""
_KINDS = {
    "retraction": NoticeKind.RETRACTED,
    "expression of concern": NoticeKind.CONCERN,
    "correction": NoticeKind.CORRECTED,
    "reinstatement": None,
}
_WITHDRAWN = re.compile(r"withdrawn\b|temporary removal\b", re.IGNORECASE)
"""Reasons of papers that were taken away without being retracted, such as outdated Cochrane reviews."""


def window(query: str, since: str | None, until: str | None) -> str:
    """`query` as it is: there is one file, and it is always asked for whole."""
    return query


def page_url(asked: Asked) -> str:
    """The address of the file."""
    base = asked.base_url.rstrip("/")
    return base if urlsplit(base).path.endswith(".csv") else f"{base}/{_FILE}"


def parse_page(body: bytes, fetched_at: datetime, asked: Asked | None = None) -> Page:
    """Read the whole file."""
    records = RecordsAside(_record(row, fetched_at) for row in parse_rows(SOURCE, io.BytesIO(body)))
    return Page(records, None, total=len(records))


def recognises(head: bytes) -> bool:
    """Whether a file begins with the names of the columns."""
    return has_columns(head)


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The rows of a file, each with what takes it back. The file is set aside, since it has to be read twice.

    Raises:
        SourceChanged: it is no such file, or it breaks off; what came before that is given first.
    """
    with SpooledTemporaryFile(_HELD_BYTES) as aside:
        broken = _set_aside(stream, cast("BinaryIO", aside))
        try:
            for row in parse_rows(SOURCE, cast("BinaryIO", aside)):
                yield _record(row, fetched_at)
        except SourceChanged as cut:
            raise broken or cut from None
        if broken:
            raise broken


def _set_aside(stream: BinaryIO, aside: BinaryIO) -> SourceChanged | None:
    """Copy `stream`; why that ended early, if it did."""
    try:
        for block in blocks(SOURCE, stream, _MAX_BYTES):
            aside.write(block)
    except SourceChanged as broken:
        return broken
    except OSError as error:
        raise SourceChanged(SOURCE, f"the file cannot be set aside: {error.strerror}") from error
    return None


def to_version(record: HarvestedRecord) -> Version:
    """Read a row as a notice on the paper that it names; one that was taken back leaves no notice.

    Raises:
        RecordRejected: `malformed`, `no-identifier` or `unknown-nature`.
    """
    row, *later = read_table(SOURCE, record.native_id, record.payload)
    nature = row.get("RetractionNature", "").strip().lower()
    if nature not in _KINDS:
        raise RecordRejected(SOURCE, record.native_id, "unknown-nature", nature[:80])
    doi, pmid = _identifiers(row, "OriginalPaper")
    if doi is None and pmid is None:
        raise RecordRejected(SOURCE, record.native_id, "no-identifier", row.get("OriginalPaperDOI", "")[:80])
    kind = _KINDS[nature]
    if kind is NoticeKind.RETRACTED and is_reinstated(row, later):
        kind = None
    return Version(
        # The weakest kind, so that a notice never decides what the work is.
        kind=VersionKind.PREPRINT,
        identifiers=Identifiers(doi=doi, pmid=pmid),
        title="",
        notices=(_notice(row, kind, doi, pmid),) if kind else (),
        companion=True,
    )


def _notice(row: dict[str, str], kind: NoticeKind, doi: str | None, pmid: str | None) -> Notice:
    reasons = [reason.strip(" +") for reason in row.get("Reason", "").split(";")]
    reasons = [" ".join(reason.split()) for reason in reasons if reason]
    if kind is NoticeKind.RETRACTED and any(map(_WITHDRAWN.match, reasons)):
        kind = NoticeKind.WITHDRAWN
    notice_doi, notice_pmid = _identifiers(row, "Retraction")
    named = f"doi:{notice_doi}" if notice_doi and notice_doi != doi else None
    if named is None and notice_pmid and notice_pmid != pmid:
        named = f"pmid:{notice_pmid}"
    words = "; ".join(reasons) or "no reason given"
    return Notice(kind, named, f"Retraction Watch: {words}", us_date(row.get("RetractionDate", "")))


def _identifiers(row: dict[str, str], of: str) -> tuple[str | None, str | None]:
    """DOI and PMID; `unavailable` and `0` stand for none."""
    return normalise_doi(row.get(f"{of}DOI", "")), normalise_pmid(row.get(f"{of}PubMedID", ""))


def _record(row: Row, fetched_at: datetime) -> HarvestedRecord:
    name = row.id or hashed_id(row.payload)
    return HarvestedRecord(SOURCE, name, fetched_at, MEDIA_TYPE, row.payload)
