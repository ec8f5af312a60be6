"""What came of sending, counted by all senders of a process together."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from subscriptions.mail.answers import Fate


@dataclass
class Tally:
    """Counts; safe for threads."""

    limit: int | None = None
    """How many letters may be tried."""
    told: Callable[[int], None] = lambda done: None
    """Told how many letters are done with."""
    counts: Counter[str] = field(default_factory=Counter)
    """The values of `Fate`; `dropped`; `superseded`: taken from us before we began."""
    alarms: list[str] = field(default_factory=list)
    """What somebody should look at."""
    _begun: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def may_go(self) -> bool:
        """Whether one more letter may be tried; counts it."""
        with self._lock:
            if self.limit is not None and self._begun >= self.limit:
                return False
            self._begun += 1
            return True

    def undo(self) -> None:
        """The letter that might have gone was none."""
        with self._lock:
            self._begun -= 1

    def add(self, what: str) -> None:
        """Count what became of one letter."""
        with self._lock:
            self.counts[what] += 1
            self.told(self.counts.total())

    def alarm(self, line: str) -> None:
        """Note what somebody should look at, once."""
        with self._lock:
            if line not in self.alarms:
                self.alarms.append(line)

    @property
    def failed(self) -> dict[str, int]:
        """Letters that failed, by class."""
        return {fate.value: n for fate in Fate if fate.has_failed and (n := self.counts[fate.value])}
