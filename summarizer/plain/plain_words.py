"""The rows of `config/plain_words.toml`, each spread out to all the forms that it stands for."""

import re
from collections.abc import Iterator, Mapping

from config import load_table
from summarizer.text.inflection import conjugate, plural, spellings

_BE = ("is", "are", "was", "were", "be", "been", "being")
_HAVE = ("has", "have", "had", "having")
_BETWEEN = ("", "also ", "recently ", "previously ")
# Whoever shows something: "showed" and "shown" are told apart by what stands before the verb.
_SUBJECTS = ("we", "they", "researchers", "authors", "study", "studies", "results", "data", "trial", "trials")
_OBJECTS = ("that", "the", "a", "an", "this", "these", "its", "their", "both", "how")


def load_swaps() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each row of the table: its word, and every hard form with its plain one."""
    table = load_table("plain_words")
    irregular = table["irregular"]
    for hard, plain in table["verbs"].items():
        yield hard, dict(_verb(hard, plain, irregular))
    for hard, plain in table["nouns"].items():
        yield hard, dict(_noun(hard, plain))
    for hard, plain in table["words"].items():
        yield hard, dict(_as_written(hard, plain))


def load_senses() -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    """`only` and `unless`: word → the pattern that its sentence must, or must not, hold."""
    table = load_table("plain_words")
    return {
        key: {word: re.compile(pattern, re.I) for word, pattern in table[key].items()}
        for key in ("only", "unless")
    }


def load_shields() -> list[str]:
    """Names of several words, none of which is replaced."""
    return list(load_table("plain_words")["shields"])


def _verb(hard: str, plain: str, irregular: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    easy = conjugate(plain, irregular)
    for spelling in spellings(hard):
        form = conjugate(spelling, irregular)
        yield form.base, easy.base
        yield form.third, easy.third
        yield form.gerund, easy.gerund
        # "Sped-up growth", "shown growth": nothing but a single word that is both may stand before a noun.
        if easy.past == easy.participle and form.past == form.participle and " " not in plain:
            yield form.past, easy.past
            continue
        before = [f"{word} {adverb}" for word in (*_BE, *_HAVE) for adverb in _BETWEEN]
        yield from ((f"{words}{form.participle}", f"{words}{easy.participle}") for words in before)
        yield f"{form.participle} by", f"{easy.participle} by"
        yield from ((f"{word} {form.past}", f"{word} {easy.past}") for word in _SUBJECTS)
        yield from ((f"{form.past} {word}", f"{easy.past} {word}") for word in _OBJECTS)


def _noun(hard: str, plain: str) -> Iterator[tuple[str, str]]:
    for spelling in spellings(hard):
        yield spelling, plain
        yield plural(spelling), plural(plain)


def _as_written(hard: str, plain: str) -> Iterator[tuple[str, str]]:
    for verb in _BE if "{be}" in hard else ("",):
        yield hard.replace("{be}", verb), plain.replace("{be}", verb)
