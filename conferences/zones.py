"""The clock of a zone as a VTIMEZONE (RFC 5545), each of its changes between two years written out.

Written here because the icalendar library (7.3) puts the start of summer time at the hour that the clock is
set to, not the one it is set from, and because vobject reads the first date of an RDATE alone.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from conferences.content_lines import folded

_KEPT = 1_024
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)
_Change = tuple[datetime, timedelta, timedelta]


@lru_cache(_KEPT)
def to_vtimezone(zone: str, first: int, last: int) -> bytes:
    """A VTIMEZONE for the times of the years from `first` to `last`."""
    clock = ZoneInfo(zone)
    begin = datetime(max(first - 1, 2), 1, 1, tzinfo=UTC)
    end = datetime(min(last + 1, 9998), 12, 31, tzinfo=UTC)
    rules = [(begin, _offset(begin, clock), _offset(begin, clock)), *_changes(begin, end, clock)]
    standard = min(after for _, _, after in rules)
    rows = [_rule(at, before, after, at.astimezone(clock).tzname(), standard) for at, before, after in rules]
    return f"BEGIN:VTIMEZONE\r\n{folded('TZID', zone)}{''.join(rows)}END:VTIMEZONE\r\n".encode()


def _changes(begin: datetime, end: datetime, clock: ZoneInfo) -> Iterator[_Change]:
    """When the clock changes, and what it is ahead of UTC before and after."""
    at = begin
    while at < end:
        before, after = _offset(at, clock), _offset(at + _DAY, clock)
        if before != after:
            yield _moment(at, at + _DAY, clock), before, after
        at += _DAY


def _moment(low: datetime, high: datetime, clock: ZoneInfo) -> datetime:
    """The minute of the change that lies between two instants."""
    before = _offset(low, clock)
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2
        middle -= timedelta(seconds=middle.second, microseconds=middle.microsecond)
        if middle <= low:
            break
        low, high = (middle, high) if _offset(middle, clock) == before else (low, middle)
    return high


def _rule(at: datetime, before: timedelta, after: timedelta, name: str | None, standard: timedelta) -> str:
    # Where winter is the "saving" (Ireland, Morocco), readers count its hours wrong if it bears that name.
    kind = "DAYLIGHT" if after > standard else "STANDARD"
    local = (at + before).replace(tzinfo=None)
    return (
        f"BEGIN:{kind}\r\nDTSTART:{local:%Y%m%dT%H%M%S}\r\nTZOFFSETFROM:{_signed(before)}\r\n"
        f"TZOFFSETTO:{_signed(after)}\r\nTZNAME:{name or _signed(after)}\r\nEND:{kind}\r\n"
    )


def _signed(offset: timedelta) -> str:
    """An offset from UTC.

    >>> _signed(timedelta(hours=-3, minutes=-30))
    '-0330'
    """
    sign = "-" if offset < _NOTHING else "+"
    minutes, seconds = divmod(abs(offset) // timedelta(seconds=1), 60)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}" + (f"{seconds:02}" if seconds else "")


def _offset(at: datetime, clock: ZoneInfo) -> timedelta:
    return at.astimezone(clock).utcoffset() or _NOTHING
