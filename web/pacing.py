"""Answers in even steps of time: what took longer for one address than for another is not seen outside."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TICK = 0.05
"""Seconds: most answers take one step, or two; a known address costs a millisecond less than a new one."""


@contextmanager
def in_steps(wait: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Take until the next step, counted from the beginning."""
    began = time.perf_counter()
    try:
        yield
    finally:
        wait(TICK - (time.perf_counter() - began) % TICK)
