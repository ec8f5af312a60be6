"""Trust rules over the listings of the site: what a listing is judged beside."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from conferences.trust import Context, Neighbour, doubts
from conferences.trust.case import day_of
from domain.account import Part, Person
from domain.errors import NotFound
from domain.listing import Edition, Kind, Opportunity, Series, State
from domain.listing_ports import Accounts, Doubt, Listed, Listing, Listings, Wanted

_MOST = 200
_HANDFUL = 3
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


def judge_owned(
    listings: Listings, accounts: Accounts, now: datetime, listed: Listed, changed: Listing
) -> tuple[Doubt, ...]:
    """What speaks against a change that nobody handed in, of a listing that has owners."""
    key = changed.series if isinstance(changed, Edition) else listed.id
    owners = (one.person for one in accounts.memberships(key) if one.part is Part.OWNER)
    return judge_again(listings, replace(listed, proposed=changed), next(owners, ""), now)


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
    """Public listings of the same organizer, with the same rare words, and of the same weeks."""
    kind = Kind.EDITION if isinstance(listing, Series | Edition) else _kind_of(listing)
    asked = [Wanted(kind, words=words) for words in _telling(listing)]
    starts = day_of(listing.starts) if isinstance(listing, Edition) else None
    if starts and 1900 < starts.year < 9000:
        middle = datetime(starts.year, starts.month, starts.day, tzinfo=UTC)
        asked.append(Wanted(kind, since=middle - _SPAN, until=middle + _SPAN))
    return [listed for wanted in asked for listed in listings.public(wanted, 0, _MOST)[1]]


def _telling(listing: Listing) -> Iterator[str]:
    """Words by which others like it are found: its organizers, and the longest words of its text.

    Copies change a few words; so the longest are asked for in two handfuls.
    """
    if isinstance(listing, Series | Edition):
        yield from listing.organizers[:2]
    words = sorted(dict.fromkeys(re.findall(r"\w{4,40}", listing.summary)), key=len, reverse=True)
    yield from (" ".join(words[at : at + _HANDFUL]) for at in (0, _HANDFUL) if words[at:])


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
