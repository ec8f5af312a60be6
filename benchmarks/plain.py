"""Plain BM25, the controls of `benchmarks.relevance`: bm25s as it comes, and Lucene's English analysis."""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import bm25s
import msgspec
import Stemmer

from benchmarks.measures import DEPTH
from index.elastic.door import Cluster, Haste
from index.elastic.options import ElasticOptions, parse_address

Ranker = Callable[[str], list[str]]
"""Question → documents, the best first."""

_K1, _B = 0.9, 0.4
_STOPPED = (
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these "
    "they this to was will with"
)
_STOPS = frozenset(_STOPPED.split())
_WORD = re.compile(r"\w+(?:(?:(?<=\d)[.,](?=\d)|(?<=[^\W\d_])['’.:](?=[^\W\d_]))\w+)*")
"""Unicode's words, near enough: `1,000`, `5.5`, `patient's` and `e.g` are one word, `IL-2` is two."""


def bm25s_ranker(texts: Mapping[str, str]) -> Ranker:
    """bm25s with its own settings and its own tokeniser and English stop words."""
    return _by_bm25s(texts, bm25s.BM25(), partial(bm25s.tokenize, stopwords="en", show_progress=False))


def lucene_ranker(texts: Mapping[str, str]) -> Ranker:
    """Lucene's English analysis and its BM25 rebuilt here, for where there is no Java."""
    stemmer = Stemmer.Stemmer("porter")

    def tokenize(found: list[str]) -> list[list[str]]:
        words = ([re.sub("['’]s$", "", word).lower() for word in _WORD.findall(text)] for text in found)
        return [stemmer.stemWords([word for word in each if word not in _STOPS]) for each in words]

    return _by_bm25s(texts, bm25s.BM25(method="lucene", k1=_K1, b=_B), tokenize)


def _by_bm25s(texts: Mapping[str, str], index: bm25s.BM25, tokenize: Callable[[list[str]], Any]) -> Ranker:
    keys = list(texts)
    index.index(tokenize(list(texts.values())), show_progress=False)

    def rank(question: str) -> list[str]:
        places, scores = index.retrieve(tokenize([question]), k=min(DEPTH, len(keys)), show_progress=False)
        return [keys[place] for place, score in zip(places[0], scores[0], strict=True) if score > 0]

    return rank


@contextmanager
def raw_rankers(url: str, texts: Mapping[str, str]) -> Iterator[dict[str, Ranker]]:
    """The real Lucene, flat text in one field: `lucene` in English, and as the raw engine comes."""
    cluster = Cluster(parse_address(url), ElasticOptions(search_timeout=60))
    name = f"findings-relevance-{uuid.uuid4().hex[:12]}"
    english = {"type": "text", "analyzer": "english", "similarity": "english"}
    body = {
        "settings": {
            "number_of_shards": 1,
            "number_of_replicas": 0,
            "similarity": {"english": {"type": "BM25", "k1": _K1, "b": _B}},
        },
        "mappings": {"properties": {"lucene": english, "lucene-default": {"type": "text"}}},
    }
    cluster.ask("PUT", f"/{name}", body, haste=Haste.WRITE)
    try:
        for lines in _bulks(texts):
            done = cluster.post_lines(f"/{name}/_bulk", lines)
            assert not done["errors"], done
        cluster.ask("POST", f"/{name}/_refresh", haste=Haste.WRITE)
        yield {field: partial(_raw, cluster, name, field) for field in ("lucene", "lucene-default")}
    finally:
        cluster.ask("DELETE", f"/{name}", haste=Haste.WRITE)
        cluster.close()


def _bulks(texts: Mapping[str, str], size: int = 500) -> Iterator[bytes]:
    keys = list(texts)
    for start in range(0, len(keys), size):
        rows: list[object] = []
        for key in keys[start : start + size]:
            rows += [{"index": {"_id": key}}, {"lucene": texts[key], "lucene-default": texts[key]}]
        yield b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def _raw(cluster: Cluster, name: str, field: str, question: str) -> list[str]:
    body = {"query": {"match": {field: question}}, "size": DEPTH, "_source": False}
    found = cluster.ask("POST", f"/{name}/_search", body)
    assert found
    return [hit["_id"] for hit in found["hits"]["hits"]]
