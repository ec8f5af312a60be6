"""Words of texts as numbers, so that those of many papers are looked up at once."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]
Keys = NDArray[np.uint64]

_STEP = 8
"""Bytes of a word that are taken together."""
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(_STEP + 1)], np.uint64)
_SPREAD = 0x9E3779B97F4A7C15
"""Odd; makes numbers unlike that are alike, as those of words are."""
_SPARSE = 4
"""So many slots of a table at least for each key."""
_END = b" " * _STEP


class Text:
    """The words of a text, in order."""

    def __init__(self, text: bytes) -> None:
        """Of words with spaces between them; no byte is zero."""
        self.text = text = b" %b%b" % (text, _END)
        spaces = np.frombuffer(text, np.uint8) == ord(" ")
        bounds = np.flatnonzero(spaces[1:] != spaces[:-1])
        self.starts: Places = bounds[::2] + 1
        """Where each word starts in `text`."""
        self.ends: Places = bounds[1::2] + 1
        self._lengths = self.ends - self.starts
        self._eights = np.ndarray(len(text) - _STEP + 1, "<u8", text, strides=(1,))
        """At each byte, that one and the seven behind it."""
        self.begun: Keys = self._eights[self.starts] & _MASKS.take(self._lengths, mode="clip")
        """The first eight bytes of each word, the first of them lowest."""

    @staticmethod
    def of(words: Iterable[str]) -> "Text":
        """Of these words."""
        return Text(" ".join(words).encode())

    def keys(self, longest: int, at: Places | None = None) -> Keys:
        """A number for each word, never 0 and the same for the same word: its bytes, or of over eight a hash.

        Words of more than `longest` bytes may share theirs with one another, but with no shorter one.

        Args:
            longest: a number of bytes.
            at: the places of the words that are asked about; without, those of all.
        """
        words = np.arange(self.starts.size) if at is None else at
        keys, lengths = self.begun.take(words), self._lengths.take(words)
        longer = np.flatnonzero(lengths > _STEP)
        for done in range(_STEP, longest + 1, _STEP):
            left = lengths[longer] - done
            longer, left = longer[left > 0], left[left > 0]
            if not longer.size:
                break
            more = self._eights[self.starts[words[longer]] + done] & _MASKS[np.minimum(left, _STEP)]
            before = keys[longer] * _SPREAD
            keys[longer] = before ^ before >> 32 ^ more
        return keys


class Sieve:
    """Holds back most keys that are none of some."""

    def __init__(self, keys: Keys, bits: int) -> None:
        """For `keys`; the more bits they are hashed into, the fewer others pass."""
        self._bits = bits
        self._passing = np.zeros(1 << bits, np.bool_)
        self._passing[_hashed(keys, bits)] = True

    def passing(self, keys: Keys) -> Places:
        """The places of those that pass."""
        return np.flatnonzero(self._passing.take(_hashed(keys, self._bits)))


class Table:
    """Numbers by which others are looked up, thousands in one call."""

    def __init__(self, keys: Keys, values: Places) -> None:
        """`keys`, each once and none of them 0, and the value of each."""
        self._bits = max(1, _SPARSE * len(keys)).bit_length()
        self._keys, self._values = np.zeros(1 << self._bits, np.uint64), np.zeros(1 << self._bits, np.intp)
        slots = _hashed(keys, self._bits)
        self._keys[slots], self._values[slots] = keys, values
        late = np.flatnonzero(self._keys[slots] != keys)
        late = late[np.argsort(keys[late])]
        self._crowded = np.zeros(1 << self._bits, np.bool_)
        """Slots that several have: all but one of these are looked for among the sorted."""
        self._crowded[slots[late]] = True
        self._late, self._late_values = keys[late], values[late]

    def find(self, keys: Keys) -> tuple[NDArray[np.bool_], Places]:
        """Which of them are in here, and their values; any value where they are not."""
        slots = _hashed(keys, self._bits)
        known, values = self._keys.take(slots) == keys, self._values.take(slots)
        late = np.flatnonzero(~known)
        late = late[self._crowded.take(slots[late])]
        if late.size:
            at = np.minimum(np.searchsorted(self._late, keys[late]), len(self._late) - 1)
            known[late], values[late] = self._late[at] == keys[late], self._late_values[at]
        return known, values


def _hashed(keys: Keys, bits: int) -> Places:
    places: Places = (keys * _SPREAD >> 64 - bits).view(np.intp)
    return places
