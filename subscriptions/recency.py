"""How new a publication is: letters tell of what has just appeared, not of what has just been harvested."""

import calendar
from datetime import UTC, date, datetime, timedelta

RECENT = timedelta(days=90)
"""A paper that appeared longer ago is no news, however new it is here."""
VERSION_RECENT = timedelta(days=365)
"""Those who watch a paper are told of a version that is found late, too."""
AHEAD = timedelta(days=365)
"""Issues are dated ahead, but not by more; a date beyond that is a slip."""


def is_recent(published: str | None, at: str, longest: timedelta = RECENT) -> bool:
    """Whether what appeared on `published` (of any precision) was new at the instant `at`.

    A month or a year alone counts as the latest day that it can mean; what bears no date is not new.

    >>> is_recent("2026-10", "2026-11-21T08:00:00Z"), is_recent("2025", "2026-11-21T08:00:00Z")
    (True, False)
    """
    span = _days(published or "")
    if span is None:
        return False
    first, last = span
    today = to_instant(at).date()
    return first <= today + AHEAD and last >= today - longest


def to_day(published: str) -> date | None:
    """The latest day that a date of any precision can mean; None for what is no date."""
    span = _days(published)
    return span[1] if span else None


def to_instant(text: str) -> datetime:
    """An instant as the catalog writes it."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _days(published: str) -> tuple[date, date] | None:
    """The first and the last day that a date of any precision can mean."""
    try:
        parts = [int(part) for part in published[:10].split("-")]
        match parts:
            case [year]:
                return date(year, 1, 1), date(year, 12, 31)
            case [year, month]:
                return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
            case [year, month, day]:
                return date(year, month, day), date(year, month, day)
    except ValueError:
        pass
    return None
