"""Which news belong to which wishes: each distinct wish is asked once, however many people share it.

New papers are put into a small index of their own, which each search then asks; topics are looked up by tags,
papers by their ids. What it costs grows with the new papers and the wishes, not with the subscribers.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from domain.errors import SearchError
from domain.paper import Paper
from domain.ports import Catalog, Indexable, SearchIndex
from domain.query import Query, Reading, Sort
from domain.subscription import News, NewsKind, Wish, WishKind
from subscriptions.news import Batch, Fresh, load_papers, reported_trials
from subscriptions.ranking import rank
from subscriptions.recency import RECENT, to_day, to_instant
from subscriptions.tags import Tagged

PAGE = 1000
_NOT_FILTERS = frozenset({"from", "to", "literal", "meaning", "sort"})
_DIGEST = "has_digest"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Percolator:
    """How searches are asked about a few papers."""

    open: Callable[[], AbstractContextManager[SearchIndex]]
    """Gives an empty index, gone when the block ends."""
    read: Callable[[str, frozenset[str]], Reading]
    """How a search text is understood, given the groups of synonyms that are switched off."""


class Matcher:
    """A batch of news, to be asked by wishes."""

    def __init__(self, batch: Batch, catalog: Catalog, index: SearchIndex, read: "Reader") -> None:
        self._catalog = catalog
        self._index = index
        self._read = read
        self._fresh = {fresh.paper.id: fresh for fresh in batch.digested + batch.added}
        self._added = {fresh.paper.id for fresh in batch.added}
        self._tagged = Tagged((fresh, _tags(fresh.paper), "") for fresh in batch.added)
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
            yield from (to_news(fresh) for fresh in self._tagged.find(wanted))
        elif wish.kind is WishKind.PAPER:
            yield from self._happened.get(wish.target, ())

    def _searched(self, wish: Wish) -> Iterator[News]:
        digested_too = any(field == _DIGEST for field, _ in wish.filters)
        for paper_id, match in ask(self._index, self._read, wish, Sort.RELEVANCE):
            if paper_id in self._added or (digested_too and paper_id in self._fresh):
                yield to_news(self._fresh[paper_id], match)

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
        self._index.write([Indexable(paper, digests.get(paper.id, ())) for paper in papers], [], 1)


Reader = Callable[[str, frozenset[str]], Reading]


def to_query(wish: Wish, sort: Sort, size: int, offset: int = 0, cursor: str = "") -> Query:
    """The question that a search asks, by its words alone: what is close in meaning never ends."""
    return Query(
        text=wish.text,
        filters={name: values for name, values in wish.filters if name not in _NOT_FILTERS},
        year_from=_year(wish, "from"),
        year_to=_year(wish, "to"),
        sort=sort,
        size=size,
        offset=offset,
        cursor=cursor,
        highlight=False,
        meaning=False,
        literal=frozenset(wish.values("literal")),
    )


def ask(
    index: SearchIndex, read: Reader, wish: Wish, sort: Sort, most: int = 1 << 30, size: int = PAGE
) -> Iterator[tuple[str, float]]:
    """The papers that a search finds, with how well they fit, from 0 to 1. Raises `SearchError`.

    An index that has nothing with all the words offers what has some of them: that is not what was asked for.
    """
    best, offset = 0.0, 0
    while True:
        try:
            page = index.search(to_query(wish, sort, min(most, size), offset))
        except SearchError as error:
            index.search(Query(size=0))  # raises where it is not the wish that is at fault
            log.warning("a search that is subscribed to cannot be asked: %s", error)
            return
        if not page.hits or page.reading != read(wish.text, frozenset(wish.values("literal"))):
            return
        best = best or page.hits[0].score
        yield from ((hit.paper_id, hit.score / best if best > 0 else 1.0) for hit in page.hits)
        offset += len(page.hits)
        if offset >= min(page.total, most):
            return


def to_news(fresh: Fresh, match: float = 1.0) -> News:
    """A new paper as news; the better it fits what was asked, the earlier it comes."""
    published = to_day(fresh.paper.primary.published or "")
    days = (to_instant(fresh.at).date() - published).days if published else RECENT.days
    age = min(max(days / RECENT.days, 0.0), 1.0)
    return News(NewsKind.PAPER, fresh.paper.id, fresh.at, rank=rank(fresh.paper, match, age))


def _tags(paper: Paper) -> Mapping[str, Iterable[str]]:
    """As searches by topic find it: the language is that of the version to read first."""
    named = {"cancer_type": paper.cancer_types, "country": paper.countries}
    named["language"] = (paper.primary.language,)
    return {name: tuple(map(str.lower, values)) for name, values in named.items()}


def _year(wish: Wish, name: str) -> int | None:
    text = next(iter(wish.values(name)), "")
    return int(text) if text.isdecimal() and len(text) <= 4 else None
