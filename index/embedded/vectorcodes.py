"""Quantised vectors in a file, taken out by their rows.

Pages of a mapped file count as memory of whoever looked at them, and a question looks at some everywhere. So
of a large file a window is mapped at a time, and let go of: that costs half a millisecond a question among a
million papers, where reading row by row would cost four.
"""

import mmap
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.engine import Codes

_WINDOW = 64 << 20
"""Bytes; what is no larger stays mapped."""
_PAGE = mmap.ALLOCATIONGRANULARITY


class StoredCodes:
    """Rows of `dimensions` numbers each. Safe to share between threads."""

    def __init__(self, path: Path, rows: int, dimensions: int) -> None:
        """Raises `OSError` where there should be a file, and `ValueError` where that is too short."""
        self._rows, self._dimensions = rows, dimensions
        self._file = path.open("rb") if rows else None
        if self._file and os.fstat(self._file.fileno()).st_size < rows * dimensions:
            raise ValueError(f"{path} is shorter than {rows} vectors")
        self._height = _PAGE * max(1, _WINDOW // (_PAGE * max(1, dimensions)))
        """Rows of a window: so many that the next begins where a page does."""
        self._all = self._mapped(0) if rows <= self._height else None

    def __getitem__(self, rows: NDArray[np.intp]) -> Codes:
        """The vectors of these rows, copied."""
        if self._all is not None:
            return self._all[rows]
        found = np.empty((len(rows), self._dimensions), np.int8)
        windows = rows // self._height
        for window in np.unique(windows).tolist():
            here = np.flatnonzero(windows == window)
            found[here] = self._mapped(window)[rows[here] - window * self._height]
        return found

    def _mapped(self, window: int) -> Codes:
        """The rows of a window; they stay mapped for as long as the array is kept."""
        start = window * self._height
        height = min(self._height, self._rows - start)
        if not self._file:
            return np.zeros((height, self._dimensions), np.int8)
        size, offset = height * self._dimensions, start * self._dimensions
        mapped = mmap.mmap(self._file.fileno(), size, access=mmap.ACCESS_READ, offset=offset)
        return np.frombuffer(mapped, np.int8).reshape(height, self._dimensions)
