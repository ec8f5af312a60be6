"""How far a list of Crossref has been walked, told in a cursor of our own.

Crossref's cursor is a place that the *server* keeps (an Elasticsearch scroll): every page names the same one,
each request moves it on, it is forgotten after five minutes, and past the end it goes on with empty pages. So
it can be no checkpoint, and a page that was lost on its way is skipped when it is asked for again. A position
here therefore counts the records that came and marks the pages, so that a hole or a circle is noticed where
the total is not reached, and a long list is cut into days of creation, so that only the slice that has a hole
is asked for again.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlencode

from crawler.fetching.days import parse_day
from crawler.fetching.page import RequestRefused
from domain.errors import SourceChanged

SLICE = 10_000
"""Records in a list that is not cut further, unless it is a single day's."""
_FIRST_DAY = date(2002, 1, 1)
"""Crossref registered its first works in the course of 2002."""
_MOST_TRIES = 2
_LAST_TRY = _MOST_TRIES + 1
_MARK = 6
_MOST_MARKS = 256


@dataclass(frozen=True, slots=True)
class Position:
    """Where the next page begins: in which slice, after how many records, at which cursor of the server."""

    cursor: str = "*"
    low: str = ""
    """First day of creation of the slice; empty is open."""
    high: str = ""
    rest: tuple[str, ...] = ()
    """Last days of the slices that follow."""
    seen: int = 0
    announced: int | None = None
    """How many records the whole list was said to have."""
    marks: str = ""
    """A few letters for each page of the slice."""
    tries: int = 0
    doubt: str = ""

    @property
    def filters(self) -> tuple[str, ...]:
        """The slice as filters of the interface."""
        named = (("from-created-date", self.low), ("until-created-date", self.high))
        return tuple(f"{name}:{day}" for name, day in named if day)

    @property
    def at_start(self) -> bool:
        """Whether the next page is the first of its slice."""
        return self.cursor == "*"

    def write(self) -> str:
        """As a cursor; `parse_position` reads it."""
        given = {
            "low": self.low,
            "high": self.high,
            "rest": ",".join(self.rest) + "," if self.rest else "",
            "seen": str(self.seen or ""),
            "of": "" if self.announced is None else str(self.announced),
            "tries": str(self.tries or ""),
            "marks": self.marks,
            "doubt": self.doubt,
            "cursor": self.cursor,
        }
        return urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True, slots=True)
class Part:
    """What an answer says about the list it is a page of."""

    names: tuple[str, ...]
    """The native ids of its records."""
    total: int | None
    cursor: str
    size: int
    """How many records were asked for."""

    @property
    def mark(self) -> str:
        """The same letters for the same records."""
        return hashlib.sha256("\n".join(sorted(self.names)).encode()).hexdigest()[:_MARK]


@dataclass(frozen=True, slots=True)
class Step:
    """Where to go on, and whether the page's records count."""

    following: Position | None
    taken: bool = True
    doubt: str = ""
    """What cannot be trusted in a list that ends here."""


def parse_position(text: str | None) -> Position:
    """The position that a cursor tells; a bare one is taken as the server's own."""
    given = {name: values[-1] for name, values in parse_qs(text or "").items()}
    if "cursor" not in given:
        return Position(text or "*")
    return Position(
        cursor=given["cursor"],
        low=_day(given.get("low", "")),
        high=_day(given.get("high", "")),
        rest=tuple(map(_day, given["rest"].split(",")[:-1])) if "rest" in given else (),
        seen=_number(given.get("seen", "")) or 0,
        announced=_number(given.get("of", "")),
        marks=given.get("marks", ""),
        tries=_number(given.get("tries", "")) or 0,
        doubt=given.get("doubt", ""),
    )


def _day(text: str) -> str:
    return text if parse_day(text) else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


def again(position: Position) -> Position:
    """The start of the position's slice, to be walked once more."""
    # What came before is no longer counted by who walks the list, so the whole may not be told either.
    announced = None if position.low else position.announced
    tries = min(position.tries + 1, _LAST_TRY)
    return replace(position, cursor="*", seen=0, marks="", tries=tries, announced=announced)


def follow(source: str, position: Position, part: Part, today: date, *, divisible: bool) -> Step:
    """Where to go on after a page.

    Raises:
        SourceChanged: the page must be asked for again.
        RequestRefused: the slice must be, as a page of it was lost or came twice.
    """
    total = part.total
    if total is not None and len(part.names) > total:
        raise SourceChanged(source, f"a page of {len(part.names)} records from a list of {total}")
    if position.announced is None and not position.low and not position.tries:
        position = replace(position, announced=total)
    if position.at_start and divisible and total is not None and total > SLICE:
        halves = _halves(position, today)
        if halves is not None:
            return Step(halves, taken=False)
    seen = position.seen + len(part.names)
    if part.names and part.mark in _marks(position):
        return _broken(source, position, "a page came twice")
    if total is None:
        over = not part.cursor or len(part.names) < part.size
        return _next_slice(position) if over else _next_page(position, part, seen)
    if seen >= total:
        return _next_slice(position)
    if not part.names:
        return _broken(source, position, f"the list ended after {seen} of {total} records")
    if not part.cursor:
        return _next_slice(position, f"no page follows after {seen} of {total} records")
    return _next_page(position, part, seen)


def _halves(position: Position, today: date) -> Position | None:
    """The first half of a slice, the second to follow; None for a single day."""
    low, high = parse_day(position.low) or _FIRST_DAY, parse_day(position.high) or today
    if low >= high:
        return None
    middle = (low + (high - low) / 2).isoformat()
    return replace(position, high=middle, rest=(position.high, *position.rest))


def _next_page(position: Position, part: Part, seen: int) -> Step:
    marks = (position.marks + part.mark)[-_MARK * _MOST_MARKS :]
    return Step(replace(position, cursor=part.cursor, seen=seen, marks=marks))


def _next_slice(position: Position, doubt: str = "", *, taken: bool = True) -> Step:
    doubt = position.doubt or doubt
    end = parse_day(position.high)
    if end is None or not position.rest:
        return Step(None, taken, doubt)
    following = Position(
        low=(end + timedelta(days=1)).isoformat(),
        high=position.rest[0],
        rest=position.rest[1:],
        announced=position.announced,
        doubt=doubt,
    )
    return Step(following, taken, doubt)


def _broken(source: str, position: Position, problem: str) -> Step:
    if position.at_start:
        raise SourceChanged(source, problem)
    if position.tries < _MOST_TRIES:
        raise RequestRefused(source, 410, problem)
    return _next_slice(position, problem, taken=False)


def _marks(position: Position) -> Iterable[str]:
    return {position.marks[start : start + _MARK] for start in range(0, len(position.marks), _MARK)}
