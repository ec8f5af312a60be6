"""The rows of Retraction Watch's CSV file as they came; a quoted value may hold line ends (RFC 4180)."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.text import partial_date
from domain.errors import RecordRejected, SourceChanged

_BOM = b"\xef\xbb\xbf"
_NEEDED = frozenset({"Record ID", "RetractionNature", "OriginalPaperDOI"})
_ID = re.compile(rb'"?\s*(\d{1,9})\s*"?,')
_MOST_LINES = 200
_LONGEST = 1 << 20
"""A row with more lines or bytes has a stray quotation mark, which would swallow those that follow."""
_US_DATE = re.compile(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})\b")
_RETRACTION, _REINSTATEMENT = "retraction", "reinstatement"


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


def parse_rows(source: str, body: bytes) -> tuple[list[Row], str]:
    """The rows of a file, and what is wrong with its end: a row that is cut off is not among them.

    Raises:
        SourceChanged: it has not the columns we know.
    """
    lines = _lines(body.removeprefix(_BOM).lstrip())
    header = lines[0] if lines else b""
    if not has_columns(header):
        raise SourceChanged(source, f"no table of retractions; it begins {header[:60]!r}")
    columns, problem = _columns(header), ""
    raw, whole = list(_raw_rows(lines[1:], len(columns))), lines[-1].endswith(b"\n")
    del lines  # as large as the file
    if not whole:
        problem = f"the file breaks off after {len(raw)} rows: its last line has no end"
        if raw and len(_cells(raw[-1]) or ()) < len(columns):
            raw.pop()
    elif raw and raw[-1].count(b'"') % 2:
        raw.pop()
        problem = f"the file breaks off after {len(raw)} rows: within a quoted value"
    start = header if header.endswith(b"\n") else header + b"\n"
    return list(_with_reinstatements(start, columns, raw)), problem


def read_table(source: str, native_id: str, payload: bytes) -> list[dict[str, str]]:
    """The rows of a payload by column, the row itself first.

    Raises:
        RecordRejected: `malformed`, a row has not the columns of the table.
    """
    header, *lines = _lines(payload) or [b""]
    columns = _columns(header)
    tables = [_named(columns, row) for row in _raw_rows(lines, len(columns))]
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


def _lines(body: bytes) -> list[bytes]:
    """Lines with their ends; a carriage return alone, which not every writer quotes, ends none."""
    return io.BytesIO(body).readlines()


def _raw_rows(lines: Sequence[bytes], width: int) -> Iterator[bytes]:
    """Rows as they came; a row goes on while a quotation mark is open."""
    at = 0
    while at < len(lines):
        end = _row_end(lines, at, width)
        row = b"".join(lines[at:end])
        at = end
        if row.strip():
            yield row


def _row_end(lines: Sequence[bytes], at: int, width: int) -> int:
    """Where the row that begins `at` ends; a stray quotation mark costs its own row, and no other."""
    end, size, quotes = at, 0, 0
    while end < len(lines):
        size, quotes = size + len(lines[end]), quotes + lines[end].count(b'"')
        end += 1
        if not quotes % 2 or end - at > _MOST_LINES or size > _LONGEST:
            break
    if end == at + 1:
        return end
    swallowed = any(line.count(b",") >= width - 1 and _ID.match(line) for line in lines[at + 1 : end])
    if quotes % 2 and end == len(lines):
        return at + 1 if swallowed else end
    return at + 1 if quotes % 2 or len(_cells(b"".join(lines[at:end])) or ()) < width else end


def _with_reinstatements(header: bytes, columns: Sequence[str], raw: Sequence[bytes]) -> Iterator[Row]:
    """Rows as tables of their own; a retraction with the reinstatements of the same paper."""
    facts = [_facts(_named(columns, row)) for row in raw]
    back: dict[str, list[int]] = defaultdict(list)
    for number, (nature, papers) in enumerate(facts):
        for key in papers if nature == _REINSTATEMENT else ():
            back[key].append(number)
    for row, (nature, papers) in zip(raw, facts, strict=True):
        known = papers if nature == _RETRACTION else ()
        numbers = {number for key in known for number in back.get(key, ())}
        found = _ID.match(row)
        whole = b"".join(map(_ended, (row, *(raw[number] for number in sorted(numbers)))))
        yield Row(found[1].decode() if found else "", header + whole)


def _facts(table: dict[str, str] | None) -> tuple[str, tuple[str, ...]]:
    return (_nature(table), tuple(_papers(table))) if table else ("", ())


def _ended(row: bytes) -> bytes:
    return row if row.endswith(b"\n") else row + b"\n"


def _papers(table: dict[str, str]) -> Iterator[str]:
    doi = table.get("OriginalPaperDOI", "").strip().lower()
    pmid = table.get("OriginalPaperPubMedID", "").strip()
    if doi.startswith("10."):
        yield f"doi:{doi}"
    if pmid.strip("0"):
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
