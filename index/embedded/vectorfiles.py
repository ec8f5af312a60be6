"""The files of vectors: rows are only ever appended, and a manifest says how many of them count.

Data is on the disk before the manifest that counts it, and the manifest is replaced in one step; so after a
crash anywhere there is what the last manifest says, and the next writer cuts off what lies beyond.
"""

import json
import os
import zlib
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedded.generations import file_stamp, sync_folder
from index.embedded.hamming import Bits, words_of
from index.embedded.vectorcodes import StoredCodes
from index.engine import Codes

Labels = NDArray[np.uint64]
"""Rows of the paper's key and the hash of its text; hash 0 says that the paper has no vector any more."""

FORMAT = 1
_MANIFEST = "manifest.json"
_BLOCK = 1 << 20


class Damaged(Exception):
    """The files are not what was written; they can only be made anew."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the files hold."""

    model: str
    dimensions: int
    rows: int = 0
    position: int = 0
    labels_sum: int = 0
    bits_sum: int = 0
    codes_sum: int = 0
    """CRC-32 of each file."""


class VectorFiles:
    """The files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._labels, self._bits, self._codes = (folder / name for name in ("labels", "bits", "codes"))

    def stamp(self) -> tuple[int, int] | None:
        """Changes with every write; None before the first."""
        return file_stamp(self.folder / _MANIFEST)

    def manifest(self) -> Manifest | None:
        """What the files hold; None when nothing was written yet. Raises `Damaged`."""
        try:
            stated = json.loads((self.folder / _MANIFEST).read_text("utf-8"))
            if stated.pop("format") != FORMAT:
                raise Damaged("of another version")
            return Manifest(**stated)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Damaged("the manifest cannot be read") from error

    def read(
        self, manifest: Manifest, start: int = 0, start_sums: tuple[int, int] = (0, 0)
    ) -> tuple[Labels, Bits]:
        """Labels and bits of the rows from `start`, whose sums up to there are known. Raises `Damaged`."""
        rows, words = manifest.rows - start, words_of(manifest.dimensions)
        if not rows:
            return np.zeros((0, 2), np.uint64), np.zeros((0, words), np.uint64)
        try:
            labels, bits = (
                _whole(np.fromfile(path, np.uint64, rows * width, offset=start * width * 8), rows, width)
                for path, width in ((self._labels, 2), (self._bits, words))
            )
        except FileNotFoundError as error:
            raise Damaged("a file is missing") from error
        sums = zlib.crc32(labels.data, start_sums[0]), zlib.crc32(bits.data, start_sums[1])
        if sums != (manifest.labels_sum, manifest.bits_sum):
            raise Damaged("the check sums differ")
        return labels, bits

    def codes(self, manifest: Manifest) -> StoredCodes:
        """The quantised vectors, read from the disk as they are needed. Raises `Damaged`."""
        try:
            return StoredCodes(self._codes, manifest.rows, manifest.dimensions)
        except (ValueError, FileNotFoundError) as error:
            raise Damaged("the vectors are cut short") from error

    def check_codes(self, manifest: Manifest) -> None:
        """Read all vectors once. Raises `Damaged`."""
        left, total = manifest.rows * manifest.dimensions, 0
        try:
            with self._codes.open("rb") as stream:  # not mapped: all of it would count as our memory
                while block := stream.read(min(_BLOCK, left)):
                    total = zlib.crc32(block, total)
                    left -= len(block)
        except FileNotFoundError as error:
            if left:  # else there was no vector to write yet
                raise Damaged("a file is missing") from error
        if total != manifest.codes_sum:
            raise Damaged("the check sums differ")

    def append(self, manifest: Manifest, labels: Labels, bits: Bits, codes: Codes) -> Manifest:
        """Add rows behind those that count; they count once the manifest that this gives is stored."""
        added = [np.ascontiguousarray(part) for part in (labels, bits, codes)]
        for path, part in zip((self._labels, self._bits, self._codes), added, strict=True):
            width = part.itemsize * part.shape[1]
            with path.open("r+b" if path.exists() else "w+b") as stream:
                stream.truncate(manifest.rows * width)
                stream.seek(0, os.SEEK_END)
                stream.write(part.data)
                stream.flush()
                os.fsync(stream.fileno())
        old = manifest.labels_sum, manifest.bits_sum, manifest.codes_sum
        sums = [zlib.crc32(part.data, total) for part, total in zip(added, old, strict=True)]
        return replace(
            manifest,
            rows=manifest.rows + len(labels),
            labels_sum=sums[0],
            bits_sum=sums[1],
            codes_sum=sums[2],
        )

    def store(self, manifest: Manifest) -> None:
        """Make the manifest the one that counts, for good."""
        temporary = self.folder / f"{_MANIFEST}.new"
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(json.dumps({"format": FORMAT, **asdict(manifest)}))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self.folder / _MANIFEST)
        sync_folder(self.folder)


def _whole(found: NDArray[np.uint64], rows: int, width: int) -> NDArray[np.uint64]:
    if found.size != rows * width:
        raise Damaged("a file is cut short")
    return found.reshape(rows, width)
