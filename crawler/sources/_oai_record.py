"""What every OAI-PMH record has, whatever its metadata: its ids, and the metadata itself."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from lxml import etree

from crawler.fetching.page import Asked
from crawler.fetching.patience import source_table
from crawler.records.xml import parse_element
from crawler.sources import jats
from crawler.sources._oai_answer import child, local_name
from domain.errors import RecordRejected
from domain.identifiers import Identifiers
from domain.paper import Version, unique
from domain.record import HarvestedRecord

_RELATED = b"related-article-type="
_GLOBAL = re.compile(r"oai:[A-Za-z][\w-]*(?:\.[\w-]+)+:\S+")
_SHARED = re.compile(
    # Names that software comes with, which many repositories have kept.
    r"oai:(?:localhost|generic\.eprints\.org|ojs\.localhost|ojs2?\.?(?:pkp\.sfu\.ca)?|ojs\.pkp\.sfu\.ca"
    r"|example\.(?:org|com)|www\.example\.\w+):",
    re.IGNORECASE,
)


def metadata_of(record: HarvestedRecord) -> etree._Element:
    """The element inside the record's `metadata`.

    Raises:
        RecordRejected: `malformed`, or `not-a-paper` where the record is deleted.
    """
    root = parse_element(record.payload, record.source, record.native_id)
    header, metadata = child(root, "header"), child(root, "metadata")
    if header is not None and header.get("status") == "deleted":
        raise RecordRejected(record.source, record.native_id, "not-a-paper", "deleted at its source")
    found = next(metadata.iterchildren(etree.Element), None) if metadata is not None else None
    if found is None:
        raise RecordRejected(record.source, record.native_id, "malformed", "no metadata")
    return found


def is_deleted(record: HarvestedRecord) -> bool:
    """Whether the record is a note that it was deleted."""
    try:
        root = parse_element(record.payload, record.source, record.native_id)
    except RecordRejected:
        return False
    header = child(root, "header")
    return header is not None and header.get("status") == "deleted"


def deleted_ids(record: HarvestedRecord) -> tuple[str, ...]:
    """The record's own id, where it is a note that it was deleted."""
    return (record.native_id,) if is_deleted(record) else ()


def unique_id(identifier: str, base_url: str) -> str:
    """The identifier, made unique in the world by its host where its form does not make it so.

    >>> unique_id("oai:arXiv.org:1810.09584", "https://oaipmh.arxiv.org/oai")
    'oai:arXiv.org:1810.09584'
    >>> unique_id("oai:generic.eprints.org:12", "http://eprints.example.edu/cgi/oai2")
    'oai:eprints.example.edu/oai:generic.eprints.org:12'
    """
    if not identifier or (_GLOBAL.fullmatch(identifier) and not _SHARED.match(identifier)):
        return identifier
    return f"oai:{urlsplit(base_url).hostname or 'unknown'}/{identifier}"


def own_id(identifier: str, asked: Asked) -> str:
    """The identifier as a native id, which no other repository behind the same table can name.

    An aggregator gives its records the identifiers of where they come from, and may delete its own copy only.
    """
    unique, host = unique_id(identifier, asked.base_url), urlsplit(asked.base_url).hostname
    if unique != identifier or not identifier or not host or source_table(asked.source).get("base_url"):
        return unique
    space = identifier.split(":")[1].lower()
    if f".{host}".endswith(f".{space}") or space.endswith(f".{host}"):
        return identifier
    return f"oai:{host}/{identifier}"


def oai_key(native_id: str) -> str:
    """The record's id as a key of its version: the same wherever the record was had."""
    _, _, inside = native_id.partition("/")
    if native_id.startswith("oai:") and inside and unique_id(inside, "") == inside:
        return inside
    return native_id if native_id.startswith("oai:") else f"oai:{native_id}"


def article_version(record: HarvestedRecord, article: etree._Element) -> Version:
    """Read JATS metadata as the source of articles does, under the record's own id too.

    Raises:
        RecordRejected: the article cannot be taken.
    """
    if local_name(article) != "article":
        raise RecordRejected(
            record.source, record.native_id, "malformed", f"<{local_name(article)}>, not JATS"
        )
    payload = etree.tostring(article, encoding="utf-8", xml_declaration=False, with_tail=False)
    version = jats.to_version(replace(record, payload=payload, media_type=jats.MEDIA_TYPE))
    return with_key(version, record)


def with_key(version: Version, record: HarvestedRecord) -> Version:
    """The version with the record's id among its own; what adds to another's version has only that one's."""
    if version.companion:
        return version
    known: Identifiers = version.identifiers
    other = unique((*known.other, oai_key(record.native_id)))
    return replace(version, identifiers=replace(known, other=other))


def spread(record: HarvestedRecord) -> Iterator[HarvestedRecord]:
    """The record, and a notice once more for each further article that it is about, as `<id>#<key>`."""
    yield record
    if _RELATED not in record.payload:
        return
    try:
        article = metadata_of(record)
        if local_name(article) != "article":
            return
        targets = jats.targets(etree.tostring(article, encoding="utf-8", with_tail=False))
    except RecordRejected:
        return
    for key in targets[1:]:
        yield replace(record, native_id=f"{record.native_id}#{key}")
