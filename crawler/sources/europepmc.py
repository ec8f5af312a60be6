"""Europe PMC: the core records of its RESTful search (Articles RESTful API, version 6.9).

Lists are paged by `cursorMark`; the last page carries no `nextCursorMark` (before 6.6, the same one). What a
record says of another's standing becomes a record of its own, `<id>#<key of the other>`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import urlencode

import msgspec

from crawler.fetching.days import check_days, parse_day
from crawler.fetching.page import Asked, Page, RequestRefused
from crawler.records.answers import Raw, decoded, hashed_id, key_names, raw_items, read_records, top_keys
from crawler.sources._europepmc_notices import told
from crawler.sources._europepmc_record import own_key, to_fields
from crawler.telling.notices import companion
from domain.errors import FindingsError, RecordRejected, SourceChanged
from domain.paper import Version
from domain.record import HarvestedRecord

SOURCE = "europepmc"
MEDIA_TYPE = "application/json"

_EARLIEST, _LATEST = "1500-01-01", "3000-12-31"
_TELLING = re.compile(rb'"[A-Za-z ]{3,40} ?(?:of|for|from)"', re.IGNORECASE)
"""How Europe PMC names what one record says of another."""
_TELLING_ENDS = (b'of"', b'for"', b'from"')
_OWN_KEYS = {"abstractText", "authorString"}
"""Keys that Europe PMC gives its records, and hardly anyone else."""
_NO_PAPERS = {"PAT": "a patent", "ETH": "a thesis"}
"""What sources behind Europe PMC hold that have no papers: EThOS has theses of British universities."""


class _Key(msgspec.Struct):
    """The two fields that name a record, and when it was last changed."""

    id: str | int
    source: str
    revised: Any = msgspec.field(default=None, name="dateOfRevision")


def window(query: str, since: str | None, until: str | None) -> str:
    """`query`, limited to records that Europe PMC updated between two days, both included.

    By date of update, not of first indexing: a retraction or a new licence changes an old record.
    """
    check_days(since, until)
    if since is None and until is None:
        return query
    return f"({query}) AND UPDATE_DATE:[{since or _EARLIEST} TO {until or _LATEST}]"


def page_url(asked: Asked) -> str:
    """The address of the page that begins at the cursor."""
    given = {
        "query": asked.query,
        "resultType": "core",
        "format": "json",
        "cursorMark": asked.cursor or "*",
        "pageSize": str(min(asked.size, 1000)),
    }
    return f"{asked.base_url.rstrip('/')}/search?{urlencode(given)}"


def parse_page(body: bytes, fetched_at: datetime, asked: Asked | None = None) -> Page:
    """Read one answer of the search; each record keeps the bytes it came in."""
    answer = decoded(SOURCE, body, Raw)
    if answer.keys().isdisjoint({"resultList", "result"}):
        _raise_error(answer)
    held = answer.get("resultList")
    answer |= decoded(SOURCE, bytes(held), Raw) if held and bytes(held).strip() != b"null" else {}
    total, cursor = _value(answer.get("hitCount")), _value(answer.get("nextCursorMark"))
    own = tuple(_record(raw, fetched_at) for raw in raw_items(SOURCE, answer.get("result")))
    return Page(
        records=own if asked is None else tuple(one for record in own for one in _expanded(record)),
        count=len(own),
        next_cursor=cursor if isinstance(cursor, str) and cursor else None,
        total=int(total) if str(total).isdecimal() else None,
    )


def recognises(head: bytes) -> bool:
    """Whether a file begins as a saved answer does, or as JSON Lines with one core record each."""
    names = key_names(head)
    return "resultList" in names or {"id", "source"} <= top_keys(head) or not names.isdisjoint(_OWN_KEYS)


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The records of a saved answer, or of JSON Lines with one core record each.

    Raises:
        SourceChanged: it is neither.
    """
    for record in read_records(
        SOURCE, stream, fetched_at, is_answer=_is_answer, parse_answer=parse_page, to_record=_record
    ):
        yield from _expanded(record)


def _is_answer(answer: Raw) -> bool:
    return not answer.keys().isdisjoint({"resultList", "result", "errCode"})


def to_version(record: HarvestedRecord) -> Version:
    """Read a core record (a lite one as far as it goes), tolerant of whatever else is in it.

    Raises:
        RecordRejected: `malformed`, `not-a-paper` (patents, theses and notices) or `no-title`.
    """
    try:
        fields = msgspec.json.decode(record.payload, type=dict[str, Any])
        if other := _NO_PAPERS.get(str(fields.get("source")).upper()):
            raise RecordRejected(SOURCE, record.native_id, "not-a-paper", other)
        target = record.native_id.partition("#")[2]
        if target and (said := told(fields, own_key(fields)).get(target)):
            return companion(target, said)
        values = to_fields(fields)
    except FindingsError:
        raise
    except (msgspec.DecodeError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise RecordRejected(SOURCE, record.native_id, "malformed", str(error)[:200]) from error
    if not values["title"]:
        raise RecordRejected(SOURCE, record.native_id, "no-title")
    return Version(**values)


def _record(payload: bytes, fetched_at: datetime) -> HarvestedRecord:
    revised = None
    try:
        key = msgspec.json.decode(payload, type=_Key)
        revised = key.revised if isinstance(key.revised, str) and parse_day(key.revised) else None
        native_id = f"{key.source}:{key.id}"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        native_id = hashed_id(payload)
    return HarvestedRecord(SOURCE, native_id, fetched_at, MEDIA_TYPE, payload, revised=revised)


def _expanded(record: HarvestedRecord) -> Iterator[HarvestedRecord]:
    """A record, and one more for each other paper whose standing it tells of."""
    yield record
    lowered = record.payload.lower()  # hardly any record has such an end, which is found sooner than its name
    if not (any(end in lowered for end in _TELLING_ENDS) and _TELLING.search(record.payload)):
        return
    try:
        found = msgspec.json.decode(record.payload, type=dict[str, Any])
        keys = tuple(told(found, own_key(found)))
    except (msgspec.DecodeError, ValueError, TypeError, AttributeError, RecursionError):
        return  # the record itself will be rejected for it
    for key in keys:
        yield replace(record, native_id=f"{record.native_id}#{key}")


def _raise_error(answer: Raw) -> None:
    """Europe PMC's own error message, which may come with any HTTP status, 200 included."""
    code, message = _value(answer.get("errCode")), _value(answer.get("errMsg"))
    if str(code).isdecimal():
        raise RequestRefused(SOURCE, int(str(code)), str(message or "no reason given"))
    raise SourceChanged(SOURCE, "the answer holds no list of results")


def _value(raw: msgspec.Raw | None) -> Any:  # noqa: ANN401 - whatever JSON holds
    return None if raw is None else decoded(SOURCE, bytes(raw))
