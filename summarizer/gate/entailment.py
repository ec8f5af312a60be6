"""Whether sentences say what their evidence says, no more and no less."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from summarizer.gate.causality import causal_faults
from summarizer.gate.company import company_faults
from summarizer.gate.comparisons import left_out_comparisons
from summarizer.gate.expansions import expansion_faults
from summarizer.gate.framing import known_told_as_found
from summarizer.gate.hedging import doubt_faults, left_out_doubt
from summarizer.gate.numbers import left_out_numbers, number_faults
from summarizer.gate.polarity import denials, left_out_polarity, polarity_faults, undenied_words
from summarizer.gate.populations import left_out_populations, population_faults
from summarizer.gate.promises import advice, promises
from summarizer.gate.prose import Prose, has, read_prose, read_source, words_of
from summarizer.gate.vocabulary import (
    left_out_words,
    name_faults,
    says_nothing,
    thinned_brackets,
    word_faults,
)
from summarizer.text.abbreviations import find_abbreviations, small_letters

_LONGEST = 10_000
_OPENING, _CLOSING = re.compile(r"\s?[(\[]\s?"), re.compile(r"\s?[)\]]")


def faults(text: str, evidence: str, permitted: Iterable[str] = (), *, free: bool = False) -> list[str]:
    """What is wrong with `text` as a telling of `evidence`, one line each; nothing when it may be published.

    Args:
        permitted: other texts whose words may be used: long forms of abbreviations, plain words.
        free: it is told in other words, not the authors' made plainer.
    """
    return faults_of_group([text], evidence, permitted, free=free)


def faults_of_group(
    texts: Sequence[str], evidence: str, permitted: Iterable[str] = (), *, free: bool = False
) -> list[str]:
    """The same for one sentence told as several: each adds nothing, and together they leave nothing out."""
    texts, permitted = list(texts), list(permitted)
    if sum(map(len, texts)) > _LONGEST or len(evidence) > _LONGEST:
        return ["too long to check"]
    if texts == [evidence] and not free:
        return []  # the authors' own words, as professionals are told them: no rule finds fault with those
    return [
        *_added(texts, evidence, permitted, free=free),
        *_left_out(texts, evidence, permitted, free=free),
    ]


def _added(texts: Sequence[str], evidence: str, permitted: Sequence[str], *, free: bool) -> Iterator[str]:
    source = read_source(evidence)
    others, words = read_prose(" ".join(permitted)), words_of(permitted)
    for told in map(read_prose, texts):
        yield from number_faults(told, source, others.text)
        yield from polarity_faults(told, source, others.words)
        yield from undenied_words(told, source, others.words)
        yield from doubt_faults(told, source, words)
        yield from population_faults(told, source, others)
        yield from causal_faults(told, source, words)
        yield from word_faults(told, source, words, free=free)
        if free:
            yield from company_faults(told, source)
        yield from name_faults(told, source, others.text, free=free)
        yield from expansion_faults(told, evidence, _defined(evidence), permitted)
        yield from known_told_as_found(told, source)
        yield from promises(told, source.whole.lower)
        yield from advice(told, source.whole.lower)
    if len(texts) > 1 and denials(read_prose(" ".join(texts))) > denials(source.whole) + denials(others):
        yield "negation added"


def _left_out(texts: Sequence[str], evidence: str, permitted: Sequence[str], *, free: bool) -> Iterator[str]:
    together = read_prose(" ".join(texts))
    source = read_source(shortened(evidence, together))
    if says_nothing(together, source):
        yield "says nothing"
    yield from left_out_numbers(together, source)
    if not free:
        yield from left_out_words(together, source, permitted)
        yield from thinned_brackets(together, source)
    yield from left_out_polarity(together, source)
    yield from left_out_comparisons(together, source)
    yield from left_out_doubt(together, source)
    yield from left_out_populations(together, source)


def shortened(evidence: str, told: Prose) -> str:
    """The evidence without the long forms that it defines, where the telling has the short ones instead."""
    for short, long in _defined(evidence):
        if long.lower() not in told.lower and has(told.lower, short.lower()):
            evidence = _without_long(evidence, short, long)
    return evidence


def _without_long(evidence: str, short: str, long: str) -> str:
    """Each "long form (SF)" as the short one. To make a pattern of each costs more than all else about it."""
    small, small_short, small_long = map(small_letters, (evidence, short, long))
    if small is None or small_short is None or small_long is None:
        return re.sub(rf"{re.escape(long)}\s?[(\[]\s?{re.escape(short)}\s?[)\]]", short, evidence, flags=re.I)
    pieces, told, at = [], 0, small.find(small_long)
    while at >= 0:
        opening = _OPENING.match(small, at + len(long))
        inside = opening.end() if opening and small.startswith(small_short, opening.end()) else 0
        if inside and (closing := _CLOSING.match(small, inside + len(short))):
            pieces += [evidence[told:at], short]
            told = closing.end()
        at = small.find(small_long, max(at + 1, told))
    return "".join(pieces) + evidence[told:]


@lru_cache(4_000)
def _defined(evidence: str) -> tuple[tuple[str, str], ...]:
    return tuple((pair.short, pair.long) for pair in find_abbreviations(evidence).values())
