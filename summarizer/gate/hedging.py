"""Doubts, purposes and amounts: nothing told with more certainty, or of more cases, than in the evidence."""

import re
from collections.abc import Iterator
from functools import lru_cache

from summarizer.gate.lexicon import lexicon
from summarizer.gate.polarity import lost_before
from summarizer.gate.prose import Prose, Source, stem

_HEDGE = re.compile(
    r"(?:may|might|can|could|would|should|suggest\w*|appear(?:s|ed)?|seem(?:s|ed|ingly)?|likely|"
    r"possibl[ey]|potential(?:ly)?|possibilit\w+|"
    r"probabl[ey]|perhaps|presumabl[ey]|indicat\w+|hypothesi\w+|propos\w+|speculat\w*|putative\w*|"
    r"apparent(?:ly)?|partly|"
    r"associat\w+|correlat\w+|link(?:s|ed)?|partial(?:ly)?|preliminary|unclear|uncertain\w*|trend\w*|"
    r"assum\w+|believ\w+|"
    r"thought|estimat\w+|predict\w*|plausibl[ey])"
)
_DOUBTED = re.compile(rf"\b{_HEDGE.pattern}\s(?P<what>\w+)")
_OPEN = frozenset(["may", "might", "can", "could", "would", "should", "will", "to"])
"""What a verb's base follows when nothing is said to have happened."""
_REACH = 12
_STATED = ("all", "most", "few", "half", "only")


def left_out_doubt(told: Prose, source: Source) -> Iterator[str]:
    """Doubts and amounts outside brackets that are not told."""
    here, outside, whole = (
        sum(map(_is_hedge, prose.words)) for prose in (told, source.outside, source.whole)
    )
    if here < outside or (outside < whole and lost_before(_DOUBTED, told, source)):
        yield "hedge left out"
    told_amounts = lexicon("quantifiers").find(told)
    for name, word in lexicon("quantifiers").find(source.outside).items():
        if name != "all" and name not in told_amounts:
            yield f"amount left out: {word}"


def doubt_faults(told: Prose, source: Source, permitted: frozenset[str]) -> Iterator[str]:
    """Doubts added, verbs told as done that the evidence only allows for, amounts that it does not state."""
    if any(map(_is_hedge, told.words)) and not any(map(_is_hedge, (*source.words, *permitted))):
        yield "hedge added"
    yield from (f"hedge left out before: {word}" for word in _told_as_done(told, source, permitted))
    known = lexicon("quantifiers").find(source.whole)
    for name, word in lexicon("quantifiers").find(told).items():
        if name in _STATED and name not in known and word not in permitted:
            yield f"amount not in the evidence: {word}"


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


@lru_cache(50_000)
def _is_hedge(word: str) -> bool:
    return _HEDGE.fullmatch(word) is not None
