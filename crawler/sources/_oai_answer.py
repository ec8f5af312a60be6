"""An OAI-PMH 2.0 answer, read strictly: a page that is not whole is no page.

After the protocol's own text (openarchives.org/OAI/2.0/openarchivesprotocol.htm). One record that is not
well-formed costs itself only, and only where all that stands around the records is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from xml.sax.saxutils import quoteattr

from lxml import etree

from crawler.records.xml import MAX_RECORD_BYTES, parse_element
from domain.errors import RecordRejected, SourceChanged

_RECORD = re.compile(rb"<((?:[\w.-]+:)?record)(?=[\s>])")
_IDENTIFIER = re.compile(rb"<(?:[\w.-]+:)?identifier(?:\s[^<>]*)?>([^<]*)</")
_DATESTAMP = re.compile(rb"<(?:[\w.-]+:)?datestamp(?:\s[^<>]*)?>([^<]*)</")
_DELETED = re.compile(rb"<(?:[\w.-]+:)?header\s[^<>]*?\bstatus\s*=\s*[\"']deleted[\"']")
_HEADER_BYTES = 1 << 14
_LISTS = frozenset({"ListRecords", "GetRecord", "ListIdentifiers"})


@dataclass(frozen=True, slots=True)
class Item:
    """A record or header of a list."""

    identifier: str
    datestamp: str
    deleted: bool
    payload: bytes


@dataclass(frozen=True, slots=True)
class OaiAnswer:
    """What an answer holds; `listed` is None where it is no list at all."""

    listed: tuple[Item, ...] | None = None
    token: str | None = None
    """The resumption token: None where there is no such element, "" where it is empty, which is the end."""
    total: int | None = None
    """`completeListSize`."""
    headers: bool = False
    """Whether the list is one of headers only."""
    errors: tuple[tuple[str, str], ...] = ()
    """Code and words of each error."""
    identified: bool = False
    granularity: str = ""
    earliest: str = ""
    responded: str = ""
    """The server's own clock."""


def local_name(element: etree._Element) -> str:
    """The element's name without its name space."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of that name, in whatever name space."""
    return next((one for one in element if local_name(one) == name), None)


def child_text(element: etree._Element, name: str) -> str:
    """The text of the first child of that name; "" for none."""
    found = child(element, name)
    return " ".join((found.text or "").split()) if found is not None else ""


def read_answer(body: bytes, source: str) -> OaiAnswer:
    """Read a whole answer.

    Raises:
        SourceChanged: it is cut short, not well-formed, declares a document type, or is no OAI-PMH.
    """
    body = body.strip()
    try:
        return _answer(_root(body, source), source)
    except SourceChanged as broken:
        frame, pieces = _taken_apart(body)
        if not pieces:
            raise
        try:
            return _answer(_root(frame, source), source, pieces)
        except SourceChanged:
            raise broken from None


def header_of(payload: bytes) -> Item:
    """The header of a record as its bytes show it, well-formed or not."""
    head = payload[:_HEADER_BYTES]
    return Item(
        _first(_IDENTIFIER, head), _first(_DATESTAMP, head), _DELETED.search(head) is not None, payload
    )


def _first(pattern: re.Pattern[bytes], head: bytes) -> str:
    found = pattern.search(head)
    return " ".join(unescape(found[1].decode("utf-8", "replace")).split()) if found else ""


def _root(body: bytes, source: str) -> etree._Element:
    try:
        root = parse_element(body, source, "")
    except RecordRejected as broken:
        raise SourceChanged(source, f"the answer is not whole: {broken.detail}") from broken
    if root.getroottree().docinfo.doctype:
        raise SourceChanged(source, "the answer declares a document type, which OAI-PMH has not")
    if local_name(root) != "OAI-PMH":
        raise SourceChanged(source, f"the answer is no OAI-PMH but <{local_name(root)}>")
    return root


def _answer(root: etree._Element, source: str, pieces: list[bytes] | None = None) -> OaiAnswer:
    found = next((one for one in root if local_name(one) in _LISTS), None)
    identify = child(root, "Identify")
    token = child(found, "resumptionToken") if found is not None else None
    size = token.get("completeListSize", "") if token is not None else ""
    return OaiAnswer(
        listed=None if found is None else tuple(_items(found, source, pieces)),
        token=None if token is None else (token.text or "").strip(),
        total=int(size) if size.isascii() and size.isdigit() else None,
        headers=found is not None and local_name(found) == "ListIdentifiers",
        errors=tuple(_errors(root)),
        identified=identify is not None,
        granularity=child_text(identify, "granularity") if identify is not None else "",
        earliest=child_text(identify, "earliestDatestamp") if identify is not None else "",
        responded=child_text(root, "responseDate"),
    )


def _errors(root: etree._Element) -> Iterator[tuple[str, str]]:
    for one in root:
        if local_name(one) == "error":
            yield one.get("code", "error"), " ".join((one.text or "").split())


def _items(found: etree._Element, source: str, pieces: list[bytes] | None) -> Iterator[Item]:
    records = [one for one in found if local_name(one) in {"record", "header"}]
    if pieces is None:
        yield from map(_item, records)
        return
    if len(records) != len(pieces):
        raise SourceChanged(source, "the answer holds records where none may be")
    for record, piece in zip(records, pieces, strict=True):
        yield _piece(piece, record.nsmap, source)


def _item(record: etree._Element) -> Item:
    header = record if local_name(record) == "header" else child(record, "header")
    if header is None:
        return Item("", "", deleted=False, payload=_bytes(record))
    return Item(
        identifier=child_text(header, "identifier"),
        datestamp=child_text(header, "datestamp"),
        deleted=header.get("status") == "deleted",
        payload=_bytes(record),
    )


def _piece(piece: bytes, spaces: dict[str | None, str], source: str) -> Item:
    """A record by itself: read as any other where it is well-formed, else kept as it came."""
    declared = "".join(
        f" xmlns{':' + prefix if prefix else ''}={quoteattr(uri)}" for prefix, uri in spaces.items()
    )
    try:
        inside = parse_element(b"<page%s>%s</page>" % (declared.encode(), piece), source, "")
    except RecordRejected:
        return header_of(piece[:MAX_RECORD_BYTES])
    return _item(inside[0])


def _bytes(record: etree._Element) -> bytes:
    return etree.tostring(record, encoding="utf-8", xml_declaration=False, with_tail=False)


def _taken_apart(body: bytes) -> tuple[bytes, list[bytes]]:
    """The answer with its records emptied, and the records; none where they do not stand one by one."""
    frame, pieces, position = [], [], 0
    while match := _RECORD.search(body, position):
        closing = b"</" + match[1] + b">"
        end = body.find(closing, match.end())
        following = _RECORD.search(body, match.end(), max(end, 0))
        if end < 0 or following:
            return b"", []
        frame += [body[position : match.start()], b"<" + match[1] + b"/>"]
        position = end + len(closing)
        pieces.append(body[match.start() : position])
    return b"".join((*frame, body[position:])), pieces
