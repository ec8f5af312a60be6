"""By which word the wordings of things are noticed, and which words must stand beside that one.

All wordings with the same first word are a tree: the word behind it leads to what they name together, and
on to words that stand farther away.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from index.fields import Kind

Words = Callable[[Kind, str], Sequence[tuple[int, str]]]
"""The searchable words of a text, each with its position; stop words leave gaps."""

_ENDINGS = ("", "s", "es", "ies", "y", "e", "al", "ic", "ive", "itis", "ed", "ing", "er", "ly")
NONE = -1


@dataclass(slots=True)
class Node:
    """What some words name together."""

    first: int
    last: int
    """How far from the first word those are that stand outermost."""
    names: list[int] = field(default_factory=list)
    branch: int = NONE
    """The branch by which one more word leads on."""


@dataclass(slots=True)
class Branch:
    """The words that may stand at one distance from the first."""

    distance: int
    other: int
    """The branch for another distance, if there is one."""
    nodes: dict[str, int] = field(default_factory=dict)
    """Where they lead, by their stems."""


class Wordings:
    """Trees of wordings. Nodes and branches have numbers, by which they name one another."""

    def __init__(self, worded: Iterable[tuple[str, int]], words: Words) -> None:
        """Of wordings, with the numbers of what they name."""
        read = [(_Wording.of(text, words), name) for text, name in worded]
        self.forms = _forms([wording for wording, _ in read], words)
        """Stem → words that have it."""
        self.roots: dict[str, int] = {}
        """Words by which wordings are noticed → the node of each."""
        self.nodes: list[Node] = []
        self.branches: list[Branch] = []
        for wording, name in read:
            if wording.stems:
                self._add(wording, name)

    def beginning(self, stem: str) -> str:
        """How all words begin that have a stem."""
        forms = (stem, *self.forms[stem])
        one, other = min(forms), max(forms)
        pairs = enumerate(zip(one, other, strict=False))
        return one[: next((place for place, (a, b) in pairs if a != b), len(one))]

    def _add(self, wording: "_Wording", name: int) -> None:
        place, firsts = _noticed_by(wording, self.forms)
        if firsts[0] not in self.roots:
            self.roots.update(dict.fromkeys(firsts, self._node(0, 0)))
        number = self.roots[firsts[0]]
        beside = [(other - place, stem) for other, stem in wording.stems if other != place]
        for distance, stem in sorted(beside, key=_soonness):
            number = self._behind(number, distance, stem)
        if name not in (names := self.nodes[number].names):
            names.append(name)

    def _behind(self, number: int, distance: int, stem: str) -> int:
        """The node to which one more word leads; it is made if there is none."""
        node = self.nodes[number]
        place = node.branch
        while place != NONE and self.branches[place].distance != distance:
            place = self.branches[place].other
        if place == NONE:
            self.branches.append(Branch(distance, node.branch))
            place = node.branch = len(self.branches) - 1
        nodes = self.branches[place].nodes
        if stem not in nodes:
            nodes[stem] = self._node(min(node.first, distance), max(node.last, distance))
        return nodes[stem]

    def _node(self, first: int, last: int) -> int:
        self.nodes.append(Node(first, last))
        return len(self.nodes) - 1


class _Wording(NamedTuple):
    """A wording as it is searched for."""

    stems: Sequence[tuple[int, str]]
    """Its words that are no stop words."""
    words: Mapping[int, str]
    """All of them as they are written, in small letters."""

    @staticmethod
    def of(text: str, words: Words) -> "_Wording":
        return _Wording(words(Kind.TEXT, text), dict(words(Kind.NAME, text)))


def _soonness(other: tuple[int, str]) -> tuple[bool, int]:
    """In which order the words beside the first are looked at: the one behind it, then what is near."""
    distance, _ = other
    return distance != 1, abs(distance)


def _noticed_by(wording: _Wording, forms: Mapping[str, Sequence[str]]) -> tuple[int, Sequence[str]]:
    """At which of its words a wording is noticed, and the forms of that one; another must follow it."""
    stems = wording.stems
    if len(stems) == 1:
        return stems[0][0], forms[stems[0][1]]
    following = [a for a, b in pairwise(stems) if b[0] == a[0] + 1]
    if following:
        place, stem = max(following, key=lambda word: len(word[1]))
        return place, forms[stem]
    place = stems[-1][0] - 1
    return place, [wording.words[place]]


def _forms(wordings: Iterable[_Wording], words: Words) -> Mapping[str, Sequence[str]]:
    """Stem → words that have it: those in wordings, and what endings make of them."""
    worded: dict[str, dict[str, None]] = {}
    for wording in wordings:
        for place, stem in wording.stems:
            worded.setdefault(stem, {})[wording.words[place]] = None
    made = {
        stem: [base + ending for base in (stem, stem[:-1], stem + stem[-1:], *own) for ending in _ENDINGS]
        for stem, own in worded.items()
    }
    # As one text: to have each looked at by itself would take most of the time that it takes to begin.
    every = [*{form: None for of_stem in made.values() for form in of_stem if form.isascii() and form}]
    stems = {every[place]: stem for place, stem in words(Kind.TEXT, " ".join(every))}
    return {
        stem: [*{form: None for form in of_stem if stems.get(form) == stem} | worded[stem]]
        for stem, of_stem in made.items()
    }
