"""Which news belong to which wishes: each distinct wish is asked once, however many people share it.

New papers are put into a small index of their own, which each search then asks; topics are looked up by tags,
papers by their ids. What it costs grows with the new papers and the wishes, not with the subscribers.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import lru_cache
from typing import Protocol

from domain.errors import SearchError
from domain.paper import Paper
from domain.ports import Catalog, Indexable, SearchIndex
from domain.query import Hit, Query, Reading, Sort
from domain.subscription import News, NewsKind, Wish, WishKind
from subscriptions.news import Batch, Fresh, reported_trials
from subscriptions.papers import load_papers
from subscriptions.ranking import fitting, rank
from subscriptions.recency import RECENT, to_day, to_instant
from subscriptions.tags import Tagged

PAGE = 1000
_NOT_FILTERS = frozenset({"from", "to", "literal", "meaning", "sort"})
_DIGEST = "has_digest"
_STEPS = 20
"""Of how well papers fit a search."""
log = logging.getLogger(__name__)


class Percolator(Protocol):
    """A few papers that searches are asked about. Raises `SearchError`."""

    def write(self, papers: Iterable[Indexable]) -> None:
        """Add the papers."""
        ...

    def search(self, query: Query) -> Iterable[Hit]:
        """All that have what `query` asks for, the best first; it is never asked for less."""
        ...


Opener = Callable[[], AbstractContextManager[Percolator]]
"""Gives an empty one, gone when the block ends."""
Reader = Callable[[str, frozenset[str]], Reading]
"""How a search text is understood, given the groups of synonyms that are switched off."""


class Matcher:
    """A batch of news, to be asked by wishes."""

    def __init__(self, batch: Batch, catalog: Catalog, percolator: Percolator) -> None:
        self._catalog = catalog
        self._percolator = percolator
        self._fresh = {fresh.paper.id: fresh for fresh in batch.digested + batch.added}
        self._added = {fresh.paper.id for fresh in batch.added}
        self._news = {name: to_news(fresh) for name, fresh in self._fresh.items()}
        self._tagged = Tagged((self._news[f.paper.id], _tags(f.paper), "") for f in batch.added)
        self._happened: dict[str, list[News]] = {}
        for paper, news in batch.happened:
            for name in (paper.id, *paper.aliases):
                self._happened.setdefault(name, []).append(news)
        self._reporting: dict[tuple[str, str], list[Fresh]] = {}
        for fresh in batch.reporting:
            for trial in reported_trials(fresh.paper):
                self._reporting.setdefault(trial, []).append(fresh)
        if self._fresh:
            self._fill()

    def match(self, wishes: Sequence[Wish]) -> dict[str, list[News]]:
        """Key of the wish → its news; wishes without any are left out. Raises `SearchError`."""
        results = self._find_results(wishes)
        found: dict[str, list[News]] = {}
        for wish in wishes:
            news = list(self._of(wish)) + results.get(wish.target, [])
            if news:
                found[wish.key] = news
        return found

    def _of(self, wish: Wish) -> Iterator[News]:
        if wish.kind is WishKind.SEARCH and self._fresh:
            yield from self._searched(wish)
        elif wish.kind is WishKind.TOPIC:
            wanted = {name: tuple(map(str.lower, values)) for name, values in wish.filters}
            yield from self._tagged.find(wanted)
        elif wish.kind is WishKind.PAPER:
            yield from self._happened.get(wish.target, ())

    def _searched(self, wish: Wish) -> Iterator[News]:
        wanted = self._news if wish.values(_DIGEST) else self._added
        best = 0.0
        for hit in self._hits(wish):
            best = best or hit.score
            if hit.paper_id in wanted:
                yield _fitted(self._news[hit.paper_id], hit.score / best if best > 0 else 1.0)

    def _hits(self, wish: Wish) -> list[Hit]:
        try:
            return list(self._percolator.search(to_query(wish, Sort.RELEVANCE)))
        except SearchError as error:
            list(self._percolator.search(Query()))  # raises where it is not the wish that is at fault
            log.warning("a search that is subscribed to cannot be asked: %s", error)
            return []

    def _find_results(self, wishes: Sequence[Wish]) -> Mapping[str, list[News]]:
        """Paper that is watched → papers that report results of a trial it names."""
        if not self._reporting:
            return {}
        watched = [wish.target for wish in wishes if wish.kind is WishKind.PAPER]
        papers = load_papers(self._catalog, watched)
        return {target: list(self._results(papers[target])) for target in watched if target in papers}

    def _results(self, paper: Paper) -> Iterator[News]:
        for trial in dict.fromkeys((trial.registry, trial.id) for trial in paper.trials):
            for fresh in self._reporting.get(trial, ()):
                if fresh.paper.id != paper.id:
                    yield News(NewsKind.RESULTS, paper.id, fresh.at, fresh.paper.id)

    def _fill(self) -> None:
        papers = [fresh.paper for fresh in self._fresh.values()]
        digests = self._catalog.published_audiences([paper.id for paper in papers])
        self._percolator.write([Indexable(paper, digests.get(paper.id, ())) for paper in papers])


def to_query(wish: Wish, sort: Sort, size: int = PAGE, offset: int = 0) -> Query:
    """The question that a search asks, by its words alone: what is close in meaning never ends."""
    return Query(
        text=wish.text,
        filters={name: values for name, values in wish.filters if name not in _NOT_FILTERS},
        year_from=_year(wish, "from"),
        year_to=_year(wish, "to"),
        sort=sort,
        size=size,
        offset=offset,
        highlight=False,
        meaning=False,
        literal=frozenset(wish.values("literal")),
    )


def newest(index: SearchIndex, read: Reader, wish: Wish, most: int, size: int) -> Iterator[str]:
    """The papers of the site that a search finds, the newest first. Raises `SearchError`.

    An index that has nothing with all the words offers what has some of them: that is not what was asked for.
    """
    seen = 0
    while seen < most:
        page = index.search(to_query(wish, Sort.NEWEST, min(size, most - seen), seen))
        if not page.hits or page.reading != read(wish.text, frozenset(wish.values("literal"))):
            return
        yield from (hit.paper_id for hit in page.hits)
        seen += len(page.hits)
        if seen >= page.total:
            return


def to_news(fresh: Fresh) -> News:
    """A new paper as news to those whose wish it fits as well as can be."""
    published = to_day(fresh.paper.primary.published or "")
    days = (to_instant(fresh.at).date() - published).days if published else RECENT.days
    age = min(max(days / RECENT.days, 0.0), 1.0)
    return News(NewsKind.PAPER, fresh.paper.id, fresh.at, rank=fitting(rank(fresh.paper, age), 1.0))


def _fitted(news: News, match: float) -> News:
    """The better it fits what was asked, the earlier it comes; those that fit about alike share one value."""
    steps = round(match * _STEPS)
    return _step(news, steps) if steps < _STEPS else news


@lru_cache(20_000)
def _step(news: News, steps: int) -> News:
    return replace(news, rank=fitting(news.rank, steps / _STEPS - 1.0))


def _tags(paper: Paper) -> Mapping[str, Iterable[str]]:
    """As searches by topic find it: the language is that of the version to read first."""
    named = {"cancer_type": paper.cancer_types, "country": paper.countries}
    named["language"] = (paper.primary.language,)
    return {name: tuple(map(str.lower, values)) for name, values in named.items()}


def _year(wish: Wish, name: str) -> int | None:
    text = next(iter(wish.values(name)), "")
    return int(text) if text.isdecimal() and len(text) <= 4 else None
