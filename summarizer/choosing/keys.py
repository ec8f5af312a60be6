"""The key messages of a digest: what the authors conclude, and the finding that it rests on."""

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from functools import lru_cache

from domain.digest import Audience, Role
from domain.facts import Direction, Fact, FactKind, FactTable, Quantity
from summarizer.choosing.choice import Choice, chosen_at, led_by, overlap
from summarizer.choosing.headcounts import is_head_count, tells_outcome
from summarizer.choosing.plans import Plan
from summarizer.choosing.reading import Reading
from summarizer.choosing.salience import tokens
from summarizer.choosing.thin import is_thin
from summarizer.facts import main_result
from summarizer.facts.results import is_chance
from summarizer.text.sieve import sieved
from summarizer.text.trimming import unbracketed

_HOPE = sieved(
    r"\b(?:needs?|needed|warrant\w*|calls? (?:on|for|upon)|urge|further|future|recommend\w*|should|"
    r"deserves?)\b|"
    r"\b(?:efforts?|work|research|stud(?:y|ies)|trials?|attention|action|evidence|data) (?:is|are) "
    r"(?:\w+ )?required\b|\b(?:results?|findings?|data|insights?|work) will be (?:\w+ ){1,2}(?:for|to|in)\b",
    re.I,
)
# "We show that A blocks B, which warrants further work": what is hoped for comes after what was found.
_CLAIMED = re.compile(
    r"\b(?:conclude|report|demonstrate|show|illustrate|reveal|indicate|suggest|establish(?:es)?)(?:d|ed|s)?\b.{40}",
    re.I,
)
_PARTED = re.compile(r"(?<=.{20})(?:;|, (?:and|but|yet|although|though|however)\b)")
# "No change of the dose is needed": that tells what was found.
_SPARED = re.compile(
    r"\bno (?:[\w-]+ ){1,6}(?:is|are|was|were) (?:needed|required|necessary|warranted|recommended)\b|"
    r"\bnot (?:be )?(?:needed|required|necessary|warranted)\b",
    re.I,
)
# What may have gone wrong with a study: no conclusion from what was found. Nor is it who paid.
_ASIDE = sieved(r"\bbias(?:ed|es)?\b|\bmay have (?:influenced|affected|missed)\b|\bconfound\w+\b", re.I)
# But of a paper about bias it is what was found.
_BIAS = re.compile(r"\bbias\b", re.I)
# What the body does to a drug comes after what the drug does, in a paper about both.
_KINETICS = sieved(r"\bpharmacokinetic\w*|\bPK (?:profiles?|parameters?|analys[ie]s|data)\b|\bCmax\b", re.I)
_CARE = sieved(
    r"\b(?:safe\w*|tolera\w+|toxic\w*|adverse|respon\w+|surviv\w*|efficac\w+|effect\w*|activ\w+|benefit\w*)\b",
    re.I,
)
PAID = sieved(
    r"\b(?:maker|manufacturer|company|sponsor|funder)s?\b.{0,60}\b(?:lent|paid|funded|supplied|"
    r"no (?:part|role))\b",
    re.I,
)
MISSED = sieved(
    r"\b(?:could not (?:show|confirm|demonstrate|prove)|(?:did|does) not (?:meet|reach|improve|reduce|lower|"
    r"lengthen|differ)|(?:was|were) not (?:met|reached|superior|noninferior|non-inferior|"
    r"(?:significantly|statistically) different)|"
    r"no (?:(?:statistically|clinically) )?(?:significant |meaningful |relevant )?"
    r"(?:difference|benefit|improvement))\b",
    re.I,
)
# Alike in old and young is no failure of what was tried.
_BY_TRAIT = sieved(
    r"\b(?:based on|according to|depending on|irrespective of|regardless of|by|across|with) "
    r"(?:[\w-]+,? ){0,2}(?:age|sex|gender|race|ethnic\w*|smoking|education|income|subgroups?)\b",
    re.I,
)
_SIGNIFICANT = re.compile(r"(?<!no )(?<!not )(?<!non-)\bsignificant(?:ly)?\b", re.I)
_DIFFERENCE = re.compile(r"\bdifference\b", re.I)
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
_CONCLUDING = re.compile(
    r"(?:in (?:conclusion|summary)|to conclude|(?:we|the authors) conclude|(?:taken )?together|collectively|"
    r"overall|altogether|(?:these|our|the) (?:[\w-]+ )?(?:findings|results|data) (?:suggest|indicate|show|"
    r"demonstrate|support|reveal|establish|identify))\b",
    re.I,
)
_OURS = re.compile(
    r"\bwe (?:[\w-]+ ){0,2}(?:report|show|demonstrate|find|found|describe|present|identif(?:y|ied)|reveal|"
    r"observed?|discover|provide evidence)",
    re.I,
)
# Who took part and what they were like before anything was done.
_ALIKE = sieved(
    r"\b(?:baseline|demographic\w*|comorbidit\w+|characteristics)\b.{0,120}\b(?:comparable|similar|alike|"
    r"(?:did|was|were) not|no (?:\w+ )?differences?)\b|"
    r"\b(?:wom[ae]n|m[ae]n|boy|girl|male|female|patients?|he|she)\b.{0,60}\bpresented (?:with|to|at|in)\b|"
    r"^at (?:baseline|enrol\w+|study entry|inclusion|admission|presentation)\b"
    r"(?!.*\b(?:associated|correlat\w+|predict\w*|linked|ratio)\b)|"
    r"^(?:an? |(?:here,? )?we (?:report|describe|present)(?:ed)? .{0,40})\d+[- ]?(?:year|month|week|day)s?"
    r"[- ]old\b",
    re.I,
)
# What became of a patient, after what was wrong with them.
_COURSE = sieved(
    r"\b(?:resol\w+|recover\w*|respon\w+|remission|surviv\w+|died|death|alive|free (?:of|from)|recur\w*|"
    r"relaps\w+|discharged|symptom-free|regress\w+|disappeared|shr[aiu]nk\w*|improve[ds]?|cured|follow-?up)\b",
    re.I,
)
_CASES = frozenset({"case report", "series of cases"})
_SECOND = re.compile(
    r"(?:the )?secondary (?:[\w-]+ )?(?:outcomes?|end ?points?|measures?|analys[ie]s)\b", re.I
)
_MESSAGES = (Role.RESULT, Role.MEANING)
_COMMON = frozenset(
    tokens(
        "patients groups study trial compared differences significant results effects "
        "after before during between among with from that this than their often"
    )
)
"""Words that say nothing of what a paper is about."""
_NAMED = 2
"""Words of the title; a sentence that says so many of them is about what the paper is about."""
_SHARED = 4
"""Words of the message that a finding may share with it before others are as near."""
_SAME = 0.8
"""Of the words of the shorter of two sentences; with so many in common they say the same."""
_LED = 1
"""Sentences that may follow a key message, as they lean on it."""
_SHORTEST = 4
"""Letters, without an ending."""
_REMEMBERED = 1_000
"""Texts: each sentence is asked about several times for every audience."""


