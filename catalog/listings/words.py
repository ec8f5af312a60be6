"""What lists of public listings are narrowed and ordered by, told from the listing itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from catalog.database import storable
from domain.instants import to_timestamp
from domain.listing import Edition, Moment, Opportunity, Series
from domain.listing_ports import Listing
from domain.listing_terms import codes, folded_words
from domain.profile import fold

_NEVER = "~"
"""Behind every instant and most titles."""
COUNTRY, CANCER_TYPE, LANGUAGE, SUPPORT = "ctls"
_FIELDS = {"country": COUNTRY, "cancer_type": CANCER_TYPE, "language": LANGUAGE, "support": SUPPORT}
_NOTHING_OPEN = ""
_LONGEST_PLACE = 120
_LONGEST_TAG = 40
_LONGEST_TAGS = 1500
"""No honest listing has more, and PostgreSQL's indexes hold no more."""


@dataclass(frozen=True, slots=True)
class Times:
    """Instants in UTC as text; None: it has none."""

    starts: str | None = None
    ends: str | None = None
    closes: str | None = None


def to_shown(listing: Listing, subkind: str, series: Series | None) -> dict[str, object]:
    """The row of a public listing; `series` is that of an edition. Raises `InvalidDate`."""
    times = to_times(listing)
    if isinstance(listing, Edition):
        place = times.starts or _NEVER
    elif isinstance(listing, Opportunity):
        place = times.closes or times.ends or _NEVER
    else:
        place = fold(listing.title)
    return {
        "subkind": subkind,
        "series": listing.series if isinstance(listing, Edition) else "",
        "attendance": listing.attendance.value if isinstance(listing, Edition | Opportunity) else "",
        "place": storable(place[:_LONGEST_PLACE]),
        "starts": times.starts,
        "ends": times.ends,
        "closes": times.closes,
        "tags": _to_tags(listing, series),
        "words": storable(folded_words(listing, series)),
    }


def to_times(listing: Listing) -> Times:
    """When it begins, is over, and can no longer be applied for. Raises `InvalidDate`."""
    if isinstance(listing, Edition):
        starts, ends = listing.starts.begins(), listing.ends.ends()
        last = max((deadline.moment.ends() for deadline in listing.deadlines), default=None)
        closes = None if last is None or listing.cancelled else min(last, starts)
        return Times(to_timestamp(starts), to_timestamp(ends), _to_text(closes) or _NOTHING_OPEN)
    if isinstance(listing, Opportunity):
        begins = listing.runs_from or listing.closes
        over = [moment.ends() for moment in (listing.closes, listing.runs_until) if moment]
        closing = listing.closes or listing.runs_until
        return Times(
            _to_text(begins.begins() if begins else None),
            _to_text(max(over, default=None)),
            _to_text(closing.ends() if closing else None),
        )
    return Times()


def to_tag(name: str, value: str) -> str:
    """What stands between bars in a row's `tags`; empty for what is no code."""
    plain = value.isascii() and value.isprintable() and "|" not in value
    return f"{name}:{value}" if plain and 0 < len(value) <= _LONGEST_TAG else ""


def to_query(words: str) -> list[str]:
    """The words of a question, as they stand in a row's `words`."""
    return fold(storable(words)).split()


def check_days(listing: Listing) -> None:
    """Raises `InvalidDate` where a day, time or zone of it does not exist."""
    for moment in _moments(listing):
        moment.ends()


def _moments(listing: Listing) -> Iterable[Moment]:
    if isinstance(listing, Edition):
        yield from (listing.starts, listing.ends, *(deadline.moment for deadline in listing.deadlines))
    elif isinstance(listing, Opportunity):
        given = (listing.opens, listing.closes, listing.runs_from, listing.runs_until)
        yield from (moment for moment in given if moment)


def _to_tags(listing: Listing, series: Series | None) -> str:
    """All that lists are narrowed by."""
    named = {_FIELDS[field]: values for field, values in codes(listing, series).items()}
    tags = dict.fromkeys(to_tag(name, value) for name, values in named.items() for value in values)
    text = "|"
    for tag in filter(None, tags):
        if len(text) + len(tag) < _LONGEST_TAGS:
            text += f"{tag}|"
    return text


def _to_text(moment: datetime | None) -> str | None:
    return None if moment is None else to_timestamp(moment)
