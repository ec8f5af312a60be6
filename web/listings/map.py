"""Where meetings are: how many in each country, and those whose place is known as dots."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from domain.listing import Attendance, Venue
from web.labels import label
from web.listings.conferences import Asked, every_item
from web.site import Site

_MOST_DOTS = 300
_LONGEST_TABLE = 120
MOST_MAPPED = 2_000
"""Meetings on one map, the soonest: each has to be read, which takes a tenth of a millisecond."""


@dataclass(frozen=True, slots=True)
class Country:
    """A row of the table."""

    code: str
    name: str
    count: int
    share: int
    """Of the country with the most, in percent."""
    address: str


@dataclass(frozen=True, slots=True)
class Dot:
    """Meetings at one place: degrees east and south of where the map begins, and how many."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class MapView:
    """The table, and the dots of what it counts."""

    total: int
    is_whole: bool
    """Whether that is all of the list."""
    online: int
    unknown: int
    countries: tuple[Country, ...]
    dots: tuple[Dot, ...]


def show(site: Site, asked: Asked) -> MapView:
    """Count the list by country."""
    counts: Counter[str] = Counter()
    spots: Counter[tuple[int, int]] = Counter()
    total = online = 0
    items = every_item(site, asked)
    for item in islice(items, MOST_MAPPED):
        venue, total = item.edition.venue, total + 1
        if item.edition.attendance is Attendance.ONLINE:
            online += 1
            continue
        counts[venue.country] += 1
        if spot := _spot(venue):
            spots[spot] += 1
    unknown = counts.pop("", 0)
    most = max(counts.values(), default=1)
    rows = sorted(counts.items(), key=lambda row: (-row[1], label("countries", row[0])))
    return MapView(
        total=total,
        is_whole=next(items, None) is None,
        online=online,
        unknown=unknown,
        countries=tuple(
            Country(code, label("countries", code), n, 100 * n // most, asked.address(country=code))
            for code, n in rows[:_LONGEST_TABLE]
        ),
        dots=tuple(Dot(x, y, min(2 + n**0.5, 9)) for (x, y), n in spots.most_common(_MOST_DOTS)),
    )


def _spot(venue: Venue) -> tuple[int, int] | None:
    if venue.latitude is None or venue.longitude is None:
        return None
    there = abs(venue.latitude) <= 90 and abs(venue.longitude) <= 180
    return (round(venue.longitude + 180), round(90 - venue.latitude)) if there else None
