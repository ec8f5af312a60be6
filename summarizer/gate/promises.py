"""What no digest says: promises beyond the paper, and advice to the reader."""

import re
from collections.abc import Iterator
from functools import cache

from config import load_table
from summarizer.gate.prose import Prose, has


def promises(told: Prose, evidence: str) -> Iterator[str]:
    """Words that promise too much and are not the paper's own."""
    for phrase in load_table("gate")["banned"]:
        if phrase in told.lower and has(told.lower, phrase) and not has(evidence, phrase):
            yield f"promises too much: {phrase}"


def advice(told: Prose, evidence: str) -> Iterator[str]:
    """Medical advice; "patients should" may stand where the authors themselves conclude so."""
    for match in _advice().finditer(told.lower):
        if match[0] not in evidence:
            yield f"advises the reader: {match[0]}"


@cache
def _advice() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(load_table('gate')['advice'])})\b")
