"""From a word or a phrase of a query to a leaf of its tree."""

import re

from domain.identifiers import normalise_pmcid
from domain.query import And, Node, Not, Or, Phrase, Range, Synonyms, Word
from index.fields import FIELD, Field, Kind
from index.language.bounds import read_bounds
from index.language.habits import Fields
from index.language.qualifiers import QUALIFIERS
from index.language.tidy import MIN_PREFIX
from index.language.values import CLOSED, find_values, is_named

_HAS = {"hasabstract": "has_abstract", "hasassocdata": "has_data"}
"""PubMed's filters that stand in a query as words."""
_IDENTIFIER = re.compile(r"[A-Za-z]{2,12}[-:]?\d{5,}|\d{5,}|10\.\d{4,9}/.*")


def plain_word(text: str) -> Node:
    """A word asked of no field; a PubMed Central number is one wherever it stands."""
    if text[:3].upper() == "PMC" and (pmcid := normalise_pmcid(text)):
        return Word(pmcid, "pmcid")
    return Word("yes", _HAS[text]) if text in _HAS else to_word(text, None)


def dated(node: Node) -> Node:
    """A year among words is that of publication, or a word; so are two with a dash between them."""
    match = (
        _YEARS.fullmatch(node.text) if isinstance(node, Word) and not (node.field or node.prefix) else None
    )
    if match is None:
        return node
    return Or((Range("year", int(match[1]), int(match[2] or match[1])), node))


def undated(node: Node) -> Node:
    """`node` with each year among words as the word alone, as where it is not to be found or in a title."""
    match node:
        case Or((Range(), Word() as word)) if dated(word) == node:
            return word
        case And(parts):
            return And(tuple(map(undated, parts)))
        case Or(parts):
            return Or(tuple(map(undated, parts)))
        case Not(part):
            return Not(undated(part))
    return node


_YEARS = re.compile(r"((?:19|20)\d\d)(?:\s?(?:-|–|—|\.\.|/)\s?((?:19|20)\d\d))?")


def to_word(text: str, name: str | None) -> Word:
    """A word as typed, which a star may end, in one field or anywhere."""
    start, star, _ = text.partition("*")
    if star and sum(map(str.isalnum, start)) >= MIN_PREFIX:
        return Word(start, name, prefix=True)
    return Word(text.replace("*", " ").strip(), name)


def to_node(text: str, fields: Fields, *, phrase: bool = False) -> Node | None:
    """`text` in `fields`, or anywhere; None where a year, say, is wanted and `text` is not one."""
    if not fields:
        return Phrase(text) if phrase else plain_word(text)
    parts = [_in_field(text, FIELD[name], phrase=phrase) for name in fields]
    readable = tuple(part for part in parts if part is not None)
    return joined(Or, readable) if readable else None


def joined(connect: type[And] | type[Or], parts: tuple[Node, ...] | list[Node]) -> Node:
    """The only part, or all of them connected."""
    return parts[0] if len(parts) == 1 else connect(tuple(parts))


def is_text(fields: Fields) -> bool:
    """Whether prose is searched: anywhere, or in fields of text."""
    return all(FIELD[name].kind is Kind.TEXT for name in fields)


def wanted(fields: Fields) -> str:
    """What a value of these fields is, where not any text will do."""
    return CLOSED.get(fields[0], "a year or a date")


def subject(node: Node | None) -> str:
    """What a leaf says about the subject asked for; empty for codes, numbers and beginnings of words."""
    match node:
        case Synonyms(label=label, field=name) if name is None or is_text((name,)):
            return label
        case Word(text, name, False) | Phrase(text, name) if name is None or is_text((name,)):
            return "" if _IDENTIFIER.fullmatch(text) else text
    return ""


def _in_field(text: str, row: Field, *, phrase: bool) -> Node | None:
    if row.kind in (Kind.NUMBER, Kind.DATE):
        bounds = read_bounds(row.kind, text)
        return Range(row.name, *bounds) if bounds else None
    if row.kind is Kind.KEYWORD:
        return _coded(text, row)
    if row.name == "mesh" and "/" in text and phrase:
        return _heading(text)
    return Phrase(text, row.name) if phrase else to_word(text, row.name)


def _coded(text: str, row: Field) -> Node | None:
    if "*" in text:
        return to_word(text, row.name)
    listed = [piece.strip() for piece in text.split(",")] if "," in text else []
    if listed and all(is_named(row, piece) for piece in listed):  # `country:france,germany`
        values = tuple(value for piece in listed for value in find_values(row, piece) or ())
    else:
        values = find_values(row, text) or ()
    return joined(Or, [Word(value, row.name) for value in values]) if values else None


def _heading(text: str) -> Node | None:
    """A MeSH heading and its subheading, as PubMed writes them: `Breast Neoplasms/therapy`."""
    parts = [part.strip() for part in text.split("/")]
    parts = [parts[0], *(QUALIFIERS.get(part.lower(), part) for part in parts[1:])]
    return joined(
        And, [Phrase(part, "mesh") for part in parts if any(map(str.isalnum, part))] or [Phrase(text, "mesh")]
    )
