"""PubMed Central by OAI-PMH: full articles in JATS, as far as their licence lets PMC hand them on.

After pmc.ncbi.nlm.nih.gov/tools/oai (the interface of September 2025): 10 records a page, days as
datestamps, `pmc` for full text and `pmc_fm` for front matter, `pmc-open` for what may be reused. Lists are
asked for one day after the other, so that a broken token costs one day. A saved answer is read as JATS.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from lxml import etree

from crawler.fetching.page import Asked, Page
from crawler.sources import _oai as client
from crawler.sources._oai_place import window
from crawler.sources._oai_record import article_version, metadata_of
from crawler.sources.jats import Article
from crawler.sources.jats import parse_article as parse_jats
from domain.paper import Version
from domain.record import HarvestedRecord

__all__ = [
    "MEDIA_TYPE",
    "SOURCE",
    "fall_back",
    "page_url",
    "parse_article",
    "parse_page",
    "parse_records",
    "to_version",
    "window",
]

SOURCE = "pmc"
MEDIA_TYPE = "application/xml; profile=oai-jats"
READS_REFUSALS = True


def page_url(asked: Asked) -> str:
    """The address of one page of one day."""
    return client.page_url(asked, by_day=True)


def parse_page(body: bytes, fetched_at: datetime, asked: Asked) -> Page:
    """Read one answer.

    Raises:
        SourceChanged: it is not whole.
        RequestRefused: it is an error of PMC's own.
    """
    return client.parse_page(body, fetched_at, asked, MEDIA_TYPE, by_day=True)


def fall_back(asked: Asked) -> str | None:
    """The beginning of the day in which a cursor was refused."""
    return client.fall_back(asked, by_day=True)


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The records of a saved answer.

    Raises:
        SourceChanged: it is cut short or cannot be decoded.
    """
    return client.read_dump(stream, fetched_at, SOURCE, MEDIA_TYPE)


def to_version(record: HarvestedRecord) -> Version:
    """Read a record's article.

    Raises:
        RecordRejected: it is deleted, malformed, or cannot be taken.
    """
    return article_version(record, metadata_of(record))


def parse_article(record: HarvestedRecord) -> Article:
    """A record's article with its text.

    Raises:
        RecordRejected: it is deleted, malformed, or a notice.
    """
    return parse_jats(
        etree.tostring(metadata_of(record), encoding="utf-8", with_tail=False), record.native_id
    )
