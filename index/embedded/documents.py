"""A paper as a tantivy document. This runs for every paper of a rebuild, so it is written to be quick."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec
import tantivy

from domain.errors import SearchError
from domain.identifiers import is_work_id
from domain.ports import Indexable
from index.analysis import MARK, clean
from index.contents import date_number
from index.embedded.analysers import Analysers
from index.embedded.schema import KEY, ORDER, POSITION, SHOWN, exact_name, facet_name, order_number, paper_key
from index.facets import counted
from index.fields import FIELDS, SMALL, SUBJECT, Field, Kind

_CODES = 65_536
_EMPTY = [MARK]
_encode = msgspec.json.Encoder().encode
Texts = dict[str, list[str]]
Numbers = dict[str, int]


Put = Callable[[Indexable, Texts, Numbers], Sequence[str]]
"""Puts a paper's values of one field where they are indexed, and tells them."""


def _to_put(row: Field, fold: Callable[[str], str]) -> Put:
    """All that is the same for every paper is settled here, once."""
    if row.kind in (Kind.NUMBER, Kind.DATE):
        return _number(row)
    if row.kind is Kind.KEYWORD:
        return _keyword(row)
    return _prose(row, fold)


def _number(row: Field) -> Put:
    name, values_of = row.name, row.values

    def put(item: Indexable, texts: Texts, numbers: Numbers) -> Sequence[str]:
        if not (found := values_of(item)):
            return ()
        numbers[name] = int(found[0])
        return (str(found[0]),)

    return put


def _keyword(row: Field) -> Put:
    name, values_of, code = row.name, row.values, _coded(row)

    def put(item: Indexable, texts: Texts, numbers: Numbers) -> Sequence[str]:
        if not (found := values_of(item)):
            return ()
        values = texts[name] = [code(str(value)) for value in found]
        return values

    return put


def _prose(row: Field, fold: Callable[[str], str]) -> Put:
    """Its unstemmed words have a field of their own in texts; names are not stemmed anyway."""
    name, values_of, exact = row.name, row.values, exact_name(row)

    def put(item: Indexable, texts: Texts, numbers: Numbers) -> Sequence[str]:
        if not (found := values_of(item)):
            texts[name] = _EMPTY
            return ()
        values = texts[name] = texts[exact] = [fold(str(value)) for value in found]
        return values

    return put


def _coded(row: Field) -> Callable[[str], str]:
    """Remembers the codes of facets, which are few."""

    def code(text: str) -> str:
        return clean(row.code(text))

    return lru_cache(_CODES)(code) if row.facet else code


class Documents:
    """Makes documents."""

    def __init__(self, analysers: Analysers) -> None:
        self._rows = [
            (_to_put(row, analysers.folded), row in SMALL, facet_name(row) if row.facet else "", row.name)
            for row in FIELDS
        ]

    def paper(self, item: Indexable) -> tantivy.Document:
        """The document of a paper.

        Raises:
            SearchError: its id is not one that the catalog gives.
        """
        paper = item.paper
        key = checked_key(paper.id)
        texts: Texts = {}
        numbers = {ORDER: order_number(date_number(paper.primary.published or ""), key)}
        small: list[str] = []
        for put, is_small, facet, name in self._rows:
            values = put(item, texts, numbers)
            if is_small:
                small += values
            if facet:
                texts[facet] = counted(name, item, values)
        texts[SUBJECT] = small or _EMPTY
        document = tantivy.Document.from_dict(texts)
        for name, number in numbers.items():
            document.add_unsigned(name, number)
        document.add_integer(KEY, key)
        document.add_bytes(SHOWN, _encode(_shown(item)))
        return document


def position_document(position: int) -> tantivy.Document:
    """The document that says how far the index is up to date; replaced in the same commit as the data."""
    document = tantivy.Document()
    document.add_integer(POSITION, position)
    return document


def checked_key(paper_id: str) -> int:
    """`paper_key`, where the id is one. Raises `SearchError`."""
    if not is_work_id(paper_id):
        raise SearchError(f"{paper_id[:40]!r} is not the id of a paper, so it cannot be indexed")
    return paper_key(paper_id)


def _shown(item: Indexable) -> list[str]:
    texts = [item.paper.title]
    texts += [abstract.text for version in item.paper.versions for abstract in version.abstracts]
    return [clean(text) for text in dict.fromkeys(texts)]
