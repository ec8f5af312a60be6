"""Answers that are remembered, with bounds on how many and on how long what was asked may be.

What sources write is asked again and again, but a file may hold giants, each of its own: a cache that counts
only entries would keep them all.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

_Text = TypeVar("_Text", str, bytes)
_T = TypeVar("_T")


def remembered(entries: int, longest: int = 2000) -> Callable[[Callable[[_Text], _T]], Callable[[_Text], _T]]:
    """Remember the last answers about texts up to a length; longer ones are answered anew each time."""

    def around(answer: Callable[[_Text], _T]) -> Callable[[_Text], _T]:
        known = lru_cache(maxsize=entries)(answer)

        @wraps(answer)
        def ask(text: _Text) -> _T:
            return known(text) if len(text) <= longest else answer(text)

        return ask

    return around
