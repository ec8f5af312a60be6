"""Harvesting a source page by page into the catalog; it can be stopped anywhere and goes on by itself.

Each page is saved with the place where the next one begins, in one transaction. A harvest is called complete
only when the source has said that there is no more *and* what came agrees with what it had announced.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from crawler.download import run
from crawler.page import Asked, Fetch, Page
from crawler.paging import Interrupted, Pager, WaitTooLong
from crawler.patience import Patience, load_patience, source_table
from crawler.settings import scrapy_settings
from crawler.sources import PagedSource, load_source, read, source_names
from domain.errors import CatalogError, ConfigError, FindingsError, RecordRejected, SourceError
from domain.paper import Version
from domain.ports import Catalog, Rejection
from domain.record import Checkpoint, Counts, HarvestedRecord

Outcome = Literal["complete", "partial", "failed"]

_TOLERATED_GAP = 0.01  # Europe PMC has announced up to 1 % more records than it gives
_UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class HarvestProgress:
    """How far a harvest has come."""

    source: str
    pages: int
    seen: int
    expected: int | None
    counts: Counts
    waiting: float = 0.0
    """Seconds until the next request, when the source asked us to wait or did not answer."""
    reason: str = ""
    """Why we wait."""


@dataclass(frozen=True, slots=True)
class HarvestReport:
    """How a harvest ended; `complete` means that all that was asked for was done."""

    source: str
    scope: str
    query: str
    counts: Counts
    outcome: Outcome
    note: str
    pages: int
    """Pages fetched in this run."""
    seen: int
    """Records seen of the whole list, earlier runs included."""
    expected: int | None
    limited: bool = False
    """It stopped at `limit`; the source has more."""


def harvest_sources(
    sources: Sequence[str],
    catalog: Catalog,
    *,
    query: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    base_url: str | None = None,
    contact: str = "",
    keys: Mapping[str, str] = MappingProxyType({}),
    progress: Callable[[HarvestProgress], None] | None = None,
) -> list[HarvestReport]:
    """Harvest several sources one after the other, all that can be harvested when none is named.

    One that fails does not stop the others; a wrong name stops before anything is fetched.
    """
    names = list(dict.fromkeys(sources)) or harvestable()
    for name in names:
        _paged(name)
    return [
        harvest(
            name,
            catalog,
            query=query,
            since=since,
            until=until,
            limit=limit,
            base_url=base_url,
            contact=contact,
            key=keys.get(name, ""),
            progress=progress,
        )
        for name in names
    ]


def harvestable() -> list[str]:
    """The sources that are harvested when none is named.

    The others are imported from files, or want an address, a key or a question of their own first:
    their tables in `config/sources.toml` say `by_default = false`.
    """
    return [
        name
        for name in source_names()
        if source_table(name).get("by_default", True) and isinstance(load_source(name), PagedSource)
    ]


def harvest(
    source: str,
    catalog: Catalog,
    *,
    query: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    base_url: str | None = None,
    contact: str = "",
    key: str = "",
    progress: Callable[[HarvestProgress], None] | None = None,
    patience: Patience | None = None,
) -> HarvestReport:
    """Harvest one source, going on from where the same harvest was stopped.

    Raises:
        ConfigError: the source, a day or the limit is not one.
        CatalogError: a page could not be saved; everything before it is.
    """
    if limit is not None and limit < 1:
        raise ConfigError("--limit", "must be at least 1")
    paged, table = _paged(source), source_table(source)
    patience = patience or load_patience(source)
    question = paged.window(query or str(table.get("query", "")), since, until)
    address = base_url or str(table.get("base_url", ""))
    if not address.startswith(("https://", "http://")):
        raise ConfigError("--base-url", f"{address!r} is not a web address")
    scope = harvest_scope(source, question, address, patience.page_size)
    asked = Asked(source, address, question, contact=contact, key=key.strip())
    pager = Pager(paged, patience, asked, catalog.checkpoint(source, scope))
    work = _Harvest(catalog, pager, scope, limit, progress)
    number = catalog.start_run(source, scope)
    try:
        run(work, scrapy_settings(patience, contact))
        if work.error:
            raise work.error
    except BaseException as error:
        with suppress(CatalogError):  # the error that ended the run is the one to tell
            catalog.finish_run(number, "failed", work.counts, str(error)[:500])
        raise
    report = work.report(question)
    catalog.finish_run(number, report.outcome, report.counts, report.note)
    return report


def harvest_scope(source: str, query: str, base_url: str, page_size: int) -> str:
    """The name of a harvest among those of its source: the same question to the same server."""
    parts = "\x1f".join((source, query, base_url.rstrip("/"), str(page_size)))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _paged(name: str) -> PagedSource:
    source = load_source(name)
    if not isinstance(source, PagedSource):
        raise ConfigError(name, "is imported from files (findings import), not harvested")
    return source


@dataclass(slots=True)
class _Harvest:
    """One run of a harvest: pages in, records saved, an end with its reason."""

    catalog: Catalog
    pager: Pager
    scope: str
    limit: int | None
    progress: Callable[[HarvestProgress], None] | None
    counts: Counts = field(default_factory=Counts)
    pages: int = 0
    taken: int = 0
    outcome: Outcome = "complete"
    note: str = ""
    limited: bool = False
    error: BaseException | None = None

    async def run(self, fetch: Fetch) -> None:
        """Take page after page to the end, the limit or an obstacle."""
        self.pager.open(fetch, self._waiting)
        try:
            while not self.limited and (page := await self.pager.next_page(self._room())) is not None:
                self._take(page)
            self._settle()
        except (Interrupted, WaitTooLong) as stop:
            self.outcome, self.note = "partial", str(stop)
        except SourceError as error:
            self.outcome, self.note = "partial" if self.pages else "failed", str(error)
        except BaseException as error:  # Scrapy would log it and end as if nothing had happened
            self.error = error

    def interrupt(self) -> None:
        """End after what is being saved now."""
        self.pager.interrupt()

    def report(self, query: str) -> HarvestReport:
        """How it ended."""
        return HarvestReport(
            source=self.pager.name,
            scope=self.scope,
            query=query,
            counts=self.counts,
            outcome=self.outcome,
            note="; ".join(part for part in (self.pager.note, self.note) if part),
            pages=self.pages,
            seen=self.pager.seen,
            expected=self.pager.expected,
            limited=self.limited,
        )

    def _room(self) -> int | None:
        return None if self.limit is None else self.limit - self.taken

    def _take(self, page: Page) -> None:
        """Save a page and where the next one begins; a page that is cut off moves nothing on."""
        room = self._room()
        cut = room is not None and len(page.records) > room
        records = page.records[:room] if cut else page.records
        if not cut:
            self.pager.advance(page)
        if page.deleted and not cut:
            self.catalog.delete(self.pager.name, page.deleted)
        good, bad = _read_all(records)
        self.counts.add(self.catalog.save(good, bad, None if cut else self._checkpoint()))
        self.pages += 1
        self.taken += len(records)
        self.limited = self.limit is not None and self.taken >= self.limit and (cut or not self.pager.ended)
        self._tell(HarvestProgress(*self._position(), self.counts))

    def _checkpoint(self) -> Checkpoint:
        pager = self.pager
        return Checkpoint(
            source=pager.name,
            scope=self.scope,
            cursor=pager.cursor,
            complete=pager.ended and not pager.problem and not self._gap(),
            pages=pager.pages,
            expected=pager.expected,
            seen=pager.seen,
        )

    def _gap(self) -> int:
        """How many records are missing beyond what the source may have announced in excess."""
        missing = (self.pager.expected or 0) - self.pager.seen
        return missing if missing > _TOLERATED_GAP * (self.pager.expected or 0) else 0

    def _settle(self) -> None:
        if unreadable := self.counts.rejected.get(_UNREADABLE):
            self.outcome, self.note = (
                "partial",
                f"{unreadable} records were beyond our reader; please report it",
            )
        elif self.limited:
            self.note = f"stopped after {self.taken} records as asked; the source has {self.pager.expected}"
        elif self.pager.problem:
            self.outcome, self.note = "partial", self.pager.problem
        elif gap := self._gap():
            self.outcome = "partial"
            self.note = f"the list ended {gap} records short of the {self.pager.expected} announced"

    def _waiting(self, seconds: float, reason: str) -> None:
        self._tell(HarvestProgress(*self._position(), self.counts, seconds, reason))

    def _position(self) -> tuple[str, int, int, int | None]:
        return self.pager.name, self.pages, self.pager.seen, self.pager.expected

    def _tell(self, progress: HarvestProgress) -> None:
        if self.progress:
            self.progress(progress)


def _read_all(
    records: Sequence[HarvestedRecord],
) -> tuple[list[tuple[HarvestedRecord, Version]], list[Rejection]]:
    """Read each record by itself: one that cannot be read is kept with the reason, and harms no other."""
    good: list[tuple[HarvestedRecord, Version]] = []
    bad: list[Rejection] = []
    for record in records:
        try:
            good.append((record, read(record)))
        except RecordRejected as rejected:
            bad.append(Rejection(record, rejected.reason, rejected.detail))
        except FindingsError:
            raise
        except Exception as error:  # a fault of our own reader must not cost the rest of the source
            bad.append(Rejection(record, _UNREADABLE, f"{type(error).__name__}: {error}"[:500]))
    return good, bad
