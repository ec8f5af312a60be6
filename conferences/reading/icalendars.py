"""iCalendar files and feeds (RFC 5545), with recurrences that end."""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]

from conferences.reading.drafts import (
    Found,
    Reading,
    Refused,
    checked_days,
    collect,
    is_online,
    line,
    paragraph,
    titled,
    web_address,
)
from conferences.reading.moments import to_moment
from conferences.reading.places import is_no_more_than, to_city, to_country
from conferences.reading.sieve import Block, Sieved, sieve
from conferences.reading.zones import certain_name, named, offset_of, with_names
from domain.errors import UnreadableListing
from domain.listing import Attendance, Edition, Moment, Venue

OCCURRENCES = 500
"""Of one event."""
YEARS = 2
"""For which occurrences are told."""
_SECONDS = 3.0  # of computing, for a whole file
_TIMES = ("DTSTART", "DTEND", "RDATE", "EXDATE", "RECURRENCE-ID")
_REPEATING = ("RRULE", "RDATE")
_FINE = re.compile(r"FREQ=(?:SECONDLY|MINUTELY|HOURLY)|BYHOUR|BYMINUTE|BYSECOND|INTERVAL=0*(?:$|[;,])")
# Such rules may match no day at all, and the search for one goes on to the year 9999.
_EMPTY = re.compile(r"BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYSETPOS")
_OFTEN = re.compile(r"FREQ=(?:DAILY|WEEKLY)")
_DATES = 1000


def read_icalendar(body: bytes, url: str, now: datetime) -> Reading:
    """The events of an iCalendar file.

    Raises:
        UnreadableListing: it is none, or holds no event.
    """
    sieved = sieve(_decoded(body))
    if not sieved.calendars and not sieved.events:
        raise UnreadableListing("this is not an iCalendar file", "no-calendar")
    if not sieved.events:
        raise UnreadableListing("this calendar holds no event", "no-event")
    names, own = named(sieved.zones)
    reader = _Reader(sieved, names, own, url, now)
    groups: dict[str, list[Block]] = defaultdict(list)
    for number, event in enumerate(sieved.events):
        groups[event.value("UID").strip() or f"?{number}"].append(event)
    return collect("icalendar", [partial(reader.read, uid, events) for uid, events in groups.items()])


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace").replace("\0", "")


class _Reader:
    """Reads the events of one file."""

    def __init__(
        self, sieved: Sieved, names: dict[str, str], own: dict[str, Block], url: str, now: datetime
    ) -> None:
        self.names, self.own, self.url, self.now = names, own, url, now
        self.zone = certain_name(sieved.zone)
        self.until = time.thread_time() + _SECONDS

    def read(self, uid: str, events: list[Block]) -> Iterator[Found]:
        """The drafts of an event: one, or one for each occurrence. Raises `Refused`, `InvalidDate`."""
        name = line(next((told for event in events if (told := event.value("SUMMARY"))), "") or uid)
        if time.thread_time() > self.until:
            raise Refused("too-much-work", name)
        if any(event.value("CLASS").strip().upper() in {"PRIVATE", "CONFIDENTIAL"} for event in events):
            raise Refused("private", name)
        repeats = any(event.value(rule) for event in events for rule in _REPEATING)
        for event in events:
            _vet(event, name)
        calendar, zones = self._parsed(events, name)
        if not repeats and len(events) == 1:
            yield self._found(calendar.walk("VEVENT")[0], uid, zones, repeated=False)
            return
        for component in self._occurrences(calendar, name):
            yield self._found(component, uid, zones, repeated=True)

    def _parsed(self, events: list[Block], name: str) -> tuple[icalendar.Calendar, set[str]]:
        zones: set[str] = set()
        lines = ["BEGIN:VCALENDAR"]
        for event in events:
            lines.append("BEGIN:VEVENT")
            for written in event.lines:
                if written.startswith(_TIMES):
                    written, own = with_names(written, self.names)
                    zones |= {own} - {""}
                elif written.startswith("RRULE"):
                    written = written.replace(" ", "")  # as Exchange writes lists of days
                lines.append(written)
            lines.append("END:VEVENT")
        if unknown := zones - self.own.keys():
            raise Refused("zone-unknown", f"{name}: {', '.join(sorted(unknown))[:80]}")
        for zone in zones:
            lines += ["BEGIN:VTIMEZONE", *self.own[zone].lines, "END:VTIMEZONE"]
        try:
            calendar = icalendar.Calendar.from_ical("\r\n".join([*lines, "END:VCALENDAR", ""]))
            assert isinstance(calendar, icalendar.Calendar)
        except Exception as error:  # its errors on hostile input are of many kinds
            raise Refused("syntax", name) from error
        broken = {key for part in calendar.walk("VEVENT") for key, _ in part.errors}
        if broken & {*_TIMES, *_REPEATING, "DURATION"}:
            raise Refused("date", name)
        return calendar, zones

    def _occurrences(self, calendar: icalendar.Calendar, name: str) -> list[icalendar.Component]:
        """Those of two years: from now on, or of a series that is over its first two."""
        try:
            firsts = [told for part in calendar.walk("VEVENT") if (told := _time(part, "DTSTART"))]
            if not firsts:
                raise Refused("no-start", name)
            first = min(map(_instant, firsts))
            query = recurring_ical_events.of(calendar)
            for start in (max(first, self.now - timedelta(days=1)), first):
                if found := query.between(start, start + timedelta(days=365 * YEARS)):
                    break
        except Refused:
            raise
        except Exception as error:  # as above
            raise Refused("recurrence", name) from error
        return sorted(found, key=lambda part: _instant(_time(part, "DTSTART") or date.max))[:OCCURRENCES]

    def _found(self, part: icalendar.Component, uid: str, zones: set[str], *, repeated: bool) -> Found:
        title = titled(str(part.get("SUMMARY", "")))
        place = line(str(part.get("LOCATION", "")))
        country = to_country(place)
        city = to_city(country, place)
        starts, ends = _span(part, partial(self._moment, country=country, city=city, zones=zones))
        starts, ends = checked_days(title, starts, ends)
        online = is_online(place)
        link = web_address(str(part.get("URL", ""))) or (web_address(place) if online else "") or self.url
        edition = Edition(
            id="",
            series="",
            slug=starts.at[:4],
            title=title,
            starts=starts,
            ends=ends,
            summary=paragraph(str(part.get("DESCRIPTION", ""))),
            url=link,
            attendance=Attendance.ONLINE if online else Attendance.ON_SITE,
            venue=Venue() if online else _venue(part, country, city, place),
            contact=line(str(part.get("CONTACT", ""))),
            cancelled=str(part.get("STATUS", "")).upper() == "CANCELLED",
        )
        return Found(f"{uid}#{starts.at}" if repeated else uid, edition)

    def _moment(self, value: date, *, country: str, city: str, zones: set[str]) -> Moment:
        if isinstance(value, datetime):
            if value.tzinfo is None and self.zone and not zones:
                return Moment(value.isoformat(timespec="minutes")[:16], self.zone)
            if zones and not getattr(value.tzinfo, "key", "") and value.tzinfo is not UTC:
                value = next(
                    (told for zone in sorted(zones) if (told := offset_of(_local(value), self.own[zone]))),
                    value,
                )
        elif self.zone:
            return Moment(value.isoformat(), self.zone)
        return to_moment(value, country, city)


