"""What is kept in memory of the vectors: the 1-bit codes, and in which row each paper has its vector."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedded.hamming import FAR, Bits, Distances, closest, words_of
from index.embedded.vectorfiles import Labels
from index.engine import Codes

Keys = NDArray[np.uint64]
Rows = NDArray[np.intp]
_LEAST = 1024


@dataclass(frozen=True, slots=True)
class Table:
    """The last row of a key counts. Never changed: an extended one shares what does not change."""

    rows: int
    columns: Bits
    """The bits, word by word, with room for more rows."""
    labels: Labels
    dead: Distances
    keys: Keys
    """The papers that have a vector, in order."""
    places: Rows
    """The row of each."""

    @classmethod
    def empty(cls, dimensions: int) -> "Table":
        """One without rows."""
        words = np.zeros((words_of(dimensions), 0), np.uint64)
        none = np.zeros(0, np.uint64)
        labels = np.zeros((0, 2), np.uint64)
        return cls(0, words, labels, np.zeros(0, np.uint16), none, np.zeros(0, np.intp))

    def extended(self, labels: Labels, bits: Bits) -> "Table":
        """With the rows that were appended."""
        rows = self.rows + len(labels)
        columns = self._room(rows)
        columns[:, self.rows : rows] = bits.T
        fresh, last = np.unique(labels[::-1, 0], return_index=True)
        last = len(labels) - 1 - last
        counts = labels[last, 1] != 0
        dead = np.concatenate([self.dead, np.full(len(labels), FAR, np.uint16)])
        dead[self.rows + last[counts]] = 0
        known, found = self._search(fresh)
        dead[self.places[found[known]]] = FAR
        keys, places = np.delete(self.keys, found[known]), np.delete(self.places, found[known])
        where = np.searchsorted(keys, fresh[counts])
        return Table(
            rows,
            columns,
            np.concatenate([self.labels, labels]),
            dead,
            np.insert(keys, where, fresh[counts]),
            np.insert(places, where, self.rows + last[counts]),
        )

    def find(self, keys: Keys) -> tuple[NDArray[np.bool_], Rows]:
        """Which of the keys have a vector, and in which row; the row of others is 0."""
        known, found = self._search(keys)
        rows = np.zeros(len(keys), np.intp)
        rows[known] = self.places[found[known]]
        return known, rows

    def unlike(self, keys: Keys, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Which of the papers have no vector of a text with that hash."""
        known, rows = self.find(keys)
        unlike = ~known
        unlike[known] = self.labels[rows[known], 1] != hashes[known]
        return unlike

    def live(self) -> Rows:
        """The rows that count, in order."""
        return np.flatnonzero(self.dead == 0)

    def closest(self, vector: Codes, size: int) -> Rows:
        """About the `size` rows closest to `vector`, in no order."""
        return closest(self.columns[:, : self.rows], self.dead, vector, size)

    def closest_of(self, rows: Rows, vector: Codes, size: int) -> Rows:
        """About the `size` closest of these rows, in no order."""
        if len(rows) <= size:
            return rows
        return rows[closest(self.columns[:, rows], np.zeros(len(rows), np.uint16), vector, size)]

    def _search(self, keys: Keys) -> tuple[NDArray[np.bool_], Rows]:
        """Which of the keys are there, and where they are in our order; of others it means nothing."""
        found = np.searchsorted(self.keys, keys)
        known = np.zeros(len(keys), np.bool_)
        within = found < len(self.keys)
        known[within] = self.keys[found[within]] == keys[within]
        return known, found

    def _room(self, rows: int) -> Bits:
        """The columns with room for so many rows; those beyond ours are nobody's yet."""
        if rows <= self.columns.shape[1]:
            return self.columns
        columns = np.zeros((len(self.columns), max(_LEAST, rows * 5 // 4)), np.uint64)
        columns[:, : self.rows] = self.columns[:, : self.rows]
        return columns
