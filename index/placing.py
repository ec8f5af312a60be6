"""Where in a text its searchable words are: as the analysers tell, who are asked once for each word."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from index.fields import Kind

_KEPT = 1 << 15
_WORD = re.compile(r"([^\W_]+)")
PLAIN = "\u0000-\u007f\u00a0-\u024f\u0370-\u03ff\u2000-\u206f\u2190-\u22ff"
"""Of these characters analysers make words just as the pattern above does: Latin, Greek, signs."""
_ODD = re.compile(f"[^{PLAIN}]")

_HEAD = 2
_IRREGULAR = str.maketrans("i", "y")
"""Of `dying` only `die` is left: that is all that becomes of the first two letters of a word."""

Heads = frozenset[str] | None
"""How words begin that may be the ones looked for; None where any may."""
Words = list[tuple[int, str]]
Places = list[tuple[int, str, int, int]]


def heads_of(words: Iterable[str]) -> Heads:
    """How words begin of which these may be what the analysers make."""
    heads = {word[:_HEAD] for word in words}
    if any(len(head) < _HEAD for head in heads):
        return None
    return frozenset(heads | {head.translate(_IRREGULAR) for head in heads})


class Placed(NamedTuple):
    """The words of a text in order, None where one is that is not looked for, and where they lie."""

    words: Sequence[str | None]
    bounds: Callable[[], Sequence[int]]
    """For each word where it starts and where it ends, one after the other."""


class Placing:
    """Safe to share between threads. The two functions are the engine's analysers."""

    def __init__(self, words: Callable[[Kind, str], Words], places: Callable[[Kind, str], Places]) -> None:
        self._places = places

        def analysed(kind: Kind, word: str) -> str | None:
            found = words(kind, word)
            return found[0][1] if found else None

        self._analysed = lru_cache(_KEPT)(analysed)

    def placed(self, kind: Kind, text: str, heads: Heads) -> Placed:
        """The words of `text`, which is `spaced`; at least those that begin like `heads`."""
        if not text.isascii() and _ODD.search(text):
            return _told(self._places(kind, text))
        parts, analysed = _WORD.split(text), self._analysed
        words = [
            analysed(kind, word)
            if heads is None or (head := word[:_HEAD].lower()) in heads or not head.isascii()
            else None
            for word in parts[1::2]
        ]
        return Placed(words, lambda: list(accumulate(map(len, parts))))


def _told(places: Places) -> Placed:
    words: list[str | None] = [None] * (places[-1][0] + 1 if places else 0)
    bounds = [0] * (2 * len(words))
    for place, word, start, end in places:
        words[place] = word
        bounds[2 * place : 2 * place + 2] = start, end
    return Placed(words, lambda: bounds)
