"""Vectors for the invented corpus without encoding it, which would take days at a million papers.

A paper is a mixture of three of two thousand topics, and noise. The topics are what the real encoder makes of
short texts, so the real encoder's vectors of questions lie among the papers as they would among real ones.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import search_queries
from summarizer.encoder import open_encoder

Floats = NDArray[np.float32]

TOPICS = 2_000
BLOCK = 1_000
"""Vectors are made so many at a time, each block from a seed of its own."""
_SHARES = np.array([0.7, 0.45, 0.35], np.float32)
_NOISE = 0.4
_SEED = 7


def load_topics(folder: Path) -> Floats:
    """The topics' unit vectors; encoded once for each folder."""
    path = folder / "topics.npy"
    if not path.exists():
        texts = [asked.text for asked in search_queries.mixed(TOPICS, seed=_SEED)]
        np.save(path, open_encoder().encode(texts))
    found: Floats = np.load(path)
    return found


def block_of(topics: Floats | None, block: int) -> Floats:
    """One block of papers' vectors; without topics uniformly random, which real ones never are."""
    draws = np.random.default_rng([_SEED, block])
    width = 384 if topics is None else topics.shape[1]
    rows = draws.standard_normal((BLOCK, width), np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    if topics is None:
        return rows
    chosen = (draws.random((BLOCK, 3)) ** 1.5 * len(topics)).astype(np.intp)
    shares = _SHARES * draws.uniform(0.7, 1.3, (BLOCK, 3)).astype(np.float32)
    rows = _NOISE * rows + np.einsum("ij,ijk->ik", shares, topics[chosen])
    mixed: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return mixed


class SyntheticEncoder:
    """Stands in for the encoder while papers are written: their vectors come in order, whatever they say."""

    def __init__(self, name: str, topics: Floats | None) -> None:
        self.name = name
        self._topics = topics
        self._next = 0

    def encode(self, texts: Sequence[str]) -> Floats:
        """The vectors of the next papers. One text alone is no paper: so is asked how long a vector is."""
        if len(texts) == 1:
            return block_of(self._topics, 0)[:1]
        first, end = self._next, self._next + len(texts)
        self._next = end
        blocks = range(first // BLOCK, -(-end // BLOCK))
        rows = np.concatenate([block_of(self._topics, block) for block in blocks])
        return rows[first - blocks[0] * BLOCK :][: len(texts)]


def exact_nearest(topics: Floats | None, size: int, questions: Floats, wanted: int) -> list[set[int]]:
    """For each question the numbers of the `wanted` closest papers, by all their unrounded vectors."""
    numbers: NDArray[Any] = np.zeros((len(questions), 0), np.intp)
    scores: NDArray[Any] = np.zeros((len(questions), 0), np.float32)
    for block in range(-(-size // BLOCK)):
        rows = block_of(topics, block)[: size - block * BLOCK]
        scores = np.concatenate([scores, questions @ rows.T], axis=1)
        added = np.broadcast_to(np.arange(len(rows)) + block * BLOCK, (len(questions), len(rows)))
        numbers = np.concatenate([numbers, added], axis=1)
        kept = np.argsort(-scores, axis=1)[:, :wanted]
        scores, numbers = (np.take_along_axis(part, kept, axis=1) for part in (scores, numbers))
    return [set(row.tolist()) for row in numbers]
