"""Unpaywall: the licence and the best free copy of a paper, asked for by DOI (its REST API, version 2).

What it rests on: the documentation of the API and of its data format (unpaywall.org), and a recorded answer
of 2026. It wants an e-mail address with every request. A copy in a repository may be a manuscript: only what
stands for a published copy is the licence of the article.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode

import msgspec

from crawler.fetching.page import Asked, Page, RequestRefused
from crawler.records.answers import (
    Fields,
    Raw,
    decoded,
    fields,
    items,
    key_names,
    raw_items,
    read_records,
    text,
)
from crawler.records.names import web_address
from crawler.records.readings import json_record, named_fields, read_version
from domain.errors import ConfigError, RecordRejected, SourceChanged
from domain.identifiers import Identifiers, normalise_doi
from domain.licence import Licence, to_licence
from domain.paper import FullText, Version, VersionKind
from domain.record import HarvestedRecord

SOURCE = "unpaywall"
MEDIA_TYPE = "application/json"
READS_REFUSALS = True
SCHEME = "doi"

_E_MAIL = re.compile(r"[^\s@<>:]+@[^\s@<>]+\.[^\s@<>]+")
_NO_LICENCE = frozenset({"implied-oa", "unspecified-oa", "other-oa", "null"})
"""Its words for copies that can be read although nobody says under what licence."""
_WORDS = {"pd": "public domain"}
_UNAUTHORISED, _UNPROCESSABLE = 401, 422


def window(query: str, since: str | None, until: str | None) -> str:
    """`query` as it is: what is asked for are the papers that the catalog knows."""
    return query


def page_url(asked: Asked) -> str:
    """The address of what is known about one DOI.

    Raises:
        ConfigError: there is no e-mail address to give.
    """
    mail = _E_MAIL.search(asked.contact)
    if mail is None:
        raise ConfigError("contact", "Unpaywall answers only who gives an e-mail address; set one")
    doi = quote(asked.cursor or "", safe="/")
    return f"{asked.base_url.rstrip('/')}/{doi}?{urlencode({'email': mail[0]})}"


def parse_page(body: bytes, fetched_at: datetime, asked: Asked | None = None) -> Page:
    """Read what is said about one DOI."""
    answer = decoded(SOURCE, body, Raw)
    if asked is None and "results" in answer:
        return Page(tuple(_found(answer["results"], fetched_at)), None)
    if "doi" not in answer:
        _raise_error(named_fields(body))
    record = _record(body.strip(), fetched_at)
    if asked is not None and asked.cursor and record.native_id != normalise_doi(asked.cursor):
        raise SourceChanged(SOURCE, f"asked for {asked.cursor}, the answer is about {record.native_id}")
    return Page((record,), None, total=1)


def _found(results: msgspec.Raw, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The records of a saved search by title, each beside its score."""
    for raw in raw_items(SOURCE, results):
        if held := decoded(SOURCE, raw, Raw).get("response"):
            yield _record(bytes(held), fetched_at)


def recognises(head: bytes) -> bool:
    """Whether a file begins as a saved answer, or a line of a snapshot, does."""
    return {"doi_url", "is_paratext", "journal_issn_l"} <= key_names(head)


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The records of saved answers, or of a snapshot with one on each line.

    Raises:
        SourceChanged: it is neither.
    """
    return read_records(
        SOURCE, stream, fetched_at, is_answer=_is_answer, parse_answer=parse_page, to_record=_record
    )


def to_version(record: HarvestedRecord) -> Version:
    """Read the licence and the best copy of a paper that others tell of.

    Raises:
        RecordRejected: `malformed` or `no-identifier`.
    """
    return read_version(record, _to_fields)


def _to_fields(found: Fields) -> dict[str, Any]:
    doi = normalise_doi(text(found.get("doi")))
    if doi is None:
        raise RecordRejected(SOURCE, text(found.get("doi")), "no-identifier")
    best = fields(found.get("best_oa_location"))
    is_open = found.get("is_oa")
    return {
        # The weakest kind, so that a licence never decides what the work is.
        "kind": VersionKind.PREPRINT,
        "identifiers": Identifiers(doi=doi),
        "title": "",
        "licence": _licence("best_oa_location", [best])
        or _licence("oa_locations", map(fields, items(found, "oa_locations"))),
        "open_access": is_open if isinstance(is_open, bool) else None,
        "full_texts": tuple(_copies(best)),
        "companion": True,
    }


def _licence(name: str, copies: Iterable[Fields]) -> Licence | None:
    """The licence of the first copy that is the published article."""
    for copy in copies:
        given = text(copy.get("license"))
        if text(copy.get("version")) == "publishedVersion" and given and given.lower() not in _NO_LICENCE:
            return to_licence(_WORDS.get(given.lower(), given), f"{name}/license")
    return None


def _copies(best: Fields) -> Iterator[FullText]:
    if url := web_address(text(best.get("url_for_pdf"))):
        yield FullText(url, "pdf", free=True)
    page = web_address(text(best.get("url_for_landing_page")) or text(best.get("url")))
    if page and page != url:
        yield FullText(page, "html", free=True)


def _record(payload: bytes, fetched_at: datetime) -> HarvestedRecord:
    found = named_fields(payload)
    given = text(found.get("doi"))
    name = normalise_doi(given) or given.lower()
    return json_record(SOURCE, name, payload, fetched_at, text(found.get("updated")))


def _is_answer(answer: dict[str, msgspec.Raw]) -> bool:
    return "doi" not in answer


def _raise_error(answer: Fields) -> None:
    """Unpaywall's own words: an object with `error`, `message` and the status of the answer.

    An e-mail address that it does not take is refused with 422, whatever DOI is asked for.
    """
    status, message = answer.get("HTTP_status_code"), text(answer.get("message"))
    if answer.get("error") or message:
        code = status if isinstance(status, int) and 400 <= status < 600 else 400
        if code == _UNPROCESSABLE and re.search(r"e-?mail", message, re.IGNORECASE):
            raise RequestRefused(SOURCE, _UNAUTHORISED, f"the e-mail address given as contact: {message}")
        raise RequestRefused(SOURCE, code, message or "no reason given")
    raise SourceChanged(SOURCE, "the answer tells of no DOI")
