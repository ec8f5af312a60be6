"""Years that people name in words: *since 2015*, *from 2018 to 2020*, *in the last five years*.

Whether they are those of publication nobody can tell: *incidence in Korea from 1999 to 2010* may be the
title of a paper of 2013. So they choose no papers; they are offered as a filter.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from domain.query import Period
from index.fields import Kind
from index.language.bounds import Bounds, read_bounds
from index.language.spelling import is_plural

LONGEST = 30
"""A text of more words is no question: what it tells of years is about its subject."""
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_YEAR = r"((?:19|20)\d\d)"
_NOW = r"(?:now|today|present|date|the present)"
_TO = r"to|until|till?|through|thru|up to|bis|à|a|hasta|até|tot"
_COUNT = rf"(\d{{1,2}}|{'|'.join(_NUMBERS)}|couple of|few)"
_SINCE = "since|seit|depuis|desde|sinds"
"""As some of the languages say it in which names of cancers are understood."""
_MEANT = {"few": 3, "couple of": 2} | {name: number for number, name in enumerate(_NUMBERS, 1)}
_PUBLISHED = r"(?:(?:papers?|articles?|publications?|literature)\s)?(?:published\s|dated\s)?"
_IN = r"(?:(?:in|over|within|during|for|from)\s)?(?:the\s)?"
_DATED = r"(?:up to|until|till?|before|after|(?:newer|later|more recent|older|earlier) than)"


def _last(match: re.Match[str]) -> Bounds:
    count, unit = match[1] or "1", match[2].lower().rstrip("s").replace("yr", "year")
    number = int(count) if count.isdigit() else _MEANT[count.lower()]
    told = f"last {number * 10} year" if unit == "decade" else f"last {number} {unit}"
    return read_bounds(Kind.NUMBER, told) or (None, None)


_FORMS: tuple[tuple[str, Callable[[re.Match[str]], Bounds]], ...] = (
    (
        rf"(?:from\s|between\s|(?:{_SINCE})\s)?{_YEAR}(?:\s(?:{_TO}|and)\s|\s?[-–—]\s?){_NOW}",
        lambda match: (int(match[1]), None),
    ),
    (
        rf"(?:(?:from\s|(?:{_SINCE})\s)?{_YEAR}\s(?:{_TO})\s|between\s{_YEAR}\s(?:and|to)\s"
        rf"|(?:from|between)\s{_YEAR}\s?[-–—]\s?){_YEAR}",
        lambda match: (int(match[1] or match[2] or match[3]), int(match[4])),
    ),
    (
        rf"(?:from\s)?{_YEAR}(?:\s(?:onwards?|or later|and later)|\+)|from\s{_YEAR}\son$",
        lambda match: (int(match[1] or match[2]), None),
    ),
    (rf"(?:{_SINCE})\s{_YEAR}", lambda match: (int(match[1]), None)),
    (rf"(?:after|(?:newer|later|more recent) than)\s{_YEAR}", lambda match: (int(match[1]) + 1, None)),
    (rf"(?:before|(?:older|earlier) than)\s{_YEAR}", lambda match: (None, int(match[1]) - 1)),
    (rf"(?:until|up to|till)\s{_YEAR}", lambda match: (None, int(match[1]))),
    (r"in\sthe\s((?:19|20)\d)0s", lambda match: (int(match[1]) * 10, int(match[1]) * 10 + 9)),
    (r"(?:in\s)?this\syear", lambda _: (datetime.now(UTC).year, None)),
    (
        rf"{_IN}(?:last|past|previous)\s(?:{_COUNT}\s)?(years?|yrs?|decades?|months)(?!\s(?:of|before|prior)\b)",
        _last,
    ),
)
_TELLING = re.compile(r"\b(?:19|20)\d\d(?!\d)|\b(?:last|past|previous|this)\s", re.IGNORECASE)
"""What every form has; few queries have any."""
_PATTERNS = tuple(
    (re.compile(rf"(?<!\S){_PUBLISHED}{pattern}(?!\S)", re.IGNORECASE), bounds) for pattern, bounds in _FORMS
)


def find_period(words: Sequence[str]) -> tuple[int, int, Period] | None:
    """The first period that words name, with the places where its words start and end."""
    if not 1 < len(words) <= LONGEST:
        return None
    text = " ".join(words)
    if not _TELLING.search(text):
        return None
    for pattern, bounds in _PATTERNS:
        if match := pattern.search(text):
            start = len(text[: match.start()].split())
            end = start + len(match[0].split())
            if _counts(match[0], words[end:]):
                return None
            rest = " ".join((*words[:start], *words[end:]))
            low, high = bounds(match)
            return (start, end, Period(match[0], low, high, rest)) if _is_told(low, high) else None
    return None


def _counts(told: str, behind: Sequence[str]) -> bool:
    """Whether a number counts what follows: *up to 2000 patients*, *after 2000 g*."""
    return bool(_NUMBER.match(told) and behind and (behind[0] in _UNITS or is_plural(behind[0].lower())))


_NUMBER = re.compile(rf"{_PUBLISHED}{_DATED}\s{_YEAR}$", re.IGNORECASE)
_UNITS = frozenset(("g", "mg", "kg", "ml", "mL", "mm", "m", "km", "Gy", "cGy", "kcal", "people"))


def _is_told(low: int | None, high: int | None) -> bool:
    """Whether a range is of some years, and begins before now."""
    return (low or 0) <= (high or datetime.now(UTC).year)
