"""Towns whose name by itself tells a country, by `config/towns.toml`."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from config import load_table

_WORD = re.compile(r"[a-z]+")
_LETTERS = {"ı": "i", "ø": "o", "ł": "l", "đ": "d"}
"""Letters that have no accent to take away; replaced one by one, which is quicker than by a table."""
_FIVE_FIGURES = frozenset({"D", "DE", "F", "I", "IT", "E", "ES", "S", "SE", "FI", "FIN", "HR", "EE"})
"""Letters before postcodes of five figures; those of other countries have four."""
_FOREIGN = re.compile("[^\x00-\x7f]+")


def country_of_town(name: str) -> str | None:
    """The country of the one town that `name`, folded, is likely to mean."""
    return _towns().get(name)


@cache
def _towns() -> dict[str, str]:
    return by_word(load_table("towns"))


def by_word(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Each word or name of a table of countries, with the code of its country."""
    return {word: code for code, words in table.items() for word in words}


def folded_words(text: str) -> list[str]:
    """The words of `text` as names of places are compared: lower case, Latin, without accents.

    >>> folded_words("Île-d'Yeu, 東京")
    ['ile', 'd', 'yeu']
    """
    return _WORD.findall(fold(text))


def name_key(name: str) -> str:
    """What `name` is looked up by: its words, folded, or all of it in a script that is not Latin."""
    return " ".join(folded_words(name)) or unicodedata.normalize("NFC", name.strip(" .。").casefold())


def prefixed_postcodes(prefixes: Iterable[str]) -> re.Pattern[str]:
    """A postcode behind the letter of its country, with as many figures as that country's have."""
    five = "|".join(prefix for prefix in prefixes if prefix in _FIVE_FIGURES)
    others = "|".join(prefix for prefix in prefixes if prefix not in _FIVE_FIGURES)
    return re.compile(rf"(?<![\w-])(?:({five})-\d{{3}} ?\d{{2}}|({others})-\d{{4}})\b")


def fold(text: str) -> str:
    """`text` in lower case without accents; letters of other scripts stay."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    for letter, plain in _LETTERS.items():
        lowered = lowered.replace(letter, plain)
    return _FOREIGN.sub(_without_accents, unicodedata.normalize("NFKD", lowered))


def _without_accents(letters: re.Match[str]) -> str:
    return "".join([letter for letter in letters[0] if not unicodedata.combining(letter)])
