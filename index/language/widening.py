"""Loose words of a query become nodes; those that name a thing become all the names of that thing."""

from itertools import groupby

from domain.query import And, Node, Synonyms
from index.language.leaves import joined, plain_word
from index.language.synonyms import Concept, apart, find_concepts

MAX_GROUPS = 100
"""A query is widened at most so often: each group may have dozens of names."""


class Widener:
    """Reads the loose words of one query, and remembers which things they named."""

    def __init__(self, literal: frozenset[str], notes: list[str]) -> None:
        self._literal, self._notes = literal, notes
        self._groups: dict[str, Synonyms] = {}
        self._left = MAX_GROUPS

    @property
    def groups(self) -> tuple[Synonyms, ...]:
        """All groups met so far, those that are switched off too, in order."""
        return tuple(self._groups.values())

    @property
    def off(self) -> frozenset[str]:
        """The keys of those that are switched off."""
        return frozenset(key for key in self._groups if self._is_off(key))

    def nodes(self, texts: list[str], *, denied: bool = False) -> list[Node]:
        """Words that were typed one after the other, as nodes asked of no field.

        Behind a sign that denies one thing (`denied`) this is one node still where it is switched off, or
        only its first word would be kept out and the others asked for.
        """
        nodes: list[Node] = []
        for starred, run in groupby(texts, lambda text: "*" in text):
            words = apart(list(run))
            nodes += map(plain_word, words) if starred else self._widened(words, denied)
        return nodes

    def _widened(self, words: list[str], denied: bool) -> list[Node]:
        nodes: list[Node] = []
        place = 0
        for start, end, concept in find_concepts(words):
            nodes += map(plain_word, words[place:start])
            group = self._group(concept, words[start:end])
            nodes += [joined(And, group)] if denied else group
            place = end
        return [*nodes, *map(plain_word, words[place:])]

    def _group(self, concept: Concept, words: list[str]) -> list[Node]:
        if self._left == 0:
            note = f"Other names were looked for of the first {MAX_GROUPS} things in this text only."
            self._notes.append(note)
            return list(map(plain_word, words))
        self._left -= 1
        written = " ".join(words)
        group = Synonyms(concept.key, concept.label, concept.wordings, written, concept.source)
        self._groups.setdefault(concept.key, group)
        return list(map(plain_word, words)) if self._is_off(concept.key) else [group]

    def _is_off(self, key: str) -> bool:
        return key in self._literal or "*" in self._literal
