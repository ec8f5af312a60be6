"""Papers as documents for tantivy. This runs for every paper of a rebuild, so it is written to be quick.

Papers are taken many at a time, and field by field: beside the engine's threads, what a field needs is gone
from the processor's caches when all the others have been made in between. A document is handed over as JSON,
which costs less than to have every value converted and copied twice.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import msgspec
import tantivy

from domain.errors import SearchError
from domain.identifiers import is_work_id
from domain.ports import Indexable
from index.analysis import clean
from index.contents import order_number, read_together
from index.embedded.analysers import Analysers
from index.embedded.schema import KEY, ORDER, POSITION, SHOWN, exact_name, facet_name, paper_key
from index.embedded.telling import mentions
from index.facets import counted, once
from index.fields import FIELD, FIELDS, SMALL, SUBJECT, Field, Kind

Column = list[Any]
"""What documents have in one field, document by document: texts or numbers in a list or tuple.

One alone may stand without, which is quicker to read for the engine.
"""
_Keep = Callable[[Column], Column]
"""From what papers state in a field to what is indexed of it."""

_CODES = 65_536
_encode_into = msgspec.json.Encoder().encode_into
_MARKED = msgspec.Raw(b'"\\uffa0"')
"""`MARK`, in letters of ASCII as most documents are else: Python keeps and hands over such text quicker."""
_COUNTED = tuple((facet_name(row), row.name) for row in FIELDS if row.facet and row.kind is not Kind.KEYWORD)
_SMALL = tuple(row.name for row in SMALL)
_EXACT = tuple((row.name, exact_name(row)) for row in FIELDS if row.kind is Kind.TEXT)
_TEXTS = (*(row.name for row in FIELDS if row.kind is Kind.TEXT), SUBJECT)
_NAMES = tuple(row.name for row in FIELDS if row.kind is Kind.NAME)
_JOINED = {
    **dict.fromkeys(_TEXTS, (" a ", _MARKED)),
    **dict.fromkeys((exact for _, exact in _EXACT), (" ", ())),
}
"""What several texts of a field are joined with, since each takes the engine long, and what stands for none.

