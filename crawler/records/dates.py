"""Dates as people write them, and partial dates set against each other."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from crawler.records.text import partial_date

_MONTH = r"(?P<m>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?"
_YEAR = r"(?P<y>\d{4})"
_WRITTEN = tuple(
    re.compile(form)
    for form in (
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"(?:[A-Za-z]{{3,9}},\s+)?{_DAY}[\s-]+{_MONTH},?[\s-]+{_YEAR}(?:\s+\d\d?:.*)?",
        rf"{_MONTH},?[\s-]+{_YEAR}",
        rf"{_YEAR}[\s-]+{_MONTH}(?:[\s-]+{_DAY})?",
        rf"(?P<m>0?[1-9]|1[0-2])[/.]{_YEAR}",
        rf"(?P<d>1[3-9]|2\d|3[01])[/-](?P<m>\d{{1,2}})[/-]{_YEAR}",
        rf"(?P<m>\d{{1,2}})[/-](?P<d>1[3-9]|2\d|3[01])[/-]{_YEAR}",
        rf"(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?{_YEAR}",
        r"(?P<y>\d{4})-(?P<m>\d\d)(?:-(?P<d>\d\d))?/\d{4}.*",
    )
)
"""With strokes between them, day and month are told apart only where one is above twelve; with stops the day
is the first. Of a span it is the beginning."""


def written_date(given: str) -> str | None:
    """The partial date in a text that is one, in whatever usual form; else the year in it, or None.

    >>> written_date("Jun 5, 2019"), written_date("05-Jun-2019"), written_date("03/04/2019")
    ('2019-06-05', '2019-06-05', '2019')
    """
    text = given.strip()
    for form in _WRITTEN:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            return partial_date(parts["y"], parts["m"], parts.get("d"))
    return partial_date(text)


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
