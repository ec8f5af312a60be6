"""British and American spellings, and irregular plurals, of single words.

The rules are in `config/synonyms.toml`.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from config import load_table

_PART = re.compile(r"(?:[^\W_]+|[\u0900-\u0963\u0966-\u0dff]+)+")
"""In the scripts of India vowels are signs on the letter before; the stroke that ends a sentence is none."""
_POSSESSIVE = re.compile(r"['\u2019\u02bc]s\b", re.IGNORECASE)
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe"})
"""Letters with a stroke or drawn together, which are no accents; the index folds them so, too."""
_VERB = re.compile(r"(\w+?)(is|iz)(e|ed|er|ing|able|ation|ational)")
"""What may follow the part of a verb that both spellings share; `organism` must not become `organizm`."""

_HEAD = 4
"""So many letters of its beginning lead to a rule."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """The table in the form in which it is looked up."""

    alike: dict[str, tuple[str, ...]]
    """Whole words; each spelling leads to all."""
    starts: dict[str, tuple[tuple[str, tuple[str, ...]], ...]]
    """First letters → how words begin, the longest first; each spelling with all."""
    verbs: frozenset[str]
    plurals: frozenset[str]
    """Words that have, or are, an irregular plural; they are among `alike` too."""


@cache
def _rules() -> _Rules:
    table = load_table("synonyms")["spelling"]
    groups = [*table["alike"], *table["plurals"], *table["letters"]]
    alike = {word: tuple(group) for group in groups for word in group}
    plurals = frozenset(word for group in table["plurals"] for word in group)
    starts: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}
    entries = [(start, tuple(group)) for group in table["starts"] for start in group]
    for start, group in sorted(entries, key=_length):
        starts[start[:_HEAD]] = ((start, group), *starts.get(start[:_HEAD], ()))
    return _Rules(alike, starts, frozenset(table["verbs"]), plurals)


def _length(entry: tuple[str, tuple[str, ...]]) -> int:
    return len(entry[0])


def parts(text: str) -> list[str]:
    """The words of `text` without capitals, accents, hyphens and the `'s` of a possessive."""
    if text.isascii() and text.isalnum():
        return [text.lower()]
    folded = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", text).casefold().translate(_LETTERS))
    return _PART.findall("".join(c for c in folded if not unicodedata.combining(c)))


def singular(word: str) -> str:
    """`word` without a regular plural ending."""
    if len(word) < 4 or word[-1] != "s" or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses")) or (word.endswith("uses") and len(word) > 5):
        return word[:-2]
    return word[:-1]


def is_plural(word: str) -> bool:
    """Whether a folded word has a plural's ending, or is an irregular plural."""
    return singular(word) != word or (word in _rules().plurals and _rules().alike[word][0] != word)


def spellings(word: str) -> tuple[str, ...]:
    """Every spelling of a folded word, in the singular, the British one first; mostly there is but one."""
    rules = _rules()
    if group := rules.alike.get(word):
        return group
    word = singular(word)
    if group := rules.alike.get(word):
        return group
    for start, group in rules.starts.get(word[:_HEAD], ()):
        if word.startswith(start):
            return tuple(other + word[len(start) :] for other in group)
    if ("is" in word or "iz" in word) and (verb := _VERB.fullmatch(word)) and verb[1] in rules.verbs:
        return (f"{verb[1]}is{verb[3]}", f"{verb[1]}iz{verb[3]}")
    return (word,)


def letters() -> tuple[tuple[str, str], ...]:
    """The names of Greek letters, each with its letter."""
    return tuple((name, letter) for name, letter in load_table("synonyms")["spelling"]["letters"])


def written_as(word: str, *, plural: bool = True) -> tuple[str, ...]:
    """A word of a name in every spelling, and as an irregular plural where that fits."""
    if not (word.isalpha() and word.islower()) or (not plural and word in _rules().plurals):
        return (word,)
    written = spellings(word)
    return written if len(written) > 1 else (word,)
