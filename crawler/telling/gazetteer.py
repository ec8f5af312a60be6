"""What countries, states and places are called, and how their postcodes look.

By `config/countries.toml`, `config/country_names.toml` and `config/places.toml`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from config import load_table
from crawler.telling.towns import by_word, fold, folded_words, prefixed_postcodes

_NO_STREET = r"(?<!Avenida )(?<!Avenida de )(?<!Av\. )(?<!Calle )(?<!Plaza )(?<!Plaza de )(?<!Paseo )"
_NO_AVENUE = r"(?! (?:Blvd|Boulevard|Ave(?:nue)?|St(?:reet)?|Extension)\b)"
"""Around the name of a country that is a street's: "Avenida España", "España Blvd"."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names, folded, with the codes of the countries that they tell."""

    names: dict[str, str]
    """Of countries and states; they tell at the end of other words, too."""
    translated: dict[str, str]
    """Of countries in other languages, by `name_key`; they tell only by themselves."""
    places: dict[str, str]
    states: frozenset[str]
    """Abbreviations of the states of the USA."""
    codes: frozenset[str]
    called: dict[str, str]
    """Names of countries, and of the states whose code is a country's too (`us-IN`), by their codes."""
    sure: str
    """A pattern, as those of `native` and `scripts`; they are made when one is looked for."""
    sure_codes: dict[str, str]
    native: str
    native_codes: dict[str, str]
    prefixes: re.Pattern[str]
    scripts: dict[str, str]


@cache
def gazetteer() -> Gazetteer:
    """What the tables say, read once."""
    table = load_table("countries")
    names: dict[str, str] = {}
    places: dict[str, str] = {}
    for code, row in table.items():
        if code != "us-states":
            names[" ".join(folded_words(row["name"]))] = code
            names |= dict.fromkeys(row.get("names", ()), code)
            places |= dict.fromkeys(row.get("places", ()), code)
    states = table["us-states"]
    for state in states.values():
        names.setdefault(fold(state), "US")
    called = {code: " ".join(folded_words(row["name"])) for code, row in table.items() if code != "us-states"}
    called |= {f"us-{code}": fold(state) for code, state in states.items()}
    codes = frozenset(code for code in table if code != "us-states")
    more = load_table("places")
    places |= by_word(more["towns"])
    sure = by_word(more["sure"])
    native = by_word(more["native"])
    return Gazetteer(
        names,
        by_word(load_table("country_names")),
        places,
        frozenset(states),
        codes,
        called,
        rf"\b(?:{'|'.join(sorted(sure, key=len, reverse=True))})\b",
        sure,
        rf"{_NO_STREET}(?:{'|'.join(sorted(native, key=len, reverse=True))}){_NO_AVENUE}",
        native,
        prefixed_postcodes(more["prefixes"]),
        more["scripts"],
    )


def country_names() -> Mapping[str, str]:
    """Names of countries and of states, folded, each with the country's code."""
    return gazetteer().names


@cache
def postcodes(how: str) -> re.Pattern[str]:
    """Postcodes in the forms that one country has, in a group by its code; `how` they tell it."""
    forms = load_table("places")["postcodes"][how]
    either = "|".join(f"(?P<{code}>{form})" for code, form in forms.items())
    return re.compile(rf"\b(?=[A-Z\d])(?:{either})\b")
