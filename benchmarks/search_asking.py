"""How fast one system answers: `python -m benchmarks.search_asking SYSTEM FOLDER COUNT SEED`, in one process.

No question is asked twice, so nothing that was kept of an earlier answer helps.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.children import memory_mb, quantile
from benchmarks.search_queries import KINDS, Asked, mixed

Figures = dict[str, dict[str, float]]
"""Case → metric → value."""
_WARM = 20
_SHARES = (10, 1)


def main() -> None:
    """Ask, and print the figures."""
    system, place, count, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    if system == "cold":
        print(json.dumps(_cold(place)))
    elif system == "findings":
        from benchmarks.search_building import open_built

        index = open_built(place)
        print(json.dumps(ask_ours(index, count, seed) | {"memory": memory_mb()}))
    elif system == "elasticsearch":
        from benchmarks.search_building import encoder
        from benchmarks.search_elastic import open_elastic

        url, _, prefix = sys.argv[2].partition("#")
        print(json.dumps(ask_ours(open_elastic(url, prefix, encoder), count, seed)))
    else:
        search = _CONTROLS[system](place)
        print(json.dumps({"words": _timed(search, _words(count, seed))}))


def _cold(place: Path) -> dict[str, float]:
    """The first answer of a new process."""
    from benchmarks.search_building import open_built
    from domain.query import Query

    page = open_built(place).search(Query("bowel cancer screening"))
    return {"hits": len(page.hits)}


def ask_ours(index: Any, count: int, seed: int) -> Figures:  # noqa: ANN401 - HybridIndex behind its port
    """Every way of asking; each has questions of its own."""
    from domain.query import Query

    _timed(lambda text: index.search(Query(text)), [asked.text for asked in mixed(_WARM, seed * 100)])
    asked = mixed(count, seed * 100 + 1)
    took = [(one.kind, _once(lambda text: index.search(Query(text)), one.text)) for one in asked]
    found = {"hybrid": _figures([time for _, time in took])}
    for kind in KINDS:
        if some := [time for of, time in took if of == kind]:
            found[f"hybrid-{kind}"] = _figures(some)
    found["facets"] = _timed(lambda text: index.facets(Query(text)), [one.text for one in asked])
    lexical = partial(Query, meaning=False)
    found["lexical"] = _timed(lambda text: index.search(lexical(text)), _texts(count, seed * 100 + 2))
    bare = partial(Query, meaning=False, highlight=False)
    either = [" OR ".join(text.split()) for text in _words(count, seed)]
    found["words"] = _timed(lambda text: index.search(bare(text)), either)
    found["encoding"] = _timed(lambda text: index._questions.vector(text), _texts(count, seed * 100 + 9))
    for number, (name, filters) in enumerate(_filters(index).items(), 3):
        narrowed = partial(Query, **filters)
        found[name] = _timed(
            lambda text, narrowed=narrowed: index.search(narrowed(text)),  # type: ignore[misc]
            _texts(count // 2, seed * 100 + number),
        )
    return found


def _texts(count: int, seed: int) -> list[str]:
    return [asked.text for asked in mixed(count, seed)]


def _words(count: int, seed: int) -> list[str]:
    """Only lists of words, any of which will do: what every system understands alike."""
    every: Iterable[Asked] = mixed(count * 4, seed * 100 + 50)
    return [asked.text for asked in every if asked.kind == "words"][:count]


def _filters(index: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401
    """Filters that let about a tenth and a hundredth of the papers pass, and a few years."""
    from domain.query import Query

    every = index.count()
    counts = [(f.field, b.value, b.count / every) for f in index.facets(Query()) for b in f.buckets]
    found: dict[str, dict[str, Any]] = {}
    for percent in _SHARES:
        field, value, _ = min(counts, key=lambda one, share=percent / 100: abs(one[2] / share - 1))  # type: ignore[misc]
        found[f"filter-{percent}%"] = {"filters": {field: (value,)}}
    return found | {"years": {"year_from": 2012, "year_to": 2016}}


def _once(search: Callable[[str], object], text: str) -> tuple[float, float]:
    """Wall and CPU seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    search(text)
    return time.perf_counter() - wall, time.process_time() - cpu


def _timed(search: Callable[[str], object], texts: Sequence[str]) -> dict[str, float]:
    return _figures([_once(search, text) for text in texts])


def _figures(took: Sequence[tuple[float, float]]) -> dict[str, float]:
    wall, cpu = ([pair[place] * 1000 for pair in took] for place in (0, 1))
    return {
        "p50_ms": quantile(wall, 0.5),
        "p99_ms": quantile(wall, 0.99),
        "cpu_ms": sum(cpu) / len(cpu),
        "p50_cpu_ms": quantile(cpu, 0.5),
        "p99_cpu_ms": quantile(cpu, 0.99),
    }


def _tantivy(place: Path) -> Callable[[str], object]:
    import tantivy

    index = tantivy.Index.open(str(place / "tantivy"))
    searcher = index.searcher()

    def search(text: str) -> object:
        query = index.parse_query(text, ["title", "abstract"])
        return [searcher.doc(at).get_first("title") for _, at in searcher.search(query, 10).hits]

    return search


def _fts5(place: Path) -> Callable[[str], object]:
    connection = sqlite3.connect(place / "fts5.db")
    wanted = "SELECT title FROM papers WHERE papers MATCH ? ORDER BY bm25(papers) LIMIT 10"

    def search(text: str) -> object:
        return connection.execute(wanted, (" OR ".join(text.split()),)).fetchall()

    return search


def _bm25s(place: Path) -> Callable[[str], object]:
    import bm25s
    import Stemmer

    retriever, stemmer = bm25s.BM25.load(str(place / "bm25s")), Stemmer.Stemmer("english")

    def search(text: str) -> object:
        words = bm25s.tokenize([text], stopwords="en", stemmer=stemmer, show_progress=False)
        return retriever.retrieve(words, k=10, show_progress=False)

    return search


_CONTROLS = {"tantivy": _tantivy, "fts5": _fts5, "bm25s": _bm25s}

if __name__ == "__main__":
    main()
