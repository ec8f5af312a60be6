"""Trust rules over the listings of the site: what a listing is judged beside."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from conferences.trust import Context, Neighbour, doubts
from conferences.trust.case import day_of
from domain.account import Person
from domain.errors import InvalidDate, NotFound
from domain.listing import Edition, Kind, Opportunity, Series, State
from domain.listing_ports import Doubt, Listed, Listing, Listings, Wanted

_MOST = 200
_SPAN = timedelta(days=32)
REPORTED = "reported"
"""The doubt that readers raise, which the catalog keeps."""


def judge(listings: Listings, listing: Listing, person: Person) -> tuple[Doubt, ...]:
    """What speaks against a listing that `person` hands in now."""
    return doubts(listing, to_context(listings, listing, person.id, datetime.now(UTC)))


def judge_again(listings: Listings, listed: Listed, account: str, now: datetime) -> tuple[Doubt, ...]:
    """What speaks against a listing beside what is here by now, with what readers reported."""
    context = to_context(listings, listed.latest, account, now, listed.created_at)
    reports = tuple(doubt for doubt in listed.doubts if doubt.rule == REPORTED)
    return (*reports, *doubts(listed.latest, context))


def to_context(listings: Listings, listing: Listing, account: str, now: datetime, at: str = "") -> Context:
    """The listings that it may have to do with: its account's, those that wait, those of the same weeks."""
    owned = listings.owned(account) if account else []
    mine = {listed.id for listed in owned}
    others = [*listings.queue(0, _MOST)[1], *_near(listings, listing)]
    handed_in = [listed for listed in owned if listed.public or listed.state is not State.DRAFT]
    series = _series_of(listings, listing)
    return Context(
        now=now,
        account=account,
        neighbours=(*_to_neighbours(handed_in, account), *_to_neighbours(others, "", mine)),
        series=series.latest if series and isinstance(series.latest, Series) else None,
        known=bool(series and series.public) or _is_public(listings, listing),
        approved=sum(listed.public is not None for listed in owned),
        at=at,
    )


def _to_neighbours(several: Iterable[Listed], account: str, but: Iterable[str] = ()) -> list[Neighbour]:
    apart, found = frozenset(but), {}
    for listed in several:
        if listed.id not in apart:
            found[listed.id] = Neighbour(listed.latest, account, listed.created_at)
    return list(found.values())


def _near(listings: Listings, listing: Listing) -> list[Listed]:
    """Public meetings of the same weeks, and listings that share the title's words."""
    kind = Kind.EDITION if isinstance(listing, Series | Edition) else _kind_of(listing)
    found = listings.public(Wanted(kind, words=listing.title[:200]), 0, _MOST // 4)[1]
    starts = day_of(listing.starts) if isinstance(listing, Edition) else None
    if starts and timedelta(0) < _SPAN < starts - datetime.min.date():
        try:
            middle = datetime(starts.year, starts.month, starts.day, tzinfo=UTC)
            wanted = Wanted(kind, since=middle - _SPAN, until=middle + _SPAN)
        except (OverflowError, InvalidDate):
            return found
        found = [*found, *listings.public(wanted, 0, _MOST)[1]]
    return found


def _kind_of(listing: Listing) -> Kind:
    return Kind.OPPORTUNITY if isinstance(listing, Opportunity) else Kind.RESOURCE


def _series_of(listings: Listings, listing: Listing) -> Listed | None:
    if not isinstance(listing, Edition) or not listing.series:
        return None
    try:
        return listings.listed(listing.series)
    except NotFound:
        return None


def _is_public(listings: Listings, listing: Listing) -> bool:
    try:
        return bool(listing.id) and listings.listed(listing.id).public is not None
    except NotFound:
        return False
