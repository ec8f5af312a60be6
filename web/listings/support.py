"""Help to take part in a meeting, as its organizers state it and lists are narrowed by it."""

from domain.listing import Edition
from domain.listing_ports import Listed, Listings, Wanted
from web.listings.lists import gathered

SUPPORT = {
    "travel": "Travel grants",
    "visa": "Letters for a visa",
    "online": "Free seats online",
}
_NONE = frozenset({"", "no", "none", "n/a", "-", "0"})


def gives(edition: Edition, support: str) -> bool:
    """Whether its organizers state that there is such support."""
    if support == "travel":
        return _is_stated(edition.travel_grants)
    if support == "visa":
        return edition.visa_letters is True
    free = any(fee.online and not fee.amount.strip("0. ") for fee in edition.fees)
    return free or _is_stated(edition.free_online_seats)


def with_support(
    listings: Listings, wanted: Wanted, support: str, offset: int, size: int
) -> tuple[int, list[Listed]]:
    """How many of a list give that support, and one page of them; the soonest 2,000 are looked at."""
    _, every = gathered(listings, wanted)
    found = [one for one in every if isinstance(one.public, Edition) and gives(one.public, support)]
    return len(found), found[offset : offset + size]


def _is_stated(text: str) -> bool:
    return text.strip(" .").lower() not in _NONE
