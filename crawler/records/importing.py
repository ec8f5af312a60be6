"""Importing files: recognise what they are, read them record by record, save them page by page.

No checkpoint is kept: everything is an upsert, so an import that was killed is simply run again.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from crawler.freshness import Memory
from crawler.records.archives import Member, open_members
from crawler.records.formats import is_other, read_member
from crawler.sources import deleted_ids, read, try_reading
from crawler.telling.enrich import enrich, enrich_all
from domain.collecting import rare_collections
from domain.errors import CatalogError, RecordRejected, SourceChanged
from domain.paper import Version
from domain.ports import Catalog, Rejection
from domain.record import Counts, HarvestedRecord

Outcome = Literal["complete", "partial", "failed"]
_Parsed = tuple[HarvestedRecord, Version | RecordRejected | None]

_PAGE_BYTES = 8 << 20
"""A page is saved when its payloads are this long, however few they are: memory stays bounded."""
_TOGETHER = 32
"""Records that are enriched one after another: quicker than each by itself between two that are parsed."""
_MAX_LINES = 20
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import has come."""

    path: str
    records: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How an import ended; `partial` when a file or a part of one was left out, `failed` when all were.

    A record that was rejected is counted with its reason and does not make the import partial.
    """

    counts: Counts
    outcome: Outcome
    problems: list[str]
    """One line for each file or part left out, and for the first rejected records."""
    deleted: int = 0
    """Works withdrawn because their source says that the record is deleted."""
    ignored: int = 0
    """Files in folders and archives that are plainly of another kind, such as figures and notes."""


def import_paths(
    paths: Sequence[Path],
    catalog: Catalog,
    *,
    page_size: int = 500,
    cancer_only: bool = False,
    limit: int | None = None,
    progress: Callable[[ImportProgress], None] | None = None,
) -> ImportReport:
    """Import files, folders and archives of any format that Findings reads.

    Raises:
        CatalogError: a page could not be saved; everything before it is.
    """
    work = _Import(catalog, page_size, cancer_only, limit, progress)
    number = catalog.start_run("import", ", ".join(path.name for path in paths)[:200])
    work.beat()
    try:
        with rare_collections():
            for path in paths:
                if work.take(path):
                    break
        report = work.report()
    except BaseException as error:
        with suppress(CatalogError):  # the error that ended the run is the one to tell
            catalog.finish_run(number, "failed", work.counts, str(error)[:500])
        raise
    catalog.finish_run(number, report.outcome, report.counts, "; ".join(report.problems)[:500])
    work.memory.rest()
    return report


@dataclass(slots=True)
class _Problems:
    """The first problems in words, and how many there are."""

    first: list[str] = field(default_factory=list)
    count: int = 0

    def note(self, text: str) -> None:
        self.count += 1
        if len(self.first) < _MAX_LINES:
            self.first.append(_one_line(text))

    def lines(self) -> Iterator[str]:
        yield from self.first
        if more := self.count - len(self.first):
            yield f"… and {more} more like these"


@dataclass(slots=True)
class _Import:
    """One import: members in, pages saved, problems noted."""

    catalog: Catalog
    page_size: int
    cancer_only: bool
    limit: int | None
    progress: Callable[[ImportProgress], None] | None
    counts: Counts = field(default_factory=Counts)
    deleted: int = 0
    seen: int = 0
    withdrawn: int = 0
    ignored: int = 0
    broken: _Problems = field(default_factory=_Problems)
    rejections: _Problems = field(default_factory=_Problems)
    unread: list[str] = field(default_factory=list)
    parsed: list[_Parsed] = field(default_factory=list)
    page: list[tuple[HarvestedRecord, Version]] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)
    beside: list[tuple[HarvestedRecord, Version | None]] = field(default_factory=list)
    """Records not about cancer, and what they were read as if they were."""
    bytes: int = 0
    memory: Memory = field(init=False)

    def __post_init__(self) -> None:
        self.memory = Memory(self.catalog, "import")

    def beat(self) -> None:
        """Note that the import is alive."""
        self.memory.beat(datetime.now(UTC))

    def take(self, path: Path) -> bool:
        """Import what `path` leads to; True when the limit is reached."""
        self.unread = []
        before = self.broken.count, self.ignored
        members = 0
        try:
            for member in open_members(path, self.complain):
                members += 1
                if self._take_member(member):
                    return True
        except SourceChanged as broken:
            self.complain(f"{broken.where}: {broken.problem}")
        finally:
            self._summarise_unread(path)
        if before[0] == self.broken.count and members == self.ignored - before[1]:
            self.complain(f"{path}: holds no file that Findings reads")
        return False

    def complain(self, line: str) -> None:
        """Note that something was left out."""
        self.broken.note(line)

    def _take_member(self, member: Member) -> bool:
        outcomes = read_member(member.head, member.stream, datetime.now(UTC), cancer_only=self.cancer_only)
        if outcomes is None:
            if member.broken:
                self.complain(f"{member.name}: {member.broken.problem}")
            elif member.given or not is_other(member.name, member.head):
                self.unread.append(member.name)
            else:
                self.ignored += 1
            return False
        before = self.seen, self.withdrawn
        try:
            for record, outcome in outcomes:
                self._add(record, outcome, member.name)
                if self.limit is not None and self.seen >= self.limit:
                    self._sort(member.name)
                    return True
            self._sort(member.name)
            if before == (self.seen, self.withdrawn):
                self.complain(f"{member.name}: holds no records")
        except SourceChanged as broken:
            kept = self.seen - before[0]
            self.complain(f"{member.name}: {broken.problem}; {kept} records before that were read")
        finally:
            self._save(member.name)
        return False

    def _add(self, record: HarvestedRecord, outcome: Version | RecordRejected | None, name: str) -> None:
        if gone := deleted_ids(record):
            self._save(name)
            self.withdrawn += len(gone)
            self.deleted += self.catalog.delete(record.source, gone)
            return
        self.seen += 1
        self.bytes += len(record.payload)
        self.parsed.append((record, outcome))
        if len(self.parsed) >= _TOGETHER or self._is_full(len(self.parsed)):
            self._sort(name)
            if self._is_full():
                self._save(name)

    def _is_full(self, more: int = 0) -> bool:
        """Whether the page is to be saved, were `more` records added to it."""
        return len(self.page) + len(self.rejected) + more >= self.page_size or self.bytes >= _PAGE_BYTES

    def _sort(self, name: str) -> None:
        """Enrich what was parsed, and put it where it belongs."""
        parsed, self.parsed = self.parsed, []
        for record, outcome in _enriched(parsed):
            if isinstance(outcome, RecordRejected):
                self.rejected.append(Rejection(record, outcome.reason, outcome.detail))
                self.rejections.note(f"{name}: {outcome}")
            elif outcome is None or (self.cancer_only and not (outcome.companion or outcome.cancer_types)):
                self.beside.append((record, outcome))
            else:
                self.page.append((record, outcome))

    def _recall(self) -> None:
        """Of records not about cancer save those that the catalog has: what they say now replaces that."""
        beside, self.beside = self.beside, []
        ids: dict[str, list[str]] = {}
        for record, _ in beside:
            ids.setdefault(record.source, []).append(record.native_id)
        held = {source: self.catalog.held(source, names) for source, names in ids.items()}
        for record, version in beside:
            if record.native_id not in held[record.source]:
                self.counts.skipped += 1
                continue
            outcome = version or try_reading(record, partial(read, record))
            if isinstance(outcome, RecordRejected):
                self.rejected.append(Rejection(record, outcome.reason, outcome.detail))
            else:
                self.page.append((record, outcome))

    def _save(self, name: str) -> None:
        self._sort(name)
        self._recall()
        self.beat()
        page, rejected = self.page, self.rejected
        self.page, self.rejected, self.bytes = [], [], 0
        if page or rejected:
            saved = self.catalog.save(page, rejected)
            self.counts.add(saved)
            if not saved.rejected:  # a catalog may leave counting what it only keeps to its caller
                for rejection in rejected:
                    self.counts.reject(rejection.reason)
        if self.progress:
            self.progress(ImportProgress(name, self.seen, self.counts))

    def _summarise_unread(self, path: Path) -> None:
        """One line for all files that a path leads to and that are in no format we read."""
        if len(self.unread) == 1:
            self.complain(f"{self.unread[0]}: not a format Findings reads")
        elif self.unread:
            first = self.unread[0]
            self.complain(f"{path}: {len(self.unread)} files are not a format Findings reads, first {first}")

    def report(self) -> ImportReport:
        """How it ended."""
        outcome: Outcome = "complete"
        if self.broken.count:
            outcome = "partial" if self.counts.total or self.deleted else "failed"
        return ImportReport(
            self.counts,
            outcome,
            [*self.broken.lines(), *self.rejections.lines()],
            self.deleted,
            self.ignored,
        )


def _enriched(parsed: Sequence[_Parsed]) -> list[_Parsed]:
    """What was parsed, with what it shows: told of all together, or of each where one cannot be told of."""
    versions = [outcome for _, outcome in parsed if isinstance(outcome, Version)]
    try:
        told = iter(enrich_all(versions))
    except Exception:
        return [(r, try_reading(r, partial(enrich, o)) if isinstance(o, Version) else o) for r, o in parsed]
    return [(record, next(told) if isinstance(outcome, Version) else outcome) for record, outcome in parsed]


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text)[:400]
