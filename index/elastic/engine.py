"""The lexical half on Elasticsearch, for many millions of papers and several machines."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zlib import crc32

import msgspec

from domain.ports import Indexable
from domain.query import UNKNOWN, Facet, Node, Query, Sort
from index.elastic.compile import PAPERS, Compiler
from index.elastic.door import Cluster
from index.elastic.generations import Generations
from index.elastic.projection import PAGE, ElasticProjection
from index.elastic.schema import (
    SIMILARITY,
    analysis,
    mappings,
    position_line,
    schema_version,
    shown_texts,
    to_lines,
)
from index.elastic.spelling import spelling_question, to_spellings
from index.elastic.telling import MENTIONS, Telling
from index.embedded.analysers import Analysers
from index.embedded.schema import KEY, ORDER, SHOWN, facet_name, key_paper
from index.engine import After, Match, Spelling, judged_in_turn, told_apart
from index.facets import to_buckets
from index.fields import FACET_LIMIT, FACETS, Field
from index.language.mentions import versions
from index.language.tree import is_scored, is_told_by_score

Json = dict[str, Any]
_EVERY = 10_000
"""Values of a facet that each shard counts; enough for all there are of most."""
_encode = msgspec.json.Encoder().encode


class ElasticEngine(ElasticProjection):
    """`Engine` on Elasticsearch."""

    def __init__(self, cluster: Cluster, generations: Generations, pinned: str | None = None) -> None:
        super().__init__(cluster, generations, pinned)
        self._words = Analysers().words
        self._telling = Telling(cluster)

    def write(self, upserts: Iterable[Indexable], deletes: Iterable[str], position: int) -> None:
        """Apply changes and move to `position`, durably; running it twice is the same as once."""
        told = self._telling.settled(self._target())
        self._apply(to_lines(upserts, told), deletes, position)

    def _compiler(self) -> Compiler:
        return Compiler(self._words, self._telling.told(self._index))

    def _position_line(self, position: int) -> bytes:
        return _encode(position_line(position))

    def told(self) -> Mapping[str, str]:
        """The things that papers are told to mention, each with the version of its names."""
        return self._telling.told(self._index)

    def find(
        self,
        node: Node | None,
        query: Query,
        sort: Sort,
        size: int,
        offset: int = 0,
        after: After | None = None,
    ) -> tuple[int, list[Match]]:
        """How many papers match in all, exactly, and `size` of them from `offset` or after `after`."""
        scored = sort is Sort.RELEVANCE and is_scored(node)
        wanted = self._compiler().query(node, query)
        body = _question(wanted, scored=scored, oldest=sort is Sort.OLDEST)
        if after:
            body["search_after"] = [after.score, after.order] if scored else [after.order]
        if offset and not after:
            return self._skipped(body, wanted, size, offset)
        found = self._pages(body, wanted, size)
        return found[0], _matches(found[1])

    def _skipped(self, body: Json, wanted: Json, size: int, offset: int) -> tuple[int, list[Match]]:
        """A page so deep that the engine gives it only in steps."""
        if offset + size <= PAGE:
            total, hits = self._pages(body | {"from": offset}, wanted, size)
            return total, _matches(hits)
        total, _ = self._pages(body, wanted, 0)
        left = offset if offset < total and size else 0
        if not left:
            return total, []
        while left:
            step = min(left, PAGE)
            _, hits = self._pages(body, wanted, step)
            if len(hits) < step:
                return total, []
            body["search_after"] = hits[-1]["sort"]
            left -= step
        return total, _matches(self._pages(body, wanted, size)[1])

    def _pages(self, body: Json, wanted: Json, size: int) -> tuple[int, list[Json]]:
        """The total, and `size` hits, which may take several answers."""
        found = self._hits(body | {"size": min(size, PAGE)}, wanted)
        if found is None:
            return 0, []
        total, hits = int(found["total"]["value"]), found["hits"]
        body = {name: value for name, value in body.items() if name != "from"}
        while found and len(hits) < size and len(found["hits"]) == PAGE:
            left = {"size": min(size - len(hits), PAGE), "search_after": hits[-1]["sort"]}
            found = self._hits(body | left, wanted)
            hits += found["hits"] if found else []
        return total, hits

    def _hits(self, body: Json, wanted: Json) -> Json | None:
        """Asked of the same copies for whatever is wanted: scores differ a little from copy to copy."""
        found = self._search(body, preference=f"q{crc32(_encode(wanted))}")
        return found["hits"] if found else None

    def scores(self, node: Node | None, query: Query, paper_ids: Sequence[str]) -> Mapping[str, Match]:
        """Those of the papers that match, as `find` would give them."""
        wanted = self._compiler().query(node, query)
        found: dict[str, Match] = {}
        for start in range(0, len(paper_ids), PAGE):
            ids = {"ids": {"values": paper_ids[start : start + PAGE]}}
            body = _question({"bool": {"must": [wanted], "filter": [ids]}}, scored=is_scored(node))
            hits = self._hits(body | {"size": PAGE, "track_total_hits": False}, wanted)
            found |= {match.paper_id: match for match in _matches(hits["hits"] if hits else [])}
        return found

    def judged(
        self, node: Node | None, query: Query, paper_ids: Sequence[str]
    ) -> tuple[Mapping[str, Match], Mapping[str, Match]]:
        """Of those papers that pass the filters those that match, as `find` would tell; and the rest."""
        compiler = self._compiler()
        matched = compiler.node(node) if node and is_told_by_score(node) else None
        if matched is None or len(paper_ids) > PAGE:
            return judged_in_turn(self, node, query, paper_ids)
        wanted = compiler.query(node, query)
        among = [{"ids": {"values": list(paper_ids)}}, PAPERS, *compiler.filters(query).values()]
        body = _question({"bool": {"filter": among, "should": [matched]}}, scored=True)
        hits = self._hits(body | {"size": PAGE, "track_total_hits": False}, wanted)
        return told_apart(_matches(hits["hits"] if hits else []))

    def facets(self, node: Node | None, query: Query) -> tuple[Facet, ...]:
        """Each facet under the filters of the others, all in one request."""
        compiler = self._compiler()
        filters = compiler.filters(query)
        matched = compiler.node(node) if node else None
        body = {
            "size": 0,
            "track_total_hits": False,
            "query": {"bool": {"filter": [matched or PAPERS]}},
            "aggs": {row.name: _counting(row, filters) for row in FACETS},
        }
        found = self._search(body)
        counted = found["aggregations"] if found else {}
        return tuple(Facet(row.name, to_buckets(row.name, _counts(counted.get(row.name)))) for row in FACETS)

    def shown(self, paper_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Title, then abstracts, of each paper that is there."""
        found = self._documents(paper_ids, f"title,abstract,{SHOWN}")
        return {paper: shown_texts(source) for paper, source in found.items()}

    def spellings(self, words: Sequence[str]) -> Mapping[str, Sequence[Spelling]]:
        """For each word those of titles and abstracts one or two slips away, itself if it occurs."""
        wanted = [word for word in words if word]
        return to_spellings(wanted, self._search(spelling_question(wanted))) if wanted else {}


