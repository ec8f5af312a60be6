"""News of meetings and opportunities: what is new, moved or cancelled, and what closes within a fortnight.

Each distinct wish is looked up by tags, so that a thousand wishes cost little more than one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import InvalidDate
from domain.instants import to_timestamp
from domain.listing import CareerStage, Deadline, Edition, EventStatus, Kind, Moment, Opportunity, Series
from domain.listing_ports import Listed, Listing, Listings, Wanted
from domain.listing_terms import ATTENDED, codes, folded_words
from domain.profile import fold
from domain.subscription import News, NewsKind, Wish, WishKind
from subscriptions.recency import to_instant
from subscriptions.tags import Tagged, Tags

FORTNIGHT = timedelta(days=14)
_PAGE = 200
_DEADLINES = (NewsKind.DEADLINE,)
_MEETINGS = (NewsKind.MEETING, NewsKind.MOVED, NewsKind.CANCELLED)
_OFFERS = (NewsKind.OPPORTUNITY, NewsKind.CLOSING)
_WANTED = {
    WishKind.MEETINGS: _MEETINGS,
    WishKind.DEADLINES: _DEADLINES,
    WishKind.SERIES: _MEETINGS + _DEADLINES,
    WishKind.OPPORTUNITIES: _OFFERS,
}
_RENAMED = {"kind": "subkind", "place": "country"}
MayApply = Callable[[Opportunity, str, CareerStage | None], bool]
"""Whether somebody from a country at a career stage may apply, by a sourced fact, as the pages tell; False,
too, where nothing says so."""


@dataclass(frozen=True, slots=True)
class Told:
    """A piece of news with the listing that it is of."""

    news: News
    listing: Listing


class ListingNews:
    """News of listings, to be asked by wishes."""

    def __init__(self, told: Iterable[tuple[Told, Series | None]], may_apply: MayApply) -> None:
        self._may_apply = may_apply
        self._tagged = Tagged(
            (one, _tags(one, series), folded_words(one.listing, series)) for one, series in told
        )

    def __len__(self) -> int:
        return len(self._tagged)

    def match(self, wishes: Iterable[Wish]) -> dict[str, list[News]]:
        """Key of the wish → its news; wishes without any are left out."""
        found = {wish.key: list(self._of(wish)) for wish in wishes if wish.kind in _WANTED}
        return {key: news for key, news in found.items() if news}

    def _of(self, wish: Wish) -> Iterator[News]:
        wanted: dict[str, Iterable[str]] = {"news": _WANTED[wish.kind]}
        if wish.kind is WishKind.SERIES:
            wanted["series"] = (wish.target,)
        for name, values in wish.filters:
            if name == "attendance":
                values = tuple(way for value in values for way in ATTENDED.get(value, ()))
            if name not in ("from", "stage"):
                wanted[_RENAMED.get(name, name)] = values
        reader = next(iter(wish.values("from")), ""), _to_stage(next(iter(wish.values("stage")), ""))
        for told in self._tagged.find(wanted, fold(wish.text).split()):
            mine = not any(reader) or (
                isinstance(told.listing, Opportunity) and self._may_apply(told.listing, *reader)
            )
            if mine:
                yield told.news


@dataclass(frozen=True, slots=True)
class Changed:
    """What has changed among the public listings, and when the last of them did."""

    told: list[tuple[Told, Series | None]]
    until: str
    """Empty where nothing has changed."""


def changed_news(listings: Listings, since: str, now: datetime) -> Changed:
    """What became public, was moved or cancelled after `since` and is to come. Raises `CatalogError`."""
    changed = list(_public(listings, now, since))
    told = _with_series(listings, (told for one in changed for told in _changed(listings, one, since, now)))
    return Changed(told, max((one.changed_at for one in changed), default=""))


def closing_news(listings: Listings, now: datetime) -> list[tuple[Told, Series | None]]:
    """What closes within a fortnight; an extended deadline is news again. Raises `CatalogError`."""
    closing = (told for one in _public(listings, now) for told in _closing(one.public, now))
    return _with_series(listings, closing)


def is_open(news: News, now: datetime) -> bool:
    """Whether what closes is still open, by what the news says; other news is."""
    if news.kind not in (NewsKind.DEADLINE, NewsKind.CLOSING):
        return True
    _, at, zone = [*news.detail.split("|"), "", ""][:3]
    try:
        return now < Moment(at, zone).ends()
    except InvalidDate:
        return False


def _public(listings: Listings, now: datetime, changed_after: str = "") -> Iterator[Listed]:
    editions = Wanted(Kind.EDITION, since=now, changed_after=changed_after)
    offers = Wanted(Kind.OPPORTUNITY, open_at=now, changed_after=changed_after)
    for wanted in (editions, offers):
        offset = 0
        while found := listings.public(wanted, offset, _PAGE)[1]:
            yield from found
            offset += len(found)


def _changed(listings: Listings, one: Listed, since: str, now: datetime) -> Iterator[Told]:
    public = one.public
    try:
        if isinstance(public, Edition):
            if kind := _edition_kind(listings, one, public, since, now):
                detail = "" if kind is NewsKind.MEETING else _span(public)
                yield Told(News(kind, one.id, to_timestamp(to_instant(one.changed_at)), detail), public)
        elif isinstance(public, Opportunity) and public.is_open(now) and _is_new(listings, one, since):
            yield Told(News(NewsKind.OPPORTUNITY, one.id, to_timestamp(to_instant(one.changed_at))), public)
    except InvalidDate:
        return


def _edition_kind(
    listings: Listings, one: Listed, edition: Edition, since: str, now: datetime
) -> NewsKind | None:
    status = edition.status(now)
    if status is EventStatus.PAST:
        return None
    if status is EventStatus.CANCELLED:
        return NewsKind.CANCELLED
    if _is_new(listings, one, since):
        return NewsKind.MEETING
    return NewsKind.MOVED if edition.earlier and status is not EventStatus.RUNNING else None


def _is_new(listings: Listings, one: Listed, since: str) -> bool:
    """Whether it has become public after `since`: it was never public before its first public change."""
    public = one.public
    if not isinstance(public, Edition | Opportunity) or public.sequence > 0:
        return False
    return one.created_at > since or any(
        entry.act == "approved" and entry.at > since for entry in listings.audit(one.id)
    )


def _closing(public: Listing | None, now: datetime) -> Iterator[Told]:
    try:
        if isinstance(public, Edition) and public.status(now) not in (
            EventStatus.CANCELLED,
            EventStatus.PAST,
        ):
            for deadline in public.deadlines:
                if _closes_soon(deadline.moment, now):
                    yield Told(_deadline_news(NewsKind.DEADLINE, public.id, deadline, now), public)
        elif isinstance(public, Opportunity) and public.closes and _closes_soon(public.closes, now):
            detail = f"|{public.closes.at}|{public.closes.zone}"
            yield Told(News(NewsKind.CLOSING, public.id, to_timestamp(now), detail), public)
    except InvalidDate:
        return


def _deadline_news(kind: NewsKind, target: str, deadline: Deadline, now: datetime) -> News:
    detail = f"{deadline.kind}|{deadline.moment.at}|{deadline.moment.zone}"
    return News(kind, target, to_timestamp(now), detail)


def _closes_soon(moment: Moment, now: datetime) -> bool:
    return now < moment.ends() <= now + FORTNIGHT


def _span(edition: Edition) -> str:
    return f"{edition.starts.at}/{edition.ends.at}"


def _with_series(listings: Listings, told: Iterable[Told]) -> list[tuple[Told, Series | None]]:
    every = list(told)
    wanted = list(dict.fromkeys(one.listing.series for one in every if isinstance(one.listing, Edition)))
    series: dict[str, Series] = {}
    for start in range(0, len(wanted), _PAGE):
        for found in listings.several(wanted[start : start + _PAGE]):
            if isinstance(found.public, Series):
                series[found.id] = found.public
    return [(one, series.get(getattr(one.listing, "series", ""))) for one in every]


def _tags(told: Told, series: Series | None) -> Tags:
    listing = told.listing
    found: dict[str, Sequence[str]] = {"news": (told.news.kind,), **codes(listing, series)}
    if isinstance(listing, Edition):
        found["series"] = (listing.series,)
        found["attendance"] = (listing.attendance,)
    elif isinstance(listing, Opportunity):
        found["subkind"] = (listing.kind,)
        found["attendance"] = (listing.attendance,)
    return found


def _to_stage(text: str) -> CareerStage | None:
    return CareerStage(text) if text in set(CareerStage) else None
