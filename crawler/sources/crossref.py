"""Crossref: works of its REST API (`/v1/works`), with deep paging by cursor.

What it rests on: the REST API's documentation (api.crossref.org), and recorded answers of 2026 for what that
leaves open: how cursors behave (`_crossref_list`) and how errors are told. A work that says of another that
it was retracted or corrected is read as a companion of that other (`_crossref_notices`).
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, urlencode

import msgspec

from crawler.fetching.days import check_days
from crawler.fetching.page import Asked, Page, RequestRefused
from crawler.records.answers import Fields, Raw, decoded, fields, key_names, raw_items, read_records, text
from crawler.records.readings import json_record, named_fields, read_version
from crawler.sources._crossref_list import Part, again, follow, parse_position
from crawler.sources._crossref_notices import notice_fields, targets
from crawler.sources._crossref_record import to_fields
from domain.errors import FindingsError, SourceChanged
from domain.identifiers import normalise_doi
from domain.paper import Version
from domain.record import HarvestedRecord

SOURCE = "crossref"
MEDIA_TYPE = "application/json"

_MOST_ROWS = 1000
_E_MAIL = re.compile(r"[^\s@<>:]+@[^\s@<>]+\.[^\s@<>]+")
_PARAMETERS = re.compile(r"(?:query(?:\.[\w-]+)?|filter)=")
_OWN_KEYS = frozenset({"is-referenced-by-count", "reference-count", "references-count", "content-domain"})
"""Keys that Crossref gives its records, and nobody else."""


def window(query: str, since: str | None, until: str | None) -> str:
    """The parameters that ask for `query`, limited to works that Crossref indexed between two days.

    By date of indexing: a work is indexed anew when a retraction is added to it. `query` is words for
    `query.bibliographic`, any of which may match, or parameters of the interface (`filter=…&query.title=…`).
    """
    check_days(since, until)
    given = dict(parse_qsl(query)) if _PARAMETERS.match(query) else {"query.bibliographic": query}
    limits = {"from-index-date": since, "until-index-date": until}
    filters = [given.get("filter", ""), *(f"{name}:{day}" for name, day in limits.items() if day)]
    given["filter"] = ",".join(part for part in filters if part)
    return urlencode({name: value for name, value in given.items() if value})


def page_url(asked: Asked) -> str:
    """The address of the page at a cursor; who runs this node is named, as Crossref asks of harvesters."""
    position = parse_position(asked.cursor)
    given = dict(parse_qsl(asked.query if "=" in asked.query else window(asked.query, None, None)))
    if filters := ",".join(part for part in (given.pop("filter", ""), *position.filters) if part):
        given["filter"] = filters
    given |= {"rows": str(min(asked.size, _MOST_ROWS)), "cursor": position.cursor}
    if mail := _E_MAIL.search(asked.contact):
        given["mailto"] = mail[0]
    return f"{asked.base_url.rstrip('/')}/works?{urlencode(given)}"


def parse_page(body: bytes, fetched_at: datetime, asked: Asked | None = None) -> Page:
    """Read one answer; each record keeps the bytes it came in."""
    message = _message(decoded(SOURCE, body, Raw))
    own = _works(message, fetched_at)
    records = tuple(one for record in own for one in _expanded(record))
    if asked is None:
        return Page(records, None)
    total, cursor = _value(message.get("total-results")), _value(message.get("next-cursor"))
    part = Part(
        names=tuple(record.native_id for record in own),
        total=total if isinstance(total, int) and total >= 0 and not isinstance(total, bool) else None,
        cursor=cursor if isinstance(cursor, str) else "",
        size=min(asked.size, _MOST_ROWS),
    )
    position = parse_position(asked.cursor)
    # Filters of one name are alternatives: one on the same date would undo ours.
    divisible = "created-date" not in asked.query
    step = follow(SOURCE, position, part, fetched_at.date(), divisible=divisible)
    following = step.following
    whole = following.announced if following else position.announced
    return Page(
        records=records if step.taken else (),
        count=len(own) if step.taken else 0,
        next_cursor=following.write() if following else None,
        total=whole if whole is not None or position.low or position.tries else part.total,
        step=following is not None,
        doubt=step.doubt,
    )


def fall_back(asked: Asked) -> str | None:
    """The start of the slice in which a cursor was refused: the server forgets it after five minutes."""
    return again(parse_position(asked.cursor)).write()


def recognises(head: bytes) -> bool:
    """Whether a file begins as a saved answer does, or as JSON Lines with one work each."""
    names = key_names(head)
    return "DOI" in names and not names.isdisjoint(_OWN_KEYS)


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The works of a saved answer, of a part of Crossref's public data file, or of JSON Lines.

    Raises:
        SourceChanged: it is none of these.
    """
    for record in read_records(
        SOURCE, stream, fetched_at, is_answer=_is_answer, parse_answer=_parse_answer, to_record=_record
    ):
        yield from _expanded(record)


