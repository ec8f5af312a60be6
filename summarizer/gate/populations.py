"""Whom or what was studied, and under which conditions: told, and not changed into another."""

from collections.abc import Iterator
from functools import cache

from config import load_table
from summarizer.gate.lexicon import Lexicon, lexicon
from summarizer.gate.prose import Prose, Source

_ANYBODY = {"patients", "people"}


def population_faults(told: Prose, source: Source, permitted: Prose) -> Iterator[str]:
    """People or animals that the evidence does not speak of."""
    known = lexicon("populations").find(source.whole) | lexicon("populations").find(permitted)
    for name, word in lexicon("populations").find(told).items():
        if name not in known and not known.keys() & set(load_table("gate")["broader"].get(name, ())):
            yield f"population not in the evidence: {word}"


def left_out_populations(told: Prose, source: Source) -> Iterator[str]:
    """People, animals and conditions outside brackets that are not told."""
    here = lexicon("populations").find(told).keys()
    for name, word in lexicon("populations").find(source.outside).items():
        if name not in here and not (name in _ANYBODY and here & _ANYBODY):
            yield f"population left out: {word}"
    said, conditions = _conditions()
    for name, word in said.find(source.outside).items():
        wanted, any_telling = conditions[name]
        if any_telling.count(told) < wanted.count(source.outside):
            yield f"condition left out: {word}"


@cache
def _conditions() -> tuple[Lexicon, dict[str, tuple[Lexicon, Lexicon]]]:
    """All words for conditions, and for each condition its own and those that may tell it."""
    rows = load_table("gate")["conditions"]
    return Lexicon({name: row["said"] for name, row in rows.items()}), {
        name: (Lexicon({"": row["said"]}), Lexicon({"": [*row["said"], *row["told"]]}))
        for name, row in rows.items()
    }
