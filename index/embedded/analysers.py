"""The analysers that turn text into searchable words; with them queries are read and hits are marked."""

from collections.abc import Sequence
from functools import lru_cache

import tantivy

from index.analysis import STOP_WORDS, clean, spaced
from index.fields import Kind

TEXT, NAME = "findings_text", "findings_name"
NONE = "findings_none"
"""For text that is only kept: the library would have all of it indexed, so this finds no words in it."""
_WORDINGS = 4_096
_SHORT = 100
"""What is longer than so many letters is no wording of anything, and what is kept of it would add up."""


def _analyser(*, stemmed: bool, folded: bool) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    if folded:
        builder = builder.filter(tantivy.Filter.ascii_fold())
    if stemmed:
        builder = builder.filter(tantivy.Filter.custom_stopword(sorted(STOP_WORDS)))
        builder = builder.filter(tantivy.Filter.stemmer("English"))
    return builder.build()


def _nothing() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.remove_long(0)).build()


class Analysers:
    """The two analysers, for an index and for reading queries and texts as it does."""

    def __init__(self) -> None:
        self._by_kind = {
            kind: _analyser(stemmed=kind is Kind.TEXT, folded=True) for kind in (Kind.TEXT, Kind.NAME)
        }
        fold = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw()).filter(tantivy.Filter.ascii_fold())
        self._fold = fold.build()
        self._wordings = lru_cache(_WORDINGS)(self.words)

    @staticmethod
    def register(index: tantivy.Index) -> None:
        """Make them known to an index that was opened, for texts that are `folded` already."""
        index.register_tokenizer(TEXT, _analyser(stemmed=True, folded=False))
        index.register_tokenizer(NAME, _analyser(stemmed=False, folded=False))
        index.register_tokenizer(NONE, _nothing())

    def folded(self, text: str) -> str:
        """`text` as it is given to the index: clean, spaced, without accents.

        Most text is plain English, where there is nothing to do; so this is quicker than letting the index
        look at every word.
        """
        if text.isascii():
            return text.replace("\0", " ") if "\0" in text else text
        return "".join(self._fold.analyze(spaced(clean(text))))

    def words(self, kind: Kind, text: str) -> list[tuple[int, str]]:
        """The searchable words of `text`, each with its position; stop words leave gaps."""
        found = self._by_kind[kind].pre_tokenize(spaced(clean(text))).tokens
        return [(token.position, token.text) for token in found]

    def wording(self, kind: Kind, text: str) -> Sequence[tuple[int, str]]:
        """`words` of what a question looks for: each asks several times, and the wordings of things recur."""
        return self._wordings(kind, text) if len(text) <= _SHORT else self.words(kind, text)

    def places(self, kind: Kind, text: str) -> list[tuple[int, str, int, int]]:
        """The same for text that is `spaced`, with where each word starts and ends."""
        found = self._by_kind[kind].pre_tokenize(text).tokens
        return [(t.position, t.text, t.char_offset_from, t.char_offset_to) for t in found]
