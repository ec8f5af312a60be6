"""The field table as an Elasticsearch index, and a paper as a line of a bulk request."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

from domain.ports import Indexable
from index.analysis import MARK, STOP_WORDS, clean, spaced
from index.contents import Value, Values, date_number, in_lots, order_number, read_together
from index.embedded.documents import checked_key
from index.embedded.schema import KEY, ORDER, POSITION, SHOWN, facet_name
from index.embedded.telling import mentions
from index.facets import counted
from index.fields import FACETS, FIELDS, SMALL, SUBJECT, Field, Kind
from index.language.mentions import TELLING, TOLD

Json = dict[str, Any]

_VERSION = 3
"""Raise it when values, documents or mentions change; a change of the mapping is noticed."""

POSITION_ID = "position"
"""The one document that is no paper but says how far the index is up to date."""
_TEXT, _NAME = "findings_text", "findings_name"
_LONGEST = 8191
"""Characters: the engine takes no word of more bytes than four times this."""

_encode = msgspec.json.Encoder().encode
_KEPT = 65_536
_SEARCHED = tuple(row.name for row in FIELDS if row.kind in (Kind.TEXT, Kind.NAME))


def exact_name(row: Field) -> str:
    """The field that has the unstemmed words of `row`, for prefixes."""
    return f"{row.name}.exact" if row.kind is Kind.TEXT else row.name


def analysis() -> Json:
    """The chain of `index.analysis` in the engine's terms."""
    folded = ["short", "lowercase", "asciifolding"]
    return {
        "tokenizer": {"words": {"type": "pattern", "pattern": r"[^\p{IsAlphabetic}\p{N}]+"}},
        "filter": {
            "short": {"type": "length", "max": _LONGEST},
            "passed_over": {"type": "stop", "stopwords": sorted(STOP_WORDS)},
            "porter2": {"type": "stemmer", "language": "porter2"},
        },
        "analyzer": {
            _NAME: {"type": "custom", "tokenizer": "words", "filter": folded},
            _TEXT: {"type": "custom", "tokenizer": "words", "filter": [*folded, "passed_over", "porter2"]},
        },
    }


def mappings() -> Json:
    """The mapping of the field table. Whatever it does not name is refused."""
    number = {"type": "long", "index": False}
    properties: Json = {
        KEY: number,
        ORDER: {"type": "long"},
        POSITION: number,
        SHOWN: {"type": "keyword", "index": False, "doc_values": False},
        SUBJECT: _text(_TEXT, exact=False),
    }
    for row in FIELDS:
        properties |= _properties(row)
    return {"dynamic": "strict", "properties": properties}


def facet_properties() -> Json:
    """The fields that papers are filtered by, as another index needs them to filter alike."""
    rows = (_properties(row) for row in FACETS)
    found = {name: mapping for row in rows for name, mapping in row.items() if mapping["type"] != "text"}
    return {KEY: {"type": "long", "index": False}, ORDER: {"type": "long"}, **found}


def _properties(row: Field) -> Json:
    if row.kind in (Kind.TEXT, Kind.NAME):
        found = {row.name: _text(_TEXT if row.kind is Kind.TEXT else _NAME, exact=row.kind is Kind.TEXT)}
    elif row.kind is Kind.KEYWORD:
        found = {row.name: _keyword(counted=row.facet)}
    else:
        found = {row.name: {"type": "long"}}
    if row.facet and row.kind is not Kind.KEYWORD:
        found[facet_name(row)] = _keyword(counted=True)
    return found


def _text(analyzer: str, *, exact: bool) -> Json:
    text: Json = {"type": "text", "analyzer": analyzer}
    if exact:
        words = {"type": "text", "analyzer": _NAME, "index_options": "docs", "norms": False}
        text["fields"] = {"exact": words}
    return text


def _keyword(*, counted: bool) -> Json:
    return {"type": "keyword", "doc_values": counted, "ignore_above": _LONGEST}


SIMILARITY: Json = {"default": {"type": "BM25", "k1": 1.2, "b": 0.75}}
"""The embedded engine's own."""


def schema_version() -> str:
    """Tells an index made otherwise, which counts as absent."""
    return f"{_VERSION}-{sha256(_encode([analysis(), mappings(), SIMILARITY])).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the field table with all that is the same for every paper; a request has hundreds of those."""

    name: str
    values: Callable[[Indexable], Values]
    prepare: Callable[[str], str] | None
    """How a text is kept; numbers are as they are."""
    searched: bool
    small: bool
    facet: str
    """The field that its facet is counted in; empty where there is none."""


