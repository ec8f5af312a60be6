"""How a query was read, in words, and the addresses that have it read in another way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from domain.paper import unique
from domain.query import Node, Or, Preferring, Query, Range, Reading, Sort, Synonyms, Word
from index.language.parsing import parse_query
from index.language.tree import leaves, timeless
from web.params import ALL, query_string
from web.search.wording import INSIDE, are_numbers, describe, outline

COMPLETE = 0.98
"""The share of papers from which on nobody misses the others."""
LONGEST = 600
"""A longer sentence explains nothing: the parts are told one by one."""
MOST = 20
"""So many of them, or so many words."""


@dataclass(frozen=True, slots=True)
class Group:
    """Words that have other names, and the address of the search with these switched off, or on again."""

    key: str
    label: str
    written: str
    wordings: tuple[str, ...]
    source: str
    on: bool
    switch: str
    unwanted: bool = False
    """It only keeps papers out, so that its other names keep out more."""

    @property
    def others(self) -> tuple[str, ...]:
        """The names beside the one that was written."""
        written = self.written.casefold()
        return tuple(name for name in self.wordings if name.casefold() != written)


@dataclass(frozen=True, slots=True)
class Understood:
    """What the page tells of how a query was read."""

    words: str
    """The query in a sentence; empty where there is nothing to explain, and where it is too long for one."""
    outline: tuple[str, ...]
    """Then what each paper must have, part by part."""
    groups: tuple[Group, ...]
    all_off: str
    """The address with all groups switched off."""
    all_on: str
    any_on: bool
    any_off: bool
    meaning: str
    """Whether papers close in meaning were looked for: `on`, `off`, `missing` or `preparing`; empty where
    nobody asks."""
    switch_meaning: str
    coverage: tuple[int, int] | None
    """How many papers of how many can be compared by meaning, where most cannot be left unsaid."""
    strict: bool
    """Whether a paper must have exactly what was asked for."""
    alone: str = ""
    """The address of a search for the words without what joins, quotes or places them; empty where they are
    many, or would be read as operators."""
    numbers: bool = False
    """Whether nothing but papers, trials or people of certain numbers were asked for."""

    def __bool__(self) -> bool:
        return bool(self.words or self.outline or self.groups or self.meaning)


def understood(
    reading: Reading, query: Query, *, able: bool, coverage: tuple[int, int] | None = None
) -> Understood:
    """How `query` was read; `able` says whether papers can be compared by meaning at all.

    `coverage` says how many papers of how many can be, where that is known.
    """
    off = {group.key for group in reading.synonyms if {group.key, ALL} & (query.literal | reading.literal)}
    unwanted = _unwanted(reading.node)
    groups = tuple(_group(group, query, off, unwanted) for group in reading.synonyms)
    words = describe(reading.node)
    meaning = _meaning(reading, query, able=able, none=coverage is not None and not coverage[0])
    return Understood(
        words=words if len(words) <= LONGEST else "",
        outline=_outline(reading.node) if len(words) > LONGEST else (),
        groups=groups,
        all_off=query_string(_literal(query, {ALL})),
        all_on=query_string(_literal(query, set())),
        any_on=len(off) < len(groups),
        any_off=bool(off),
        meaning=meaning,
        switch_meaning=query_string(replace(query, meaning=not query.meaning)),
        coverage=coverage if meaning == "on" and coverage and _gaps(*coverage) else None,
        strict=reading.strict,
        alone=_alone(reading, query),
        numbers=are_numbers(reading.node),
    )


def _outline(node: Node | None) -> tuple[str, ...]:
    parts = outline(node)
    return parts if len(parts) <= MOST else (*parts[:MOST], f"{len(parts) - MOST} more conditions")


def _alone(reading: Reading, query: Query) -> str:
    words = unique(" ".join(_words(reading.node)).split()) if reading.strict else ()
    text = " ".join(words)
    if not 0 < len(words) <= MOST or parse_query(text).strict:
        return ""
    return query_string(replace(query, text=text))


def _words(node: Node | None) -> Iterator[str]:
    """What a paper's own words are asked for, and not denied."""
    for leaf, denials in leaves(node):
        if not denials and not isinstance(leaf, Range) and (leaf.field is None or leaf.field in INSIDE):
            text = leaf.written if isinstance(leaf, Synonyms) else leaf.text
            yield f"{text}*" if isinstance(leaf, Word) and leaf.prefix else text


def _gaps(compared: int, papers: int) -> bool:
    """Whether so many papers cannot be compared that a reader should know; a few are only new."""
    return compared < COMPLETE * papers


def _group(group: Synonyms, query: Query, off: set[str], unwanted: frozenset[str]) -> Group:
    return Group(
        key=group.key,
        label=group.label,
        written=group.written,
        wordings=group.wordings,
        source=group.source,
        on=group.key not in off,
        switch=query_string(_literal(query, off ^ {group.key})),
        unwanted=group.key in unwanted,
    )


def _unwanted(node: Node | None) -> frozenset[str]:
    """The keys of the groups that are only kept out; what is denied twice is asked for."""
    asked = {(leaf.key, denials % 2) for leaf, denials in leaves(node) if isinstance(leaf, Synonyms)}
    return frozenset(key for key, denied in asked if denied and (key, 0) not in asked)


def _literal(query: Query, keys: set[str]) -> Query:
    return replace(query, literal=frozenset(keys))


def _meaning(reading: Reading, query: Query, *, able: bool, none: bool) -> str:
    if not reading.meaning or query.sort is not Sort.RELEVANCE:
        return ""
    if not query.meaning:
        return "off"
    if able and not none:
        return "on"
    if reading.strict:  # the papers are the same with it
        return ""
    return "preparing" if able else "missing"


def found_words(total: int, reading: Reading) -> str:
    """What the papers found are, to be read after their number.

    >>> found_words(1, Reading(Word("breast"), meaning="breast"))
    'paper has this word'
    """
    papers, have = ("paper", "has") if total == 1 else ("papers", "have")
    if reading.strict or not reading.meaning:
        return papers
    node = timeless(reading)
    if isinstance(node, Or | Preferring):
        return f"{papers} {have} some of these words"
    return f"{papers} {have} {'this word' if isinstance(node, Word) else 'these words'}"
