"""From what happened to what each wish can be told: outbox and listings are read on from where we were.

A run that is killed is taken up where it was: telling the same again changes nothing, and where we are is
saved last.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.listing_ports import Listings
from domain.ports import Catalog
from domain.subscription import Wish
from domain.subscription_ports import Subscribers
from subscriptions.listings_news import ListingNews, MayApply, changed_news, closing_news
from subscriptions.matching import Matcher, Opener
from subscriptions.news import Batch, read_batch
from subscriptions.recalls import recall
from subscriptions.recency import to_instant

OUTBOX, LISTINGS, CLOSING = "outbox", "listings", "closing"
"""What positions are called: an outbox entry, microseconds since 1970, a day."""
_ENTRIES = 1000
_WISHES = 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Telling:
    """What a run has done."""

    entries: int = 0
    papers: int = 0
    """How many that have just appeared."""
    listings: int = 0
    """How many news of meetings and opportunities."""
    told: int = 0
    """How many pairs of a wish and a piece of news."""
    recalls: int = 0
    """How many letters were queued about papers that do not stand any more."""


def tell(
    catalog: Catalog,
    listings: Listings,
    subscribers: Subscribers,
    open_percolator: Opener,
    may_apply: MayApply,
    now: datetime,
) -> Telling:
    """Tell every wish what is new since the last time. Raises `CatalogError`, `SearchError`."""
    done = Telling()
    tell_papers(catalog, subscribers, open_percolator, now, done)
    tell_listings(listings, subscribers, may_apply, now, done)
    return done


def tell_papers(
    catalog: Catalog, subscribers: Subscribers, open_percolator: Opener, now: datetime, done: Telling
) -> None:
    """Read the outbox to its end, some entries at a time."""
    position = subscribers.position(OUTBOX)
    while entries := catalog.outbox(position, _ENTRIES):
        done.entries += len(entries)
        if subscribers.wishes("", 1):
            batch = read_batch(entries, catalog, now)
            done.papers += len(batch.added)
            done.recalls += recall(batch.warnings, subscribers, now)
            _tell_batch(batch, catalog, subscribers, open_percolator, done)
        position = entries[-1].id
        subscribers.reach(position, OUTBOX)


def _tell_batch(
    batch: Batch, catalog: Catalog, subscribers: Subscribers, open_percolator: Opener, done: Telling
) -> None:
    if not batch:
        return
    with open_percolator() as percolator:
        matcher = Matcher(batch, catalog, percolator)
        for wishes in _pages(subscribers):
            if matched := matcher.match(wishes):
                done.told += sum(map(len, matched.values()))
                subscribers.tell(matched)


def tell_listings(
    listings: Listings, subscribers: Subscribers, may_apply: MayApply, now: datetime, done: Telling
) -> None:
    """Tell what has changed among the public listings, and once a day what closes soon."""
    position = subscribers.position(LISTINGS)
    changed = changed_news(listings, _to_stamp(position), now)
    if position:  # the first time, everything is new to us but nothing is news
        _tell_all(subscribers, ListingNews(changed.told, may_apply), done)
    reached = max(position, _to_microseconds(changed.until) if changed.until else 1)
    if reached != position:
        subscribers.reach(reached, LISTINGS)
    today = now.date().toordinal()
    if today != subscribers.position(CLOSING):
        _tell_all(subscribers, ListingNews(closing_news(listings, now), may_apply), done)
        subscribers.reach(today, CLOSING)


def _tell_all(subscribers: Subscribers, news: ListingNews, done: Telling) -> None:
    done.listings += len(news)
    for wishes in _pages(subscribers) if len(news) else ():
        if matched := news.match(wishes):
            done.told += sum(map(len, matched.values()))
            subscribers.tell(matched)


def _pages(subscribers: Subscribers) -> Iterator[list[Wish]]:
    after = ""
    while found := subscribers.wishes(after, _WISHES):
        yield found
        after = found[-1].key


def _to_stamp(position: int) -> str:
    return (_EPOCH + timedelta(microseconds=position)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _to_microseconds(stamp: str) -> int:
    return (to_instant(stamp) - _EPOCH) // timedelta(microseconds=1)
