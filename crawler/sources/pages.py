"""The pages of an open-access journal that has no interface: `findings harvest pages --base-url URL`.

The address is the site's, or that of one of its sitemaps; a table of its own may list `addresses` instead.
`--query` names the paths of articles (`/article/* /content/*`); without it every page listed is looked at.
robots.txt is obeyed, and one page is asked for at a time. Only what a page says in tags made for machines is
read, and only the part of it that does so is kept. Saved pages are imported as they are.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import BinaryIO
from urllib.parse import parse_qs, urlencode, urlsplit

from crawler.fetching.days import check_days
from crawler.fetching.page import Asked, Page
from crawler.records.answers import hashed_id
from crawler.records.names import web_address
from crawler.records.streams import read_whole
from crawler.sources._pages_excerpt import Excerpt, parse_excerpt
from crawler.sources._pages_fields import is_scholarly, other_work, to_fields
from crawler.telling.notices import is_notice
from domain.errors import RecordRejected, SourceChanged
from domain.paper import Version
from domain.record import HarvestedRecord

SOURCE = "pages"
MEDIA_TYPE = "text/html"

_MAX_BYTES = 16 << 20
_MAX_EXCERPT = 4 << 20
_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_TELLING = re.compile(
    rb"""=\s*["']?(?:bepress_)?citation_(?:title|doi|author)|(?:Medical)?ScholarlyArticle["']"""
    rb"""|name\s*=\s*["']?dc\.title["'\s].*prism\.|=\s*["']?eprints\.title""",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESSES = ("citation_abstract_html_url", "citation_public_url", "citation_fulltext_html_url", "og:url")


def window(query: str, since: str | None, until: str | None) -> str:
    """Paths of articles, and the days between which sitemaps say that they were changed.

    Raises:
        ConfigError: one of the days is not one.
    """
    check_days(since, until)
    given = {"paths": " ".join(query.split()), "since": since, "until": until}
    return urlencode({name: value for name, value in given.items() if value})


def is_wanted(address: str, changed: str | None, query: str) -> bool:
    """Whether a page is asked for, or with no address a list of pages; what has no day may have changed."""
    paths, since, until = _window(query)
    if changed and since and changed < since[: len(changed)]:
        return False
    if not address:
        return True
    if changed and until and changed[: len(until)] > until:
        return False
    path = urlsplit(address).path
    return not paths or any(fnmatchcase(path, pattern) for pattern in paths)


@lru_cache(maxsize=16)
def _window(query: str) -> tuple[tuple[str, ...], str, str]:
    given = {name: values[-1] for name, values in parse_qs(query).items()}
    return tuple(given.get("paths", "").split()), given.get("since", ""), given.get("until", "")


def page_url(asked: Asked) -> str:
    """The address of the page."""
    return asked.cursor or asked.base_url


def parse_page(body: bytes, fetched_at: datetime, asked: Asked) -> Page:
    """Read one page of the site; one that tells of no paper, or asks not to be listed, holds no record.

    Raises:
        SourceChanged: it is no page.
    """
    if b"<" not in body[:4096]:
        raise SourceChanged(asked.source, f"no page; it begins {body[:40]!r}")
    found = parse_excerpt(body)
    found.base = page_url(asked)
    hidden = "noindex" in " ".join(found.all("robots", "googlebot")).lower()
    if hidden or not is_scholarly(found):
        return Page((), None, step=True)
    return Page((_record(asked.source, found, fetched_at),), None, step=True)


def recognises(head: bytes) -> bool:
    """Whether a file begins as a page with tags about an article."""
    return _START.match(head.removeprefix(b"\xef\xbb\xbf")) is not None and _TELLING.search(head) is not None


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The record of a saved page.

    Raises:
        SourceChanged: it is too large, or tells of no paper.
    """
    found = parse_excerpt(read_whole(SOURCE, stream, _MAX_BYTES))
    if not is_scholarly(found):
        raise SourceChanged(SOURCE, "the page tells of no paper")
    found.base = _address(found)
    yield _record(SOURCE, found, fetched_at)


def to_version(record: HarvestedRecord) -> Version:
    """Read a page.

    Raises:
        RecordRejected: `no-title`, `not-a-paper` or `too-large`.
    """
    if len(record.payload) > _MAX_EXCERPT:
        raise RecordRejected(record.source, record.native_id, "too-large", f"{len(record.payload):,} bytes")
    found = parse_excerpt(record.payload)
    if other := other_work(found):
        raise RecordRejected(record.source, record.native_id, "not-a-paper", other)
    values = to_fields(found, f"page:{record.native_id}")
    if not values["title"]:
        raise RecordRejected(record.source, record.native_id, "no-title")
    abstract = next((one.text for one in values["abstracts"]), "")
    if is_notice(values["publication_types"], values["title"], abstract):
        raise RecordRejected(record.source, record.native_id, "not-a-paper", "a notice about another paper")
    return Version(**values)


def _address(found: Excerpt) -> str:
    """The page's own address, as it says itself."""
    said = (*found.linked("canonical"), *found.all(*_ADDRESSES), found.base)
    return next(filter(None, map(web_address, said)), "")


def _record(source: str, found: Excerpt, fetched_at: datetime) -> HarvestedRecord:
    payload = found.to_bytes()
    return HarvestedRecord(source, found.base or hashed_id(payload), fetched_at, MEDIA_TYPE, payload)
