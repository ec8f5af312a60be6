"""Texts that are pasted as they stand and are no queries: sentences, and references to papers."""

import re

from index.analysis import QUESTION_WORDS, STOP_WORDS
from index.language.grammar import Mark, Token, tokens
from index.language.links import linked
from index.language.naming import decoded
from index.language.tidy import tidy

_LONG, _SHARE = 40, 0.12
"""A text of so many words, so large a share of which are small ones, is in sentences."""
_CITED = 0.2
"""With the number of a paper it is a reference still, up to this share: titles have small words, too."""
_FEWEST = 4
"""So many words beside the number of a paper are its reference; fewer are asked for as well."""
_AS_WORDS = "This text reads like sentences, so all of it was taken as words."
_BY_NUMBER = (
    "A paper’s number stands in this text, so that paper was looked for; only where we do not have it, "
    "papers with the other words are listed."
)
_OPERATORS = frozenset(("and", "or", "not"))
_SMALL_WORDS = (STOP_WORDS | QUESTION_WORDS) - _OPERATORS
_ASKED = re.compile(r"\b(?:AND|OR|NOT)\b|\[[a-z/ ]{2,20}\]|\b[a-z_]{2,12}:\w|\w\*")
"""How queries are written, and sentences rarely are."""
_SIGNS = re.compile(r"[\"“”„«»\[\](){}:|&*]")
_TELLING = ("/", "PM", "pm", "ubMed", "ubmed", "rXiv", "rxiv")
"""One of these is in every text that has the number of a paper, or an address: they are soon looked for."""
_NUMBER = re.compile(
    r"(?i)(?<![\w:/.-])(?:pmid:\d{1,9}|pmcid:PMC\d{1,9}|id:\"[^\"\s]+\"|PMC\d{5,9}"
    r"|(?:doi:\s?)?(?:https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/[^\s\"\[\]*{}]+(?:\s\[(?:doi|pii)\])?)"
)


def read_sentences(text: str, notes: list[str]) -> list[Token]:
    """The words of a long text in sentences, whose quotes and brackets ask for nothing; else none."""
    if not _are_sentences(text, _SHARE) or _asked(text) > 1 + len(text.split()) // 30:
        return []
    notes.append(_AS_WORDS)
    return _words(text)


def read_reference(text: str, notes: list[str]) -> tuple[str, list[Token]]:
    """The numbers of the papers that a text refers to, as a query, and its other words; else nothing."""
    if not any(sign in text for sign in _TELLING):
        return "", []
    if len(text.split()) <= _FEWEST or _are_sentences(text, _CITED):
        return "", []
    led: list[str] = []
    text = linked(decoded(text), led)
    numbers = _NUMBER.findall(text)
    rest = _NUMBER.sub(" ", text)
    if not numbers or _asked(rest) > len(rest.split()) // 30:
        return "", []
    words = _words(rest)
    if len(words) < _FEWEST:
        return "", []
    notes += [*led, _BY_NUMBER]
    return " OR ".join(number.partition(" [")[0] for number in dict.fromkeys(numbers)), words


def _are_sentences(text: str, share: float) -> bool:
    words = text.lower().split()
    return len(words) >= _LONG and sum(word in _SMALL_WORDS for word in words) >= share * len(words)


def _words(text: str) -> list[Token]:
    found = tidy(tokens(_SIGNS.sub(" ", text)), [])
    return [token for token in found if token.mark is Mark.WORD and token.text.lower() not in _OPERATORS]


def _asked(text: str) -> int:
    """How often it is written as queries are."""
    return len(_ASKED.findall(text))
