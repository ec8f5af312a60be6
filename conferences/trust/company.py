"""Rules about a listing beside others: its organizer's, its account's, and those whose words it has."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from conferences.trust.case import Case, Context, Neighbour, day_of, series_of, to_case, to_words
from config import load_table
from domain.listing import Attendance, Edition, Series

_RUN = 5
_MONTH = timedelta(days=31)


def two_cities(case: Case) -> Iterator[str]:
    """The organizer is in two countries on one day."""
    for other in _same_day(case):
        if other.venue.country != case.venue.country:
            yield f"{other.title}: {other.venue.city} {other.venue.country}, {other.starts.at[:10]}"


def two_places(case: Case) -> Iterator[str]:
    """The organizer is in two cities of a country on one day, as branches of a society may be."""
    for other in _same_day(case):
        same = other.venue.country == case.venue.country
        if same and to_words(other.venue.city) != to_words(case.venue.city):
            yield f"{other.title}: {other.venue.city}, {other.starts.at[:10]}"


def many_in_a_month(case: Case) -> Iterator[str]:
    """The organizer, or the account, has many meetings of different series within a month."""
    starts, most = day_of(case.starts), int(load_table("trust")["in_a_month"])
    if not starts or not isinstance(case.listing, Edition):
        return
    days = sorted(
        day for other in _by_same(case) if (day := day_of(other.starts)) and abs(day - starts) < _MONTH
    )
    days = sorted([*days, starts])
    for first in days:
        near = [day for day in days if first <= day < first + _MONTH]
        if len(near) >= most and starts in near:
            yield f"{len(near)} from {near[0]} to {near[-1]}"
            return


def many_at_once(case: Case) -> Iterator[str]:
    """The account handed in many within a day."""
    table, context = load_table("trust"), case.context
    most = table["at_once_trusted" if context.approved >= table["approved"] else "at_once"]
    own = (n for n in _others(case) if context.account and n.account == context.account)
    recent = [n for n in own if not isinstance(n.listing, Series) and _is_recent(n, context)]
    if len(recent) >= most:
        yield f"{len(recent) + 1} within a day"


def copied_text(case: Case) -> Iterator[str]:
    """The words of another organizer who was here before."""
    for other in _others(case):
        earlier = not case.context.at or other.at <= case.context.at
        if earlier and not _is_same_owner(case, other) and alike(case.listing.summary, other.listing.summary):
            yield other.listing.title


def repeated_text(case: Case) -> Iterator[str]:
    """The same words for another meeting of one's own."""
    for other in _others(case):
        if _is_same_owner(case, other) and alike(case.listing.summary, other.listing.summary):
            yield other.listing.title


def alike(one: str, other: str) -> bool:
    """Whether most of the shorter text stands in the other too."""
    mine, theirs = _runs(one), _runs(other)
    fewer, table = min(len(mine), len(theirs)), load_table("trust")
    return bool(fewer >= table["runs"] and len(mine & theirs) / fewer >= table["alike"])


@lru_cache(maxsize=4_000)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = to_words(text)
    return frozenset(tuple(words[n : n + _RUN]) for n in range(len(words) - _RUN + 1))


def _others(case: Case) -> Iterator[Neighbour]:
    """Neighbours that are not the same meeting, in whichever year."""
    for other in case.context.neighbours:
        if not case.own & {other.listing.id, series_of(other.listing)}:
            yield other


def _by_same(case: Case) -> Iterator[Edition]:
    """Editions of other series by the same organizer."""
    for other in _others(case):
        if isinstance(other.listing, Edition) and _is_same_organizer(case, other):
            yield other.listing


def _same_day(case: Case) -> Iterator[Edition]:
    starts, ends = day_of(case.starts), day_of(case.ends)
    on_site = isinstance(case.listing, Edition) and case.listing.attendance is not Attendance.ONLINE
    if not starts or not ends or not on_site or not case.venue.country:
        return
    for other in _by_same(case):
        first, last = day_of(other.starts), day_of(other.ends)
        there = other.venue.country and other.attendance is not Attendance.ONLINE and not other.cancelled
        if there and first and last and first <= ends and starts <= last:
            yield other


def _is_same_organizer(case: Case, other: Neighbour) -> bool:
    """By name. One account may serve several organizers: agencies do."""
    theirs = to_case(other.listing, case.context).organizers if isinstance(other.listing, Edition) else ()
    mine = {" ".join(to_words(name)) for name in case.organizers}
    return bool(mine & {" ".join(to_words(name)) for name in theirs})


def _is_same_owner(case: Case, other: Neighbour) -> bool:
    same_account = bool(case.context.account) and other.account == case.context.account
    return same_account or _is_same_organizer(case, other)


def _is_recent(other: Neighbour, context: Context) -> bool:
    """Whether it was handed in within a day of this one, before or after."""
    theirs = _to_instant(other.at, context.now)
    mine = _to_instant(context.at, context.now) or context.now
    return theirs is not None and abs(mine - theirs) < timedelta(days=1)


def _to_instant(at: str, now: datetime) -> datetime | None:
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=now.tzinfo)
