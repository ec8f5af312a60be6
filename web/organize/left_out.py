"""Why something in a page, calendar or file was not taken, in words for whoever handed it in."""

from collections.abc import Sequence

from conferences.reading import Refusal

SHOWN = 10
WHY = {
    "closed": "it has closed already",
    "date": "its day or time cannot be read; write it as 2027-03-08",
    "day-or-month": "that could be two days, as the month may come first; write it as 2027-03-08",
    "ends-before-start": "it ends before it begins",
    "no-address": "it has no web address",
    "no-start": "it has no first day",
    "no-title": "it has no title",
    "part": "it is a session within a meeting that we found there",
    "postponed": "it is put off, and has no new days yet",
    "private": "it is marked as private",
    "recurrence": "it repeats by a rule that we do not follow",
    "syntax": "it is broken",
    "too-many": "there are more than we take at once",
    "too-much-work": "it takes too long to work out",
    "year": "its year cannot be right",
    "zone-unknown": "its time zone is known to nobody but the program that wrote it",
}
"""Rule of `conferences.reading` → its reason."""
_WHOLE = {
    "no-table": "Its first row has to name the columns: title, start, end, city, country, url.",
    "no-json": "It says that it is JSON, and is broken.",
    "no-event": "It can be read, and tells of none.",
    "too-many": "It is too long for us.",
}


def why_nothing(rule: str) -> str:
    """Why a whole file or page tells of nothing; empty where there is no more to say."""
    return _WHOLE.get(rule, "")


def left_out(refused: Sequence[Refusal]) -> list[str]:
    """What was left out and why, a line each; the last line counts those for which there is no room."""
    lines = [f"{one.detail[:100] or 'One of them'}: {WHY[one.rule]}." for one in refused[:SHOWN]]
    rest = len(refused) - SHOWN
    return [*lines, f"And {rest} more."] if rest > 0 else lines
