"""A server on this machine that answers as OpenAlex's `/works` does, from a list of invented works.

It checks the key as the real one does (a blank or padded one is none), counts the day's money, and
understands of filters only the days of publication.
"""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crawler.replay import Fault, Replay, Reply, Request, mislead

_PARAMETERS = {"filter", "cursor", "per_page", "api_key"}
_COST = 0.0001


class OpenAlexReplay(Replay):
    """Serves works as read from JSON, and no more than `allowance` dollars' worth of pages."""

    def __init__(
        self,
        works: Sequence[Mapping[str, Any]],
        faults: Iterable[Fault] = (),
        *,
        key: str | None = None,
        allowance: float = 1.0,
        compressed: bool = True,
    ) -> None:
        self.works, self.key, self.left = list(works), key, allowance
        super().__init__(faults, compressed=compressed)

    def refusal(self) -> Reply:
        """As OpenAlex refuses a cursor."""
        return _error(400, "Invalid query parameters error.", "Invalid cursor value")

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """A page of works."""
        reply = self._problem(request)
        if reply is None and self.left < _COST:
            reply = _error(429, "Rate limit exceeded", "The day's budget is spent")
            reply.headers["Retry-After"] = "40000"
        if reply is None:
            self.left -= _COST
            reply = self._page(request, fault)
        left = {"X-RateLimit-Cost-USD": f"{_COST}", "X-RateLimit-Remaining-USD": f"{self.left:.4f}"}
        reply.headers |= left | {"X-RateLimit-Limit-USD": "1.0", "X-RateLimit-Reset": "40000"}
        return reply

    def _problem(self, request: Request) -> Reply | None:
        if request.path != "/works":
            return _error(404, "Not found", "The requested URL was not found on the server")
        if unknown := set(request.query) - _PARAMETERS:
            return _error(400, "Invalid query parameters error.", f"{unknown} are no parameters")
        key = request.query.get("api_key")
        if key is not None and (key != key.strip() or not key or (self.key is not None and key != self.key)):
            return _error(401, "Unauthorized", "API key not found")
        size = request.query.get("per_page", "25")
        if not size.isdecimal() or not 1 <= int(size) <= 100:
            return _error(400, "Pagination error.", "per_page parameter must be between 1 and 100")
        return None

    def _page(self, request: Request, fault: Fault | None) -> Reply:
        size, cursor = int(request.query.get("per_page", "25")), request.query.get("cursor", "*")
        start = _offset(cursor)
        if start is None:
            return self.refusal()
        found = [work for work in self.works if _matches(work, request.query.get("filter", ""))]
        page: list[Mapping[str, Any]] = found[start : start + size]
        # The real one names a next page as long as this one holds anything.
        following = _cursor(start + size) if page else None
        following, page = mislead(
            fault, cursor, following, page, second=_cursor(size), other=_cursor(start + size)
        )
        meta = {"count": len(found), "page": None, "per_page": size, "next_cursor": following}
        answer = {"meta": {**meta, "cost_usd": _COST}, "results": page, "group_by": []}
        return Reply(json.dumps(answer, ensure_ascii=False).encode())


def serve(count: int, faults: Iterable[Fault] = ()) -> Replay:
    """A server of so many invented works on cancer."""
    return OpenAlexReplay([work(number) for number in range(1, count + 1)], faults)


def work(number: int, **fields: Any) -> dict[str, Any]:
    """An invented work."""
    given = {
        "id": f"https://openalex.org/W{number}",
        "doi": f"https://doi.org/10.5555/openalex.{number}",
        "title": f"Invented work {number} on cancer",
        "type": "article",
        "publication_date": f"2023-04-{number % 28 + 1:02}",
        "open_access": {"is_oa": True},
        "authorships": [{"author": {"display_name": "Ann Example"}, "is_corresponding": True}],
        "abstract_inverted_index": {"Of": [0], str(number): [1], "cells,": [2], "none": [3], "grew.": [4]},
        "updated_date": "2026-01-02T03:04:05",
    }
    return {**given, **fields}


def _matches(work: Mapping[str, Any], given: str) -> bool:
    for part in given.split(","):
        name, _, value = part.partition(":")
        if name == "from_publication_date" and work["publication_date"] < value:
            return False
        if name == "to_publication_date" and work["publication_date"] > value:
            return False
    return True


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(f"[{offset}]".encode()).decode()


def _offset(cursor: str) -> int | None:
    if cursor == "*":
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor).decode().strip("[]"))
    except ValueError:
        return None


def _error(status: int, error: str, message: str) -> Reply:
    return Reply(json.dumps({"error": error, "message": message}).encode(), status)
