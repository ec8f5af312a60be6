"""A sentence of the paper that a digest tells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.digest import Role
from domain.evidence import ABSTRACT, Evidence
from domain.values import quickly_made
from summarizer.choosing.reading import Reading
from summarizer.choosing.selection import follows_on

_OWN_STUDY = re.compile(
    r"in (?:this|the (?:present|current)) (?:[\w-]+,? ){0,7}"
    r"(?:study|trial|cohort|review|analysis|survey|model)\b",
    re.I,
)


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


def chosen_at(reading: Reading, index: int, role: Role | None = None) -> Choice:
    """One sentence of the abstract as a choice."""
    source = reading.sentences[index]
    evidence = Evidence(reading.version, source.start, source.end, source.text)
    return Choice(source.text, evidence, role or reading.roles[index], source.label, index)


def drafted(evidence: Evidence, role: Role, reading: Reading) -> Choice | None:
    """The whole sentence that a fact rests on, or None where it rests on none."""
    if evidence.place == ABSTRACT:
        for index, sentence in enumerate(reading.sentences):
            if sentence.start <= evidence.start and evidence.end <= sentence.end:
                return chosen_at(reading, index, role)
        return None
    whole = evidence.text[:1].isupper() and evidence.text.rstrip().endswith((".", "!", "?"))
    return Choice(evidence.text, evidence, role) if whole and len(evidence.text.split()) > 3 else None


def led_by(choices: Sequence[Choice]) -> dict[int, list[Choice]]:
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


def overlap(one: Evidence, other: Evidence) -> bool:
    """Whether two pieces of evidence share text."""
    return one.place == other.place and one.start < other.end and other.start < one.end
