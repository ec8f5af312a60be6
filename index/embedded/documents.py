"""A paper as a tantivy document. This runs for every paper of a rebuild, so it is written to be quick."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from index.fields import FIELDS, SMALL, SUBJECT, Field, Kind, Value

_CODES = 65_536
_LONG = 300
"""Shorter texts hold hardly a word twice."""
_EMPTY = [MARK]
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the field table with all that is the same for every paper."""

    name: str
    values: Callable[[Indexable], Sequence[Value]]
    is_number: bool
    is_ranked: bool
    """Whether papers are ranked by how well it matches."""
    exact: str
    """The field of unstemmed words; empty where there is none."""
    facet: str
    """The field that its facet is counted in; empty where there is none."""
    code: Callable[[str], str] | None
    """For keywords: the form that is indexed."""
    small: bool


def _row(row: Field) -> _Row:
    return _Row(
        name=row.name,
        values=row.values,
        is_number=row.kind in (Kind.NUMBER, Kind.DATE),
        is_ranked=row.kind in (Kind.TEXT, Kind.NAME),
        exact=exact_name(row) if row.kind is Kind.TEXT else "",
        facet=facet_name(row) if row.facet else "",
        code=_coded(row) if row.kind is Kind.KEYWORD else None,
        small=row in SMALL,
    )


def _coded(row: Field) -> Callable[[str], str]:
    """Remembers the codes of facets, which are few."""

    def code(text: str) -> str:
        return clean(row.code(text))

    return lru_cache(_CODES)(code) if row.facet else code


_ROWS = tuple(map(_row, FIELDS))


class Documents:
    """Makes documents."""

    def __init__(self, analysers: Analysers) -> None:
        self._folded = analysers.folded

    def paper(self, item: Indexable) -> tantivy.Document:
        """The document of a paper.

        Raises:
            SearchError: its id is not one that the catalog gives.
        """
        paper = item.paper
        key = checked_key(paper.id)
        texts: dict[str, list[str]] = {}
        numbers = {ORDER: order_number(date_number(paper.primary.published or ""), key)}
        small: list[str] = []
        for row in _ROWS:
            values = self._values(row, row.values(item), texts, numbers)
            if row.small:
                small += values
            if row.facet:
                texts[row.facet] = counted(row.name, item, values)
        texts[SUBJECT] = small or _EMPTY
        document = tantivy.Document.from_dict(texts)
        for name, number in numbers.items():
            document.add_unsigned(name, number)
        document.add_integer(KEY, key)
        document.add_bytes(SHOWN, _encode(_shown(item)))
        return document

    def _values(
        self, row: _Row, found: Sequence[Value], texts: dict[str, list[str]], numbers: dict[str, int]
    ) -> list[str]:
        """The values as they are indexed, put where they belong."""
        if not found:
            if row.is_ranked:
                texts[row.name] = _EMPTY
            return []
        if row.is_number:
            numbers[row.name] = int(found[0])
            return [str(found[0])]
        fold = row.code or self._folded
        values = texts[row.name] = [fold(str(value)) for value in found]
        if row.exact:
            texts[row.exact] = [_each_once(value) for value in values]
        return values


def _each_once(text: str) -> str:
    """The words of `text` without most repetitions, for a field that only tells which words occur."""
    return " ".join(dict.fromkeys(text.split())) if len(text) > _LONG else text


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
