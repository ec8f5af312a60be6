"""Digests by a language model, sentence by sentence from the fact table, each through the gate.

The extractive digest comes first: it decides whether a paper gets a digest, which sections it has and what
they rest on. A model may put a section in other words. Where it says nothing, or anything that its evidence
does not, the section stays the extractive one, and says so in `DigestSentence.writer`.
"""

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from domain.digest import FROM_PAPER, Audience, Digest, DigestSentence, Role, Term
from domain.errors import ModelUnavailable
from domain.evidence import ABSTRACT, BODY, TITLE, Evidence, words_at
from domain.facts import FactKind, FactTable
from domain.paper import Paper, Version
from domain.ports import Digester
from summarizer.choosing.roles import section_labels
from summarizer.choosing.selection import follows_on
from summarizer.gate.digests import evidence_text
from summarizer.gate.realised import realised_faults
from summarizer.models.drafts import Draft, read_answer
from summarizer.models.judging import Judge, Section
from summarizer.models.prompting import PROMPTS, Item, Prompt
from summarizer.plain.terms import Glossary, load_glossary
from summarizer.text.abbreviations import Abbreviation, find_abbreviations
from summarizer.text.sentences import read_sentences

log = logging.getLogger(__name__)

WRITTEN = FROM_PAPER
"""The sections that a model may write; the others are told from the record by rule."""
_TOLD_IN = {
    FactKind.QUESTION: Role.QUESTION,
    FactKind.DESIGN: Role.METHOD,
    FactKind.INTERVENTION: Role.METHOD,
    FactKind.COMPARATOR: Role.METHOD,
    FactKind.OUTCOME: Role.METHOD,
    FactKind.TIME: Role.METHOD,
    FactKind.RESULT: Role.RESULT,
    FactKind.HARM: Role.HARM,
    FactKind.CONCLUSION: Role.MEANING,
    FactKind.LIMIT: Role.LIMIT,
}
_MOST_ITEMS = 80
_LEANS = re.compile(
    r"(?:they|this|these|those|that|it|its|their|theirs|such|both|neither|another|others?|he|she|his|her|"
    r"however|therefore|thus|but|also|instead)\b",
    re.I,
)


class LanguageModel(Protocol):
    """What answers prompts: a model on this machine, or one behind an endpoint."""

    @property
    def engine(self) -> str:
        """`generative` or `endpoint`."""
        ...

    @property
    def name(self) -> str:
        """Which model it is, in the engine's name."""
        ...

    def prompts(self, items: Sequence[Item], roles: Sequence[Role], audience: Audience) -> list[Prompt]:
        """What to ask for one digest, in the form and size that this model takes."""
        ...

    def answers(self, papers: Sequence[Sequence[Prompt]]) -> list[list[str]]:
        """One answer to each prompt of each paper, empty where none came. Raises `ModelUnavailable`."""
        ...


@dataclass(frozen=True, slots=True)
class _Task:
    """A digest to be put in other words."""

    base: Digest
    version: Version
    facts: FactTable
    chosen: Sequence[DigestSentence]
    """Those of its sentences that may be put in other words."""
    items: Sequence[Item]
    roles: Sequence[Role]


