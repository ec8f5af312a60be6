"""Partial dates set against each other."""

from collections.abc import Iterable
from datetime import UTC, datetime


def earliest(dates: Iterable[str]) -> str | None:
    """The earliest of partial dates; a date within a vaguer one of the same time wins over it."""
    ordered = sorted(dates)
    if not ordered:
        return None
    finer = [date for date in ordered if date.startswith(ordered[0])]
    return max(finer, key=lambda date: (len(date), [-ord(c) for c in date]))


def is_past(date: str) -> bool:
    """Whether all of a partial date is over: this year is not."""
    return date < datetime.now(UTC).date().isoformat()[: len(date)]
