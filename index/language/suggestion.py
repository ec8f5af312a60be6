"""Did you mean: the query with its likely slips of spelling mended.

A word is thought to be a slip when hardly any paper has it while a word one or two slips away is frequent, or
stands in our own tables of names and plain words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from domain.query import Phrase, Query, Reading, Sort, Synonyms, Word
from index.analysis import clean, is_content
from index.engine import Engine, Spelling
from index.fields import FIELD, Kind
from index.language.slips import (
    SHORTEST,
    alike,
    allowed,
    are_two_drugs,
    drawn_together,
    is_known,
    slips_between,
)
from index.language.spelling import parts, spellings
from index.language.synonyms import is_foreign
from index.language.tree import leaves

MAX_WORDS = 10
"""Of one query so many words are looked up."""
RARE = 5
"""A word in more papers than this is no slip."""
TIMES = 50
"""How much more frequent the right word must be than one that occurs."""
COMMON = 20
"""A word that our tables do not have is offered only if it is in so many papers."""
_SHORT = 5
"""Of words below this length only those of our tables are offered: they are like too many others."""
_NEVER = frozenset(
    ("rape", "raped", "rapes", "tits", "flot", "nivo", "port", "ports", "boob", "boobs", "balls")
)
"""Never mended: what would be offered mocks who asks, or is another subject."""
_MENDED = 4
_WORD = re.compile(r"[^\W_]+")
_ACCENTED = re.compile("[à-öø-ÿ]")


@dataclass(frozen=True, slots=True)
class _Candidate:
    word: str
    papers: int
    slips: int
    known: bool

    def likelihood(self, typed: str) -> tuple[float, str]:
        """A slip more counts as much as being `TIMES` rarer; swapped letters are the commonest slip."""
        worth = log(self.papers + 1) + log(TIMES) * (self.known - self.slips)
        return worth + 2 * (sorted(self.word) == sorted(typed)), self.word


def suggest(engine: Engine, reading: Reading, query: Query) -> str:
    """The query's text with its rare words replaced by like ones that occur; empty where all are known."""
    text = clean(query.text)
    doubtful = _doubtful(reading, text)
    if not doubtful or _is_abroad(reading, text):
        return ""
    found = engine.spellings(doubtful)
    better = {word: best for word in doubtful if (best := _best(word, found.get(word, ())))}
    mended = {
        word: best.word for word, best in list(better.items())[:_MENDED] if _is_rare(engine, word, best)
    }
    if sum(word not in better and not _occurs(word, found) for word in doubtful) > len(mended):
        return ""  # most of the words are of another language, or of another subject than ours
    suggestion = _WORD.sub(lambda match: _as_typed(match[0], mended), text)
    return suggestion if suggestion != text else ""


def _is_abroad(reading: Reading, text: str) -> bool:
    """Whether a query is in another language: by a name in it, or by accents that are in no person's name."""
    accented = any(word.islower() and _ACCENTED.search(word) for word in _WORD.findall(text))
    return accented or any(is_foreign(group.written) for group in reading.synonyms)


def _occurs(word: str, found: Mapping[str, Sequence[Spelling]]) -> bool:
    return any(spelling.word == word for spelling in found.get(word, ()))


def _doubtful(reading: Reading, text: str) -> list[str]:
    """The folded words that may hold a slip: of letters alone, no names of authors, no codes."""
    shouted = text.isupper() and " " in text.strip()
    found: dict[str, None] = {}
    for typed in _typed(reading):
        word = _folded(typed)
        if (
            len(word) >= SHORTEST
            and typed.isascii()  # with accents it is of another language
            and (shouted or not typed.isupper())
            and is_content(word)
            and not is_known(word)
            and word not in _NEVER
        ):
            found[word] = None
            if len(found) == MAX_WORDS:
                break
    return list(found)


def _typed(reading: Reading) -> Iterator[str]:
    """The words that were asked of prose; beside the number of a paper those of its reference were not."""
    for leaf, _ in leaves(reading.node, ranking=not reading.strict):
        match leaf:
            case Synonyms(key=key, written=text) if key.startswith("spelling:"):
                yield from _WORD.findall(text)
            case Word(text, field, False) | Phrase(text, field) if (
                not field or FIELD[field].kind is Kind.TEXT
            ):
                yield from _WORD.findall(text)


def _folded(word: str) -> str:
    """The word as it is indexed, if it is written in Latin letters."""
    folded = "".join(parts(word))
    return folded if folded.isascii() and folded.isalpha() else ""


def _best(word: str, found: Iterable[Spelling]) -> _Candidate | None:
    """The likeliest right spelling, if there is any."""
    papers = {spelling.word: spelling.papers for spelling in found}
    own = papers.pop(word, 0)
    if own > RARE:
        return None
    if name := "" if own else drawn_together(word):
        return _Candidate(name, 0, 1, known=True)
    known, limit = alike(word), 1 if own else allowed(word)
    slips = {other: slips_between(word, other) for other in papers} | dict(known)
    candidates = [
        _Candidate(other, papers.get(other, 0), count, other in known)
        for other, count in slips.items()
        if count <= limit
        and spellings(other) != spellings(word)
        and not are_two_drugs(word, other)
        and papers.get(other, 0) >= own * TIMES
        and _is_fit(word, other, papers.get(other, 0), other in known)
    ]
    return max(candidates, key=lambda candidate: candidate.likelihood(word), default=None)


def _is_fit(word: str, other: str, papers: int, known: bool) -> bool:
    """Whether a word may be offered: it says something, and is ours or common."""
    if not is_content(other):
        return False
    return known or (papers >= COMMON and min(len(word), len(other)) >= _SHORT)


def _is_rare(engine: Engine, word: str, best: _Candidate) -> bool:
    """Whether hardly any paper has the word in any form or place: it may be a name, or a plural."""
    own, _ = engine.find(Word(word), Query(), Sort.RELEVANCE, 1)
    return own == 0 or (own <= RARE and best.papers >= own * TIMES)


def _as_typed(word: str, mended: dict[str, str]) -> str:
    """The right word, in capitals where the wrong one was."""
    better = mended.get(_folded(word))
    if better is None:
        return word
    if word.isupper():
        return better.upper()
    return better.capitalize() if word[0].isupper() else better
