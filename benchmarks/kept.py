"""An encoder whose answers are kept between runs, since encoding takes longer than all the rest."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.ports import Encoder


class KeptEncoder:
    """Answers as `encoder` does. Kept by model and text, in the user's cache folder unless told otherwise."""

    def __init__(self, encoder: Encoder, folder: Path | None = None) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self._path = (folder or _cache()) / f"vectors-{_hash(encoder.name)}.npz"
        self._known = self._read()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row per text; texts that were met before are not encoded again."""
        hashes = [_hash(text) for text in texts]
        missing = {key: text for key, text in zip(hashes, texts, strict=True) if key not in self._known}
        if missing:
            rows = np.asarray(self._encoder.encode(list(missing.values())))
            self._known |= dict(zip(missing, rows, strict=True))
        return np.stack([self._known[key] for key in hashes])

    def save(self) -> None:
        """Keep what has been encoded for the next run."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._path.parent, suffix=".part", delete=False) as file:
            np.savez(file, keys=np.array(list(self._known)), rows=np.stack(list(self._known.values())))
        Path(file.name).replace(self._path)

    def _read(self) -> dict[str, NDArray[np.float32]]:
        if not self._path.is_file():
            return {}
        with np.load(self._path) as kept:
            return dict(zip(kept["keys"].tolist(), kept["rows"], strict=True))


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path.home() / ".cache") / "findings" / "benchmarks"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
