"""One order out of two: how well a paper has the words, and how close it is in meaning.

Chosen on SciFact claims and lay questions by cross-validation (`python -m benchmarks.relevance --tune`): of
some twenty ways to fuse, several are as good as this one, none is simpler.
"""

from collections.abc import Mapping

WINDOW = 200
"""So many of the best by words take part; those after them follow in their own order."""
NEAREST = 100
"""So many of the closest in meaning take part."""
MEANING = 0.5
"""The share of meaning in the score; anything from 0.45 to 0.6 does as well."""
FLOOR = 0.35
"""A paper without the words must be at least so close (cosine) to be listed: nonsense reaches 0.31."""
WORDLESS_FLOOR = 0.45
"""The same where no paper has the words, which may then be nonsense."""


def fuse(
    lexical: Mapping[str, float], cosines: Mapping[str, float], meaning: float = MEANING
) -> dict[str, float]:
    """The score of every paper of either half, between 0 and 1: each half by its best.

    Args:
        lexical: paper → score of its words; a paper without them is left out.
        cosines: paper → cosine with the question; a paper without a vector is left out.
        meaning: the share of the cosines.
    """
    best = max(lexical.values(), default=0.0) or 1.0
    closest = max(cosines.values(), default=0.0)
    closest = closest if closest > 0 else 1.0
    fused = {paper: (1 - meaning) * score / best for paper, score in lexical.items()}
    for paper, cosine in cosines.items():
        if cosine > 0 or paper not in fused:
            fused[paper] = fused.get(paper, 0.0) + meaning * max(cosine, 0.0) / closest
    return fused
