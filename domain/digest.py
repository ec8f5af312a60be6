"""Digests: plain words about a paper, each sentence bound to the words it rests on."""

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.evidence import Evidence
from domain.values import quickly_made

# What cannot stand alone in a list; what opens with a finding; what only hopes or advises; what tells that a
# study failed to show what it set out to: no brighter sentence beside it may hide that.
_POINTER = re.compile(
    r"(?:th(?:is|ese|ose|ey|eir)|such|its?|both|other|our|however|therefore|thus|hence|but|yet|instead)\b",
    re.I,
)
_FOUND = re.compile(
    r"(?:\w+ing [^,]{3,60}, )?(?:the researchers|we) (?:\w+ly )?(?:find|found|show|report|discover|observe|"
    r"demonstrate|reveal|identif)(?:y|ies|s|ed|n)? ",
    re.I,
)
_MISSED = re.compile(
    r"\b(?:could not (?:show|confirm|demonstrate|prove)|"
    r"(?:was|were|did) not (?:met|meet|reach|reached|shown|show|superior|noninferior|non-inferior)\b)",
    re.I,
)
_NO_FINDING = re.compile(
    r"\b(?:may|might|could|suggests?|should|needs?|needed|warrant\w*|further|future|consider|recommend\w*)\b",
    re.I,
)


class Audience(StrEnum):
    """Whom a digest is written for."""

    PUBLIC = "public"
    POLICYMAKER = "policymaker"
    PROFESSIONAL = "professional"


class Role(StrEnum):
    """What a sentence does in a digest, in the order of telling; `STORY` are those that a paper has."""

    KEY = "key"
    """What a reader should take away, if nothing else."""
    KIND = "kind"
    """What kind of evidence it is: "a laboratory study in mice"."""
    BACKGROUND = "background"
    QUESTION = "question"
    METHOD = "method"
    POPULATION = "population"
    RESULT = "result"
    HARM = "harm"
    MEANING = "meaning"
    LIMIT = "limit"
    """What it does not show."""
    PLACE = "place"
    """Countries, and their income groups."""
    COST = "cost"
    REGISTRATION = "registration"
    FUNDING = "funding"
    """Who paid, and competing interests."""


FROM_PAPER = (
    Role.KEY,
    Role.BACKGROUND,
    Role.QUESTION,
    Role.METHOD,
    Role.RESULT,
    Role.HARM,
    Role.MEANING,
    Role.LIMIT,
)
"""What sentences of the paper do in a digest, in the order of telling; the rest is told from its record."""
STORY = (Role.BACKGROUND, Role.QUESTION, Role.METHOD, Role.RESULT, Role.MEANING, Role.LIMIT)


class DigestStatus(StrEnum):
    """What became of a digest."""

    PUBLISHED = "published"
    REFUSED = "refused"
    """Not written, for `reason`."""
    RECALLED = "recalled"
    """Was published; its paper has changed since."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Term:
    """A hard word in a sentence, with its meaning in plain words (`config/glossary.toml`)."""

    word: str
    """As it stands in the sentence."""
    meaning: str = ""
    """In a few words, told beside the sentence; empty where that is not to be held up by it."""
    more: str = ""
    """At length, for a list of words; empty where `meaning` says it all."""

    @property
    def long(self) -> str:
        """What a list of words says of it."""
        return self.more or self.meaning


@quickly_made
@dataclass(frozen=True, slots=True)
class DigestSentence:
    """One sentence, its role, its evidence, and the hard words left in it."""

    text: str
    role: Role
    evidence: Evidence
    terms: tuple[Term, ...] = ()
    also: tuple[Evidence, ...] = ()
    """Further words it rests on, where one place does not say it all."""
    writer: str = ""
    """Who wrote it, where not the digest's engine: a generator's section that failed the gate is the
    extractive one's, a corrected sentence a reviewer's."""

    @property
    def explanations(self) -> tuple[str, ...]:
        """Its hard words explained in place, each as a sentence of its own."""
        return tuple(f"{_opened(term.word)}: {term.meaning}" for term in self.terms if term.meaning)

    @property
    def told(self) -> str:
        """The sentence as it is read, with its hard words explained in place."""
        return " ".join([self.text, *self.explanations])


@dataclass(frozen=True, slots=True)
class Digest:
    """What one engine wrote about one paper for one audience; or why it did not."""

    paper_id: str
    audience: Audience
    engine: str
    source_hash: str
    """`Paper.source_hash` of the paper it was written from; another hash means it is out of date."""
    created_at: str
    status: DigestStatus
    sentences: tuple[DigestSentence, ...] = ()
    reason: str = ""
    """Key of `config/refusals.toml` when refused or recalled."""
    detail: str = ""
    language: str = "en"
    licence: str = ""
    """Code of the licence that permits it."""
    reviewer: str = ""
    """Who checked it against the paper; empty: nobody yet."""
    reviewed_at: str = ""

    @property
    def prose(self) -> str:
        """All that is read of it, one sentence a line: what its reading grade is measured on."""
        return "\n".join(line for s in self.sentences for line in (s.text, *s.explanations))

    @property
    def summary(self) -> str:
        """One line for lists: a failure to show what was hoped, else what was found, else the conclusion."""
        lead = self._lead()
        return " ".join(s.text for s in self._whole(lead)) if lead else ""

    @property
    def gist(self) -> tuple[DigestSentence, ...]:
        """The few sentences that letters tell, in the order of telling.

        Those of the summary, one more key message or else a limit, and what kind of evidence it is.
        """
        lead = self._lead()
        if lead is None:
            return ()
        told = self._whole(lead)
        others = [s for s in self.sentences if s not in told and not _POINTER.match(s.text)]
        more = [s for s in others if s.role is Role.KEY] + [s for s in others if s.role is Role.LIMIT]
        kinds = [s for s in self.sentences if s.role is Role.KIND]
        chosen = [*told, *more[: 1 if len(told) == 1 else 0], *kinds[:1]]
        return tuple(s for s in self.sentences if s in chosen)

    def _lead(self) -> DigestSentence | None:
        """The sentence that says most about it."""
        alone = [s for s in self.sentences if not _POINTER.match(s.text)]
        key = [s for s in alone if s.role is Role.KEY]
        findings = [s for s in alone if s.role is Role.RESULT]
        found = [s for s in findings if _FOUND.match(s.text)]
        concluded = [s for s in alone if s.role is Role.MEANING and not _NO_FINDING.search(s.text)]
        missed = [s for s in alone if s.role is Role.MEANING and _MISSED.search(s.text)]
        missed += [s for s in findings if _MISSED.search(s.text)]
        return next(iter((*missed, *key, *found, *concluded, *findings, *self.sentences)), None)

    def _whole(self, sentence: DigestSentence) -> tuple[DigestSentence, ...]:
        """With what else was made of the same sentence of the paper, so that no "but" is left out."""
        same = (s for s in self.sentences if s.evidence == sentence.evidence and s.role is sentence.role)
        return tuple(same)


def _opened(word: str) -> str:
    """`word` as it opens a sentence; "p53" and "mRNA" stay as they are."""
    first = word.split(" ")[0]
    return word[:1].upper() + word[1:] if first.islower() and not re.search(r"\d", first) else word
