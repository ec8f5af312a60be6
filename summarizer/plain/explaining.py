"""Which hard words of a digest are explained beside their sentences: the few that matter most in it."""

import re
from collections.abc import Sequence
from functools import lru_cache

from domain.digest import DigestSentence, Role, Term
from domain.values import changed
from summarizer.text.readability import count_syllables

_WORD = re.compile(r"[^\W_]{4,}")
_KIN = 6
"""Letters that words of one family share: "chromosome" and "chromosomal"."""
_SHORT = re.compile(r"[A-Z].*[A-Z]")
_SHORT_WEIGHT = 6
"""A short form counts as a word of so many syllables: who does not know it cannot even guess."""
_REMEMBERED = 1_000
"""Sentences and explanations; a digest is told several times, and papers have the same hard words."""
_WEIGHED = {Role.KEY: 3.0, Role.RESULT: 1.5, Role.MEANING: 1.5}
"""How much a word counts by where it stands; once elsewhere."""


def explained_in_place(sentences: Sequence[DigestSentence], per_hundred: float) -> list[DigestSentence]:
    """`sentences` with the words that matter most explained beside them, the others in the list only.

    At most `per_hundred` are for each hundred words, so that a text is no dictionary. What recurs, what
    stands in the main points and what is hard to read matters most. Nothing is explained that its sentence
    explains itself, nor a word whose kin has been.
    """
    most = max(1, round(per_hundred * sum(len(s.text.split()) for s in sentences) / 100))
    terms = [(term, sentence) for sentence in sentences for term in sentence.terms]
    texts = [(s.text.lower(), _WEIGHED.get(s.role, 1.0)) for s in sentences]
    gain = {term.word: _gain(term, texts) for term, _ in terms}
    kept: list[str] = []
    for term, sentence in sorted(terms, key=lambda pair: -gain[pair[0].word]):
        if len(kept) < most and not _is_told(term, sentence.text) and not _has_kin(term.word, kept):
            kept.append(term.word)
    return [
        changed(s, terms=tuple(_placed(term, kept) for term in s.terms)) if s.terms else s for s in sentences
    ]


def _placed(term: Term, kept: Sequence[str]) -> Term:
    return term if term.word in kept else Term(term.word, "", term.long)


def _gain(term: Term, texts: Sequence[tuple[str, float]]) -> float:
    """How much it matters that a word is explained.

    Args:
        texts: the sentences in small letters, each with how much its words count.
    """
    word = term.word.lower()
    seen = sum(text.count(word) * weight for text, weight in texts)
    if " " not in term.word and _SHORT.match(term.word):
        return seen * _SHORT_WEIGHT
    return seen * sum(count_syllables(part) for part in term.word.split())


def _is_told(term: Term, text: str) -> bool:
    """Whether the sentence holds all that the few words say."""
    meaning = _long_words(term.meaning)
    return bool(meaning) and meaning <= _long_words(text)


@lru_cache(_REMEMBERED)
def _long_words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _has_kin(word: str, kept: Sequence[str]) -> bool:
    """Whether one of its family is explained already; names of two words only seem to be of one."""
    return " " not in word and any(
        word[:_KIN].lower() == other[:_KIN].lower() for other in kept if other != word and " " not in other
    )
