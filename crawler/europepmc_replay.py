"""A server on this machine that answers as Europe PMC does, from a file of core records.

It understands of a query only `DOI:`, `EXT_ID:`, `SRC:`, `OPEN_ACCESS:` and the date ranges `UPDATE_DATE:`,
`FIRST_IDATE:` and `FIRST_PDATE:`; words find everything.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from crawler.replay import Fault, Replay, Reply, Request, mislead

PATH = "/europepmc/webservices/rest"
_PAGE_CAP = 1000
_CLAUSE = re.compile(r'\b(DOI|EXT_ID|SRC|OPEN_ACCESS):"?([^\s")]+)"?', re.IGNORECASE)
_RANGE = re.compile(r"\b(UPDATE_DATE|FIRST_IDATE|FIRST_PDATE):\[(\S+) TO (\S+)\]", re.IGNORECASE)
_FIELDS = {"DOI": "doi", "EXT_ID": "id", "SRC": "source", "OPEN_ACCESS": "isOpenAccess"}
_DATES = {
    "UPDATE_DATE": "dateOfRevision",
    "FIRST_IDATE": "firstIndexDate",
    "FIRST_PDATE": "firstPublicationDate",
}
_Clauses = Sequence[tuple[str, str]]
_Ranges = Sequence[tuple[str, str, str]]
_LITE = frozenset(
    {"id", "source", "pmid", "pmcid", "doi", "title", "authorString", "pubYear", "pageInfo", "isOpenAccess"}
    | {"inEPMC", "inPMC", "citedByCount", "firstIndexDate", "firstPublicationDate", "versionNumber"}
)


class EuropePmcReplay(Replay):
    """Serves `records` (JSON Lines, or core records as read from JSON).

    >>> with EuropePmcReplay([{"id": "1", "source": "MED"}]) as server:
    ...     server.base_url.startswith("http://127.0.0.1:")
    True
    """

    path = PATH

    def __init__(
        self,
        records: Path | Sequence[Mapping[str, Any]],
        faults: Iterable[Fault] = (),
        *,
        compressed: bool = True,
    ) -> None:
        if isinstance(records, Path):
            records = [json.loads(line) for line in records.read_text("utf-8").splitlines() if line.strip()]
        self.records: list[Mapping[str, Any]] = list(records)
        super().__init__(faults, compressed=compressed)

    def refusal(self) -> Reply:
        """As Europe PMC refuses a cursor."""
        return _error(404, "The cursorMark has expired")

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """A page of the search."""
        asked = {"resultType": "lite", "pageSize": "25", "cursorMark": "*", "format": "xml", **request.query}
        problem = _problem(request.path, asked)
        start = _offset(asked["cursorMark"])
        if problem or start is None:
            return _error(*(problem or (400, "The cursorMark parameter is not valid")))
        found = self.found(asked["query"])
        size = int(asked["pageSize"])
        following = _cursor(start + size) if start + size < len(found) else None
        page = found[start : start + size]
        following, page = mislead(
            fault, asked["cursorMark"], following, page, second=_cursor(size), other=_cursor(0)
        )
        if asked["resultType"].lower() != "core":
            page = [{name: value for name, value in record.items() if name in _LITE} for record in page]
        return Reply(json.dumps(_envelope(asked, len(found), following, page), ensure_ascii=False).encode())

    def found(self, query: str) -> list[Mapping[str, Any]]:
        """The records that a query finds, in their order."""
        clauses, ranges = _CLAUSE.findall(query), _RANGE.findall(query)
        return [record for record in self.records if _matches(record, clauses, ranges)]


def _problem(path: str, asked: Mapping[str, str]) -> tuple[int, str] | None:
    if path != f"{PATH}/search":
        return 404, "No such service"
    if not asked.get("query", "").strip():
        return 400, "Mandatory parameter, query, is missing"
    size = asked["pageSize"]
    if not size.isdecimal() or not 1 <= int(size) <= _PAGE_CAP:
        return 400, f"The pageSize parameter must be between 1 and {_PAGE_CAP}"
    if asked["format"] != "json":
        return 400, "Only the JSON format is replayed"
    return None


def _envelope(
    asked: Mapping[str, str], total: int, following: str | None, page: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    request = {
        "queryString": asked["query"],
        "resultType": asked["resultType"],
        "cursorMark": asked["cursorMark"],
        "pageSize": int(asked["pageSize"]),
        "sort": "",
        "synonym": False,
    }
    paging = {"nextCursorMark": following} if following else {}
    return {"version": "6.9", "hitCount": total, **paging, "request": request, "resultList": {"result": page}}


def _error(status: int, message: str) -> Reply:
    return Reply(json.dumps({"errCode": status, "errMsg": message}).encode(), status)


def _cursor(offset: int) -> str:
    return base64.b64encode(f"AoE=replay:{offset}".encode()).decode()


def _offset(cursor: str) -> int | None:
    if cursor == "*":
        return 0
    try:
        text = base64.b64decode(cursor, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    mark, _, number = text.partition(":")
    return int(number) if mark == "AoE=replay" and number.isdecimal() else None


def _matches(record: Mapping[str, Any], clauses: _Clauses, ranges: _Ranges) -> bool:
    for name, value in clauses:
        if str(record.get(_FIELDS[name.upper()], "")).lower() != value.lower():
            return False
    for name, low, high in ranges:
        day = str(record.get(_DATES[name.upper()]) or record.get("firstIndexDate") or "")
        if not low <= day <= high:
            return False
    return True
