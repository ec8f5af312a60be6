"""arXiv by OAI-PMH: preprints in arXiv's own formats `arXiv` and `arXivRaw`.

After info.arxiv.org/help/oa and arXiv's own server (github.com/arXiv/oaipmh): days as datestamps, rising;
resumption tokens without counts that expire at midnight UTC; sets `group:archive:CATEGORY`. A query may
name several sets, which are harvested one after the other.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from crawler.fetching.page import Asked, Page
from crawler.records.xml import root_name
from crawler.sources import _oai as client
from crawler.sources import _oai_record as records
from crawler.sources._arxiv_record import to_fields
from crawler.sources._oai_place import window
from crawler.sources._oai_record import metadata_of
from domain.errors import RecordRejected
from domain.paper import Version
from domain.record import HarvestedRecord

__all__ = [
    "MEDIA_TYPE",
    "SOURCE",
    "deleted_ids",
    "fall_back",
    "page_url",
    "parse_page",
    "parse_records",
    "recognises",
    "to_version",
    "window",
]

SOURCE = "arxiv"
MEDIA_TYPE = "application/xml; profile=oai-arxiv"
READS_REFUSALS = True

_NAME_SPACE = b"//arxiv.org/OAI/arXiv"
_ROOTS = frozenset({"OAI-PMH", "ListRecords", "GetRecord"})


page_url, fall_back, deleted_ids = client.page_url, client.fall_back, records.deleted_ids


def parse_page(body: bytes, fetched_at: datetime, asked: Asked) -> Page:
    """Read one answer.

    Raises:
        SourceChanged: it is not whole.
        RequestRefused: it is an error of arXiv's own.
    """
    return client.parse_page(body, fetched_at, asked, MEDIA_TYPE)


def recognises(head: bytes) -> bool:
    """Whether a file begins as a saved answer in one of arXiv's own formats."""
    return root_name(head).rpartition(":")[2] in _ROOTS and _NAME_SPACE in head


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The records of a saved answer.

    Raises:
        SourceChanged: it is cut short or cannot be decoded.
    """
    return client.read_dump(stream, fetched_at, SOURCE, MEDIA_TYPE)


def to_version(record: HarvestedRecord) -> Version:
    """Read a record.

    Raises:
        RecordRejected: `malformed`, `no-title`, or `not-a-paper` where it is deleted.
    """
    values = to_fields(metadata_of(record), record)
    if not values["title"]:
        raise RecordRejected(record.source, record.native_id, "no-title")
    return Version(**values)
