"""OpenAlex: works by filter and cursor (https://developers.openalex.org, October 2026).

A free key allows $1 a day (10,000 pages of a filter, a tenth of that for a search), no key a tenth of it; the
answer's headers tell what a call cost and what is left. A blank or padded key is answered with 401, so none
is sent then. Whole records are asked for: a field named in `select` that OpenAlex retires, as it did with
`grants`, would end every harvest.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import urlencode

from crawler.fetching.days import check_days
from crawler.fetching.page import Answer, Asked, Page, RequestRefused
from crawler.records.answers import Raw, decoded, fields, key_names, raw_items, read_records, text
from crawler.records.readings import json_record, named_fields, read_version, whole_number
from crawler.sources._openalex_record import to_fields
from domain.errors import SourceChanged
from domain.paper import Version
from domain.record import HarvestedRecord

SOURCE = "openalex"
MEDIA_TYPE = "application/json"

_MOST = 100
_NATIVE = re.compile(r"(?:https?://openalex\.org/)?(W\d{1,15})", re.IGNORECASE)
_DOLLARS = re.compile(r"\d{1,4}(?:\.\d{1,9})?(?:e-\d{1,2})?", re.IGNORECASE)
_PRICE = 0.0001
"""Dollars for one page of a filter."""
_OWN_KEYS = {"abstract_inverted_index", "authorships"}


def window(query: str, since: str | None, until: str | None) -> str:
    """`query`, a filter, limited to what was published between two days, both included.

    By publication: to filter by the day of change is reserved to paid plans.
    """
    check_days(since, until)
    days = (("from_publication_date", since), ("to_publication_date", until))
    return ",".join((*[query.strip()] * bool(query.strip()), *(f"{name}:{day}" for name, day in days if day)))


def page_url(asked: Asked) -> str:
    """The address of the page that begins at the cursor."""
    given = {"filter": asked.query, "cursor": asked.cursor or "*", "per_page": str(min(asked.size, _MOST))}
    if key := asked.key.strip():
        given["api_key"] = key
    return f"{asked.base_url.rstrip('/')}/works?{urlencode(given)}"


def parse_page(body: bytes, fetched_at: datetime, asked: Asked | None = None) -> Page:
    """Read one answer; each work keeps the bytes it came in."""
    answer = decoded(SOURCE, body, Raw)
    if "results" not in answer:
        _raise_error(answer)
    meta = fields(_value(answer.get("meta")))
    cursor = meta.get("next_cursor")
    return Page(
        records=tuple(_record(raw, fetched_at) for raw in raw_items(SOURCE, answer.get("results"))),
        next_cursor=cursor if isinstance(cursor, str) and cursor else None,
        total=whole_number(meta.get("count")),
    )


def spent(answer: Answer) -> float:
    """The dollars that an answer cost, by its headers, else by its own account, else by the price list."""
    stated = answer.headers.get("x-ratelimit-cost-usd", "").strip().removeprefix("$")
    if _DOLLARS.fullmatch(stated):
        return float(stated)
    if answer.status != 200:
        return 0.0
    meta = named_fields(answer.body, "meta").get("meta")
    told = text(fields(meta).get("cost_usd"))
    return float(told) if _DOLLARS.fullmatch(told) else _PRICE


def recognises(head: bytes) -> bool:
    """Whether a file begins as a saved answer, or as the snapshot's JSON Lines of works."""
    return not key_names(head).isdisjoint(_OWN_KEYS)


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The works of a saved answer, a list, or JSON Lines.

    Raises:
        SourceChanged: it is none of these.
    """
    return read_records(
        SOURCE,
        stream,
        fetched_at,
        is_answer=lambda answer: "results" in answer,
        parse_answer=parse_page,
        to_record=_record,
    )


def to_version(record: HarvestedRecord) -> Version:
    """Read a work, tolerant of whatever else is in it.

    Raises:
        RecordRejected: `malformed`, `no-title` or `not-a-paper`.
    """
    return read_version(record, to_fields)


def _record(payload: bytes, fetched_at: datetime) -> HarvestedRecord:
    found = named_fields(payload, "id", "updated_date")
    native = _NATIVE.fullmatch(text(found.get("id")))
    return json_record(
        SOURCE, native[1].upper() if native else "", payload, fetched_at, text(found.get("updated_date"))
    )


def _raise_error(answer: Raw) -> None:
    """OpenAlex's own error message, `{"error": "…", "message": "…"}`."""
    if "error" in answer:
        message = text(_value(answer.get("message"))) or text(_value(answer["error"]))
        raise RequestRefused(SOURCE, 400, message or "no reason given")
    raise SourceChanged(SOURCE, "the answer holds no list of results")


def _value(raw: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    return None if raw is None else decoded(SOURCE, bytes(raw))
