"""How fast search is, and how the cost grows: `python -m benchmarks.search [--size N] [--json]`.

The corpus is invented (`benchmarks.corpus`) and its papers' vectors are too (`benchmarks.search_vectors`);
questions are encoded by the real encoder. Controls run in the same command, in turns with ours; every figure
is the best of the rounds, since what else a machine does can only make it worse.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.children import run_child
from benchmarks.rows import Row, print_rows
from benchmarks.search_adding import adding_rows

PARTS = ("embedded", "elasticsearch", "rebuild")
_MOST_ADDED = 20_000
"""Beyond that the rate of adding stays what it is."""
_MOST_CONTROLS = 100_000
_ASKED, _FEW = 200, 20
_SMALL = 2_000
_UNITS = {"ms": "ms", "mb": "MB", "s": "s"}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, help="not used: the corpus is invented")
    options.add_argument("--size", type=_size, default=10_000, help="how many papers; 10k and 1M will do")
    options.add_argument("--sizes", type=_sizes, default=(), help="several, with commas")
    options.add_argument("--only", choices=PARTS, help="one part alone")
    options.add_argument("--keep", type=Path, help="a folder for the indexes, which are used again")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        rows = list(_rows(given.sizes or (given.size,), given.only, folder, given.rounds))
    print_rows(rows, as_json=given.json)


def _size(text: str) -> int:
    return int(float(text.lower().removesuffix("k").removesuffix("m"))) * (
        1_000 if text.lower().endswith("k") else 1_000_000 if text.lower().endswith("m") else 1
    )


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(map(_size, text.split(",")))


def _rows(sizes: Sequence[int], only: str | None, folder: Path, rounds: int) -> Iterator[Row]:
    if only in (None, "embedded"):
        yield from adding_rows(min(max(sizes), _MOST_ADDED), rounds)
        for size in sizes:
            yield from _embedded(size, folder / str(size), rounds)
    if only in (None, "elasticsearch"):
        from benchmarks.search_elastic import elastic_rows

        for size in sizes:
            yield from elastic_rows(size, folder / str(size), rounds)
    if only in (None, "rebuild"):
        from benchmarks.search_rebuild import rebuild_rows

        yield from rebuild_rows(max(sizes), folder / f"rebuild-{max(sizes)}")


def _embedded(size: int, folder: Path, rounds: int) -> Iterator[Row]:
    from benchmarks.search_building import build

    controls = ("tantivy", "fts5", "bm25s") if size <= _MOST_CONTROLS else ("tantivy",)
    build(folder, size, controls)
    systems, count = ("findings", *controls), _ASKED if size >= _SMALL else _FEW
    asked: dict[str, list[dict[str, Any]]] = {system: [] for system in systems}
    cold = []
    for number in range(1, rounds + 1):
        cold.append(run_child("search_asking", "cold", folder, 0, 0)["process_s"])
        for system in systems:
            asked[system].append(run_child("search_asking", system, folder, count, number))
    for system in systems:
        yield from latency_rows(size, system, asked[system])
    yield Row(f"cold/{size}", "findings", "first_answer_s", min(cold), "s")
    recall = run_child("search_recall", folder, size, count // 2)
    recall.pop("process_s")
    for kind, figures in recall.items():
        for metric, value in figures.items():
            yield Row(f"recall-{kind}/{size}", "findings", metric, value, _unit(metric))


def latency_rows(size: int, system: str, rounds: Sequence[dict[str, Any]]) -> Iterator[Row]:
    """The best of the rounds of each figure of each case."""
    for case, figures in rounds[0].items():
        if case != "process_s":
            for metric in figures:
                value = min(one[case][metric] for one in rounds)
                name = metric if case != "memory" else f"{metric}_mb"
                yield Row(f"{case}/{size}", system, name, value, _unit(name))


def _unit(metric: str) -> str:
    return _UNITS.get(metric.rpartition("_")[2], "share")


if __name__ == "__main__":
    main()
