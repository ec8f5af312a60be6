"""Facets: how many papers have each value, counted in tantivy's columns."""

from collections.abc import Sequence

import tantivy

from domain.query import Bucket, Facet, Node, Query
from index.embedded.compile import Compiler
from index.embedded.schema import facet_name
from index.facets import to_buckets
from index.fields import FACETS, Field

_MANY = 100_000


def count_facets(
    searcher: tantivy.Searcher, compiler: Compiler, node: Node | None, query: Query
) -> tuple[Facet, ...]:
    """Each facet under the filters of the others; those without a filter of their own share one pass."""
    filtered = {name for name, values in query.filters.items() if values}
    if query.year_from is not None or query.year_to is not None:
        filtered.add("year")
    shared = [row for row in FACETS if row.name not in filtered]
    buckets = _counted(searcher, compiler.query(node, query), shared)
    for row in FACETS:
        if row.name in filtered:
            buckets |= _counted(searcher, compiler.query(node, query, skip=row.name), [row])
    return tuple(Facet(row.name, buckets[row.name]) for row in FACETS)


def _counted(
    searcher: tantivy.Searcher, query: tantivy.Query, rows: Sequence[Field]
) -> dict[str, tuple[Bucket, ...]]:
    if not rows:
        return {}
    wanted = {
        row.name: {"terms": {"field": facet_name(row), "size": _MANY, "segment_size": _MANY}} for row in rows
    }
    found = searcher.aggregate(query, wanted)
    return {
        row.name: to_buckets(
            row.name, {str(b["key"]): int(b["doc_count"]) for b in found[row.name]["buckets"]}
        )
        for row in rows
    }
