"""Who says it: what was known before, or is only told as background, is not what this study found."""

import re
from collections.abc import Iterator

from summarizer.gate.prose import Prose, Source

_FOUND = re.compile(
    r"(?:found|finds?|findings|show(?:s|ed|n)?|results?|discover\w*|reveal\w*|demonstrat\w+|confirm\w*|prov(?:e|ed|es)|"
    r"observ\w+|report(?:s|ed)?|concludes?|concluded)"
)
_BEFORE = frozenset(
    [
        "known",
        "thought",
        "believed",
        "considered",
        "regarded",
        "understood",
        "established",
        "expected",
        "assumed",
    ]
)
_FRAME = re.compile(
    r"\b(?:researchers|scientists|authors|team|they|we|study|results?|findings|data|work|paper) (?:\w+ ){0,2}"
    r"(?:found|finds?|show(?:s|ed)?|discover\w*|reveal\w*|demonstrat\w+|confirm\w*|prov(?:e|ed|es)|conclude[sd]?)\b"
)
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been) (?:\w+ )?(?:found|shown|confirmed|proven)\b")
_OURS = re.compile(
    r"\b(?:we|our|us|here|herein|"
    r"(?:this|present|current) (?:study|paper|work|report|review|article|analysis|trial))\b"
)


def known_told_as_found(told: Prose, source: Source) -> Iterator[str]:
    """What was known or thought before, told as if it had been found now."""
    if _BEFORE.isdisjoint(source.whole.words) or not _BEFORE.isdisjoint(told.words):
        return
    if any(map(_FOUND.fullmatch, source.whole.words)):
        return
    if frame := _FRAME.search(told.lower) or _PASSIVE.search(told.lower):
        yield f"known told as found: {frame[0]}"


def background_told_as_found(told: Prose, evidence: Prose) -> Iterator[str]:
    """Background told as a finding of the study, where the authors do not speak of themselves."""
    if not _OURS.search(evidence.lower) and (frame := _FRAME.search(told.lower)):
        yield f"background told as found: {frame[0]}"