def _question(query: Json, *, scored: bool, oldest: bool = False) -> Json:
    order = {ORDER: "asc" if oldest else "desc"}
    return {
        "query": query if scored else {"bool": {"filter": [query]}},
        "sort": [{"_score": "desc"}, order] if scored else [order],
        "track_total_hits": True,
        "_source": False,
        "stored_fields": "_none_",
        "docvalue_fields": [KEY],
    }


def _matches(hits: Sequence[Json]) -> list[Match]:
    return [
        Match(key_paper(int(hit["fields"][KEY][0])), float(hit["_score"] or 0.0), int(hit["sort"][-1]))
        for hit in hits
    ]


def _counting(row: Field, filters: Mapping[str, Json]) -> Json:
    """Counts the values of a facet under the filters of the others."""
    name = facet_name(row)
    size = _EVERY if row.name == "year" else FACET_LIMIT + 1
    return {
        "filter": {"bool": {"filter": [part for field, part in filters.items() if field != row.name]}},
        "aggs": {
            "values": {"terms": {"field": name, "size": size, "shard_size": _EVERY}},
            "unknown": {"filter": {"term": {name: {"value": UNKNOWN}}}},
        },
    }


def _counts(found: Json | None) -> dict[str, int]:
    if not found:
        return {}
    counts = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in found["values"]["buckets"]}
    return counts | {UNKNOWN: int(found["unknown"]["doc_count"])}


def open_engine(cluster: Cluster) -> ElasticEngine:
    """The lexical half in a cluster."""
    return ElasticEngine(cluster, Generations(cluster, cluster.options.name, schema_version, _body))


def _body() -> Json:
    told = {"_meta": {MENTIONS: dict(versions())}}
    return {"settings": {"analysis": analysis(), "similarity": SIMILARITY}, "mappings": mappings() | told}
