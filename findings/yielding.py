"""Lets long work of a command wait for those who search meanwhile: this process alone, never the site's."""

import os
import sys
from contextlib import suppress


def be_nice(by: int) -> None:
    """Let others have more of the processor, where the system knows of that."""
    if sys.platform != "win32":
        with suppress(OSError):  # a container may forbid it
            os.nice(by)
