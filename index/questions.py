"""The encoder as the index uses it: opened when first needed, its latest answers kept."""

import threading
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from domain.ports import Encoder
from index.engine import Codes
from index.quantise import quantise

_KEPT = 256


class Questions:
    """Safe to share between threads."""

    def __init__(self, open_encoder: Callable[[], Encoder]) -> None:
        self._open = open_encoder
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._kept = lru_cache(_KEPT)(self._vector)

    @property
    def name(self) -> str:
        """The name of the model. Raises `ModelUnavailable`."""
        return self._opened().name

    @property
    def known_name(self) -> str | None:
        """The same once the encoder is open, else None: so long no question can have been encoded."""
        return self._encoder.name if self._encoder else None

    def vector(self, text: str) -> Codes:
        """The quantised vector of a question. Raises `ModelUnavailable`."""
        return self._kept(text)

    def vectors(self, texts: Sequence[str]) -> Codes:
        """The quantised vectors of many texts, one per row. Raises `ModelUnavailable`."""
        return quantise(np.asarray(self._opened().encode(texts)))

    def _vector(self, text: str) -> Codes:
        return self.vectors([text]).reshape(-1)

    def _opened(self) -> Encoder:
        with self._lock:
            if self._encoder is None:
                self._encoder = self._open()
            return self._encoder
