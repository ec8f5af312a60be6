"""Whom or what was studied, and under which conditions: told, and not changed into another."""

import re
from collections.abc import Iterator
from functools import cache

from config import load_table
from summarizer.gate.lexicon import Lexicon, lexicon
from summarizer.gate.prose import Prose, Source, split_words, stem
from summarizer.plain.terms import load_glossary

# What is measured or said in such a bracket has a number in it, and is looked for as one.
_CONDITION = re.compile(
    r"[(\[](?:in|among|for|at|after|before|with|without|until|during|on|from|per|versus|of) "
    r"(?P<of>[^\d=<>]{3,80})[)\]]",
    re.I,
)
_SHORT_FORM = re.compile(r"[A-Z][^A-Z]?[A-Z]")
_LONG = 3
_ANYBODY = {"patients", "people"}


def population_faults(told: Prose, source: Source, permitted: Prose) -> Iterator[str]:
    """People or animals that the evidence does not speak of."""
    known = lexicon("populations").find(source.whole) | lexicon("populations").find(permitted)
    for name, word in lexicon("populations").find(told).items():
        if name not in known and not known.keys() & set(load_table("gate")["broader"].get(name, ())):
            yield f"population not in the evidence: {word}"


def left_out_populations(told: Prose, source: Source) -> Iterator[str]:
    """People, animals and conditions that are not told: those outside brackets, and "(in zebrafish)"."""
    for bracket in source.brackets:
        aside = _CONDITION.fullmatch(bracket)
        if aside and not _is_told(aside["of"], told):
            yield f"condition left out: {bracket}"
    here = lexicon("populations").find(told).keys()
    for name, word in lexicon("populations").find(source.outside).items():
        if name not in here and not (name in _ANYBODY and here & _ANYBODY):
            yield f"population left out: {word}"
    said, conditions = _conditions()
    for name, word in said.find(source.outside).items():
        wanted, any_telling = conditions[name]
        if any_telling.count(told) < wanted.count(source.outside):
            yield f"condition left out: {word}"


def _is_told(condition: str, told: Prose) -> bool:
    """Whether a word of a bracket is told, in its own or in plain words; short forms may be spelt out."""
    ordinary = " ".join(word for word in condition.split() if not _SHORT_FORM.search(word))
    stems = _stems(ordinary)
    if not stems or not stems.isdisjoint(told.stems):
        return True
    return not _stems(" ".join(load_glossary().plain_words(ordinary))).isdisjoint(told.stems)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in split_words(text.lower()) if len(word) >= _LONG}


@cache
def _conditions() -> tuple[Lexicon, dict[str, tuple[Lexicon, Lexicon]]]:
    """All words for conditions, and for each condition its own and those that may tell it."""
    rows = load_table("gate")["conditions"]
    return Lexicon({name: row["said"] for name, row in rows.items()}), {
        name: (Lexicon({"": row["said"]}), Lexicon({"": [*row["said"], *row["told"]]}))
        for name, row in rows.items()
    }