def with_key(
    choices: Sequence[Choice],
    reading: Reading,
    facts: FactTable,
    ranked: Sequence[int],
    plan: Plan,
    untold: Set[int],
) -> list[Choice]:
    """The authors' conclusion and the main finding as key messages; a failure to find before all else.

    Both may be sentences that the choice passed over: a digest without its message is none.

    Args:
        ranked: the places of the sentences that were chosen.
        untold: the places of those that cannot be told.
    """
    room = plan.most.get(Role.KEY, 0)
    if not room:
        return list(choices)
    led = led_by(choices)
    every = [*(one for one in choices if one.index >= 0), *_passed_over(choices, reading)]
    able = [
        one
        for one in every
        if not one.leans and len(led.get(one.index, ())) <= _LED and one.index not in untold
    ]
    able = _without(able, is_thin)
    able = able if _KINETICS.search(reading.heading) else _without(able, _is_kinetic)
    topic = _topic(reading)
    concluded = [
        one
        for one in able
        if one.role is Role.MEANING and (_BIAS.search(reading.heading) or not _ASIDE.search(one.text))
    ]
    meanings = [one for one in concluded if not _is_hope(one.text)]
    meanings.sort(
        key=lambda one: (
            _turns(one),
            not _CONCLUDING.match(one.text),
            -min(_NAMED, _shared(topic, one.text)),
            one.index not in ranked,
            one.index,
        )
    )
    outcome = frozenset(w for fact in facts.of(FactKind.OUTCOME) for w in _content(unbracketed(fact.value)))
    results = [one for one in able if _is_result(one, outcome)]
    results.sort(key=lambda one: one.index)
    missed = _missed(results, outcome, topic, facts)
    finding = missed[:1] or _finding(results, meanings[:1], outcome, topic, facts)
    meanings = [one for one in meanings if one not in finding]  # "The primary outcome was not met."
    new_first = missed or plan.audience is Audience.POLICYMAKER
    key = [*finding, *meanings[:1]] if new_first else [*meanings[:1], *finding]
    if len(key) > 1 and _is_same(*key):
        key = key[:1]
    key = [one for one in key if one in finding][:1] if room == 1 and finding else key[:room]
    if not key:  # what is hoped for is better than no message
        key = concluded[:1]
    key = [each for one in key for each in (one, *led.get(one.index, ()))]
    # What leans on a key message would point to nothing elsewhere: where it says nothing it is left out.
    said = [one for one in key if not (one.leans and is_thin(one.text))]
    first = [replace(one, role=Role.KEY, origin=one.role) for one in said]
    moved = {one.index for one in key}
    return [*first, *(one for one in choices if one.index < 0 or one.index not in moved)]


