"""Sitemaps (sitemaps.org, protocol 0.9): lists of a site's pages, and lists of lists; also gzipped or text.

A list that is not whole is none: it must be well-formed XML to its last tag, or unfold to its end.
"""

import io
import re
import zlib
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from lxml import etree

from crawler.records.xml import root_name
from domain.errors import SourceChanged

MAX_ENTRIES = 50_000
MAX_BYTES = 50 << 20
"""Both are the protocol's own limits."""
_LONGEST_ADDRESS = 2048
_HEAD = 1 << 16
_CHANGED = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?(?=T|$)", re.ASCII)
_ROOTS = {"urlset": "url", "sitemapindex": "sitemap"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A page, or a further list, and the day it was last changed, at the precision given."""

    address: str
    changed: str | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A list, as far as the protocol's limit lets it reach."""

    entries: tuple[Entry, ...]
    is_index: bool = False
    more: bool = False
    """It holds more entries than it may."""
    certain: bool = True
    """Its form shows that it is whole; a text that ends without a line end may be cut short."""


def parse_sitemap(body: bytes, source: str) -> Sitemap:
    """Read a list.

    Raises:
        SourceChanged: it is no sitemap, or not whole.
    """
    body = _unpacked(body, source) if body.startswith(b"\x1f\x8b") else body
    if len(body) > MAX_BYTES:
        raise SourceChanged(source, f"a sitemap of more than {MAX_BYTES >> 20} MiB")
    name = root_name(body[:_HEAD]).rpartition(":")[2]
    if name in _ROOTS:
        return _xml(body, name, source)
    return _text(body, source)


def own_address(address: str, base: str) -> str | None:
    """`address` without its fragment, in the scheme of `base`; None where it is on another host."""
    try:
        here, given = urlsplit(base), urlsplit(address.strip())
        if given.scheme not in ("http", "https") or given.username or given.password:
            return None
        if (given.hostname, given.port or None) != (here.hostname, here.port or None):
            return None
    except ValueError:
        return None
    if len(address) > _LONGEST_ADDRESS or re.search(r"[\s\x00-\x1f\x7f<>\"\\]", address.strip()):
        return None
    return urlunsplit((here.scheme, here.netloc, given.path or "/", given.query, ""))


def _unpacked(body: bytes, source: str) -> bytes:
    unpack = zlib.decompressobj(wbits=31)
    try:
        found = unpack.decompress(body, MAX_BYTES + 1)
    except zlib.error as error:
        raise SourceChanged(source, f"a damaged gzip file: {error}") from error
    if len(found) <= MAX_BYTES and not unpack.eof:
        raise SourceChanged(source, "a gzip file that is cut short")
    return found


def _xml(body: bytes, root: str, source: str) -> Sitemap:
    if b"<!ENTITY" in body[:_HEAD]:
        raise SourceChanged(source, "a sitemap that declares entities, which we do not read")
    found: list[Entry] = []
    more = False
    try:
        steps = etree.iterparse(
            io.BytesIO(body),
            events=("end",),
            tag=(f"{{*}}{_ROOTS[root]}",),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            recover=False,
        )
        for _, element in steps:
            more = more or len(found) == MAX_ENTRIES
            if not more and (entry := _entry(element)):
                found.append(entry)
            element.clear()
    except (etree.LxmlError, ValueError) as error:
        words = " ".join(str(error).split())[:160]
        raise SourceChanged(source, f"the sitemap is not whole: {words}") from error
    return Sitemap(tuple(found), root == "sitemapindex", more)


def _entry(element: etree._Element) -> Entry | None:
    given = {
        etree.QName(child).localname: (child.text or "").strip() for child in element.iterchildren("{*}*")
    }
    address = given.get("loc", "")
    changed = _CHANGED.match(given.get("lastmod", ""))
    return Entry(address, changed[0] if changed else None) if address else None


def _text(body: bytes, source: str) -> Sitemap:
    """One address on each line (the protocol's text form)."""
    lines = [line.strip() for line in body.decode("utf-8-sig", "replace").splitlines()]
    addresses = [line for line in lines if line]
    whole = addresses[:-1] or addresses  # the last may be cut short, which is for the caller to judge
    if not addresses or any(not line.startswith(("http://", "https://")) for line in whole):
        start = body[:40].decode("utf-8", "replace")
        raise SourceChanged(source, f"no sitemap; it begins {start!r}")
    entries = tuple(map(Entry, addresses[:MAX_ENTRIES]))
    return Sitemap(entries, more=len(addresses) > MAX_ENTRIES, certain=body.endswith(b"\n"))
