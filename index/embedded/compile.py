"""From a query's tree to tantivy query objects; text is never handed to tantivy's own parser."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import tantivy

from domain.identifiers import is_work_id
from domain.query import Node, Not, Query, Range, Sort, Word
from index.analysis import clean
from index.embedded.schema import KEY, ORDER, POSITION, exact_name, facet_name, paper_key
from index.engine import After
from index.fields import FIELD, Field, Kind
from index.language.walk import ANYWHERE, PREFIXED, TIE, Walk, bounds

Clause = tantivy.Query | None
"""None puts no condition: it is what a stop word becomes."""

_MUST, _SHOULD, _MUST_NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
_SPOKEN = (Kind.TEXT, Kind.NAME)
_HIGHEST = 2**62
_SINGLY = 1_000
"""Fewer keys than these are looked up one by one, which is up to four times as fast as a set."""

Frequency = Callable[[str, str], int]
"""In how many papers a field has a word."""
Words = Callable[[Kind, str], Sequence[tuple[int, str]]]
"""The words of a text, each with its position."""


_Guard = tuple[int, tantivy.Query]
"""How many papers pass, and which."""


class Compiler(Walk[tantivy.Query]):
    """Compiles one question. Codes and ranges choose papers and say nothing of how well they match."""

    def __init__(
        self,
        schema: tantivy.Schema,
        words: Words,
        mentions: Mapping[str, str],
        frequency: Frequency | None = None,
    ) -> None:
        """With `frequency`, what cannot be found is left out, and phrases are compared only where needed."""
        super().__init__(mentions)
        self._schema = schema
        self._analysed = words
        self._frequency = frequency or (lambda _, __: _HIGHEST)
        self._nothing = tantivy.Query.empty_query()
        self._guard: _Guard = (_HIGHEST, self._nothing)
        """What must be there anyway: only there are phrases compared."""

    def query(self, node: Node | None, query: Query, skip: str = "") -> tantivy.Query:
        """The papers that match `node` and the filters of `query`, but for those of the field `skip`."""
        matched = self.node(node) if node else None
        clauses = [(_MUST, matched or self.papers()), *self._passing(query, skip)]
        return tantivy.Query.boolean_query(clauses) if len(clauses) > 1 else clauses[0][1]

    def among(self, paper_ids: Sequence[str], node: Node | None, query: Query) -> tantivy.Query:
        """Those of these papers that match."""
        these = self._these(paper_ids)
        with self._guarded_by((len(paper_ids), these)):
            matched = self.node(node) if node else None
        wanted = [(_MUST, part) for part in (these, matched) if part]
        return tantivy.Query.boolean_query([*wanted, *self._passing(query)])

    def weighing(self, paper_ids: Sequence[str], node: Node, query: Query) -> Clause:
        """These papers, with a score where they match; None where `node` puts no condition."""
        these = self._these(paper_ids)
        with self._guarded_by((len(paper_ids), these)):
            matched = self.node(node)
        if matched is None:
            return None
        return tantivy.Query.boolean_query([(_MUST, these), (_SHOULD, matched), *self._passing(query)])

    def _these(self, paper_ids: Sequence[str]) -> tantivy.Query:
        keys = [paper_key(paper) for paper in paper_ids if is_work_id(paper)]
        if len(keys) > _SINGLY:
            return self._unscored(tantivy.Query.term_set_query(self._schema, KEY, keys))
        term = tantivy.Query.term_query
        return self._unscored(self._any([term(self._schema, KEY, key) for key in keys]))

    def beyond(self, query: tantivy.Query, sort: Sort, after: After) -> tantivy.Query:
        """The papers of `query` that come after that place when sorted by date."""
        low, high = (after.order + 1, None) if sort is Sort.OLDEST else (None, after.order - 1)
        left = self._between(ORDER, tantivy.FieldType.Unsigned, low, high)
        return tantivy.Query.boolean_query([(_MUST, query), (_MUST, self._unscored(left))])

    def papers(self) -> tantivy.Query:
        """Every paper, and not the document that holds the position."""
        return self._unscored(
            tantivy.Query.boolean_query([(_MUST, tantivy.Query.all_query()), (_MUST_NOT, self.position())])
        )

    def _passing(self, query: Query, skip: str = "") -> list[tuple[tantivy.Occur, tantivy.Query]]:
        return [(_MUST, self._unscored(part)) for part in self._filters(query, skip)]

    def _filters(self, query: Query, skip: str) -> list[tantivy.Query]:
        found = [
            self._any([self._filter(FIELD[name], value) for value in values])
            for name, values in query.filters.items()
            if name in FIELD and name != skip and values
        ]
        if skip != "year" and (query.year_from is not None or query.year_to is not None):
            found.append(self._range(Range("year", query.year_from, query.year_to)))
        return found

    def _filter(self, row: Field, value: str) -> tantivy.Query:
        if row.kind is Kind.KEYWORD:
            return self._term(row.name, clean(row.code(value)))
        return self._term(facet_name(row), clean(value)) if row.facet else tantivy.Query.empty_query()

    def _named(self, wordings: Sequence[str], name: str | None) -> Clause:
        clauses = [clause for text in wordings if (clause := self._sought(text, name))]
        found = [clause for clause in clauses if clause is not self._nothing]
        if clauses and not found:
            return self._nothing
        return tantivy.Query.disjunction_max_query(found, TIE) if found else None

    def _all(self, parts: Sequence[Node]) -> Clause:
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        words = [part for part in parts if isinstance(part, Word) and not part.prefix]
        with self._guarded_by(*filter(None, map(self._lone, words))):
            for part in parts:
                if isinstance(part, Not):
                    if excluded := self.node(part.part):
                        clauses.append((_MUST_NOT, excluded))
                elif wanted := self.node(part):
                    clauses.append((_MUST, wanted))
        if not clauses:
            return None
        if all(occur == _MUST_NOT for occur, _ in clauses):
            clauses.append((_MUST, self.papers()))
        return tantivy.Query.boolean_query(clauses) if len(clauses) > 1 else clauses[0][1]

    @contextmanager
    def _guarded_by(self, *guards: _Guard) -> Iterator[None]:
        """Have phrases looked for only where the rarest of what must be there anyway is."""
        before = self._guard
        self._guard = min([before, *guards], key=lambda guard: guard[0])
        try:
            yield
        finally:
            self._guard = before

    def _lone(self, part: Word) -> _Guard | None:
        row = FIELD.get(part.field or "title")
        words = self._analysed(row.kind, part.text) if row and row.kind in _SPOKEN else ()
        if len(words) != 1:
            return None
        names = [part.field] if part.field else [name for name, _ in ANYWHERE]
        frequency = sum(self._frequency(name, words[0][1]) for name in names)
        return frequency, self._unscored(self._any([self._term(name, words[0][1]) for name in names]))

    def _preferring(self, wanted: Clause, better: Sequence[tantivy.Query]) -> Clause:
        if not better:
            return wanted
        return tantivy.Query.boolean_query(
            [(_MUST, wanted or self.papers()), *((_SHOULD, clause) for clause in better)]
        )

    def _without(self, part: Node) -> Clause:
        excluded = self.node(part)
        if excluded is None:
            return None
        return tantivy.Query.boolean_query([(_MUST, self.papers()), (_MUST_NOT, excluded)])

    def _range(self, node: Range) -> tantivy.Query:
        return self._between(node.field, tantivy.FieldType.Unsigned, *bounds(node))

    def _between(
        self, name: str, kind: tantivy.FieldType, low: int | None, high: int | None
    ) -> tantivy.Query:
        return tantivy.Query.range_query(self._schema, name, kind, low, high)

    def _none(self) -> tantivy.Query:
        return self._nothing

    def _alternative(self, part: Node) -> Sequence[tantivy.Query]:
        # Of several words any may match in any field: asked for at once, that takes half as long as nested.
        if isinstance(part, Word) and part.field is None and not part.prefix:
            return self._everywhere(part.text)
        return super()._alternative(part)

    def _anywhere(self, text: str) -> Clause:
        rows = self._everywhere(text)
        return self._any(rows) if rows else None

    def _everywhere(self, text: str) -> list[tantivy.Query]:
        """The words in each field that has them; nothing for stop words."""
        words = self._analysed(Kind.TEXT, text)
        if not words:
            return []
        rows = ((self._row(name, words), weight) for name, weight in ANYWHERE)
        return [self._weighing(row, weight) for row, weight in rows if row is not self._nothing] or [
            self._nothing
        ]

    def _words(self, name: str, kind: Kind, text: str) -> Clause:
        words = self._analysed(kind, text)
        return self._row(name, words) if words else None

    def _row(self, name: str, words: Sequence[tuple[int, str]]) -> tantivy.Query:
        """The words next to each other, `IL-2` being two."""
        first, word = words[0]
        rarest = min(self._frequency(name, word) for _, word in words)
        if not rarest:
            return self._nothing
        if len(words) == 1:
            return self._term(name, word)
        phrase = tantivy.Query.phrase_query(
            self._schema, name, [(place - first, word) for place, word in words]
        )
        frequency, guard = self._guard
        if frequency >= rarest:
            return phrase
        return tantivy.Query.boolean_query([(_MUST, guard), (_MUST, phrase)])

    def _prefixed(self, text: str, name: str | None) -> Clause:
        if name is None:
            return self._any([clause for row in PREFIXED if (clause := self._prefix(row, text))])
        row = FIELD.get(name)
        return self._prefix(row, text) if row else tantivy.Query.empty_query()

    def _prefix(self, row: Field, text: str) -> Clause:
        """Words beginning so; of several (`anti-pd*`), the others must be there whole."""
        if row.kind is Kind.KEYWORD:
            return self._unscored(self._starts(row.name, clean(row.code(text))))
        words = [word for _, word in self._analysed(Kind.NAME, text)]
        if not words:
            return None
        name = exact_name(row)
        clauses = [(_MUST, self._unscored(self._term(name, word))) for word in words[:-1]]
        return tantivy.Query.boolean_query([*clauses, (_MUST, self._starts(name, words[-1]))])

    def _starts(self, name: str, start: str) -> tantivy.Query:
        # A pattern would take hundreds of times as long to prepare.
        return tantivy.Query.fuzzy_term_query(self._schema, name, start, distance=0, prefix=True)

    def _term(self, name: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, name, value)

    def position(self) -> tantivy.Query:
        """The document that holds the position."""
        return self._between(POSITION, tantivy.FieldType.Integer, 0, None)

    def _unscored(self, clause: tantivy.Query) -> tantivy.Query:
        return tantivy.Query.const_score_query(clause, 0.0)

    def _any(self, clauses: Sequence[tantivy.Query]) -> tantivy.Query:
        if not clauses:
            return self._nothing
        if len(clauses) == 1:
            return clauses[0]
        return tantivy.Query.boolean_query([(_SHOULD, clause) for clause in clauses])

    def _weighing(self, clause: tantivy.Query, weight: float) -> tantivy.Query:
        return clause if weight == 1 else tantivy.Query.boost_query(clause, weight)
