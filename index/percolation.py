"""Many searches asked of a few papers: which of them a subscribed search would have found, word for word.

A search on the site helps a reader along: it asks for less where nothing has all of the words, and mends
slips. One that letters are sent about means what it says, and twenty thousand of them must not take long.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from domain.ports import Indexable
from domain.query import Hit, Query, Reading
from index.embedded import EmbeddedEngine
from index.language import parse_query

_PAGE = 1000
_PARSED = 20_000
"""Readings are kept from one batch of papers to the next."""


class Percolation:
    """A few papers in an index of their own. Raises `SearchError`."""

    def __init__(self, folder: Path) -> None:
        """Keep its files in `folder`, which nobody else uses."""
        self._engine = EmbeddedEngine(folder)

    def write(self, papers: Iterable[Indexable]) -> None:
        """Add the papers."""
        self._engine.write(papers, [], 1)

    def search(self, query: Query) -> Iterator[Hit]:
        """All that have what `query` asks for, by relevance or in the order that it names."""
        node, found = _read(query.text, query.literal).node, 0
        while True:
            total, matches = self._engine.find(node, query, query.sort, _PAGE, found)
            yield from (Hit(match.paper_id, match.score) for match in matches)
            found += len(matches)
            if not matches or found >= total:
                return

    def close(self) -> None:
        """Release what is held."""
        self._engine.close()


@lru_cache(_PARSED)
def _read(text: str, literal: frozenset[str]) -> Reading:
    return parse_query(text, literal)
