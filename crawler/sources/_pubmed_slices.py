"""Slices of days in which a list of PubMed is walked, each small enough for one search.

PubMed gives the first 9,999 hits of a search and no more. A slice with more is halved by days; a single day
with more is divided by another date that every citation has.
"""

from datetime import date, timedelta

import msgspec

MOST_HITS = 9999
"""How many hits of one search ESearch gives ("retstart cannot be larger than 9998")."""
EARLIEST, LATEST = date(1500, 1, 1), date(3000, 12, 31)


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a harvest stands: a slice of days, how much of it is done, and which PMIDs are asked for next."""

    first: date
    last: date
    within_first: date = EARLIEST
    """The slice by the other date, when it is a single day that had too many hits."""
    within_last: date = LATEST
    count: int | None = None
    """How many hits the slice has; None before its first search."""
    offset: int = 0
    """How many of them have been asked for."""
    restarts: int = 0
    """How often the slice was begun again because its count had changed."""
    due: int | None = None
    """How many hits the whole list has."""
    came: int = 0
    """How many citations have come."""
    came_before: int = 0
    """How many of them before this slice."""
    lost: int = 0
    """How many were listed and did not come, or could not be listed."""
    ids: tuple[str, ...] = ()
    """What EFetch is asked for; empty: ESearch is asked for the next PMIDs."""
    again: bool = False
    """They were asked for once, and did not come."""
    recount: bool = False
    """All slices are done, and fewer came than were announced: the whole list is counted once more."""

    @property
    def is_divided(self) -> bool:
        """Whether it is a part of a day."""
        return (self.within_first, self.within_last) != (EARLIEST, LATEST)


def read_place(cursor: str) -> Place:
    """The place that a cursor holds. Raises `ValueError`."""
    return msgspec.json.decode(cursor, type=Place)


def to_cursor(place: Place) -> str:
    """The place as text."""
    return msgspec.json.encode(place).decode()


def begun_again(place: Place) -> Place:
    """The slice from its beginning."""
    return msgspec.structs.replace(
        place, count=None, offset=0, came=place.came_before, ids=(), again=False, recount=False
    )


def halved(place: Place) -> Place | None:
    """The first half of a slice; None when it cannot be divided further."""
    if place.first < place.last:
        return _slice(place, last=place.first + (place.last - place.first) // 2)
    if place.within_first < place.within_last:
        middle = place.within_first + (place.within_last - place.within_first) // 2
        return _slice(place, within_last=middle)
    return None


def next_slice(place: Place, end: date) -> Place | None:
    """The slice after a finished one; None after the day `end`."""
    if place.within_last < LATEST:
        first, last = _days_after(place.within_first, place.within_last, LATEST)
        return _slice(place, within_first=first, within_last=last)
    if place.last >= end:
        return None
    first, last = _days_after(place.first, place.last, end)
    return _slice(place, first=first, last=last, within_first=EARLIEST, within_last=LATEST)


def _days_after(first: date, last: date, end: date) -> tuple[date, date]:
    """Twice as many days as before, so that slices grow again after a busy time."""
    after = last + timedelta(days=1)
    return after, after + min(end - after, 2 * (last - first) + timedelta(days=1))


def _slice(place: Place, **days: date) -> Place:
    fresh = {"count": None, "offset": 0, "restarts": 0, "came_before": place.came, "ids": (), "again": False}
    return msgspec.structs.replace(place, **{**fresh, **days})
