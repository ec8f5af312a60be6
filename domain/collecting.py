"""How often Python looks for cycles of objects."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_ALLOCATIONS = 200_000


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for them seldom: our values hold none, and every look goes over a whole page of them."""
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], _ALLOCATIONS) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
