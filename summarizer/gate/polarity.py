"""Denials and directions: as many told as the evidence has, and of the same things."""

import re
from collections.abc import Iterator

from summarizer.gate.prose import Prose, Source, has, inside_brackets

_NEGATION = re.compile(
    r"\b(?:no|not|never|nor|neither|none|without|cannot|lack(?:s|ed|ing)?|fail(?:s|ed|ing)?|absence|"
    r"absent|unable|"
    r"unlikely|\w{1,12}n['’]t|nothing|hardly|rarely|independent(?:ly)?|non)\b",
    re.I,
)
_UP = re.compile(
    r"\b(?:increas\w+|rais\w+|ris(?:e|es|ing|en)|rose|higher|high|greater|more|most|longer|larger|faster|"
    r"improv\w+|better|enhanc\w+|bigger|"
    r"promot\w+|activat\w+|up-?regulat\w+|elevat\w+|gain\w*|accelerat\w+|stimulat\w+|superior|grew|"
    r"strengthen\w*|"
    r"positive\w*|above|benefi\w+|stronger|earlier|amplif\w+|stabili[sz]\w+)\b",
    re.I,
)
_DOWN = re.compile(
    r"\b(?:decreas\w+|reduc\w+|lower\w*|low|less|least|fewer|fell|fall\w*|declin\w+|shorter|smaller|"
    r"slower|slow\w*|worse\w*|"
    r"inhibit\w+|suppress\w+|down-?regulat\w+|loss|lost|los(?:e|es|ing)|diminish\w+|lessen\w*|attenuat\w+|"
    r"weak\w+|inferior|drop\w*|"
    r"negative\w*|below|harm\w*|block\w*|repress\w+|impair\w+|prevent\w*|later|depriv\w+|deplet\w+|"
    r"destabili[sz]\w+)\b",
    re.I,
)
_DENIED = re.compile(r"\b(not|no|without|non|never)[\s-]{1,3}(\w+)")
_KINDS = {"negation": _NEGATION, "direction (up)": _UP, "direction (down)": _DOWN}


def polarity_faults(told: Prose, source: Source, permitted: str) -> Iterator[str]:
    """Denials and directions that the evidence has not, and brackets that lost theirs."""
    for kind, pattern in _KINDS.items():
        most = max(_count(pattern, source.whole.text), _count(pattern, source.plain.text))
        if _count(pattern, told.text) > most + _count(pattern, permitted):
            yield f"{kind} added"
    inside = inside_brackets(told.text)
    for bracket in source.brackets:
        # A bracket may go as a whole, but what stays of it must stay denied.
        for match in _DENIED.finditer(bracket.lower()):
            if has(inside, match[2]) and match[0] not in inside:
                yield "negation left out"


def left_out_polarity(told: Prose, source: Source) -> Iterator[str]:
    """Denials and directions outside brackets that are not told."""
    for kind, pattern in _KINDS.items():
        if _count(pattern, told.text) < _count(pattern, source.outside.text):
            yield f"{kind} left out"


def _count(pattern: re.Pattern[str], text: str) -> int:
    return len(pattern.findall(text))
