"""The rows of Retraction Watch's CSV file as they came; a quoted value may hold line ends (RFC 4180)."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from crawler.records.text import partial_date
from domain.errors import RecordRejected, SourceChanged
from domain.identifiers import normalise_doi, normalise_pmid

_BOM = b"\xef\xbb\xbf"
_NEEDED = frozenset({"Record ID", "RetractionNature", "OriginalPaperDOI"})
_ID = re.compile(rb'"?\s*(\d{1,9})\s*"?,')
_MOST_LINES = 200
_LONGEST = 1 << 20
"""A row with more lines or bytes has a stray quotation mark, which would swallow those that follow."""
_US_DATE = re.compile(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})\b")
_RETRACTION, _REINSTATEMENT = "retraction", "reinstatement"
_SPEAKS_OF_ONE = re.compile(rb"reinstatement", re.IGNORECASE)
_MOST_BACK = 50
"""Reinstatements of one paper that go with its retractions; no paper has nearly so many."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row under its own id, empty where it has none, as a table of its own."""

    id: str
    payload: bytes
    """The line of the columns, the row, and the rows that take it back."""


def has_columns(head: bytes) -> bool:
    """Whether the first line names the columns that make such a file."""
    line = head.removeprefix(_BOM).lstrip().partition(b"\n")[0]
    return set(_columns(line)) >= _NEEDED


def parse_rows(source: str, file: BinaryIO) -> Iterator[Row]:
    """The rows of a file, which is read twice: what takes a retraction back may stand anywhere in it.

    Raises:
        SourceChanged: it has not the columns we know, or it breaks off; the whole rows before that have
            been given.
    """
    header = _header(source, file)
    columns = _columns(header)
    back: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
    with suppress(SourceChanged):  # the second reading tells it
        for number, row in enumerate(_whole_rows(source, file, header)):
            for paper in _papers_of(columns, row, _REINSTATEMENT) if _SPEAKS_OF_ONE.search(row) else ():
                back[paper] = [*back[paper], (number, row)][-_MOST_BACK:]
    _header(source, file)
    for row in _whole_rows(source, file, header):
        papers = _papers_of(columns, row, _RETRACTION)
        later = sorted({one for paper in papers for one in back.get(paper, ())})
        found = _ID.match(row)
        whole = b"".join(map(_ended, (header, row, *(taken for _, taken in later))))
        yield Row(found[1].decode() if found else "", whole)


def _header(source: str, file: BinaryIO) -> bytes:
    """The line of the columns; `file` stands behind it."""
    file.seek(0)
    line = file.readline(_LONGEST).removeprefix(_BOM)
    while line and not line.strip():
        line = file.readline(_LONGEST)
    if not has_columns(line):
        raise SourceChanged(source, f"no table of retractions; it begins {line[:60]!r}")
    return line.lstrip()


def _whole_rows(source: str, file: BinaryIO, header: bytes) -> Iterator[bytes]:
    """The rows behind `header`; the last is held back until it is known to be whole."""
    lines, width = _Lines(file, header), len(_columns(header))
    held, count = b"", 0
    for row in _raw_rows(lines, width):
        if held:
            yield held
        held, count = row, count + 1
    if not lines.last.endswith(b"\n"):
        if held and len(_cells(held) or ()) >= width:
            yield held
        raise SourceChanged(source, f"the file breaks off after {count} rows: its last line has no end")
    if not count:
        raise SourceChanged(source, "the file breaks off behind its columns: it has no row")
    if held.count(b'"') % 2:
        raise SourceChanged(source, f"the file breaks off after {count - 1} rows: within a quoted value")
    if held:
        yield held


def read_table(source: str, native_id: str, payload: bytes) -> list[dict[str, str]]:
    """The rows of a payload by column, the row itself first.

    Raises:
        RecordRejected: `malformed`, a row has not the columns of the table.
    """
    file = io.BytesIO(payload)
    columns = _columns(file.readline())
    tables = [_named(columns, row) for row in _raw_rows(_Lines(file), len(columns))]
    if not tables or tables[0] is None:
        raise RecordRejected(source, native_id, "malformed", f"not the {len(columns)} columns of the table")
    return [table for table in tables if table is not None]


