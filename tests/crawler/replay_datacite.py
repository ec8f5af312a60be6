"""A server on this machine that answers as DataCite's `/dois` does, from a list of invented records.

A cursor names the record that was the last on the page before. It understands of a query only the range of
`updated`; words find everything.
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from crawler.replay import Fault, Replay, Reply, Request, mislead

_PARAMETERS = {"query", "page[cursor]", "page[size]", "affiliation", "publisher", "disable-facets", "mailto"}
_RANGE = re.compile(r"updated:\[(\S+) TO (\S+)\]")


class DataciteReplay(Replay):
    """Serves records as read from JSON."""

    def __init__(
        self, records: Sequence[Mapping[str, Any]], faults: Iterable[Fault] = (), *, compressed: bool = True
    ) -> None:
        self.records = list(records)
        super().__init__(faults, compressed=compressed)

    def refusal(self) -> Reply:
        """As DataCite refuses a cursor."""
        return _error(400, "Invalid base64 used for cursor")

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """A page of records."""
        if request.path != "/dois":
            return _error(404, "The resource you are looking for doesn't exist.")
        if unknown := set(request.query) - _PARAMETERS:
            return _error(400, f"{sorted(unknown)} are no parameters")
        size, cursor = int(request.query.get("page[size]", "25")), request.query.get("page[cursor]", "1")
        start = _offset(cursor)
        if start is None or not 1 <= size <= 1000:
            return self.refusal()
        found = [one for one in self.records if _is_in(one, request.query.get("query", ""))]
        page = found[start : start + size]
        following = _cursor(start + size) if len(page) == size else None
        following, page = mislead(
            fault, cursor, following, page, second=_cursor(size), other=_cursor(start + size)
        )
        links = {"self": self.base_url}
        if following:
            # The address is the server's own idea of itself, and leads where we never go.
            asked = {"query": request.query.get("query", ""), "page[cursor]": following, "page[size]": size}
            links["next"] = f"https://api.datacite.org/dois?{urlencode(asked)}"
        meta = {"total": len(found), "totalPages": -(-len(found) // size)}
        return Reply(json.dumps({"data": page, "meta": meta, "links": links}, ensure_ascii=False).encode())


def serve(count: int, faults: Iterable[Fault] = ()) -> Replay:
    """A server of so many invented preprints on cancer."""
    return DataciteReplay([preprint(number) for number in range(1, count + 1)], faults)


def preprint(number: int, **attributes: Any) -> dict[str, Any]:
    """An invented preprint in a repository."""
    doi = f"10.5072/invented.{number}"
    given = {
        "doi": doi,
        "creators": [{"name": "Example, Ann", "nameType": "Personal"}],
        "titles": [{"title": f"Invented preprint {number} on cancer"}],
        "publisher": {"name": "Invented Repository"},
        "publicationYear": 2023,
        "types": {"resourceTypeGeneral": "Preprint"},
        "descriptions": [
            {"description": f"Of {number} cells, none grew.", "descriptionType": "Abstract"},
        ],
        "rightsList": [{"rightsIdentifier": "cc-by-4.0"}],
        "updated": f"2024-05-{number % 28 + 1:02}T00:00:00.000Z",
    }
    return {"id": doi, "type": "dois", "attributes": {**given, **attributes}}


def dataset(number: int, *papers: str) -> dict[str, Any]:
    """An invented dataset that belongs to papers with these DOIs."""
    related = [
        {"relationType": "IsSupplementTo", "relatedIdentifierType": "DOI", "relatedIdentifier": doi}
        for doi in papers
    ]
    return preprint(number, types={"resourceTypeGeneral": "Dataset"}, relatedIdentifiers=related)


def _is_in(record: Mapping[str, Any], query: str) -> bool:
    found = _RANGE.search(query)
    if not found:
        return True
    low, high = found.groups()
    changed = record["attributes"]["updated"]
    return (low == "*" or low <= changed) and (high == "*" or changed <= high)


def _cursor(offset: int) -> str:
    return base64.b64encode(f"1500000000000,{offset}".encode()).decode()


def _offset(cursor: str) -> int | None:
    if cursor == "1":
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().partition(",")[2])
    except ValueError:
        return None


def _error(status: int, title: str) -> Reply:
    return Reply(json.dumps({"errors": [{"status": str(status), "title": title}]}).encode(), status)