A stop word leaves the gap that is between texts by themselves; of exact words no places are kept.
"""
_ALONE = {
    **dict.fromkeys(_NAMES, _MARKED),
    **dict.fromkeys((*(facet for facet, _ in _COUNTED), "doi", "pmid", "pmcid", "year", "date"), ()),
}
"""Other fields in which most papers have one value, and what stands for none."""


class Documents:
    """Makes documents."""

    def __init__(self, analysers: Analysers) -> None:
        self.told: Collection[str] = ()
        """The tokens of what papers are told to mention."""
        self._keep = [_to_keep(row, analysers.folded) for row in FIELDS]

    def papers(self, items: Sequence[Indexable], keys: Sequence[int]) -> Iterator[str]:
        """The documents of papers, whose `checked_key`s are `keys`, as JSON."""
        columns = self._columns(items, keys)
        told = [*mentions().told(columns, self.told)] if self.told else ()
        for name, (between, none) in _JOINED.items():
            columns[name] = [
                texts[0] if len(texts) == 1 else between.join(texts) if texts else none
                for texts in columns[name]
            ]
        for name, none in _ALONE.items():
            columns[name] = [found[0] if len(found) == 1 else found or none for found in columns[name]]
        for name, place, tokens in told:
            columns[name][place] = [columns[name][place], tokens]
        # The engine puts them into a tree by name, where what comes before the rest is put in quickest.
        names = sorted(columns, reverse=True)
        kind, text = _document(tuple(names)), bytearray()  # which need not grow anew for each
        for values in zip(*(columns[name] for name in names), strict=True):
            _encode_into(kind(*values), text)
            yield text.decode()

    def values(self, item: Indexable) -> Mapping[str, object]:
        """What the document has in each field, text by text.

        Raises `SearchError` for an id that the catalog does not give.
        """
        columns = self._columns([item], [checked_key(item.paper.id)])
        if self.told:
            mentions().tell(columns, self.told)
        for name in (*_TEXTS, *_NAMES):
            columns[name] = [texts or [_MARKED] for texts in columns[name]]
        values: dict[str, object] = msgspec.json.decode(
            msgspec.json.encode({name: of[0] for name, of in columns.items() if of[0] != ()})
        )
        return values

    def _columns(self, items: Sequence[Indexable], keys: Sequence[int]) -> dict[str, Column]:
        read = read_together((row.values for row in FIELDS), items)
        stated: dict[str, Column] = dict(zip(FIELD, read, strict=True))
        columns = {name: keep(found) for (name, found), keep in zip(stated.items(), self._keep, strict=True)}
        columns[SUBJECT] = [
            [*chain.from_iterable(small)] for small in zip(*(columns[name] for name in _SMALL), strict=True)
        ]
        columns |= {exact: columns[name] for name, exact in _EXACT}
        for facet, name in _COUNTED:
            columns[facet] = [
                counted(name, item, values) for item, values in zip(items, columns[name], strict=True)
            ]
        columns[KEY] = [*keys]
        columns[ORDER] = [
            order_number(date[0] if date else 0, key) for date, key in zip(columns["date"], keys, strict=True)
        ]
        titles = (item.paper.versions[0].title for item in items)
        columns[SHOWN] = [
            [clean(title), *[clean(abstract) for abstract in abstracts if abstract != title]]
            for title, abstracts in zip(titles, stated["abstract"], strict=True)
        ]
        return columns


@lru_cache(1)
def _document(names: tuple[str, ...]) -> Callable[..., msgspec.Struct]:
    """Makes what is encoded, of the values of these fields; without those that have none."""
    fields = [(name, Any, ()) for name in names]
    return msgspec.defstruct("Document", fields, omit_defaults=True, gc=False)


def _to_keep(row: Field, fold: Callable[[str], str]) -> _Keep:
    """All that is the same for every paper is settled here, once."""
    if row.kind in (Kind.NUMBER, Kind.DATE):
        return list
    if row.kind is not Kind.KEYWORD:
        return _prose(fold)
    return _normal(row, row.normal) if row.normal else _shared(row)


def _normal(row: Field, normal: re.Pattern[str]) -> _Keep:
    """Of what most have in the form that is kept: all of a column is looked at in one call, line by line."""
    all_normal = re.compile(rf"(?:(?:{normal.pattern})\n)*+").fullmatch

    def keep(column: Column) -> Column:
        every = [*chain.from_iterable(column)]
        lines = "\n".join([*every, ""])
        if lines.count("\n") == len(every) and all_normal(lines):
            return column
        return [[*map(row.kept, found)] if found else () for found in column]

    return keep


def _shared(row: Field) -> _Keep:
    known = _Known(row)
    return lambda column: [*map(known.__getitem__, column)]


class _Known(dict[tuple[str, ...], str | Sequence[str]]):
    """What papers state in a field of keywords, and what is indexed of it: many state the same."""

    def __init__(self, row: Field) -> None:
        super().__init__()
        self._facet = row.facet
        self._kept = lru_cache(_CODES)(row.kept)

    def __missing__(self, found: tuple[str, ...]) -> str | Sequence[str]:
        if len(self) >= _CODES:
            self.clear()
        codes = map(self._kept, found)
        kept = tuple(once(codes) if self._facet else codes)
        self[found] = kept[0] if len(kept) == 1 else kept
        return self[found]


def _prose(fold: Callable[[str], str]) -> _Keep:
    def keep(column: Column) -> Column:
        # Plain letters are folded already; to ask `fold` for each text would be felt.
        if all(map(str.isascii, chain.from_iterable(column))):
            return column
        return [found if all(map(str.isascii, found)) else [*map(fold, found)] for found in column]

    return keep


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
