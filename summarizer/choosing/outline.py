"""Which sentences of a paper one audience is told, and in which role."""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from domain.body import Place
from domain.digest import Role
from domain.facts import FactKind, FactTable
from summarizer.choosing.choice import Choice, chosen_at, drafted, overlap
from summarizer.choosing.keys import PAID, with_key
from summarizer.choosing.missed import MISSED
from summarizer.choosing.plans import Plan
from summarizer.choosing.reading import Reading
from summarizer.choosing.salience import open_salience
from summarizer.choosing.selection import is_chore, rank
from summarizer.choosing.thin import is_thin
from summarizer.plain.realising import GRANTS
from summarizer.text.sieve import sieved

FINDING = frozenset({Role.KEY, Role.RESULT, Role.MEANING})
# A chain of sentences stands where the most telling of them belongs.
_WEIGHT = (Role.RESULT, Role.MEANING, Role.LIMIT, Role.QUESTION, Role.METHOD, Role.BACKGROUND)
_FOUND = frozenset({Role.RESULT, Role.MEANING, Role.LIMIT})
_FOR_FACTS = {
    FactKind.HARM: Role.HARM,
    FactKind.LIMIT: Role.LIMIT,
    FactKind.COST: Role.COST,
    FactKind.FUNDING: Role.FUNDING,
}
_LOOKED = r"w(?:as|ere) (?:also |then )?(?:recorded|assessed|evaluated|monitored|graded|measured|analy[sz]ed)"
# "It has great advantages, such as reduced side effects" tells of no harm, nor does what was looked for
# ("Safety was assessed.") or what it costs.
_NO_HARM = sieved(
    r"\b(?:advantages?|advantageous|promis(?:e|es|ing)|(?:inclusion|exclusion|eligibility|selection) "
    r"criteria)\b|"
    r"\b(?:safety|toxicit(?:y|ies)|side[- ]effects?|adverse (?:events?|effects?|reactions?))\b[^.;\d%]{0,60}"
    rf"\b{_LOOKED}(?: (?:according|using|with|by) [^.;\d%]{{0,60}}| and [^.;\d%]{{0,60}} {_LOOKED})?\.?$|"
    r"\bcosts? (?:\w+ ){1,3}(?:adverse|side)\b",
    re.I,
)
# That there are limits, and not which.
_BARE_LIMIT = re.compile(
    r"^(?:(?:however|finally|nevertheless|first),? )?"
    r"(?:there (?:are|were)|(?:this|our|the(?: present)?) (?:study|work|analysis|review|trial)(?: also)? "
    r"(?:has|had)|some|several|certain|(?:the|our) study.s|the following) "
    r"[^.;:]{0,40}\blimitations?\b(?! (?:includ|such|as|because|are|were|was|is)\w*\b)[^.;:,]{0,40}[.:]$",
    re.I,
)
_MOST_FUNDING = 30
"""Words about money that a reader without training is given; the professional's digest has them all."""


def outline(reading: Reading, facts: FactTable, plan: Plan, untold: Set[int] = frozenset()) -> list[Choice]:
    """The sentences to tell, in the order of telling.

    Args:
        untold: the places of sentences that are no message, as they cannot be told.
    """
    places = [Place.ABSTRACT] * len(reading.sentences)
    ranked = rank(reading.sentences, places, reading.roles, plan, open_salience(), heading=reading.heading)
    first = {reading.sentences[index].text: index for index in sorted(ranked, reverse=True)}
    choices = [_paid(chosen_at(reading, index)) for index in sorted(first.values())]
    choices = _with_harms(choices, facts, plan)
    choices = _together(choices)
    choices = [*choices, *_from_facts(choices, reading, facts, plan)]
    choices = with_key(choices, reading, facts, ranked, plan, untold)
    order = {role: place for place, role in enumerate(plan.order)}
    told = (one for one in choices if one.role in order)
    return sorted(told, key=lambda one: order[one.role])


