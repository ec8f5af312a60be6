"""A text as the gate reads it: signs as words, its words and their stems, what stands in brackets."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from domain.values import quickly_made
from summarizer.plain.statistics import plain_statistics
from summarizer.plain.wording import drop_opener, plain_signs

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NO_SIGNS = "".join(sign if sign.isalnum() else " " for sign in map(chr, range(128)))
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_REGULATED = re.compile(r"\b(up|down)-regul")
_DEEPEST = 6
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1$")
_ENDINGS = ("ies", "ied", "ing", "es", "ed", "s", "e", "y")
_SHORTEST = 3
_KEPT = 4_000
_RECENT = 1_000


@quickly_made
@dataclass(frozen=True, slots=True)
class Prose:
    """A text with its words, in lower case, and their stems."""

    text: str
    lower: str
    words: tuple[str, ...]
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The evidence: all of it, what stands outside brackets, and the brackets."""

    whole: Prose
    outside: Prose
    """Without brackets and without an opener such as "Moreover"."""
    plain: Prose
    """With its statistics in words: what they say may be told, with the numbers that follow from them."""
    plain_outside: Prose
    brackets: tuple[str, ...]
    stems: frozenset[str]
    words: frozenset[str]


@lru_cache(_RECENT)
def read_prose(text: str) -> Prose:
    """`text` as the gate reads it."""
    return _prose(plain_signs(text))


@lru_cache(_KEPT)
def read_source(evidence: str) -> Source:
    """The evidence as the gate reads it; kept, as one sentence is told to three audiences."""
    whole = read_prose(evidence)
    plain = read_prose(plain_statistics(evidence))  # the same where there are none
    outside = _outside(whole)
    return Source(
        whole,
        outside,
        plain,
        outside if plain is whole else _outside(plain),
        tuple(brackets(whole.text)),
        frozenset(whole.stems).union(() if plain is whole else plain.stems),
        frozenset(whole.words).union(() if plain is whole else plain.words),
    )


def split_words(text: str) -> list[str]:
    """The words of `text`, in order."""
    if text.isascii() and "'" not in text:  # as most are: a third of the time that the pattern takes
        return text.translate(_NO_SIGNS).split()
    return WORD.findall(text)


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """All words of `texts`, in lower case."""
    return frozenset(split_words("\n".join(texts).lower()))


def outside_brackets(text: str) -> str:
    """`text` with a mark for each bracket."""
    for _ in range(_DEEPEST):
        shorter = _BRACKETED.sub("_", text)
        if shorter == text:
            break
        text = shorter
    return text


def inside_brackets(text: str) -> str:
    """Only what stands in brackets, in lower case."""
    return " ".join(brackets(text)).lower()


def brackets(text: str) -> list[str]:
    """The innermost brackets of `text`, with their signs."""
    return _BRACKETED.findall(text)


def is_subsequence(part: Sequence[object], whole: Sequence[object]) -> bool:
    """Whether all of `part` stands in `whole` in that order."""
    rest = iter(whole)
    return all(item in rest for item in part)


def has(text: str, phrase: str) -> bool:
    """Whether the words of `phrase` stand in `text`, both in lower case, no longer words around them."""
    start = text.find(phrase)
    while start >= 0:
        end = start + len(phrase)
        before, after = text[start - 1 : start], text[end : end + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        start = text.find(phrase, start + 1)
    return False


@lru_cache(50_000)
def stem(word: str) -> str:
    """`word` without the ending of its number or tense."""
    if word.endswith(("'s", "’s")):
        word = word[:-2]
    if word.endswith(_ENDINGS) and not word.endswith(("ss", "us", "is")):
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) >= _SHORTEST + len(ending):
                word = word.removesuffix(ending)
                break
    return _DOUBLED.sub(r"\1", word) if word[-1:] == word[-2:-1] else word


def _outside(prose: Prose) -> Prose:
    text = drop_opener(outside_brackets(prose.text), follows=False)
    return prose if text == prose.text else _prose(text)


def _prose(text: str) -> Prose:
    lower = text.lower()
    if "-regul" in lower:
        lower = _REGULATED.sub(r"\1regul", lower)
    words = tuple(split_words(lower))
    return Prose(text, lower, words, tuple(map(stem, words)))
