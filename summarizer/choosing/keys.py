"""The key messages of a digest: what the authors conclude, and the finding that it rests on."""

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import replace

from domain.digest import Audience, Role
from domain.facts import Direction, Fact, FactKind, FactTable
from summarizer.choosing.about import content, shared, topic_of
from summarizer.choosing.choice import Choice, chosen_at, led_by, overlap
from summarizer.choosing.headcounts import is_head_count, tells_outcome
from summarizer.choosing.missed import FAILED, failures
from summarizer.choosing.plans import Plan
from summarizer.choosing.reading import Reading
from summarizer.choosing.thin import is_thin
from summarizer.facts import main_result
from summarizer.text.sieve import sieved
from summarizer.text.trimming import unbracketed

_HOPE = sieved(
    r"\b(?:needs?|needed|warrant\w*|calls? (?:on|for|upon)|urge|further|future|recommend\w*|should|"
    r"deserves?)\b|"
    r"\b(?:efforts?|work|research|stud(?:y|ies)|trials?|attention|action|evidence|data) (?:is|are) "
    r"(?:\w+ )?required\b|\b(?:results?|findings?|data|insights?|work) will be (?:\w+ ){1,2}(?:for|to|in)\b",
    re.I,
)
# "Its cost requires further study."
_MORE = (
    r"(?:further|future|more|additional) (?:[\w-]+ ){0,3}"
    r"(?:stud(?:y|ies)|research|investigations?|work|trials?)"
)
_WANTED = sieved(
    rf"\b{_MORE} (?:[\w-]+ ){{0,3}}(?:needed|required|warranted|necessary)\b|"
    rf"\b(?:needs?|requires?|warrants?|deserves?) {_MORE}\b",
    re.I,
)
# "We show that A blocks B, which warrants further work": what is hoped for comes after what was found.
_CLAIMED = re.compile(
    r"\b(?:conclude|report|demonstrate|show|illustrate|reveal|indicate|suggest|establish(?:es)?)(?:d|ed|s)?\b.{40}",
    re.I,
)
_BUT = (", but", ", yet")
_PARTED = re.compile(r"(?<=.{20})(?:;|, (?:and|but|yet|although|though|however)\b)")
# "No change of the dose is needed", "doctors should be aware that it may recur": that tells what was found.
_SPARED = re.compile(
    r"\bno (?:[\w-]+ ){1,6}(?:is|are|was|were) (?:needed|required|necessary|warranted|recommended)\b|"
    r"\bnot (?:be )?(?:needed|required|necessary|warranted)\b|\bshould be aware that\b",
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
    r"relaps\w+|discharged|symptom-free|regress\w+|disappeared|vanished|subsided|shr[aiu]nk\w*|improve[ds]?|cured|follow-?up)\b",
    re.I,
)
_CASES = frozenset({"case report", "series of cases"})
_FIGURE = re.compile(r"\d")
# "No dose-limiting toxicities occurred": none is a number, too.
_NONE = re.compile(r"(?:no|none|neither)\b", re.I)
_SECOND = re.compile(
    r"(?:the )?secondary (?:[\w-]+ )?(?:outcomes?|end ?points?|measures?|analys[ie]s)\b", re.I
)
_MESSAGES = (Role.RESULT, Role.MEANING)
_NAMED = 2
"""Words of the title; a sentence that says so many of them is about what the paper is about."""
_SHARED = 4
"""Words of the message that a finding may share with it before others are as near."""
_SAME = 0.8
"""Of the words of the shorter of two sentences; with so many in common they say the same."""
_LED = 1
"""Sentences that may follow a key message, as they lean on it, besides what is concluded from it."""


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
        if not one.leans and _is_short(led.get(one.index, ())) and one.index not in untold
    ]
    able = _without(able, is_thin)
    able = able if _KINETICS.search(reading.heading) else _without(able, _is_kinetic)
    topic = topic_of(reading)
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
            -min(_NAMED, shared(topic, one.text)),
            one.index not in ranked,
            one.index,
        )
    )
    outcome = frozenset(w for fact in facts.of(FactKind.OUTCOME) for w in content(unbracketed(fact.value)))
    results = [one for one in able if _is_result(one, outcome)]
    results.sort(key=lambda one: one.index)
    missed = failures(results, meanings[:1], outcome, topic, facts)
    finding = missed[:1] or _finding(results, meanings[:1], outcome, topic, facts)
    meanings = [one for one in meanings if one not in finding]  # "The primary outcome was not met."
    new_first = missed or plan.audience is Audience.POLICYMAKER
    key = [*finding, *meanings[:1]] if new_first else [*meanings[:1], *finding]
    if len(key) > 1 and _is_same(*key):
        fuller = meanings[0] if len(content(meanings[0].text)) > len(content(finding[0].text)) else key[0]
        key = [fuller]
    key = [one for one in key if one in finding][:1] if room == 1 and finding else key[:room]
    if not key:  # what is hoped for is better than no message
        key = sorted(concluded, key=lambda one: (is_thin(one.text), one.index))[:1]
    key = [each for one in key for each in (one, *led.get(one.index, ()))]
    # What leans on a key message would point to nothing elsewhere: where it says nothing it is left out.
    said = [one for one in key if not (one.leans and (is_thin(one.text) or _WANTED.search(one.text)))]
    first = [replace(one, role=Role.KEY, origin=one.role) for one in said]
    moved = {one.index for one in key}
    return [*first, *(one for one in choices if one.index < 0 or one.index not in moved)]