def _paid(one: Choice) -> Choice:
    """A sentence about who paid for the study as such, wherever the paper tells it."""
    about = one.role in (Role.MEANING, Role.LIMIT) and PAID.search(one.text)
    return replace(one, role=Role.FUNDING) if about else one


def _with_harms(choices: Sequence[Choice], facts: FactTable, plan: Plan) -> list[Choice]:
    """Results that tell of harm, as such; the only result stays one."""
    if FactKind.HARM not in plan.facts:
        return list(choices)
    harms = [fact.evidence for fact in facts.of(FactKind.HARM)]
    told = list(choices)
    left = sum(d.role is Role.RESULT for d in choices)
    for place, one in enumerate(choices):
        none = MISSED.search(one.text) or _NO_HARM.search(one.text)
        told_so = any(overlap(one.evidence, harm) for harm in harms) and not none
        if left > 1 and one.role is Role.RESULT and told_so:
            told[place] = replace(one, role=Role.HARM)
            left -= 1
    return told


def _together(choices: Sequence[Choice]) -> list[Choice]:
    """Sentences that lean on the one before, in one role with it.

    Conclusions stay under their heading, and what was known or asked is no finding for what leans on it.
    """
    chains: list[list[Choice]] = []
    for one in choices:
        last = chains[-1][-1] if chains else None
        if last is not None and one.leans and last.index == one.index - 1 and _may_share(one, last):
            chains[-1].append(one)
        else:
            chains.append([one])
    told = []
    for chain in chains:
        roles = {one.role for one in chain}
        role = next((role for role in _WEIGHT if role in roles), chain[0].role)
        told += [replace(one, role=role) for one in chain] if len(roles) > 1 else chain
    return told


def _may_share(one: Choice, last: Choice) -> bool:
    """Whether a sentence may be told in the role of the one that it leans on, or the other way round."""
    headed = one.role is Role.MEANING and one.label != last.label
    return not headed and (one.role in _FOUND) is (last.role in _FOUND)


def _from_facts(
    choices: Sequence[Choice], reading: Reading, facts: FactTable, plan: Plan
) -> Iterable[Choice]:
    """Harms, limits and costs that the paper tells and no chosen sentence does."""
    told = {one.evidence.text for one in choices}
    for kind, role in _FOR_FACTS.items():
        room = plan.most.get(role, 0) if kind in plan.facts else 0
        room -= sum(one.role is role for one in choices)
        if kind is FactKind.FUNDING and any(f.evidence.place.startswith(GRANTS) for f in facts.of(kind)):
            continue
        for fact in facts.of(kind):
            one = drafted(fact.evidence, role, reading)
            if one is None or (plan.plain and is_empty(one)) or _is_no_harm(one):
                continue
            if room > 0 and not one.leans and one.evidence.text not in told:
                yield one
                told.add(one.evidence.text)
                room -= 1


def _is_no_harm(one: Choice) -> bool:
    return one.role is Role.HARM and _NO_HARM.search(one.text) is not None


def is_empty(one: Choice) -> bool:
    """Whether it says that there are limits without saying which, or lists grants at length."""
    if one.role is Role.FUNDING:
        return len(one.text.split()) > _MOST_FUNDING
    return one.role is Role.LIMIT and _BARE_LIMIT.match(one.text) is not None


def spares(reading: Reading, choices: Sequence[Choice]) -> list[Choice]:
    """Sentences of the abstract that could be told in place of others, none that leans on another."""
    told = {one.index for one in choices}
    texts = {one.text for one in choices}
    others = (chosen_at(reading, i) for i in range(len(reading.sentences)) if i not in told)
    told_of = frozenset({Role.RESULT, Role.MEANING})
    return [
        one
        for one in others
        if not one.leans
        and one.text not in texts
        and not (one.role in told_of and is_thin(one.text))
        and not (one.role is Role.METHOD and is_chore(one.text))
    ]
