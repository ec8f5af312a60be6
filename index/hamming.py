"""One-bit codes of vectors: which of a million are about the closest is told in a few milliseconds."""

import numpy as np
from numpy.typing import NDArray

from index.engine import Codes

Bits = NDArray[np.uint64]
"""Rows of 64-bit words, one bit for each component."""
Distances = NDArray[np.uint16]

FAR = 1 << 15
"""Farther than any distance: what is added to rows that no longer count."""
_WORD = 64
_CHUNK = 1 << 16


def words_of(dimensions: int) -> int:
    """How many words the bits of a vector take."""
    return -(-dimensions // _WORD)


def bits_of(codes: Codes) -> Bits:
    """The signs of quantised vectors, one row each."""
    positive = np.packbits(codes > 0, axis=-1)
    spare = words_of(codes.shape[-1]) * 8 - positive.shape[-1]
    padded = np.pad(positive, [(0, 0)] * (positive.ndim - 1) + [(0, spare)])
    return np.ascontiguousarray(padded).view(np.uint64)


def closest(columns: Bits, dead: Distances, vector: Codes, size: int) -> NDArray[np.intp]:
    """About `size` rows whose bits differ least from those of `vector`; those that tie with the last are in.

    Args:
        columns: the bits of all rows, word by word: columns are much faster to go through than rows.
        dead: `FAR` for each row that does not count, else 0.
        vector: the quantised vector.
        size: how many.
    """
    distances = _distances(columns, dead, bits_of(vector))
    if size >= len(distances):
        return np.flatnonzero(distances < FAR)
    limit = np.partition(distances, size - 1)[size - 1]
    return np.flatnonzero(distances <= min(int(limit), FAR - 1))


def _distances(columns: Bits, dead: Distances, bits: Bits) -> Distances:
    distances = dead.copy()
    for start in range(0, len(distances), _CHUNK):  # what a chunk needs stays in the processor's cache
        part = slice(start, start + _CHUNK)
        for column, word in zip(columns, bits, strict=True):
            distances[part] += np.bitwise_count(column[part] ^ word)
    return distances
