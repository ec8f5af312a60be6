"""Quantised vectors in a file, taken out by their rows.

Pages of a mapped file count as memory of whoever looked at them, and a question looks at some everywhere. So
a large file is read row by row, which costs four milliseconds more a question among a million papers. To map
it for each question would cost ten, unless its pages happen to lie together.
"""

import errno
import mmap
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.engine import Codes

_MAPPED = 128 << 20
"""Bytes; what is no larger stays mapped."""


class StoredCodes:
    """Rows of `dimensions` numbers each. Safe to share between threads."""

    def __init__(self, path: Path, rows: int, dimensions: int) -> None:
        """Raises `OSError` where there should be a file, and `ValueError` where that is too short."""
        self._file = path.open("rb") if rows else None
        self._dimensions = dimensions
        if self._file and os.fstat(self._file.fileno()).st_size < rows * dimensions:
            raise ValueError(f"{path} is shorter than {rows} vectors")
        small = rows * dimensions <= _MAPPED
        self._all = _mapped(self._file.fileno(), rows, dimensions) if self._file and small else None

    def __getitem__(self, rows: NDArray[np.intp]) -> Codes:
        """The vectors of these rows, copied. Raises `OSError` where the file was cut meanwhile."""
        if self._all is not None:
            return self._all[rows]
        if not self._file:
            return np.zeros((len(rows), self._dimensions), np.int8)
        number, size, read = self._file.fileno(), self._dimensions, os.pread
        found = b"".join([read(number, size, row * size) for row in rows.tolist()])
        if len(found) != len(rows) * size:
            raise OSError(errno.EIO, "they are cut short")
        return np.frombuffer(found, np.int8).reshape(len(rows), size)


def _mapped(file: int, rows: int, dimensions: int) -> Codes:
    mapped = mmap.mmap(file, rows * dimensions, access=mmap.ACCESS_READ)
    return np.frombuffer(mapped, np.int8).reshape(rows, dimensions)