class GeneratedDigester:
    """Lets a language model put the extractive digest in other words, where it does so faithfully."""

    def __init__(self, model: LanguageModel, extractive: Digester) -> None:
        self._model = model
        self._extractive = extractive
        self._ready: dict[tuple[str, str, Audience], tuple[_Task, list[Draft]]] = {}
        self._glossary: Glossary | None = None

    @property
    def name(self) -> str:
        """Kind of engine, version of the prompts and model: `endpoint/1:llama`."""
        return f"{self._model.engine}/{PROMPTS}:{self._model.name}"

    def facts(self, paper: Paper) -> FactTable:
        """The facts that the digests are written from."""
        return self._extractive.facts(paper)

    def prepare(self, papers: Sequence[Paper], audience: Audience) -> None:
        """Ask the model about many papers at once; `digest` then finds its answers waiting.

        Raises:
            ModelUnavailable: the model cannot run at all.
        """
        self._ready = {key: ready for key, ready in self._ready.items() if key[2] is not audience}
        found = ((paper, self._task_or_none(paper, audience)) for paper in papers)
        tasks = [(paper, task) for paper, task in found if task is not None]
        try:
            drafts = self._drafts([task for _, task in tasks], audience)
        except ModelUnavailable:
            raise
        except Exception:
            log.exception("%d papers could not be prepared together; each is asked about alone", len(tasks))
            return
        for (paper, task), some in zip(tasks, drafts, strict=True):
            self._ready[paper.id, paper.source_hash, audience] = task, some

    def digest(self, paper: Paper, audience: Audience) -> Digest:
        """Write the digest of `paper` for `audience`, or raise `DigestRefused`."""
        waiting = self._ready.pop((paper.id, paper.source_hash, audience), None)
        if waiting is None:
            task = self._task(paper, audience)
            waiting = task, self._drafts([task], audience)[0]
        return self._composed(*waiting)

    def _task(self, paper: Paper, audience: Audience) -> _Task:
        base = self._extractive.digest(paper, audience)
        source = base.sentences[0].evidence.version
        version = next(v for v in paper.versions if v.source_hash == source)
        facts = self.facts(paper)
        chosen = [s for s in base.sentences if s.role in WRITTEN and not is_realised(s, facts)]
        roles = [role for role in WRITTEN if any(s.role is role for s in chosen)]
        return _Task(base, version, facts, chosen, numbered(chosen, facts, version, roles), roles)

    def _task_or_none(self, paper: Paper, audience: Audience) -> _Task | None:
        try:
            return self._task(paper, audience)
        except ModelUnavailable:
            raise
        except Exception as error:
            # Told when the paper's own turn comes: it must not keep the others from being prepared.
            log.debug("%s is not prepared: %s", paper.id, error)
            return None

    def _drafts(self, tasks: Sequence[_Task], audience: Audience) -> list[list[Draft]]:
        prompts = [self._model.prompts(task.items, task.roles, audience) for task in tasks]
        answers = self._model.answers(prompts)
        return [
            [draft for p, answer in zip(asked, said, strict=True) for draft in read_answer(answer, p)]
            for asked, said in zip(prompts, answers, strict=True)
        ]

    def _composed(self, task: _Task, drafts: Sequence[Draft]) -> Digest:
        """The digest with the sections that the model wrote faithfully; the extractive one without any."""
        base, words = task.base, self._words()
        abbreviations = find_abbreviations(f"{words_at(task.version, ABSTRACT)}\n{task.version.title}")
        judge = Judge(base.audience, task.items, task.facts.study_kind, abbreviations, words)
        told: list[DigestSentence] = [replace(s, writer=s.writer or base.engine) for s in base.sentences]
        written = 0
        for role in task.roles:
            before = [s for s in task.chosen if s.role is role]
            section = judge.section(role, [d for d in drafts if d.role is role], before)
            if section.sentences and (changed := _with_section(told, before, section)):
                told, written = changed, written + 1
            else:
                log.debug("%s for %s keeps its %s: %s", base.paper_id, base.audience, role, section.faults)
        if judge.plan.explain:
            told = _explained(told, base, abbreviations, words)
        digest = replace(base, engine=self.name, sentences=tuple(told))
        return digest if written and judge.is_no_worse(digest, base) else base

    def _words(self) -> Glossary:
        if self._glossary is None:
            self._glossary = load_glossary()
        return self._glossary


def is_realised(sentence: DigestSentence, facts: FactTable) -> bool:
    """Whether a sentence is one of ours, filled in from the facts: these stay as they are."""
    return realised_faults(sentence.text, evidence_text(sentence), facts) is not None


