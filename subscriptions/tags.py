"""Things found by their tags: however many ask, an answer costs a few operations on numbers.

Each thing is one bit; a tag is the number that has the bits of all things with it. What has one of some
values is their union, what has one value of each field the intersection over the fields.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Generic, TypeVar

T = TypeVar("T")
Tags = Mapping[str, Iterable[str]]
"""Field → the values that a thing has, or that one asks for."""


class Tagged(Generic[T]):
    """Some things with their tags and words."""

    def __init__(self, things: Iterable[tuple[T, Tags, str]]) -> None:
        """`things` come with their tags and the folded text in which words are looked for."""
        self._things: list[T] = []
        self._texts: list[str] = []
        self._masks: dict[tuple[str, str], int] = {}
        self._worded: dict[str, int] = {}
        for number, (thing, tags, text) in enumerate(things):
            self._things.append(thing)
            self._texts.append(text)
            for field, values in tags.items():
                for value in values:
                    self._masks[field, value] = self._masks.get((field, value), 0) | 1 << number
        self._all = (1 << len(self._things)) - 1

    def __len__(self) -> int:
        return len(self._things)

    def find(self, wanted: Tags, words: Sequence[str] = ()) -> Iterator[T]:
        """Those with one of the values of each field, and all of the words."""
        mask = self._all
        for field, values in wanted.items():
            mask &= reduce(or_, (self._masks.get((field, value), 0) for value in values), 0)
        mask = reduce(and_, map(self._having, words), mask) if mask else 0
        while mask:
            lowest = mask & -mask
            yield self._things[lowest.bit_length() - 1]
            mask ^= lowest

    def _having(self, word: str) -> int:
        if word not in self._worded:
            self._worded[word] = sum(1 << n for n, text in enumerate(self._texts) if word in text)
        return self._worded[word]
