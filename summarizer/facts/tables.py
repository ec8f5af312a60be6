"""The tables of `config/facts.toml` as patterns, made once."""

import re
from dataclasses import dataclass
from functools import cache

from config import load_table
from summarizer.text.sieve import Sieved, sieved


@dataclass(frozen=True, slots=True)
class Species:
    """A species or kind of cell, and what tells it."""

    name: str
    pattern: Sieved
    hints: tuple[str, ...]
    laboratory: bool


@dataclass(frozen=True, slots=True)
class Design:
    """A design in plain words, and what tells it."""

    plain: str
    kinds: frozenset[str]
    types: frozenset[str]
    never: frozenset[str]
    """Types of study that do not have it, whatever their words."""
    pattern: Sieved


@cache
def species() -> tuple[Species, ...]:
    """All species."""
    return tuple(
        Species(row["name"], _pattern(row["pattern"]), tuple(row["hints"]), row.get("laboratory", False))
        for row in load_table("facts")["species"]
    )


@cache
def designs() -> tuple[Design, ...]:
    """All designs, the more particular first."""
    return tuple(
        Design(
            row["plain"],
            frozenset(row["kinds"]),
            frozenset(row.get("types", ())),
            frozenset(row.get("never", ())),
            _pattern(row["pattern"]),
        )
        for row in load_table("facts")["design"]
    )


def sign(name: str) -> Sieved:
    """What tells work of one kind."""
    return _signs()[name]


@cache
def _signs() -> dict[str, Sieved]:
    # All at once: each that comes later has the words of all patterns put together anew.
    return {name: _pattern(pattern) for name, pattern in load_table("facts")["signs"].items()}


@cache
def study_kind(code: str) -> str | None:
    """The kind of evidence that a code of `study_types.toml` stands for."""
    found: str | None = load_table("facts")["study_kinds"].get(code)
    return found


@cache
def measures() -> tuple[re.Pattern[str], tuple[str, ...], frozenset[str]]:
    """What tells a measure (a group for each), the names of the groups, and which of them are ratios."""
    ratio, other = load_table("facts")["ratio"], load_table("facts")["measure"]
    # The longer name first: a "standardised mean difference" is no mean.
    names = sorted((*ratio, *other), key=lambda name: (-len(name.split()), -len(name)))
    pattern = "|".join(f"({(ratio.get(name) or other[name])})" for name in names)
    return re.compile(rf"(?<![\w-])(?:{pattern})"), tuple(names), frozenset(ratio)


@cache
def units() -> tuple[re.Pattern[str], dict[str, str]]:
    """What tells a unit right after its number, and the unit as told for each as printed."""
    table = {word: unit for unit, words in load_table("facts")["units"].items() for word in words}
    for unit, words in load_table("sample_units").items():
        table.update({word: word for word in words if word not in ("reports", "members")} | {unit: unit})
    words = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
    return re.compile(rf"(?:\s?|-)(?P<unit>(?:{words})(?![\w])|%)"), table


@cache
def directions() -> tuple[frozenset[str], frozenset[str]]:
    """Words that tell of more, and of less."""
    table = load_table("facts")["directions"]
    return frozenset(table["up"]), frozenset(table["down"])


@cache
def good() -> Sieved:
    """Outcomes of which better is more."""
    return _pattern(load_table("facts")["directions"]["good"])


def _pattern(text: str) -> Sieved:
    return sieved(text, re.I)
