"""A server on this machine that answers as api.biorxiv.org does, from a list of invented preprints.

It gives as many at once as it likes, in the order of their DOIs, and says `no posts found` past the end. Its
totals may promise more than it has, as the real one's have.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from crawler.replay import Fault, FaultKind, Replay, Reply, Request

_PATH = re.compile(r"/details/(biorxiv|medrxiv)/(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)/(\d+)/json")


class BiorxivReplay(Replay):
    """Serves preprints as read from JSON, `page` at once; each total is `excess` too high."""

    def __init__(
        self,
        preprints: Sequence[Mapping[str, Any]],
        faults: Iterable[Fault] = (),
        *,
        page: int = 10,
        excess: int = 0,
        compressed: bool = True,
    ) -> None:
        self.preprints = sorted(preprints, key=lambda one: str(one["doi"])[::-1])
        self.page, self.excess = page, excess
        super().__init__(faults, compressed=compressed)

    def refusal(self) -> Reply:
        """It has no cursors that expire; what it says when its database is out of reach."""
        return _answer({"status": "Error : (2002) Connection refused"})

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """Preprints of some days, from an offset on."""
        asked = _PATH.fullmatch(request.path)
        if not asked or set(request.query) - {"category"}:
            return Reply(b"<html><title>404 Not Found</title></html>", 404, "text/html")
        server, since, until, offset = asked.groups()
        found = [
            one for one in self.preprints if since <= one["date"] <= until and _is_in(one, server, request)
        ]
        start = int(offset)
        if fault and fault.kind in (FaultKind.SAME_CURSOR, FaultKind.FIRST_CURSOR):
            start = 0
        page = found[start : start + self.page]
        if not page or (fault and fault.kind is FaultKind.NO_RECORDS):
            return _answer({"status": "no posts found"})
        message = {"status": "ok", "category": "all", "interval": f"{since}:{until}", "funder": "all"}
        message |= {"cursor": start, "count": len(page), "count_new_papers": str(len(found))}
        if not (fault and fault.kind is FaultKind.NO_CURSOR):
            message["total"] = str(len(found) + self.excess)
        return _answer(message, page)


def serve(count: int, faults: Iterable[Fault] = ()) -> Replay:
    """A server of so many invented preprints on cancer."""
    return BiorxivReplay([preprint(number) for number in range(1, count + 1)], faults)


def preprint(number: int, server: str = "bioRxiv", **fields: Any) -> dict[str, Any]:
    """An invented preprint, posted on a day of its own."""
    given = {
        "title": f"Invented preprint {number} on lung cancer",
        "authors": f"Example, A. {number % 7}; Invented, B.",
        "author_corresponding": "Ann Example",
        "author_corresponding_institution": "Made-Up University, Nairobi, Kenya",
        "doi": f"10.1101/invented.{number}",
        "date": (date(2021, 1, 1) + timedelta(days=number % 60)).isoformat(),
        "version": "1",
        "type": "new results",
        "license": "cc_by",
        "category": "cancer biology",
        "jatsxml": f"https://www.biorxiv.org/content/early/invented.{number}.source.xml",
        "abstract": f"Of {number} invented cells, none was real.",
        "funder": "NA",
        "published": "NA",
        "server": server,
    }
    return {**given, **fields}


def _is_in(one: Mapping[str, Any], server: str, request: Request) -> bool:
    category = request.query.get("category", "").replace("_", " ")
    return one["server"].casefold() == server and (not category or one["category"] == category)


def _answer(message: Mapping[str, Any], page: Sequence[Mapping[str, Any]] = ()) -> Reply:
    return Reply(json.dumps({"messages": [message], "collection": list(page)}, ensure_ascii=False).encode())
