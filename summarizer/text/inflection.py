"""The regular forms of English verbs and nouns, for the rows of `config/plain_words.toml`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
_THIRD = {"have": "has", "do": "does", "go": "goes", "undo": "undoes"}


@dataclass(frozen=True, slots=True)
class Verb:
    """The forms of a verb; words after the verb itself ("hold back") stand behind each."""

    base: str
    third: str
    past: str
    participle: str
    gerund: str


def plural(noun: str) -> str:
    """The plural: of the last word of a name, of the word before "of" in "change of shape"."""
    head, of, rest = noun.partition(" of ")
    return _with_s(head) + of + rest


def conjugate(verb: str, irregular: Mapping[str, str]) -> Verb:
    """All forms of `verb`.

    Args:
        irregular: verb → past, or past and participle, or both and the gerund, between spaces.
    """
    head, space, rest = verb.partition(" ")
    stem = head[:-1] if head.endswith("e") else head
    past = head[:-1] + "ied" if _CONSONANT_Y.search(head) else stem + "ed"
    gerund = (head if head.endswith("ee") else stem) + "ing"
    odd = irregular.get(head, "").split()
    past, participle, gerund = (odd + [past, odd[0] if odd else past, gerund][len(odd) :])[:3]
    return Verb(
        *(form + space + rest for form in (head, _THIRD.get(head) or _with_s(head), past, participle, gerund))
    )


def spellings(word: str) -> Iterator[str]:
    """`word` and, for a British one in -ise or -yse, the American one."""
    yield word
    if re.search(r"(?:[a-z]{3}is|ys)(?:e[sd]?|ing|ation|ations)$", word):
        yield re.sub(r"(i|y)s(e[sd]?|ing|ation|ations)$", r"\1z\2", word)


def _with_s(word: str) -> str:
    if _CONSONANT_Y.search(word):
        return word[:-1] + "ies"
    return word + ("es" if _SIBILANT.search(word) else "s")
