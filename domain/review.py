"""What people did with digests: who checked one, who changed it, and whether readers found it clear."""

from dataclasses import dataclass
from enum import StrEnum

from domain.digest import Audience, Digest


class Act(StrEnum):
    """What happened to a digest, in its public change log."""

    WRITTEN = "written"
    """By an engine, for the first time or anew."""
    REVIEWED = "reviewed"
    """A named person checked it against the paper and stands by it."""
    CORRECTED = "corrected"
    """A reviewer or author changed its wording."""
    SUGGESTED = "suggested"
    """Somebody proposed a correction; not public until it is taken up."""
    DECLINED = "declined"
    """A proposal was not taken up, for a reason."""
    WITHDRAWN = "withdrawn"
    """A reviewer took it back."""
    RECALLED = "recalled"
    """Its paper was retracted, corrected or changed."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of a digest's change log."""

    id: int
    paper_id: str
    audience: Audience
    act: Act
    at: str
    """ISO 8601, UTC."""
    by: str
    """A person's public name, or the engine."""
    note: str = ""
    digest: Digest | None = None
    """The digest as it stood after this."""
    answer: int | None = None
    """Of a proposal: the entry that took it up or declined it; None while it is open."""


class Verdict(StrEnum):
    """What a reviewer decides."""

    APPROVE = "approve"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    DECLINE = "decline"
    """Of a suggestion."""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """Something that waits for a reviewer, and why."""

    paper_id: str
    audience: Audience
    reason: str
    """`failed` (the gate refused it), `suggested`, `unclear` (to readers) or `recalled`."""
    at: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Clarity:
    """How clear readers found a digest: answers pooled, nothing kept about who gave them."""

    answers: int
    yes: tuple[int, int, int]
    """To each question (what was found, what it means, what it does not show), how many said yes."""

    @property
    def score(self) -> float | None:
        """Share of clear answers, 0 to 1; None below five answers, which would tell of single readers."""
        return sum(self.yes) / (3 * self.answers) if self.answers >= 5 else None
