"""Years and dates as people write them in queries: `2015-2020`, `>=2018`, `2020/03:2020/06`."""

import re
from datetime import UTC, date, datetime, timedelta

from index.fields import Kind

Bounds = tuple[int | None, int | None]

_DAY = r"\d{4}(?:[-/.]\d{1,2}(?:[-/.]\d{1,2})?)?"
_OPEN = r"\*"
_SPAN = re.compile(rf"({_DAY}|{_OPEN})?\s*(?::|\.\.|–|—)\s*({_DAY}|{_OPEN})?")
_YEARS = re.compile(r"(\d{4})-(\d{4})?")
_LAST = re.compile(r"(?i)last (\d{1,4}) (day|week|month|year)s?")
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}
_EACH = re.compile(rf"{_DAY}(?!\d)")
_DATE = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}")
_GLUED = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_UNBOUND = re.compile(r"(?i)^null(?=:)|(?<=:)(?:null|now|today|present|current)$")
_EVER = "3000"
"""From this year on an end means none, as in PubMed's `2019:3000[dp]`."""
_COMPARED = re.compile(rf"([<>]=?|=)\s*({_DAY})")


def read_bounds(kind: Kind, text: str) -> Bounds | None:
    """The lowest and highest value meant, both included; None when `text` names no year or date."""
    text = _UNBOUND.sub("*", _GLUED.sub(r"\1-\2-\3", text.strip().strip('"')))
    if any(not _is_possible(day) for day in _EACH.findall(text)):
        return None
    if re.fullmatch(_DAY, text) and not _YEARS.fullmatch(text):
        if _DATE.fullmatch(text) and not _exists(text):
            return None
        return _number(kind, text, low=True), _number(kind, text, low=False)
    if match := _COMPARED.fullmatch(text):
        return _compared(kind, match[1], match[2])
    if match := _LAST.fullmatch(text):
        return _since(kind, datetime.now(UTC).date(), int(match[1]) * _DAYS[match[2].lower()])
    match = _YEARS.fullmatch(text) or _SPAN.fullmatch(text)
    if match and (match[1] or match[2]):
        low = None if match[1] in (None, "*") else _number(kind, match[1], low=True)
        high = None if match[2] in (None, "*") or match[2] >= _EVER else _number(kind, match[2], low=False)
        if low is not None and high is not None and low > high:
            return read_bounds(kind, f"{match[2]}:{match[1]}")
        return low, high
    return None


def _is_possible(day: str) -> bool:
    """Whether there are such months and days; the last of a range may be the 31st of any month."""
    _, month, day_of_month = [*map(int, re.split(r"[-/.]", day)), 1, 1][:3]
    return 1 <= month <= 12 and 1 <= day_of_month <= 31


def _exists(day: str) -> bool:
    try:
        date(*map(int, re.split(r"[-/.]", day)))
    except ValueError:
        return False
    return True


def _since(kind: Kind, today: date, days: float) -> Bounds:
    """From so many days before today, which is what PubMed's "last 5 years" means."""
    first = today - timedelta(days=min(days, today.toordinal() - 1))
    return _number(kind, first.isoformat().zfill(10), low=True), None


def _compared(kind: Kind, sign: str, day: str) -> Bounds:
    first, last = _number(kind, day, low=True), _number(kind, day, low=False)
    match sign:
        case ">":
            return last + 1, None
        case ">=":
            return first, None
        case "<":
            return None, first - 1
        case "<=":
            return None, last
    return first, last


def _number(kind: Kind, day: str, *, low: bool) -> int:
    parts = [int(part) for part in re.split(r"[-/.]", day)]
    if kind is Kind.NUMBER:
        return parts[0]
    missing = 0 if low else 99
    year, month, date = [*parts, missing, missing][:3]
    return year * 10_000 + month * 100 + date
