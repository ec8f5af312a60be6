"""Which sentences of a paper one audience is told, and in which role."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from domain.body import Place
from domain.digest import Audience, Role
from domain.evidence import ABSTRACT, Evidence
from domain.facts import FactKind, FactTable
from domain.values import quickly_made
from summarizer.choosing.plans import Plan
from summarizer.choosing.reading import Reading
from summarizer.choosing.roles import is_head_count
from summarizer.choosing.salience import open_salience
from summarizer.choosing.selection import follows_on, rank
from summarizer.facts import main_result
from summarizer.plain.realising import GRANTS
from summarizer.text.sieve import sieved

FINDING = frozenset({Role.KEY, Role.RESULT, Role.MEANING})
# A chain of sentences stands where the most telling of them belongs.
_WEIGHT = (Role.RESULT, Role.MEANING, Role.LIMIT, Role.QUESTION, Role.METHOD, Role.BACKGROUND)
_FOR_FACTS = {
    FactKind.HARM: Role.HARM,
    FactKind.LIMIT: Role.LIMIT,
    FactKind.COST: Role.COST,
    FactKind.FUNDING: Role.FUNDING,
}
_OWN_STUDY = re.compile(
    r"in this (?:[\w-]+,? ){0,7}(?:study|trial|cohort|review|analysis|survey|model)\b", re.I
)
_HOPE = sieved(r"\b(?:needs?|needed|warrant\w*|further|future|recommend\w*|should)\b", re.I)
_MISSED = sieved(
    r"\b(?:could not (?:show|confirm|demonstrate|prove)|(?:did|does) not (?:meet|reach|improve|reduce|lower|"
    r"lengthen|differ)|(?:was|were) not (?:met|reached|superior|noninferior|non-inferior|"
    r"(?:significantly|statistically) different)|"
    r"no (?:significant )?(?:difference|benefit|improvement))\b",
    re.I,
)
# "It has great advantages, such as reduced side effects" tells of no harm, nor does what was looked for.
_NO_HARM = sieved(
    r"\b(?:advantages?|advantageous|promis(?:e|es|ing)|(?:inclusion|exclusion|eligibility|selection) "
    r"criteria)\b",
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
# What says that something was found or done, and not what.
_THIN = sieved(
    r"\b(?:provid(?:es?|ing)|offers?|yields?|gives?|gain(?:ed)?|reveals?) (?:[\w-]+ ){0,3}"
    r"(?:insights?|paradigms?|perspectives?|framework|resource|view|understanding|basis|avenues?)\b|"
    r"\b(?:supports?|advances?|extends?|improves?|deepens?) (?:[\w-]+ ){0,4}understanding\b|"
    r"\b(?:findings?|results?|study|data|work) (?:\w+ )?(?:will|may|might|could|should|can) (?:\w+ )?"
    r"(?:impact|guide|inform|help|stimulate|pave|serve|be (?:a tool|useful|helpful))\b|"
    r"\b(?:have|has) (?:[\w-]+ ){0,2}implications (?:for|in)\b|"
    r"\b(?:sheds?|throws?) (?:[\w-]+ )?light on\b|"
    r"\bopens? (?:up )?(?:[\w-]+ )?(?:avenues|perspectives|ways)\b|"
    r"^(?:these|our|the|this|together,? (?:these|our)) (?:\w+ )?(?:findings?|results?|data|study|work) "
    r"(?:highlights?|underscores?|emphasi[sz]es?|stress(?:es)?) the "
    r"(?:importance|need|value|potential|complexity)\b|"
    r"^(?:\w+ ){1,4}themes (?:emerged|were identified)\b(?!.*:)|"
    r"\bpreviously (?:unappreciated|unrecogni[sz]ed|unknown|uncharacteri[sz]ed) (?:[\w-]+ )?"
    r"(?:phenotypes|aspects|functions|roles|mechanisms)\b|"
    r"^(?:here,? |in this (?:study|work|paper|review),? )?we (?:[\w-]+ )?"
    r"(?:discuss|summari[sz]e|review|assess|evaluate|examine|investigate|explore|dissect|characteri[sz]e|"
    r"compare|use|combine|study|studied|test|develop|built|build|present|employ|ask|quantif(?:y|ied)|simulate|"
    r"model(?:l?ed)?|construct|collect|conduct|perform|undertook|recruit|search|interview)(?:d|ed|s)?\b"
    r"(?!.{0,200}\b(?:that|show|reveal|find|found|and (?:find|show|found|reveal|demonstrate))\b)|"
    r"^(?:this|the (?:present|current)) (?:study|survey|review|paper|article|work) "
    r"(?:conducts?|gives?|provides?|presents?|describes?|discusses|reviews?|explores?|outlines?|summari[sz]es?|"
    r"examines?|introduces?)\b(?!.{0,200}\bthat\b)|"
    r"^(?:[\w,()-]+ ){1,9}(?:was|were) (?:developed (?:with|by|through)|compared|assessed|"
    r"measured|evaluated|calculated|analy[sz]ed|recorded|collected|obtained|performed|studied|examined|investigated|tested|applied|"
    r"carried out|discussed|reviewed|used)\b(?! (?:more|less|most))",
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
_BRACKET = re.compile(r"\([^()]*\)")
_COMPARED = re.compile(r"\d\s?%|\bthan\b")
_REMEMBERED = 1_000
_MOST_FUNDING = 30
"""Words about money that a reader without training is given; the professional's digest has them all."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence of the paper that is to be told, with its role."""

    text: str
    evidence: Evidence
    role: Role
    label: str = ""
    index: int = -1
    """Its place among the sentences of the abstract; -1 where it stands elsewhere."""
    origin: Role | None = None
    """What it was before it became a key message."""

    @property
    def leans(self) -> bool:
        """Whether it points back to the sentence before it."""
        return self.index > 0 and follows_on(self.text) and not _OWN_STUDY.match(self.text)