def _row(row: Field) -> _Row:
    return _Row(
        name=row.name,
        values=row.values,
        prepare=_prepare(row),
        searched=row.kind in (Kind.TEXT, Kind.NAME),
        small=row in SMALL,
        facet=facet_name(row) if row.facet else "",
    )


def _prepare(row: Field) -> Callable[[str], str] | None:
    """Of keywords that are counted there are few, and each occurs often."""
    if row.kind in (Kind.NUMBER, Kind.DATE):
        return None
    if row.kind is not Kind.KEYWORD:
        return prepared
    if row.facet:
        return lru_cache(_KEPT)(row.kept)
    return row.kept


def prepared(text: str) -> str:
    """`text` as it is indexed."""
    if text.isascii():
        return text.replace("\0", " ") if "\0" in text else text
    return spaced(clean(text))


_ROWS = tuple(map(_row, FIELDS))
_FACET_ROWS = tuple(row for row in _ROWS if row.facet)


def _to_documents(items: Sequence[Indexable]) -> list[Json]:
    """Papers as the index keeps them, but for what they mention."""
    documents = [_identified(item) for item in items]
    small: list[list[str]] = [[] for _ in items]
    for row, found in zip(_ROWS, read_together((row.values for row in _ROWS), items), strict=True):
        for item, document, subject, of_paper in zip(items, documents, small, found, strict=True):
            values = _kept(row, of_paper)
            if values:
                document[row.name] = values
                if row.small:
                    subject += values
            elif row.searched:
                document[row.name] = MARK
            if row.facet:
                document[row.facet] = counted(row.name, item, values)
    for item, document, subject in zip(items, documents, small, strict=True):
        document[SUBJECT] = subject or MARK
        if not _shows_itself(item, document):
            document[SHOWN] = [clean(item.paper.title), *(clean(text) for text in _abstracts(item))]
    return documents


def _identified(item: Indexable) -> Json:
    key = checked_key(item.paper.id)
    return {KEY: key, ORDER: order_number(date_number(item.paper.primary.published or ""), key)}


def to_lines(items: Iterable[Indexable], told: Collection[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Each paper's id, and the paper as it is sent, with the tokens among `told` of what it mentions.

    Mentions are looked for in many papers together, which takes half as long.

    Raises:
        SearchError: an id is not one that the catalog gives.
    """
    for together in in_lots(items):
        documents = _to_documents(together)
        if told:
            columns = {name: [document.get(name, ()) for document in documents] for name in TELLING}
            mentions().tell(columns, told)
            for name in TOLD:
                for document, texts in zip(documents, columns[name], strict=True):
                    document[name] = texts
        for item, document in zip(together, documents, strict=True):
            yield item.paper.id, _encode(document)


def _kept(row: _Row, found: Sequence[Value]) -> list[Any]:
    prepare = row.prepare
    return [prepare(value) for value in found] if prepare and found else list(found)  # type: ignore[arg-type]


def _shows_itself(item: Indexable, document: Json) -> bool:
    """Whether title and abstracts are indexed just as they are shown, as those of most languages are."""
    versions = item.paper.versions
    if len(versions) > 1:
        return False
    shown = [versions[0].title, *(abstract.text for abstract in versions[0].abstracts)]
    abstracts = document["abstract"]
    return len(set(shown)) == len(shown) and shown == [
        *document["title"],
        *(abstracts if abstracts != MARK else ()),
    ]


def _abstracts(item: Indexable) -> Iterator[str]:
    texts = [abstract.text for version in item.paper.versions for abstract in version.abstracts]
    yield from (text for text in dict.fromkeys(texts) if text != item.paper.title)


def shown_texts(source: Mapping[str, Any]) -> list[str]:
    """Title, then abstracts, of a document that was kept."""
    found: list[str] = source.get(SHOWN) or [*source["title"][:1], *source["abstract"]]
    return [text for text in found if not text.startswith(MARK)]


def facet_document(item: Indexable) -> Json:
    """What `facet_properties` needs of a paper."""
    document = _identified(item)
    for row in _FACET_ROWS:
        values = _kept(row, row.values(item))
        if row.prepare is None:
            document[row.name] = values
        document[row.facet] = counted(row.name, item, values)
    return document


def position_line(position: int) -> Json:
    """The document that says how far the index is up to date."""
    return {POSITION: position} | dict.fromkeys((*_SEARCHED, SUBJECT), MARK)
