"""The key messages of a digest: what the authors conclude, and the finding that it rests on."""

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from domain.digest import Audience, Role
from domain.facts import Direction, Fact, FactKind, FactTable
from summarizer.choosing.choice import Choice, drafted, overlap
from summarizer.choosing.plans import Plan
from summarizer.choosing.reading import Reading
from summarizer.choosing.roles import is_head_count
from summarizer.choosing.salience import tokens
from summarizer.choosing.thin import is_thin
from summarizer.facts import main_result
from summarizer.text.sieve import sieved
from summarizer.text.trimming import unbracketed

_HOPE = sieved(r"\b(?:needs?|needed|warrant\w*|further|future|recommend\w*|should|deserves?)\b", re.I)
# What may have gone wrong with a study, and who paid: no conclusion from what was found.
_ASIDE = sieved(
    r"\bbias(?:ed|es)?\b|\bmay have (?:influenced|affected|missed)\b|\bconfound\w+\b|"
    r"\b(?:maker|manufacturer|company|sponsor|funder)s?\b.{0,60}\b(?:lent|paid|funded|supplied|"
    r"no (?:part|role))\b",
    re.I,
)
MISSED = sieved(
    r"\b(?:could not (?:show|confirm|demonstrate|prove)|(?:did|does) not (?:meet|reach|improve|reduce|lower|"
    r"lengthen|differ)|(?:was|were) not (?:met|reached|superior|noninferior|non-inferior|"
    r"(?:significantly|statistically) different)|"
    r"no (?:significant )?(?:difference|benefit|improvement))\b",
    re.I,
)
# What a study set out to show and did not, wherever authors tell it.
_FAILED = sieved(
    r"\bprimary (?:end-?point|outcome)s?\b.{0,120}\b(?:was|were) (?:negative|"
    r"not (?:met|reached|achieved|improved))\b",
    re.I,
)
_TURN = re.compile(
    r"(?:in contrast|by contrast|conversely|however|but|instead|on the other hand|nevertheless|yet|"
    r"paradoxically|unlike)\b",
    re.I,
)
_NAMED = 2
"""Words of the title; a sentence that says so many of them is about what the paper is about."""
_LED = 1
"""Sentences that may follow a key message, as they lean on it."""
_SHORTEST = 4
"""Letters, without an ending."""


def with_key(
    choices: Sequence[Choice], reading: Reading, facts: FactTable, ranked: Sequence[int], plan: Plan
) -> list[Choice]:
    """The authors' conclusion and the main finding as key messages; a failure to find before all else."""
    room = plan.most.get(Role.KEY, 0)
    if not room:
        return list(choices)
    led = _led(choices)
    able = [
        one
        for one in choices
        if one.index in ranked and not one.leans and len(led.get(one.index, ())) <= _LED
    ]
    title = _content(reading.heading)
    able.sort(
        key=lambda one: (
            _turns(one),
            is_thin(one.text),
            is_head_count(one.text),
            -min(_NAMED, _shared(title, one.text)),
            ranked.index(one.index),
        )
    )
    results = [one for one in able if one.role is Role.RESULT or _FAILED.search(one.text)]
    meanings = [
        one
        for one in able
        if one.role is Role.MEANING and not _HOPE.search(one.text) and not _ASIDE.search(one.text)
    ]
    if any(not is_thin(one.text) for one in (*meanings, *results)):
        meanings = [one for one in meanings if not is_thin(one.text)]
        results = [one for one in results if not is_thin(one.text)]
    missed = [one for one in results if _FAILED.search(one.text)]
    missed = missed or [one for one in results if MISSED.search(one.text)]
    finding = missed[:1] or _finding(results, choices, reading, facts)
    meanings = [one for one in meanings if one not in finding]  # "The primary outcome was not met."
    new_first = missed or plan.audience is Audience.POLICYMAKER
    key = [*finding, *meanings[:1]] if new_first else [*meanings[:1], *finding]
    key = [one for one in key if one in finding][:1] if room == 1 and finding else key[:room]
    key = [each for one in key for each in (one, *led.get(one.index, ()))]
    # What leans on a key message would point to nothing elsewhere: where it says nothing it is left out.
    said = [one for one in key if not (one.leans and is_thin(one.text))]
    first = [replace(one, role=Role.KEY, origin=one.role) for one in said]
    moved = {one.index for one in key}
    return [*first, *(one for one in choices if one.index < 0 or one.index not in moved)]


def _led(choices: Sequence[Choice]) -> dict[int, list[Choice]]:
    """By the place of each sentence those that lean on it, one on the other: they go where it goes."""
    led: dict[int, list[Choice]] = {}
    head = last = -1
    for one in choices:
        if one.leans and one.index == last + 1 and head >= 0:
            led.setdefault(head, []).append(one)
        else:
            head = one.index
        last = one.index
    return led


def _finding(
    results: Sequence[Choice], choices: Sequence[Choice], reading: Reading, facts: FactTable
) -> list[Choice]:
    """One result at most: of the primary outcome, chosen or passed over; the fullest; another that tells."""
    telling = [fact for fact in facts.of(FactKind.RESULT) if _tells(fact)]
    main = main_result(facts)
    outcome = {word for fact in facts.of(FactKind.OUTCOME) for word in _content(unbracketed(fact.value))}
    found = [one for one in results if any(overlap(one.evidence, fact.evidence) for fact in telling)]
    passed = []
    if outcome or not found:
        passed = [one for fact in telling if (one := _passed_over(fact, choices, reading))]
    of_outcome = []
    if outcome and (either := [*found, *passed]):
        # It is often told in other words, and first.
        named = [one for one in either if _shared(outcome, one.text) * 2 >= len(outcome)]
        of_outcome = named or [min(either, key=lambda one: one.index)]
    fullest = [one for one in (found or passed) if main and overlap(one.evidence, main.evidence)]
    return [*of_outcome, *fullest, *found, *results][:1]


def _passed_over(fact: Fact, choices: Sequence[Choice], reading: Reading) -> Choice | None:
    """The sentence of a result that nothing chosen tells, where it stands by itself."""
    one = drafted(fact.evidence, Role.RESULT, reading)
    if one is None or one.leans or is_thin(one.text):
        return None
    return None if any(overlap(one.evidence, chosen.evidence) for chosen in choices) else one


def _tells(fact: Fact) -> bool:
    """Whether a result says which way something went, or how much of it and not only of whom."""
    return fact.direction is not Direction.UNKNOWN or (
        any(q.low or q.p or q.unit == "%" or "ratio" in q.measure for q in fact.quantities)
        and not is_head_count(fact.evidence.text)
    )


def _shared(wanted: Set[str], text: str) -> int:
    return len(wanted & _content(text))


def _content(text: str) -> frozenset[str]:
    """The words of a text that may name what it is about."""
    return frozenset(word for word in tokens(text) if len(word) >= _SHORTEST)


def _turns(one: Choice) -> bool:
    """Whether it is the other side of what the sentence before says."""
    return _TURN.match(one.text) is not None
