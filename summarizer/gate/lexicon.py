"""Lists of words and phrases by name, found in a text by its words."""

from collections.abc import Iterable, Mapping
from functools import cache

from config import load_table
from summarizer.gate.prose import Prose, has


class Lexicon:
    """Rows of words and phrases."""

    def __init__(self, rows: Mapping[str, Iterable[str]]) -> None:
        self._words: dict[str, list[str]] = {}
        self._phrases: dict[str, list[tuple[str, str]]] = {}
        for name, phrases in rows.items():
            for phrase in phrases:
                first, *rest = phrase.replace("-", " ").split()
                if rest:
                    self._phrases.setdefault(first, []).append((name, phrase))
                else:
                    self._words.setdefault(first, []).append(name)
        self._firsts = self._words.keys() | self._phrases.keys()

    def first(self, prose: Prose) -> str:
        """The first word or phrase of any row, or nothing."""
        return next(iter(self.find(prose).values()), "")

    def count(self, prose: Prose) -> int:
        """How often words or phrases of the rows stand in the text."""
        here = self._firsts.intersection(prose.words)
        if not here:
            return 0
        firsts = here & self._phrases.keys()
        phrases = sum(prose.lower.count(phrase) for first in firsts for _, phrase in self._phrases[first])
        return phrases + sum(word in self._words for word in prose.words)

    def find(self, prose: Prose) -> dict[str, str]:
        """The names of the rows of which something stands in the text, each with the first such word."""
        found: dict[str, str] = {}
        here = self._firsts.intersection(prose.words)
        for word in dict.fromkeys(filter(here.__contains__, prose.words)) if here else ():
            for name in self._words.get(word, ()):
                found.setdefault(name, word)
            for name, phrase in self._phrases.get(word, ()):
                if name not in found and has(prose.lower, phrase):
                    found[name] = phrase
        return found


@cache
def lexicon(table: str) -> Lexicon:
    """The rows of one table of `config/gate.toml`."""
    return Lexicon(load_table("gate")[table])
