"""Reading the raw records that the catalog keeps again, as a better reader does; nothing is fetched.

It goes in lots, each saved with the place where the next begins: it may be killed anywhere and goes on from
there, unless our code or tables have changed meanwhile; then from the start.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from crawler.fetching.patience import source_table
from crawler.records.edition import EDITION
from crawler.records.readers import Readers
from crawler.sources import UNREADABLE, load_source, source_names
from domain.errors import RecordRejected
from domain.paper import Version
from domain.ports import Rejection
from domain.raw_ports import RawRecords
from domain.record import Counts, HarvestedRecord

_LOT = 64
"""So many records are held at a time: full texts may be megabytes each."""
_PLACE = "reread"
_STANDING, _REFUSED = "standing", "refused"
_FIELDS = tuple(one.name for one in fields(Version) if one.name != "provenance")


@dataclass(slots=True)
class RereadReport:
    """What became of a source's records; `new` are those that could not be taken before."""

    source: str
    counts: Counts = field(default_factory=Counts)
    changed: Counter[str] = field(default_factory=Counter)
    """Field of `Version` → in how many records it is read otherwise now."""


def rereadable(catalog: RawRecords) -> list[str]:
    """The sources that the catalog has records of, taken or not."""
    held = {*catalog.holdings(), *catalog.rejected()}
    return [name for name in source_names() if name in held]


def reread(
    sources: Sequence[str],
    catalog: RawRecords,
    *,
    drop: bool = False,
    dry_run: bool = False,
    progress: Callable[[str, int], None] = lambda source, done: None,
) -> list[RereadReport]:
    """Read the records of sources again, of all that have any when none is named.

    Args:
        drop: withdraw what stands and cannot be taken any more, unless it is our reader that fails.
        dry_run: save nothing, and tell what would change.
        progress: told of a source how many of its records were read.

    Raises:
        CatalogError: a lot could not be saved; everything before it is.
        ConfigError: there is no such source.
    """
    names = list(dict.fromkeys(sources)) or rereadable(catalog)
    for name in names:
        load_source(name)
    readers = Readers()
    try:
        return [_Rereading(name, catalog, readers, drop, dry_run, progress).run() for name in names]
    finally:
        readers.close()


@dataclass(slots=True)
class _Rereading:
    """The records of one source being read again."""

    source: str
    catalog: RawRecords
    readers: Readers
    drop: bool
    dry_run: bool
    progress: Callable[[str, int], None]
    done: int = 0
    dropped: set[tuple[str, datetime]] = field(default_factory=set)
    """Id and time of what this run withdrew, and need not read once more."""
    report: RereadReport = field(init=False)

    def run(self) -> RereadReport:
        """Those that stand, then those that could not be taken."""
        self.report = RereadReport(self.source)
        stages = [_STANDING, _REFUSED]
        stage, after = self._place()
        for name in stages[stages.index(stage) :]:
            for lot in self._lots(name, after):
                self._take(name, lot)
                self.done += len(lot)
                self.progress(self.source, self.done)
            after = ""
        if not self.dry_run:
            self.catalog.set_mark(self.source, _PLACE, None)
        return self.report

    def _place(self) -> tuple[str, str]:
        """Where a run that was cut short had come to, if it did what this one is to do."""
        terms, stage, after = json.loads(self.catalog.mark(self.source, _PLACE) or '["", "", ""]')
        return (stage, after) if terms == self._terms and not self.dry_run else (_STANDING, "")

    @property
    def _terms(self) -> str:
        """What its outcome depends on."""
        return f"{EDITION} dropping" if self.drop else EDITION

    def _lots(self, stage: str, after: str) -> Iterator[list[HarvestedRecord]]:
        records = self.catalog.records if stage == _STANDING else self.catalog.refused
        while lot := records(self.source, after, _LOT):
            yield lot
            after = lot[-1].native_id

    def _take(self, stage: str, given: Sequence[HarvestedRecord]) -> None:
        lot = [record for record in given if (record.native_id, record.fetched_at) not in self.dropped]
        ids = [record.native_id for record in lot]
        before = self.catalog.readings(self.source, ids) if stage == _STANDING else {}
        good: list[tuple[HarvestedRecord, Version]] = []
        bad: list[Rejection] = []
        for record, reading in zip(lot, self.readers.read(lot), strict=True):
            if isinstance(reading, RecordRejected):
                bad.append(Rejection(record, reading.reason, reading.detail))
            elif _is_silent(record, before.get(record.native_id), reading):
                self.report.counts.unchanged += 1
            elif stage == _REFUSED and not self._is_wanted(reading):
                self.report.counts.skipped += 1
            else:
                good.append((record, reading))
        changes = self._compare(good, before) if stage == _STANDING else Counts(new=len(good))
        if self.dry_run:
            for one in bad:
                changes.reject(one.reason)
        else:
            changes = self._save(stage, good, bad, given[-1].native_id)
        self.report.counts.add(changes)

    def _save(
        self,
        stage: str,
        good: Sequence[tuple[HarvestedRecord, Version]],
        bad: Sequence[Rejection],
        last: str,
    ) -> Counts:
        """Save a lot with its place. A fault of our reader withdraws nothing."""
        drops = self.drop and stage == _STANDING
        dropped = [one.record for one in bad if drops and one.reason != UNREADABLE]
        self.dropped.update((record.native_id, record.fetched_at) for record in dropped)
        return self.catalog.reread(
            good,
            bad,
            source=self.source,
            dropped=[record.native_id for record in dropped],
            noted={_PLACE: json.dumps([self._terms, stage, last])},
        )

    def _is_wanted(self, reading: Version) -> bool:
        """Whether the source is kept for such papers."""
        told = reading.companion or reading.cancer_types
        return bool(told or not source_table(self.source).get("cancer_only"))

    def _compare(
        self, good: Sequence[tuple[HarvestedRecord, Version]], before: Mapping[str, Version]
    ) -> Counts:
        """Count the fields that are read otherwise than before."""
        counts = Counts()
        for record, version in good:
            old = before.get(record.native_id)
            otherwise = [n for n in _FIELDS if old and getattr(old, n) != getattr(version, n)]
            self.report.changed.update(otherwise)
            counts.updated += bool(otherwise)
            counts.unchanged += not otherwise
        return counts


def _is_silent(record: HarvestedRecord, old: Version | None, reading: Version) -> bool:
    """Whether a record `<id>#<key>` tells of that other paper no longer: harvests leave what it told, too."""
    return bool("#" in record.native_id and old and old.companion and not reading.companion)
