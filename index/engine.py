"""What the engines have in common: the few primitive things that `HybridIndex` builds every answer from."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from domain.ports import Projection
from domain.query import Facet, Node, Query, Sort

Codes = NDArray[np.int8]
"""One quantised vector, or one per row."""


class Match(NamedTuple):
    """A paper that was found. Equal scores come newest first: `(-score, -order)` sorts any list of them."""

    paper_id: str
    score: float
    order: int
    """Rises with the date of publication; different for every paper."""


@dataclass(frozen=True, slots=True)
class After:
    """Where a page ended: the key of its last match."""

    score: float
    order: int


def told_apart(found: Iterable[Match]) -> tuple[dict[str, Match], dict[str, Match]]:
    """Those with a score, and those without, by their papers."""
    having: dict[str, Match] = {}
    lacking: dict[str, Match] = {}
    for match in found:
        (having if match.score > 0 else lacking)[match.paper_id] = match
    return having, lacking


@dataclass(frozen=True, slots=True)
class Spelling:
    """A word that occurs in the index, and in how many papers."""

    word: str
    papers: int


class VectorStore(Projection, Protocol):
    """The semantic half: one quantised vector per paper."""

    def replacement(self) -> AbstractContextManager[Projection]:
        """An empty one to fill; it takes the place of this one when the block ends without an error."""
        ...

    def successor(self) -> AbstractContextManager[Projection]:
        """As `replacement`, but vectors of texts that are the same are taken over."""
        ...

    def nearest(self, vector: Codes, query: Query, size: int) -> list[Match]:
        """The papers closest to `vector` that pass the filters and years of `query`, best first.

        The score is the cosine of the quantised vectors. Without filters, some may be papers that the lexical
        half does not have or no longer has, and the order of those that tie is not told.
        """
        ...

    def stored(self, paper_ids: Sequence[str]) -> Mapping[str, Codes]:
        """The vectors of those papers that have one."""
        ...


class Engine(Projection, Protocol):
    """The lexical half, and what answers are shown from. Raises `SearchError`.

    A `node` is a tree of the query language, None for everything; of `query` the engine reads only the
    filters and the years.
    """

    def replacement(self) -> AbstractContextManager[Self]:
        """An empty one to fill; it takes the place of this one when the block ends without an error."""
        ...

    def close(self) -> None:
        """Release what is held."""
        ...

    def told(self) -> Mapping[str, str]:
        """The things that papers are told to mention, each with the version of its names."""
        ...

    def find(
        self,
        node: Node | None,
        query: Query,
        sort: Sort,
        size: int,
        offset: int = 0,
        after: After | None = None,
    ) -> tuple[int, list[Match]]:
        """How many papers match in all, exactly, and `size` of them from `offset` or after `after`.

        By relevance where the node is scored, else (scores 0) newest first.
        """
        ...

    def scores(self, node: Node | None, query: Query, paper_ids: Sequence[str]) -> Mapping[str, Match]:
        """Those of the papers that match, as `find` would give them."""
        ...

    def judged(
        self, node: Node | None, query: Query, paper_ids: Sequence[str]
    ) -> tuple[Mapping[str, Match], Mapping[str, Match]]:
        """Of those papers that pass the filters those that match, as `find` would tell; and the rest."""
        ...

    def facets(self, node: Node | None, query: Query) -> tuple[Facet, ...]:
        """Each facet under the filters of the others, in the order of the field table."""
        ...

    def shown(self, paper_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Title, then abstracts, of each paper that is there."""
        ...

    def spellings(self, words: Sequence[str]) -> Mapping[str, Sequence[Spelling]]:
        """For each word those of titles and abstracts one or two slips away; itself among them if it occurs.

        Words are given in small letters. For a word that is frequent it is enough to give the word itself.
        """
        ...


def judged_in_turn(
    engine: Engine, node: Node | None, query: Query, paper_ids: Sequence[str]
) -> tuple[Mapping[str, Match], Mapping[str, Match]]:
    """`Engine.judged` where the score alone does not tell which papers match: by two questions."""
    having = engine.scores(node, query, paper_ids)
    return having, engine.scores(None, query, [paper for paper in paper_ids if paper not in having])
