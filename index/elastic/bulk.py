"""Many documents at once: in requests of a bounded size, two under way, and only what failed sent again."""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import msgspec

from domain.errors import SearchError, SearchUnavailable
from index.elastic.door import BUSY, Barred, Cluster, Refused, explain

MAX_BYTES = 2_000_000
MAX_COUNT = 500
"""A request is sent when it has reached either."""
_UNDER_WAY = 2
_LONGEST_WAIT = 8.0
_SHOWN = 3
_SHORT = "errors,items.*.status,items.*.error.type,items.*.error.reason"


@dataclass(frozen=True, slots=True)
class Action:
    """One document to write or to delete."""

    id: str
    line: bytes
    """As it is sent, with what is to be done with it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A document that was turned away, and will be again."""

    id: str
    reason: str


_encode = msgspec.json.Encoder().encode


def put(document_id: str, document: bytes, version: int) -> Action:
    """Write a document, unless there is a newer version of it."""
    return Action(document_id, b"%b\n%b\n" % (_encode({"index": _versioned(document_id, version)}), document))


def remove(document_id: str, version: int) -> Action:
    """Delete a document, unless there is a newer version of it; it need not be there."""
    return Action(document_id, _encode({"delete": _versioned(document_id, version)}) + b"\n")


def _versioned(document_id: str, version: int) -> dict[str, object]:
    return {"_id": document_id, "version": version, "version_type": "external_gte"}


class Bulk:
    """Sends documents to one index, named by an alias so that it is not made anew once it is gone."""

    def __init__(self, cluster: Cluster, alias: str) -> None:
        self._cluster = cluster
        self._path = f"/{alias}/_bulk"

    def send(self, actions: Iterable[Action]) -> list[Problem]:
        """Send all of them; those that were turned away for good come back.

        Raises:
            SearchUnavailable: the cluster stayed too busy, or the index is gone.
        """
        problems: list[Problem] = []
        under_way: deque[Future[list[Problem]]] = deque()
        with ThreadPoolExecutor(_UNDER_WAY) as pool:
            for chunk in _chunks(actions):
                if len(under_way) == _UNDER_WAY:
                    problems += under_way.popleft().result()
                under_way.append(pool.submit(self._persist, chunk))
            for future in under_way:
                problems += future.result()
        return problems

    def _persist(self, chunk: list[Action]) -> list[Problem]:
        """Send again what the cluster was too busy for, after longer and longer waits."""
        problems: list[Problem] = []
        ends, wait = time.monotonic() + self._cluster.options.patience, 0.1
        while True:
            chunk, busy = self._once(chunk, problems)
            if not chunk:
                return problems
            if time.monotonic() + wait > ends:
                raise busy
            time.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    def _once(self, chunk: list[Action], problems: list[Problem]) -> tuple[list[Action], SearchUnavailable]:
        """What is to be sent again, and why."""
        lines = b"".join([action.line for action in chunk])
        try:
            answer = self._cluster.post_lines(self._path, lines, require_alias="true", filter_path=_SHORT)
        except Barred:
            raise
        except SearchUnavailable as error:
            return chunk, error
        except Refused as error:
            if error.status != 413:
                raise
            problems += self._halves(chunk, str(error))
            return [], SearchUnavailable()
        if not answer.get("errors"):
            return [], SearchUnavailable()
        return self._sorted(chunk, [next(iter(item.values())) for item in answer["items"]], problems)

    def _halves(self, chunk: list[Action], reason: str) -> list[Problem]:
        """A request that is too large goes in two; a document that is, alone, cannot be taken."""
        if len(chunk) == 1:
            return [Problem(chunk[0].id, reason)]
        middle = len(chunk) // 2
        return self._persist(chunk[:middle]) + self._persist(chunk[middle:])

    def _sorted(
        self, chunk: list[Action], items: list[dict[str, Any]], problems: list[Problem]
    ) -> tuple[list[Action], SearchUnavailable]:
        again: list[Action] = []
        why = ""
        for action, item in zip(chunk, items, strict=True):
            status, error = int(item["status"]), item.get("error")
            if error is None or status == 409:  # there is a newer version
                continue
            kind, reason = str(error.get("type", "")), str(error.get("reason", ""))
            if kind == "index_not_found_exception":
                raise SearchUnavailable("the search index was rebuilt meanwhile; sync again")
            if status in BUSY:
                again.append(action)
                why = explain(status, kind, reason)
            else:
                problems.append(Problem(action.id, explain(status, kind, reason)))
        return again, SearchUnavailable(f"Elasticsearch: {why}")


def raise_problems(problems: list[Problem]) -> None:
    """Name the papers that were not taken. Raises `SearchError` if there are any."""
    if problems:
        named = "; ".join(f"{problem.id}: {problem.reason}" for problem in problems[:_SHOWN])
        more = f", and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise SearchError(f"Elasticsearch did not take {named}{more}")


def _chunks(actions: Iterable[Action]) -> Iterator[list[Action]]:
    chunk: list[Action] = []
    size = 0
    for action in actions:
        if chunk and (size + len(action.line) > MAX_BYTES or len(chunk) >= MAX_COUNT):
            yield chunk
            chunk, size = [], 0
        chunk.append(action)
        size += len(action.line)
    if chunk:
        yield chunk