def _is_short(led: Sequence[Choice]) -> bool:
    return sum(one.role is not Role.MEANING for one in led) <= _LED


def _is_result(one: Choice, outcome: Set[str]) -> bool:
    """Whether it may be the finding; harm is, where it is what the study was to measure first."""
    if one.role is Role.HARM:
        return bool(outcome) and shared(outcome, one.text) * 2 >= len(outcome)
    return one.role is Role.RESULT or FAILED.search(one.text) is not None


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
    return parted is not None and (parted[0] in _BUT or tells_outcome(text[: parted.start()]))


def _is_same(one: Choice, other: Choice) -> bool:
    """Whether two sentences say the same in nearly the same words."""
    said, again = content(one.text), content(other.text)
    return len(said & again) >= _SAME * min(len(said), len(again))


def _finding(
    results: Sequence[Choice],
    conclusion: Sequence[Choice],
    outcome: Set[str],
    topic: Set[str],
    facts: FactTable,
) -> list[Choice]:
    """One result at most: of the primary outcome; the fullest; what the authors say they found."""
    telling = [fact for kind in (FactKind.RESULT, FactKind.HARM) for fact in facts.of(kind) if _tells(fact)]
    found = [one for one in results if any(overlap(one.evidence, fact.evidence) for fact in telling)]
    # It is often told in other words, and first; or with a measure that no fact holds.
    named = [one for one in results if outcome and shared(outcome, one.text) * 2 >= len(outcome)]
    told = (
        [one for one in named if one in found]
        or [one for one in named if _FIGURE.search(one.text)]
        or [one for one in named if _NONE.match(one.text)]
    )
    if told or (outcome and found):
        return (told or found)[:1]
    main = main_result(facts)
    fullest = (
        main.evidence if main and any(q.p or q.low or "ratio" in q.measure for q in main.quantities) else None
    )
    message = frozenset(topic).union(*(content(one.text) for one in conclusion))
    full = [one for one in results if fullest and overlap(one.evidence, fullest)]
    # What changed is often told first, and by two numbers; part of it follows with an interval.
    full += [
        one
        for one in results
        if full
        and one.index < full[0].index
        and shared(message, one.text) >= shared(message, full[0].text)
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
            -min(_NAMED, shared(topic, one.text)),
            -min(_SHARED, shared(message, one.text)),
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


def _tells(fact: Fact) -> bool:
    """Whether a result says which way something went, or how much of it and not only of whom."""
    if fact.direction is not Direction.UNKNOWN:
        return True
    measures = [q for q in fact.quantities if q.low or q.p or q.unit == "%" or "ratio" in q.measure]
    units = [quantity.unit for quantity in fact.quantities if quantity.measure or quantity.unit]
    compared = len(units) > 1 and len(set(units)) == 1 and any(q.measure for q in fact.quantities)
    return (bool(measures) or compared) and not is_head_count(fact.evidence.text)


def _turns(one: Choice) -> bool:
    """Whether it is the other side of what the sentence before says."""
    return _TURN.match(one.text) is not None
