"""How many of the truly closest papers are found: `python -m benchmarks.search_recall FOLDER SIZE COUNT`.

Ours goes by 1-bit codes and then 8-bit vectors; the truth is every unrounded vector against the question's.
"""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.children import quantile
from benchmarks.search_building import MOST_RANDOM, encoder, open_built, random_vectors
from benchmarks.search_queries import mixed
from benchmarks.search_vectors import Floats, block_of, exact_nearest, load_topics
from domain.identifiers import work_id
from domain.query import Query
from index.hybrid import HybridIndex
from index.quantise import quantise

WANTED = 100
_ELSEWHERE = 999_000
"""A block of random vectors that no paper has."""
Figures = dict[str, dict[str, float]]


def main() -> None:
    """Compare, and print the figures."""
    folder, size, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    index = open_built(folder)
    assert isinstance(index, HybridIndex)
    index.search(Query("opens the encoder"))
    real = encoder()
    asked = np.asarray(real.encode([one.text for one in mixed(count, seed=77)]))
    found = {"topics": _compare(index._store, load_topics(folder), size, asked)}
    if size <= MOST_RANDOM:
        spare = random_vectors(folder, real.name, index._engine)
        spare.position()
        found["random"] = _compare(spare, None, size, block_of(None, _ELSEWHERE)[:count])
    print(json.dumps(found))


def _compare(store: Any, topics: Floats | None, size: int, asked: Floats) -> Mapping[str, float]:  # noqa: ANN401
    truth = exact_nearest(topics, size, asked, WANTED)
    numbers = {work_id(f"synthetic:{number}"): number for one in truth for number in one}
    shares, took = [], []
    for question, closest in zip(asked, truth, strict=True):
        start = time.perf_counter()
        matches = store.nearest(quantise(question), Query(), WANTED)
        took.append((time.perf_counter() - start) * 1000)
        shares.append(_share([numbers.get(match.paper_id, -1) for match in matches], closest))
    return {
        f"recall@{WANTED}": sum(shares) / len(shares),
        f"worst_recall@{WANTED}": min(shares),
        "nearest_p50_ms": quantile(took, 0.5),
    }


def _share(found: Sequence[int], closest: set[int]) -> float:
    return len(closest.intersection(found)) / len(closest)


if __name__ == "__main__":
    main()
