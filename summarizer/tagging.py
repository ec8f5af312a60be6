"""Parts of speech of English words, in the C5 tags of the British National Corpus; the only door to HanTa.

The tagger is asked for tags alone (no lemmas) and remembers what it knows of each word, which halves its cost.
Its work on a word grows with the square of the letters, so a very long word is judged by its end.
"""

import re
from functools import cache, lru_cache

from HanTa.HanoverTagger import HanoverTagger  # type: ignore[import-untyped]

from domain.errors import ConfigError

_MODEL = "morphmodel_en.pgz"
_LONGEST_WORD = 24
_LONGEST_SENTENCE = 400
_WORDS_REMEMBERED = 30_000
_SENTENCES_REMEMBERED = 2_000
_UNKNOWN = "UNC"
_ODD = re.compile(r"[\ud800-\udfff\x00]")


class Tagger:
    """Gives each token of a sentence its part of speech. Safe to share: it holds nothing of a text but caches."""

    def __init__(self, hanover: HanoverTagger) -> None:
        """
        Args:
            hanover: a loaded English model; see `open_tagger`.
        """
        # HanTa analyses a word afresh wherever it stands; what it finds depends on the word alone.
        hanover.analyze_forward = lru_cache(_WORDS_REMEMBERED)(hanover.analyze_forward)
        self._hanover = hanover
        self._tagged = lru_cache(_SENTENCES_REMEMBERED)(self._tag)

    def tag(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """One C5 tag for each of `tokens` (words and signs, in order); `UNC` where nothing can be told.

        Never raises: a sentence beyond the tagger (or of more than 400 tokens) is unknown throughout.
        """
        return self._tagged(tokens)

    def _tag(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        if not tokens or len(tokens) > _LONGEST_SENTENCE:
            return (_UNKNOWN,) * len(tokens)
        try:
            return tuple(self._hanover.tag_sent([_shown(token) for token in tokens], taglevel=0))
        except (KeyError, IndexError, ValueError):  # a dead end in its tables: no path through the sentence
            return (_UNKNOWN,) * len(tokens)


@cache
def open_tagger() -> Tagger:
    """The tagger of this process; its model is read at the first call (a tenth of a second).

    Raises:
        ConfigError: the model cannot be read.
    """
    try:
        return Tagger(HanoverTagger(_MODEL))
    except Exception as error:  # HanTa raises bare Exception where its file is missing
        raise ConfigError("HanTa", f"its English model cannot be read: {error}") from error


def _shown(token: str) -> str:
    """`token` as the tagger can take it: never empty, never without bounds."""
    word = _ODD.sub("?", token) or "?"
    return word if len(word) <= _LONGEST_WORD else word[:1] + word[1 - _LONGEST_WORD :]
