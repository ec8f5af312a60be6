"""What last week's letter would have held, and how much a week is to be expected, before anybody signs up.

Papers are asked of the site's own index, the newest first, and judged by the same rule as news; so what is
counted is what letters would have told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from domain.digest import Audience
from domain.instants import to_timestamp
from domain.listing_ports import Listings
from domain.ports import Catalog, SearchIndex
from domain.subscription import News, NewsKind, Wish, WishKind, to_wish
from subscriptions.composing import SECTION
from subscriptions.listings_news import ListingNews, MayApply, changed_news, closing_news
from subscriptions.matching import Matcher, Opener, Reader, newest, to_news
from subscriptions.news import Batch, Fresh, is_new
from subscriptions.ranking import once, ordered
from subscriptions.recency import RECENT, is_recent

_WEEK = timedelta(days=7)
_WEEKS = 4
_MOST, _PAGE = 400, 100
"""So many of the newest papers are looked at, some at a time."""
_PAPERS = (WishKind.SEARCH, WishKind.TOPIC)
_LISTINGS = (WishKind.MEETINGS, WishKind.DEADLINES, WishKind.SERIES, WishKind.OPPORTUNITIES)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a wish would have brought."""

    last_week: tuple[News, ...]
    """The first of what came within seven days, as a letter would have told it."""
    total: int
    """How much came within seven days."""
    per_week: float
    """On average of four weeks."""
    exact: bool
    """Whether all was looked at; else there is more."""


def preview(
    wish: Wish,
    audience: Audience,
    index: SearchIndex,
    read: Reader,
    catalog: Catalog,
    listings: Listings | None,
    may_apply: MayApply,
    now: datetime,
    open_percolator: Opener | None = None,
) -> Preview:
    """What `wish` would have brought lately. Raises `SearchError`, `CatalogError`.

    Without a percolator, what has any of many words counts, as on the site.
    """
    since = to_timestamp(now - _WEEKS * _WEEK)
    found, exact = list[News](), True
    if wish.kind in _PAPERS:
        search = _to_search(wish)
        fresh, exact = _papers(search, index, read, catalog, now, since)
        found = _meant(search, fresh, open_percolator, catalog)
    elif wish.kind in _LISTINGS and listings is not None:
        told = changed_news(listings, since, now).told + closing_news(listings, now)
        found = once(ListingNews(told, may_apply).match([wish]).get(wish.key, []))
    week = to_timestamp(now - _WEEK)
    last = [one for one in found if one.at > week]
    audiences = catalog.published_audiences([one.target for one in last if one.kind is NewsKind.PAPER])
    digested = frozenset(name for name, known in audiences.items() if audience in known)
    return Preview(tuple(ordered(last, digested)[:SECTION]), len(last), len(found) / _WEEKS, exact)


def _papers(
    search: Wish, index: SearchIndex, read: Reader, catalog: Catalog, now: datetime, since: str
) -> tuple[list[Fresh], bool]:
    """New papers that were added after `since`, and whether those are all."""
    found, looked = list[Fresh](), 0
    oldest = _WEEKS * _WEEK + RECENT
    hits = newest(index, read, search, _MOST, _PAGE)
    while ids := list(islice(hits, _PAGE)):
        papers = catalog.papers(ids)
        found += [Fresh(p, p.added_at) for p in papers if p.added_at > since and is_new(p, p.added_at)]
        looked += len(ids)
        if not any(is_recent(paper.primary.published, to_timestamp(now), oldest) for paper in papers):
            return found, True
    return found, looked < _MOST


def _meant(
    search: Wish, fresh: Sequence[Fresh], open_percolator: Opener | None, catalog: Catalog
) -> list[News]:
    """Those that letters would have told; the site lists more where it takes any of many words."""
    if not search.text or not fresh or open_percolator is None:
        return [to_news(one) for one in fresh]
    batch = Batch(added=list(fresh))
    with open_percolator() as percolator:
        return Matcher(batch, catalog, percolator).match([search]).get(search.key, [])


def _to_search(wish: Wish) -> Wish:
    """A topic as the search that finds the same."""
    if wish.kind is WishKind.SEARCH:
        return wish
    filters = {name: values for name, values in wish.filters if name != "language"}
    languages = " OR ".join(f"language:{tag}" for tag in wish.values("language"))
    return to_wish(WishKind.SEARCH, languages, filters)
