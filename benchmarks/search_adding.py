"""How fast papers are indexed by words: ours, and the engine below it given the same ready made.

Each run is a process of its own, which makes the papers before the clock starts.
"""

import gc
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.corpus import papers
from benchmarks.rows import Row, best
from domain.ports import Indexable

if TYPE_CHECKING:
    import tantivy

Work = Callable[[], object]
_BATCH = 500
"""As many as `index rebuild` hands over at a time."""


def adding_rows(size: int, runs: int) -> Iterator[Row]:
    """Papers per second, by wall and by CPU clock."""
    took: dict[str, list[tuple[float, float]]] = {system: [] for system in _SYSTEMS}
    for _ in range(runs):
        for system in _SYSTEMS:
            took[system].append(_alone(system, size))
    for system, pairs in took.items():
        wall, cpu = (best(pair[place] for pair in pairs) for place in (0, 1))
        yield Row(f"add/{size}", system, "papers_per_second", size / wall, "1/s")
        yield Row(f"add/{size}", system, "papers_per_cpu_second", size / cpu, "1/s")


def _alone(system: str, size: int) -> tuple[float, float]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_measure, args=(system, size, theirs))
    process.start()
    theirs.close()
    found: tuple[float, float] = ours.recv()
    process.join()
    return found


def _measure(system: str, size: int, answer: Connection) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # A parent's would be copied, page by page, by whoever first looks at them while the clock runs.
        work = _SYSTEMS[system](Path(folder), list(papers(size)))
        gc.collect()
        gc.freeze()  # a rebuild holds few papers at a time, so it need not look through thousands of them
        cpu, wall = _cpu(), time.perf_counter()
        work()
        answer.send((time.perf_counter() - wall, _cpu() - cpu))


def _cpu() -> float:
    times = os.times()
    return times.user + times.system


def _findings(folder: Path, made: Sequence[Indexable]) -> Work:
    """What a rebuild does, without the catalog."""
    from index import open_index
    from index.embedded.telling import mentions
    from index.hybrid import HybridIndex
    from index.language.mentions import versions

    index = open_index("embedded:", folder / "index")
    assert isinstance(index, HybridIndex)
    mentions(), versions()  # made once for each process, in an eighth of a second

    def work() -> None:
        with index.replacement() as words:
            for start in range(0, len(made), _BATCH):
                words.write(made[start : start + _BATCH], [], start + _BATCH)

    return work


def _same_documents(folder: Path, made: Sequence[Indexable]) -> Work:
    """The bare engine with our schema, given our documents ready made."""
    index, values = _bare(folder, made)
    documents = [_document(one, index.schema) for one in values]
    return lambda: _add(index, documents)


def _same_values(folder: Path, made: Sequence[Indexable]) -> Work:
    """The same, given what our documents hold as plain texts and numbers, each by itself, to make them of."""
    index, values = _bare(folder, made)
    return lambda: _add(index, (_document(one, index.schema) for one in values))


def _bare(folder: Path, made: Sequence[Indexable]) -> "tuple[tantivy.Index, list[dict[str, Any]]]":
    import tantivy

    from index.embedded.analysers import Analysers
    from index.embedded.documents import Documents
    from index.embedded.schema import build_schema
    from index.language.mentions import versions

    index = tantivy.Index(build_schema(), path=str(folder))
    Analysers.register(index)
    documents = Documents(Analysers())
    documents.told = versions()
    return index, [dict(values) for values in map(documents.values, made)]


def _document(values: dict[str, Any], schema: "tantivy.Schema") -> "tantivy.Document":
    import tantivy

    return tantivy.Document.from_dict(values, schema)


def _plain(folder: Path, made: Sequence[Indexable]) -> Work:
    """The bare engine as anyone would begin: a plain schema, documents made on the way."""
    import tantivy

    from benchmarks.search_building import plain_document, plain_schema

    index = tantivy.Index(plain_schema(), path=str(folder))
    return lambda: _add(index, map(plain_document, made))


def _add(index: "tantivy.Index", documents: "Iterable[tantivy.Document]") -> None:
    threads = len(os.sched_getaffinity(0))
    writer = index.writer(128_000_000 * threads, threads)
    for document in documents:
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _fts5(folder: Path, made: Sequence[Indexable]) -> Work:
    from benchmarks.search_building import fts5

    return lambda: fts5(folder / "fts5.db", made)


def _bm25s(folder: Path, made: Sequence[Indexable]) -> Work:
    from benchmarks.search_building import bm25s_index, text_of

    texts = list(map(text_of, made))
    return lambda: bm25s_index(texts)


_SYSTEMS: dict[str, Callable[[Path, Sequence[Indexable]], Work]] = {
    "findings": _findings,
    "tantivy-same-documents": _same_documents,
    "tantivy-same-values": _same_values,
    "tantivy-plain": _plain,
    "fts5": _fts5,
    "bm25s": _bm25s,
}
