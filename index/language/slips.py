"""Slips of spelling: how far apart two words are, and which words of our own tables are like one."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache

from config import load_table
from index.language.spelling import parts, singular
from index.language.synonyms import all_names, foreign_names

SHORTEST = 4
"""Shorter words are too much like too many others."""


MISSPELT = frozenset({"leukeamia", "lukemia", "leukimia", "prostrate cancer", "bowl cancer"})
"""Names that are understood although they are slips; they are no words to offer."""


def allowed(word: str) -> int:
    """How many slips a word of that length may hold and still be known."""
    return 1 if len(word) < 8 else 2


def slips_between(one: str, other: str) -> int:
    """How far apart two folded words are.

    `lymfoma` and `lymphoma`, which sound alike, are one slip apart; two that nearly do, are two.
    """
    limit = allowed(one)
    if one == other or abs(len(one) - len(other)) > 2:
        return distance(one, other, limit)
    apart = distance(_sound(one), _sound(other), 1)
    return min(distance(one, other, limit), apart + 1 if apart < limit else limit + 1)


@lru_cache(4096)
def _sound(word: str) -> str:
    for letters, sound in _SOUNDS:
        word = word.replace(letters, sound)
    return _TWICE.sub(r"\1", word)


_SOUNDS = (("ph", "f"), ("ae", "e"), ("oe", "e"), ("rh", "r"), ("th", "t"), ("y", "i"))
_FIRST = {
    "c": "ks",
    "e": "o",
    "f": "p",
    "g": "j",
    "j": "g",
    "k": "c",
    "n": "p",
    "o": "e",
    "s": "cp",
    "z": "x",
}
"""Letters that words may begin with instead, for the sound of it: kemotherapy, servical, esofagus."""
_TWICE = re.compile(r"(.)\1")


def distance(one: str, other: str, limit: int) -> int:
    """How many letters were left out, added, changed or swapped with the next; `limit + 1` for more."""
    if abs(len(one) - len(other)) > limit or len(set(one) ^ set(other)) > 2 * limit:
        return limit + 1
    return _apart(one, other, limit)


def _apart(one: str, other: str, limit: int) -> int:
    """The same: where two words first differ there is a slip, and behind it the rest is as far apart."""
    start, end = 0, min(len(one), len(other))
    while start < end and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    if not one or not other:
        return min(len(one) + len(other), limit + 1)
    if limit == 0:
        return 1
    rests = [(one[1:], other[1:]), (one[1:], other), (one, other[1:])]
    if one[:2] == other[1::-1]:
        rests.append((one[2:], other[2:]))
    limit -= 1
    if limit == 0:
        return 1 if any(a == b for a, b in rests) else 2
    return 1 + min(_apart(a, b, limit) for a, b in rests if abs(len(a) - len(b)) <= limit)


def drawn_together(word: str) -> str:
    """The name that a folded word is without its spaces: *lung cancer* for `lungcancer`; empty for others."""
    return _drawn_together().get(word, "")


@cache
def _drawn_together() -> Mapping[str, str]:
    foreign = set(foreign_names())
    names = (parts(name) for name in all_names() if name not in foreign)
    return {"".join(words): " ".join(words) for words in names if 1 < len(words) < 4}


def are_two_drugs(one: str, other: str) -> bool:
    """Whether two folded words that are alike name two medicines rather than one with a slip.

    Of the names of a class the end is common and the start tells them apart: *icotinib* and *apatinib* are no
    slips of *imatinib* and *afatinib*, while *imatnib* and *crisotinib* are.
    """
    end = one[-_ENDING:]
    if end != other[-_ENDING:] or end not in _endings():
        return False
    return distance(one, other, 1) > 1 or min(len(one), len(other)) < _ENDING + SHORTEST


_ENDING = 5
_CLASS = 3
"""So many names of medicines with one ending make it that of a class."""


@cache
def _endings() -> frozenset[str]:
    """What classes of medicines end in: *tinib*, *lumab*, *parib*."""
    labels = [row["label"] for row in load_table("synonyms")["drug"].values()]
    ends = Counter(label[-_ENDING:] for label in labels if len(label) > _ENDING and label.isalpha())
    return frozenset(end for end, names in ends.items() if names >= _CLASS)


def is_known(word: str) -> bool:
    """Whether a folded word stands in our tables, in the singular or as it is."""
    return word in _words() or singular(word) in _words()


def alike(word: str) -> Mapping[str, int]:
    """The words of our tables that begin alike, or sound so, and are a slip or two away; and how far."""
    limit, letters = allowed(word), frozenset(word)
    near = (
        (other, slips_between(word, other))
        for first in word[0] + _FIRST.get(word[0], "")
        for length in range(len(word) - 2, len(word) + 3)
        for other, others in _by_start().get((first, length), ())
        if len(letters ^ others) < 5
    )
    return {other: slips for other, slips in near if 0 < slips <= limit}


@cache
def _words() -> frozenset[str]:
    """The words of the names of things and of the glossary, folded."""
    foreign = {tuple(parts(name)) for name in foreign_names()}
    texts = [
        name for name in all_names() if name.lower() not in MISSPELT and tuple(parts(name)) not in foreign
    ]
    for term in load_table("glossary")["term"]:
        texts += [term["word"], *term.get("forms", ())]
    words = {part for text in texts for part in parts(text)}
    return frozenset(word for word in words if len(word) >= SHORTEST and word.isalpha())


@cache
def _by_start() -> Mapping[tuple[str, int], list[tuple[str, frozenset[str]]]]:
    """First letter and length → the words of our tables, each with its letters: few come into question."""
    found: defaultdict[tuple[str, int], list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for word in sorted(_words()):
        found[word[0], len(word)].append((word, frozenset(word)))
    return dict(found)
