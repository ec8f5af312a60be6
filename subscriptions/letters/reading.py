"""What items are made of, read from the catalog as it is now, and fragments kept while it stays so."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.digest import Audience
from domain.errors import InvalidDate
from domain.listing import Edition, Opportunity, Series
from domain.listing_ports import Listings
from domain.paper import Paper
from domain.ports import Catalog
from domain.subscription import News, NewsKind
from subscriptions.letters.items import Item, to_paper
from subscriptions.letters.listed import to_edition, to_opportunity
from subscriptions.letters.rendering import Fragment, render_item
from subscriptions.letters.wording import Words
from subscriptions.papers import load_papers

KEPT = 4_096
"""Fragments held at most, each of some kilobytes."""
_MEETINGS = (NewsKind.MEETING, NewsKind.MOVED, NewsKind.CANCELLED, NewsKind.DEADLINE)
_OFFERS = (NewsKind.OPPORTUNITY, NewsKind.CLOSING)
_LISTED = (*_MEETINGS, *_OFFERS)
_ASK_EVERY = 1.0
"""Seconds for which the catalog is taken to be unchanged."""
_LISTED_FOR = 60.0
"""Seconds after which a listing is read again: it has no change log, and closes by the clock."""
_MANY_CHANGES = 2_000

Key = tuple[str, Audience, str]
"""Of a fragment: the key of the news, the audience, the letter's language."""


@dataclass(slots=True)
class _Kept:
    fragment: Fragment | None
    target: str
    until: float


class Shelf:
    """Rendered items: each made once for all letters of a language, and again when its paper changes."""

    def __init__(
        self,
        catalog: Catalog,
        listings: Listings | None,
        site: str,
        now: Callable[[], datetime],
        kept: int = KEPT,
    ) -> None:
        self._catalog = catalog
        self._listings = listings
        self._site = site
        self._now = now
        self._most = kept
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._position = -1
        self._asked_at = 0.0

    def fragments(
        self, news: Sequence[News], audience: Audience, words: Words
    ) -> list[tuple[News, Fragment]]:
        """Each of the news that can still be told, rendered. Raises `CatalogError`."""
        self._notice_changes()
        keys = [(one.key, audience, words.language) for one in news]
        clock = time.monotonic()
        with self._lock:
            kept = {key: held for key in keys if (held := self._kept.get(key)) and held.until > clock}
            for key in kept:
                self._kept.move_to_end(key)
        missing = [(key, one) for key, one in zip(keys, news, strict=True) if key not in kept]
        if missing:
            kept |= self._made(missing, audience, words)
        return [
            (one, fragment)
            for key, one in zip(keys, news, strict=True)
            if (fragment := kept[key].fragment) is not None
        ]

    def _notice_changes(self) -> None:
        """Forget what was made of papers that have changed since."""
        clock = time.monotonic()
        if self._position >= 0 and clock - self._asked_at < _ASK_EVERY:
            return
        last = self._catalog.last_change()
        if last == self._position:
            self._asked_at = clock
            return
        far = self._position < 0 or last - self._position > _MANY_CHANGES
        changes = [] if far else self._catalog.changes(self._position, _MANY_CHANGES)
        changed = {change.paper_id for change in changes}
        with self._lock:
            gone = [key for key, kept in self._kept.items() if far or kept.target in changed]
            for key in gone:
                del self._kept[key]
            self._position, self._asked_at = last, clock

    def _made(
        self, missing: Sequence[tuple[Key, News]], audience: Audience, words: Words
    ) -> dict[Key, _Kept]:
        clock, position = time.monotonic(), self._position
        items = self._items([one for _, one in missing], audience, words)
        made = {}
        for key, one in missing:
            item = items.get(one.key)
            until = clock + _LISTED_FOR if one.kind in _LISTED else float("inf")
            made[key] = _Kept(render_item(item, words) if item else None, one.target, until)
        with self._lock:
            if position == self._position:  # else what was read may be older than what was forgotten
                self._kept |= made
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def _items(self, news: Sequence[News], audience: Audience, words: Words) -> dict[str, Item]:
        told = [one.target for one in news if one.kind not in _LISTED]
        others = [one.detail for one in news if one.kind is NewsKind.RESULTS and one.detail]
        papers = load_papers(self._catalog, told + others)
        found: dict[str, Item] = {}
        for one in news:
            if paper := papers.get(one.target):
                digest = self._catalog.digest(paper.id, audience)
                found[one.key] = to_paper(one, paper, digest, papers.get(one.detail), words, self._site)
        return found | self._listed([one for one in news if one.kind in _LISTED], words)

    def paper(self, paper_id: str) -> Paper | None:
        """The paper that has that id or was found to be another; None where it is gone."""
        return load_papers(self._catalog, [paper_id]).get(paper_id)

    def _listed(self, news: Sequence[News], words: Words) -> dict[str, Item]:
        if not news or self._listings is None:
            return {}
        public = self._public([one.target for one in news])
        series = self._public([one.series for one in public.values() if isinstance(one, Edition)])
        found: dict[str, Item] = {}
        for one in news:
            try:
                item = self._listing_item(one, public.get(one.target), series, words)
            except InvalidDate:
                continue
            if item:
                found[one.key] = item
        return found

    def _listing_item(
        self, news: News, listing: object, series: dict[str, object], words: Words
    ) -> Item | None:
        if isinstance(listing, Edition) and news.kind in _MEETINGS:
            own = series.get(listing.series)
            if not isinstance(own, Series):
                return None
            return to_edition(news, listing, own, words, self._site, self._now())
        if isinstance(listing, Opportunity) and news.kind in _OFFERS:
            return to_opportunity(news, listing, words, self._site, self._now())
        return None

    def _public(self, ids: Iterable[str]) -> dict[str, object]:
        wanted = list(dict.fromkeys(ids))
        if not wanted or self._listings is None:
            return {}
        return {one.id: one.public for one in self._listings.several(wanted)}

    def series(self, series_id: str) -> Series | None:
        """A series that is public."""
        found = self._public([series_id]).get(series_id)
        return found if isinstance(found, Series) else None
