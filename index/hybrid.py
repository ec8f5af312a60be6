"""`SearchIndex` over either engine: words and meaning, fused here, so that every engine answers alike."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from domain.errors import ModelUnavailable, SearchUnavailable
from domain.ports import Indexable, Projection
from domain.query import Facet, Hit, Node, Or, Preferring, Query, Reading, SearchPage, Sort, Word
from index.beside import Work
from index.cursor import Cursor, read_cursor, to_cursor, write_cursor
from index.embedded.analysers import Analysers
from index.engine import After, Codes, Engine, Match, VectorStore
from index.fusion import FLOOR, NEAREST, WINDOW, WORDLESS_FLOOR, fuse
from index.highlight import Marker
from index.language.mentions import agreed, versions
from index.language.parsing import parse_query
from index.language.suggestion import suggest
from index.language.tree import is_filtered, loosened
from index.oldest import oldest_first
from index.placing import Placing
from index.quantise import cosines_of
from index.questions import Questions

MAX_SIZE = 1000
"""The most hits on a page."""
_SPARE = 3
"""So many times as many similar papers are looked for as are shown: some may be gone by now."""
_OFF = "Search by meaning is not available here at the moment, so only papers with your words are listed."
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Window:
    """The papers that both halves have ranked together; those that have the words follow after `last`."""

    reading: Reading
    papers: tuple[tuple[str, float], ...]
    related: frozenset[str]
    """Those among them that lack the words."""
    total: int
    reached: int
    """How many of those with the words were ranked by them, from the best."""
    last: After | None
    """Where those with the words go on; None where there are no more."""


class HybridIndex:
    """Safe to share between threads. Raises `SearchError`."""

    def __init__(self, engine: Engine, store: VectorStore | None, questions: Questions | None) -> None:
        self._engine = engine
        self._store = store
        self._questions = questions
        self._analysers = Analysers()
        self._placing = Placing(self._analysers.words, self._analysers.places)

    # The projection: the engine's own.

    def position(self) -> int:
        """The change sequence up to which the index is up to date; 0 for a new one."""
        return self._engine.position()

    def write(self, upserts: Iterable[Indexable], deletes: Iterable[str], position: int) -> None:
        """Apply changes and move to `position`, durably; running it twice is the same as once."""
        self._engine.write(upserts, deletes, position)

    def count(self) -> int:
        """How many papers are in the index."""
        return self._engine.count()

    def ids(self) -> Iterator[str]:
        """The ids of all papers in the index, in no order."""
        return self._engine.ids()

    def clear(self) -> None:
        """Empty the index and go back to position 0; vectors stay, since they depend on the papers alone."""
        self._engine.clear()

    def replacement(self) -> AbstractContextManager[Projection]:
        """A new empty index to fill; it takes this one's place when the block ends without an error."""
        return self._engine.replacement()

    @property
    def vectors(self) -> Projection | None:
        """The semantic half, to be filled; None where there is no encoder."""
        return self._store if self._questions else None

    def changed_names(self) -> int:
        """How many things have other names in the table by now than when the index was built."""
        if not self._engine.count():
            return 0
        now = versions()
        return len(now) - len(agreed(self._engine.told(), now))

    def close(self) -> None:
        """Release what is held."""
        self._engine.close()

    # Answers.

    def search(self, query: Query) -> SearchPage:
        """Answer; any text is a valid query."""
        asked = parse_query(query.text, query.literal)
        notes: list[str] = []
        first = not query.offset and not query.cursor
        beside = [Work(lambda: suggest(self._engine, asked, query))] if first else []
        reading, total, related, matches, following = self._page(asked, query, notes, beside)
        return SearchPage(
            total=total,
            related=len(related),
            hits=self._hits(matches, related, reading.node, query.highlight),
            reading=reading,
            notes=tuple(notes),
            suggestion=beside[0].result() if beside else "",
            cursor=following,
        )

    def facets(self, query: Query) -> tuple[Facet, ...]:
        """The values of each facet among the papers that have what `query` asks for in words."""
        reading = parse_query(query.text, query.literal)
        return self._engine.facets((self._looser(reading, query) or reading).node, query)

    def _found(self, asked: Reading, query: Query, find: "_Find") -> tuple[Reading, int, list[Match]]:
        """What `find` finds; where a list of words asks for more than any paper has, for some of them."""
        total, ranked = find(asked.node)
        if total:
            return asked, total, ranked
        if is_filtered(query):
            loose = self._looser(asked, query)
            return (loose, *find(loose.node)) if loose else (asked, 0, [])
        for reading in loosened(asked):
            total, ranked = find(reading.node)
            if total:
                return reading, total, ranked
        return asked, 0, []

    def _looser(self, reading: Reading, query: Query) -> Reading | None:
        """The reading that asks for as much as some paper has; None where that is `reading` itself.

        Filters have no say in it: whoever narrows a search goes on with what it asked for.
        """
        everything = replace(query, filters={}, year_from=None, year_to=None)
        readings = [reading, *loosened(reading)]
        if len(readings) == 1:
            return None
        for loose in readings:
            if self._engine.find(loose.node, everything, Sort.NEWEST, 0)[0]:
                return None if loose is reading else loose
        return None

    def similar(self, paper_id: str, size: int = 5) -> tuple[Hit, ...]:
        """The papers closest in meaning to one; where none is close, those with words of its title."""
        matches = self._closest(paper_id, size) or self._worded_alike(paper_id, size)
        return tuple(Hit(match.paper_id, match.score) for match in matches[:size])

    def _closest(self, paper_id: str, size: int) -> list[Match]:
        """Those that have vectors already: while these are made, perhaps none."""
        if self._store is None or (found := self._store.stored([paper_id]).get(paper_id)) is None:
            return []
        near = self._store.nearest(found, Query(), _SPARE * size + 1)
        there = self._engine.scores(None, Query(), [match.paper_id for match in near])
        return [match for match in near if match.paper_id in there and _is_close(match, paper_id)]

    def _worded_alike(self, paper_id: str, size: int) -> list[Match]:
        shown = self._engine.shown([paper_id]).get(paper_id)
        words = tuple(Word(word) for word in (shown[0].split() if shown else ()))
        found = self._engine.find(Or(words), Query(), Sort.RELEVANCE, size + 1)[1] if words else []
        return [match for match in found if match.paper_id != paper_id]

    # The two halves.

    def _window(
        self, asked: Reading, query: Query, notes: list[str], beside: list[Work[str]]
    ) -> _Window | None:
        """What the halves ranked together; None where words alone decide. `beside` follows that of words."""
        if query.sort is not Sort.RELEVANCE or not query.meaning or not asked.meaning:
            return None
        if self._store is None or self._questions is None:
            return None
        find: _Find = lambda node: self._engine.find(node, query, Sort.RELEVANCE, WINDOW)  # noqa: E731
        by_words = Work(lambda: self._found(asked, query, find))
        store = self._store
        codes = Work(lambda: store.stored([match.paper_id for match in by_words.result()[2]]))
        by_words.begin(codes, *beside)
        meant = self._meant(store, self._questions, asked.meaning, query)
        reading, total, ranked = by_words.result()
        if meant is None:
            notes.append(_OFF)
            return None
        question, near = meant
        worded = {match.paper_id: match for match in ranked}
        reached = After(ranked[-1].score, ranked[-1].order) if len(ranked) < total and ranked else None
        others = [paper for paper in near if paper not in worded]
        having, lacking = self._judged(reading, query, others, beyond=reached is not None)
        worded |= having
        floor = FLOOR if worded else WORDLESS_FLOOR
        related = {paper: match for paper, match in lacking.items() if near[paper] >= floor}
        related |= self._favoured(reading, query, list(related))
        stored = codes.result() if near else {}
        close = dict(zip(stored, cosines_of(question, list(stored.values())), strict=True)) | {
            paper: near[paper] for paper in near if paper in worded or paper in related
        }
        listed = worded | related
        fused = fuse({paper: match.score for paper, match in listed.items()}, close)
        best = sorted(fused.items(), key=lambda item: (-item[1], -listed[item[0]].order))
        return _Window(reading, tuple(best), frozenset(related), total, len(ranked), reached)

    def _judged(
        self, reading: Reading, query: Query, papers: Sequence[str], *, beyond: bool
    ) -> tuple[Mapping[str, Match], Mapping[str, Match]]:
        """Of papers close in meaning those that have the words, and those to list although they lack them.

        Only where there are papers `beyond` those that the words ranked can any of these have them.
        """
        if not papers:
            return {}, {}
        if reading.strict:
            return (self._engine.scores(reading.node, query, papers) if beyond else {}), {}
        if beyond:
            return self._engine.judged(reading.node, query, papers)
        return {}, self._engine.scores(None, query, papers)

    def _favoured(self, reading: Reading, query: Query, papers: Sequence[str]) -> Mapping[str, Match]:
        """Those of the papers that have words of a question which only rank: they rank these, too."""
        if not papers or not isinstance(reading.node, Preferring):
            return {}
        return self._engine.judged(Or(reading.node.better), query, papers)[0]

    @staticmethod
    def _meant(
        store: VectorStore, questions: Questions, text: str, query: Query
    ) -> tuple[Codes, dict[str, float]] | None:
        """The question's vector and the papers closest to it; None where they are not known."""
        try:
            question = questions.vector(text)
            found = store.nearest(question, query, NEAREST)
        except ModelUnavailable:
            return None
        except SearchUnavailable as error:
            log.warning("searched by words alone: %s", error)
            return None
        return question, {match.paper_id: match.score for match in found}

    # Pages.

    def _page(self, asked: Reading, query: Query, notes: list[str], beside: list[Work[str]]) -> "_Page":
        cursor = read_cursor(query)
        window = self._window(asked, query, notes, beside)
        if window is None:
            for work in beside:
                work.begin()
            return self._by_words(asked, query, cursor)
        return self._fused(window, query, cursor)

    def _by_words(self, asked: Reading, query: Query, cursor: Cursor | None) -> "_Page":
        size, start = _asked_for(query, cursor), cursor.seen if cursor else max(0, query.offset)
        skipped = 0 if cursor and cursor.after else start

        def find(node: Node | None) -> tuple[int, list[Match]]:
            after = self._after(node, query, cursor)
            if query.sort is Sort.OLDEST:
                return oldest_first(self._engine, node, query, size, skipped, after)
            return self._engine.find(node, query, query.sort, size, skipped, after)

        reading, total, found = self._found(asked, query, find)
        return reading, total, frozenset(), *_cut(query, cursor, found, start, total)

    def _after(self, node: Node | None, query: Query, cursor: Cursor | None) -> After | None:
        """Where a page ended, by what its last paper scores now: all scores change when papers come or go."""
        if cursor is None or cursor.after is None or query.sort is not Sort.RELEVANCE:
            return cursor.after if cursor else None
        now = self._engine.scores(node, query, [paper for paper, _ in cursor.papers]) if cursor.papers else {}
        last = now.get(cursor.unmoved({paper: match.score for paper, match in now.items()}))
        return After(last.score, last.order) if last else cursor.after

    def _fused(self, window: _Window, query: Query, cursor: Cursor | None) -> "_Page":
        size, start = _asked_for(query, cursor), _start(window, query, cursor)
        matches = [Match(paper, score, 0) for paper, score in window.papers[start : start + size]]
        if len(matches) < size and window.last:
            matches += self._beyond(
                window, window.reading.node, query, cursor, start + len(matches), size - len(matches)
            )
        listed = window.total + len(window.related)
        return window.reading, window.total, window.related, *_cut(query, cursor, matches, start, listed)

    def _beyond(
        self, window: _Window, node: Node | None, query: Query, cursor: Cursor | None, start: int, size: int
    ) -> list[Match]:
        """Those with the words that follow after the window; some were in it for their meaning."""
        known = {paper for paper, _ in window.papers}
        extra = len(known) - window.reached - len(window.related)
        if cursor and cursor.after:
            after = self._after(node, query, cursor)
            _, found = self._engine.find(node, query, Sort.RELEVANCE, size + extra, after=after)
            return [match for match in found if match.paper_id not in known][:size]
        skipped = start - len(known)
        _, found = self._engine.find(node, query, Sort.RELEVANCE, skipped + size + extra, after=window.last)
        return [match for match in found if match.paper_id not in known][skipped : skipped + size]

    def _hits(
        self, matches: Sequence[Match], related: frozenset[str], node: Node | None, marked: bool
    ) -> tuple[Hit, ...]:
        shown = self._engine.shown([match.paper_id for match in matches]) if marked else {}
        marker = Marker(node, self._analysers.wording, self._placing.placed)
        return tuple(
            _hit(match, marker, shown.get(match.paper_id, ()), match.paper_id in related) for match in matches
        )


