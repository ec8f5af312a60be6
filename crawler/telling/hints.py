"""Which of many pieces of text stand in a text, all looked for in one pass over it.

What a reader of papers looks for is rare: most texts hold no trial's id and tell of no shared data. Hints are
pieces without which it would find nothing, so that what has none of them is not read at all.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Generic, TypeVar

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from crawler.records.remembering import remembered

_T = TypeVar("_T")
_NOTHING: frozenset[Any] = frozenset()


class Hints(Generic[_T]):
    """Hints by what they are hints of, such as the code of a trial register.

    Where they are all of one thing, pieces that overlap need not be told apart, which is quicker. With
    `longest`, a piece within a longer one does not count.
    """

    def __init__(self, hints: Mapping[_T, Iterable[str]], *, longest: bool = False) -> None:
        of: dict[str, list[_T]] = {}
        for key, pieces in hints.items():
            for piece in pieces:
                of.setdefault(piece, []).append(key)
        self._of = tuple(map(frozenset, of.values()))
        self._each = len(hints) > 1 and not longest
        alone = MatchKind.LeftmostLongest if longest else MatchKind.LeftmostFirst
        kind = MatchKind.Standard if self._each else alone
        automaton = BytesAhoCorasick([_bytes(piece) for piece in of], kind, Implementation.DFA)
        self._find = automaton.find_matches_as_indexes

    def within(self, text: str | bytes) -> frozenset[_T]:
        """What `text`, in UTF-8 where it is bytes, holds a hint of; letter case counts.

        >>> sorted(Hints({"trial": ["nct", "isrctn"], "data": ["availab"]}).within("see isrctn12345678"))
        ['trial']
        """
        found = self._find(_bytes(text) if isinstance(text, str) else text, self._each)
        if not found:
            return _NOTHING
        if len(found) == 1:
            return self._of[found[0][0]]
        return frozenset().union(*[self._of[number] for number, _, _ in found])


@remembered(256, longest=20_000)
def lowered(text: str) -> bytes:
    """`text` in lower case and UTF-8; a passage is asked for by several readers, one after the other."""
    return _bytes(text.lower())


@cache
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern of a table, made when a text may hold it: all would take as long as reading many records."""
    return re.compile(pattern, flags)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
