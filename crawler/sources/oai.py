"""Any repository or journal that speaks OAI-PMH 2.0: `findings harvest oai --base-url URL`.

`--query` names what to ask for (`set=…&metadataPrefix=…`); Dublin Core (`oai_dc`), which every repository
gives, where it names no format. Records that carry JATS are read as articles are. Theses, books, reports,
data and media are kept as no papers.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from crawler.fetching.page import Asked, Page
from crawler.records.kinds import kind_of, other_than_paper, type_word
from crawler.records.supplements import is_supplement
from crawler.records.xml import root_name
from crawler.sources import _oai as client
from crawler.sources import _oai_dc as dublin
from crawler.sources import _oai_record as records
from crawler.sources import arxiv, jats
from crawler.sources._oai_answer import local_name
from crawler.sources._oai_place import window
from crawler.sources._oai_record import article_version, metadata_of, oai_key
from crawler.telling.notices import is_notice
from crawler.telling.repositories import repository_of
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

SOURCE = "oai"
MEDIA_TYPE = "application/xml; profile=oai"
READS_REFUSALS = True

_ROOTS = frozenset({"OAI-PMH", "ListRecords", "GetRecord"})
_DUBLIN = frozenset({"dc", "qualifieddc", "dcterms"})


page_url, fall_back, deleted_ids = client.page_url, client.fall_back, records.deleted_ids


def parse_page(body: bytes, fetched_at: datetime, asked: Asked) -> Page:
    """Read one answer.

    Raises:
        SourceChanged: it is not whole.
        RequestRefused: it is an error of the repository's own.
    """
    return client.parse_page(body, fetched_at, asked, MEDIA_TYPE)


def recognises(head: bytes) -> bool:
    """Whether a file begins as a saved answer that neither holds articles nor is arXiv's own."""
    if root_name(head).rpartition(":")[2] not in _ROOTS:
        return False
    return not jats.recognises(head) and not arxiv.recognises(head)


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The records of a saved answer.

    Raises:
        SourceChanged: it is cut short or cannot be decoded.
    """
    return client.read_dump(stream, fetched_at, SOURCE, MEDIA_TYPE)


def _is_data(values: dict[str, Any]) -> bool:
    """Whether a record that no type calls a paper, and that is in no journal, is that of a data set."""
    doi = values["identifiers"].doi
    is_kept = doi is not None and repository_of(doi) is not None
    return is_kept and values["journal"] is None and kind_of(values["publication_types"]) is None


def to_version(record: HarvestedRecord) -> Version:
    """Read a record.

    Raises:
        RecordRejected: `malformed`, `no-title`, or `not-a-paper`.
    """
    body = metadata_of(record)
    if local_name(body) == "article":
        return article_version(record, body)
    if local_name(body).lower() not in _DUBLIN:
        raise RecordRejected(
            record.source, record.native_id, "malformed", f"<{local_name(body)}> is no format we read"
        )
    values = dublin.to_fields(body, oai_key(record.native_id))
    other = other_than_paper(values["publication_types"], in_journal=values["journal"] is not None)
    if not other and _is_data(values):
        other = "what lies in a repository of data"
    if other:
        raise RecordRejected(record.source, record.native_id, "not-a-paper", other[:80])
    if not values["title"]:
        raise RecordRejected(record.source, record.native_id, "no-title")
    if is_supplement(values["title"]):
        raise RecordRejected(record.source, record.native_id, "not-a-paper", "a supplement")
    abstract = next((one.text for one in values["abstracts"]), "")
    if is_notice(map(type_word, values["publication_types"]), values["title"], abstract):
        raise RecordRejected(record.source, record.native_id, "not-a-paper", "a notice about another paper")
    return Version(**values)
