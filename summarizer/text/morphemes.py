"""What a word unknown to the tagger can be, by the morphemes that it could be made of.

The search is HanTa's own, over HanTa's tables and with its result. There, each way to a letter asks anew for
the chances of all that could begin at it, tag by tag; here that is asked once, and of the tags that have
such a morpheme.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

_BEGINNING = (0, 1)
_TAGS = 1_000
"""More than there are."""
_WAYS_KEPT = 3
_UNLIKELY = 1
_SHORT_WORD = 4
_SHORT_PIECE = 2
_LONGEST_ENDING = 4
_LONGEST_PIECE = 24
_WHOLE_WORD = 4.6
"""What it costs to take a whole word for one morpheme that nobody knows."""
_OPENED = _BEGINNING[1] * _TAGS
"""The state at the first morpheme of a word, to which its tag is added."""
_NOTHING = (3, 0.0)
_REMEMBERED = 5_000
_PIECES_REMEMBERED = 20_000

State = int
"""The tags of the last two morphemes as one number: the search asks for many."""
Row = dict[State, float]
"""The ways to a letter of a word, and how likely each is."""
Step = tuple[int, State, float]
"""The tag of a morpheme that can follow, the state that it leads to, and how likely that is so far."""


class Tables(Protocol):
    """What is used of a model of HanTa: logarithms of chances."""

    LP_m_t: Mapping[int, Mapping[str, float]]
    LP_s_t: Mapping[int, Mapping[str, float]]
    LP_len_t: Mapping[int, Sequence[float]]
    LP_hapax_t: Mapping[int, float]
    Int_t: float
    LP_trans_nonfinal: Mapping[tuple[int, int], Sequence[tuple[int, float]]]
    LP_trans_final: Mapping[tuple[int, int], Sequence[tuple[int, float]]]


class Morphemes:
    """The morphemes of one model."""

    def __init__(self, tables: Tables) -> None:
        self._known = tables.LP_m_t
        steps = tables.LP_trans_nonfinal
        self._follows = {
            _state(*tags): [(tag, _state(tags[1], tag), step) for tag, step in dict(after).items()]
            for tags, after in steps.items()
        }
        self._ends = {_state(*tags): after for tags, after in tables.LP_trans_final.items()}
        self._first = dict(steps[_BEGINNING])
        self._tags = _tags_by_morpheme(
            self._known, [*self._first, *(self._known.keys() - self._first.keys())]
        )
        self._new = _New(tables)
        self._guessed = lru_cache(_REMEMBERED)(self._guess)
        self._told = lru_cache(_PIECES_REMEMBERED)(self._inside)

    def analyse(self, word: str) -> list[tuple[int, float]]:
        """The tags that `word` can have and how likely each is, the likeliest first."""
        short = len(word) < _SHORT_WORD
        rows = [self._openings(word[:end], short, end == len(word)) for end in range(1, len(word) + 1)]
        for start, row in enumerate(rows[:-1], 1):
            after = self._after(row)
            if after:
                self._extend(word, start, after, rows)
        return self._by_word_tag(rows[-1] if rows else {}) or [_NOTHING]

    def _openings(self, piece: str, short: bool, whole: bool) -> Row:
        """The ways to begin a word with `piece`."""
        first = self._first
        row = {}
        if short or len(piece) > _SHORT_PIECE:
            row = self._guessed(*self._new.shape(piece), whole).copy()
        for tag in self._tags.get(piece, ()):
            if tag in first:
                row[_OPENED + tag] = first[tag] + self._known[tag][piece]
        return row

    def _guess(self, ending: str, length: int, whole: bool) -> Row:
        """The ways to begin a word with what looks so: many words begin alike."""
        first, cost = self._first, _WHOLE_WORD if whole else 0.0
        guessed = self._new.chances(ending, length).items()
        return {_OPENED + tag: first[tag] + (chance - cost) for tag, chance in guessed if tag in first}

    def _after(self, row: Row) -> list[Step]:
        """What can follow those ways to a letter that are worth following."""
        least = sorted(row.values())[~_WAYS_KEPT] - _UNLIKELY if len(row) > _WAYS_KEPT else -math.inf
        follows = self._follows
        return [
            (tag, reached, so_far + step)
            for state, so_far in row.items()
            if so_far >= least and state in follows
            for tag, reached, step in follows[state]
        ]

    def _extend(self, word: str, start: int, after: Sequence[Step], rows: Sequence[Row]) -> None:
        """The ways to the letter at `start` with each morpheme that can follow there."""
        short = len(word) < _SHORT_WORD
        for end in range(start + 1, len(word) + 1):
            chances = self._told(word[start:end], short)
            if chances:
                _reach(rows[end - 1], after, chances)

    def _inside(self, piece: str, short: bool) -> dict[int, float]:
        """Tag → how likely it is that a morpheme with that tag is `piece`, behind the first one of a word."""
        guessed = self._new.chances(*self._new.shape(piece)) if short or len(piece) > _SHORT_PIECE else {}
        tags = self._tags.get(piece)
        # Most pieces are no morphemes that anybody knows.
        return guessed if tags is None else guessed | {tag: self._known[tag][piece] for tag in tags}

    def _by_word_tag(self, row: Row) -> list[tuple[int, float]]:
        """The ways to the end of a word, by the tag of the word."""
        best: Row = {}
        for state, so_far in row.items():
            last = state % _TAGS * _TAGS
            for tag, step in self._ends.get(state, ()):
                new = last - tag  # the tags of words are below 0
                best[new] = max(best.get(new, -math.inf), so_far + step)
        found: dict[int, float] = {}
        for state, chance in best.items():
            tag = state % _TAGS
            found[tag] = _either(found[tag], chance) if tag in found else chance
        return sorted(found.items(), key=lambda pair: pair[1], reverse=True)


class _New:
    """Morphemes that nobody knows, judged by how long they are and how they end."""

    def __init__(self, tables: Tables) -> None:
        self._endings = {tag: tables.LP_s_t[tag] for tag in tables.LP_hapax_t if tag in tables.LP_s_t}
        self._told = frozenset().union(*self._endings.values())
        self._lengths = {
            tag: [tables.Int_t + tables.LP_hapax_t[tag] + chance for chance in tables.LP_len_t[tag]]
            for tag in self._endings
        }
        self.chances = lru_cache(_REMEMBERED)(self._judge)
        """How likely a piece of that shape is for each tag that can have new morphemes; -inf is left out."""

    def shape(self, piece: str) -> tuple[str, int]:
        """All that tells of `piece`: how it ends, and how long it is."""
        ending = piece[1:][-_LONGEST_ENDING:]
        while ending not in self._told:
            ending = ending[1:]
        return ending, min(len(piece), _LONGEST_PIECE)

    def _judge(self, ending: str, length: int) -> dict[int, float]:
        chances = {}
        for tag, known in self._endings.items():
            shorter = ending
            while shorter not in known:
                shorter = shorter[1:]
            chance = self._lengths[tag][length] + known[shorter]
            if chance > -math.inf:
                chances[tag] = chance
        return chances


def _reach(row: Row, after: Sequence[Step], chances: Mapping[int, float]) -> None:
    """Each way with each morpheme that may come next, where no likelier way leads to the same tags."""
    for tag, reached, so_far in after:
        if tag in chances:
            total = so_far + chances[tag]
            if total > row.get(reached, -math.inf):
                row[reached] = total


def _state(before: int, last: int) -> State:
    return before * _TAGS + last


def _tags_by_morpheme(
    known: Mapping[int, Mapping[str, float]], wanted: Iterable[int]
) -> dict[str, tuple[int, ...]]:
    tags: dict[str, tuple[int, ...]] = {}
    shared: dict[tuple[int, ...], tuple[int, ...]] = {}  # few sets of tags, tens of thousands of morphemes
    for tag in wanted:
        for morpheme in known[tag]:
            both = (*tags.get(morpheme, ()), tag)
            tags[morpheme] = shared.setdefault(both, both)
    return tags


def _either(one: float, other: float) -> float:
    """The logarithm of the sum of two chances."""
    low, high = sorted((one, other))
    return high + math.log1p(math.exp(low - high))
