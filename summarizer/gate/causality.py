"""Cause and effect: said only where the evidence says it, and the study could show it."""

import re
from collections.abc import Iterable, Iterator

from config import load_table
from domain.facts import StudyKind
from summarizer.gate.prose import Prose, Source, has

# "Drug-induced liver injury" is the name of an illness; whether the evidence has it is asked elsewhere.
_NAMED = re.compile(r"\w[\w-]*-(?:induced|triggered|caused)\b")
_CANNOT_SHOW_CAUSE = (StudyKind.OBSERVATIONAL, StudyKind.QUALITATIVE)


def causal_faults(told: Prose, source: Source, permitted: frozenset[str]) -> Iterator[str]:
    """Causes told of what the evidence only links."""
    table = load_table("gate")["causes"]
    if not _has_any(source.outside.lower, table["links"]):
        return
    if _has_any(source.whole.lower, table["verbs"]) or _has_any(source.plain.lower, table["verbs"]):
        return
    for verb in table["verbs"]:
        if has(told.lower, verb) and not permitted.issuperset(verb.split()):
            yield f"cause told of a link: {verb}"


def _has_any(text: str, phrases: Iterable[str]) -> bool:
    """Whether the words of any phrase stand in `text`, both in lower case; few are in it even as letters."""
    return any(phrase in text and has(text, phrase) for phrase in phrases)


def overclaims(told: Prose, kind: StudyKind) -> Iterator[str]:
    """Causes told from a study that cannot show them."""
    if kind in _CANNOT_SHOW_CAUSE:
        lower = _NAMED.sub(" ", told.lower)
        for verb in load_table("gate")["causes"]["strong"]:
            if has(lower, verb) and not has(lower, f"{verb} by") and "not" not in told.words:
                yield f"cause told of an {kind} study: {verb}"
