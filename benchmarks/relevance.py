"""How well search finds: `python -m benchmarks.relevance [--data DIR] [--engine NAME] [--json] [--tune]`.

Every collection of DIR/retrieval (BEIR's layout) is indexed as the product does it, and each of its questions
is typed into search as it stands: by words alone, by meaning alone, and as readers ask, by both. Plain BM25
runs beside it. `--tune` shows instead what other parameters of ranking would do.
"""

import argparse
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from benchmarks.beir import Collection, find_collections, read_collection
from benchmarks.elasticsearch import opened_elasticsearch
from benchmarks.kept import KeptEncoder
from benchmarks.measures import DEPTH, Run, gain, measure
from benchmarks.plain import Ranker, bm25s_ranker, lucene_ranker, raw_rankers
from benchmarks.rows import Row, print_rows
from benchmarks.tuning import tune
from domain.ports import SearchIndex
from domain.query import Query
from index import open_index
from index.elastic.door import Cluster
from index.elastic.options import ElasticOptions, parse_address
from index.engine import VectorStore
from index.language.parsing import parse_query
from index.questions import Questions
from summarizer.encoder import open_encoder

ROOT = Path(__file__).parents[1]
ENGINES = ("embedded", "elasticsearch")
HYBRID = "findings-hybrid"


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--engine", choices=(*ENGINES, "both"), default="both")
    options.add_argument("--cache", type=Path, help="where vectors are kept for the next run")
    options.add_argument("--json", action="store_true")
    options.add_argument("--tune", action="store_true", help="compare parameters, change nothing")
    given = options.parse_args()
    collections = [read_collection(folder) for folder in find_collections(given.data)]
    encoder = KeptEncoder(open_encoder(), given.cache)
    if given.tune:
        tune(collections, encoder)
        return
    rows: list[Row] = []
    with ExitStack() as stack:
        engines = ENGINES if given.engine == "both" else (given.engine,)
        url = stack.enter_context(opened_elasticsearch()) if "elasticsearch" in engines else None
        for collection in collections:
            for engine in engines:
                if engine == "embedded" or url:
                    rows += _rows(collection, encoder, None if engine == "embedded" else url)
    print_rows(rows, as_json=given.json)


def _rows(collection: Collection, encoder: KeptEncoder, url: str | None) -> Iterator[Row]:
    case = f"{collection.name}/{'elasticsearch' if url else 'embedded'}"
    runs = _runs(collection, encoder, url)
    for system, run in runs.items():
        for metric, value in measure(run, collection.judged).items():
            yield Row(case, system, metric, value, "1")
    for system, run in runs.items():
        if system != HYBRID:
            for part, value in gain(runs[HYBRID], run, collection.judged)._asdict().items():
                yield Row(
                    case, HYBRID, f"ndcg@10 − {system}{'' if part == 'value' else f', {part}'}", value, "1"
                )


def _runs(collection: Collection, encoder: KeptEncoder, url: str | None) -> dict[str, Run]:
    texts = {key: document.whole for key, document in collection.documents.items()}
    with ExitStack() as stack:
        index = stack.enter_context(opened_index(collection, encoder, url))
        rankers = findings_rankers(collection, index, encoder) | {"bm25s": bm25s_ranker(texts)}
        if url:
            rankers |= stack.enter_context(raw_rankers(url, texts))
        else:
            rankers |= {"lucene": lucene_ranker(texts)}
        return {
            system: {key: rank(question) for key, question in collection.questions.items()}
            for system, rank in rankers.items()
        }


def findings_rankers(collection: Collection, index: SearchIndex, encoder: KeptEncoder) -> dict[str, Ranker]:
    """Search by words, by meaning, and by both."""
    keys = {collection.paper_id(key): key for key in collection.documents}
    return {
        "findings-lexical": partial(_searched, index, keys, meaning=False),
        "findings-semantic": partial(
            _nearest, cast("VectorStore", index.vectors), Questions(lambda: encoder), keys
        ),
        HYBRID: partial(_searched, index, keys, meaning=True),
    }


def _searched(index: SearchIndex, keys: Mapping[str, str], question: str, *, meaning: bool) -> list[str]:
    page = index.search(Query(question, size=DEPTH, highlight=False, meaning=meaning))
    return [keys[hit.paper_id] for hit in page.hits]


def _nearest(store: VectorStore, questions: Questions, keys: Mapping[str, str], question: str) -> list[str]:
    """The semantic half alone, asked what search asks it."""
    meaning = parse_query(question).meaning
    near = store.nearest(questions.vector(meaning), Query(), DEPTH) if meaning else []
    return [keys[match.paper_id] for match in near]


@contextmanager
def opened_index(collection: Collection, encoder: KeptEncoder, url: str | None) -> Iterator[SearchIndex]:
    """An index that holds the collection, words and vectors, on the Elasticsearch at `url` or embedded."""
    papers = list(collection.papers())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        options = ElasticOptions(
            name=f"findings-relevance-{uuid.uuid4().hex[:12]}", replicas=0, search_timeout=60
        )
        index = open_index(url or "embedded:", folder / "index", lambda: encoder, options)
        stack.callback(index.close)
        if url:
            stack.callback(_drop, url, options.name)
        index.write(papers, [], len(papers))
        assert index.vectors
        index.vectors.write(papers, [], len(papers))
        encoder.save()
        yield index


def _drop(url: str, name: str) -> None:
    cluster = Cluster(parse_address(url), ElasticOptions(search_timeout=60))
    for found in cluster.ask("GET", f"/{name}*/_settings") or {}:
        cluster.ask("DELETE", f"/{found}")
    cluster.close()


if __name__ == "__main__":
    main()
