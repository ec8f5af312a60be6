"""The field table as a tantivy schema, and a paper as a document."""

import json
from hashlib import sha256
from itertools import chain

import tantivy

from domain.ports import Indexable
from index.analysers import NAME, TEXT
from index.analysis import STOP_WORDS, clean, spaced
from index.fields import FIELDS, Field, Kind, date_number, facet_values

_VERSION = 1
"""Raise it when values, analysis or this module change; a change of the field table is noticed."""

ANYWHERE = "anywhere"
"""The field that holds every word a search without a field can find."""
PAPER_ID = "paper_id"
KEY = "key"
"""The paper's id as a number, which the engine can hand out by the thousand."""
POSITION = "position"
"""Set on the one document that is no paper but says how far the index is up to date."""
ORDER = "order"
"""Rises with the date of publication; papers of one day are told apart by their id."""
SHOWN = "shown"
"""What a hit shows, as JSON: title, then abstracts."""

_ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def schema_version() -> str:
    """Tells an index made otherwise, which starts anew and is filled from the change log."""
    table = [(row.name, row.kind, row.everywhere, row.facet) for row in FIELDS]
    return f"{_VERSION}-{sha256(repr((table, sorted(STOP_WORDS))).encode()).hexdigest()[:8]}"


def exact_name(row: Field) -> str:
    """The field that has the unstemmed words of `row`, for prefixes."""
    return f"{row.name}_exact" if row.kind is Kind.TEXT else row.name


def facet_name(row: Field) -> str:
    """The field that `row`'s facet is counted in."""
    return row.name if row.kind is Kind.KEYWORD else f"{row.name}_facet"


def build_schema() -> tantivy.Schema:
    """The schema of the field table."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(PAPER_ID, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field(POSITION, stored=True, indexed=True, fast=True)
    builder.add_unsigned_field(KEY, indexed=True, fast=True)
    builder.add_unsigned_field(ORDER, indexed=True, fast=True)
    builder.add_bytes_field(SHOWN, stored=True)
    builder.add_text_field(ANYWHERE, tokenizer_name=TEXT)
    for row in FIELDS:
        _add_field(builder, row)
    return builder.build()


def _add_field(builder: tantivy.SchemaBuilder, row: Field) -> None:
    if row.kind is Kind.TEXT:
        builder.add_text_field(row.name, tokenizer_name=TEXT)
        builder.add_text_field(exact_name(row), tokenizer_name=NAME, index_option="basic")
    elif row.kind is Kind.NAME:
        builder.add_text_field(row.name, tokenizer_name=NAME)
    elif row.kind is Kind.KEYWORD:
        builder.add_text_field(row.name, fast=row.facet, tokenizer_name="raw", index_option="basic")
    else:
        builder.add_unsigned_field(row.name, indexed=True, fast=True)
    if row.facet and row.kind is not Kind.KEYWORD:
        builder.add_text_field(facet_name(row), fast=True, tokenizer_name="raw", index_option="basic")


def to_document(item: Indexable) -> tantivy.Document:
    """A paper as the index keeps it."""
    document = tantivy.Document()
    document.add_text(PAPER_ID, item.paper.id)
    document.add_unsigned(KEY, paper_key(item.paper.id))
    document.add_unsigned(ORDER, order_number(item))
    document.add_bytes(SHOWN, json.dumps(_shown(item), ensure_ascii=False).encode())
    for row in FIELDS:
        _add_values(document, row, item)
    return document


def _add_values(document: tantivy.Document, row: Field, item: Indexable) -> None:
    for value in row.values(item):
        if isinstance(value, int):
            document.add_unsigned(row.name, value)
        elif row.kind is Kind.KEYWORD:
            if not row.facet:
                document.add_text(row.name, clean(row.code(value)))
        else:
            text = spaced(clean(value))
            document.add_text(row.name, text)
            if row.kind is Kind.TEXT:
                document.add_text(exact_name(row), text)
        if row.everywhere and isinstance(value, str):
            document.add_text(ANYWHERE, spaced(clean(value)))
    if row.facet:
        for counted in facet_values(row, item):
            document.add_text(facet_name(row), clean(counted))


def position_document(position: int) -> tantivy.Document:
    """The document that says how far the index is up to date; replaced in the same commit as the data."""
    document = tantivy.Document()
    document.add_integer(POSITION, position)
    return document


def paper_key(paper_id: str) -> int:
    """A work's id, ten letters of five bits each after the first, as a number."""
    number = 0
    for letter in paper_id[1:]:
        number = number << 5 | _ID_LETTERS.index(letter)
    return number


def key_paper(key: int) -> str:
    """The work's id that the number stands for."""
    return "f" + "".join(_ID_LETTERS[key >> shift & 31] for shift in range(45, -5, -5))


def order_number(item: Indexable) -> int:
    """Later papers have higher numbers; of one day, the id that sorts first has the highest."""
    published = date_number(item.paper.primary.published or "")
    rank = 0
    for character in item.paper.id[1:9].ljust(8):
        rank = rank << 5 | max(0, _ID_LETTERS.find(character))
    return published << 36 | ((1 << 40) - 1 - rank) >> 4


def _shown(item: Indexable) -> list[str]:
    abstracts = (abstract for version in item.paper.versions for abstract in version.abstracts)
    texts = chain([item.paper.title], (abstract.text for abstract in abstracts))
    return list(dict.fromkeys(clean(text) for text in texts))
