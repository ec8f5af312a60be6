"""Chosen sentences of a paper, told plain and split, or as authors wrote them: whichever passes the gate."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from operator import eq

from domain.digest import DigestSentence, Role, Term
from domain.facts import StudyKind
from domain.values import quickly_made
from summarizer.choosing.choice import Choice
from summarizer.choosing.outline import FINDING
from summarizer.choosing.plans import Plan
from summarizer.cutting.splitting import split
from summarizer.gate import faults_of_group
from summarizer.gate.causality import overclaims
from summarizer.gate.prose import read_prose
from summarizer.plain.attribution import attributed, is_conclusion, standing
from summarizer.plain.explaining import explained_in_place
from summarizer.plain.statistics import plain_statistics
from summarizer.plain.terms import Glossary
from summarizer.plain.wording import (
    Telling,
    complete,
    drop_statistics,
    in_plain_words,
    strip_citations,
    third_person,
)
from summarizer.text.abbreviations import Abbreviation, Speller
from summarizer.text.tagging import Tagger

_REMEMBERED = 1_000
_CLOSING = "\"'’”)] "
_HALF = re.compile(r"\bnot only\b(?!.*\b(?:but|also|too)\b)|\bneither\b(?!.*\bnor\b)", re.I)
"""A pair of which a split left one half ("neither of them" is none)."""
_TWICE = re.compile(r"\b(?!(?:that|had|is)\b)([a-z]{2,})[ ,]\1\b")
_SMALL = re.compile(r"[a-z]{2,}")
_POINTER = re.compile(r"(?:this|these|those|that|they|it|its|their|such|but|also|both)\b", re.I)


class Way(StrEnum):
    """How a sentence is told; each falls back to the next."""

    FRAMELESS = "frameless"
    """Split, and without "The researchers found that" where what follows is certain."""
    SPLIT = "split"
    PLAIN = "plain"
    UNSPELT = "unspelt"
    """Split, with short forms as they stand, explained beside it."""
    OWN = "own"
    """In the authors' own words."""


_WAYS = tuple(Way)


@quickly_made
@dataclass(frozen=True, slots=True)
class Told:
    """A choice and the sentences that tell it."""

    choice: Choice
    sentences: tuple[DigestSentence, ...]


class Teller:
    """Tells the choices of one digest."""

    def __init__(
        self,
        plan: Plan,
        glossary: Glossary,
        abbreviations: dict[str, Abbreviation],
        tagger: Tagger,
        kind: StudyKind = StudyKind.UNKNOWN,
    ) -> None:
        self._plan = plan
        self._glossary = glossary
        self._abbreviations = abbreviations
        self._tagger = tagger
        self._kind = kind
        self._others: Sequence[str] = ()

    def tell(self, choices: Sequence[Choice]) -> list[Told]:
        """Each choice through the gate; one that leans on a sentence left out goes with it."""
        ways = _WAYS if self._plan.plain else (Way.OWN,)
        self._others = [choice.text for choice in choices]
        reworded = self._others if self._plan.plain else ()
        kept = frozenset().union(*(_misfits(text, self._glossary) for text in reworded))
        telling = Telling(Speller(self._abbreviations), self._glossary, kept)
        told: list[Told] = []
        for place, choice in enumerate(choices):
            follows = bool(told) and choice.index > 0 and told[-1].choice.index == choice.index - 1
            if choice.leans and not follows:
                continue
            later = " ".join(self._others[place + 1 :])
            sentences = self._tell_one(choice, telling, later, ways, follows=follows)
            if sentences:
                told.append(Told(choice, sentences))
        return self._explained(told)

    def _explained(self, told: Sequence[Told]) -> list[Told]:
        """As many hard words explained as the plan allows, those that help most."""
        every = [s for one in told for s in one.sentences]
        sentences = iter(explained_in_place(every, self._plan.terms_per_hundred))
        return [Told(one.choice, tuple(islice(sentences, len(one.sentences)))) for one in told]

    def _tell_one(
        self, choice: Choice, telling: Telling, later: str, ways: Sequence[Way], *, follows: bool
    ) -> tuple[DigestSentence, ...]:
        """The sentences of the first way of telling to which the gate has no objection."""
        own = _full_stop(complete(strip_citations(choice.text), choice.label, choice.role))
        permitted = self._permitted(choice.text)
        concludes = self._plan.plain and (choice.origin or choice.role) is Role.MEANING
        if concludes:
            ways = [way for way in ways if way is not Way.FRAMELESS]  # it says whose view this is
        for way in ways:
            state = set(telling.explained), telling.last, telling.speller.known
            texts, terms = self._worded(own, way, choice, telling, later, follows=follows)
            if concludes:
                texts = [standing(texts[0]), *texts[1:]]
            for told in (self._concluded(texts, choice, telling), texts):
                if told and not self._faults(way, tuple(told), choice, permitted):
                    telling.concluded = telling.concluded or told is not texts
                    return _sentences(told, terms if self._plan.explain else (), choice)
            telling.explained, telling.last, telling.speller.known = state
        return ()

    def _concluded(self, texts: Sequence[str], choice: Choice, telling: Telling) -> Sequence[str]:
        """The first conclusion of a digest as the researchers'; nothing where that cannot be said."""
        if not self._plan.plain or telling.concluded or not is_conclusion(choice):
            return ()
        first = attributed(texts[0], self._others)
        return (first, *texts[1:]) if first else ()

    def _worded(
        self, own: str, way: Way, choice: Choice, telling: Telling, later: str, *, follows: bool
    ) -> tuple[Sequence[str], tuple[Term, ...]]:
        if way is Way.OWN:
            text = third_person(own) if self._plan.plain else own  # "we" would be whoever shows the page
            return [text], self._glossary.terms(text, telling.explained, telling.speller.definitions)
        said = plain_statistics(own)
        spelt = way is not Way.UNSPELT
        text, terms = in_plain_words(said, choice.role, telling, follows=follows, later=later, spelt=spelt)
        if way is Way.PLAIN:
            return [text], terms
        return _split(text, self._tagger, way is Way.FRAMELESS), terms

    def _permitted(self, source: str) -> tuple[str, ...]:
        """Long forms of the abbreviations in a sentence, which may stand in their place."""
        return tuple(
            form
            for pair in self._abbreviations.values()
            if pair.short.removesuffix("s") in source
            for form in (pair.long, pair.long + "s", pair.long.removesuffix("s"))
        )

    def _faults(self, way: Way, texts: tuple[str, ...], choice: Choice, permitted: tuple[str, ...]) -> bool:
        """Whether the gate objects."""
        if way is not Way.OWN:
            permitted = _allowed(choice.text, permitted, self._glossary)
        if _objects(texts, choice.text, permitted):
            return True
        claims = (choice.origin or choice.role) in FINDING
        return claims and any(_overclaims(text, self._kind) for text in texts)


