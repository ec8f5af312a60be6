"""The embedded engine: tantivy, in a folder of this machine.

Many processes may read while one writes. How far the index is up to date is a document in the index itself,
replaced in the commit that brings the data: after a crash anywhere both are from before, or both from after.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.errors import SearchUnavailable
from domain.ports import Indexable
from domain.query import Facet, Node, Query, Sort
from index.embedded.analysers import Analysers
from index.embedded.compile import Compiler, Frequency
from index.embedded.counting import count_facets
from index.embedded.documents import Documents
from index.embedded.matching import count, dated, matches, passing, ranked, stored
from index.embedded.opening import Opening, View
from index.embedded.schema import POSITION, SHOWN
from index.embedded.telling import settled_mentions
from index.embedded.vocabulary import spellings
from index.embedded.writing import Filling, Writing, peek
from index.engine import After, Match, Spelling, judged_in_turn, told_apart
from index.language.tree import is_scored, is_told_by_score, words_of

_COUNTED = 20_000
_FILTERS = 50


class EmbeddedEngine:
    """`Engine` on tantivy. Safe to share between threads."""

    def __init__(self, folder: Path, *, path: Path | None = None) -> None:
        """Keep files in `folder`; with `path`, fill that generation before anyone reads it."""
        self._opening = Opening(folder, path)
        self._analysers = Analysers()
        self._documents = Documents(self._analysers)
        self._fills = path is not None
        self._filling: Filling | None = None
        self._read: Path | None = None
        """The generation whose position was last asked for."""
        self._counted: tuple[object, Frequency] = None, lambda _, __: 0
        """A commit, and in how many of its papers words are."""
        self._passed: tuple[object, dict[str, NDArray[np.uint64] | None]] = None, {}
        """A commit, and which of its papers pass the filters that were asked for last."""

    @property
    def path(self) -> Path | None:
        """The folder of the generation that is open."""
        return self._opening.path

    def position(self) -> int:
        """The change sequence up to which the index is up to date; 0 for a new one."""
        if self._filling and self._filling.position is not None:
            return self._filling.position
        with self._reading() as (view, compiler):
            self._read = view.path
            found = view.searcher.search(compiler.position(), 1, count=False).hits
            return int(stored(view.searcher, found[0][1], POSITION)) if found else 0

    def write(self, upserts: Iterable[Indexable], deletes: Iterable[str], position: int) -> None:
        """Apply changes and move to `position`, in one commit; running it twice is the same as once.

        A replacement commits all its writes together, when it is whole or is first read.

        Raises:
            SearchError: a paper's id is not one that the catalog gives.
        """
        with self._opening.guard():
            if self._fills:
                self._fill(upserts, deletes, position)
            else:
                self._change(upserts, deletes, position)

    def _change(self, upserts: Iterable[Indexable], deletes: Iterable[str], position: int) -> None:
        view, compiler = self._opened()
        self._opening.check_version()
        if self._read not in (None, view.path):
            raise SearchUnavailable("the search index was rebuilt meanwhile; sync again")
        papers, few = peek(upserts)
        writing = Writing(view.index, self._documents, few=few)
        try:
            self._documents.told = settled_mentions(view.path)
            writing.apply(papers, deletes)
            writing.commit(position, compiler.position())
        except BaseException:
            writing.rollback()
            raise
        finally:
            writing.close()

    def _fill(self, upserts: Iterable[Indexable], deletes: Iterable[str], position: int) -> None:
        view, _ = self._opened()
        filling = self._filling = self._filling or Filling(view.index, self._documents)
        self._documents.told = settled_mentions(view.path)
        try:
            filling.apply(upserts, deletes)
        except BaseException:
            self._filling = None
            filling.rollback()
            filling.close()
            raise
        filling.position = position

    def _settle(self) -> None:
        """Commit what was filled in so far."""
        filling = self._filling
        if filling and filling.position is not None:
            filling.commit(filling.position, self._opened()[1].position())
            filling.position = None

    def told(self) -> Mapping[str, str]:
        """The things that papers are told to mention, each with the version of its names."""
        with self._reading() as (view, _):
            return view.mentions

    def find(
        self,
        node: Node | None,
        query: Query,
        sort: Sort,
        size: int,
        offset: int = 0,
        after: After | None = None,
    ) -> tuple[int, list[Match]]:
        """How many papers match in all, exactly, and `size` of them from `offset` or after `after`."""
        with self._reading() as (view, compiler):
            wanted = compiler.query(node, query)
            if sort is Sort.RELEVANCE and is_scored(node):
                return ranked(view.searcher, wanted, offset, size, after)
            left = compiler.beyond(wanted, sort, after) if after else None
            return dated(view.searcher, wanted, left, sort, offset, size)

    def scores(self, node: Node | None, query: Query, paper_ids: Sequence[str]) -> Mapping[str, Match]:
        """Those of the papers that match, as `find` would give them."""
        with self._reading() as (view, compiler):
            wanted = compiler.among(paper_ids, node, query)
            found = view.searcher.search(wanted, max(1, len(paper_ids)), count=False).hits
            hits = found if is_scored(node) else [(0.0, place) for _, place in found]
            return {match.paper_id: match for match in matches(view.searcher, hits)}

    def judged(
        self, node: Node | None, query: Query, paper_ids: Sequence[str]
    ) -> tuple[Mapping[str, Match], Mapping[str, Match]]:
        """Of those papers that pass the filters those that match, as `find` would tell; and the rest."""
        if node is None or not is_told_by_score(node):
            return judged_in_turn(self, node, query, paper_ids)
        words = words_of(node)
        with self._reading() as (view, compiler):
            wanted = compiler.weighing(paper_ids, words or node, query)
            if wanted is None:
                return judged_in_turn(self, node, query, paper_ids)
            hits = view.searcher.search(wanted, max(1, len(paper_ids)), count=False).hits
            having, lacking = told_apart(matches(view.searcher, hits))
        if not words or not having:
            return having, lacking
        found = self.scores(node, query, list(having))
        others = {paper: match._replace(score=0.0) for paper, match in having.items() if paper not in found}
        return found, lacking | others

    def passing(self, query: Query, most: int) -> NDArray[np.uint64] | None:
        """The keys of the papers that pass the filters and years of `query`; None when over `most` do."""
        with self._reading() as (view, compiler):
            commit, kept = self._passed
            if commit != view.state or len(kept) > _FILTERS:
                kept = {}
                self._passed = view.state, kept
            asked = repr((sorted(query.filters.items()), query.year_from, query.year_to, most))
            if asked not in kept:
                kept[asked] = passing(view.searcher, compiler.query(None, query), most)
            return kept[asked]

    def facets(self, node: Node | None, query: Query) -> tuple[Facet, ...]:
        """Each facet under the filters of the others, in the order of the field table."""
        with self._reading() as (view, compiler):
            return count_facets(view.searcher, compiler, node, query)

    def shown(self, paper_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Title, then abstracts, of each paper that is there."""
        with self._reading() as (view, compiler):
            wanted = compiler.among(paper_ids, None, Query())
            hits = view.searcher.search(wanted, max(1, len(paper_ids)), count=False).hits
            found = matches(view.searcher, hits)
            texts = (view.searcher.doc(place).get_all(SHOWN) for _, place in hits)
            return {match.paper_id: shown for match, shown in zip(found, texts, strict=True)}

    def spellings(self, words: Sequence[str]) -> Mapping[str, Sequence[Spelling]]:
        """For each word those of titles and abstracts one or two slips away, itself among them."""
        with self._reading() as (view, _):
            return {word: spellings(view.searcher, word) for word in words if word}

    def count(self) -> int:
        """How many papers are in the index."""
        with self._reading() as (view, compiler):
            return count(view.searcher, compiler.papers())

    def ids(self) -> Iterator[str]:
        """The ids of all papers in the index, in no order."""
        with self._reading() as (view, compiler):
            found = view.searcher.search(compiler.papers(), max(1, view.searcher.num_docs), count=False).hits
            yield from (match.paper_id for match in matches(view.searcher, found))

    def clear(self) -> None:
        """Empty the index and go back to position 0; also mends a damaged one."""
        with self.replacement():
            pass

    @contextmanager
    def replacement(self) -> Iterator["EmbeddedEngine"]:
        """A new empty index to fill; it takes this one's place when the block ends without an error."""
        with ExitStack() as stack:
            with self._opening.guard():
                path = stack.enter_context(self._opening.filling())
            fresh = stack.enter_context(closing(EmbeddedEngine(self._opening.folder, path=path)))
            yield fresh
            fresh._finish()
            fresh.close()
            with self._opening.guard():
                self._opening.adopt(path)
                self._read = None

    def _finish(self) -> None:
        with self._opening.guard():
            self._settle()
            if self._filling:
                self._filling.close()
                self._filling = None

    def close(self) -> None:
        """Release what is held."""
        filling, self._filling = self._filling, None
        if filling:
            with self._opening.guard():
                filling.rollback()
                filling.close()
        self._opening.close()

    def _opened(self) -> tuple[View, Compiler]:
        view = self._opening.view()
        return view, Compiler(view.index.schema, self._analysers.wording, view.mentions)

    @contextmanager
    def _reading(self) -> Iterator[tuple[View, Compiler]]:
        """The latest commit, by whichever process it was made."""
        with self._opening.guard():
            self._settle()
            view = self._opening.view()
            known, frequency = self._counted
            if known != view.state:
                frequency = lru_cache(_COUNTED)(view.searcher.doc_freq)
                self._counted = view.state, frequency
            yield view, Compiler(view.index.schema, self._analysers.wording, view.mentions, frequency)
