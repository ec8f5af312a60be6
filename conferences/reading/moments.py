"""Days and times as others write them, turned into `Moment`s whose instant is kept right."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from conferences.reading.places import to_zone_name
from domain.errors import InvalidDate
from domain.listing import Moment

_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:\d\d)?(Z)?)?")
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d?):(\d\d)(?::\d\d(?:[.,]\d{1,9})?)?\s?(Z|UTC|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
_WORDS = ("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%d.%m.%Y", "%Y/%m/%d")
_EXCEL = re.compile(r"\d{5}(?:\.\d{1,12})?")
_FIRST_EXCEL = date(1899, 12, 30)


@cache
def zone_names() -> frozenset[str]:
    """The names of the time zone database."""
    return frozenset(available_timezones())


def to_moment(value: date | datetime, country: str = "", city: str = "") -> Moment:
    """The moment of a day or a time.

    A time with a bare offset gets the zone of its place where the two agree, else one of that offset. A time
    without any means that of its place; where the place does not tell its zone, the day is what is certain.
    """
    place = to_zone_name(country, city)
    if not isinstance(value, datetime):
        return Moment(value.isoformat(), place or "UTC")
    if value.tzinfo is None:
        return Moment(_written(value), place) if place else Moment(value.date().isoformat(), "UTC")
    name = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else ""
    if name in zone_names() and name != "UTC":
        return Moment(_written(value), name)
    return _of_offset(value, place)


def _of_offset(value: datetime, place: str) -> Moment:
    offset = value.utcoffset() or timedelta()
    if place:
        there = value.astimezone(ZoneInfo(place))
        if there.utcoffset() == offset or not offset:
            return Moment(_written(there), place)
    hours = offset / timedelta(hours=1)
    if offset and hours == int(hours) and -12 <= hours <= 14:
        return Moment(_written(value), f"Etc/GMT{-int(hours):+d}")  # its signs are the other way round
    return Moment(_written(value.astimezone(UTC)), "UTC")


def _written(value: datetime) -> str:
    return value.replace(tzinfo=None).isoformat(timespec="minutes")


def parse_moment(text: object, country: str = "", city: str = "", zone: str = "") -> Moment | None:
    """The moment that a text tells, None for an empty one; `zone` is that of a time without its own.

    Raises:
        InvalidDate: the text tells none.
    """
    told = str(text).strip() if isinstance(text, str | int | float) else ""
    if not told:
        return None
    if len(told) > 60:
        raise InvalidDate(told[:60])
    try:
        value = _parsed(told)
        if isinstance(value, datetime) and value.tzinfo is None and zone in zone_names():
            value = value.replace(tzinfo=ZoneInfo(zone))
        elif not isinstance(value, datetime) and zone in zone_names():
            return Moment(value.isoformat(), zone)
        return to_moment(value, country, city)
    except (ValueError, OverflowError) as error:
        raise InvalidDate(told[:100]) from error


def _parsed(told: str) -> date | datetime:
    if match := _COMPACT.fullmatch(told):
        year, month, day, hour, minute, utc = match.groups()
        if hour is None:
            return date(int(year), int(month), int(day))
        zone = UTC if utc else None
        return datetime(int(year), int(month), int(day), int(hour), int(minute), tzinfo=zone)
    if match := _ISO.fullmatch(told):
        day, hour, minute, offset = match.groups()
        if hour is None:
            return date.fromisoformat(day)
        return datetime.fromisoformat(f"{day}T{int(hour):02}:{minute}").replace(tzinfo=_offset(offset))
    if _EXCEL.fullmatch(told):
        return _FIRST_EXCEL + timedelta(days=int(float(told)))
    plain = " ".join(re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|,", " ", told).split())
    for form in _WORDS:
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            continue
    raise ValueError(told)


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.upper() in {"Z", "UTC"}:
        return UTC
    sign = -1 if text[0] == "-" else 1
    figures = text[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(figures[:2]), minutes=int(figures[2:])))