# A digest may be told twice, and audiences share sentences: what is known of a sentence is remembered.


@lru_cache(_REMEMBERED)
def _misfits(text: str, glossary: Glossary) -> frozenset[str]:
    return glossary.misfits([drop_statistics(text)])


@lru_cache(_REMEMBERED)
def _allowed(source: str, permitted: tuple[str, ...], glossary: Glossary) -> tuple[str, ...]:
    return (*permitted, *glossary.plain_words(" ".join([source, *permitted])))


@lru_cache(_REMEMBERED)
def _objects(texts: tuple[str, ...], source: str, permitted: tuple[str, ...]) -> bool:
    return _is_broken(texts, source) or bool(faults_of_group(texts, source, permitted))


@lru_cache(_REMEMBERED)
def _overclaims(text: str, kind: StudyKind) -> bool:
    return any(True for _ in overclaims(read_prose(text), kind))


@lru_cache(_REMEMBERED)
def _split(text: str, tagger: Tagger, drop_frames: bool) -> tuple[str, ...]:
    return tuple(split(text, tagger, drop_frames=drop_frames))


def _sentences(texts: Sequence[str], terms: Sequence[Term], choice: Choice) -> tuple[DigestSentence, ...]:
    """One sentence for each text, hard words explained where they are first read.

    An explanation waits where the next sentence points back: "This" would seem to mean what is explained.
    """
    left, waiting, told = list(terms), [], []
    for place, text in enumerate(texts):
        here = [term for term in left if _stands_in(term.word, text)]
        left = [term for term in left if term not in here]
        waiting += here
        if place + 1 < len(texts) and _POINTER.match(texts[place + 1]):
            told.append(DigestSentence(text, choice.role, choice.evidence))
        else:
            told.append(DigestSentence(text, choice.role, choice.evidence, tuple(waiting)))
            waiting = []
    return tuple(told)


def _stands_in(word: str, text: str) -> bool:
    """Whether `word` stands in `text`, no longer word around it."""
    start = text.find(word)
    while start >= 0:
        sides = text[start - 1 : start] + text[start + len(word) :][:1]
        if not any(side.isalnum() or side == "_" for side in sides):
            return True
        start = text.find(word, start + 1)
    return False


def _full_stop(text: str) -> str:
    return text if text.rstrip(_CLOSING).endswith((".", "?", "!")) else text.rstrip() + "."


def _is_broken(texts: Sequence[str], source: str) -> bool:
    """Whether the telling left half of a pair, or put a word beside itself."""
    if source.count("(") == source.count(")") and any(text.count("(") != text.count(")") for text in texts):
        return True
    if any(map(_has_half, texts)) and not _has_half(source):
        return True
    return any(match[0] not in source for text in texts for match in _twice(text))


def _has_half(text: str) -> bool:
    """Whether half of a pair stands in `text`; to look for the words alone takes a tenth of the time."""
    small = text.lower()
    return ("not only" in small or "neither" in small) and _HALF.search(text) is not None


def _twice(text: str) -> Iterable[re.Match[str]]:
    """The words that stand beside themselves; few texts have any, and to match all is dear."""
    words = _SMALL.findall(text)
    return _TWICE.finditer(text) if any(map(eq, words, words[1:])) else ()
