"""The key messages of a digest: what the authors conclude, and the finding that it rests on."""

import re
from collections.abc import Sequence
from dataclasses import replace

from domain.digest import Audience, Role
from domain.facts import FactTable
from summarizer.choosing.choice import Choice, overlap
from summarizer.choosing.plans import Plan
from summarizer.choosing.roles import is_head_count
from summarizer.choosing.thin import is_thin
from summarizer.facts import main_result
from summarizer.text.sieve import sieved

_HOPE = sieved(r"\b(?:needs?|needed|warrant\w*|further|future|recommend\w*|should)\b", re.I)
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


def with_key(choices: Sequence[Choice], facts: FactTable, ranked: Sequence[int], plan: Plan) -> list[Choice]:
    """The authors' conclusion and the main finding as key messages; a failure to find before all else."""
    room = plan.most.get(Role.KEY, 0)
    if not room:
        return list(choices)
    leaned_on = {one.index - 1 for one in choices if one.leans}
    able = [one for one in choices if one.index in ranked and not one.leans and one.index not in leaned_on]
    able.sort(
        key=lambda one: (_turns(one), is_thin(one.text), is_head_count(one.text), ranked.index(one.index))
    )
    results = [one for one in able if one.role is Role.RESULT or _FAILED.search(one.text)]
    meanings = [one for one in able if one.role is Role.MEANING and not _HOPE.search(one.text)]
    if any(not is_thin(one.text) for one in (*meanings, *results)):
        meanings = [one for one in meanings if not is_thin(one.text)]
        results = [one for one in results if not is_thin(one.text)]
    missed = [one for one in results if _FAILED.search(one.text)]
    missed = missed or [one for one in results if MISSED.search(one.text)]
    main = main_result(facts)
    named = [one for one in results if main and overlap(one.evidence, main.evidence)]
    finding = (missed or named or results)[:1]
    new_first = missed or plan.audience is Audience.POLICYMAKER
    key = [*finding, *meanings[:1]] if new_first else [*meanings[:1], *finding]
    key = [one for one in key if one in finding][:1] if room == 1 and finding else key[:room]
    told = {id(one): place for place, one in enumerate(key)}
    first = [replace(one, role=Role.KEY, origin=one.role) for one in sorted(key, key=lambda k: told[id(k)])]
    return [*first, *(one for one in choices if id(one) not in told)]


def _turns(one: Choice) -> bool:
    """Whether it is the other side of what the sentence before says."""
    return _TURN.match(one.text) is not None
