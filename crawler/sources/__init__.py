"""Sources: one short module each, found by its declared name."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import BinaryIO, Protocol, cast, runtime_checkable

from crawler.enrich import enrich
from crawler.page import Page
from domain.errors import ConfigError
from domain.paper import Version
from domain.record import HarvestedRecord


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

    def page_url(self, base_url: str, query: str, cursor: str | None, size: int) -> str:
        """The address of the page that begins at `cursor`, None being the first."""
        ...

    def parse_page(self, body: bytes, fetched_at: datetime) -> Page:
        """Read an answer. Raises `SourceChanged` and `RequestRefused`, never half a page."""
        ...


def source_names() -> Iterator[str]:
    """The names of all sources, in order; a module that begins with an underscore is part of another."""
    return iter(sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_")))


@cache
def load_source(name: str) -> Source:
    """The source of that name.

    Raises:
        ConfigError: there is none.
    """
    if name not in source_names():
        raise ConfigError(name, f"no such source; there are: {', '.join(source_names())}")
    return cast("Source", import_module(f"{__name__}.{name}"))


def read(record: HarvestedRecord) -> Version:
    """Read a record of any source, and add what it shows without saying so.

    Raises:
        RecordRejected: the record cannot be taken.
    """
    return enrich(load_source(record.source).to_version(record))
