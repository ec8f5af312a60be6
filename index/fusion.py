"""One order out of two: how well a paper has the words, and how close it is in meaning."""

from collections.abc import Mapping

WINDOW = 200
"""So many of the best by words take part; those after them follow in their own order."""
NEAREST = 100
"""So many of the closest in meaning take part."""
FLOOR = 0.25
"""A paper without the words must be at least so close (cosine) to be listed."""
_MEANING = 0.5
"""The share of meaning in the score."""


def fuse(lexical: Mapping[str, float], cosines: Mapping[str, float]) -> dict[str, float]:
    """The score of every paper in either half, between 0 and 1.

    Args:
        lexical: paper → score of its words; of papers without them nothing.
        cosines: paper → cosine with the question; of papers without a vector nothing.
    """
    best = max(lexical.values(), default=0.0) or 1.0
    closest = max(cosines.values(), default=0.0) or 1.0
    return {
        paper: (1 - _MEANING) * lexical.get(paper, 0.0) / best + _MEANING * cosines.get(paper, 0.0) / closest
        for paper in lexical.keys() | cosines.keys()
    }
