"""A paper as a document for tantivy. This runs for every paper of a rebuild, so it is written to be quick.

A document is handed over as JSON, which costs less than to have every value converted and copied twice.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec
import tantivy

from domain.errors import SearchError
from domain.identifiers import is_work_id
from domain.ports import Indexable
from index.analysis import clean
from index.contents import date_number
from index.embedded.analysers import Analysers
from index.embedded.schema import KEY, ORDER, POSITION, SHOWN, exact_name, facet_name, order_number, paper_key
from index.embedded.shapes import Put, Read, Row, Shapes, Values
from index.embedded.telling import mentions
from index.facets import counted, once
from index.fields import FIELDS, SMALL, SUBJECT, Field, Kind

_CODES = 65_536
_encode = msgspec.json.Encoder().encode
_MARKED = msgspec.Raw(b'["\\uffa0"]')
"""`MARK`, in letters of ASCII as most documents are else: Python keeps and hands over such text quicker."""
_COUNTED = tuple((facet_name(row), row.name) for row in FIELDS if row.facet and row.kind is not Kind.KEYWORD)
_SMALL = tuple(row.name for row in SMALL)
_OWN = frozenset({"doi", "pmid", "pmcid", "id", "orcid", "trial", "grant", "dataset", "cites"})
"""Keywords that hardly any two papers share, so there is no use in remembering their codes."""


class Documents:
    """Makes documents."""

    def __init__(self, analysers: Analysers) -> None:
        self.told: Collection[str] = ()
        """The tokens of what papers are told to mention."""
        self._shapes = Shapes([Row(row.values, _to_put(row, analysers.folded)) for row in FIELDS])

    def papers(self, items: Sequence[Indexable], keys: Sequence[int]) -> Iterator[str]:
        """The documents of papers, whose `checked_key`s are `keys`, as JSON."""
        for values in self._values(items, keys):
            yield _encode(values).decode()

    def values(self, item: Indexable) -> Mapping[str, object]:
        """The same, field by field. Raises `SearchError` for an id that the catalog does not give."""
        found = self._values([item], [checked_key(item.paper.id)])[0]
        texts: Values = msgspec.json.decode(_encode({n: v for n, v in found.items() if n != SHOWN}))
        return texts | {SHOWN: found[SHOWN]}

    def _values(self, items: Sequence[Indexable], keys: Sequence[int]) -> list[Values]:
        """Step by step for all of them, which takes half as long as paper by paper.

        Beside the engine's threads, what a step needs is gone from the processor's caches when all the others
        have been taken in between.
        """
        filled = self._shapes.filled(items)
        for item, values in zip(items, filled, strict=True):
            small = [values[name] for name in _SMALL if name in values]
            values[SUBJECT] = [text for texts in small if texts is not _MARKED for text in texts] or _MARKED
            for facet, name in _COUNTED:
                values[facet] = counted(name, item, values.get(name, ()))
        if self.told:
            mentions().tell(filled, self.told)
        for item, values, key in zip(items, filled, keys, strict=True):
            values[KEY] = key
            values[ORDER] = order_number(date_number(item.paper.versions[0].published or ""), key)
            values[SHOWN] = _encode(_shown(item))
        return filled


def _to_put(row: Field, fold: Callable[[str], str]) -> Callable[[Read], Put]:
    """All that is the same for every paper is settled here, once."""
    if row.kind in (Kind.NUMBER, Kind.DATE):
        return lambda read: _number(row.name, read)
    if row.kind is Kind.KEYWORD:
        return lambda read: _keyword(row, read)
    return lambda read: _prose(row, read, fold)


def _number(name: str, read: Read) -> Put:
    def put(given: object, values: Values) -> None:
        if found := read(given):
            values[name] = [int(found[0])]

    return put


def _keyword(row: Field, read: Read) -> Put:
    """Values that many papers share are looked up together with what they are kept as."""
    name, is_counted = row.name, row.facet

    def codes(found: tuple[object, ...]) -> list[str]:
        kept = [clean(row.code(str(value))) for value in found]
        return once(kept) if is_counted else kept

    kept_as = codes if name in _OWN else lru_cache(_CODES)(codes)

    def put(given: object, values: Values) -> None:
        found = read(given)
        if found or is_counted:
            values[name] = kept_as(tuple(found))

    return put


def _prose(row: Field, read: Read, fold: Callable[[str], str]) -> Put:
    """Its unstemmed words have a field of their own in texts; names are not stemmed anyway."""
    name, exact = row.name, exact_name(row)

    def put(given: object, values: Values) -> None:
        if found := read(given):
            # Plain letters are folded already; to ask `fold` for each text would be felt.
            values[name] = values[exact] = [text if text.isascii() else fold(text) for text in found]
        else:
            values[name] = _MARKED

    return put


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
    versions = item.paper.versions
    texts = [abstract.text for version in versions for abstract in version.abstracts]
    return [clean(text) for text in dict.fromkeys([versions[0].title, *texts])]
