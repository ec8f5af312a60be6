"""The semantic half on Elasticsearch: one quantised vector per paper, in an index of its own."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import msgspec
import numpy as np

from domain.ports import Indexable
from domain.query import Query
from index.elastic.compile import PAPERS, Compiler
from index.elastic.door import Cluster
from index.elastic.generations import Generations
from index.elastic.projection import PAGE, ElasticProjection
from index.elastic.schema import facet_document, facet_properties
from index.embedded.schema import KEY, ORDER, POSITION, key_paper
from index.engine import Codes, Match
from index.meaning import text_hash, text_of
from index.questions import Questions

Json = dict[str, Any]
VECTOR, CODES, HASH = "vector", "codes", "hash"
_CANDIDATES = 10
"""How many times more papers than wanted each shard looks at."""
_LEAST = 1000
_VERSION = 1
_encode = msgspec.json.Encoder().encode


class ElasticVectors(ElasticProjection):
    """`VectorStore` on Elasticsearch; of another model there is none, until it is filled anew."""

    def __init__(
        self,
        cluster: Cluster,
        generations: Generations,
        pinned: str | None = None,
        questions: Questions | None = None,
    ) -> None:
        super().__init__(cluster, generations, pinned)
        assert questions
        self._questions = questions
        self._before: ElasticVectors | None = None
        """Whose vectors are taken over, where the texts are the same."""

    def _again(self, pinned: str) -> "ElasticVectors":
        return ElasticVectors(self._cluster, self._generations, pinned, self._questions)

    @property
    def _index(self) -> str:
        if self._pinned or self._questions.known_name:
            return super()._index
        return self._generations.name  # so long no question was encoded, by whatever model

    def position(self) -> int:
        """The change sequence up to which it is up to date; 0 for a new one. Raises `ModelUnavailable`."""
        assert self._questions.name
        return super().position()

    @contextmanager
    def successor(self) -> Iterator["ElasticVectors"]:
        """As `replacement`, but vectors of texts that are the same are taken over."""
        with self.replacement() as fresh:
            fresh._before = self
            yield fresh

    def write(self, upserts: Iterable[Indexable], deletes: Iterable[str], position: int) -> None:
        """Apply changes and move to `position`, durably; only texts that changed are encoded."""
        assert self._questions.name
        items = list(upserts)
        texts = {item.paper.id: text for item in items if (text := text_of(item.paper))}
        hashes = {paper: f"{text_hash(text):016x}" for paper, text in texts.items()}
        codes = self._known(hashes)
        fresh = [paper for paper in texts if paper not in codes]
        if fresh:
            rows = self._questions.vectors([texts[paper] for paper in fresh])
            codes |= dict(zip(fresh, rows, strict=True))
        meaningful = {paper: row for paper, row in codes.items() if row.any()}
        lines = (
            (item.paper.id, _line(item, meaningful[item.paper.id], hashes[item.paper.id]))
            for item in items
            if item.paper.id in meaningful
        )
        without = [item.paper.id for item in items if item.paper.id not in meaningful]
        self._apply(lines, [*deletes, *without], position)

    def _known(self, hashes: Mapping[str, str]) -> dict[str, Codes]:
        """The vectors of those texts that have been encoded before."""
        if self._before:
            return self._before._known(hashes)
        found = self._documents(list(hashes), f"{CODES},{HASH}")
        same = ((paper, kept) for paper, kept in found.items() if kept[HASH] == hashes[paper])
        return {paper: _codes(kept) for paper, kept in same}

    def stored(self, paper_ids: Sequence[str]) -> Mapping[str, Codes]:
        """The vectors of those papers that have one."""
        return {paper: _codes(kept) for paper, kept in self._documents(paper_ids, CODES).items()}

    def nearest(self, vector: Codes, query: Query, size: int) -> list[Match]:
        """The papers closest to `vector` that pass the filters and years of `query`, best first."""
        size = min(size, PAGE)
        if size <= 0 or not vector.any():
            return []
        knn = {
            "field": VECTOR,
            "query_vector": vector.tolist(),
            "k": size,
            "num_candidates": min(PAGE, max(_LEAST, size * _CANDIDATES)),
            "filter": [PAPERS, *Compiler(lambda _, __: [], {}).filters(query).values()],
        }
        found = self._search(
            {
                "knn": knn,
                "size": size,
                "_source": False,
                "stored_fields": "_none_",
                "docvalue_fields": [KEY, ORDER],
            }
        )
        hits = found["hits"]["hits"] if found else []
        return sorted(map(_match, hits), key=lambda match: (-match.score, -match.order))


def _match(hit: Json) -> Match:
    """A hit; the engine gives (1 + cosine) / 2."""
    fields = hit["fields"]
    return Match(key_paper(int(fields[KEY][0])), 2 * float(hit["_score"]) - 1, int(fields[ORDER][0]))


def _line(item: Indexable, codes: Codes, text: str) -> bytes:
    kept = b64encode(codes.tobytes()).decode()
    return _encode(facet_document(item) | {VECTOR: codes.tolist(), CODES: kept, HASH: text})


def _codes(kept: Json) -> Codes:
    return np.frombuffer(b64decode(kept[CODES]), np.int8)


def open_vectors(cluster: Cluster, questions: Questions) -> ElasticVectors:
    """The semantic half in a cluster."""

    def version() -> str:
        return sha256(_encode([_VERSION, questions.name, _mappings(0)])).hexdigest()[:8]

    def body() -> Json:
        return {"settings": {}, "mappings": _mappings(len(questions.vector("a")))}

    generations = Generations(cluster, f"{cluster.options.name}-vectors", version, body)
    return ElasticVectors(cluster, generations, None, questions)


def _mappings(dimensions: int) -> Json:
    unsearched = {"index": False, "doc_values": False}
    vector = {
        "type": "dense_vector",
        "element_type": "byte",
        "dims": dimensions,
        "similarity": "cosine",
        "index_options": {"type": "hnsw", "m": 16, "ef_construction": 100},
    }
    properties = facet_properties() | {
        VECTOR: vector,
        CODES: {"type": "binary"},
        HASH: {"type": "keyword", **unsearched},
        POSITION: {"type": "long", "index": False},
    }
    return {"dynamic": "strict", "_source": {"excludes": [VECTOR]}, "properties": properties}
