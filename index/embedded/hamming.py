"""One-bit codes of vectors: which of a million are about the closest is told in a few milliseconds."""

from collections.abc import Sequence

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
_COARSE = 16
"""How many times more rows are chosen by bits alone."""
_MOST = 1 << 15
"""So many are enough unless a quarter of them is wanted."""
_SHARE = 12
"""One in so many rows is enough, too."""
_SAMPLE = 1 << 17
_PLANES = 4
_LEVELS = 15
_ONES = ~np.uint64(0)
_IN_A_BYTE = 3
"""A byte holds how many bits so many words have."""


def words_of(dimensions: int) -> int:
    """How many words the bits of a vector take."""
    return -(-dimensions // _WORD)


def bits_of(codes: Codes) -> Bits:
    """The signs of quantised vectors, one row each."""
    positive = np.packbits(codes > 0, axis=-1)
    padded = np.zeros((*codes.shape[:-1], words_of(codes.shape[-1]) * 8), np.uint8)
    padded[..., : positive.shape[-1]] = positive
    return padded.view(np.uint64)


def closest(columns: Bits, dead: Distances, vector: Codes, size: int) -> NDArray[np.intp]:
    """About the `size` rows closest to `vector`, in order; a few more where many tie.

    All rows are compared bit by bit, and of those that differ least the best are told by the vector's own
    numbers: that finds 99 in a hundred where bits alone find 95.

    Args:
        columns: the bits of all rows, word by word: columns are much faster to go through than rows.
        dead: `FAR` for each row that does not count, else 0.
        vector: the quantised vector.
        size: how many.
    """
    distances = _distances(columns, dead, bits_of(vector))
    coarse = max(4 * size, min(_COARSE * size, _MOST, len(distances) // _SHARE))
    if coarse >= len(distances):
        rows = np.flatnonzero(distances < FAR)
    else:
        # There are few different distances, so no row need be sorted; a sample of many shows how they lie.
        step = -(-len(distances) // _SAMPLE)
        nearer = np.cumsum(np.bincount(distances[::step]))
        limit = int(np.searchsorted(nearer, coarse / step))
        rows = np.flatnonzero(distances <= min(limit, FAR - 1))
    if len(rows) <= size:
        return rows
    estimates = _estimates([column[rows] for column in columns], vector)
    best: NDArray[np.intp] = rows[estimates >= np.partition(estimates, -size)[-size]]
    return best


def _estimates(columns: Sequence[Bits], vector: Codes) -> NDArray[np.int16]:
    """What the product of `vector`, cut to four bits a number, with signs is: rises with the cosine."""
    numbers = vector.astype(np.float32)
    levels = np.rint((numbers / max(1.0, float(np.abs(numbers).max())) + 1) * (_LEVELS / 2)).astype(np.int8)
    planes = bits_of((levels >> np.arange(_PLANES)[:, None]) & 1)
    masks = np.concatenate([planes, np.full((1, len(columns)), _ONES)])
    counts = np.zeros((len(masks), len(columns[0])), np.int16)
    for start in range(0, len(columns), _IN_A_BYTE):
        some = slice(start, start + _IN_A_BYTE)
        counts += _common(columns[some], masks[:, some])
    *shares, ones = counts
    found = np.zeros_like(ones)
    for share in reversed(shares):
        found += share
        found += found
    found -= ones * np.int16(_LEVELS)
    return found


def _common(columns: Sequence[Bits], masks: Bits) -> NDArray[np.uint8]:
    """For each row of `masks`, and each of ours, how many bits they have in common."""
    counts: NDArray[np.uint8] = np.bitwise_count(columns[0] & masks[:, :1])
    for place, column in enumerate(columns[1:], 1):
        counts += np.bitwise_count(column & masks[:, place : place + 1])
    return counts


def _distances(columns: Bits, dead: Distances, bits: Bits) -> Distances:
    distances = dead.copy()
    for start in range(0, len(distances), _CHUNK):  # what a chunk needs stays in the processor's cache
        part = slice(start, start + _CHUNK)
        for column, word in zip(columns, bits, strict=True):
            distances[part] += np.bitwise_count(column[part] ^ word)
    return distances
