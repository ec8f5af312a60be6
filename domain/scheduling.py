"""One scheduler at a time: a lease with a fence, and what each job last did.

No clock is compared between machines, nor with itself before a change of the time: whoever holds the lease
raises its beat, and who waits takes it over when, by its own monotonic clock, the beat stood still too long.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Lease:
    """Who may start jobs."""

    name: str
    holder: str
    """Empty: nobody; it was given back."""
    fence: int
    """Rises each time that another takes it: what an older holder still does is refused."""
    beat: int
    """Rises as long as the holder lives."""


@dataclass(frozen=True, slots=True)
class JobState:
    """A job as the status page shows it. Instants are ISO 8601 in UTC."""

    name: str
    every_minutes: int
    number: int = 0
    """How often it was started."""
    started_at: str = ""
    finished_at: str = ""
    """Empty while it is at work, or when its scheduler died."""
    code: int | None = None
    """The exit code of the last run that ended: 0 done, 3 partial, anything else failed."""
    next_at: str = ""

    @property
    def has_failed(self) -> bool:
        """Whether the last run that ended did nothing of what it should."""
        return self.code not in (None, 0, 3)


class Schedule(Protocol):
    """Leases and jobs of the database. Raises `CatalogError`."""

    def lease(self, name: str) -> Lease | None:
        """The lease as it stands; None: nobody ever took it."""
        ...

    def take(self, name: str, holder: str, seen: Lease | None) -> Lease | None:
        """Take the lease, if it still is as it was `seen`; None: somebody was faster."""
        ...

    def beat(self, lease: Lease) -> Lease:
        """Show that the holder lives. Raises `Superseded` when another has it."""
        ...

    def release(self, lease: Lease) -> None:
        """Give it back, so that the next need not wait; nothing where another has it."""
        ...

    def plan(self, lease: Lease, planned: list[JobState]) -> None:
        """Say which jobs there are and when each is next; others are forgotten. Raises `Superseded`."""
        ...

    def begin(self, lease: Lease, job: str, number: int, now: datetime, next_at: datetime) -> bool:
        """Note that run `number` of a job starts; False where that run was started already.

        Raises:
            Superseded: another has the lease: it must not start.
        """
        ...

    def finish(
        self, job: str, number: int, code: int, now: datetime, next_at: datetime | None = None
    ) -> None:
        """Note how that run ended, and when the next begins, if that is another time than was said when it
        began; nothing, when a later one has begun.
        """
        ...

    def jobs(self) -> list[JobState]:
        """Every job, by name."""
        ...
