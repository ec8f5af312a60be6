"""Whom or what was studied, and under which conditions: told, and not changed into another."""

from collections.abc import Iterator
from functools import cache, lru_cache

from config import load_table
from summarizer.gate.prose import Prose, Source, has


def population_faults(told: Prose, source: Source) -> Iterator[str]:
    """People, animals or conditions that the evidence does not speak of."""
    known = _populations(source.whole.lower)
    for name in _populations(told.lower) - known:
        if not known.intersection(_broader().get(name, ())):
            yield f"population not in the evidence: {name}"


def left_out_populations(told: Prose, source: Source) -> Iterator[str]:
    """People, animals and conditions outside brackets that are not told."""
    here = _populations(told.lower)
    for name in _populations(source.outside.lower) - here:
        if not (name in ("patients", "people") and here & {"patients", "people"}):
            yield f"population left out: {name}"
    for name, phrases in load_table("gate")["conditions"].items():
        found = [phrase for phrase in phrases if has(source.outside.lower, phrase)]
        if found and not any(has(told.lower, phrase) for phrase in phrases):
            yield f"condition left out: {found[0]}" if name else ""


@lru_cache(4_000)
def _populations(text: str) -> frozenset[str]:
    return frozenset(name for name, words in _table().items() if any(has(text, word) for word in words))


@cache
def _table() -> dict[str, list[str]]:
    table: dict[str, list[str]] = load_table("gate")["populations"]
    return table


@cache
def _broader() -> dict[str, list[str]]:
    table: dict[str, list[str]] = load_table("gate")["broader"]
    return table
