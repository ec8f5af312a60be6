"""The words of titles and abstracts, and which of them a word may be a slip for."""

from collections.abc import Iterator
from string import ascii_lowercase

import tantivy

from index.embedded.schema import exact_name
from index.engine import Spelling
from index.fields import WEIGHTED
from index.language.slips import SHORTEST, allowed, slips_between
from index.language.suggestion import RARE

_FIELDS = tuple(exact_name(row) for row in WEIGHTED)
_BEGINNING = 3_000
"""The most words, the most frequent ones, that are looked at of those with one beginning."""


def spellings(searcher: tantivy.Searcher, word: str) -> list[Spelling]:
    """The words that are a slip or two away, the most frequent first; of one that is not rare only itself."""
    own = max(searcher.doc_freq(name, word) for name in _FIELDS)
    found = {word: own} if own else {}
    if own <= RARE and len(word) >= SHORTEST:
        found |= {other: papers for other, papers in _alike(searcher, word).items() if other != word}
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [Spelling(other, papers) for other, papers in ordered]


def _alike(searcher: tantivy.Searcher, word: str) -> dict[str, int]:
    letters, limit = frozenset(word), allowed(word)
    lengths = range(len(word) - 2, len(word) + 3)
    tried: dict[str, bool] = {}
    found: dict[str, int] = {}
    for name in _FIELDS:
        for beginning in _beginnings(word):
            for other, papers in searcher.terms_with_prefix(name, beginning, limit=_BEGINNING):
                if len(other) not in lengths:
                    continue
                near = tried.get(other)
                if near is None:
                    # What two slips cannot undo is told without comparing letter by letter.
                    may_be = len(letters.symmetric_difference(other)) < 5
                    near = tried[other] = may_be and slips_between(word, other) <= limit
                if near:
                    found[other] = max(papers, found.get(other, 0))
    return found


def _beginnings(word: str) -> Iterator[str]:
    """How a word begins that `word` is a slip for: mostly alike, else with one slip in its first letters."""
    first, second, third = word[0], word[1:2], word[2:3]
    yield first + second
    yield from dict.fromkeys((second + first + third, word[1:4], first + word[2:4]))
    for letter in ascii_lowercase:
        if letter != first:
            yield letter + first + second
            yield letter + second + third
        if letter != second:
            yield first + letter + third
            yield first + letter + second
