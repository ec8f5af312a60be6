"""Days as spreadsheets and lists of societies write them, put in the form that `parse_moment` reads."""

import re
from collections.abc import Iterable

from conferences.reading.drafts import Refused

_SLASHED = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})\b(.*)", re.DOTALL)
_CLOCK = re.compile(r"[ ,T]{0,3}(\d{1,2}):(\d\d)(?::\d\d)?\s?([ap])?\.?(?:m\.?)?", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?[ -](\d\d|\d{4})")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[.,]?\s+", re.IGNORECASE)
_DASH = r"\s?(?:-|–|—|to)\s?"
_MONTH = "[A-Za-z]{3,9}"
_SPANS = (
    re.compile(rf"(?P<a>\d{{1,2}}){_DASH}(?P<b>\d{{1,2}}) (?P<m>{_MONTH}),? (?P<y>\d{{4}})"),
    re.compile(rf"(?P<m>{_MONTH}) (?P<a>\d{{1,2}}){_DASH}(?P<b>\d{{1,2}}),? (?P<y>\d{{4}})"),
    re.compile(rf"(?P<a>\d{{1,2}}) (?P<m>{_MONTH}){_DASH}(?P<b>\d{{1,2}}) (?P<n>{_MONTH}),? (?P<y>\d{{4}})"),
)


def day_first(cells: Iterable[str], otherwise: bool | None = None) -> bool | None:
    """Whether these cells write the day before the month; None where they do not tell.

    >>> day_first(["04/05/2027", "13/05/2027"]), day_first(["5/13/2027"]), day_first(["04/05/2027"])
    (True, False, None)
    """
    told = [match for cell in cells if (match := _SLASHED.fullmatch(cell.strip()))]
    firsts = any(int(match[1]) > 12 for match in told)
    seconds = any(int(match[3]) > 12 for match in told)
    if firsts == seconds:
        return None if firsts else otherwise
    return firsts


def plain_day(text: str, *, first: bool | None) -> str:
    """A day, or a time of a day, with its year in front; `first` is what `day_first` says of its table.

    Raises:
        Refused: it could be two days.

    >>> plain_day("5/13/2027 9:00 PM", first=False), plain_day("Sat, 1-May-27", first=None)
    ('2027-05-13T21:00', '1 May 2027')
    """
    told = _WEEKDAY.sub("", text.strip()[:100], count=1)
    if match := _SHORT_YEAR.fullmatch(told):
        year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
        return f"{match[1]} {match[2]} {year}"
    if not (match := _SLASHED.fullmatch(told)):
        return told
    one, other, year = int(match[1]), int(match[3]), match[4]
    if match[2] == "." or one > 12:
        first = True
    elif other > 12 or one == other:
        first = False
    if first is None:
        raise Refused("day-or-month", text[:100])
    day, month = (one, other) if first else (other, one)
    return f"{year}-{month:02}-{day:02}{_clock(match[5])}"


def split_span(text: str) -> tuple[str, str]:
    """First and last day where one text tells both; the text and nothing where it does not.

    >>> split_span("30 May – 2 June 2027"), split_span("May 1-3, 2027")
    (('30 May 2027', '2 June 2027'), ('1 May 2027', '3 May 2027'))
    """
    plain = " ".join(text.split())[:100]
    for form in _SPANS:
        if match := form.fullmatch(plain):
            told = match.groupdict()
            ends = f"{told['b']} {told.get('n') or told['m']} {told['y']}"
            return f"{told['a']} {told['m']} {told['y']}", ends
    return text, ""


def _clock(rest: str) -> str:
    if not rest.strip():
        return ""
    if not (match := _CLOCK.fullmatch(rest.rstrip())):
        return rest
    hour, half = int(match[1]), (match[3] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"T{hour:02}:{match[2]}"
