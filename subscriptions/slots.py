"""When letters are due: the days, weeks and months of a subscriber, by the clock of the place they live in.

A slot is one day, week, month or hour; nobody gets two letters of it. A slot begins at the subscriber's hour:
where the clock leaps over that hour it begins as much later, where the clock runs through it twice, the first
time, and a day that a place leaves out begins with the next one.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.errors import InvalidDate
from domain.instants import to_timestamp
from domain.listing import to_zone
from domain.subscription import Rhythm

SINCE = "since"
_HOUR = timedelta(hours=1)
_KEPT = 2_000
"""Most subscribers live in the same few zones and take the same few hours."""
_FURTHEST = timedelta(hours=14)
"""So far ahead of UTC is the first place where a day begins."""
LENGTHS = {
    Rhythm.IMMEDIATE: _HOUR,
    Rhythm.DAILY: timedelta(days=1),
    Rhythm.WEEKLY: timedelta(days=7),
    Rhythm.MONTHLY: timedelta(days=31),
}
"""How long the slots of each rhythm are at most."""


@lru_cache(_KEPT)
def slot(rhythm: Rhythm, zone: str, hour: int, at: datetime) -> str:
    """The slot that `at` (aware) falls into.

    >>> slot(Rhythm.WEEKLY, "Africa/Nairobi", 7, datetime(2026, 11, 21, tzinfo=UTC))
    'weekly/2026-W47'
    """
    if rhythm is Rhythm.IMMEDIATE:
        return f"{rhythm}/{at.astimezone(UTC):%Y-%m-%dT%H}"
    return f"{rhythm}/{_name(rhythm, _current(rhythm, _zone(zone), hour, at))}"


@lru_cache(_KEPT)
def next_due(rhythm: Rhythm, zone: str, hour: int, after: datetime) -> datetime:
    """The first instant after `after` at which a slot begins, in UTC."""
    if rhythm is Rhythm.IMMEDIATE:
        return after.astimezone(UTC) + _HOUR
    place = _zone(zone)
    day = _current(rhythm, place, hour, after)
    while (due := _begins(day, hour, place)) <= after:
        day = _first(rhythm, day + LENGTHS[rhythm])
    return due


@lru_cache(_KEPT)
def begun(name: str, zone: str = "", hour: int = 0) -> datetime | None:
    """When the slot of that name begins at that hour there; without a zone, the earliest it does anywhere.

    None for what is no slot.

    >>> begun("daily/2026-11-21", "Africa/Nairobi", 7).isoformat()
    '2026-11-21T04:00:00+00:00'
    """
    rhythm, _, period = name.partition("/")
    try:
        if rhythm == SINCE:
            return datetime.strptime(period.partition("/")[0], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if rhythm == Rhythm.IMMEDIATE:
            return datetime.strptime(period, "%Y-%m-%dT%H").replace(tzinfo=UTC)
        day = _first_day(rhythm, period)
        return _begins(day, hour, _zone(zone)) if zone else datetime.combine(day, time.min, UTC) - _FURTHEST
    except (ValueError, OverflowError):
        return None


def since(moment: datetime, name: str) -> str:
    """What stands in place of the slot `name` where `moment` is the instant up to which all is told.

    >>> since(datetime(2026, 11, 20, 10, tzinfo=UTC), "daily/2026-11-21")
    'since/2026-11-20T10:00:00Z/daily/2026-11-21'
    """
    return f"{SINCE}/{to_timestamp(moment)}/{named(name)}"


def named(name: str) -> str:
    """The slot itself, whatever instant stands before it.

    >>> named("since/2026-11-20T10:00:00Z/daily/2026-11-21"), named("daily/2026-11-21")
    ('daily/2026-11-21', 'daily/2026-11-21')
    """
    return name.split("/", 2)[-1] if name.startswith(f"{SINCE}/") else name


def _first_day(rhythm: str, period: str) -> date:
    if rhythm == Rhythm.WEEKLY:
        return date.fromisoformat(f"{period}-1")
    return date.fromisoformat(period if rhythm == Rhythm.DAILY else f"{period}-01")


def _zone(name: str) -> ZoneInfo:
    """The zone of that name; one that this machine does not know, or not any more, is UTC."""
    try:
        found = to_zone(name)
    except InvalidDate:
        return ZoneInfo("UTC")
    return found if isinstance(found, ZoneInfo) else ZoneInfo("Etc/GMT+12")


def _current(rhythm: Rhythm, zone: ZoneInfo, hour: int, at: datetime) -> date:
    """The first day of the latest slot that has begun at `at`."""
    day = _first(rhythm, at.astimezone(zone).date() + timedelta(days=2))
    while _begins(day, hour, zone) > at:
        day = _first(rhythm, day - timedelta(days=1))
    return day


def _begins(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def _first(rhythm: Rhythm, day: date) -> date:
    if rhythm is Rhythm.WEEKLY:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if rhythm is Rhythm.MONTHLY else day


def _name(rhythm: Rhythm, day: date) -> str:
    if rhythm is Rhythm.WEEKLY:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return day.isoformat()[:7] if rhythm is Rhythm.MONTHLY else day.isoformat()