def _is_result(one: Choice, outcome: Set[str]) -> bool:
    """Whether it may be the finding; harm is, where it is what the study was to measure first."""
    if one.role is Role.HARM:
        return bool(outcome) and _shared(outcome, one.text) * 2 >= len(outcome)
    return one.role is Role.RESULT or _FAILED.search(one.text) is not None


def _without(able: list[Choice], says_little: Callable[[str], object]) -> list[Choice]:
    """`able` without those that say little, where a message says more."""
    more = [one for one in able if not says_little(one.text)]
    return more if any(one.role in _MESSAGES for one in more) else able


def _is_kinetic(text: str) -> bool:
    """Whether a sentence tells only what the body does to a drug."""
    return _KINETICS.search(text) is not None and _CARE.search(text) is None


def _is_hope(text: str) -> bool:
    """Whether a sentence tells what should be done, and not first what was found."""
    hope = _HOPE.search(text)
    return hope is not None and not (_SPARED.search(text) or _claims(text, hope.start()))


def _claims(text: str, end: int) -> bool:
    """Whether what was found is told before `end`: "Fatigue fell, but larger trials are needed"."""
    if _CLAIMED.search(text, 0, end):
        return True
    parted = _PARTED.search(text, 0, end)
    return parted is not None and tells_outcome(text[: parted.start()])


def _is_same(one: Choice, other: Choice) -> bool:
    """Whether two sentences say the same in nearly the same words."""
    said, again = _content(one.text), _content(other.text)
    return len(said & again) >= _SAME * min(len(said), len(again))


def _missed(results: Sequence[Choice], outcome: Set[str], topic: Set[str], facts: FactTable) -> list[Choice]:
    """What a study set out to show and did not; that harms did not differ is no failure.

    Nor is what did not differ besides the outcome, when that has been told as different before.
    """
    if failed := [one for one in results if _FAILED.search(one.text)]:
        return failed
    about = outcome or topic
    met = next((one for one in results if _shared(about, one.text) and _differs(one, facts)), None)
    return [
        one
        for one in results
        if _is_missed(one.text)
        and (not about or _shared(about, one.text))
        and not _of_harm(one, facts)
        and not _BY_TRAIT.search(one.text)
        and not (met and met.index < one.index and _shared(about, one.text) <= _shared(about, met.text))
    ]


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


