"""Unit vectors as 8-bit integers, the same on every engine, so that every engine ranks alike."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.engine import Codes

_LARGEST = 127
_BLOCK = 512
"""Rows that fit into the processor's cache as floats, and for which no threads are called up."""


def quantise(vectors: NDArray[np.float32]) -> Codes:
    """Rows of floats as rows of int8; each is scaled by its own largest component, which a cosine undoes."""
    largest = np.abs(vectors).max(axis=-1, keepdims=True)
    scaled = np.where(largest > 0, vectors / np.where(largest > 0, largest, 1) * _LARGEST, 0)
    return np.rint(scaled).astype(np.int8)


def cosines(vector: Codes, rows: Codes) -> NDArray[np.float32]:
    """The cosine of `vector` with each of `rows`; the same for a pair, whatever it is computed with.

    Products and their sums are whole numbers that a 32-bit float holds exactly, in any order.
    """
    one, found = vector.astype(np.float32), np.zeros(len(rows), np.float32)
    length = np.sqrt(one @ one)
    for start in range(0, len(rows), _BLOCK):
        many = rows[start : start + _BLOCK].astype(np.float32)
        lengths = np.sqrt(np.vecdot(many, many)) * length
        part = found[start : start + _BLOCK]
        np.divide(many @ one, lengths, out=part, where=lengths > 0)
    return found


def cosines_of(vector: Codes, stored: Sequence[Codes]) -> list[float]:
    """The same for vectors one by one."""
    scores: list[float] = cosines(vector, np.stack(stored)).tolist() if stored else []
    return scores
