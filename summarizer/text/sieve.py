"""Patterns that look for their rarest words first: most sentences have none of them, and need no search.

Hundreds of patterns are asked of each sentence, and few are found. A pattern is taken apart once for words of
which one must stand in whatever it finds. The words of all patterns are looked for together, in one pass over
a text, and a pattern none of whose words is ever seen need not even be compiled.

Python's parser of patterns is its own affair. Where it is gone or gives something else, a pattern has no such
words, and is searched for by itself: slower, and the same is found.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from threading import Lock
from typing import Any

from ahocorasick_rs import BytesAhoCorasick, Implementation

_SHORTEST = 2
_MOST = 40
_RECENT = 256
"""Texts; each is asked of many patterns in turn."""
_SIGN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\\\]])*\]|[()|]", re.S)
# A group that captures, or flags that hold for all alternatives.
_WHOLE = re.compile(r"\((?!\?)|\(\?P|\(\?[a-zA-Z]+\)")
_EDGES = ("", "^", r"\b", "$")

Words = frozenset[str]


def _private(name: str) -> Any:  # noqa: ANN401 - a module of Python's own, or nothing
    try:
        return import_module(name)
    except ImportError:
        return None


code, parser = _private("re._constants"), _private("re._parser")
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


class Sieved:
    """A pattern, searched for only in texts that hold a word that it cannot do without.

    Where it has alternatives, each waits for words of its own, and is no pattern for the others' texts.
    """

    __slots__ = ("_always", "_whole", "waiting")

    def __init__(self, source: str, flags: int = 0) -> None:
        self._whole = _Lazy(source, flags)
        parts = [_add(part, flags) for part in alternatives(source)]
        self._always = frozenset(number for number, words in parts if not words)
        self.waiting = frozenset(number for number, words in parts if words)
        """The numbers of the alternatives that wait for words."""

    @property
    def always(self) -> bool:
        """Whether it must be searched for in every text."""
        return bool(self._always)

    def search(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        possible = _possible_in(text, len(_PARTS))
        if not self._always and self.waiting.isdisjoint(possible):
            return None
        first: re.Match[str] | None = None
        for number in sorted(self._always | (self.waiting & possible)):
            match = _PARTS[number].compiled().search(text)
            if match and (first is None or match.start() < first.start()):
                first = match
        return first

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        if not self._always and self.waiting.isdisjoint(_possible_in(text, len(_PARTS))):
            return iter(())
        return self._whole.compiled().finditer(text)


class _Lazy:
    """A pattern that is compiled when it is first looked for."""

    __slots__ = ("_flags", "_pattern", "_source")

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags
        self._pattern: re.Pattern[str] | None = None

    def compiled(self) -> re.Pattern[str]:
        """The pattern."""
        if self._pattern is None:
            self._pattern = re.compile(self._source, self._flags)
        return self._pattern


class SievedTable:
    """Many patterns that are asked of each text together: only those are gone through that could be found."""

    def __init__(self, patterns: Sequence[Sieved]) -> None:
        self._patterns = patterns
        self._always = {place for place, pattern in enumerate(patterns) if pattern.always}
        self._places = {part: place for place, pattern in enumerate(patterns) for part in pattern.waiting}

    def found(self, text: str) -> list[int]:
        """The places of those patterns that find something in `text`, in order."""
        here = self._places.keys() & _possible_in(text, len(_PARTS))
        places = self._always.union([self._places[part] for part in here])
        return [place for place in sorted(places) if self._patterns[place].search(text)]


_PARTS: list[_Lazy] = []
"""The alternatives of all patterns of this process; none ever goes."""
_WAITING: dict[str, list[int]] = {}
"""The words that they wait for, each with the numbers of those that wait for it."""
_ADDING = Lock()
"""Several threads read papers, and with another's number a pattern would never be found."""


def _add(source: str, flags: int) -> tuple[int, Words]:
    """The number of a new alternative, and the words that it waits for."""
    words = needed(source, flags)
    shortest = [word for word in words if not any(other in word for other in words - {word})]
    with _ADDING:
        number = len(_PARTS)
        for word in shortest:
            _WAITING.setdefault(word, []).append(number)
        _PARTS.append(_Lazy(source, flags))
    return number, words


@lru_cache(_RECENT)
def _possible_in(text: str, count: int) -> frozenset[int]:
    """The numbers of those of the first `count` alternatives one of whose words stands in `text`."""
    automaton, waiting = _automaton(count)
    found = automaton.find_matches_as_indexes(_bytes(_folded(text)), overlapping=True)
    return frozenset().union(*[waiting[word] for word in {word for word, _, _ in found}])


@lru_cache(1)
def _automaton(count: int) -> tuple[BytesAhoCorasick, list[list[int]]]:
    """The words that the first `count` alternatives wait for, and which do for each."""
    rows = list(_WAITING.items())
    words = [_bytes(word) for word, _ in rows]
    return BytesAhoCorasick(words, implementation=Implementation.DFA), [waiting for _, waiting in rows]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # broken sources have half letters


def sieved(pattern: str, flags: int = 0) -> Sieved:
    """`pattern` with its sieve; compiled when it is first looked for."""
    return Sieved(pattern, flags)


def alternatives(pattern: str) -> list[str]:
    """The alternatives of a pattern, in order; the pattern alone where it has none, captures or sets flags.

    What stands in one group to its end, such as words between two edges of words, is taken apart too.
    """
    depth = start = 0
    first = last = -1  # where the outermost groups begin and end
    found = []
    for match in _SIGN.finditer(pattern):
        sign, place = match[0], match.start()
        if sign == "(":
            if _WHOLE.match(pattern, place):
                return [pattern]
            first = place if first < 0 else first
            depth += 1
        elif sign == ")":
            depth -= 1
            last = place if depth == 0 and last < 0 else last
        elif sign == "|" and depth == 0:
            found.append(pattern[start:place])
            start = place + 1
    before, after = pattern[: max(first, 0)], pattern[last + 1 :]
    if found:
        return [*found, pattern[start:]]
    if before in _EDGES and after in _EDGES and pattern.startswith("(?:", first):
        inside = alternatives(pattern[first + 3 : last])
        return [f"{before}(?:{part}){after}" for part in inside] if len(inside) > 1 else [pattern]
    return [pattern]


def needed(pattern: str, flags: int = 0) -> Words:
    """Words, case folded, of which every match holds at least one; empty where there are no such."""
    try:
        return _of_sequence(parser.parse(pattern, flags))
    except re.error:
        raise
    except Exception:  # whatever a Python to come makes of patterns, they are still searched for
        return frozenset()


def _folded(text: str) -> str:
    # Patterns that do not mind capitals take the Turkish letters for an i; folding does not.
    return text.replace("İ", "i").replace("ı", "i").casefold()


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
    if str(kind) in _REPEATS and value[0] > 0:
        return _of_sequence(value[-1])
    return _of_branches(value[1]) if kind is code.BRANCH else frozenset()


def _of_branches(branches: Sequence[Any]) -> Words:
    needs = [_of_sequence(branch) for branch in branches]
    return frozenset().union(*needs) if all(needs) else frozenset()


def _of_run(run: str) -> Words:
    return frozenset({_folded(run)}) if len(run) >= _SHORTEST or not run.isascii() else frozenset()


def _worth(words: Words) -> tuple[bool, int, int]:
    """Long words are rarer than short ones, few sooner looked for than many."""
    return 0 < len(words) <= _MOST, min((len(word.strip()) for word in words), default=0), -len(words)
