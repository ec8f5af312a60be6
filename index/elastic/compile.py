"""From a query's tree to the engine's query language; text never reaches a query parser of its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.query import Node, Not, Query, Range
from index.analysis import clean
from index.elastic.schema import exact_name, prepared
from index.embedded.schema import ORDER, facet_name
from index.fields import FIELD, Field, Kind
from index.language.walk import ANYWHERE, PREFIXED, TIE, Walk, bounds

Json = dict[str, Any]
Clause = Json | None
"""None puts no condition: it is what a stop word becomes."""

PAPERS: Json = {"bool": {"filter": [{"exists": {"field": ORDER}}]}}
"""Every paper, and not the document that holds the position."""
_NOWHERE = "\ue001"
"""A word that no paper has."""
_NONE: Json = {"match_none": {}}


class Compiler(Walk[Json]):
    """Compiles; `words` is the analyser, which tells whether a text has any.

    Codes and ranges choose papers and say nothing of how well they match.
    """

    def __init__(
        self, words: Callable[[Kind, str], list[tuple[int, str]]], mentions: Mapping[str, str]
    ) -> None:
        super().__init__(mentions)
        self._words_of = words

    def query(self, node: Node | None, query: Query) -> Json:
        """The papers that match `node` and the filters of `query`."""
        matched = self.node(node) if node else None
        filters = list(self.filters(query).values())
        if not filters:
            return matched or PAPERS
        return {"bool": {"must": [matched or PAPERS], "filter": filters}}

    def filters(self, query: Query) -> dict[str, Json]:
        """A clause for each field that the query is filtered by."""
        found = {
            name: _filter(FIELD[name], values)
            for name, values in query.filters.items()
            if name in FIELD and values
        }
        if query.year_from is not None or query.year_to is not None:
            years = self._range(Range("year", query.year_from, query.year_to))
            found["year"] = {"bool": {"filter": [years, *([found["year"]] if "year" in found else [])]}}
        return found

    def _named(self, wordings: Sequence[str], name: str | None) -> Clause:
        clauses = [clause for text in wordings if (clause := self._sought(text, name))]
        return {"dis_max": {"queries": clauses, "tie_breaker": TIE}} if clauses else None

    def _all(self, parts: Sequence[Node]) -> Clause:
        wanted = [clause for part in parts if not isinstance(part, Not) and (clause := self.node(part))]
        excluded = [clause for part in parts if isinstance(part, Not) and (clause := self.node(part.part))]
        if not wanted and not excluded:
            return None
        if not excluded and len(wanted) == 1:
            return wanted[0]
        return {"bool": {"must": wanted or [PAPERS], "must_not": excluded}}

    def _preferring(self, wanted: Clause, better: Sequence[Json]) -> Clause:
        return {"bool": {"must": [wanted or PAPERS], "should": list(better)}} if better else wanted

    def _without(self, part: Node) -> Clause:
        excluded = self.node(part)
        return {"bool": {"must": [PAPERS], "must_not": [excluded]}} if excluded else None

    def _anywhere(self, text: str) -> Clause:
        found = [self._words(name, Kind.TEXT, text, weight) for name, weight in ANYWHERE]
        clauses = [clause for clause in found if clause]
        return self._any(clauses) if clauses else None

    def _words(self, name: str, kind: Kind, text: str, weight: float = 1.0) -> Clause:
        """The words of `text` next to each other, `IL-2` being two."""
        words = self._words_of(kind, text)
        if not words:
            return None
        found: Json = {"match_phrase": {name: {"query": prepared(text), "boost": weight}}}
        if len(words) == 1:
            return found
        # A shard that has none of a phrase's words would be left out when papers are counted for its score.
        counted = self._term(name, _NOWHERE)
        return {"bool": {"must": [found], "should": [counted]}}

    def _prefixed(self, text: str, name: str | None) -> Clause:
        if name is None:
            clauses = [clause for row in PREFIXED if (clause := self._start(row, text))]
            return self._any(clauses) if clauses else None
        row = FIELD.get(name)
        return self._start(row, text) if row else _NONE

    def _start(self, row: Field, text: str) -> Clause:
        if row.kind in (Kind.NUMBER, Kind.DATE):
            return _NONE
        if row.kind is Kind.KEYWORD:
            return self._unscored({"prefix": {row.name: {"value": clean(row.code(text))}}})
        return self._beginning(exact_name(row), text)

    def _beginning(self, field: str, text: str) -> Clause:
        """Words beginning so; of several (`anti-pd*`), the others must be there whole."""
        words = [word for _, word in self._words_of(Kind.NAME, text)]
        if not words:
            return None
        start = {"prefix": {field: {"value": words[-1]}}}
        if len(words) == 1:
            return start
        return {"bool": {"must": [start], "filter": [self._term(field, word) for word in words[:-1]]}}

    def _any(self, clauses: Sequence[Json]) -> Json:
        if len(clauses) == 1:
            return clauses[0]
        return {"bool": {"should": list(clauses), "minimum_should_match": 1}}

    def _range(self, node: Range) -> Json:
        ends = zip(("gte", "lte"), bounds(node), strict=True)
        return {"range": {node.field: {name: bound for name, bound in ends if bound is not None}}}

    def _weighing(self, clause: Json, weight: float) -> Json:
        ((name, asked),) = clause["term"].items()
        return {"term": {name: asked | {"boost": weight}}}

    def _term(self, name: str, value: str) -> Json:
        return {"term": {name: {"value": value}}}

    def _none(self) -> Json:
        return _NONE

    def _unscored(self, clause: Json) -> Json:
        return {"bool": {"filter": [clause]}}


def _filter(row: Field, values: Sequence[str]) -> Json:
    if row.kind is Kind.KEYWORD:
        return {"terms": {row.name: [clean(row.code(value)) for value in values]}}
    return {"terms": {facet_name(row): [clean(value) for value in values]}} if row.facet else _NONE
