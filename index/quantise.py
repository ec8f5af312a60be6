"""Unit vectors as 8-bit integers, the same on every engine, so that every engine ranks alike."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.engine import Codes

_LARGEST = 127


def quantise(vectors: NDArray[np.float32]) -> Codes:
    """Rows of floats as rows of int8; each is scaled by its own largest component, which a cosine undoes."""
    largest = np.abs(vectors).max(axis=-1, keepdims=True)
    scaled = np.where(largest > 0, vectors / np.where(largest > 0, largest, 1) * _LARGEST, 0)
    return np.rint(scaled).astype(np.int8)


def cosines(vector: Codes, rows: Codes) -> list[float]:
    """The cosine of `vector` with each of `rows`."""
    one, many = vector.astype(np.float32), rows.astype(np.float32)
    lengths = np.linalg.norm(many, axis=1) * np.linalg.norm(one)
    found: list[float] = np.divide(
        many @ one, lengths, out=np.zeros(len(many), np.float32), where=lengths > 0
    ).tolist()
    return found


def cosines_of(vector: Codes, stored: Sequence[Codes]) -> list[float]:
    """The same for vectors one by one."""
    return cosines(vector, np.stack(list(stored))) if stored else []
