"""DOAJ, the Directory of Open Access Journals: its search of articles (API v4) and its public data dump.

The search gives no more than 1,000 records of a list (`DISCOVERY_MAX_RECORDS_SIZE` in DOAJ's own
portality/settings.py; a page that begins beyond is refused with 400) and takes neither wildcards nor fuzzy
words. So the time of the last change is walked through in slices, which are halved until one fits. A record
that changes while we harvest moves to a later slice and is met again; those behind it move up, so a slice of
which the total changes is begun again. The dump is an archive of lists.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode

from crawler.fetching.days import check_days, parse_day
from crawler.fetching.page import Asked, Page, RequestRefused
from crawler.records.answers import Raw, decoded, key_names, raw_items, read_records, text
from crawler.records.json_lists import begins_list, buffered, list_members
from crawler.records.readings import json_record, named_fields, read_version, whole_number
from crawler.sources._doaj_record import to_fields
from domain.errors import ConfigError, SourceChanged
from domain.paper import Version
from domain.record import HarvestedRecord

SOURCE = "doaj"
MEDIA_TYPE = "application/json"

_MOST = 1000
_PAGE = 100
_BEGAN = datetime(2010, 1, 1, tzinfo=UTC)
"""Before any change that DOAJ's records tell of."""
_FIRST_SLICE = 64 * 86400
_SHORTEST, _LONGEST = 1, 4096 * 86400
_FEW = 300
_MOST_RESTARTS = 3
_SHRINKS = 0.01
"""The part of a slice that may move to a later one while it is walked through."""
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where we are: a page of the records changed in `seconds` from `start`."""

    start: datetime
    seconds: int = _FIRST_SLICE
    page: int = 1
    missing: int = 0
    """Records that were counted and did not come, in all pages before."""
    total: int = -1
    """How many records the slice had on the page before; -1 on the first."""
    most: int = 0
    """The highest of its totals."""
    restarts: int = 0

    @property
    def end(self) -> datetime:
        return _later(self.start, self.seconds)

    def __str__(self) -> str:
        numbers = self.seconds, self.page, self.missing, self.total, self.most, self.restarts
        return "/".join((self.start.strftime(_TIME), *map(str, numbers)))


def window(query: str, since: str | None, until: str | None) -> str:
    """`query`, with the days between which DOAJ last changed a record in front.

    Raises:
        ConfigError: a day is none, or `query` has what the search refuses.
    """
    check_days(since, until)
    if any(mark in query for mark in "*?~"):
        raise ConfigError("--query", "DOAJ takes neither wildcards (*, ?) nor fuzzy words (~)")
    return f"{since or ''}|{until or ''}|{query}"


def page_url(asked: Asked) -> str:
    """The address of the page that the cursor names."""
    place, query = _place(asked), asked.query.split("|", 2)[2]
    changed = f"last_updated:[{place.start.strftime(_TIME)} TO {place.end.strftime(_TIME)}}}"
    path = quote(f"({query}) AND {changed}" if query.strip() else changed, safe="")
    given = {"page": place.page, "pageSize": _PAGE, "sort": "last_updated:asc"}
    return f"{asked.base_url.rstrip('/')}/search/articles/{path}?{urlencode(given)}"


def fall_back(asked: Asked) -> str | None:
    """The first page of the same slice."""
    place = _place(asked)
    return str(replace(place, page=1, total=-1)) if place.page > 1 else None


def parse_page(body: bytes, fetched_at: datetime, asked: Asked | None = None) -> Page:
    """Read one answer of the search; each record keeps the bytes it came in."""
    answer = decoded(SOURCE, body, Raw)
    if "results" not in answer:
        _raise_error(answer)
    records = tuple(_record(raw, fetched_at) for raw in raw_items(SOURCE, answer.get("results")))
    total = whole_number(_value(answer.get("total")))
    if asked is None:
        return Page(records, None, total)
    if total is None:
        raise SourceChanged(SOURCE, "the answer does not say how many records there are")
    place, size = _place(asked), whole_number(_value(answer.get("pageSize"))) or _PAGE
    if records and whole_number(_value(answer.get("page"))) not in (None, place.page):
        raise SourceChanged(SOURCE, f"asked for page {place.page}, it gives another")
    return _page(records, total, size, place, asked, fetched_at)


def _page(
    records: tuple[HarvestedRecord, ...],
    total: int,
    size: int,
    place: _Place,
    asked: Asked,
    fetched_at: datetime,
) -> Page:
    if total > _MOST and place.seconds > _SHORTEST:
        return Page((), str(_Place(place.start, place.seconds // 2, missing=place.missing)), step=True)
    if len(records) > total:
        raise SourceChanged(SOURCE, f"a page of {len(records)} records from a list of {total}")
    place = replace(place, most=max(place.most, total))
    if place.total not in (-1, total) and place.restarts < _MOST_RESTARTS:
        again = replace(place, page=1, total=-1, restarts=place.restarts + 1)
        return Page((), str(again), step=True)
    before, within = (place.page - 1) * size, min(total, _MOST)
    due = max(0, min(size, within - before))
    if due and not records:
        raise SourceChanged(SOURCE, f"page {place.page} of {total} records is empty")
    missing = place.missing + max(0, due - len(records))
    if before + size < within:
        return Page(
            records, str(replace(place, page=place.page + 1, missing=missing, total=total)), step=True
        )
    gone = place.most - total
    missing += total - within + (gone if gone > max(1, _SHRINKS * place.most) else 0)
    doubt = f"{missing} records were counted that DOAJ did not give" if missing else ""
    until = _until(asked)
    if place.end >= min(until, fetched_at):
        return Page(records, None, step=True, doubt=doubt)
    # The last slice reaches beyond now, so that it stays the last however long the answer takes.
    seconds = min(place.seconds * 4, _LONGEST) if total < _FEW else place.seconds
    seconds = max(1, min(seconds, int((until - place.end).total_seconds())))
    return Page(records, str(_Place(place.end, seconds, missing=missing)), step=True, doubt=doubt)


def _place(asked: Asked) -> _Place:
    if asked.cursor is None:
        since = parse_day(asked.query.split("|", 2)[0])
        start = datetime(since.year, since.month, since.day, tzinfo=UTC) if since else _BEGAN
        return _Place(start, max(1, min(_FIRST_SLICE, int((_until(asked) - start).total_seconds()))))
    start_text, *numbers = asked.cursor.split("/")
    return _Place(datetime.strptime(start_text, _TIME).replace(tzinfo=UTC), *map(int, numbers))


def _until(asked: Asked) -> datetime:
    """The moment after the last one that is asked for."""
    day = parse_day(asked.query.split("|", 2)[1])
    latest = datetime(9999, 1, 1, tzinfo=UTC)
    return _later(min(datetime(day.year, day.month, day.day, tzinfo=UTC), latest), 86400) if day else latest


def _later(moment: datetime, seconds: int) -> datetime:
    return moment + timedelta(seconds=seconds) if moment.year < 9980 else moment + timedelta(days=1)


def recognises(head: bytes) -> bool:
    """Whether a file begins as a saved answer, a part of the dump, or JSON Lines of articles do."""
    return "bibjson" in key_names(head)


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The records of a saved answer, of a part of the dump, or of JSON Lines.

    Raises:
        SourceChanged: it is none of these, or breaks off.
    """
    ahead = buffered(stream)
    if begins_list(ahead):
        yield from (_record(raw, fetched_at) for raw in list_members(SOURCE, ahead))
        return
    yield from read_records(
        SOURCE,
        ahead,
        fetched_at,
        is_answer=lambda answer: "results" in answer,
        parse_answer=parse_page,
        to_record=_record,
    )


def to_version(record: HarvestedRecord) -> Version:
    """Read an article, tolerant of whatever else is in it.

    Raises:
        RecordRejected: `malformed`, `no-title` or `not-a-paper` (a journal).
    """
    return read_version(record, to_fields)


def _record(payload: bytes, fetched_at: datetime) -> HarvestedRecord:
    found = named_fields(payload, "id", "last_updated")
    return json_record(SOURCE, text(found.get("id")), payload, fetched_at, text(found.get("last_updated")))


def _raise_error(answer: Raw) -> None:
    """DOAJ's own error message, `{"status": "bad_request", "error": "…"}`."""
    if "error" in answer:
        raise RequestRefused(SOURCE, 400, text(_value(answer["error"])) or "no reason given")
    raise SourceChanged(SOURCE, "the answer holds no list of results")


def _value(raw: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    return None if raw is None else decoded(SOURCE, bytes(raw))
