"""bioRxiv and medRxiv: the details of preprints by the days on which they were posted.

The interface (https://api.biorxiv.org/details/help) has no search, only days, an offset and a category, so
the days are taken in slices: a month of bioRxiv is some 6,000 preprints in no particular order, and an offset
deep in a list that grows skips records. How many come at once is the server's choice (100 by its help page,
30 as others saw in 2026), so the next offset is what came, never what was asked. Its totals have exceeded
what it gives (ropensci/medrxivr issue 19), and nothing where something should be may be a fault: there we ask
twice, and what is missing is told at the end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import BinaryIO
from urllib.parse import urlencode

from crawler.fetching.days import check_days, parse_day
from crawler.fetching.page import Asked, Page
from crawler.records.answers import Raw, decoded, fields, items, key_names, raw_items, read_records, text
from crawler.records.readings import json_record, named_fields, read_version, whole_number
from crawler.sources._biorxiv_record import is_withdrawn, to_fields
from domain.errors import ConfigError, SourceChanged
from domain.identifiers import normalise_doi
from domain.paper import Version
from domain.record import HarvestedRecord

SOURCE = "biorxiv"
MEDIA_TYPE = "application/json"

_OPENED = {"biorxiv": date(2013, 11, 1), "medrxiv": date(2019, 6, 1)}
_FIRST_SLICE, _LONGEST_SLICE = 7, 1024
_FEW, _MANY, _TOO_MANY = 500, 3000, 6000
_CATEGORY = re.compile(r"category:\s*([A-Za-z][A-Za-z _,&-]{1,60})")
_OWN_KEYS = {"jatsxml", "author_corresponding", "author_corresponding_institution"}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where we are: `offset` in the list of `days` days from `start`."""

    start: date
    days: int = _FIRST_SLICE
    offset: int = 0
    announced: int = 0
    missing: int = 0
    """Records that were announced and did not come, in all slices before."""
    doubted: bool = False
    """Nothing came at all, and we ask once more."""

    @property
    def end(self) -> date:
        return _later(self.start, self.days - 1)

    def __str__(self) -> str:
        numbers = (self.days, self.offset, self.announced, self.missing, int(self.doubted))
        return "/".join((self.start.isoformat(), *map(str, numbers)))


def window(query: str, since: str | None, until: str | None) -> str:
    """Days and category as one string; `query` is empty or `category:` and a subject of the server.

    By day of posting of each version, so a withdrawal is found and a link to a later article is not.
    """
    check_days(since, until)
    category = _CATEGORY.fullmatch(query.strip())
    if query.strip() and not category:
        raise ConfigError(
            "--query", "bioRxiv and medRxiv have no search: give none, or category:cancer biology"
        )
    return "|".join((since or "", until or "", category[1].strip() if category else ""))


def page_url(asked: Asked) -> str:
    """The address of what begins at the cursor."""
    place = _place(asked)
    category = asked.query.split("|")[2]
    chosen = f"?{urlencode({'category': category})}" if category else ""
    path = f"details/{asked.source}/{place.start}/{place.end}/{place.offset}/json"
    return f"{asked.base_url.rstrip('/')}/{path}{chosen}"


def fall_back(asked: Asked) -> str | None:
    """The beginning of the same slice of days."""
    place = _place(asked)
    return str(replace(place, offset=0, announced=0, doubted=False)) if place.offset else None


def parse_page(body: bytes, fetched_at: datetime, asked: Asked | None = None) -> Page:
    """Read one answer; each record keeps the bytes it came in."""
    source = asked.source if asked else SOURCE
    answer = decoded(source, body, Raw)
    if "messages" not in answer:
        raise SourceChanged(source, "the answer holds no messages")
    message = fields(next(iter(items(decoded(source, bytes(answer["messages"])))), None))
    status = text(message.get("status")).casefold()
    # Anything else is a fault of the server's own, such as a database that it could not reach.
    if status != "ok" and not status.startswith("no posts"):
        raise SourceChanged(source, f"the answer says {text(message.get('status'))[:200]!r}")
    raws = raw_items(source, answer.get("collection")) if status == "ok" else []
    records = tuple(_record(raw, fetched_at, asked) for raw in raws)
    if asked is None:
        return Page(records, None)
    place = _place(asked)
    if records and whole_number(message.get("cursor")) not in (None, place.offset):
        raise SourceChanged(
            source, f"asked from {place.offset}, it answers from {message.get('cursor')!r:.20}"
        )
    return _page(records, whole_number(message.get("total")), place, asked, fetched_at)