def to_version(record: HarvestedRecord) -> Version:
    """Read a work, or what a notice says of another work, tolerant of whatever else is in it.

    Raises:
        RecordRejected: `malformed`, `not-a-paper` or `no-title`.
    """

    def read(work: Fields) -> dict[str, Any]:
        target = next((t for t in targets(work) if _companion_id(work, t) == record.native_id), None)
        if target is not None:
            return notice_fields(work, target)
        return to_fields(work, record.fetched_at.date())

    return read_version(record, read)


def _parse_answer(body: bytes, fetched_at: datetime) -> Page:
    """A saved answer, its works not yet told apart from what they say of others."""
    return Page(_works(_message(decoded(SOURCE, body, Raw)), fetched_at), None)


def _works(message: Raw, fetched_at: datetime) -> tuple[HarvestedRecord, ...]:
    payloads = raw_items(SOURCE, message["items"]) if "items" in message else [bytes(message[""])]
    return tuple(_record(payload, fetched_at) for payload in payloads)


def _message(answer: Raw) -> Raw:
    """What an answer says: a list of works, or under an empty name the one work that was asked for.

    Raises:
        RequestRefused: it says why there is none.
        SourceChanged: it says neither.
    """
    status = _value(answer.get("status"))
    held = answer.get("message")
    if status in ("failed", "error"):
        raise RequestRefused(SOURCE, 400, _problem(_value(held)))
    if held is None:
        held = msgspec.Raw(msgspec.json.encode(answer)) if "items" in answer else None
    if held is None or not bytes(held).lstrip().startswith(b"{"):
        raise SourceChanged(SOURCE, "the answer holds no works")
    message = decoded(SOURCE, bytes(held), Raw)
    if "items" not in message and "DOI" not in message:
        raise SourceChanged(SOURCE, "the answer holds no list of works")
    return message if "items" in message else {"": held}


def _problem(message: object) -> str:
    """Crossref's own words: a list of problems, an object, or a sentence."""
    problems = message if isinstance(message, list) else [message]
    said = [
        text(one) or text(fields(one).get("message")) or text(fields(one).get("name")) for one in problems
    ]
    return "; ".join(part for part in said if part) or "no reason given"


def _is_answer(answer: Raw) -> bool:
    return "DOI" not in answer and not answer.keys().isdisjoint(
        {"message", "message-type", "items", "status"}
    )


def _record(payload: bytes, fetched_at: datetime) -> HarvestedRecord:
    work = named_fields(payload)
    indexed = text(fields(work.get("indexed")).get("date-time"))
    return json_record(SOURCE, _name(work), payload, fetched_at, indexed)


def _name(work: Fields) -> str:
    given = text(work.get("DOI"))
    return normalise_doi(given) or given.lower()


def _expanded(record: HarvestedRecord) -> Iterator[HarvestedRecord]:
    """A work, and for each other work that it says something about a record of its own."""
    yield record
    work = named_fields(record.payload)
    for target in _targets(work):
        native_id = _companion_id(work, target)
        yield HarvestedRecord(
            SOURCE, native_id, record.fetched_at, MEDIA_TYPE, record.payload, revised=record.revised
        )


def _targets(work: Fields) -> tuple[str, ...]:
    try:
        return targets(work)
    except (FindingsError, ValueError, TypeError, AttributeError):
        return ()  # the work itself will be rejected for it


def _companion_id(work: Fields, target: str) -> str:
    return f"{_name(work)}#{target}"


def _value(raw: msgspec.Raw | None) -> Any:  # noqa: ANN401 - whatever JSON holds
    return None if raw is None else decoded(SOURCE, bytes(raw))
