"""Sources: one short module each, found by its declared name.

A module serves the table of its name in `config/sources.toml`, and every table that names it as `module`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import BinaryIO, Protocol, cast, runtime_checkable

from config import load_table
from crawler.fetching.page import Asked, Page
from crawler.fetching.patience import module_name
from crawler.telling.enrich import enrich
from domain.errors import ConfigError, FindingsError, RecordRejected
from domain.paper import Version
from domain.record import HarvestedRecord

UNREADABLE = "unreadable"
"""Why a record was rejected that is beyond our reader."""
Outcomes = Iterator[tuple[HarvestedRecord, Version | RecordRejected]]
"""Records, each with what it was read as."""


class Source(Protocol):
    """What every module in this folder offers."""

    @property
    def SOURCE(self) -> str:  # noqa: N802 - a module's constant
        """Its one name."""
        ...

    @property
    def MEDIA_TYPE(self) -> str:  # noqa: N802
        """What its payloads are."""
        ...

    def parse_records(self, stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
        """The records of a file. Raises `SourceChanged`."""
        ...

    def to_version(self, record: HarvestedRecord) -> Version:
        """Read a record, adding nothing. Raises `RecordRejected`."""
        ...


@runtime_checkable
class PagedSource(Source, Protocol):
    """A source that can be harvested page by page over HTTP."""

    def window(self, query: str, since: str | None, until: str | None) -> str:
        """`query`, limited to what the source changed between two days. Raises `ConfigError`."""
        ...

    def page_url(self, asked: Asked) -> str:
        """The address of the page that is asked for."""
        ...

    def parse_page(self, body: bytes, fetched_at: datetime, asked: Asked) -> Page:
        """Read an answer. Raises `SourceChanged` and `RequestRefused`, never half a page."""
        ...


@runtime_checkable
class FileSource(Source, Protocol):
    """A source whose saved answers, dumps or articles `findings import` recognises by their beginning."""

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins with `head` is in this source's format; no other source's may be."""
        ...


@runtime_checkable
class ReadingSource(FileSource, Protocol):
    """A file source that reads records while it cuts them, which spares parsing them twice."""

    def parse_versions(self, stream: BinaryIO, fetched_at: datetime) -> Outcomes:
        """Records with what `to_version` says about each. Raises `SourceChanged`."""
        ...


@runtime_checkable
class DeletingSource(FileSource, Protocol):
    """A file source among whose records are notes of deletion."""

    def deleted_ids(self, record: HarvestedRecord) -> tuple[str, ...]:
        """The native ids that the record says are withdrawn; none for a record of any other kind."""
        ...


@runtime_checkable
class ResumingSource(PagedSource, Protocol):
    """A paged source whose lists can be taken up again near where a cursor was, once it is refused."""

    def fall_back(self, asked: Asked) -> str | None:
        """A cursor not after the refused one, for the same list; None: only from the start."""
        ...


@runtime_checkable
class ExplainingSource(PagedSource, Protocol):
    """A paged source that says what it refuses, and why, in answers that `parse_page` reads.

    Repositories tell of an empty window with the status of a refusal: only the body tells them apart.
    """

    @property
    def READS_REFUSALS(self) -> bool:  # noqa: N802 - a module's constant
        """Whether answers with a refusing status (400, 404, 410, 422) are given to `parse_page`."""
        ...


@runtime_checkable
class LookupSource(PagedSource, Protocol):
    """A paged source that has no lists: it is asked about one identifier of a known paper at a time.

    `asked.cursor` is that identifier; the page holds what the source knows about it, one record or none.
    """

    @property
    def SCHEME(self) -> str:  # noqa: N802 - a module's constant
        """What it is asked for: `doi`, `pmid` …"""
        ...


@runtime_checkable
class SiteSource(PagedSource, Protocol):
    """A paged source whose list is a site: `asked.cursor` is the address of one of its pages.

    Its pages are found by robots.txt and sitemaps, and a page of the list is one page of the site.
    """

    def is_wanted(self, address: str, changed: str | None, query: str) -> bool:
        """Whether a page is asked for, last changed on that day; no address: a list of pages."""
        ...


def source_names() -> Iterator[str]:
    """The names of all sources, in order: the tables of `config/sources.toml`."""
    return iter(sorted(load_table("sources")))


def module_names() -> Iterator[str]:
    """The modules of all sources, in order; one that begins with an underscore is part of another."""
    return iter(sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_")))


@cache
def file_sources() -> tuple[FileSource, ...]:
    """The modules that read files."""
    modules = (import_module(f"{__name__}.{name}") for name in module_names())
    return tuple(module for module in modules if isinstance(module, FileSource))


@cache
def load_source(name: str) -> Source:
    """The source of that name.

    Raises:
        ConfigError: there is none.
    """
    module = module_name(name)
    if module not in module_names():
        raise ConfigError(f"config/sources.toml [{name}]", f"there is no module {module!r} to read it")
    return cast("Source", import_module(f"{__name__}.{module}"))


def deleted_ids(record: HarvestedRecord) -> tuple[str, ...]:
    """The native ids that the record says are withdrawn; none for most records."""
    source = _deleting_source(record.source)
    return source.deleted_ids(record) if source else ()


@cache
def _deleting_source(name: str) -> DeletingSource | None:
    source = load_source(name)
    return source if isinstance(source, DeletingSource) else None


def read(record: HarvestedRecord) -> Version:
    """Read a record of any source, and add what it shows without saying so.

    Raises:
        RecordRejected: the record cannot be taken.
    """
    return enrich(load_source(record.source).to_version(record))


def try_reading(record: HarvestedRecord, reading: Callable[[], Version]) -> Version | RecordRejected:
    """What `reading` makes of a record, or why it cannot be taken.

    A fault of our own reader rejects the record as `UNREADABLE`: it must not cost the others.
    """
    try:
        return reading()
    except RecordRejected as rejected:
        return rejected
    except FindingsError:
        raise
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"[:500]
        return RecordRejected(record.source, record.native_id, UNREADABLE, detail)
