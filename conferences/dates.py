"""Days, times and deadlines in words, and how long is left."""

import calendar
from datetime import UTC, date, datetime, timedelta

from domain.listing import AOE, Deadline, DeadlineKind, Moment

DEADLINES = {
    DeadlineKind.ABSTRACT: "Abstracts",
    DeadlineKind.LATE_BREAKING: "Late-breaking abstracts",
    DeadlineKind.PAPER: "Papers",
    DeadlineKind.EARLY_REGISTRATION: "Early registration",
    DeadlineKind.REGISTRATION: "Registration",
    DeadlineKind.TRAVEL_GRANT: "Travel grants",
    DeadlineKind.VISA_LETTER: "Letters for a visa",
    DeadlineKind.APPLICATION: "Applications",
    DeadlineKind.OTHER: "Other",
}
_SHORT = timedelta(hours=48)


def deadline_title(deadline: Deadline) -> str:
    """What a deadline is for, in its own words where it has some."""
    kind = DEADLINES[deadline.kind]
    if not deadline.label:
        return kind
    return deadline.label if deadline.kind is DeadlineKind.OTHER else f"{kind}: {deadline.label}"


def zone_words(zone: str) -> str:
    """A zone's name for readers.

    >>> zone_words("America/Sao_Paulo"), zone_words("AoE")
    ('America/Sao Paulo time', 'anywhere on Earth')
    """
    if zone == AOE:
        return "anywhere on Earth"
    return zone if zone == "UTC" else f"{zone.replace('_', ' ')} time"


def moment_words(moment: Moment) -> str:
    """A day, or a time of a day with its zone.

    >>> moment_words(Moment("2027-03-06T21:00", "Europe/Berlin"))
    '6 March 2027, 21:00 Europe/Berlin time'
    """
    if moment.whole_day:
        return day_words(moment.day)
    return f"{day_words(moment.day)}, {moment.at[11:16]} {zone_words(moment.zone)}"


def deadline_words(moment: Moment) -> str:
    """Until when, to the minute: a whole day lasts to its end.

    >>> deadline_words(Moment("2027-03-06"))
    '6 March 2027, 24:00 anywhere on Earth'
    """
    clock = "24:00" if moment.whole_day else moment.at[11:16]
    return f"{day_words(moment.day)}, {clock} {zone_words(moment.zone)}"


def span_words(starts: Moment, ends: Moment) -> str:
    """From when to when.

    >>> span_words(Moment("2027-03-06"), Moment("2027-03-09"))
    '6–9 March 2027'
    >>> span_words(Moment("2027-03-06T09:00", "Asia/Tokyo"), Moment("2027-03-06T17:30", "Asia/Tokyo"))
    '6 March 2027, 09:00–17:30 Asia/Tokyo time'
    """
    if starts.whole_day or ends.whole_day:
        return _days(starts.day, ends.day)
    if starts.zone != ends.zone:
        return f"{moment_words(starts)} – {moment_words(ends)}"
    if starts.day == ends.day:
        return f"{day_words(starts.day)}, {starts.at[11:16]}–{ends.at[11:16]} {zone_words(ends.zone)}"
    return f"{day_words(starts.day)}, {starts.at[11:16]} – {moment_words(ends)}"


def day_words(day: date) -> str:
    """A day in words."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def utc_words(instant: datetime) -> str:
    """An instant in UTC, to the minute.

    >>> utc_words(datetime(2027, 3, 7, 12, tzinfo=UTC))
    '7 March 2027, 12:00 UTC'
    """
    there = instant.astimezone(UTC)
    return f"{day_words(there.date())}, {there:%H:%M} UTC"


def left_words(until: datetime, now: datetime) -> str:
    """How long is left; empty from `until` on.

    >>> now = datetime(2027, 3, 1, tzinfo=UTC)
    >>> left_words(now + timedelta(days=12, hours=3), now), left_words(now + timedelta(minutes=1), now)
    ('12 days left', '1 minute left')
    """
    left = until - now
    if left <= timedelta(0):
        return ""
    if left >= _SHORT:
        return f"{left.days} days left"
    if left >= timedelta(hours=1):
        return _counted(left // timedelta(hours=1), "hour")
    return _counted(max(left // timedelta(minutes=1), 1), "minute")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'} left"


def _days(first: date, last: date) -> str:
    if first >= last:
        return day_words(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_words(last)}"
    if first.year == last.year:
        return f"{first.day} {calendar.month_name[first.month]} – {day_words(last)}"
    return f"{day_words(first)} – {day_words(last)}"
