"""Quantised vectors in a file, taken out by their rows.

Pages of a mapped file count as memory of whoever looked at them, and a question looks at some everywhere. So
a large file is read row by row, which costs four milliseconds more a question among a million papers. To map
it for each question would cost ten, unless its pages happen to lie together.
"""

import errno
import mmap
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from index.engine import Codes

_MAPPED = 128 << 20
"""Bytes; what is no larger stays mapped."""
_BLOCK = 1 << 20


class StoredCodes:
    """Rows of `dimensions` numbers each. Safe to share between threads."""

    def __init__(self, path: Path, rows: int, dimensions: int) -> None:
        """Raises `OSError` where there should be a file, and `ValueError` where that is too short."""
        self._file = path.open("rb") if rows else None
        self._dimensions = dimensions
        self._size = rows * dimensions
        if self._file and os.fstat(self._file.fileno()).st_size < self._size:
            raise ValueError(f"{path} is shorter than {rows} vectors")
        small = self._size <= _MAPPED
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

    def fetch(self) -> None:
        """Have the system keep at hand what is read row by row, without waiting: a disk gives rows slowly."""
        if self._file and self._all is None:
            threading.Thread(target=self._read_through, args=(self._file,), daemon=True).start()

    def _read_through(self, file: BinaryIO) -> None:
        with suppress(OSError):  # whoever asks for a row will be told
            for start in range(0, self._size, _BLOCK):
                os.pread(file.fileno(), _BLOCK, start)


def _mapped(file: int, rows: int, dimensions: int) -> Codes:
    mapped = mmap.mmap(file, rows * dimensions, access=mmap.ACCESS_READ)
    return np.frombuffer(mapped, np.int8).reshape(rows, dimensions)
