"""A server on this machine that answers as DOAJ's search of articles (API v4) does, from invented articles.

It understands of a query only the range of `last_updated`; words find everything. Like the real one it
refuses wildcards and pages that begin beyond the 1,000th record (here: `most`).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from crawler.replay import Fault, FaultKind, Replay, Reply, Request

_ROUTE = "/api/v4/search/articles/"
_RANGE = re.compile(r"last_updated:([\[{])(\S+) TO ([^\s\]}]+)([\]}])")


class DoajReplay(Replay):
    """Serves articles as read from JSON, `page` at once whatever is asked."""

    path = "/api/v4"

    def __init__(
        self,
        articles: Sequence[Mapping[str, Any]],
        faults: Iterable[Fault] = (),
        *,
        page: int = 10,
        most: int = 1000,
        compressed: bool = True,
    ) -> None:
        self.articles = sorted(articles, key=lambda one: str(one["last_updated"]))
        self.page, self.most = page, most
        super().__init__(faults, compressed=compressed)

    def refusal(self) -> Reply:
        """As DOAJ refuses to page deep."""
        return _error(400, f"You cannot access results beyond {self.most} records via this API.")

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """A page of the search."""
        query = unquote(request.path.removeprefix(_ROUTE))
        if not request.path.startswith(_ROUTE) or set(request.query) - {"page", "pageSize", "sort"}:
            return _error(404, "There is no such route")
        if re.search(r".[?*~]", query):
            return _error(400, "Query contains disallowed Lucene features")
        page = int(request.query.get("page", "1"))
        if fault and fault.kind in (FaultKind.SAME_CURSOR, FaultKind.FIRST_CURSOR):
            page = 1
        start = (page - 1) * self.page
        if start >= self.most:
            return self.refusal()
        found = [one for one in self.articles if _is_in(str(one["last_updated"]), query)]
        results = found[start : start + self.page]
        answer = {
            "total": len(found),
            "page": page,
            "pageSize": self.page,
            "query": query,
            "results": results,
        }
        if fault and fault.kind is FaultKind.NO_RECORDS:
            answer["results"] = []
        if fault and fault.kind is FaultKind.NO_CURSOR:
            del answer["total"]
        return Reply(json.dumps(answer, ensure_ascii=False).encode())


def serve(count: int, faults: Iterable[Fault] = ()) -> Replay:
    """A server of so many invented articles on cancer."""
    return DoajReplay([article(number) for number in range(1, count + 1)], faults)


def article(number: int, **fields: Any) -> dict[str, Any]:
    """An invented article; every third has no DOI, and they change an hour after one another."""
    changed = datetime(2022, 3, 1) + timedelta(hours=number)
    identifier = [{"type": "eissn", "id": "1234-5679"}]
    if number % 3:
        identifier.append({"type": "doi", "id": f"10.5555/doaj.{number}"})
    bibjson = {
        "title": f"Invented article {number} on cancer",
        "identifier": identifier,
        "year": "2022",
        "journal": {
            "title": "Journal of Made-Up Oncology",
            "language": ["EN"],
            "license": [{"type": "CC BY"}],
        },
        "author": [{"name": "Ann Example", "affiliation": "Made-Up University, Kenya"}],
        "abstract": f"Of {number} invented mice, none was real.",
    }
    given = {"id": f"{number:032x}", "last_updated": f"{changed:%Y-%m-%dT%H:%M:%SZ}", "bibjson": bibjson}
    return {**given, **fields}


def _is_in(moment: str, query: str) -> bool:
    found = _RANGE.search(query)
    if not found:
        return True
    first, low, high, last = found.groups()
    return (low <= moment if first == "[" else low < moment) and (
        moment <= high if last == "]" else moment < high
    )


def _error(status: int, words: str) -> Reply:
    return Reply(json.dumps({"status": "bad_request", "error": words}).encode(), status)
