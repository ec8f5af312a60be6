"""What lists of listings are narrowed by: their codes and their words, told from a listing and its series."""

import re
from collections.abc import Iterable, Mapping

from domain.listing import Attendance, Edition, Opportunity, Resource, Series
from domain.profile import fold

ATTENDED: Mapping[str, tuple[Attendance, ...]] = {
    "on-site": (Attendance.ON_SITE, Attendance.HYBRID),
    "online": (Attendance.ONLINE, Attendance.HYBRID),
    "hybrid": (Attendance.HYBRID,),
}
"""What a reader asks for by `attendance` in the address of a list → ways to take part that answer it."""
SUPPORT = ("travel", "visa", "online")
"""Help to take part in a meeting: grants for travel, letters for a visa, free seats online."""
_NONE = re.compile(
    r"[\s.–—-]*(?:0|n/?a|nil|unavailable|to be (?:announced|decided|confirmed)|tba|tbc"
    r"|(?:no|none|not)\b(?!-| for[ -]profit)(?! (?:(?:additional|extra|further|separate|registration"
    r"|participation|attendance|conference|congress|entry|admission|access|online|virtual) ){0,2}"
    r"(?:fees?|costs?|charges?|limits?|deadlines?|only|just)\b"
    r"(?! (?:waivers?|reductions?|discounts?|support)))"
    r"[^.,;]*)?[\s.]*",
    re.IGNORECASE,
)
"""Words by which organizers say that there is nothing; "no fee" says that there is something."""


def codes(
    listing: Series | Edition | Opportunity | Resource, series: Series | None = None
) -> dict[str, tuple[str, ...]]:
    """`country`, `cancer_type`, `language` and `support`; an edition without cancers has its `series`'."""
    return {
        "country": tuple(filter(None, _countries(listing))),
        "cancer_type": listing.cancer_types or (series.cancer_types if series else ()),
        "language": () if isinstance(listing, Series) else listing.languages,
        "support": tuple(_support(listing)) if isinstance(listing, Edition) else (),
    }


def folded_words(listing: Series | Edition | Opportunity | Resource, series: Series | None = None) -> str:
    """The text that each word of a question must stand in, folded."""
    return " ".join(fold(" ".join(part for part in _parts(listing, series) if part)).split())


def _countries(listing: Series | Edition | Opportunity | Resource) -> tuple[str, ...]:
    if isinstance(listing, Edition | Opportunity):
        return (listing.venue.country,)
    return listing.countries if isinstance(listing, Resource) else ()


def _support(edition: Edition) -> Iterable[str]:
    """Which of `SUPPORT` its organizers state that there is."""
    free = any(fee.online and fee.is_free for fee in edition.fees)
    given = (
        _is_stated(edition.travel_grants),
        edition.visa_letters is True,
        free or _is_stated(edition.free_online_seats),
    )
    return (name for name, there in zip(SUPPORT, given, strict=True) if there)


def _is_stated(text: str) -> bool:
    return _NONE.fullmatch(text) is None


def _parts(listing: Series | Edition | Opportunity | Resource, series: Series | None) -> Iterable[str]:
    yield from (listing.title, listing.summary)
    if isinstance(listing, Series):
        yield from (listing.acronym, *listing.organizers)
    elif isinstance(listing, Edition):
        yield from (listing.venue.city, *listing.organizers)
        if series:
            yield from (series.title, series.acronym, *series.organizers)
    else:
        yield listing.provider
        if isinstance(listing, Opportunity):
            yield listing.venue.city
