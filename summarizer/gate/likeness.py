"""Meaning, where the caller has vectors: what rules cannot see, a telling of something else altogether."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from config import load_table


def meaning_faults(told: NDArray[np.float32], evidence: NDArray[np.float32]) -> Iterator[str]:
    """Tellings further from their evidence than faithful ones are (`likeness` in `config/gate.toml`).

    Args:
        told: one unit vector a row for each telling; `evidence` the same for what each rests on.
    """
    least = load_table("gate")["likeness"]["least"]
    likeness = np.einsum("ij,ij->i", told, evidence)
    for place in np.flatnonzero(likeness < least):
        yield f"far from the evidence: sentence {place}, {likeness[place]:.2f}"
