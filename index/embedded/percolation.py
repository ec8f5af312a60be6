"""Many searches asked of a few papers: which of them a subscribed search would have found, word for word.

A search on the site helps a reader along: it asks for less where nothing has all of the words, and mends
slips. One that letters are sent about means what it says, and twenty thousand of them must not take long.
Of a long list of words any will do on the site, since those with most of them come first there; here what has
no more than half of them is no news.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path

from domain.ports import Indexable
from domain.query import Hit, Node, Or, Preferring, Query, Reading, Sort
from index.embedded.engine import EmbeddedEngine
from index.engine import Match
from index.language.parsing import parse_query

_PAGE = 1000
_PARSED = 20_000
"""Readings are kept from one batch of papers to the next, but those of long texts, which are large."""
_LONG = 500
_WORDS = 2_000
"""Of so many words it is remembered which papers have them."""


@contextmanager
def open_percolation(folder: Path | None = None) -> Iterator["Percolation"]:
    """An empty one, gone when the block ends; its files lie in a folder of their own in `folder`."""
    with (
        tempfile.TemporaryDirectory(prefix="findings-news-", dir=folder) as name,
        closing(Percolation(Path(name))) as percolation,
    ):
        yield percolation


class Percolation:
    """A few papers in an index of their own. Raises `SearchError`."""

    def __init__(self, folder: Path) -> None:
        """Keep its files in `folder`, which nobody else uses."""
        self._engine = EmbeddedEngine(folder)
        self._having = lru_cache(_WORDS)(self._with)

    def write(self, papers: Iterable[Indexable]) -> None:
        """Add the papers."""
        self._having.cache_clear()
        self._engine.write(papers, [], 1)

    def search(self, query: Query) -> Iterator[Hit]:
        """All that have what `query` asks for, by relevance or in the order that it names."""
        reading = _read(query.text, query.literal)
        parts = _any_of(reading)
        for match in self._matches(reading.node, query):
            if not parts or 2 * sum(match.paper_id in self._having(part) for part in parts) > len(parts):
                yield Hit(match.paper_id, match.score)

    def close(self) -> None:
        """Release what is held."""
        self._engine.close()

    def _matches(self, node: Node | None, query: Query) -> Iterator[Match]:
        found = 0
        while True:
            total, matches = self._engine.find(node, query, query.sort, _PAGE, found)
            yield from matches
            found += len(matches)
            if not matches or found >= total:
                return

    def _with(self, part: Node) -> frozenset[str]:
        """The papers that have one of the words."""
        return frozenset(match.paper_id for match in self._matches(part, Query(sort=Sort.NEWEST)))


def _any_of(reading: Reading) -> tuple[Node, ...]:
    """The words of a list of which any will do; none where all are asked for, or "or" was written."""
    node = reading.node.node if isinstance(reading.node, Preferring) else reading.node
    return node.parts if isinstance(node, Or) and not reading.strict else ()


def _read(text: str, literal: frozenset[str]) -> Reading:
    return _kept(text, literal) if len(text) <= _LONG else parse_query(text, literal)


_kept = lru_cache(_PARSED)(parse_query)
