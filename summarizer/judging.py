"""Whether what a language model wrote may stand in a digest: its form here, its truth by the gate."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.digest import Audience, Digest, DigestSentence, Role
from summarizer.abbreviations import Abbreviation
from summarizer.check import faults
from summarizer.drafts import Draft
from summarizer.plans import Plan, load_plan
from summarizer.prompting import UNSEEN, Item
from summarizer.readability import flesch_kincaid_grade
from summarizer.sentences import words
from summarizer.terms import Glossary

_MOST_EVIDENCE = 3
_SHORTEST = 3
_LONGEST = {Audience.PUBLIC: 30, Audience.POLICYMAKER: 40, Audience.PROFESSIONAL: 80}
_FREE_WORDS = 25
"""A section may be so many words longer than the extractive one."""
_SPARE_GRADE = 1.0
_MARKUP = re.compile(r"https?:|www\.|\bdoi\b|<[A-Za-z/!]|\]\(|[`*_#|{}\\^~@]|&#?\w{1,10};", re.I)
_READER = re.compile(
    r"\b(?:[Yy]ou(?:r|rs|rself|rselves)?|[Ww]e|[Oo]urs?|us|[Mm]y|I (?:am|was|have|had|will|would|can))\b"
)
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
        abbreviations: Mapping[str, Abbreviation],
        glossary: Glossary,
    ) -> None:
        self.plan: Plan = load_plan(audience)
        self._items = {item.number: item for item in items}
        self._abbreviations = abbreviations
        self._glossary = glossary

    def section(self, role: Role, drafts: Sequence[Draft], base: Digest) -> Section:
        """The section, whole: where one sentence is at fault, none of the others is trusted."""
        if not drafts:
            return Section(faults=("nothing written",))
        problems = [fault for draft in drafts for fault in self._faults(draft)]
        if not problems:
            problems += self._shape_faults(role, drafts, base)
        if problems:
            return Section(faults=tuple(problems))
        return Section(tuple(self._sentence(draft) for draft in dict.fromkeys(drafts)))

    def _sentence(self, draft: Draft) -> DigestSentence:
        first, *rest = (self._items[number].evidence for number in dict.fromkeys(draft.numbers))
        return DigestSentence(draft.text, draft.role, first, also=tuple(rest))

    def _faults(self, draft: Draft) -> list[str]:
        items = [self._items.get(number) for number in dict.fromkeys(draft.numbers)]
        if not items or len(items) > _MOST_EVIDENCE or None in items:
            return [f"evidence that does not exist: {draft.numbers}"]
        cited = [item for item in items if item is not None]
        if not all(draft.role in item.roles for item in cited):
            return [f"evidence of another section: {draft.numbers}"]
        evidence = " ".join(item.evidence.text for item in cited)
        # The gate comes last: a text of the wrong form need not be understood.
        return list(self._form_faults(draft.text, evidence)) or faults(
            draft.text, evidence, self._permitted(evidence)
        )

    def _form_faults(self, text: str, evidence: str) -> Iterator[str]:
        longest = _LONGEST[self.plan.audience]
        if not _SHORTEST <= len(words(text)) <= longest:
            yield f"not between {_SHORTEST} and {longest} words"
        if not text.endswith((".", "?", "!")) or not text[0].isalnum() or not text.isprintable():
            yield "not a whole sentence"
        if UNSEEN.search(text) or "\ufffd" in text:
            yield "characters that cannot be read"
        if any(match[0] not in evidence for match in _MARKUP.finditer(text)):
            yield "a link or markup"
        if _READER.search(text) or _ORDER.match(text):
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

    def _shape_faults(self, role: Role, drafts: Sequence[Draft], base: Digest) -> list[str]:
        """Faults of the section as a whole: longer, or harder to read, than what it is to replace."""
        before = " ".join(s.text for s in base.sentences if s.role is role)
        after = " ".join(dict.fromkeys(draft.text for draft in drafts))
        if len(words(after)) > len(words(before)) + _FREE_WORDS:
            return ["longer than what it replaces"]
        target = self.plan.target_grade
        if target is not None:
            most = max(target, flesch_kincaid_grade(before)) + _SPARE_GRADE
            if flesch_kincaid_grade(after) > most:
                return ["harder to read than what it replaces"]
        return []
