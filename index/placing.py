"""Where in a text the words are that are looked for: as the analysers tell, who are asked once for each."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from index.fields import Kind

_KEPT = 1 << 15
_WORD = re.compile(r"[^\W_]+")
_FOREIGN = re.compile(r"[^\x00-\x7f\W_][^\W_]*")
"""With the rest of its word, so that a word is found but once: it may be as long as the text."""
PLAIN = "\u0000-\u007f\u00a0-\u024f\u0370-\u03ff\u2000-\u206f\u2190-\u22ff"
"""Of these characters analysers make words just as the pattern above does: Latin, Greek, signs."""
_ODD = re.compile(f"[^{PLAIN}]")
_ENDING = 2
"""So many letters at the end of a stem may differ from the word: `possibility` becomes `possibl`."""
_SHORT = 3
_TURNED = "eiy"
"""Of so short a stem only these may (`dying` becomes `die`): `rak` must not begin like all words with R."""

Heads = frozenset[str]
"""How words begin that may be the ones looked for."""
Words = list[tuple[int, str]]
Places = list[tuple[int, str, int, int]]


def heads_of(words: Iterable[str]) -> Heads:
    """How words begin of which the analysers may make these."""
    heads = set(map(_head, words))
    return frozenset(head for head in heads if not any(head != one and head.startswith(one) for one in heads))


def _head(word: str) -> str:
    if len(word) > _SHORT:
        return word[:-_ENDING]
    return word.rstrip(_TURNED) or word[:1]


class Placed(NamedTuple):
    """A word as the analysers make it, and where it is."""

    word: str
    start: int
    end: int
    after: Callable[[int], tuple[str, int] | None]
    """The word that comes so many words later, and where it ends; None where none counts."""


class Placing:
    """Safe to share between threads. The two functions are the engine's analysers."""

    def __init__(self, words: Callable[[Kind, str], Words], places: Callable[[Kind, str], Places]) -> None:
        self._places = places

        def analysed(kind: Kind, word: str) -> str | None:
            found = words(kind, word)
            return found[0][1] if found else None

        self._analysed = lru_cache(_KEPT)(analysed)

    def placed(self, kind: Kind, text: str, heads: Heads) -> Iterator[Placed]:
        """The words of `text`, which is `spaced`, that begin like `heads`; perhaps others, too."""
        if not text.isascii() and _ODD.search(text):
            yield from _every(self._places(kind, text))
            return
        for start in _starts(text, heads):
            found = _WORD.match(text, start)
            if found and (word := self._analysed(kind, found[0])):
                yield Placed(word, start, found.end(), self._after(kind, text, found.end()))

    def _after(self, kind: Kind, text: str, end: int) -> Callable[[int], tuple[str, int] | None]:
        def after(steps: int) -> tuple[str, int] | None:
            found = next(islice(_WORD.finditer(text, end), steps - 1, None), None)
            word = self._analysed(kind, found[0]) if found else None
            return (word, found.end()) if found and word else None

        return after


def _starts(text: str, heads: Heads) -> list[int]:
    """Where words start that begin so, or that have letters which the analysers fold."""
    small = text.lower()
    starts: set[int] = set()
    for head in heads:
        place = small.find(head)
        while place >= 0:
            if place == 0 or not small[place - 1].isalnum():
                starts.add(place)
            place = small.find(head, place + 1)
    if not text.isascii():
        starts |= {_start(text, found.start()) for found in _FOREIGN.finditer(text)}
    return sorted(starts)


def _start(text: str, place: int) -> int:
    while place and text[place - 1].isalnum():
        place -= 1
    return place


def _every(places: Places) -> Iterator[Placed]:
    at = {place: (word, end) for place, word, _, end in places}
    for place, word, start, end in places:
        yield Placed(word, start, end, lambda steps, place=place: at.get(place + steps))  # type: ignore[misc]
