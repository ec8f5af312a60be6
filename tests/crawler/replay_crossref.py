"""A server on this machine that answers as Crossref's `/v1/works` does, from a list of invented works.

As recorded in 2026 its cursor is a place that the server keeps: every page of a list names the same one, each
request moves it on whether or not its answer arrives, and past the end it goes on with empty pages. Before,
and with `steady`, each page had a cursor of its own that could be asked for again.
"""

import itertools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from crawler.replay import Fault, FaultKind, Replay, Reply, Request

_MOST_ROWS = 1000
_PARAMETERS = {"filter", "rows", "cursor", "mailto", "select", "sort", "order", "offset", "sample", "query"}
_DATES = {"index": "indexed", "created": "created"}
_FILTER = re.compile(r"(from|until)-(index|created)-date")


class CrossrefReplay(Replay):
    """Serves works as read from JSON; `rate` is how many requests a second it puts up with, and says so."""

    path = "/v1"

    def __init__(
        self,
        works: Sequence[Mapping[str, Any]],
        faults: Iterable[Fault] = (),
        *,
        rate: int | None = None,
        steady: bool = False,
        compressed: bool = True,
    ) -> None:
        self.works = list(works)
        self.rate, self.steady = rate, steady
        self.open: dict[str, tuple[list[Mapping[str, Any]], int]] = {}
        """Cursor → the list it is a place in, and the place."""
        self._numbers = itertools.count(1)
        super().__init__(faults, compressed=compressed)

    def refusal(self) -> Reply:
        return _failure(404, "resource-failure", "cursor-invalid", "", "Cursor specified but it is invalid")

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        reply = self._too_fast(request) or self._problem(request) or self._page(request, fault)
        pool = "polite" if "mailto" in request.query else "public"
        reply.headers |= {
            "X-Rate-Limit-Limit": str(self.rate or 1000),
            "X-Rate-Limit-Interval": "1s",
            "X-Concurrency-Limit": "1",
            "X-Api-Pool": pool,
        }
        return reply

    def _too_fast(self, request: Request) -> Reply | None:
        recent = [one for one in self.requests if request.at - 1 < one.at <= request.at]
        if self.rate is None or len(recent) <= self.rate:
            return None
        return Reply(b"Too many requests, please slow down.", 429, "text/plain")

    def _problem(self, request: Request) -> Reply | None:
        if request.path != "/v1/works":
            return Reply(b"Resource not found.", 404, "text/plain")
        invalid = ("validation-failure", "parameter-not-allowed")
        for name in request.query:
            if name not in _PARAMETERS and not name.startswith("query."):
                return _failure(400, *invalid, name, f"This route does not support {name}")
        rows = request.query.get("rows", "20")
        if not rows.isdecimal() or int(rows) > _MOST_ROWS:
            words = f"Integer specified as {rows} but must be a positive integer less than or equal to 1000. "
            return _failure(400, "validation-failure", "integer-not-valid", rows, words)
        for part in filter(None, request.query.get("filter", "").split(",")):
            name, _, value = part.partition(":")
            if not _FILTER.fullmatch(name):
                words = f"Filter '{name}' specified but there is no such filter for this route."
                return _failure(400, "validation-failure", "filter-not-available", name, words)
            if not re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
                words = f"Filter value must be a date: {value}"
                return _failure(400, "validation-failure", "date-not-valid", value, words)
        return None

    def _page(self, request: Request, fault: Fault | None) -> Reply:
        rows, cursor = int(request.query.get("rows", "20")), request.query.get("cursor", "*")
        if cursor == "*":
            cursor = f"DnF1ZXJ5VGhlbkZldGNo+{next(self._numbers)}/=="
            self.open[cursor] = ([work for work in self.works if _matches(work, request.query)], 0)
        if cursor not in self.open:
            return self.refusal()
        found, start = self.open[cursor]
        kind = fault.kind if fault else None
        moves = {FaultKind.SAME_CURSOR: start, FaultKind.NO_RECORDS: start, FaultKind.FIRST_CURSOR: rows}
        following = moves.get(kind, start + rows) if kind else start + rows
        if self.steady:
            cursor = f"{cursor.partition('=')[0]}={following}"
        self.open[cursor] = (found, following)
        message = {
            "facets": {},
            "total-results": len(found),
            "items": [] if kind is FaultKind.NO_RECORDS else found[start : start + rows],
            "items-per-page": rows,
            "query": {"start-index": 0, "search-terms": request.query.get("query.bibliographic")},
        }
        if kind is not FaultKind.NO_CURSOR:
            message["next-cursor"] = cursor
        answer = {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}
        return Reply(json.dumps(answer).encode())


def serve(count: int, faults: Iterable[Fault] = ()) -> Replay:
    """A server with so many invented papers on cancer."""
    return CrossrefReplay(works(count), faults, steady=True)


def works(count: int) -> list[dict[str, Any]]:
    """So many invented works, each registered on a day of its own."""
    return [work(number) for number in range(1, count + 1)]


def work(number: int, **fields: Any) -> dict[str, Any]:
    """An invented work."""
    day = (date(2015, 1, 1) + timedelta(days=number)).isoformat()
    given = {
        "DOI": f"10.5555/Invented.{number}",
        "type": "journal-article",
        "title": [f"Invented paper {number} on cancer"],
        "container-title": ["Invented Journal"],
        "is-referenced-by-count": 0,
        "author": [{"given": "Ada", "family": f"Invented{number}", "sequence": "first", "affiliation": []}],
        "issued": {"date-parts": [[2015, 1]]},
        "created": {"date-time": f"{day}T08:00:00Z"},
        "indexed": {"date-time": f"{day}T09:00:00Z"},
    }
    return {**given, **fields}


def _matches(work: Mapping[str, Any], query: Mapping[str, str]) -> bool:
    wanted = query.get("query.bibliographic", "").casefold().split()
    words = re.findall(r"\w+", json.dumps(work.get("title", [])).casefold())
    if wanted and not set(wanted) & set(words):
        return False
    for part in filter(None, query.get("filter", "").split(",")):
        name, _, value = part.partition(":")
        found = _FILTER.fullmatch(name)
        day = work[_DATES[found[2]]]["date-time"][:10] if found else ""
        if found and (day < value if found[1] == "from" else day > value):
            return False
    return True


def _failure(status: int, kind: str, name: str, value: str, words: str) -> Reply:
    message = [{"type": name, "value": value, "message": words}]
    answer = {"status": "failed", "message-type": kind, "message": message}
    return Reply(json.dumps(answer).encode(), status)
