"""JATS 1.0 to 1.4: articles as publishers and PubMed Central give them, alone or in a set or OAI answer.

Only the front and back matter is read; the payload keeps the whole article.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import BinaryIO

from lxml import etree

from crawler.sources import _jats_back as back
from crawler.sources import _jats_front as front
from crawler.sources import _jats_people as people
from crawler.text import language_tag
from crawler.xml import parse_element, root_name, split_records
from domain.errors import RecordRejected
from domain.identifiers import Identifiers
from domain.paper import FullText, Version, VersionKind
from domain.record import HarvestedRecord

SOURCE = "jats"
MEDIA_TYPE = "application/jats+xml"
_ROOTS = frozenset({"article", "pmc-articleset"})
_OAI_ROOTS = frozenset({"OAI-PMH", "GetRecord", "ListRecords"})

_ARTICLE = re.compile(rb"<(?:[\w.-]+:)?article[\s>]")
_RECORDS = ("article",)
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ABSTRACTS = frozenset({"abstract", "meeting-abstract", "conference-abstract"})
_PREPRINTS = frozenset({"preprint"})


def recognises(head: bytes) -> bool:
    """Whether a file begins as an article, a set of them, or an OAI-PMH answer that carries articles."""
    root = root_name(head).rpartition(":")[2]
    return root in _ROOTS or (root in _OAI_ROOTS and _ARTICLE.search(head) is not None)


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The articles of a document.

    Raises:
        SourceChanged: the document is cut short or cannot be decoded.
    """
    for record, _ in parse_versions(stream, fetched_at):
        yield record


def parse_versions(
    stream: BinaryIO, fetched_at: datetime
) -> Iterator[tuple[HarvestedRecord, Version | RecordRejected]]:
    """Records with what `to_version` says about each, from one tree."""
    for piece in split_records(stream, _RECORDS, SOURCE):
        unnamed = f"sha256:{sha256(piece.data).hexdigest()[:32]}"
        record = HarvestedRecord(SOURCE, unnamed, fetched_at, MEDIA_TYPE, piece.data)
        try:
            if piece.problem:
                raise RecordRejected(SOURCE, unnamed, piece.problem, f"line {piece.line}")
            root = _parse(record)
        except RecordRejected as rejection:
            yield record, rejection
            continue
        identifiers = _identifiers(root)
        native_id = next(identifiers.keys(), unnamed)
        record = HarvestedRecord(SOURCE, native_id, fetched_at, MEDIA_TYPE, piece.data)
        try:
            yield record, _version(root, identifiers, native_id)
        except RecordRejected as rejection:
            yield record, rejection


def to_version(record: HarvestedRecord) -> Version:
    """Read an article.

    Raises:
        RecordRejected: `malformed`, `too-large`, `not-a-paper` (no article-meta) or `no-title`.
    """
    root = _parse(record)
    return _version(root, _identifiers(root), record.native_id)


def _parse(record: HarvestedRecord) -> etree._Element:
    root = parse_element(record.payload, SOURCE, record.native_id)
    if root.nsmap.get(root.prefix):  # the OAI form puts JATS into a name space of its own
        for element in root.iter(etree.Element):
            element.tag = etree.QName(element).localname
    return root


def _identifiers(root: etree._Element) -> Identifiers:
    meta = root.find("front/article-meta")
    return front.identifiers(meta, root.find("front/journal-meta")) if meta is not None else Identifiers()


def _version(root: etree._Element, identifiers: Identifiers, native_id: str) -> Version:
    meta = root.find("front/article-meta")
    if meta is None:
        raise RecordRejected(SOURCE, native_id, "not-a-paper", "no front/article-meta")
    language = language_tag(root.get(_LANG, "en"))  # the default that JATS gives the attribute
    title = front.title(meta)
    if not title:
        raise RecordRejected(SOURCE, native_id, "no-title")
    article_type = root.get("article-type", "")
    licence = front.licence(meta)
    open_access = front.open_access(meta, licence)
    return Version(
        kind=_kind(article_type),
        identifiers=identifiers,
        title=title,
        language=language,
        abstracts=front.abstracts(meta, language),
        authors=people.authors(meta),
        journal=front.journal(root.find("front/journal-meta"), meta),
        published=front.published(meta),
        publication_types=(article_type,) if article_type else (),
        keywords=front.keywords(meta),
        grants=back.grants(meta),
        data=back.data_links(root),
        licence=licence,
        open_access=open_access,
        links=back.links(meta),
        notices=back.notices(meta, article_type),
        full_texts=_full_texts(identifiers, free=bool(open_access)),
        competing_interests=back.competing_interests(root),
    )


def _kind(article_type: str) -> VersionKind:
    # A "meeting-report" tells about a meeting; it is an article.
    if article_type in _ABSTRACTS:
        return VersionKind.ABSTRACT
    return VersionKind.PREPRINT if article_type in _PREPRINTS else VersionKind.ARTICLE


def _full_texts(identifiers: Identifiers, *, free: bool) -> tuple[FullText, ...]:
    found = []
    if identifiers.pmcid:
        found.append(FullText(f"https://pmc.ncbi.nlm.nih.gov/articles/{identifiers.pmcid}/", free=True))
    if identifiers.doi:
        found.append(FullText(f"https://doi.org/{identifiers.doi}", free=free))
    return tuple(found)
