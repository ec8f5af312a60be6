"""DataCite: datasets, software and texts with a DOI of its own, by search and cursor (REST API, JSON:API).

A text is a paper. A dataset is none, but says which papers it belongs to: each of these gets a record of its
own that adds the link. The next page is named by an address, of which only the cursor is used, so that
nothing leads us to another server. Parameters and paging rest on https://support.datacite.org/docs/pagination
and on DataCite's own app/controllers/datacite_dois_controller.rb.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlencode, urlsplit

from crawler.fetching.days import check_days
from crawler.fetching.page import Asked, Page, RequestRefused
from crawler.records.answers import Raw, decoded, fields, items, key_names, raw_items, read_records, text
from crawler.records.readings import json_record, named_fields, read_version, whole_number
from crawler.sources._datacite_links import attributes, is_paper, own_doi, paper_keys, to_companion
from crawler.sources._datacite_record import to_fields
from domain.errors import SourceChanged
from domain.paper import Version
from domain.record import HarvestedRecord

SOURCE = "datacite"
MEDIA_TYPE = "application/json"

_FIRST = "1"
_MOST = 1000
_OWN_KEYS = {"resourceTypeGeneral", "relatedIdentifiers", "rightsList", "nameType"}
_TELLING = {"creators", "titles", "publicationYear"}
"""Others quote single fields of DataCite's; these are the ones that it demands of every record."""


def window(query: str, since: str | None, until: str | None) -> str:
    """`query`, limited to what was changed at DataCite between two days, both included."""
    check_days(since, until)
    if since is None and until is None:
        return query
    days = f"{f'{since}T00:00:00.000Z' if since else '*'} TO {f'{until}T23:59:59.999Z' if until else '*'}"
    return f"({query}) AND updated:[{days}]" if query.strip() else f"updated:[{days}]"


def page_url(asked: Asked) -> str:
    """The address of the page that begins at the cursor."""
    given = {
        "query": asked.query,
        "page[cursor]": asked.cursor or _FIRST,
        "page[size]": str(min(asked.size, _MOST)),
        "affiliation": "true",
        "publisher": "true",
        "disable-facets": "true",
    }
    if "@" in asked.contact:
        given["mailto"] = asked.contact.strip()
    return f"{asked.base_url.rstrip('/')}/dois?{urlencode(given)}"


def parse_page(body: bytes, fetched_at: datetime, asked: Asked | None = None) -> Page:
    """Read one answer; each record keeps the bytes it came in."""
    answer = decoded(SOURCE, body, Raw)
    if "data" not in answer:
        _raise_error(answer)
    raws = raw_items(SOURCE, answer["data"])
    return Page(
        records=tuple(record for raw in raws for record in _records(raw, fetched_at)),
        count=len(raws),
        next_cursor=_cursor(text(fields(_value(answer.get("links"))).get("next"))),
        total=whole_number(fields(_value(answer.get("meta"))).get("total")),
    )


def _cursor(address: str) -> str | None:
    try:
        given = parse_qs(urlsplit(address).query).get("page[cursor]", [])
    except ValueError:
        return None
    return given[-1] if given else None


def recognises(head: bytes) -> bool:
    """Whether a file begins as a saved answer, a record, or JSON Lines of DataCite do."""
    names = key_names(head)
    return not (names.isdisjoint(_OWN_KEYS) or names.isdisjoint(_TELLING))


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The records of a saved answer, of one record, of a list, or of JSON Lines.

    Raises:
        SourceChanged: it is none of these.
    """
    whole = read_records(
        SOURCE,
        stream,
        fetched_at,
        is_answer=lambda answer: "data" in answer,
        parse_answer=parse_page,
        to_record=lambda raw, now: json_record(SOURCE, "", raw, now),
    )
    for record in whole:
        # A page of a saved answer has been divided already.
        divided = not record.native_id.startswith("sha256:")
        yield from (record,) if divided else _records(record.payload, fetched_at)


def to_version(record: HarvestedRecord) -> Version:
    """Read a text as a paper, or of a dataset what it says about the paper that the record's id names.

    Raises:
        RecordRejected: `malformed`, `no-title`, or `not-a-paper`: a dataset that names no paper.
    """
    _, _, key = record.native_id.partition("#")
    return read_version(record, (lambda found: to_companion(found, key)) if key else to_fields)


def _records(payload: bytes, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    found = attributes(named_fields(payload))
    doi, updated = own_doi(found), text(found.get("updated"))
    keys = () if is_paper(found) or not doi else paper_keys(found)
    for native_id in [f"{doi}#{key}" for key in keys] or [doi]:
        yield json_record(SOURCE, native_id, payload, fetched_at, updated)


def _raise_error(answer: Raw) -> None:
    """DataCite's own error message, `{"errors": [{"status": "400", "title": "…"}]}`."""
    if "errors" in answer:
        first = fields(next(iter(items(_value(answer["errors"]))), None))
        problem = text(first.get("title")) or text(first.get("detail")) or "no reason given"
        raise RequestRefused(SOURCE, whole_number(first.get("status")) or 400, problem)
    raise SourceChanged(SOURCE, "the answer holds no list of records")


def _value(raw: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    return None if raw is None else decoded(SOURCE, bytes(raw))
