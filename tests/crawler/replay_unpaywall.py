"""A server on this machine that answers as Unpaywall does, about invented DOIs."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from crawler.replay import Fault, Replay, Reply, Request


class UnpaywallReplay(Replay):
    """Serves what is known about DOIs, by DOI."""

    path = "/v2"

    def __init__(
        self, known: Mapping[str, Mapping[str, Any]], faults: Iterable[Fault] = (), *, compressed: bool = True
    ) -> None:
        self.known = known
        super().__init__(faults, compressed=compressed)

    def refusal(self) -> Reply:
        return _error(
            422, "Please use your own email address in API calls. See http://unpaywall.org/products/api"
        )

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        mail = request.query.get("email", "")
        if "@" not in mail or mail.endswith("@example.com"):
            return self.refusal()
        doi = unquote(request.path).removeprefix("/v2/").lower()
        if doi not in self.known:
            return _error(404, f"'{doi}' isn't in Unpaywall. See https://support.unpaywall.org/")
        return Reply(json.dumps(self.known[doi]).encode())


def serve(count: int, faults: Iterable[Fault] = ()) -> Replay:
    """A server that knows the DOIs 10.5555/invented.1 to that of `count`."""
    dois = (f"10.5555/invented.{number}" for number in range(1, count + 1))
    return UnpaywallReplay({doi: known(doi) for doi in dois}, faults)


def known(doi: str, **fields: Any) -> dict[str, Any]:
    """What is known about an invented paper with a free copy at its publisher's."""
    copy = {
        "host_type": "publisher",
        "is_best": True,
        "license": "cc-by",
        "url": f"https://journal.example/{doi}.pdf",
        "url_for_landing_page": f"https://doi.org/{doi}",
        "url_for_pdf": f"https://journal.example/{doi}.pdf",
        "version": "publishedVersion",
    }
    given = {
        "doi": doi,
        "doi_url": f"https://doi.org/{doi}",
        "title": "Invented",
        "is_paratext": False,
        "journal_issn_l": "1234-5679",
        "is_oa": True,
        "oa_status": "gold",
        "best_oa_location": copy,
        "oa_locations": [copy],
        "updated": "2026-01-05T10:00:00Z",
    }
    return {**given, **fields}


def _error(status: int, message: str) -> Reply:
    body = {"HTTP_status_code": status, "error": True, "message": message}
    return Reply(json.dumps(body).encode(), status)
