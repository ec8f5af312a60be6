"""Lets long work of a command wait for those who search meanwhile: this process alone, never the site's."""

import os
import sys
from contextlib import suppress

_LAST = 19
"""As nice as one can be; no system lets anyone be nicer."""


def be_nice(by: int) -> None:
    """Let others have more of the processor, where the system knows of that."""
    if sys.platform != "win32":
        with suppress(OSError):  # a container may forbid it
            os.nice(by)


def give_way() -> None:
    """From now on use only the time that nothing else wants, for the processor and, on Linux, the disk.

    To be called before other threads are begun, which would keep their priority. A policy of
    scheduling that the operator chose is left as it is.
    """
    be_nice(_LAST)
    # A core that does only such work counts as free when the system looks for one for an answer. To be merely
    # nice is not enough: an answer then queues for a busy core, though the other does nothing urgent.
    if sys.platform == "linux":
        with suppress(OSError):  # a container may forbid it, and musl's C library even to ask
            if os.sched_getscheduler(0) == os.SCHED_OTHER:
                os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