def is_reinstated(row: dict[str, str], later: Sequence[dict[str, str]]) -> bool:
    """Whether one of the rows takes the retraction back: a reinstatement of no earlier a day."""
    day = us_date(row.get("RetractionDate", "")) or ""
    return any(
        _nature(other) == _REINSTATEMENT and (us_date(other.get("RetractionDate", "")) or "9999") >= day
        for other in later
    )


def us_date(text: str) -> str | None:
    """The day in `9/21/2023 0:00`, month first.

    >>> us_date("9/21/2023 0:00")
    '2023-09-21'
    """
    found = _US_DATE.match(text)
    return partial_date(found[3], found[1], found[2]) if found else partial_date(text) if text else None


class _Lines:
    """Lines with their ends, of which some may be seen before they are taken.

    A carriage return alone, which not every writer quotes, ends none.
    """

    def __init__(self, file: BinaryIO, before: bytes = b"") -> None:
        self._file = file
        self._ahead: list[bytes] = []
        self.last = before

    def see(self, place: int) -> bytes:
        """The line so many places ahead, empty behind the end."""
        while len(self._ahead) <= place:
            line = self._file.readline(_LONGEST)
            if not line:
                return b""
            self._ahead.append(line)
            self.last = line
        return self._ahead[place]

    def take(self, count: int) -> bytes:
        """The next lines, which have been seen."""
        taken, self._ahead = self._ahead[:count], self._ahead[count:]
        return b"".join(taken)


def _raw_rows(lines: _Lines, width: int) -> Iterator[bytes]:
    """Rows as they came; a row goes on while a quotation mark is open."""
    while count := _length(lines, width):
        row = lines.take(count)
        if row.strip():
            yield row


def _length(lines: _Lines, width: int) -> int:
    """How many lines the next row has; a stray quotation mark costs its own row, and no other."""
    seen: list[bytes] = []
    size = quotes = 0
    while line := lines.see(len(seen)):
        seen.append(line)
        size, quotes = size + len(line), quotes + line.count(b'"')
        if not quotes % 2 or len(seen) > _MOST_LINES or size > _LONGEST:
            break
    if len(seen) < 2:
        return len(seen)
    if not quotes % 2:
        return len(seen) if len(_cells(b"".join(seen)) or ()) >= width else 1
    swallowed = any(line.count(b",") >= width - 1 and _ID.match(line) for line in seen[1:])
    return 1 if swallowed or lines.see(len(seen)) else len(seen)


def _papers_of(columns: Sequence[str], row: bytes, nature: str) -> tuple[str, ...]:
    """The papers that a row of that nature speaks of, none for other rows."""
    table = _named(columns, row)
    return tuple(_papers(table)) if table and _nature(table) == nature else ()


def _ended(row: bytes) -> bytes:
    return row if row.endswith(b"\n") else row + b"\n"


def _papers(table: dict[str, str]) -> Iterator[str]:
    if doi := normalise_doi(table.get("OriginalPaperDOI", "")):
        yield f"doi:{doi}"
    if pmid := normalise_pmid(table.get("OriginalPaperPubMedID", "")):
        yield f"pmid:{pmid}"


def _nature(table: dict[str, str]) -> str:
    return table.get("RetractionNature", "").strip().lower()


def _columns(header: bytes) -> list[str]:
    names = [name.strip() for name in _cells(header.removeprefix(_BOM)) or ()]
    while names and not names[-1]:
        names.pop()
    return names


def _named(columns: Sequence[str], row: bytes) -> dict[str, str] | None:
    """The cells by column; None where there are too few, or more that are not empty."""
    cells = _cells(row)
    if cells is None or len(cells) < len(columns) or any(cell.strip() for cell in cells[len(columns) :]):
        return None
    return dict(zip(columns, cells, strict=False))


def _cells(row: bytes) -> list[str] | None:
    try:
        text = row.decode()
    except UnicodeDecodeError:
        text = row.decode("cp1252", "replace")  # what spreadsheets of that vintage write
    try:
        found = list(csv.reader([text.replace("\0", "").replace("\r\n", "\n").replace("\r", " ")]))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None
