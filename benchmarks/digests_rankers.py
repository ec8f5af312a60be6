"""The controls of `benchmarks.digests`: what to tell first, by position, by chance, by graphs, by the answer.

- LexRank: G. Erkan and D. R. Radev, "LexRank: Graph-based lexical centrality as salience in text
  summarization", Journal of Artificial Intelligence Research 22 (2004), the continuous form.
- TextRank: R. Mihalcea and P. Tarau, "TextRank: Bringing order into texts", EMNLP 2004.
- The oracle adds, one at a time, the sentence that brings the text closest to the reference, as in
  R. Nallapati et al., "SummaRuNNer", AAAI 2017.
"""

import math
import random
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.digests_rouge import Candidate, Overlap

_DAMPING = 0.85
_PRECISION = 1e-8
_STEPS = 500
_STOPPED = frozenset(
    re.findall(
        r"\w+",
        """
        a about above after again all also although am an and any are as at be because been before
        being below between both but by can could did do does doing down during each few for from
        further had has have having he her here hers him his how however i if in into is it its
        itself may me might more most my no nor not of off on once only or other our ours out over
        own same she should so some such than that the their theirs them then there these they this
        those through thus to too under until up upon very was we were what when where which while
        who whom why will with within without would you your
        """,
    )
)


def lead(texts: Sequence[str]) -> list[int]:
    """As they stand."""
    return list(range(len(texts)))


def tail(texts: Sequence[str]) -> list[int]:
    """The last ones first."""
    return list(range(len(texts)))[::-1]


def by_chance(texts: Sequence[str], seed: str) -> list[int]:
    """In an order that depends on `seed` alone."""
    order = list(range(len(texts)))
    random.Random(seed).shuffle(order)
    return order


def lexrank(texts: Sequence[str]) -> list[int]:
    """The most central by tf-idf cosine; every sentence is its own document, as within one paper."""
    return _best_first(lexrank_scores(texts))


def textrank(texts: Sequence[str]) -> list[int]:
    """The most central by shared words."""
    return _best_first(textrank_scores(texts))


def lexrank_scores(texts: Sequence[str]) -> NDArray[np.float64]:
    """How central each sentence is, by cosine of tf-idf; the scores add up to 1."""
    bags = [Counter(_content(text)) for text in texts]
    spread = Counter(word for bag in bags for word in bag)
    places = {word: place for place, word in enumerate(spread)}
    rows = np.zeros((len(texts), len(places)))
    for row, bag in enumerate(bags):
        for word, count in bag.items():
            rows[row, places[word]] = count * math.log(1 + len(texts) / spread[word])
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows = rows / np.where(lengths > 0, lengths, 1.0)
    return _stationary(rows @ rows.T)


def textrank_scores(texts: Sequence[str]) -> NDArray[np.float64]:
    """How central each sentence is, by shared words over the logarithms of both lengths."""
    bags = [_content(text) for text in texts]
    places = {word: place for place, word in enumerate(dict.fromkeys(word for bag in bags for word in bag))}
    rows = np.zeros((len(texts), len(places)))
    for row, bag in enumerate(bags):
        rows[row, [places[word] for word in bag]] = 1.0
    lengths = np.log([max(1, len(bag)) for bag in bags])
    sizes = np.add.outer(lengths, lengths)
    weights = np.where(sizes > 0, rows @ rows.T / np.where(sizes > 0, sizes, 1.0), 0.0)
    np.fill_diagonal(weights, 0.0)
    return _stationary(weights)


def oracle(texts: Sequence[str], reference: str, budget: int) -> list[int]:
    """Greedily what brings ROUGE-1 and ROUGE-2 together highest, to the last word of the budget."""
    text = Overlap(reference)
    left = {i: Candidate(text) for i, text in enumerate(texts) if text.strip()}
    told: list[int] = []
    while left and budget > 0:
        best = max(left, key=lambda i: text.with_more(left[i], budget))
        text.add(left[best], budget)
        told.append(best)
        budget -= len(left.pop(best))
    return told


def _content(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", text.lower()) if word not in _STOPPED]


def _stationary(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where a walk along the weights, which jumps anywhere now and then, ends up (power iteration)."""
    count = len(weights)
    sums = weights.sum(axis=1, keepdims=True)
    steps = np.where(sums > 0, weights / np.where(sums > 0, sums, 1.0), 1.0 / max(1, count))
    scores = np.full(count, 1.0 / max(1, count))
    for _ in range(_STEPS):
        after: NDArray[np.float64] = (1 - _DAMPING) / count + _DAMPING * (steps.T @ scores)
        if np.abs(after - scores).sum() < _PRECISION:
            return after
        scores = after
    return scores


def _best_first(scores: NDArray[np.float64]) -> list[int]:
    return sorted(range(len(scores)), key=lambda i: (-scores[i], i))
