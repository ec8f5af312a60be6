"""What a study set out to show and did not."""

import re
from collections.abc import Sequence, Set

from domain.facts import Direction, Fact, FactKind, FactTable, Quantity
from summarizer.choosing.about import shared
from summarizer.choosing.choice import Choice, overlap
from summarizer.facts.results import is_chance
from summarizer.text.sieve import sieved

MISSED = sieved(
    r"\b(?:could not (?:show|confirm|demonstrate|prove)|(?:did|does) not (?:meet|reach|improve|reduce|lower|"
    r"lengthen|differ)|(?:was|were) not (?:met|reached|superior|noninferior|non-inferior|"
    r"(?:significantly|statistically) different)|"
    r"no (?:(?:statistically|clinically) )?(?:significant |meaningful |relevant )?"
    r"(?:difference|benefit|improvement)s?)\b",
    re.I,
)
# Alike in old and young is no failure of what was tried; nor are groups that were alike to begin with.
_BY_TRAIT = sieved(
    r"\b(?:based on|according to|depending on|irrespective of|regardless of|by|across|with) "
    r"(?:[\w-]+,? ){0,2}(?:age|sex|gender|race|ethnic\w*|smoking|education|income|subgroups?)\b|"
    r"\b(?:between|among) (?:[\w-]+ ){0,2}(?:males?|females?|wom[ae]n|m[ae]n|boys|girls|sexes|genders) and\b|"
    r"\bdifferences? (?:[\w-]+ ){0,3}?(?:in|of|for|regarding) (?:(?:the |mean |median )?(?:age|sex|gender)\b|"
    r"(?:[\w-]+ ){0,3}?(?:baseline|characteristics|demographic\w*)\b)|\bdiffer\w*\b.{0,80}\bat baseline\b",
    re.I,
)
_SIGNIFICANT = re.compile(r"(?<!no )(?<!not )(?<!non-)\bsignificant(?:ly)?\b", re.I)
_DIFFERENCE = re.compile(r"\bdifference\b", re.I)
# What a study set out to show and did not, wherever authors tell it.
FAILED = sieved(
    r"\bprimary (?:end-?point|outcome)s?\b.{0,120}\b(?:was|were) (?:negative|"
    r"not (?:met|reached|achieved|improved))\b",
    re.I,
)


def failures(
    results: Sequence[Choice],
    conclusion: Sequence[Choice],
    outcome: Set[str],
    topic: Set[str],
    facts: FactTable,
) -> list[Choice]:
    """What a study set out to show and did not; that harms did not differ is no failure.

    Nor is what did not differ besides the outcome, when that has been told as different before. Where it has
    been told as alike by numbers only, that is the failure.
    """
    if failed := [one for one in results if FAILED.search(one.text)]:
        return failed
    # A conclusion that calls something else significant leaves the outcome missed.
    on_it = [one.text for one in conclusion if not outcome or shared(outcome, one.text)]
    if any(_SIGNIFICANT.search(text) and not MISSED.search(text) for text in on_it):
        return []
    about = outcome or topic
    met = next((one for one in results if shared(about, one.text) and _differs(one, facts)), None)
    missed = [
        one
        for one in results
        if _is_missed(one.text)
        and (not about or shared(about, one.text))
        and not _of_harm(one, facts)
        and not _BY_TRAIT.search(one.text)
        and not (met and met.index < one.index and shared(about, one.text) <= shared(about, met.text))
    ]
    nearer = [
        one
        for one in results
        for told in missed[:1]
        if one.index < told.index
        and _is_alike(one, facts)
        and shared(about, one.text) > shared(about, told.text)
    ]
    return [*nearer, *missed]


def _is_alike(one: Choice, facts: FactTable) -> bool:
    """Whether numbers say that two groups fared alike: by a ratio with its interval on both sides of one."""
    told = facts.of(FactKind.RESULT)
    return any(fact.direction is Direction.SAME and overlap(one.evidence, fact.evidence) for fact in told)


def _is_missed(text: str) -> bool:
    """Whether it tells that nothing was found, and not first of something that was."""
    missed = MISSED.search(text)
    return missed is not None and _SIGNIFICANT.search(text, 0, missed.start()) is None


def _differs(one: Choice, facts: FactTable) -> bool:
    """Whether it tells a difference between groups: called significant, or by its interval or p-value."""
    told = [f for f in facts.of(FactKind.RESULT) if not f.negated and overlap(one.evidence, f.evidence)]
    if _SIGNIFICANT.search(one.text) and not MISSED.search(one.text):
        return bool(told)
    if any(_is_sure(fact) for fact in told):
        return True
    measured = [q for fact in told for q in fact.quantities if q.low]
    named = [q for q in measured if "ratio" in q.measure or _DIFFERENCE.search(one.text)]
    return bool(named) and all(_leaves_out(q, 1 if "ratio" in q.measure else 0) for q in named)


def _is_sure(fact: Fact) -> bool:
    """Whether two numbers are told with p-values that leave no doubt of a difference."""
    compared = [quantity.p for quantity in fact.quantities if quantity.p]
    return len(compared) > 1 and not any(map(is_chance, compared))


def _leaves_out(quantity: Quantity, none: float) -> bool:
    """Whether `none` lies outside its interval."""
    try:
        low, high = (float(end.replace("\N{MINUS SIGN}", "-")) for end in (quantity.low, quantity.high))
    except ValueError:
        return False
    return not low <= none <= high


def _of_harm(one: Choice, facts: FactTable) -> bool:
    """Whether it tells of harm."""
    return any(overlap(one.evidence, fact.evidence) for fact in facts.of(FactKind.HARM))
