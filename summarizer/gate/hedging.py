"""Doubts, purposes and amounts: nothing told with more certainty, or of more cases, than in the evidence."""

import re
from collections.abc import Iterator
from functools import cache

from config import load_table
from summarizer.gate.prose import Prose, Source, has, stem

_HEDGE = re.compile(
    r"\b(?:may|might|can|could|would|should|suggest\w*|appear(?:s|ed)?|seem(?:s|ed|ingly)?|likely|"
    r"possibl[ey]|potential(?:ly)?|possibilit\w+|"
    r"probabl[ey]|perhaps|presumabl[ey]|indicat\w+|hypothesi\w+|propos\w+|speculat\w*|putative\w*|"
    r"apparent(?:ly)?|"
    r"associat\w+|correlat\w+|link(?:s|ed)?|partial(?:ly)?|preliminary|unclear|uncertain\w*|trend\w*|"
    r"assum\w+|believ\w+|"
    r"thought|estimat\w+|predict\w*|plausibl[ey])\b",
    re.I,
)
_OPEN = frozenset(["may", "might", "can", "could", "would", "should", "will", "to"])
"""What a verb's base follows when nothing is said to have happened."""
_REACH = 12


def left_out_doubt(told: Prose, source: Source) -> Iterator[str]:
    """Doubts and amounts outside brackets that are not told."""
    if len(_HEDGE.findall(told.text)) < len(_HEDGE.findall(source.outside.text)):
        yield "hedge left out"
    for name, phrases in _quantifiers().items():
        found = [phrase for phrase in phrases if has(source.outside.lower, phrase)]
        if found and name != "all" and not any(has(told.lower, phrase) for phrase in phrases):
            yield f"amount left out: {found[0]}"


def doubt_faults(told: Prose, source: Source, permitted: frozenset[str]) -> Iterator[str]:
    """Doubts added, verbs told as done that the evidence only allows for, amounts that it does not state."""
    known = f"{source.whole.text} {source.plain.text} {' '.join(permitted)}"
    if _HEDGE.search(told.text) and not _HEDGE.search(known):
        yield "hedge added"
    yield from (f"hedge left out before: {word}" for word in _told_as_done(told, source, permitted))
    for name, phrases in _quantifiers().items():
        if name in ("all", "most", "few", "half"):
            added = [phrase for phrase in phrases if has(told.lower, phrase) and phrase not in permitted]
            if added and not any(has(source.whole.lower, phrase) for phrase in phrases):
                yield f"amount not in the evidence: {added[0]}"


def _told_as_done(told: Prose, source: Source, permitted: frozenset[str]) -> Iterator[str]:
    for place, word in enumerate(told.words):
        if word in source.words or word in permitted or not word.endswith(("s", "ed")):
            continue
        places = [i for i, other in enumerate(source.whole.stems) if other == told.stems[place]]
        if places and all(_is_open(source.whole, i) for i in places) and not _is_open(told, place):
            yield word


def _is_open(prose: Prose, place: int) -> bool:
    """Whether the verb at `place` stands after "may" or "to": "may shrink or kill"."""
    word = prose.words[place]
    if stem(word) != word and word.endswith(("s", "ed", "ing")) and not word.endswith("ss"):
        return False
    return bool(_OPEN.intersection(prose.words[max(0, place - _REACH) : place]))


@cache
def _quantifiers() -> dict[str, list[str]]:
    table: dict[str, list[str]] = load_table("gate")["quantifiers"]
    return table
