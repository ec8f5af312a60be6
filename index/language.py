"""The query language: any text becomes a `Reading`, the same for every engine.

Grammar, loosest first; a reader's view with examples is docs/search.md.

    query   = part (OR part)*
    part    = item ((AND)? item)*
    item    = NOT item | field:item | item[tag] | ( query ) | "phrase" | word | prefix* | interval

What does not fit is searched as words, and a note says so. A text of words alone is a plain list: up to three
content words must all occur; of more, any may, and papers with more of them and rarer ones come first. Asking
long questions for every word, or for most, finds nothing (measured: DECISIONS.md).
"""

import re
from dataclasses import dataclass, field

from domain.identifiers import normalise_pmcid, normalise_pmid
from domain.paper import unique
from domain.query import And, Node, Not, Or, Phrase, Range, Reading, Word
from index.analysis import STOP_WORDS, is_content
from index.bounds import read_bounds
from index.fields import FIELD, Field, Kind, find_fields
from index.grammar import Mark, Token, tokens
from index.tidy import MIN_PREFIX, tidy

Fields = tuple[str, ...]

ALL_WORDS = 3
"""A plain list of up to so many content words asks for all of them."""
MAX_TEXT = 64 * 1024


def parse_query(text: str, literal: frozenset[str] = frozenset()) -> Reading:
    """Read `text`; never fails, and reads the same text always alike.

    Groups of synonyms whose key is in `literal` are not widened; `*` stands for all of them.
    """
    if number := _number_alone(text):
        return Reading(number)
    notes: list[str] = []
    found = tidy(tokens(text[:MAX_TEXT]), notes)
    plain = all(token.mark in _PLAIN for token in found)
    meaning = ""
    if plain:
        texts = [token.text for token in found if token.mark is Mark.WORD]
        node, meaning = _plain_list(texts), " ".join(texts)
    else:
        node = _Reader(notes).read(found)
    if node is None and text.strip():
        notes.append("There was nothing to search for in this text, so all papers are shown.")
    return Reading(node, unique(notes), meaning=meaning if node else "", strict=not plain)


_PLAIN = {Mark.WORD, Mark.OPEN, Mark.CLOSE}
"""Brackets around words alone are punctuation."""


def _number_alone(text: str) -> Node | None:
    """A PubMed id is the only identifier that looks like any number; alone, it is one, or the number."""
    bare = text.strip()
    if not re.fullmatch(r"(?i)(?:pmid:?\s*)?\d{5,9}", bare) or not (pmid := normalise_pmid(bare)):
        return None
    return Word(pmid, "pmid") if not bare.isdigit() else Or((Word(pmid, "pmid"), Word(bare)))


def _plain_list(texts: list[str]) -> Node | None:
    words = unique(texts)
    content = [word for word in words if is_content(word)] or [w for w in words if w not in STOP_WORDS]
    nodes = tuple(_plain_word(word) for word in content)
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return And(nodes) if len(nodes) <= ALL_WORDS else Or(nodes)


def _plain_word(text: str) -> Node:
    if text[:3].upper() == "PMC" and (pmcid := normalise_pmcid(text)):
        return Word(pmcid, "pmcid")
    return to_word(text, None)


def to_word(text: str, name: str | None) -> Node:
    """A word as typed, which a star may end, in one field or anywhere."""
    start, star, _ = text.partition("*")
    if star and sum(map(str.isalnum, start)) >= MIN_PREFIX:
        return Word(start, name, prefix=True)
    return Word(text.replace("*", " ").strip(), name)


def to_node(text: str, fields: Fields, *, phrase: bool = False) -> Node | None:
    """`text` in `fields`, or anywhere; None where a year or date is wanted and `text` is not one."""
    parts = [_in_field(text, FIELD[name], phrase=phrase) for name in fields]
    readable = tuple(part for part in parts if part is not None)
    if not fields:
        return Phrase(text) if phrase else _plain_word(text)
    if len(readable) > 1:
        return Or(readable)
    return readable[0] if readable else None


def _in_field(text: str, row: Field, *, phrase: bool) -> Node | None:
    if row.kind in (Kind.NUMBER, Kind.DATE):
        bounds = read_bounds(row.kind, text)
        return Range(row.name, *bounds) if bounds else None
    if row.kind is Kind.KEYWORD:
        values = row.meanings.get(row.code(text))
        if values and len(values) > 1:
            return Or(tuple(Word(value, row.name) for value in values))
        return Word(values[0], row.name) if values else to_word(text, row.name)
    return Phrase(text, row.name) if phrase else to_word(text, row.name)


@dataclass(slots=True)
class _Group:
    """What stands between two brackets, as far as it has been read."""

    fields: Fields | None = None
    """The field that the whole bracket was asked of."""
    negated: bool = False
    alternatives: list[list[Node]] = field(default_factory=lambda: [[]])
    loose: int = 0
    """How many items at the end are words that a tag after them would apply to."""
    negate: bool = False
    dangling: str = ""
    """The operator just read, while nothing follows it."""

    def add(self, node: Node, *, loose: bool = False) -> None:
        if self.negate:
            node = node.part if isinstance(node, Not) else Not(node)
        self.negate, self.dangling = False, ""
        self.alternatives[-1].append(node)
        self.loose = self.loose + 1 if loose else 0

    def node(self) -> Node | None:
        parts = [_joined(And, items) for items in self.alternatives if items]
        node = _joined(Or, parts) if parts else None
        return Not(node) if node and self.negated else node


