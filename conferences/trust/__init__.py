"""Trust: what speaks against a listing, by rules whose reasons are public (`config/trust.toml`)."""

from conferences.trust.case import Context, Neighbour
from conferences.trust.judging import (
    Severity,
    Verdict,
    doubts,
    may_publish_at_once,
    reason,
    refusals,
    score,
    severity,
    verdict,
)

__all__ = [
    "Context",
    "Neighbour",
    "Severity",
    "Verdict",
    "doubts",
    "may_publish_at_once",
    "reason",
    "refusals",
    "score",
    "severity",
    "verdict",
]
