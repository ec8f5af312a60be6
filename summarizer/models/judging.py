"""Whether what a language model wrote may stand in a digest: its form here, its truth by the gate."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.digest import Audience, Digest, DigestSentence, Role
from domain.facts import StudyKind
from summarizer.choosing.plans import Plan, load_plan
from summarizer.gate import faults_of_group
from summarizer.gate.causality import overclaims
from summarizer.gate.framing import background_told_as_found
from summarizer.gate.prose import read_prose
from summarizer.models.drafts import Draft
from summarizer.models.prompting import UNSEEN, Item
from summarizer.plain.paraphrase import paraphrase_faults
from summarizer.plain.terms import Glossary
from summarizer.text.abbreviations import Abbreviation
from summarizer.text.readability import flesch_kincaid_grade
from summarizer.text.sentences import words

_MOST_EVIDENCE = 3
_CLAIMS = (Role.KEY, Role.RESULT, Role.MEANING)
_SHORTEST = 3
_LONGEST = {Audience.PUBLIC: 30, Audience.POLICYMAKER: 40, Audience.PROFESSIONAL: 80}
_FREE_WORDS = 25
"""A section may be so many words longer than the extractive one."""
_SPARE_GRADE = 1.0
_MOST_GROWTH = 1.25
_MARKUP = re.compile(r"https?:|www\.|\bdoi\b|<[A-Za-z/!]|\]\(|[`*_#|{}\\^~@]|&#?\w{1,10};", re.I)
_READER = re.compile(
    r"\b(?:[Yy]ou(?:r|rs|rself|rselves)?|[Ww]e|[Oo]urs?|us|[Mm]y|I (?:am|was|have|had|will|would|can))\b"
)
_AUTHORS = {"we", "our", "ours", "us"}
"""May speak, where they do in the evidence."""
_ORDER = re.compile(
    r"(?:please |always |never |do not |don['’]t )?"
    r"(?:ask|talk|speak|see|consult|seek|take|stop|start|avoid|try|contact|visit|call|remember|note|click|read|tell|discuss|consider|get|eat|drink|use|make|go|join|donate|"
    r"ignore|print|system|assistant|user)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Section:
    """One section as a model wrote it: its sentences, or what is wrong with them."""

    sentences: Sequence[DigestSentence] = ()
    faults: Sequence[str] = ()


class Judge:
    """Judges the sections of one digest."""

    def __init__(
        self,
        audience: Audience,
        items: Sequence[Item],
        kind: StudyKind,
        abbreviations: Mapping[str, Abbreviation],
        glossary: Glossary,
    ) -> None:
        self.plan: Plan = load_plan(audience)
        self._kind = kind
        self._items = {item.number: item for item in items}
        self._abbreviations = abbreviations
        self._glossary = glossary

    def section(self, role: Role, drafts: Sequence[Draft], replaced: Sequence[DigestSentence]) -> Section:
        """The section, whole: where one sentence is at fault, none of the others is trusted."""
        if not drafts:
            return Section(faults=("nothing written",))
        drafts = list(dict.fromkeys(drafts))
        # The gate comes last: a text of the wrong form, or without evidence, need not be understood.
        problems = (
            [fault for draft in drafts for fault in self._evidence_faults(draft)]
            or [fault for draft in drafts for fault in self._form_faults(draft)]
            or self._shape_faults(drafts, replaced)
            or self._gate_faults(role, drafts)
        )
        if problems:
            return Section(faults=tuple(problems))
        return Section(tuple(self._sentence(draft) for draft in drafts))

    def _sentence(self, draft: Draft) -> DigestSentence:
        first, *rest = (self._items[number].evidence for number in sorted(set(draft.numbers)))
        return DigestSentence(draft.text, draft.role, first, also=tuple(rest))

    def _evidence_faults(self, draft: Draft) -> Iterator[str]:
        items = [self._items.get(number) for number in set(draft.numbers)]
        cited = [item for item in items if item is not None]
        if not 0 < len(items) <= _MOST_EVIDENCE or len(cited) < len(items):
            yield f"evidence that does not exist: {draft.numbers}"
        elif not all(draft.role in item.roles for item in cited):
            yield f"evidence of another section: {draft.numbers}"

    def _evidence(self, draft: Draft) -> str:
        return "\n".join(self._items[number].evidence.text for number in sorted(set(draft.numbers)))

    def _gate_faults(self, role: Role, drafts: Sequence[Draft]) -> list[str]:
        """What the gate has against them; those of the same evidence are read together."""
        groups: dict[str, list[str]] = defaultdict(list)
        for draft in drafts:
            groups[self._evidence(draft)].append(draft.text)
        problems: list[str] = []
        for evidence, texts in groups.items():
            permitted = self._permitted(evidence)
            problems += faults_of_group(texts, evidence, permitted, free=True)
            problems += paraphrase_faults(texts, evidence, permitted)
            if role is Role.BACKGROUND:
                source = read_prose(evidence)
                problems += [p for text in texts for p in background_told_as_found(read_prose(text), source)]
        if role in _CLAIMS:
            problems += [
                fault for draft in drafts for fault in overclaims(read_prose(draft.text), self._kind)
            ]
        return problems

    def _form_faults(self, draft: Draft) -> Iterator[str]:
        text, evidence = draft.text, self._evidence(draft)
        longest = _LONGEST[self.plan.audience]
        if not _SHORTEST <= len(words(text)) <= longest:
            yield f"not between {_SHORTEST} and {longest} words"
        if not text.endswith((".", "?", "!")) or not text[0].isalnum() or not text.isprintable():
            yield "not a whole sentence"
        if UNSEEN.search(text) or "\ufffd" in text:
            yield "characters that cannot be read"
        if any(match[0] not in evidence for match in _MARKUP.finditer(text)):
            yield "a link or markup"
        spoken = {match[0].lower() for match in _READER.finditer(text)}
        if not spoken <= _AUTHORS & set(evidence.lower().split()) or _ORDER.match(text):
            yield "speaks to the reader"

    def _permitted(self, evidence: str) -> list[str]:
        """Other words than the evidence's that mean the same."""
        long = [
            form
            for pair in self._abbreviations.values()
            if pair.short.removesuffix("s") in evidence
            for form in (pair.long, pair.long + "s", pair.long.removesuffix("s"))
        ]
        return [*long, *self._glossary.plain_words(" ".join([evidence, *long]))]

    def is_no_worse(self, digest: Digest, base: Digest) -> bool:
        """Whether the digest as a whole, with its words explained, is about as short and as easy to read."""
        before, after = base.prose, digest.prose
        if len(words(after)) > _MOST_GROWTH * len(words(before)) + _FREE_WORDS:
            return False
        if self.plan.most_grade is None:
            return True
        most = max(self.plan.most_grade, flesch_kincaid_grade(before))
        return flesch_kincaid_grade(after) <= most

    def _shape_faults(self, drafts: Sequence[Draft], replaced: Sequence[DigestSentence]) -> list[str]:
        """Faults of the section as a whole: longer, or harder to read, than what it is to replace."""
        before = " ".join(s.text for s in replaced)
        after = " ".join(dict.fromkeys(draft.text for draft in drafts))
        if len(words(after)) > len(words(before)) + _FREE_WORDS:
            return ["longer than what it replaces"]
        target = self.plan.target_grade
        if target is not None:
            most = max(target, flesch_kincaid_grade(before)) + _SPARE_GRADE
            if flesch_kincaid_grade(after) > most:
                return ["harder to read than what it replaces"]
        return []
