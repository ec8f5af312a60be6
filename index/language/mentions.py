"""Which things a text mentions by any of their names, all looked for in one pass over it.

A thing that has names of several words is told while papers are indexed: else its phrases would have to be
looked up, dozens in each field, whenever it is asked for. A mention is what those phrases would find: words
with the stems of a wording's words, at their distances from each other. But to a phrase any word will do in
place of one that is not indexed, so that "cancer, commonly breast" is "cancer of the breast"; where a wording
has no two other words side by side, a mention has the very word.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from itertools import chain, pairwise
from typing import Any

import numpy as np
from msgspec import Raw
from numpy.typing import NDArray

from index.analysis import MARK
from index.fields import SMALL, SUBJECT, WEIGHTED
from index.language.lexicon import Places
from index.language.noticing import Noticing
from index.language.spelling import parts
from index.language.synonyms import Concept, all_concepts
from index.language.wordings import Words

TOLD = frozenset((*(row.name for row in WEIGHTED), SUBJECT))
"""The fields that have, beside their texts, a token for each thing that these mention."""
WEIGHT = 1.5
"""What a mention weighs beside a word; chosen by cross-validation, as in `index.fusion`."""
_LONG = tuple(row.name for row in WEIGHTED)
_SMALL = tuple(row.name for row in SMALL if row.name != "authors")
"""What tells in `SUBJECT`: initials of authors are the letters of many a short name."""
TELLING = frozenset((*TOLD, *_SMALL))
"""The same, and those that tell in `SUBJECT`."""

_ESCAPED = "\\uffa0"
"""`MARK` in JSON."""
_SEVERAL = 3
"""So many names of several words anything but a cancer must have."""
_KEPT = 100_000


@lru_cache(_KEPT)
def token_of(key: str) -> str:
    """The word that stands for a thing where papers mention it; no text and no query has it."""
    return f"{MARK}{_number(key)}"


@lru_cache(_KEPT)
def version_of(wordings: tuple[str, ...]) -> str:
    """Differs where wordings do."""
    return str(_number("\n".join(wordings)))


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:6], "big")


def is_told(concept: Concept) -> bool:
    """Whether papers are told to mention it; other things are as quick to look for by their names.

    Cancers are what is asked for: with them, names of several words are what takes long.
    """
    several = sum(len(parts(wording)) > 1 for wording in concept.wordings)
    return several >= (1 if concept.key.startswith("cancer:") else _SEVERAL)


@cache
def versions() -> Mapping[str, str]:
    """The tokens of all that is told, with the versions of their wordings."""
    return {token_of(one.key): version_of(one.wordings) for one in all_concepts() if is_told(one)}


def agreed(told: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What an index tells of its papers that the table still words as it did then."""
    return {token: version for token, version in told.items() if now.get(token) == version}


class Mentions:
    """Finds what is mentioned. Made once for all papers."""

    def __init__(
        self, words: Words, fold: Callable[[str], str], concepts: Iterable[Concept] | None = None
    ) -> None:
        """Look for `concepts`, else for all that is told; the functions are the analyser of the index."""
        concepts = tuple(filter(is_told, all_concepts()) if concepts is None else concepts)
        self._tokens = sorted({token_of(one.key) for one in concepts})
        self._words = np.array(self._tokens, np.object_)
        self._escaped = np.array(
            [token.replace(MARK, _ESCAPED).encode() for token in self._tokens], np.object_
        )
        number = {token: place for place, token in enumerate(self._tokens)}
        worded = [(text, number[token_of(one.key)]) for one in concepts for text in one.wordings]
        self._noticing = Noticing(worded, words, fold)

    def tell(self, columns: MutableMapping[str, list[Any]], known: Container[str]) -> None:
        """Add what papers mention to their texts, as JSON; of `columns` and `known` see `told`."""
        told = [*self.told(columns, known)]
        for name in TOLD:
            columns[name] = [*columns[name]]
        for name, place, tokens in told:
            columns[name][place] = [*columns[name][place], tokens]

    def told(
        self, columns: Mapping[str, Sequence[Any]], known: Container[str]
    ) -> Iterator[tuple[str, int, Raw]]:
        """What papers mention: the field that is to tell it, which of the papers, and the tokens in JSON.

        Args:
            columns: field → for each paper a list or tuple of its texts, or whatever stands for none.
            known: the tokens that may be told.
        """
        papers, names = len(columns[SUBJECT]), (*_LONG, SUBJECT)
        cells = [
            texts if isinstance(texts, (list, tuple)) else ()
            for name in (*_LONG, *_SMALL)
            for texts in columns[name]
        ]
        subjects = np.arange(papers) + papers * len(_LONG)
        lots = np.concatenate((np.arange(papers * len(_LONG)), *[subjects] * len(_SMALL)))
        for lot, tokens in self._told(cells, lots, self._escaped, known):
            # In letters of ASCII, as most of a document's are: Python keeps and hands over such text quicker.
            yield names[lot // papers], lot % papers, Raw(b'"%b"' % b" ".join(tokens))

    def found(self, lots: Sequence[Sequence[str]], known: Container[str]) -> list[list[str]]:
        """Those tokens among `known` of what each lot of texts mentions: one for each mention.

        All are looked through together: one by one would take eight times as long.
        """
        found: list[list[str]] = [[] for _ in lots]
        for lot, tokens in self._told(lots, np.arange(len(lots)), self._words, known):
            found[lot] = tokens
        return found

    def _told(
        self, cells: Sequence[Sequence[str]], lots: Places, tokens: NDArray[np.object_], known: Container[str]
    ) -> Iterator[tuple[int, list[Any]]]:
        """Each lot that mentions something, and what, in words of `tokens`.

        `lots` has for each cell of texts the number of its lot.
        """
        starts, ends, names, texts = self._noticing.find([*chain.from_iterable(cells)])
        wanted = np.array([token in known for token in self._tokens], np.bool_)
        at = np.flatnonzero(wanted[names])
        at = at[_apart(starts[at], ends[at], names[at])]
        of_lots = np.repeat(lots, [*map(len, cells)])[texts[at]]
        order = np.argsort(of_lots, kind="stable")
        of_lots, told = of_lots[order], tokens[names[at[order]]].tolist()
        begins = np.flatnonzero(np.diff(of_lots, prepend=-1))
        bounds = pairwise([*begins.tolist(), len(told)])
        for lot, (start, end) in zip(of_lots[begins].tolist(), bounds, strict=True):
            yield lot, told[start:end]


def _apart(starts: Places, ends: Places, names: Places) -> NDArray[np.bool_]:
    """Which mentions count, in the order of their starts: names of one thing that overlap are one mention.

    That is the first, and then the next that begins where it ends or later.
    """
    order = np.argsort(names, kind="stable")
    # As if each thing had a stretch of its own, so that what is named by others ends before.
    beyond = names[order] * (ends.max(initial=0) + 1)
    starts, ends = starts[order] + beyond, ends[order] + beyond
    clear = np.ones(len(order), np.bool_)
    clear[1:] = starts[1:] >= np.maximum.accumulate(ends)[:-1]
    late = np.flatnonzero(~clear)
    before, free = -1, 0
    for place, start, end, last in zip(
        late.tolist(), starts[late].tolist(), ends[late].tolist(), ends[late - 1].tolist(), strict=True
    ):
        if place - 1 != before:
            free = last
        if start >= free:
            clear[place], free = True, end
        before = place
    counting = np.empty_like(clear)
    counting[order] = clear
    return counting
