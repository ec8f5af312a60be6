"""Which format something is in, told by what it holds: its media type is often wrong."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

from conferences.fetching import Fetched
from conferences.reading.drafts import Draft, Reading
from conferences.reading.feeds import read_feed
from conferences.reading.icalendars import read_icalendar
from conferences.reading.indico import is_export, read_indico_export
from conferences.reading.records import read_markdown, read_records, rows_of
from conferences.reading.schema_org import read_jsonld, read_page
from conferences.reading.tables import read_csv
from domain.errors import UnreadableListing

Reader = Callable[[bytes, str, datetime], Reading]

_HEAD = 4096
_LARGEST = 16_000_000  # bytes
_TABLES = ("text/csv", "text/tab-separated-values")
_MARKDOWN = re.compile(rb"^\|[^\n]{3,9999}\|[ \r]{0,9}\n\|[ :|-]{3,9999}", re.MULTILINE)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]")
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def read_all(fetched: Fetched, now: datetime | None = None) -> Reading:
    """What was fetched or handed in, with what was refused and why.

    Raises:
        UnreadableListing: it holds nothing that we can read; `rule` says why.
    """
    if len(fetched.body) > _LARGEST:
        raise UnreadableListing("this is too large for us to read", "too-large")
    body = fetched.body.removeprefix(b"\xef\xbb\xbf")
    return _reader(body, fetched.media_type)(body, fetched.url, now or datetime.now(UTC))


def read_listing(fetched: Fetched, now: datetime | None = None) -> list[Draft]:
    """The drafts alone.

    Raises:
        UnreadableListing: there is none; `rule` says why, that of the first refusal where all were refused.
    """
    reading = read_all(fetched, now)
    if not reading.found:
        first = reading.refused[0]
        raise UnreadableListing(f"nothing here can be listed: {first.rule}", first.rule)
    return reading.drafts


def _reader(body: bytes, media_type: str) -> Reader:
    head = body[:_HEAD].lstrip()
    if b"BEGIN:VCALENDAR" in head.upper() or b"BEGIN:VEVENT" in head.upper()[:200]:
        return read_icalendar
    if head[:1] in (b"{", b"["):
        return _json_reader(body)
    if head[:1] == b"<":
        if _FEED.search(head) and not _PAGE.search(head):
            return read_feed
        if _PAGE.search(head) or "html" in media_type:
            return read_page
        raise UnreadableListing("this XML is neither a feed nor a page", "format")
    if _MARKDOWN.search(body):
        return read_markdown
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if wide or media_type in _TABLES or re.search(rb"[,;\t]", head.split(b"\n", 1)[0]):
        return read_csv
    raise UnreadableListing("this is in no format that we know", "format")


def _json_reader(body: bytes) -> Reader:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableListing("this is not JSON", "no-json") from error
    if is_export(told):
        return read_indico_export
    if b'"@type"' not in body and (rows := rows_of(told)):
        return lambda _, url, __: read_records(rows, url)
    return read_jsonld
