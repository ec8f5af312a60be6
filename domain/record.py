"""What a source handed over, before anyone has read it."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.values import quickly_made


@quickly_made
@dataclass(frozen=True, slots=True)
class HarvestedRecord:
    """One record as its source gave it. Kept, so that a better reader needs no second harvest."""

    source: str
    """The source's one name: module, table in `config/sources.toml`, badge."""
    native_id: str
    """The record's id within the source, unique there."""
    fetched_at: datetime
    media_type: str
    payload: bytes
    revised: str | None = None
    """The day (ISO 8601) on which the source says it last changed the record, where it says so; ` v2` and so
    on follow where the source numbers the versions of a record, the later to replace the earlier."""


def revision_order(revised: str) -> tuple[int, str]:
    """What tells which of two states of a record is the newer: its version, then the day.

    >>> revision_order("2024-03-06 v2") > revision_order("2025-01-01")
    True
    """
    day, _, version = revised.partition(" v")
    return int(version) if version.isdecimal() else 1, day


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a harvest has come; saved in one transaction with the records of its page."""

    source: str
    scope: str
    """Which harvest of that source: a digest of query, window and address."""
    cursor: str | None
    """Where the next page begins; None before the first and after the last."""
    complete: bool = False
    """True only on the source's own word that there is no more."""
    pages: int = 0
    expected: int | None = None
    """How many records the source says there are; never proof of completeness."""
    seen: int = 0
    fence: str | None = None
    """What the source's mark `fence` must be for the page to be saved; None: nobody else can be at it."""


@dataclass(slots=True)
class Counts:
    """What became of the records of a harvest or import."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    """Reason → how many."""

    @property
    def rejected_total(self) -> int:
        """All rejected records, whatever the reason."""
        return sum(self.rejected.values())

    @property
    def total(self) -> int:
        """Every record that was looked at."""
        return self.new + self.updated + self.unchanged + self.skipped + self.rejected_total

    def reject(self, reason: str) -> None:
        """Count one record rejected for `reason`."""
        self.rejected[reason] = self.rejected.get(reason, 0) + 1

    def add(self, other: "Counts") -> None:
        """Add `other`'s counts to these."""
        self.new += other.new
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.skipped += other.skipped
        for reason, count in other.rejected.items():
            self.rejected[reason] = self.rejected.get(reason, 0) + count