_Find = Callable[[Node | None], tuple[int, list[Match]]]
_Page = tuple[Reading, int, frozenset[str], list[Match], str]
"""How the question was read in the end, how many papers have the words, which are only related, the matches
of the page, and the cursor of the next."""


def _is_close(match: Match, paper_id: str) -> bool:
    return match.score >= FLOOR and match.paper_id != paper_id


def _size(query: Query) -> int:
    return max(0, min(query.size, MAX_SIZE))


def _asked_for(query: Query, cursor: Cursor | None) -> int:
    """Behind a cursor one more than is shown, as by now the numbers may not tell whether a page follows."""
    return _size(query) + (cursor is not None)


def _start(window: _Window, query: Query, cursor: Cursor | None) -> int:
    """How many of the papers that both halves ranked come before a page."""
    if cursor is None:
        return max(0, query.offset)
    if cursor.after:
        return max(cursor.seen, len(window.papers))
    scores = dict(window.papers)
    if last := cursor.unmoved(scores):
        return [*scores].index(last) + 1
    return max(0, cursor.seen - sum(paper not in scores for paper, _ in cursor.papers))


def _cut(
    query: Query, cursor: Cursor | None, found: list[Match], start: int, listed: int
) -> tuple[list[Match], str]:
    """The matches of a page of which one more may have been found, and the cursor of the next."""
    matches = found[: _size(query)]
    seen = start + len(matches)
    if not matches or not (len(found) > len(matches) if cursor else seen < listed):
        return matches, ""
    return matches, write_cursor(query, to_cursor(seen, matches))


def _hit(match: Match, marker: Marker, texts: Sequence[str], related: bool) -> Hit:
    if not texts:
        return Hit(match.paper_id, match.score, by_meaning=related)
    title, *abstracts = texts
    return Hit(match.paper_id, match.score, marker.title(title), marker.snippet(abstracts), related)
