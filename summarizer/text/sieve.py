"""Patterns that look for their rarest words first: most sentences have none of them, and need no search.

Hundreds of patterns are asked of each sentence, and few are found. A pattern is parsed once for words of
which one must stand in whatever it finds; to see that none does takes a fraction of the search.
"""

import re
from collections.abc import Iterable, Sequence
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_SHORTEST = 2
_MOST = 40
_REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)

Words = frozenset[str]


class Sieved:
    """A pattern, searched for only in texts that hold a word that it cannot do without."""

    __slots__ = ("_pattern", "_words")

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern = pattern
        words = needed(pattern)
        self._words = tuple(sorted(w for w in words if not any(other in w for other in words - {w})))

    def search(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        if not self._words:
            return self._pattern.search(text)
        folded = text.casefold()
        for word in self._words:
            if word in folded:
                return self._pattern.search(text)
        return None


def sieved(pattern: str, flags: int = 0) -> Sieved:
    """`pattern` compiled, with its sieve."""
    return Sieved(re.compile(pattern, flags))


def needed(pattern: re.Pattern[str]) -> Words:
    """Words, case folded, of which every match holds at least one; empty where there are no such."""
    return _of_sequence(parser.parse(pattern.pattern, pattern.flags))


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> Words:
    """The best of what the parts of a sequence need, each of which is found with it."""
    found: list[Words] = []
    run = ""
    for kind, value in items:
        if kind is code.LITERAL:
            run += chr(value)
            continue
        found.append(_of_run(run))
        run = ""
        found.append(_of_part(kind, value))
    return max((*found, _of_run(run)), key=_worth, default=frozenset())


def _of_part(kind: object, value: Any) -> Words:  # noqa: ANN401 - what the parser makes of it
    if kind is code.SUBPATTERN:
        return _of_sequence(value[-1])
    if kind is code.ATOMIC_GROUP:
        return _of_sequence(value)
    if kind in _REPEATS and value[0] > 0:
        return _of_sequence(value[-1])
    return _of_branches(value[1]) if kind is code.BRANCH else frozenset()


def _of_branches(branches: Sequence[Any]) -> Words:
    needs = [_of_sequence(branch) for branch in branches]
    return frozenset().union(*needs) if all(needs) else frozenset()


def _of_run(run: str) -> Words:
    return frozenset({run.casefold()}) if len(run) >= _SHORTEST or not run.isascii() else frozenset()


def _worth(words: Words) -> tuple[bool, int, int]:
    """Long words are rarer than short ones, few sooner looked for than many."""
    return 0 < len(words) <= _MOST, min((len(word.strip()) for word in words), default=0), -len(words)
