"""One run of a harvest: pages in, records saved, an end with its reason."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from crawler.ahead import AT_ONCE, Ahead
from crawler.fetching.budget import BudgetSpent
from crawler.fetching.exchange import Interrupted, ShutOut, WaitTooLong
from crawler.fetching.page import Fetch, Page
from crawler.fetching.walk import Walk
from crawler.freshness import Memory, Tally, earlier_day
from crawler.records.alone import Reading
from crawler.sources import UNREADABLE
from domain.errors import RecordRejected, SourceError
from domain.paper import Version
from domain.ports import Catalog, Rejection
from domain.record import Checkpoint, Counts, HarvestedRecord

Outcome = Literal["complete", "partial", "failed"]


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
    pages: int = 0
    """Pages fetched in this run."""
    seen: int = 0
    """Records seen of the whole list, earlier runs included."""
    expected: int | None = None
    limited: bool = False
    """It stopped at `limit`; the source has more."""
    shut_out: bool = False
    """The source does not let us in: someone has to look at its key."""


@dataclass(slots=True)
class Gathering:
    """A walk, and where what it brings is saved."""

    catalog: Catalog
    walk: Walk
    memory: Memory
    scope: str
    fence: str
    ahead: Ahead
    limit: int | None = None
    cancer_only: bool = False
    tolerated_gap: float = 0.0
    """What share of the records announced may be missing from a list that is called whole."""
    whole: bool = True
    """It asks for everything, not for what changed of late."""
    progress: Callable[[HarvestProgress], None] | None = None
    counts: Counts = field(default_factory=Counts)
    pages: int = 0
    taken: int = 0
    newest: str = ""
    unreadable: int = 0
    """Records of the list that were beyond our reader, those of earlier runs included."""
    at_end: bool = False
    """The whole list was read, and nothing speaks against its being whole."""
    outcome: Outcome = "complete"
    note: str = ""
    limited: bool = False
    shut_out: ShutOut | None = None
    error: BaseException | None = None

    async def run(self, fetch: Fetch) -> None:
        """Take page after page to the end, the limit or an obstacle."""
        self.walk.exchange.open(fetch, self._waiting)
        self.memory.beat(datetime.now(UTC))
        self.unreadable = self.memory.unreadable(self.scope)
        try:
            while not self.limited and (page := await self.ahead.next_page(self._room())) is not None:
                await self._take(page)
            self._settle()
        except (Interrupted, WaitTooLong, BudgetSpent) as stop:
            self.outcome, self.note = "partial", str(stop)
        except SourceError as error:
            self.outcome, self.note = "partial" if self.pages else "failed", str(error)
            self.shut_out = error if isinstance(error, ShutOut) else None
        except BaseException as error:  # Scrapy would log it and end as if nothing had happened
            self.error = error
        finally:
            await self.ahead.stop()

    def interrupt(self) -> None:
        """End after what is being saved now."""
        self.walk.exchange.interrupt()

    def report(self, query: str) -> HarvestReport:
        """How it ended."""
        return HarvestReport(
            source=self.walk.name,
            scope=self.scope,
            query=query,
            counts=self.counts,
            outcome=self.outcome,
            note="; ".join(part for part in (self.walk.note, self.note) if part),
            pages=self.pages,
            seen=self.walk.seen,
            expected=self.walk.expected,
            limited=self.limited,
            shut_out=self.shut_out is not None,
        )

    def tally(self) -> Tally:
        """What was announced, and what was seen."""
        day = earlier_day(self.walk.answered, datetime.now(UTC))
        return Tally(day, self.walk.expected, self.walk.seen, self.whole)

    def _room(self) -> int | None:
        return None if self.limit is None else self.limit - self.taken

    async def _take(self, page: Page) -> None:
        """Save a page and where the next one begins; a page that is cut off moves nothing on."""
        room = self._room()
        cut = room is not None and len(page.records) > room
        records = page.records[:room] if cut else page.records
        if self.walk.cursor is None:
            self.memory.begin(self.scope, self.walk.answered, datetime.now(UTC))
            self._note_unreadable(0)
        if not cut:
            self.walk.advance(page)
        owed = self.walk.owed
        self.memory.owe((*self.memory.owed(), *owed))  # nothing may be lost between this and the page
        self.pages += 1
        self.taken += len(records)
        self.limited = self.limit is not None and self.taken >= self.limit and (cut or not self.walk.ended)
        place = None if cut else self._checkpoint()
        if not (self.limited or self.walk.ended) and len(records) <= AT_ONCE:
            await self.ahead.ask(self._room())
        await self._save(records, () if cut else page.deleted, place)
        self.memory.owe(owed)
        self.memory.beat(datetime.now(UTC))
        self._tell(HarvestProgress(*self._position(), self.counts))

    async def _save(
        self,
        records: Sequence[HarvestedRecord],
        deleted: Sequence[str],
        place: Checkpoint | None,
    ) -> None:
        """Save records in portions, with the last of them the place where the next page begins."""
        rest = records
        while True:
            portion, rest = rest[:AT_ONCE], rest[AT_ONCE:]
            last = not rest
            readings, following = await self.ahead.read(portion, place if last else None, self._room())
            good, bad = self._split(portion, readings)
            if faults := sum(one.reason == UNREADABLE for one in bad):
                self._note_unreadable(self.unreadable + faults)
            saved = self.catalog.save(
                good,
                bad,
                place if last else None,
                source=self.walk.name,
                deleted=deleted,
                fence=self.fence,
                noted=following,
            )
            self.counts.add(saved)
            deleted = ()
            if last:
                return
            await asyncio.sleep(0)  # other sources have their turn

    def _checkpoint(self) -> Checkpoint:
        walk = self.walk
        return Checkpoint(
            source=walk.name,
            scope=self.scope,
            cursor=walk.cursor,
            complete=walk.ended and not walk.problem and not self._gap(),
            pages=walk.pages,
            expected=walk.expected,
            seen=walk.seen,
            fence=self.fence,
        )

    def _split(
        self, records: Sequence[HarvestedRecord], readings: Sequence[Reading]
    ) -> tuple[list[tuple[HarvestedRecord, Version]], list[Rejection]]:
        """What is to be saved: a record that cannot be read is kept with the reason, and harms no other."""
        good: list[tuple[HarvestedRecord, Version]] = []
        bad: list[Rejection] = []
        beside: list[tuple[HarvestedRecord, Version]] = []
        today = datetime.now(UTC).date().isoformat()
        for record, version in zip(records, readings, strict=True):
            if isinstance(version, RecordRejected):
                bad.append(Rejection(record, version.reason, version.detail))
                continue
            self.newest = max(self.newest, _dated(record, version, today))
            told = not self.cancer_only or version.companion or version.cancer_types
            (good if told else beside).append((record, version))
        return good + self._held(beside), bad

    def _held(
        self, beside: Sequence[tuple[HarvestedRecord, Version]]
    ) -> list[tuple[HarvestedRecord, Version]]:
        """Of records not about cancer those that stand in the catalog: what they say now replaces that."""
        if not beside:
            return []
        held = self.catalog.held(self.walk.name, [record.native_id for record, _ in beside])
        kept = [(record, version) for record, version in beside if record.native_id in held]
        self.counts.skipped += len(beside) - len(kept)
        return kept

    def _note_unreadable(self, count: int) -> None:
        if count != self.unreadable:
            self.unreadable = count
            self.memory.keep_unreadable(self.scope, count)

    def _missing(self) -> int:
        return max(0, (self.walk.expected or 0) - self.walk.seen)

    def _gap(self) -> int:
        """How many records are missing, if more than the source is known to announce in excess."""
        missing = self._missing()
        return missing if missing > self.tolerated_gap * (self.walk.expected or 0) else 0

    def _settle(self) -> None:
        """Tell how the list ended; what is kept for another day keeps the list from no end."""
        self.at_end = self.walk.ended and not (self.walk.problem or self._gap())
        if faults := [*self._faults()]:
            self.outcome, self.note = "partial", "; ".join(faults)
        elif self.limited:
            has = "more" if self.walk.expected is None else self.walk.expected
            self.note = f"stopped after {self.taken} records as asked; the source has {has}"
        elif self.walk.ended and (missing := self._missing()):
            self.note = (
                f"{missing} of the {self.walk.expected} records announced did not come: so few are tolerated"
            )
        if self.at_end:
            self.memory.keep_unreadable(self.scope, 0)

    def _faults(self) -> Iterator[str]:
        if self.walk.problem and not self.limited:
            yield self.walk.problem
        elif (gap := self._gap()) and not self.limited:
            yield f"the list ended {gap} records short of the {self.walk.expected} announced"
        if self.unreadable:
            yield f"{self.unreadable} records were beyond our reader; please report it"
        if owed := self.walk.owed:
            yield f"{len(owed)} could not be looked up, first {owed[0]}; the next run asks for them again"

    def _waiting(self, seconds: float, reason: str) -> None:
        self.memory.beat(datetime.now(UTC), silence=seconds)
        self._tell(HarvestProgress(*self._position(), self.counts, seconds, reason))

    def _position(self) -> tuple[str, int, int, int | None]:
        return self.walk.name, self.pages, self.walk.seen, self.walk.expected

    def _tell(self, progress: HarvestProgress) -> None:
        if self.progress:
            self.progress(progress)


def _dated(record: HarvestedRecord, version: Version, today: str) -> str:
    """The day a record is from; empty for one of the future, as papers of the next issue are."""
    day = (record.revised or version.published or "")[:10]
    day += "-01-01"[len(day) - 4 :] if len(day) in (4, 7) else ""
    return day if day <= today else ""
