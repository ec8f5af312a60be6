"""Lets long work of a command wait for those who search meanwhile: this process alone, never the site's."""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_LEAST = 1 / 8
"""The share of all processors that is taken however busy others are, so that the work ends."""
_LOOKED = 1.0
"""How many seconds what others take is averaged over."""
_REST = 0.25
"""The longest rest, in seconds, before it is looked again whether it is still due."""


def be_nice(by: int) -> None:
    """Let others have more of the processor, where the system knows of that."""
    if sys.platform != "win32":
        with suppress(OSError):  # a container may forbid it
            os.nice(by)


class Quota(NamedTuple):
    """The part of a machine that a container or a service may have."""

    processors: float
    stat: Path
    """Where it is told what all its processes have computed."""


def find_quota(groups: Path = Path("/proc/self/cgroup"), root: Path = Path("/sys/fs/cgroup")) -> Quota | None:
    """The narrowest limit on our control group and those around it; None where there is none to be seen."""
    try:
        lines = groups.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    found = []
    for inner in (line.removeprefix("0::/") for line in lines if line.startswith("0::/")):
        for folder in (root / inner, *(root / inner).parents):
            if folder == root.parent:
                break
            with suppress(OSError, ValueError):  # the outermost has none, and most say "max"
                most, period = (folder / "cpu.max").read_text("ascii").split()
                found.append(Quota(int(most) / int(period), folder / "cpu.stat"))
    return min(found, default=None)


class _Look(NamedTuple):
    """Seconds, counted from some moment."""

    clock: float
    own: float
    """What all threads of this process have computed."""
    idle: float
    """What all processors together have had nothing to do."""
    group: float
    """What all processes within our quota have computed; 0 where there is none."""


class Pace:
    """Takes rests between pieces of work, so that it uses less and less of a machine the busier others are.

    Niceness decides only who goes first where two want the same processor at once. It does not keep
    processors free for whoever comes next, nor their caches; and Linux heeds it among the processes of one
    session only, which a site and a command from a terminal are not.
    """

    def __init__(self, stat: Path = Path("/proc/stat"), quota: Quota | None = None) -> None:
        """Read what the machine does from `stat`; where it is not to be had, no rests are taken.

        Within a `quota`, it is that part of the machine which is shared with others.
        """
        self._stat = stat
        self._quota = quota
        self._cores = min(os.cpu_count() or 1, quota.processors if quota else sys.maxsize)
        self._share = 1.0
        self._seen = self._rested = self._look()

    def rest(self) -> None:
        """Wait until what was computed since the last rest is no more than our share since then."""
        while True:
            now = self._look()
            if now is None or self._seen is None or self._rested is None:
                return
            if now.clock - self._seen.clock >= _LOOKED:
                self._share = max(_LEAST, self._free(self._seen, now) ** 2)
                self._seen = now
            due = (now.own - self._rested.own) / (self._share * self._cores)
            left = due - (now.clock - self._rested.clock)
            if left <= 0:
                self._rested = now
                return
            time.sleep(min(left, _REST))

    def _free(self, before: _Look, now: _Look) -> float:
        """The share of all processors that others left to us."""
        passed, own = now.clock - before.clock, now.own - before.own
        left = own + now.idle - before.idle
        if self._quota:
            left = min(left, self._quota.processors * passed - (now.group - before.group - own))
        # The count of waiting may go back, and processors may be taken away.
        return min(1.0, max(0.0, left / (passed * self._cores)))

    def _look(self) -> _Look | None:
        try:
            _, _, _, _, idle, waiting, *_ = self._stat.read_text("ascii").split(None, 6)
            ticks = int(idle) + int(waiting)
            used = int(self._quota.stat.read_text("ascii").split(None, 2)[1]) if self._quota else 0
        except (OSError, ValueError, IndexError):
            return None
        if not ticks:  # a sandbox that shows the file and counts nothing
            return None
        idle_seconds = ticks / os.sysconf("SC_CLK_TCK")
        return _Look(time.monotonic(), time.process_time(), idle_seconds, used / 1e6)
