"""What both engines make of a query's tree alike; each only says what its clauses are."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from domain.query import And, Node, Not, Or, Phrase, Preferring, Range, Synonyms, Word
from index.analysis import clean
from index.fields import FIELD, FIELDS, SUBJECT, SUBJECT_WEIGHT, WEIGHTED, Kind
from index.language.mentions import TOLD, WEIGHT, token_of, version_of

Clause = TypeVar("Clause")

ANYWHERE = (*((row.name, row.weight) for row in WEIGHTED), (SUBJECT, SUBJECT_WEIGHT))
"""The fields in which a word asked of no field is looked for, and what a match there weighs."""
PREFIXED = tuple(row for row in FIELDS if row.everywhere)
"""The fields in which a beginning asked of no field is looked for."""
TIE = 0.2
"""What each name of a thing adds beside the best of them."""
_HIGHEST = 2**62


def bounds(node: Range) -> tuple[int | None, int | None]:
    """The range within what an engine can hold; from 0 on where neither end is given."""
    low, high = (None if value is None else min(max(value, 0), _HIGHEST) for value in (node.low, node.high))
    return (0 if low is None and high is None else low), high


class Walk(ABC, Generic[Clause]):
    """Compiles a tree. None puts no condition: it is what a stop word becomes."""

    def __init__(self, mentions: Mapping[str, str]) -> None:
        """With the tokens by which the index tells what its papers mention; see `index.language.mentions`."""
        self._mentions = mentions

    def node(self, node: Node) -> Clause | None:
        """One node; recursion is as deep as the parser lets brackets be."""
        match node:
            case And(parts):
                return self._all(parts)
            case Or(parts):
                clauses = self._alternatives(parts)
                return self._any(clauses) if clauses else None
            case Not(part):
                return self._without(part)
            case Preferring(part, better):
                return self._preferring(self.node(part), self._alternatives(better))
            case Range():
                return self._unscored(self._range(node))
            case Phrase(text, name):
                return self._sought(text, name)
            case Synonyms():
                return self._mentioned(node) or self._named(node.wordings, node.field)
            case Word(text, name, prefix):
                return self._prefixed(text, name) if prefix else self._sought(text, name)

    def _alternatives(self, parts: Sequence[Node]) -> list[Clause]:
        return [clause for part in parts for clause in self._alternative(part)]

    def _alternative(self, part: Node) -> Sequence[Clause]:
        """One of several parts any of which will do; nothing where it puts no condition."""
        clause = self._without(part.part) if isinstance(part, Not) else self.node(part)
        return (clause,) if clause is not None else ()

    def _mentioned(self, node: Synonyms) -> Clause | None:
        """Papers that mention a thing; None where the index does not tell, or tells by other wordings."""
        token = token_of(node.key)
        if self._mentions.get(token) != version_of(node.wordings) or node.field not in (None, *TOLD):
            return None
        places = ANYWHERE if node.field is None else ((node.field, 1.0),)
        return self._any(
            [self._weighing(self._term(name, token), weight * WEIGHT) for name, weight in places]
        )

    def _sought(self, text: str, name: str | None) -> Clause | None:
        if name is None:
            return self._anywhere(text)
        row = FIELD.get(name)
        if row is None or row.kind in (Kind.NUMBER, Kind.DATE):
            return self._none()
        if row.kind is Kind.KEYWORD:
            return self._unscored(self._term(name, clean(row.code(text))))
        return self._words(name, row.kind, text)

    @abstractmethod
    def _all(self, parts: Sequence[Node]) -> Clause | None:
        """Every part."""

    @abstractmethod
    def _any(self, clauses: Sequence[Clause]) -> Clause:
        """At least one of them."""

    @abstractmethod
    def _preferring(self, wanted: Clause | None, better: Sequence[Clause]) -> Clause | None:
        """What is wanted; those score higher that are `better`."""

    @abstractmethod
    def _without(self, part: Node) -> Clause | None:
        """Every paper but those of `part`."""

    @abstractmethod
    def _range(self, node: Range) -> Clause:
        """A range of years or days."""

    @abstractmethod
    def _term(self, name: str, value: str) -> Clause:
        """Exactly this word or code."""

    @abstractmethod
    def _weighing(self, clause: Clause, weight: float) -> Clause:
        """The same papers, with scores of that weight."""

    @abstractmethod
    def _none(self) -> Clause:
        """No paper."""

    @abstractmethod
    def _unscored(self, clause: Clause) -> Clause:
        """The same papers, all with the score 0."""

    @abstractmethod
    def _anywhere(self, text: str) -> Clause | None:
        """The words of `text` in any of `ANYWHERE`, each by its weight."""

    @abstractmethod
    def _words(self, name: str, kind: Kind, text: str) -> Clause | None:
        """The words of `text` next to each other, `IL-2` being two."""

    @abstractmethod
    def _named(self, wordings: Sequence[str], name: str | None) -> Clause | None:
        """Any of the names; the best of them counts, so that a paper gains little by using many."""

    @abstractmethod
    def _prefixed(self, text: str, name: str | None) -> Clause | None:
        """Words beginning so; of several (`anti-pd*`), the others must be there whole."""
