"""How fast letters may go to each domain, and which domains are left alone for now."""

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config import load_table

_BURST = 6.0
"""Seconds' worth of letters that may go at once after a pause."""
_FORGOTTEN = timedelta(days=2)
EVERY = "*"
"""Stands for all domains, where it is our own mail server that is left alone."""
_LOG = logging.getLogger("mail")


@dataclass
class _Bucket:
    letters: float
    at: float


@dataclass(frozen=True, slots=True)
class Rest:
    """Until when a domain is left alone, and why."""

    until: str
    reason: str
    paused: bool = False
    """It refuses us as such; an operator should look."""
    times: int = 1


def _wall() -> datetime:
    return datetime.now(UTC)


@dataclass
class Rates:
    """One bucket of letters per domain; safe for the threads of one process.

    What rests is kept in `path`, so that the next run leaves it alone, too.
    """

    per_minute: int
    """0: as fast as it goes."""
    path: Path | None = None
    own: Mapping[str, int] = field(default_factory=lambda: load_table("mail")["rates"])
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], datetime] = _wall
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _rests: dict[str, Rest] = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        known = _load(self.path) if self.path else {}
        long_ago = (self.wall() - _FORGOTTEN).isoformat()
        self._rests = {domain: rest for domain, rest in known.items() if rest.until > long_ago}

    def take(self, domain: str) -> float:
        """Take leave to send one letter there: 0.0, or how many seconds it is too early."""
        with self._lock:
            if (rest := self._resting(domain)) > 0:
                return rest
            rate = self.own.get(domain, self.per_minute) / 60.0
            if rate <= 0:
                return 0.0
            now, most = self.clock(), max(1.0, rate * _BURST)
            bucket = self._buckets.setdefault(domain, _Bucket(most, now))
            bucket.letters = min(most, bucket.letters + (now - bucket.at) * rate)
            bucket.at = now
            if bucket.letters < 1.0:
                return (1.0 - bucket.letters) / rate
            bucket.letters -= 1.0
            return 0.0

    def rest(self, domain: str, reason: str) -> None:
        """Leave a domain alone, twice as long as the last time."""
        table = load_table("mail")
        with self._lock:
            times = self._rests[domain].times + 1 if domain in self._rests else 1
            minutes = min(table["rest"] * 2 ** (times - 1), table["longest_rest"])
            self._save(domain, Rest(self._in(minutes), reason, times=times))

    def pause(self, domain: str, reason: str) -> None:
        """Leave a domain alone that does not want us."""
        with self._lock:
            self._save(domain, Rest(self._in(load_table("mail")["pause"]), reason, paused=True))

    def taken(self, domain: str) -> None:
        """A letter was taken there: what it asked for before is over."""
        for name in (domain, EVERY):
            if name in self._rests:
                self.lift(name)

    def lift(self, domain: str) -> bool:
        """Go on with a domain; whether it rested."""
        with self._lock:
            found = self._rests.pop(domain, None)
            self._write()
            return found is not None

    def resting(self) -> dict[str, Rest]:
        """The domains that are left alone now."""
        with self._lock:
            return {domain: rest for domain, rest in self._rests.items() if self._resting(domain) > 0}

    def _resting(self, domain: str) -> float:
        rest = self._rests.get(domain)
        if rest is None:
            return 0.0
        left = (datetime.fromisoformat(rest.until) - self.wall()).total_seconds()
        # A clock that was set back must not make it last for years.
        return (
            left
            if left <= 60.0 * max(load_table("mail")["pause"], load_table("mail")["longest_rest"])
            else 0.0
        )

    def _in(self, minutes: float) -> str:
        return (self.wall() + timedelta(minutes=minutes)).isoformat(timespec="seconds")

    def _save(self, domain: str, rest: Rest) -> None:
        self._rests[domain] = rest
        self._write()

    def _write(self) -> None:
        if self.path is None:
            return
        told = {
            d: {"until": r.until, "reason": r.reason, "paused": r.paused, "times": r.times}
            for d, r in self._rests.items()
        }
        new = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(json.dumps(told), "utf-8")
            new.replace(self.path)
        except OSError as error:  # the next run will be told again
            _LOG.warning("which domains rest cannot be kept in %s: %s", self.path, error.strerror)


def _load(path: Path) -> dict[str, Rest]:
    try:
        told: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
        return {domain: Rest(**row) for domain, row in told.items() if datetime.fromisoformat(row["until"])}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}  # it is only a memory of what servers will say again
