"""The field table as a tantivy schema."""

from hashlib import sha256

import tantivy

from index.analysis import STOP_WORDS
from index.embedded.analysers import NAME, NONE, TEXT
from index.fields import FIELDS, SUBJECT, Field, Kind

_VERSION = 5
"""Raise it when values, analysis, documents, mentions or this module change; that of the table is noticed."""

KEY = "key"
"""The paper's id as a number, which the engine can hand out by the thousand."""
POSITION = "position"
"""Set on the one document that is no paper but says how far the index is up to date."""
ORDER = "order"
"""Rises with the date of publication; papers of one day are told apart by their id."""
SHOWN = "shown"
"""What a hit shows: title, then abstracts."""

_ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_DIGITS = bytes.maketrans(_ID_LETTERS.encode(), b"0123456789abcdefghijklmnopqrstuv")
_PAIRS = tuple(first + second for first in _ID_LETTERS for second in _ID_LETTERS)


def schema_version() -> str:
    """Tells an index made otherwise, which starts anew and is filled from the change log."""
    table = [(row.name, row.kind, row.everywhere, bool(row.weight), row.facet) for row in FIELDS]
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
    builder.add_integer_field(POSITION, stored=True, fast=True)
    builder.add_integer_field(KEY, indexed=True, fast=True)  # unsigned, it could not be deleted by
    builder.add_unsigned_field(ORDER, fast=True)
    builder.add_text_field(SHOWN, stored=True, tokenizer_name=NONE, index_option="basic")
    builder.add_text_field(SUBJECT, tokenizer_name=TEXT)
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
        builder.add_unsigned_field(row.name, fast=True)
    if row.facet and row.kind is not Kind.KEYWORD:
        builder.add_text_field(facet_name(row), fast=True, tokenizer_name="raw", index_option="basic")


def paper_key(paper_id: str) -> int:
    """A work's id, ten letters of five bits each after the first, as a number."""
    return int(paper_id[1:].encode().translate(_DIGITS), 32)


def key_paper(key: int) -> str:
    """The work's id that the number stands for."""
    pairs = _PAIRS
    return (
        f"f{pairs[key >> 40]}{pairs[key >> 30 & 1023]}{pairs[key >> 20 & 1023]}"
        f"{pairs[key >> 10 & 1023]}{pairs[key & 1023]}"
    )