def outline(reading: Reading, facts: FactTable, plan: Plan) -> list[Choice]:
    """The sentences to tell, in the order of telling."""
    places = [Place.ABSTRACT] * len(reading.sentences)
    ranked = rank(reading.sentences, places, reading.roles, plan, open_salience(), heading=reading.heading)
    first = {reading.sentences[index].text: index for index in sorted(ranked, reverse=True)}
    choices = [chosen_at(reading, index) for index in sorted(first.values())]
    choices = _with_harms(choices, facts, plan)
    choices = _together(choices)
    choices = [*choices, *_from_facts(choices, reading, facts, plan)]
    choices = _with_key(choices, facts, ranked, plan)
    order = {role: place for place, role in enumerate(plan.order)}
    told = (one for one in choices if one.role in order)
    return sorted(told, key=lambda one: order[one.role])


def chosen_at(reading: Reading, index: int, role: Role | None = None) -> Choice:
    """One sentence of the abstract as a choice."""
    source = reading.sentences[index]
    evidence = Evidence(reading.version, source.start, source.end, source.text)
    return Choice(source.text, evidence, role or reading.roles[index], source.label, index)


def _with_harms(choices: Sequence[Choice], facts: FactTable, plan: Plan) -> list[Choice]:
    """Results that tell of harm, as such; the only result stays one."""
    if FactKind.HARM not in plan.facts:
        return list(choices)
    harms = [fact.evidence for fact in facts.of(FactKind.HARM)]
    told = list(choices)
    left = sum(d.role is Role.RESULT for d in choices)
    for place, one in enumerate(choices):
        none = _MISSED.search(one.text) or _NO_HARM.search(one.text)
        told_so = any(_overlap(one.evidence, harm) for harm in harms) and not none
        if left > 1 and one.role is Role.RESULT and told_so:
            told[place] = replace(one, role=Role.HARM)
            left -= 1
    return told


def _together(choices: Sequence[Choice]) -> list[Choice]:
    """Sentences that lean on the one before, in one role with it."""
    chains: list[list[Choice]] = []
    for one in choices:
        if one.leans and chains and chains[-1][-1].index == one.index - 1:
            chains[-1].append(one)
        else:
            chains.append([one])
    told = []
    for chain in chains:
        roles = {one.role for one in chain}
        role = next((role for role in _WEIGHT if role in roles), chain[0].role)
        told += [replace(one, role=role) for one in chain] if len(roles) > 1 else chain
    return told


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
            one = _drafted(fact.evidence, role, reading)
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


def _drafted(evidence: Evidence, role: Role, reading: Reading) -> Choice | None:
    """The whole sentence that a fact rests on, or None where it rests on none."""
    if evidence.place == ABSTRACT:
        for index, sentence in enumerate(reading.sentences):
            if sentence.start <= evidence.start and evidence.end <= sentence.end:
                return chosen_at(reading, index, role)
        return None
    whole = evidence.text[:1].isupper() and evidence.text.rstrip().endswith((".", "!", "?"))
    return Choice(evidence.text, evidence, role) if whole and len(evidence.text.split()) > 3 else None


def _with_key(choices: Sequence[Choice], facts: FactTable, ranked: Sequence[int], plan: Plan) -> list[Choice]:
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
    missed = missed or [one for one in results if _MISSED.search(one.text)]
    main = main_result(facts)
    named = [one for one in results if main and _overlap(one.evidence, main.evidence)]
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


@lru_cache(_REMEMBERED)
def is_thin(text: str) -> bool:
    """Whether a sentence tells that something was found, done or shown, and not what."""
    bare = _BRACKET.sub("", text)
    return _THIN.search(bare) is not None and not _COMPARED.search(bare)


def _overlap(one: Evidence, other: Evidence) -> bool:
    return one.place == other.place and one.start < other.end and other.start < one.end


def spares(reading: Reading, choices: Sequence[Choice]) -> list[Choice]:
    """Sentences of the abstract that could be told in place of others, none that leans on another."""
    told = {one.index for one in choices}
    texts = {one.text for one in choices}
    others = (chosen_at(reading, i) for i in range(len(reading.sentences)) if i not in told)
    told_of = frozenset({Role.RESULT, Role.MEANING})
    return [
        one
        for one in others
        if not one.leans and one.text not in texts and not (one.role in told_of and is_thin(one.text))
    ]
