"""ROUGE of a text against what people wrote, and readability, over many papers, with bootstrap intervals.

The figures are those of the library rouge-score (a test holds them to it), which has no way to read a
reference once for many texts and compares every word of two sentences, also those that only one of them has.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from rouge_score import tokenizers

_RESAMPLES = 2000
Grams = Counter[tuple[str, ...]]
Tokens = list[str]
MEASURES = ("rouge1", "rouge2", "rougeL")
"""For `rougeL` the longest common part is taken sentence by sentence (rouge-score's `rougeLsum`), as
published figures for lay summaries are."""
_WHOLE = 1_000_000


def stems(text: str) -> Tokens:
    """The tokens that ROUGE counts: rouge-score's own, stemmed."""
    return [token for word in _plain().tokenize(text) for token in _stemmed(word)]


def rouge(text: str, reference: str) -> dict[str, float]:
    """F1 of each measure; sentences stand on lines of their own."""
    told, wanted = _lines(text), _read(reference)
    found = {}
    for n, measure in enumerate(MEASURES[:2], 1):
        grams = _grams([token for line in told for token in line], n)
        found[measure] = _f1(
            (grams & wanted.grams[n - 1]).total(), grams.total(), wanted.grams[n - 1].total()
        )
    found["rougeL"] = _f1(_common(told, wanted.lines), *(sum(map(len, x)) for x in (told, wanted.lines)))
    return found


@dataclass(frozen=True, slots=True)
class _Reference:
    """What people wrote, read once for all systems."""

    lines: list[Tokens]
    grams: tuple[Grams, Grams]


def _common(told: list[Tokens], wanted: list[Tokens]) -> int:
    """How many words stand in the longest common part of a wanted sentence with any told one, none twice."""
    left = Counter(token for line in told for token in line)
    open_ = Counter(token for line in wanted for token in line)
    hits = 0
    for line in wanted:
        for place in sorted({place for other in told for place in _longest_common(line, other)}):
            token = line[place]
            if left[token] > 0 and open_[token] > 0:
                left[token] -= 1
                open_[token] -= 1
                hits += 1
    return hits


def _longest_common(wanted: Tokens, told: Tokens) -> list[int]:
    """The places in `wanted` of the longest common subsequence, the one that rouge-score takes of several."""
    known = set(told)
    places = [place for place, token in enumerate(wanted) if token in known]
    rows = [[0] * (len(told) + 1)]
    for place in places:
        token, above, row = wanted[place], rows[-1], [0]
        for j, other in enumerate(told):
            row.append(above[j] + 1 if other == token else max(above[j + 1], row[j]))
        rows.append(row)
    i, j, found = len(places), len(told), []
    while i and j:
        if wanted[places[i - 1]] == told[j - 1]:
            i, j = i - 1, j - 1
            found.append(places[i])
        elif rows[i][j - 1] > rows[i - 1][j]:
            j -= 1
        else:
            i -= 1
    return found


class Overlap:
    """ROUGE-1 and ROUGE-2 of a text that grows, counted as it grows."""

    def __init__(self, reference: str) -> None:
        self._wanted = _read(reference).grams
        self._told: tuple[Grams, Grams] = (Counter(), Counter())
        self._hits = [0, 0]
        self._sizes = [0, 0]

    def with_more(self, more: "Candidate", budget: int = _WHOLE) -> float:
        """The sum of both F1 if so many words of a sentence were added."""
        total = 0.0
        for n, (size, grams) in enumerate(more.wanted(self._wanted, budget)):
            gain = _gain(self._wanted[n], self._told[n], grams)
            total += 2 * (self._hits[n] + gain) / max(1, self._wanted[n].total() + self._sizes[n] + size)
        return total

    def add(self, more: "Candidate", budget: int = _WHOLE) -> None:
        """Add so many words of a sentence."""
        for n, (size, grams) in enumerate(more.wanted(self._wanted, budget)):
            self._hits[n] += _gain(self._wanted[n], self._told[n], grams)
            self._told[n].update(grams)
            self._sizes[n] += size


class Candidate:
    """A sentence that could be added to a text, its words read once."""

    def __init__(self, text: str) -> None:
        self._words = [stems(word) for word in text.split()]
        self._known: tuple[int, list[tuple[int, Grams]]] = (-1, [])

    def __len__(self) -> int:
        return len(self._words)

    def wanted(self, wanted: Sequence[Grams], budget: int) -> list[tuple[int, Grams]]:
        """For each length, how many n-grams its first words have, and those that are wanted at all."""
        length = min(budget, len(self._words))
        if self._known[0] != length:
            tokens = [token for word in self._words[:length] for token in word]
            each = [_grams(tokens, n + 1) for n in range(len(wanted))]
            kept = [
                (grams.total(), Counter({gram: count for gram, count in grams.items() if gram in known}))
                for grams, known in zip(each, wanted, strict=True)
            ]
            self._known = length, kept
        return self._known[1]


def _gain(wanted: Grams, told: Grams, more: Grams) -> int:
    """How many more of the wanted there are; all of `more` are wanted ones."""
    gain = 0
    for gram, count in more.items():
        before, most = told[gram], wanted[gram]
        gain += min(count + before, most) - min(before, most)
    return gain


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """The mean, and between what 95 % of its resamples lie."""
    each = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(1).integers(0, len(each), (_RESAMPLES, len(each)))
    means: NDArray[np.float64] = each[draws].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(each.mean()), float(low), float(high)


def share_interval(parts: NDArray[np.float64], wholes: NDArray[np.float64]) -> tuple[float, float, float]:
    """How large a share of the sum of `wholes` that of `parts` is, and between what 95 % of resamples lie."""
    draws = np.random.default_rng(1).integers(0, len(parts), (_RESAMPLES, len(parts)))
    shares = parts[draws].sum(axis=1) / np.maximum(wholes[draws].sum(axis=1), 1e-9)
    low, high = np.percentile(shares, [2.5, 97.5])
    return float(parts.sum() / wholes.sum()), float(low), float(high)


def _grams(tokens: Sequence[str], n: int) -> Grams:
    return Counter(zip(*(tokens[i:] for i in range(n)), strict=False))


def _f1(hits: int, told: int, wanted: int) -> float:
    return 2 * hits / (told + wanted) if hits else 0.0


def _lines(text: str) -> list[Tokens]:
    return [stems(line) for line in text.split("\n") if line]


@lru_cache(2)
def _read(reference: str) -> _Reference:
    lines = _lines(reference)
    tokens = [token for line in lines for token in line]
    return _Reference(lines, (_grams(tokens, 1), _grams(tokens, 2)))


@cache
def _plain() -> tokenizers.DefaultTokenizer:
    return tokenizers.DefaultTokenizer(use_stemmer=False)


@cache
def _stemming() -> tokenizers.DefaultTokenizer:
    return tokenizers.DefaultTokenizer(use_stemmer=True)


@cache
def _stemmed(word: str) -> Tokens:
    return list(_stemming().tokenize(word))
