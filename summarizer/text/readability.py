"""How hard a text is to read: Flesch–Kincaid grade, Coleman–Liau index and Dale–Chall score, offline.

Sentences come from our own splitter: one that breaks at decimal points makes statistics look like the
easiest prose there is. Syllables are pyphen's, so that figures can be set beside published ones; where it
finds no place to hyphenate a short word ("about", "surgery"), they are its vowel groups. It still counts too
few: by hand, grades are up to one higher. A number is a word of one syllable. The published grade of eLife's
digests (10.9) is met within 0.5 with the splitter used there, which takes "et al." for an end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import distribution
from pathlib import Path

import pyphen

from summarizer.text.finding import Finder
from summarizer.text.sentences import split_sentences, words

_SHORT = 7
_JOINT = re.compile(r"[-–/]")
_EASY_WORDS = "textstat/resources/en/easy_words.txt"
_VOWELS = re.compile(r"[aeiouy]+")
_HIATUS = re.compile(
    r"(?<![csgt])ia|(?<![csgt])io(?!us)|eo(?!n$|p)|(?<![qg])ua|iu|[aeiouy]ing|(?<!y)ie[rt]|ea$|(?<=l)ia"
)
_SILENT = re.compile(
    r"(?:[^aeiouyl]|[aeiouy]l)e$|(?<![aeioutdy])ed$|(?<![aeiouycsgzxl])es$|(?<=[aeiouy]l)es$", re.I
)
_ENDINGS = (
    ("'s", ""),
    ("s'", "s"),
    ("ies", "y"),
    ("ied", "y"),
    ("ier", "y"),
    ("iest", "y"),
    ("ily", "y"),
    ("es", ""),
    ("s", ""),
    ("ed", ""),
    ("ed", "e"),
    ("ing", ""),
    ("ing", "e"),
    ("er", ""),
    ("er", "e"),
    ("est", ""),
    ("est", "e"),
    ("ly", ""),
)
Marks = tuple[tuple[int, int], ...]
"""At which letters of a pattern a hyphen may stand (odd), or not."""
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1$")


@dataclass(frozen=True, slots=True)
class Readability:
    """What was counted in a text, and the measures that rest on it; all 0 for a text without words."""

    words: int
    sentences: int
    syllables: int
    letters: int
    """Letters and digits."""
    hard_words: int
    """Words that are not on Dale and Chall's list, nor a plain inflection of one that is."""

    @property
    def words_per_sentence(self) -> float:
        """The mean length of a sentence."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def hard_share(self) -> float:
        """The share of hard words, from 0 to 1."""
        return self.hard_words / self.words if self.words else 0.0

    @property
    def flesch_kincaid_grade(self) -> float:
        """The school year (USA) in which the text can be read."""
        if not self.words:
            return 0.0
        return 0.39 * self.words_per_sentence + 11.8 * self.syllables / self.words - 15.59

    @property
    def coleman_liau_index(self) -> float:
        """The school year by letters instead of syllables."""
        if not self.words:
            return 0.0
        return (5.88 * self.letters - 29.6 * self.sentences) / self.words - 15.8

    @property
    def dale_chall_score(self) -> float:
        """Up to 4.9: read with ease after four years of school; 9.0 and more: after college."""
        score = 15.79 * self.hard_share + 0.0496 * self.words_per_sentence
        return score + 3.6365 if self.hard_share > 0.05 else score


def measure(text: str) -> Readability:
    """Count what the measures need."""
    spoken = words(text)
    if not spoken:
        return Readability(0, 0, 0, 0, 0)
    syllables, letters, hard = map(sum, zip(*map(_weight, spoken), strict=True))
    return Readability(len(spoken), len(split_sentences(text)), syllables, letters, hard)


def flesch_kincaid_grade(text: str) -> float:
    """The school year (USA) in which `text` can be read; 0 for a text without words."""
    return measure(text).flesch_kincaid_grade


@lru_cache(maxsize=50_000)
def _weight(word: str) -> tuple[int, int, int]:
    """What one word adds: syllables, letters, and whether it is hard."""
    return count_syllables(word), sum(c.isalnum() for c in word), int(not is_easy(word))


@lru_cache(maxsize=50_000)
def count_syllables(word: str) -> int:
    """Syllables of an English word, at least one; of a compound, those of its parts."""
    if word.isalpha():
        return _syllables(word)
    return sum(_syllables(part) for part in _JOINT.split(word) if part) or 1


@lru_cache(maxsize=50_000)
def is_easy(word: str) -> bool:
    """Whether Dale and Chall's list has the word or one it is inflected from; numbers are easy."""
    if not any(c.isalpha() for c in word):
        return True
    parts = _JOINT.split(word.lower().replace("’", "'"))
    return _listed("-".join(parts)) or all(_listed(part) for part in parts)


def _syllables(word: str) -> int:
    pieces = _hyphenator().breaks(word) + 1
    # Hyphenation leaves no single letter on a line: "a-ble" and "man-y" look like one syllable. Long words
    # and names of genes stay pyphen's, as in published figures.
    if pieces > 1 or len(word) > _SHORT or not word[1:].islower():
        return pieces
    return _vowel_groups(word.lower())


def _vowel_groups(word: str) -> int:
    groups = len(_VOWELS.findall(word)) + len(_HIATUS.findall(word))
    return max(1, groups - bool(groups > 1 and _SILENT.search(word)))


def _listed(word: str) -> bool:
    easy = _easy_words()
    if word in easy or not word:
        return True
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            stem = word.removesuffix(ending)
            if stem + instead in easy or (not instead and _DOUBLED.sub(r"\1", stem) in easy):
                return True
    return False


@cache
def _easy_words() -> frozenset[str]:
    # By its place: textstat's own imports are heavy, and its list is all that is wanted.
    path = Path(str(distribution("textstat").locate_file(_EASY_WORDS)))
    return frozenset(path.read_text("utf-8").lower().split())


class _Hyphenator:
    """pyphen's patterns, all of which are looked for in one pass over a word."""

    def __init__(self) -> None:
        self._pyphen = pyphen.Pyphen(lang="en_US")
        patterns = self._pyphen.hd.patterns
        self._found = Finder(patterns)
        self._marks = [_marks(offset, values) for offset, values in patterns.values()]

    def breaks(self, word: str) -> int:
        """At how many places `word` can be hyphenated: as many as pyphen gives positions."""
        left, right = self._pyphen.left, self._pyphen.right
        if len(word) < left + right:
            return 0
        dotted = f".{word.lower()}."
        marks = [0] * (len(dotted) + 1)
        for number, start, _ in self._found.places(dotted):
            for place, value in self._marks[number]:
                if value > marks[start + place]:
                    marks[start + place] = value
        return sum([mark % 2 for mark in marks[left + 1 : len(word) - right + 2]])


def _marks(offset: int, values: Sequence[int]) -> Marks:
    return tuple((place, value) for place, value in enumerate(values, offset) if value)


@cache
def _hyphenator() -> _Hyphenator:
    return _Hyphenator()