def numbered(
    chosen: Sequence[DigestSentence], table: FactTable, version: Version, roles: Sequence[Role]
) -> list[Item]:
    """The evidence for the sections `roles`: what the extractive digest chose, then further facts."""
    places: dict[Evidence, set[Role]] = {}
    for sentence in chosen:
        for evidence in (sentence.evidence, *sentence.also):
            if evidence.text_of in (TITLE, ABSTRACT, BODY):
                places.setdefault(evidence, set()).add(sentence.role)
    spans = _sentence_spans(version)
    for fact in table.facts:
        role = _TOLD_IN.get(fact.kind)
        if role is None or role not in roles or fact.evidence.text_of not in (ABSTRACT, BODY):
            continue
        evidence = _whole_sentence(fact.evidence, spans)
        holder = next((e for e in places if _holds(e, evidence)), evidence)
        if holder in places or len(places) < _MOST_ITEMS:
            places.setdefault(holder, set()).add(role)
    order = (TITLE, ABSTRACT, BODY)
    found = sorted(places, key=lambda e: (order.index(e.text_of), e.start, e.end))
    return [Item(n, evidence, frozenset(places[evidence])) for n, evidence in enumerate(found, 1)]


def _sentence_spans(version: Version) -> list[Evidence]:
    abstract = version.abstract()
    sentences = read_sentences(abstract, section_labels()) if abstract else []
    return [Evidence(version.source_hash, s.start, s.end, s.text) for s in sentences]


def _whole_sentence(evidence: Evidence, spans: Iterable[Evidence]) -> Evidence:
    return next((span for span in spans if _holds(span, evidence)), evidence)


def _holds(outer: Evidence, inner: Evidence) -> bool:
    return outer.place == inner.place and outer.start <= inner.start and inner.end <= outer.end


def _with_section(
    told: Sequence[DigestSentence], before: Sequence[DigestSentence], section: Section
) -> list[DigestSentence] | None:
    """`told` with what the section covers replaced by it; None where that would part what belongs together.

    What the model left out of the section stays, in the extractive words: nothing is lost by that.
    """
    cited = {e for s in section.sentences for e in (s.evidence, *s.also)}
    replaced = {(s.role, s.text) for s in before if {s.evidence, *s.also} <= cited}
    gone = {i for i, s in enumerate(told) if (s.role, s.text) in replaced}
    if not gone:
        return None
    for i, sentence in enumerate(told):
        leans = i not in gone and i - 1 in gone and sentence.role is section.sentences[0].role
        if leans and (_LEANS.match(sentence.text) or follows_on(sentence.text)):
            return None
    kept: list[DigestSentence] = []
    for i, sentence in enumerate(told):
        if i == min(gone):
            kept += section.sentences
        if i not in gone:
            kept.append(sentence)
    return kept


def _explained(
    told: Sequence[DigestSentence],
    base: Digest,
    abbreviations: Mapping[str, Abbreviation],
    glossary: Glossary,
) -> list[DigestSentence]:
    """The sentences with each hard word explained where it first stands now."""
    known = {term.word: term for sentence in base.sentences for term in sentence.terms}
    for pair in abbreviations.values():
        known.setdefault(pair.short, Term(pair.short, f"{pair.long[:1].upper()}{pair.long[1:]}."))
    defined = {short: pair.long for short, pair in abbreviations.items()}
    explained: set[str] = set()
    seen: set[str] = set()
    result = []
    for sentence in told:
        terms = [*sentence.terms]
        if not sentence.writer:
            terms += glossary.terms(sentence.text, explained, defined)
        terms += [term for word, term in known.items() if _stands_alone(term, sentence.text)]
        new = [term for term in terms if term.meaning not in seen]
        seen.update(term.meaning for term in new)
        result.append(replace(sentence, terms=tuple({term.meaning: term for term in new}.values())))
    return result


def _stands_alone(term: Term, text: str) -> bool:
    """Whether the word is in `text` without what it stands for."""
    if term.meaning.rstrip(".").lower() in text.lower():
        return False
    return re.search(rf"(?<![\w-]){re.escape(term.word)}(?![\w-])", text) is not None
