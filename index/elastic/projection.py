"""What both indices in a cluster have in common: position, versions, generations, errors of a rebuild."""

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

import msgspec

from domain.errors import SearchUnavailable
from index.elastic.bulk import Action, Bulk, put, raise_problems, remove
from index.elastic.door import Cluster, Haste
from index.elastic.generations import Generations, writing
from index.elastic.schema import POSITION_ID
from index.embedded.schema import KEY, ORDER, POSITION, key_paper

Json = dict[str, Any]
PAGE = 10_000
"""Hits that the engine gives at most in one answer."""
_encode = msgspec.json.Encoder().encode
_REPEATS = 5


class ElasticProjection:
    """A projection in a cluster. Safe to share between threads. Raises `SearchError`."""

    def __init__(self, cluster: Cluster, generations: Generations, pinned: str | None = None) -> None:
        self._cluster = cluster
        self._generations = generations
        self._pinned = pinned
        """The generation to use, whichever is read now."""
        self._read: str | None = None
        """The generation whose position was last asked for."""
        self._lock = threading.Lock()

    def _again(self, pinned: str) -> Self:
        """The same, for one generation."""
        return type(self)(self._cluster, self._generations, pinned)

    @property
    def _index(self) -> str:
        return self._pinned or self._generations.read_alias

    def position(self) -> int:
        """The change sequence up to which it is up to date; 0 for a new one."""
        found = self._cluster.ask("GET", f"/{self._index}/_doc/{POSITION_ID}")
        self._read = self._pinned or (str(found["_index"]) if found else self._generations.current())
        return int(found["_source"][POSITION]) if found else 0

    def clear(self) -> None:
        """Empty it and go back to position 0."""
        with self.replacement():
            pass

    @contextmanager
    def replacement(self) -> Iterator[Self]:
        """An empty one to fill; it takes the place of this one when the block ends without an error.

        Where that ends with one or is interrupted, what was filled is removed.
        """
        name = self._generations.fresh(filling=True)
        try:
            yield self._again(name)
            self._generations.settle(name)
        except BaseException:  # a cluster whose disk is full would be fuller with each try
            self._generations.drop(name)
            raise
        self._generations.adopt(name)
        self._read = None

    def close(self) -> None:
        """Release what is held."""
        self._cluster.close()

    def count(self) -> int:
        """How many papers are in it."""
        found = self._ask("POST", "_count", {"query": {"exists": {"field": ORDER}}})
        return int(found["count"]) if found else 0

    def ids(self) -> Iterator[str]:
        """The ids of all papers in it, in no order."""
        body: Json = {
            "query": {"exists": {"field": ORDER}},
            "size": PAGE,
            "sort": [{KEY: "asc"}],
            "track_total_hits": False,
            "_source": False,
            "stored_fields": "_none_",
        }
        while found := self._search(body):
            hits = found["hits"]["hits"]
            yield from (key_paper(int(hit["sort"][0])) for hit in hits)
            if len(hits) < PAGE:
                return
            body["search_after"] = hits[-1]["sort"]

    # For those that build on this.

    def _apply(self, upserts: Iterable[tuple[str, bytes]], deletes: Iterable[str], position: int) -> None:
        """Write documents and delete others, then move to `position`; visible once it returns.

        Everything has `position` as its version, so that nothing written by a process that has fallen
        behind takes the place of something newer.
        """
        name = self._target()

        def actions() -> Iterator[Action]:
            for paper_id, document in upserts:
                yield put(paper_id, document, position)
            for paper_id in deletes:
                yield remove(paper_id, position)

        bulk = Bulk(self._cluster, writing(name))
        problems = bulk.send(actions())
        if not problems:
            problems = bulk.send([put(POSITION_ID, self._position_line(position), position)])
        if not self._pinned:
            self._cluster.ask("POST", f"/{writing(name)}/_refresh", haste=Haste.WRITE)
        raise_problems(problems)

    def _position_line(self, position: int) -> bytes:
        return _encode({POSITION: position})

    def _target(self) -> str:
        """The generation to write to; a new one where there is none yet."""
        if self._pinned:
            return self._pinned
        current = self._generations.written()
        if self._read not in (None, current):
            raise SearchUnavailable("the search index was rebuilt meanwhile; sync again")
        if current is None:
            with self._lock:
                current = self._generations.current() or self._first()
        return current

    def _first(self) -> str:
        name = self._generations.fresh(filling=False)
        self._generations.adopt(name)
        return name

    def _search(self, body: Json, **params: str) -> Json | None:
        if "knn" not in body:  # which decides for itself how to go about it, and refuses to be told
            params["search_type"] = "dfs_query_then_fetch"
        return self._ask("POST", "_search", body, allow_partial_search_results="false", **params)

    def _documents(self, paper_ids: Sequence[str], wanted: str) -> dict[str, Json]:
        """What was kept of those papers that are there; the newest, though it may not be found yet."""
        if not paper_ids:
            return {}
        ends, wait = time.monotonic() + self._cluster.options.search_timeout, 0.05
        while True:
            found = self._ask("POST", "_mget", {"ids": list(paper_ids)}, _source_includes=wanted)
            items = found["docs"] if found else []
            faults = [item["error"]["type"] for item in items if "error" in item]
            if "index_not_found_exception" in faults and self._is_absent():
                return {}
            if not faults:
                return {item["_id"]: item["_source"] for item in items if item.get("found")}
            if time.monotonic() + wait > ends:
                raise SearchUnavailable("Elasticsearch cannot show some papers at the moment; try later")
            time.sleep(wait)
            wait *= 2

    def _ask(self, method: str, what: str, body: Json, **params: str) -> Json | None:
        """The answer; None where there is no index yet.

        A rebuild that ends just now takes the old index away, maybe after this request was led to it.
        """
        for repeat in range(_REPEATS):
            found = self._cluster.ask(method, f"/{self._index}/{what}", body, haste=Haste.SEARCH, **params)
            if found is not None or self._is_absent():
                return found
            time.sleep(0.05 * repeat)
        raise SearchUnavailable("the search index was rebuilt meanwhile; ask again")

    def _is_absent(self) -> bool:
        """Whether there is no index yet."""
        return not self._pinned and self._cluster.ask("GET", f"/_alias/{self._index}") is None
