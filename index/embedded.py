"""The embedded engine: tantivy, in a folder of this machine.

Many processes may read while one writes. How far the index is up to date is a document in the index itself,
replaced in the commit that brings the data: after a crash anywhere both are from before, or both from after.
"""

import errno
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tantivy

from domain.errors import SearchError, SearchUnavailable
from domain.ports import Indexable
from domain.query import UNKNOWN, Bucket, Facet, Node, Query, Sort
from index.analysers import Analysers
from index.compile import Compiler
from index.engine import After, Match, Spelling
from index.fields import FACET_LIMIT, FACETS, Field
from index.generations import REBUILD, Generations, file_stamp
from index.schema import (
    KEY,
    ORDER,
    PAPER_ID,
    POSITION,
    SHOWN,
    build_schema,
    facet_name,
    key_paper,
    position_document,
    schema_version,
    to_document,
)
from index.tree import is_scored

_WRITER_MEMORY = 64_000_000
_TIES = 64
"""How many hits more than asked are fetched, to put equally good ones into a fixed order."""
_MANY = 100_000
_Found = list[tuple[float, tantivy.DocAddress]]


class EmbeddedEngine:
    """`Engine` on tantivy. Safe to share between threads."""

    def __init__(self, folder: Path, *, path: Path | None = None) -> None:
        self._generations = Generations(folder, schema_version())
        self._analysers = Analysers()
        self._lock = threading.RLock()
        self._path = path
        """The generation that is open; one given from outside stays so."""
        self._pinned = path is not None
        self._index: tantivy.Index | None = None
        self._stamps: tuple[object, object] = (None, None)
        self._read: Path | None = None
        """The generation whose position was last asked for."""

    def position(self) -> int:
        """The change sequence up to which the index is up to date; 0 for a new one."""
        with self._engine():
            searcher, compiler = self._searcher()
            self._read = self._path
            found = searcher.search(compiler.position(), 1, count=False).hits
            return int(_stored(searcher, found[0][1], POSITION)) if found else 0

    def write(self, upserts: Iterable[Indexable], deletes: Iterable[str], position: int) -> None:
        """Apply changes and move to `position`, in one commit; running it twice is the same as once."""
        documents = [(item.paper.id, to_document(item)) for item in upserts]
        with self._engine():
            _, compiler = self._searcher()
            if self._read not in (None, self._path):
                raise SearchUnavailable("the search index was rebuilt meanwhile; sync again")
            index = self._opened()
            writer = index.writer(_WRITER_MEMORY, 1)
            try:
                # A writer killed in a commit leaves a file that the next commit would stumble over.
                writer.garbage_collect_files()
                for paper_id in deletes:
                    writer.delete_documents_by_term(PAPER_ID, paper_id)
                for paper_id, document in documents:
                    writer.delete_documents_by_term(PAPER_ID, paper_id)
                    writer.add_document(document)
                writer.delete_documents_by_query(compiler.position())
                writer.add_document(position_document(position))
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
            finally:
                writer.wait_merging_threads()  # and let go of the lock

    def find(
        self,
        node: Node | None,
        query: Query,
        sort: Sort,
        size: int,
        offset: int = 0,
        after: After | None = None,
    ) -> tuple[int, list[Match]]:
        """How many papers match in all, exactly, and `size` of them from `offset` or after `after`."""
        with self._engine():
            searcher, compiler = self._searcher()
            wanted = compiler.query(node, query)
            if sort is Sort.RELEVANCE and is_scored(node):
                return _ranked(searcher, wanted, offset, size, after)
            wanted_after = compiler.beyond(wanted, sort, after) if after else None
            return _dated(searcher, wanted, wanted_after, sort, offset, size)

    def scores(self, node: Node | None, query: Query, paper_ids: Sequence[str]) -> Mapping[str, Match]:
        """Those of the papers that match, as `find` would give them."""
        with self._engine():
            searcher, compiler = self._searcher()
            wanted = compiler.among(compiler.query(node, query), paper_ids)
            result = searcher.search(wanted, max(1, len(paper_ids)))
            return {match.paper_id: match for match in _matches(searcher, result.hits)}

    def facets(self, node: Node | None, query: Query) -> tuple[Facet, ...]:
        """Each facet under the filters of the others; those without a filter of their own share one pass."""
        with self._engine():
            searcher, compiler = self._searcher()
            return self._facets(searcher, compiler, node, query)

    def shown(self, paper_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Title, then abstracts, of each paper that is there."""
        with self._engine():
            searcher, compiler = self._searcher()
            hits = searcher.search(compiler.among(compiler.papers(), paper_ids), max(1, len(paper_ids))).hits
            keys = _matches(searcher, hits)
            texts = (json.loads(bytes(_stored(searcher, place, SHOWN))) for _, place in hits)
            return {match.paper_id: text for match, text in zip(keys, texts, strict=True)}

    def spellings(self, words: Sequence[str]) -> Mapping[str, Sequence[Spelling]]:
        """For each word those of titles and abstracts one or two slips away, itself if it occurs."""
        return {}

    def count(self) -> int:
        """How many papers are in the index."""
        with self._engine():
            searcher, compiler = self._searcher()
            return _count(searcher, compiler.papers())

    def ids(self) -> Iterator[str]:
        """The ids of all papers in the index, in no order."""
        with self._engine():
            searcher, compiler = self._searcher()
            found = searcher.search(compiler.papers(), max(1, searcher.num_docs), count=False).hits
            yield from (match.paper_id for match in _matches(searcher, found))

    def clear(self) -> None:
        """Empty the index and go back to position 0; also mends a damaged one."""
        with self.replacement():
            pass

    @contextmanager
    def replacement(self) -> Iterator["EmbeddedEngine"]:
        """A new empty index to fill; it takes this one's place when the block ends without an error."""
        with self._engine():
            path = self._generations.fresh()
            tantivy.Index(build_schema(), path=str(path))
        yield EmbeddedEngine(self._generations.folder, path=path)
        with self._engine():
            self._generations.adopt(path)
            self._read = None

    def close(self) -> None:
        """Release what is held."""
        with self._lock:
            self._index = None
            self._stamps = (None, None)

    def _searcher(self) -> tuple[tantivy.Searcher, Compiler]:
        """A view of the latest commit, by whichever process it was made."""
        with self._lock:
            index = self._opened()
            return index.searcher(), Compiler(index.schema, self._analysers)

    def _opened(self) -> tantivy.Index:
        """The index as it is now; should its folder vanish before it is open, then there is a newer one."""
        try:
            return self._reopened()
        except (ValueError, OSError):
            if self._pinned or self._stamps[0] == self._generations.stamp():
                raise
            return self._reopened()

    def _reopened(self) -> tantivy.Index:
        generation = None if self._pinned else self._generations.stamp()
        if self._index is None or generation != self._stamps[0] or (generation is None and not self._pinned):
            self._path = self._path if self._pinned else self._current()
            assert self._path is not None
            self._index = tantivy.Index.open(str(self._path))
            self._analysers.register(self._index)
            self._index.config_reader("manual")
            self._stamps = (None if self._pinned else self._generations.stamp(), None)
        assert self._path is not None
        commit = file_stamp(self._path / "meta.json")
        if commit != self._stamps[1]:
            self._index.reload()
            self._stamps = (self._stamps[0], commit)
        return self._index

    def _current(self) -> Path:
        path = self._generations.current()
        if path is None:
            path = self._generations.fresh()
            tantivy.Index(build_schema(), path=str(path))
            self._generations.adopt(path)
        return path

    @contextmanager
    def _engine(self) -> Iterator[None]:
        """What the library raises, a panic of its Rust code included, as an error of ours."""
        try:
            yield
        except SearchError:
            raise
        except (ValueError, OSError, KeyError) as error:
            raise self._unavailable(error) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            raise self._unavailable(error) from error

    def _unavailable(self, error: BaseException) -> SearchUnavailable:
        folder = self._generations.folder
        if "LockBusy" in str(error):
            return SearchUnavailable(f"another process is writing to the search index in {folder}; try later")
        if "os error 28" in str(error) or getattr(error, "errno", 0) == errno.ENOSPC:
            return SearchUnavailable(f"the search index in {folder} has no room left on its disk")
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        return SearchUnavailable(f"the search index in {folder} cannot be used ({reason[:200]}); {REBUILD}")

    def _facets(
        self, searcher: tantivy.Searcher, compiler: Compiler, node: Node | None, query: Query
    ) -> tuple[Facet, ...]:
        """Each facet under the filters of the others; those without a filter of their own share one pass."""
        filtered = {name for name, values in query.filters.items() if values}
        if query.year_from is not None or query.year_to is not None:
            filtered.add("year")
        shared = [row for row in FACETS if row.name not in filtered]
        buckets = _counted(searcher, compiler.query(node, query), shared)
        for row in FACETS:
            if row.name in filtered:
                buckets |= _counted(searcher, compiler.query(node, query, skip=row.name), [row])
        return tuple(Facet(row.name, buckets[row.name]) for row in FACETS)


def _ranked(
    searcher: tantivy.Searcher, query: tantivy.Query, offset: int, size: int, after: After | None
) -> tuple[int, list[Match]]:
    """The best first; of equally good ones the newest. A page never splits hits that tie in another order."""
    first, extra = (0, size + _TIES) if after else (offset, _TIES)
    while True:
        limit = max(1, min(first + size + extra, searcher.num_docs))
        result = searcher.search(query, limit)
        hits = result.hits
        matches = sorted(_matches(searcher, hits), key=lambda match: (-match.score, -match.order))
        if after:
            matches = [
                match for match in matches if (-match.score, -match.order) > (-after.score, -after.order)
            ]
        page = matches[first : first + size]
        whole = len(hits) < limit or limit == searcher.num_docs
        if whole or (len(page) == size and (not page or page[-1].score > hits[-1][0])):
            return _total(result), page
        extra *= 8


def _dated(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    left: tantivy.Query | None,
    sort: Sort,
    offset: int,
    size: int,
) -> tuple[int, list[Match]]:
    """The newest first, or the oldest; of those that match, a page of `left` where a page came before."""
    order = tantivy.Order.Asc if sort is Sort.OLDEST else tantivy.Order.Desc
    if offset >= searcher.num_docs or size <= 0:
        return _count(searcher, query), []
    result = searcher.search(left or query, size, order_by_field=ORDER, offset=offset, order=order)
    matches = _matches(searcher, [(0.0, place) for _, place in result.hits])
    return _count(searcher, query) if left else _total(result), matches


def _count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    return _total(searcher.search(query, 1))


def _total(result: tantivy.SearchResult) -> int:
    return int(result.count)  # type: ignore[attr-defined]  # missing from the library's stubs


def _stored(searcher: tantivy.Searcher, place: tantivy.DocAddress, name: str) -> Any:  # noqa: ANN401 - as stored
    return searcher.doc(place).get_first(name)


def _matches(searcher: tantivy.Searcher, hits: _Found) -> list[Match]:
    places = [place for _, place in hits]
    keys = searcher.fast_field_values(KEY, places)
    orders = searcher.fast_field_values(ORDER, places)
    return [
        Match(key_paper(int(key or 0)), score, int(order or 0))
        for (score, _), key, order in zip(hits, keys, orders, strict=True)
    ]


def _counted(
    searcher: tantivy.Searcher, query: tantivy.Query, rows: list[Field]
) -> dict[str, tuple[Bucket, ...]]:
    if not rows:
        return {}
    wanted = {
        row.name: {"terms": {"field": facet_name(row), "size": _MANY, "segment_size": _MANY}} for row in rows
    }
    found = searcher.aggregate(query, wanted)
    return {row.name: _buckets(row, found[row.name]["buckets"]) for row in rows}


def _buckets(row: Field, found: list[dict[str, object]]) -> tuple[Bucket, ...]:
    """The most frequent values, years newest first; `unknown` is kept however rare it is."""
    counts = {str(bucket["key"]): int(str(bucket["doc_count"])) for bucket in found}
    unknown = counts.pop(UNKNOWN, 0)
    if row.name == "year":
        ordered = sorted(counts.items(), reverse=True)
    else:
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:FACET_LIMIT]
    buckets = [Bucket(value, count) for value, count in ordered]
    if unknown:
        buckets.append(Bucket(UNKNOWN, unknown))
        if row.name != "year":
            buckets.sort(key=lambda bucket: (-bucket.count, bucket.value))
    return tuple(buckets)
