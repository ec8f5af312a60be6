"""Short forms in brackets: what stands before them is the long form that the paper gives, whole."""

import re
from collections.abc import Iterable, Iterator, Sequence

from summarizer.gate.prose import Prose, split_words, stem
from summarizer.gate.vocabulary import replaceable

_SHORT = re.compile(r" \(([A-Z][\w-]{1,9})\)")
_MORE = 4
"""How many more words plain ones may be."""


def expansion_faults(
    told: Prose, evidence: str, defined: Iterable[tuple[str, str]], permitted: Sequence[str]
) -> Iterator[str]:
    """Long forms that lost a word: "fatigue syndrome (CFS)".

    Args:
        defined: short and long forms that the evidence defines.
        permitted: long forms that the rest of the paper gives, among other texts.
    """
    if " (" not in told.text:
        return
    longs = dict(defined)
    for match in _SHORT.finditer(told.text):
        short = match[1]
        if short in longs:
            wanted: Sequence[str] = [longs[short]]
        else:
            wanted = [] if f"({short})" in evidence else [text for text in permitted if _may_be(text, short)]
        before = told.text[: match.start()].lower()
        if wanted and not any(before.endswith(long.lower()) or _tells(before, long) for long in wanted):
            yield f"long form changed: {short}"


def _may_be(long: str, short: str) -> bool:
    return long[:1].lower() == short[:1].lower() and len(long) > len(short)


def _tells(before: str, long: str) -> bool:
    """Whether all words of `long` stand there but those that plainer ones may replace."""
    words = [stem(word) for word in split_words(long.lower())]
    near = {stem(word) for word in split_words(before)[-len(words) - _MORE :]}
    return near.issuperset(set(words) - replaceable(long))
