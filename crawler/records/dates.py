"""Dates as people write them, and partial dates set against each other."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from crawler.records.text import partial_date

_MONTH, _LAST_MONTH = r"(?P<m>[A-Za-z]{3,9})\.?", r"(?P<last>[A-Za-z]{3,9})\.?"
_ORDINAL = r"(?:st|nd|rd|th|\.)?"
_TO = r"\s?(?:[-–—]|to)\s?"
_DAY, _LAST_DAY = rf"(?P<d>\d{{1,2}}){_ORDINAL}", rf"\d{{1,2}}{_ORDINAL}"
_DAYS = rf"{_DAY}(?:{_TO}{_LAST_DAY})?"
_YEAR = r"(?P<y>\d{4})"
_WRITTEN = tuple(
    re.compile(form)
    for form in (
        rf"{_MONTH}\s+{_DAYS},?\s+{_YEAR}",
        rf"{_MONTH}\s+{_DAY}{_TO}{_LAST_MONTH}\s+{_LAST_DAY},?\s+{_YEAR}",
        rf"{_DAY}\s+{_MONTH}{_TO}{_LAST_DAY}\s+{_LAST_MONTH},?\s+{_YEAR}",
        rf"{_DAY}-{_MONTH}-(?P<short>\d\d)",
        rf"(?:[A-Za-z]{{3,9}},\s+)?{_DAYS}[\s-]+{_MONTH},?[\s-]+{_YEAR}(?:\s+\d\d?:.*)?",
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
is the first. Of a span it is the beginning. A year of two digits is what spreadsheets make of a day."""


def written_date(given: str) -> str | None:
    """The partial date in a text that is one, in whatever usual form; else the year in it, or None.

    >>> written_date("Jun 5, 2019"), written_date("05-Jun-2019"), written_date("03/04/2019")
    ('2019-06-05', '2019-06-05', '2019')
    """
    text = given.strip()
    for form in _WRITTEN:
        if found := form.fullmatch(text):
            parts = found.groupdict()
            year = parts.get("y") or _whole_year(parts["short"])
            day = partial_date(year, parts["m"], parts.get("d"))
            end = partial_date(year, parts.get("last"))
            # Over New Year the year is that of the end.
            return year if day and end and len(end) > 4 and end < day[:7] else day
    return partial_date(text)


def _whole_year(digits: str) -> str:
    """The year that ends in two digits, next year the latest."""
    latest = datetime.now(UTC).year + 1
    return str(latest - (latest - int(digits)) % 100)


def spreadsheet_day(serial: str) -> str | None:
    """The day that a spreadsheet's number for it stands for, from 1998 on; None for any other text.

    >>> spreadsheet_day("45809"), spreadsheet_day("2025")
    ('2025-06-01', None)
    """
    if not re.fullmatch(r"(?:3[6-9]|[4-6]\d)\d{3}(?:[.,]\d+)?", serial):
        return None
    return (date(1899, 12, 30) + timedelta(days=int(serial[:5]))).isoformat()


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
