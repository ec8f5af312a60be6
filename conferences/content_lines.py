"""Content lines of RFC 5545: escaped and folded text, dates and times.

Written here rather than by the icalendar library, which takes half a millisecond for each event: a list of
thousands of meetings is asked for again by every calendar that subscribes to it.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_WIDTH = 75
"""Octets of a line, without its end."""
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


def text(value: str) -> str:
    r"""`value` as a TEXT.

    >>> print(text("One; two, three\nfour"))
    One\; two\, three\nfour
    """
    return value.translate(_ESCAPES)


def folded(name: str, value: str) -> str:
    """A property with its line end, folded: no line has more than 75 octets, and no character is cut."""
    whole = f"{name}:{value}"
    if len(whole) <= _WIDTH and whole.isascii():
        return whole + "\r\n"
    if whole.isascii():
        rest = range(_WIDTH, len(whole), _WIDTH - 1)
        return "\r\n ".join([whole[:_WIDTH], *(whole[n : n + _WIDTH - 1] for n in rest)]) + "\r\n"
    found: list[str] = []
    own: list[str] = []
    octets = 0
    for character in whole:
        size = len(character.encode())
        if octets + size > _WIDTH:
            found.append("".join(own))
            own, octets = [" "], 1
        own.append(character)
        octets += size
    return "\r\n".join([*found, "".join(own)]) + "\r\n"


def on(name: str, day: date) -> str:
    """A property that is a day."""
    return f"{name};VALUE=DATE:{_basic(day)}\r\n"


def at(name: str, instant: datetime) -> str:
    """A property that is a time, on the clock of its zone or in UTC.

    >>> at("DTSTART", datetime(2027, 3, 6, 9, tzinfo=ZoneInfo("Africa/Nairobi")))
    'DTSTART;TZID=Africa/Nairobi:20270306T090000\\r\\n'
    """
    local = f"{_basic(instant)}T{instant:%H%M%S}"
    if isinstance(instant.tzinfo, ZoneInfo):
        return f"{name};TZID={instant.tzinfo.key}:{local}\r\n"
    there = instant.astimezone(UTC)
    return f"{name}:{_basic(there)}T{there:%H%M%S}Z\r\n"


def _basic(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"
