"""From a query text to tokens: words, phrases, operators, brackets, fields, tags and intervals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.identifiers import normalise_doi
from index.analysis import clean


class Mark(StrEnum):
    """What a token is."""

    WORD = "word"
    PHRASE = "phrase"
    AND = "and"
    OR = "or"
    NOT = "not"
    OPEN = "open"
    CLOSE = "close"
    FIELD = "field"
    """`title:` before what it applies to."""
    TAG = "tag"
    """`[ti]` after what it applies to."""
    INTERVAL = "interval"
    """`[2015 TO 2020]`; the text is `2015:2020`."""
    DOI = "doi"
    STRAY = "stray"
    """A quotation mark without a partner."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the query text and what it is."""

    mark: Mark
    text: str


_TOKEN = re.compile(
    r"""
      (?P<interval>[\[{]\s*(?P<low>[^\[\]{}\s]{1,30})\s+TO\s+(?P<high>[^\[\]{}\s]{1,30})\s*[\]}])
    | (?P<doi>(?:(?:doi:|https?://(?:dx\.)?doi\.org/)\s*)?10\.\d{4,9}(?:\.\d{1,9}){0,3}/[^\s"\[\]{}*]+(?!\*))
    | \[(?P<tag>[^\[\]"()]{1,60})\]
    | (?P<open>\() | (?P<close>\))
    | "(?P<phrase>[^"]*)"
    | (?P<stray>["\[\]{}])
    | (?<![^\s(])(?P<minus>-)(?=[\w"(])(?!\w+-(?:\s|$))
      (?!(?:(?<=(?-i:and)\s-)|(?<=(?-i:or)\s-)|(?<=,\s-))\d)  # in lists: `caspase-3, -8 and -9`
      (?!\d+(?:,|(?-i:,?\s(?:and|or)))\s-\d)
    | (?<![^\s(])\+(?=[\w"(])
    | (?P<field>[A-Za-z][A-Za-z_]{1,30}):(?=[^\s:)\]])(?!//)
    | (?P<word>[^\s()\[\]{}"]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OPERATORS = {
    "AND": Mark.AND,
    "&": Mark.AND,
    "&&": Mark.AND,
    "OR": Mark.OR,
    "|": Mark.OR,
    "||": Mark.OR,
    "NOT": Mark.NOT,
}
_PUBMED_DATES = re.compile(
    r'"?([\d/]{4,10})"?\s*(\[[^\[\]]{1,40}\])\s*:\s*"?([\d/]{4,10})"?\s*\[[^\[\]]{1,40}\]'
)
_EDGES = ".,;:!?'’‘…"


def tokens(text: str) -> Iterator[Token]:
    """The tokens of any text; nothing in it is an error."""
    text = _PUBMED_DATES.sub(r"\1:\3\2", clean(text))
    place = 0
    while match := _TOKEN.search(text, place):
        place = match.end()
        group = match.lastgroup
        if group == "high":  # the last group that took part is the innermost of an interval
            group = "interval"
        if group == "doi":
            doi = _trimmed(match["doi"])
            place = match.start() + len(doi)
            yield Token(Mark.DOI, normalise_doi(doi) or doi)
        elif group == "interval":
            yield Token(Mark.INTERVAL, f"{match['low']}:{match['high']}")
        elif group == "word":
            yield from _word(match["word"])
        elif group is not None:
            yield from _structure(group, match[group])


def _structure(group: str, text: str) -> Iterator[Token]:
    match group:
        case "minus":
            yield Token(Mark.NOT, "-")
        case "stray" if text != '"':
            return
        case _:
            yield Token(Mark(group), text.strip())


def _word(text: str) -> Iterator[Token]:
    if text in _OPERATORS:
        yield Token(_OPERATORS[text], text)
        return
    bare = text.strip(_EDGES)
    if any(character.isalnum() for character in bare):
        yield Token(Mark.WORD, bare)


def _trimmed(doi: str) -> str:
    """`doi` without the punctuation of the sentence or brackets that it stands in."""
    extra = {close: doi.count(close) - doi.count(open_) for open_, close in ("()", "<>")}
    end = len(doi)
    while doi[end - 1] in ".,;" or extra.get(doi[end - 1], 0) > 0:
        if doi[end - 1] in extra:
            extra[doi[end - 1]] -= 1
        end -= 1
    return doi[:end]