def _local(value: datetime) -> datetime:
    return value.replace(tzinfo=None)


def _time(part: icalendar.Component, name: str) -> date | None:
    """A day or a time (which is a day, too). Raises `Refused` where it is neither, or there are two."""
    value: Any = part.get(name)
    told = getattr(value, "dt", value)
    if told is not None and not isinstance(told, date):
        raise Refused("date", _title(part))
    return told


def _title(part: icalendar.Component) -> str:
    return str(part.get("SUMMARY", ""))[:200]


def _span(part: icalendar.Component, moment: Callable[[date], Moment]) -> tuple[Moment, Moment | None]:
    """Beginning and end; a last day, where the file gives the day after it."""
    start, end = _time(part, "DTSTART"), _time(part, "DTEND")
    if start is None:
        raise Refused("no-start", _title(part))
    duration: Any = getattr(part.get("DURATION"), "dt", None)
    try:
        if end is None and isinstance(duration, timedelta):
            end = start + duration
    except OverflowError as error:
        raise Refused("date", _title(part)) from error
    if end is not None and not isinstance(end, datetime) and end > _day(start):
        end -= timedelta(days=1)
    return moment(start), moment(end) if end is not None else None


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _instant(value: date) -> datetime:
    whole = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    return whole if whole.tzinfo else whole.replace(tzinfo=UTC)


def _vet(event: Block, name: str) -> None:
    """Refuse rules that tell of more than days, or that search without finding. Raises `Refused`."""
    rules = [rule.upper() for rule in event.values("RRULE")]
    for rule in rules:
        if (
            len(rules) > 3
            or len(rule) > 500
            or _FINE.search(rule)
            or (_OFTEN.search(rule) and _EMPTY.search(rule))
        ):
            raise Refused("recurrence", f"{name}: {rule[:80]}")
    if rules and event.value("DTSTART")[:4] < "1970":
        raise Refused("year", name)
    if sum(told.count(",") + 1 for key in ("RDATE", "EXDATE") for told in event.values(key)) > _DATES:
        raise Refused("recurrence", name)


def _venue(part: icalendar.Component, country: str, city: str, place: str) -> Venue:
    venue = Venue(country, city, "" if is_no_more_than(country, city, place) else place)
    try:
        geo: Any = part["GEO"]
        latitude, longitude = float(geo.latitude), float(geo.longitude)
    except (KeyError, ValueError, AttributeError):
        return venue
    on_earth = abs(latitude) <= 90 and abs(longitude) <= 180
    return replace(venue, latitude=latitude, longitude=longitude) if on_earth else venue