def _joined(connect: type[And] | type[Or], parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else connect(tuple(parts))


class _Reader:
    """Reads tidied tokens from left to right, with a stack of the brackets that are open."""

    def __init__(self, notes: list[str]) -> None:
        self.notes = notes
        self.stack = [_Group()]
        self.fields: Fields | None = None
        """The field just named, while its value is awaited."""
        self.name = ""

    def read(self, found: list[Token]) -> Node | None:
        for token in found:
            if self.fields is not None and token.mark not in _VALUES:
                self.unanswered()
            _STEPS[token.mark](self, token.text)
        if self.fields is not None:
            self.unanswered()
        self.finish()
        return self.stack[0].node()

    def unanswered(self) -> None:
        """A field without a value is a word like others."""
        self.notes.append(f"Nothing follows “{self.name}:”, so it was searched as a word.")
        self.fields = None
        self.value(self.name, phrase=False)

    def finish(self) -> None:
        group = self.stack[-1]
        if group.dangling:
            self.notes.append(f"Nothing follows “{group.dangling}”, so it was left out.")

    def field(self, name: str) -> None:
        self.fields, self.name = find_fields(name) or (), name

    def value(self, text: str, *, phrase: bool) -> None:
        group = self.stack[-1]
        fields = self.fields if self.fields is not None else group.fields
        loose = fields is None and not phrase
        self.fields = None
        node = to_node(text, fields or (), phrase=phrase)
        if node is None:
            self.notes.append(f"“{text}” is not a year or a date, so it was searched as words.")
            node = to_node(text, (), phrase=phrase)
        if node is not None:
            group.add(node, loose=loose)

    def word(self, text: str) -> None:
        self.value(text, phrase=False)

    def phrase(self, text: str) -> None:
        if any(character.isalnum() for character in text):
            self.value(text, phrase=True)
        else:
            self.fields = None

    def doi(self, text: str) -> None:
        self.fields = None
        self.stack[-1].add(Word(text, "doi"))

    def open(self, _: str) -> None:
        outer = self.stack[-1]
        fields = self.fields if self.fields is not None else outer.fields
        self.stack.append(_Group(fields, outer.negate))
        self.fields, outer.negate = None, False

    def close(self, _: str) -> None:
        self.finish()
        node = self.stack.pop().node()
        if node is not None:
            self.stack[-1].add(node)

    def both(self, operator: str) -> None:
        self.join(operator)

    def either(self, operator: str) -> None:
        group = self.stack[-1]
        if self.join(operator):
            group.alternatives.append([])

    def join(self, operator: str) -> bool:
        """Whether there is something for an operator to join."""
        group = self.stack[-1]
        ready = bool(group.alternatives[-1]) and not group.dangling
        if not ready:
            self.notes.append(f"There is nothing for “{operator}” to join, so it was left out.")
        else:
            group.dangling, group.loose = operator, 0
        return ready

    def without(self, operator: str) -> None:
        group = self.stack[-1]
        group.negate, group.dangling, group.loose = not group.negate, operator, 0

    def tag(self, name: str) -> None:
        group, fields = self.stack[-1], find_fields(name) or ()
        items = group.alternatives[-1]
        if not items or group.dangling:
            self.notes.append(f"There is nothing before “[{name}]” that it could apply to.")
            return
        count = group.loose or 1
        if fields and FIELD[fields[0]].kind in (Kind.NUMBER, Kind.DATE):
            count = 1
        run = items[-count:]
        items[-count:] = [self.tagged(run, fields)]
        group.loose = 0

    def tagged(self, run: list[Node], fields: Fields) -> Node:
        first = run[0]
        if isinstance(first, Not):
            return Not(self.tagged([first.part, *run[1:]], fields))
        texts = [node.text for node in run if isinstance(node, Word)]
        whole = fields and FIELD[fields[0]].kind in (Kind.NAME, Kind.KEYWORD)
        if len(run) > 1 and len(texts) == len(run) and whole:
            return to_node(" ".join(texts), fields, phrase=True) or _joined(And, run)
        return _joined(And, [self.moved(node, fields) for node in run])

    def moved(self, node: Node, fields: Fields) -> Node:
        """`node`, asked of `fields` wherever it was asked of none."""
        match node:
            case And(parts):
                return And(tuple(self.moved(part, fields) for part in parts))
            case Or(parts):
                return Or(tuple(self.moved(part, fields) for part in parts))
            case Not(part):
                return Not(self.moved(part, fields))
            case Word(text, None, prefix):
                return self.placed(node, text + "*" * prefix, fields, phrase=False)
            case Phrase(text, None):
                return self.placed(node, text, fields, phrase=True)
        return node

    def placed(self, node: Node, text: str, fields: Fields, *, phrase: bool) -> Node:
        placed = to_node(text, fields, phrase=phrase)
        if placed is None:
            self.notes.append(f"“{text}” is not a year or a date, so it was searched as words.")
        return placed or node


_VALUES = {Mark.WORD, Mark.PHRASE, Mark.OPEN, Mark.INTERVAL, Mark.DOI}
_STEPS = {
    Mark.WORD: _Reader.word,
    Mark.PHRASE: _Reader.phrase,
    Mark.INTERVAL: _Reader.word,
    Mark.DOI: _Reader.doi,
    Mark.FIELD: _Reader.field,
    Mark.TAG: _Reader.tag,
    Mark.OPEN: _Reader.open,
    Mark.CLOSE: _Reader.close,
    Mark.AND: _Reader.both,
    Mark.OR: _Reader.either,
    Mark.NOT: _Reader.without,
}
