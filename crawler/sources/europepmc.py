"""Europe PMC: the core records of its RESTful search (Articles RESTful API, version 6.9).

Lists are paged by `cursorMark`; the last page carries no `nextCursorMark` (before 6.6, the same one).
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, BinaryIO
from urllib.parse import urlencode

import msgspec

from crawler.page import Page, RequestRefused
from crawler.sources._europepmc_record import to_fields
from domain.errors import ConfigError, FindingsError, RecordRejected, SourceChanged
from domain.paper import Version
from domain.record import HarvestedRecord

SOURCE = "europepmc"
MEDIA_TYPE = "application/json"

_BOM = b"\xef\xbb\xbf"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EARLIEST, _LATEST = "1500-01-01", "3000-12-31"
_Raw = dict[str, msgspec.Raw]


class _Key(msgspec.Struct):
    """The two fields that name a record, and when it was last changed."""

    id: str | int
    source: str
    revised: Any = msgspec.field(default=None, name="dateOfRevision")


def window(query: str, since: str | None, until: str | None) -> str:
    """`query`, limited to records that Europe PMC updated between two days, both included.

    By date of update, not of first indexing: a retraction or a new licence changes an old record.
    """
    for name, day in (("--since", since), ("--until", until)):
        if day is not None and not _is_day(day):
            raise ConfigError(name, f"{day!r} is not a day like 2024-03-06")
    if since is None and until is None:
        return query
    return f"({query}) AND UPDATE_DATE:[{since or _EARLIEST} TO {until or _LATEST}]"


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def page_url(base_url: str, query: str, cursor: str | None, size: int) -> str:
    """The address of the page that begins at `cursor`."""
    asked = {"query": query, "resultType": "core", "format": "json", "cursorMark": cursor or "*"}
    return f"{base_url.rstrip('/')}/search?{urlencode(asked | {'pageSize': str(min(size, 1000))})}"


def parse_page(body: bytes, fetched_at: datetime) -> Page:
    """Read one answer of the search; each record keeps the bytes it came in."""
    answer = _decoded(body, _Raw)
    if "resultList" not in answer and "result" not in answer:
        _raise_error(answer)
    total = _value(answer.get("hitCount"))
    cursor = _value(answer.get("nextCursorMark"))
    return Page(
        records=tuple(_record(raw, fetched_at) for raw in _results(answer)),
        next_cursor=cursor if isinstance(cursor, str) and cursor else None,
        total=int(total) if str(total).isdecimal() else None,
    )


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The records of a saved answer, or of JSON Lines with one core record each.

    Raises:
        SourceChanged: it is neither.
    """
    first = stream.readline().removeprefix(_BOM).strip()
    if not _stands_alone(first):
        yield from parse_page(first + b"\n" + stream.read(), fetched_at).records
        return
    yield _record(first, fetched_at)
    for line in map(bytes.strip, stream):
        if line:
            yield _record(line, fetched_at)


def _stands_alone(line: bytes) -> bool:
    """Whether a line is a record by itself."""
    try:
        one = msgspec.json.decode(line, type=_Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return not one.keys() & {"resultList", "result", "errCode"}


def to_version(record: HarvestedRecord) -> Version:
    """Read a core record (a lite one as far as it goes), tolerant of whatever else is in it.

    Raises:
        RecordRejected: `malformed`, `not-a-paper` (patents) or `no-title`.
    """
    try:
        fields = msgspec.json.decode(record.payload, type=dict[str, Any])
        if str(fields.get("source")).upper() == "PAT":
            raise RecordRejected(SOURCE, record.native_id, "not-a-paper", "a patent")
        values = to_fields(fields)
    except FindingsError:
        raise
    except (msgspec.DecodeError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise RecordRejected(SOURCE, record.native_id, "malformed", str(error)[:200]) from error
    if not values["title"]:
        raise RecordRejected(SOURCE, record.native_id, "no-title")
    return Version(**values)


def _results(answer: _Raw) -> list[bytes]:
    """The raw records; a single object counts as a list of one."""
    if "resultList" in answer:
        held = answer["resultList"]
        answer = {} if bytes(held).strip() == b"null" else _decoded(bytes(held), _Raw)
    raw = bytes(answer.get("result", b"[]")).strip()
    if raw == b"null":
        return []
    if raw.startswith(b"["):
        return [bytes(one) for one in _decoded(raw, list[msgspec.Raw])]
    return [raw]


def _record(payload: bytes, fetched_at: datetime) -> HarvestedRecord:
    revised = None
    try:
        key = msgspec.json.decode(payload, type=_Key)
        revised = key.revised if isinstance(key.revised, str) and _is_day(key.revised) else None
        native_id = f"{key.source}:{key.id}"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        native_id = f"sha256:{hashlib.sha256(payload).hexdigest()[:32]}"
    return HarvestedRecord(SOURCE, native_id, fetched_at, MEDIA_TYPE, payload, revised=revised)


def _raise_error(answer: Mapping[str, msgspec.Raw]) -> None:
    """Europe PMC's own error message, which may come with any HTTP status, 200 included."""
    code, message = _value(answer.get("errCode")), _value(answer.get("errMsg"))
    if str(code).isdecimal():
        raise RequestRefused(SOURCE, int(str(code)), str(message or "no reason given"))
    raise SourceChanged(SOURCE, "the answer holds no list of results")


def _value(raw: msgspec.Raw | None) -> Any:  # noqa: ANN401 - whatever JSON holds
    return None if raw is None else _decoded(bytes(raw), Any)


def _decoded(body: bytes, form: Any) -> Any:  # noqa: ANN401 - a type, as msgspec takes it
    try:
        return msgspec.json.decode(body.removeprefix(_BOM), type=form)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        start = body[:40].decode("utf-8", "replace")
        raise SourceChanged(
            SOURCE, f"the answer is not the JSON we know: {error}; it begins {start!r}"
        ) from error
