"""Answers that are remembered, with bounds on how many and on how long what was asked may be.

What sources write is asked again and again, but a file may hold giants, each of its own: a cache that counts
only entries would keep them all.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar, TypeVarTuple

_Given = TypeVarTuple("_Given")
_T = TypeVar("_T")


def remembered(
    entries: int, longest: int = 2000, letters: Callable[..., int] = len
) -> Callable[[Callable[[*_Given], _T]], Callable[[*_Given], _T]]:
    """Remember the last answers about what is not too long; longer things are asked about anew each time.

    Args:
        entries: so many answers at most.
        longest: so many letters at most.
        letters: how many letters what is asked about has; by default it is one text.
    """

    def around(answer: Callable[[*_Given], _T]) -> Callable[[*_Given], _T]:
        known = lru_cache(maxsize=entries)(answer)

        @wraps(answer)
        def ask(*given: *_Given) -> _T:
            return known(*given) if letters(*given) <= longest else answer(*given)

        return ask

    return around
