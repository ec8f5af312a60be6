"""Reading the records of a page in two processes at once, where there is more than a little to read.

Reading and enriching is pure computation, and most of what a page costs us. Once a run has read so much that
it is likely to go on, a second process is started that reads a share of every page.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.records.alone import Reading, read_alone
from crawler.records.second import Second
from domain.record import HarvestedRecord

_ENOUGH = 300
"""Records read after which a second process is worth its start, which costs as much as reading them."""
_FEW = 4
"""So few are read sooner than they are handed over."""
_STEP, _LEAST, _MOST = 0.05, 0.25, 1.0
"""By how much the share of the second process changes with a page, and between what."""


class Readers:
    """Reads records, in the course of a run with a second process; `close` ends that."""

    def __init__(self, enough: int | None = None) -> None:
        """With a second process after `enough` records, where there is a second processor."""
        self._enough = (_ENOUGH if enough is None else enough) if _processors() > 1 else sys.maxsize
        self._count = 0
        self._second: Second | None = None
        self._share = 0.5

    def read(self, records: Sequence[HarvestedRecord]) -> list[Reading]:
        """What each of the records is read as, in their order."""
        return self.begin(records).finish()

    def begin(self, records: Sequence[HarvestedRecord]) -> "Begun":
        """Let the second process, if there is one, begin to read its share, whatever is done meanwhile."""
        self._count += len(records)
        if self._count < self._enough or len(records) < _FEW:
            return Begun(self, records, len(records))
        if self._second is None:
            try:
                self._second = Second(records[0])
            except OSError:  # no room for another process, or none is allowed
                self._enough = sys.maxsize
                return Begun(self, records, len(records))
        own = len(records) - round(len(records) * self._share)
        return Begun(self, records, own, self._second, self._second.give(records[own:]))

    def heed(self, *, waited: bool) -> None:
        """Whoever is waited for is to do less of the next page."""
        self._share = min(_MOST, max(_LEAST, self._share + (-_STEP if waited else _STEP)))

    def close(self) -> None:
        """End the second process."""
        if self._second is not None:
            self._second.close()
            self._second = None


@dataclass(slots=True)
class Begun:
    """Records that are being read: the first `own` of them here, the rest by the second process."""

    readers: Readers
    records: Sequence[HarvestedRecord]
    own: int
    second: Second | None = None
    number: int | None = None
    _own: list[Reading] | None = None

    def read_own(self) -> list[Reading]:
        """What those are read as that are read here; nothing is read twice."""
        if self._own is None:
            try:
                self._own = read_alone(self.records[: self.own])
            except BaseException:
                self.drop()
                raise
        return self._own

    def finish(self) -> list[Reading]:
        """What each is read as, in their order; to be called once."""
        own, rest = self.read_own(), self.records[self.own :]
        if self.second is None or self.number is None:
            return own + read_alone(rest)
        self.readers.heed(waited=not self.second.has(self.number))
        told = self.second.take(self.number, rest)
        return own + (read_alone(rest) if told is None else told)

    def drop(self) -> None:
        """They are not wanted any more."""
        if self.second is not None and self.number is not None:
            self.second.drop(self.number)


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