def _page(
    records: tuple[HarvestedRecord, ...], total: int | None, place: _Place, asked: Asked, fetched_at: datetime
) -> Page:
    came = place.offset + len(records)
    if not place.offset and (total or 0) > _TOO_MANY and place.days > 1:
        return Page((), str(replace(place, days=place.days // 2, doubted=False)), step=True)
    if records and (total is None or came != total):  # more than all: what it says is no end
        following = replace(place, offset=came, announced=max(total or 0, place.announced), doubted=False)
        return Page(records, str(following), step=True)
    announced = max(total or 0, place.announced)
    if not records and not place.doubted and (came < announced or not came):
        return Page((), str(replace(place, doubted=True)), step=True)
    missing = place.missing + max(0, announced - came)
    doubt = f"{missing} preprints were announced that did not come" if missing else ""
    start, last = _later(place.end, 1), min(_until(asked), fetched_at.date())
    if start > last:
        return Page(records, None, step=True, doubt=doubt)
    days = min(_next_days(place.days, came), (last - start).days + 1)
    return Page(records, str(_Place(start, days, missing=missing)), step=True, doubt=doubt)


def _later(day: date, days: int) -> date:
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def _until(asked: Asked) -> date:
    return parse_day(asked.query.split("|")[1]) or date.max


def _next_days(days: int, came: int) -> int:
    if came < _FEW:
        return min(days * 2, _LONGEST_SLICE)
    return max(days // 2, 1) if came > _MANY else days


def _place(asked: Asked) -> _Place:
    if asked.cursor is None:
        start = parse_day(asked.query.split("|")[0]) or _OPENED.get(asked.source, _OPENED[SOURCE])
        return _Place(start, max(1, min(_FIRST_SLICE, (_until(asked) - start).days + 1)))
    start_text, *numbers = asked.cursor.split("/")
    days, offset, announced, missing, doubted = map(int, numbers)
    return _Place(date.fromisoformat(start_text), days, offset, announced, missing, bool(doubted))


def recognises(head: bytes) -> bool:
    """Whether a file begins as a saved answer does, or as JSON Lines with one preprint each."""
    return not key_names(head).isdisjoint(_OWN_KEYS)


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The records of a saved answer, a list, or JSON Lines.

    Raises:
        SourceChanged: it is none of these.
    """
    return read_records(
        SOURCE,
        stream,
        fetched_at,
        is_answer=lambda answer: "messages" in answer or "collection" in answer,
        parse_answer=parse_page,
        to_record=_record,
    )


def to_version(record: HarvestedRecord) -> Version:
    """Read a preprint, tolerant of whatever else is in it.

    Raises:
        RecordRejected: `malformed` or `no-title`.
    """
    return read_version(record, to_fields)


def _record(payload: bytes, fetched_at: datetime, asked: Asked | None = None) -> HarvestedRecord:
    """A preprint under its DOI, of which only the latest version is kept.

    A withdrawal is kept beside it under an id of its own, as it has no abstract, and one of a preprint that
    we do not have is nothing to show.
    """
    found = named_fields(payload)
    doi = normalise_doi(text(found.get("doi"))) or ""
    server = text(found.get("server")).casefold()
    source = asked.source if asked else server if server in _OPENED else SOURCE
    native_id = f"{doi}#withdrawn" if doi and is_withdrawn(found) else doi
    return json_record(source, native_id, payload, fetched_at, text(found.get("date")))
