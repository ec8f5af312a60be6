"""How a query was read, in words, and the addresses that have it read in another way."""

from dataclasses import dataclass, replace

from domain.query import And, Node, Not, Or, Phrase, Query, Range, Reading, Sort, Synonyms, Word
from web.params import query_string

ALL = "*"
"""Stands for the keys of all groups of synonyms."""
LONGEST = 600
"""A longer description explains nothing."""


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

    @property
    def others(self) -> tuple[str, ...]:
        """The names beside the one that was written."""
        written = self.written.casefold()
        return tuple(name for name in self.wordings if name.casefold() != written)


@dataclass(frozen=True, slots=True)
class Understood:
    """What the page tells of how a query was read."""

    words: str
    """The query in a sentence; empty where there is nothing to explain."""
    groups: tuple[Group, ...]
    all_off: str
    """The address with all groups switched off."""
    all_on: str
    any_on: bool
    any_off: bool
    meaning: str
    """Whether papers close in meaning were looked for: `on`, `off` or `missing`; empty where nobody asks."""
    switch_meaning: str
    strict: bool
    """Whether a paper must have exactly what was asked for."""

    def __bool__(self) -> bool:
        return bool(self.words or self.groups or self.meaning)


def understood(reading: Reading, query: Query, *, able: bool) -> Understood:
    """How `query` was read; `able` says whether papers can be compared by meaning at all."""
    off = {group.key for group in reading.synonyms if {group.key, ALL} & (query.literal | reading.literal)}
    groups = tuple(_group(group, reading, query, off) for group in reading.synonyms)
    words = describe(reading.node)
    return Understood(
        words=words if len(words) <= LONGEST else "",
        groups=groups,
        all_off=query_string(_literal(query, {ALL})),
        all_on=query_string(_literal(query, set())),
        any_on=len(off) < len(groups),
        any_off=bool(off),
        meaning=_meaning(reading, query, able=able),
        switch_meaning=query_string(replace(query, meaning=not query.meaning)),
        strict=reading.strict,
    )


def _group(group: Synonyms, reading: Reading, query: Query, off: set[str]) -> Group:
    return Group(
        key=group.key,
        label=group.label,
        written=group.written,
        wordings=group.wordings,
        source=group.source,
        on=group.key not in off,
        switch=query_string(_literal(query, off ^ {group.key})),
    )


def _literal(query: Query, keys: set[str]) -> Query:
    return replace(query, literal=frozenset(keys))


def _meaning(reading: Reading, query: Query, *, able: bool) -> str:
    if not query.meaning:
        return "off"
    if not reading.meaning or query.sort is not Sort.RELEVANCE:
        return ""
    return "on" if able else "missing"


def found_words(total: int, reading: Reading) -> str:
    """What the papers found are, to be read after their number.

    >>> found_words(1, Reading(Word("breast"), meaning="breast"))
    'paper has this word'
    """
    papers, have = ("paper", "has") if total == 1 else ("papers", "have")
    if reading.strict or not reading.meaning:
        return papers
    if isinstance(reading.node, Or):
        return f"{papers} {have} some of these words"
    return f"{papers} {have} {'this word' if isinstance(reading.node, Word) else 'these words'}"


def describe(node: Node | None) -> str:
    """The tree as one line.

    >>> describe(And((Word("breast"), Not(Phrase("case report")))))
    '“breast” and not the phrase “case report”'
    """
    return "" if node is None else _describe(node, 0)


def _describe(node: Node, depth: int) -> str:
    match node:
        case Word():
            words = f"words beginning with “{node.text}”" if node.prefix else f"“{node.text}”"
            return words + _within(node.field)
        case Phrase():
            return f"the phrase “{node.text}”" + _within(node.field)
        case Synonyms():
            return f"“{node.written}” under any of its {len(node.wordings)} names" + _within(node.field)
        case Range():
            return _range(node)
        case Not():
            return f"not {_describe(node.part, depth + 1)}"
        case And() | Or():
            return _joined(node, depth)


def _joined(node: And | Or, depth: int) -> str:
    if depth > 20:
        return "…"
    word = " and " if isinstance(node, And) else " or "
    text = word.join(_describe(part, depth + 1) for part in node.parts)
    return f"({text})" if depth and len(node.parts) > 1 else text


def _range(node: Range) -> str:
    name = node.field.replace("_", " ")
    if node.low is None:
        return f"{name} up to {node.high}"
    return f"{name} from {node.low}" + (f" to {node.high}" if node.high is not None else "")


def _within(field: str | None) -> str:
    return f" in {field.replace('_', ' ')}" if field else ""