def _finding(
    results: Sequence[Choice],
    conclusion: Sequence[Choice],
    outcome: Set[str],
    topic: Set[str],
    facts: FactTable,
) -> list[Choice]:
    """One result at most: of the primary outcome; the fullest; what the authors say they found."""
    telling = [f.evidence for kind in (FactKind.RESULT, FactKind.HARM) for f in facts.of(kind) if _tells(f)]
    found = [one for one in results if any(overlap(one.evidence, told) for told in telling)]
    if outcome and found:
        # It is often told in other words, and first.
        named = [one for one in found if _shared(outcome, one.text) * 2 >= len(outcome)]
        return (named or found)[:1]
    main = main_result(facts)
    fullest = (
        main.evidence if main and any(q.p or q.low or "ratio" in q.measure for q in main.quantities) else None
    )
    message = frozenset(topic).union(*(_content(one.text) for one in conclusion))
    full = [one for one in results if fullest and overlap(one.evidence, fullest)]
    # What changed is often told first, and by two numbers; part of it follows with an interval.
    full += [
        one
        for one in results
        if full
        and one.index < full[0].index
        and _shared(message, one.text) >= _shared(message, full[0].text)
        and _is_change(one, facts)
    ]
    of_cases = any(fact.value in _CASES for fact in facts.of(FactKind.DESIGN))
    return sorted(
        results,
        key=lambda one: (
            _turns(one),
            is_head_count(one.text) or _ALIKE.search(one.text) is not None,
            _SECOND.match(one.text) is not None,
            one not in full,
            _OURS.search(one.text) is None,
            of_cases and _COURSE.search(one.text) is None,
            one not in found and not tells_outcome(one.text),
            -min(_NAMED, _shared(topic, one.text)),
            -min(_SHARED, _shared(message, one.text)),
            one.index,
        ),
    )[:1]


def _is_change(one: Choice, facts: FactTable) -> bool:
    """Whether it tells of more or of less, by two numbers."""
    return any(
        fact.direction in (Direction.UP, Direction.DOWN)
        and len(fact.quantities) > 1
        and overlap(one.evidence, fact.evidence)
        for fact in facts.of(FactKind.RESULT)
    )


def _passed_over(choices: Sequence[Choice], reading: Reading) -> list[Choice]:
    """The results and conclusions that were not chosen, each text once."""
    told = {one.text for one in choices}
    every = (chosen_at(reading, index) for index in range(len(reading.sentences)))
    return [one for one in every if one.role in _MESSAGES and one.text not in told]


def _topic(reading: Reading) -> frozenset[str]:
    """What a paper is about: the words of its title and of what it asks."""
    asked = (
        s.text for s, role in zip(reading.sentences, reading.roles, strict=True) if role is Role.QUESTION
    )
    return _content(reading.heading).union(*map(_content, asked)) - _COMMON


def _of_harm(one: Choice, facts: FactTable) -> bool:
    """Whether it tells of harm."""
    return any(overlap(one.evidence, fact.evidence) for fact in facts.of(FactKind.HARM))


def _tells(fact: Fact) -> bool:
    """Whether a result says which way something went, or how much of it and not only of whom."""
    return fact.direction is not Direction.UNKNOWN or (
        any(q.low or q.p or q.unit == "%" or "ratio" in q.measure for q in fact.quantities)
        and not is_head_count(fact.evidence.text)
    )


def _shared(wanted: Set[str], text: str) -> int:
    return len(wanted & _content(text))


@lru_cache(_REMEMBERED)
def _content(text: str) -> frozenset[str]:
    """The words of a text that may name what it is about."""
    return frozenset(word for word in tokens(text) if len(word) >= _SHORTEST)


def _turns(one: Choice) -> bool:
    """Whether it is the other side of what the sentence before says."""
    return _TURN.match(one.text) is not None
