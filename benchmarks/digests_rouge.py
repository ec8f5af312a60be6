"""ROUGE of a text against what people wrote, and readability, over many papers, with bootstrap intervals."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from rouge_score import rouge_scorer, tokenizers

_RESAMPLES = 2000
Grams = Counter[tuple[str, ...]]
MEASURES = {"rouge1": "rouge1", "rouge2": "rouge2", "rougeL": "rougeLsum"}
"""Our names, and rouge-score's: the longest common part is taken sentence by sentence (`rougeLsum`), as
published figures for lay summaries are."""


class _Stems(tokenizers.Tokenizer):  # type: ignore[misc]
    """rouge-score's own tokens with stemming, each word's stem kept."""

    def __init__(self) -> None:
        self._plain = tokenizers.DefaultTokenizer(use_stemmer=False)
        self._stemming = tokenizers.DefaultTokenizer(use_stemmer=True)
        self._known: dict[str, list[str]] = {}

    def tokenize(self, text: str) -> list[str]:
        found: list[str] = []
        for word in self._plain.tokenize(text):
            if word not in self._known:
                self._known[word] = self._stemming.tokenize(word)
            found += self._known[word]
        return found


def stems(text: str) -> list[str]:
    """The tokens that ROUGE counts."""
    found: list[str] = _tokenizer().tokenize(text)
    return found


def rouge(text: str, reference: str) -> dict[str, float]:
    """F1 of each measure; sentences stand on lines of their own."""
    scores = _scorer().score(reference, text)
    return {ours: scores[theirs].fmeasure for ours, theirs in MEASURES.items()}


class Overlap:
    """ROUGE-1 and ROUGE-2 of a text that grows, counted as it grows."""

    def __init__(self, reference: str) -> None:
        tokens = stems(reference)
        self._wanted = [_grams(tokens, n) for n in (1, 2)]
        self._told: list[Grams] = [Counter(), Counter()]
        self._hits = [0, 0]

    def with_more(self, tokens: Sequence[str]) -> float:
        """The sum of both F1 if a sentence of these tokens were added."""
        total = 0.0
        for n, (wanted, told, hits) in enumerate(zip(self._wanted, self._told, self._hits, strict=True), 1):
            more = _grams(tokens, n)
            size = wanted.total() + told.total() + more.total()
            total += 2 * (hits + _gain(wanted, told, more)) / max(1, size)
        return total

    def add(self, tokens: Sequence[str]) -> None:
        """Add a sentence of these tokens."""
        for n, (wanted, told) in enumerate(zip(self._wanted, self._told, strict=True), 1):
            more = _grams(tokens, n)
            self._hits[n - 1] += _gain(wanted, told, more)
            told.update(more)


def _gain(wanted: Grams, told: Grams, more: Grams) -> int:
    """How many more of the wanted there are."""
    return sum(
        min(count + told[gram], wanted[gram]) - min(told[gram], wanted[gram])
        for gram, count in more.items()
        if gram in wanted
    )


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """The mean, and between what 95 % of its resamples lie."""
    each = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(1).integers(0, len(each), (_RESAMPLES, len(each)))
    means: NDArray[np.float64] = each[draws].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(each.mean()), float(low), float(high)


def _grams(tokens: Sequence[str], n: int) -> Grams:
    return Counter(zip(*(tokens[i:] for i in range(n)), strict=False))


@cache
def _tokenizer() -> _Stems:
    return _Stems()


@cache
def _scorer() -> rouge_scorer.RougeScorer:
    return rouge_scorer.RougeScorer(list(MEASURES.values()), tokenizer=_tokenizer())
