"""How good a ranking is: nDCG@10 and recall@100 as trec_eval computes them, and how sure a difference is."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import ir_measures
import numpy as np

Judged = Mapping[str, Mapping[str, int]]
"""Question → document → how well it answers; 0 is not at all."""
Run = Mapping[str, Sequence[str]]
"""Question → documents, the best first."""

DEPTH = 100
_TOP = 10
_RESAMPLES = 10_000


class Interval(NamedTuple):
    """A difference, and between what 95 % of its resamples lie."""

    value: float
    low: float
    high: float


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], top: int = _TOP) -> float:
    """What the first ten are worth, as a share of the best that they could be; later places count less."""
    best = _gain(sorted(grades.values(), reverse=True)[:top])
    return _gain([grades.get(document, 0) for document in ranking[:top]]) / best if best else 0.0


def recall(ranking: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """The share of the documents that answer at all which are among the first hundred."""
    right = {document for document, grade in grades.items() if grade > 0}
    return len(right.intersection(ranking[:depth])) / len(right) if right else 0.0


def measure(run: Run, judged: Judged) -> dict[str, float]:
    """The means over all questions that were judged, those that nothing answers counting as 0.

    `ir_measures` is asked too; should it say otherwise, none of the figures could be trusted.
    """
    found = {
        name: sum(function(run.get(question, ()), grades) for question, grades in judged.items())
        / len(judged)
        for name, function in (("ndcg@10", ndcg), ("recall@100", recall))
    }
    for name, value in _by_ir_measures(run, judged).items():
        if abs(value - found[name]) >= 0.00005:
            raise ArithmeticError(f"{name} is {found[name]:.6f} here and {value:.6f} by ir_measures")
    return found


def gain(run: Run, other: Run, judged: Judged) -> Interval:
    """How much better nDCG@10 is than that of another, with a paired bootstrap over the questions."""
    each = np.array([ndcg(run.get(q, ()), g) - ndcg(other.get(q, ()), g) for q, g in judged.items()])
    draws = np.random.default_rng(1).integers(0, len(each), (_RESAMPLES, len(each)))
    low, high = np.percentile(each[draws].mean(axis=1), [2.5, 97.5])
    return Interval(float(each.mean()), float(low), float(high))


def _gain(grades: Sequence[int]) -> float:
    return sum(max(grade, 0) / math.log2(place + 2) for place, grade in enumerate(grades))


def _by_ir_measures(run: Run, judged: Judged) -> dict[str, float]:
    # A missing question counts as 0 there too. Scores fall from place to place: ties would be put anew.
    scores = {q: {d: float(-place) for place, d in enumerate(found)} for q, found in run.items() if found}
    means = ir_measures.calc_aggregate(
        [ir_measures.nDCG @ _TOP, ir_measures.R @ DEPTH],
        {q: dict(grades) for q, grades in judged.items()},
        scores,
    )
    return {"ndcg@10": means[ir_measures.nDCG @ _TOP], "recall@100": means[ir_measures.R @ DEPTH]}
