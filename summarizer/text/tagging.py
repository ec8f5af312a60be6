"""Parts of speech of English words, in the C5 tags of the British National Corpus; the only door to HanTa.

HanTa knows what each word can be and how tags follow one another; the search for the likeliest tags of a
sentence is done here, over the few tags that each word can have, as is that for what an unknown word can be
(`summarizer.text.morphemes`), and what is known of a word is remembered. That costs a fraction of HanTa's own
searches, which give the same tags. The work on a word that HanTa does not know grows with the square of the
letters, so such a word is judged by its end.
"""

import math
import re
from array import array
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from HanTa.HanoverTagger import EMPTY, END, START, HanoverTagger  # type: ignore[import-untyped]

from domain.errors import ConfigError
from summarizer.text.morphemes import Morphemes

_MODEL = "morphmodel_en.pgz"
_LONGEST_WORD = 12
_TELLING = 5
_LONGEST_SENTENCE = 400
_WORDS_REMEMBERED = 30_000
_SENTENCES_REMEMBERED = 2_000
_ANALYSES_REMEMBERED = 2_000
_STATES_KEPT = 5
_UNLIKELY = 5
_UNKNOWN = "UNC"
_ODD = re.compile(r"[\ud800-\udfff\x00]")


class QuickTagger(HanoverTagger):  # type: ignore[misc]
    """HanTa's tagger with our search for what an unknown word can be."""

    def __init__(self, filename: str) -> None:
        """
        Args:
            filename: of the model, in HanTa's own folder or elsewhere.
        """
        super().__init__(filename)
        # One word stands behind many hyphens, with a capital and without.
        self._analysed = lru_cache(_ANALYSES_REMEMBERED)(Morphemes(self).analyse)

    def analyze_forward(self, word: str) -> list[tuple[int, float]]:
        """The tags that `word` can have and how likely each is, the likeliest first."""
        return self._analysed(word)


class Tagger:
    """Gives each token of a sentence its part of speech. Safe to share: it holds only caches."""

    def __init__(self, hanover: HanoverTagger) -> None:
        """
        Args:
            hanover: a loaded English model; see `open_tagger`.
        """
        self._hanover = hanover
        steps, never = hanover.LP_trans_word, -math.inf
        self._tags = sorted({EMPTY, START}.union(*steps.values()))
        self._number = {tag: number for number, tag in enumerate(self._tags)}
        # All in one row of numbers: the search asks for many, and thousands of tables lie far apart.
        self._follows = array("d", [never]) * len(self._tags) ** 3
        for state, after in steps.items():
            first = self._state(*state) * len(self._tags)
            chances = array("d", [after.get(tag, never) for tag in self._tags])
            self._follows[first : first + len(self._tags)] = chances
        self._ends = {self._state(*state): after.get(END, never) for state, after in steps.items()}
        self._chances = lru_cache(_WORDS_REMEMBERED)(self._look_up)
        self._tagged = lru_cache(_SENTENCES_REMEMBERED)(self._tag)

    def tag(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """One C5 tag for each of `tokens` (words and signs, in order); `UNC` where nothing can be told.

        Never raises: a sentence without a path through the model, or of more than 400 tokens, is all unknown.
        """
        return self._tagged(tokens)

    def _tag(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        path = self._path(tokens) if len(tokens) <= _LONGEST_SENTENCE else None
        if path is None:
            return (_UNKNOWN,) * len(tokens)
        return tuple(self._hanover.int2tag.get(tag, _UNKNOWN) for tag in path)

    def _path(self, tokens: tuple[str, ...]) -> list[int] | None:
        """The likeliest tags (Viterbi over pairs of tags), or None where the tables come to a dead end."""
        follows, count, never = self._follows, len(self._tags), -math.inf
        row = {self._state(EMPTY, START): 0.0}
        steps: list[dict[int, int]] = []
        for i, token in enumerate(tokens):
            chances = self._chances(token, i > 0)
            bound = sorted(row.values())[~_STATES_KEPT] - 1 if len(row) > _STATES_KEPT else never
            new: dict[int, float] = {}
            step: dict[int, int] = {}
            for state, so_far in row.items():
                if so_far >= bound:
                    first, last = state * count, state % count * count
                    for tag, chance in chances:
                        total, reached = so_far + follows[first + tag] + chance, last + tag
                        if total > new.get(reached, never):
                            new[reached], step[reached] = total, state
            if not new:
                return None
            row = new
            steps.append(step)
        return self._walk_back(row, steps)

    def _walk_back(self, row: Mapping[int, float], steps: Sequence[Mapping[int, int]]) -> list[int]:
        state = max(row, key=lambda s: row[s] + self._ends.get(s, -1e3))
        path: list[int] = []
        for step in reversed(steps):
            path.append(self._tags[state % len(self._tags)])
            state = step[state]
        return path[::-1]

    def _state(self, before: int, last: int) -> int:
        """The tags of the last two tokens as one number."""
        return self._number[before] * len(self._tags) + self._number[last]

    def _look_up(self, token: str, inside: bool) -> tuple[tuple[int, float], ...]:
        """What `token` can be in a sentence and how likely; its capital counts only `inside` it."""
        word = (token if token.isalnum() else _ODD.sub("?", token)) or "?"
        if word.lower() not in self._hanover.cache:
            word = _judged_by(word)
        able = self._hanover._tag_word(word, cutoff=_UNLIKELY, casesensitive=inside, conditional=True)
        return tuple((self._number[tag], chance) for tag, chance in able if tag in self._number)


def _judged_by(word: str) -> str:
    """The part of an unknown word that tells most: what follows its hyphen, and the end of that."""
    last = word.rsplit("-", 1)[-1]
    if len(last) >= _TELLING:
        word = last
    return word if len(word) <= _LONGEST_WORD else word[:1] + word[1 - _LONGEST_WORD :]


@cache
def open_tagger() -> Tagger:
    """The tagger of this process; its model is read at the first call (a tenth of a second).

    Raises:
        ConfigError: the model cannot be read.
    """
    try:
        return Tagger(QuickTagger(_MODEL))
    except Exception as error:  # HanTa raises bare Exception where its file is missing
        raise ConfigError("HanTa", f"its English model cannot be read: {error}") from error
