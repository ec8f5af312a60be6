"""`SqlCatalog`: the `Catalog` port over a database. Each method is one transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import MappingProxyType

from sqlalchemy import Connection

from catalog import marks, reading, rereading, runs
from catalog.database import Database, read_counter
from catalog.digests import clarity, reviews
from catalog.digests import store as digests
from catalog.digests.log import Event
from catalog.ledger import Ledger
from catalog.letters.outbox import SqlOutbox
from catalog.letters.subscribers import SqlSubscribers
from catalog.listings.store import SqlListings
from catalog.people.store import SqlAccounts
from catalog.saving import save_page, to_incoming, withdraw
from catalog.schedule import SqlSchedule
from catalog.works.decisions import Decision, read_decisions
from catalog.works.merging import Deciding, Makeup, read_makeup, rejoin
from domain.digest import Audience, Digest, DigestStatus
from domain.facts import FactTable
from domain.instants import to_timestamp
from domain.paper import Paper, Version
from domain.ports import Change, Rejection, RejectionCount, Run
from domain.record import Checkpoint, Counts, HarvestedRecord
from domain.review import Act, Clarity, LogEntry, QueueItem, Verdict
from domain.subscription_ports import OutboxEntry


class SqlCatalog:
    """The catalog on SQLite or PostgreSQL. Threads may share it; processes each open their own.

    `listings` and `accounts` are the other ports over the same database, and close with it.
    """

    def __init__(self, database: Database, trust: Sequence[str] = ()) -> None:
        self._database = database
        self._trust = tuple(trust)
        self.listings = SqlListings(database)
        self.accounts = SqlAccounts(database)
        self.schedule = SqlSchedule(database)
        self.subscribers = SqlSubscribers(database)
        self.letters = SqlOutbox(database)

    def save(
        self,
        records: Sequence[tuple[HarvestedRecord, Version]],
        rejections: Sequence[Rejection] = (),
        checkpoint: Checkpoint | None = None,
        *,
        source: str = "",
        deleted: Iterable[str] = (),
        fence: str | None = None,
        noted: Mapping[str, str | None] = MappingProxyType({}),
    ) -> Counts:
        """Save one page: raw records, works, change log, outbox, rejections, place and marks, or nothing."""
        page = to_incoming(records)
        with self._writing() as (connection, ledger):
            for harvest in dict.fromkeys(_harvests(source, fence, checkpoint)):
                marks.check_fence(connection, *harvest)
            for name, value in noted.items():
                marks.save_mark(connection, source, name, value)
            withdraw(connection, ledger, self._trust, source, deleted)
            return save_page(connection, ledger, self._trust, page, rejections, checkpoint)

    def delete(self, source: str, native_ids: Iterable[str]) -> int:
        """Withdraw records; returns how many works were left with none."""
        with self._writing() as (connection, ledger):
            return withdraw(connection, ledger, self._trust, source, native_ids)

    def checkpoint(self, source: str, scope: str) -> Checkpoint | None:
        """The last saved checkpoint of that harvest."""
        with self._database.read() as connection:
            return reading.read_checkpoint(connection, source, scope)

    def paper(self, paper_id: str) -> Paper:
        """One paper by its id or an alias. Raises `NotFound`, `Gone`."""
        with self._database.read() as connection:
            return reading.read_paper(connection, paper_id)

    def papers(self, paper_ids: Sequence[str]) -> list[Paper]:
        """Papers in the order of their ids or aliases, each once; missing and withdrawn ones are left out."""
        with self._database.read() as connection:
            return reading.read_papers(connection, paper_ids)

    def find(self, key: str) -> str:
        """The id of the paper that has the identifier key. Raises `NotFound`."""
        with self._database.read() as connection:
            return reading.find_work(connection, key)

    def changes(self, after: int, limit: int = 500) -> list[Change]:
        """The last change of each paper with a sequence above `after`, oldest first."""
        with self._database.read() as connection:
            return reading.read_changes(connection, after, limit)

    def last_change(self) -> int:
        """The highest sequence so far, 0 when empty."""
        with self._database.read() as connection:
            return read_counter(connection)

    def pending_digests(self, audience: Audience, engine: str, limit: int) -> list[Paper]:
        """Papers without an up-to-date digest by `engine` for `audience`, oldest change first."""
        with self._database.read() as connection:
            wanted = digests.pending_ids(connection, audience, engine, limit)
            return reading.read_papers(connection, wanted)

    def save_digests(
        self, written: Sequence[Digest], facts: Mapping[str, FactTable] = MappingProxyType({})
    ) -> None:
        """Save digests that are still of their paper as it is, and its facts; older ones are dropped."""
        with self._writing() as (connection, ledger):
            digests.save_digests(connection, ledger, written, facts)

    def facts(self, paper_id: str) -> FactTable | None:
        """The fact table of a paper, if it has been told."""
        with self._database.read() as connection:
            return digests.read_facts(connection, paper_id)

    def review(
        self,
        paper_id: str,
        audience: Audience,
        verdict: Verdict,
        by: str,
        note: str = "",
        corrected: Digest | None = None,
        suggestion: int | None = None,
    ) -> LogEntry:
        """Note what a named reviewer decided. Raises `NotFound`, `DigestRefused`."""
        event = Event(paper_id, audience.value, Act.REVIEWED, by, note)
        with self._writing() as (connection, ledger):
            key = (paper_id, audience)
            return reviews.decide(connection, ledger, key, event, verdict, corrected, suggestion)

    def suggest(self, paper_id: str, audience: Audience, by: str, note: str) -> LogEntry:
        """Keep a proposed correction for reviewers. Raises `NotFound` where no digest is published."""
        with self._writing() as (connection, ledger):
            return reviews.suggest(connection, ledger, paper_id, audience, by, note)

    def digest_log(self, paper_id: str, audience: Audience) -> tuple[LogEntry, ...]:
        """The change log of a digest, oldest first, proposals included."""
        with self._database.read() as connection:
            return reviews.read_digest_log(connection, paper_id, audience)

    def review_queue(self, offset: int = 0, size: int = 50) -> tuple[int, list[QueueItem]]:
        """How many digests wait for a reviewer, and one page, the oldest first."""
        with self._database.read() as connection:
            return reviews.read_queue(connection, offset, size)

    def tell_clarity(self, paper_id: str, audience: Audience, answers: tuple[bool, bool, bool]) -> None:
        """Add one reader's answers to the pool of the digest as it stands. Raises `NotFound`."""
        with self._database.write() as connection:
            digest = reviews.published(connection, paper_id, audience)
            clarity.add_answers(connection, digest, answers, _now()[:10])

    def clarity(self, paper_id: str, audience: Audience) -> Clarity:
        """The pooled answers to the digest as it stands."""
        with self._database.read() as connection:
            return clarity.read_clarity(connection, digests.read_digest(connection, paper_id, audience))

    def digest(self, paper_id: str, audience: Audience) -> Digest | None:
        """The digest of a paper for an audience, whatever its status."""
        with self._database.read() as connection:
            return digests.read_digest(connection, paper_id, audience)

    def published_audiences(self, paper_ids: Sequence[str]) -> dict[str, tuple[Audience, ...]]:
        """Paper id → audiences with a published digest; papers without any are left out."""
        with self._database.read() as connection:
            return digests.read_published(connection, paper_ids)

    def digests(
        self,
        audience: Audience,
        offset: int = 0,
        size: int = 20,
        status: DigestStatus = DigestStatus.PUBLISHED,
    ) -> tuple[int, list[Digest]]:
        """How many digests of that status there are for the audience, and one page, newest first."""
        with self._database.read() as connection:
            return digests.read_page(connection, audience, offset, size, status)

    def counts(self) -> dict[str, int]:
        """How many papers, versions, records and so on there are."""
        with self._database.read() as connection:
            return reading.read_counts(connection)

    def holdings(self) -> dict[str, int]:
        """Source → how many of its records stand."""
        with self._database.read() as connection:
            return reading.read_holdings(connection)

    def rejected(self) -> dict[str, int]:
        """Source → how many of its records could not be taken."""
        with self._database.read() as connection:
            return reading.read_rejected(connection)

    def mark(self, source: str, name: str) -> str | None:
        """What a harvest has noted about a source under `name`."""
        with self._database.read() as connection:
            return marks.read_mark(connection, source, name)

    def set_mark(self, source: str, name: str, value: str | None) -> None:
        """Note it, durably; None forgets it."""
        with self._database.write() as connection:
            marks.save_mark(connection, source, name, value)

    def held(self, source: str, native_ids: Iterable[str]) -> frozenset[str]:
        """Those of the native ids whose records stand."""
        with self._database.read() as connection:
            return frozenset(reading.read_held(connection, source, native_ids))

    def keys(self, scheme: str, after: str = "", limit: int = 500) -> list[str]:
        """Identifiers of living papers in that scheme, sorted, from the first beyond `after` on."""
        with self._database.read() as connection:
            return marks.read_keys(connection, scheme, after, limit)

    def decisions(self) -> list[Decision]:
        """What operators decided about works, undone or not, the latest first."""
        with self._database.read() as connection:
            return read_decisions(connection)

    def makeup(self, paper: str) -> Makeup:
        """Which records a paper (its id or a key) is made of, and why. Raises `NotFound`."""
        with self._database.read() as connection:
            return read_makeup(connection, paper)

    def join(self, one: str, other: str, by: str, reason: str = "") -> Decision:
        """Decide that two keys are one work. Raises `NotFound`, `CatalogError`."""
        with self._writing() as (connection, ledger):
            return Deciding(connection, ledger, self._trust, by).join(one, other, reason)

    def split(self, paper: str, key: str, by: str, reason: str = "") -> list[Decision]:
        """Decide that the paper's records with that key are another work; raises as `join`."""
        with self._writing() as (connection, ledger):
            return Deciding(connection, ledger, self._trust, by).split(paper, key, reason)

    def undo(self, what: str, by: str) -> list[Decision]:
        """Take back a decision by its number, or the last join of a paper; raises as `join`."""
        with self._writing() as (connection, ledger):
            return Deciding(connection, ledger, self._trust, by).undo(what)

    def rejoin(self, after: str = "", limit: int = 500) -> str | None:
        """Put the next works after that id together by today's rules; returns where to go on."""
        with self._writing() as (connection, ledger):
            return rejoin(connection, ledger, self._trust, after, limit)

    def start_run(self, source: str, scope: str) -> int:
        """Note that a harvest or import begins; returns the run's id."""
        with self._database.write() as connection:
            return runs.start_run(connection, source, scope, _now())

    def finish_run(self, run_id: int, outcome: str, counts: Counts, note: str = "") -> None:
        """Note how it ended."""
        with self._database.write() as connection:
            runs.finish_run(connection, run_id, outcome, counts, note, _now())

    def runs(self, limit: int = 20, source: str | None = None) -> list[Run]:
        """The latest runs, newest first; with `source`, of those of that one."""
        with self._database.read() as connection:
            return runs.read_runs(connection, limit, source)

    def records(self, source: str, after: str = "", limit: int = 500) -> list[HarvestedRecord]:
        """Raw records of a source with a native id above `after`, to be read anew by a better reader."""
        with self._database.read() as connection:
            return reading.read_records(connection, source, after, limit)

    def record(self, source: str, native_id: str) -> HarvestedRecord | None:
        """One raw record that stands."""
        with self._database.read() as connection:
            return reading.read_record(connection, source, native_id)

    def refused(self, source: str, after: str = "", limit: int = 500) -> list[HarvestedRecord]:
        """As `records`, of those that could not be taken."""
        with self._database.read() as connection:
            return reading.read_refused(connection, source, after, limit)

    def readings(self, source: str, native_ids: Iterable[str]) -> dict[str, Version]:
        """Native id → what the record was read as, of those that stand."""
        with self._database.read() as connection:
            return rereading.read_readings(connection, source, native_ids)

    def reread(
        self,
        records: Sequence[tuple[HarvestedRecord, Version]],
        rejections: Sequence[Rejection] = (),
        *,
        source: str,
        dropped: Iterable[str] = (),
        noted: Mapping[str, str | None] = MappingProxyType({}),
    ) -> Counts:
        """Save what records of `source` that are here are read as now; one that changed meanwhile is left."""
        page = to_incoming(records)
        with self._writing() as (connection, ledger):
            for name, value in noted.items():
                marks.save_mark(connection, source, name, value)
            return rereading.save_again(connection, ledger, self._trust, source, page, rejections, dropped)

    def rejections(
        self, limit: int = 100, *, source: str | None = None, reason: str | None = None, offset: int = 0
    ) -> list[Rejection]:
        """Records that could not be taken, the latest first."""
        with self._database.read() as connection:
            return reading.read_rejections(connection, limit, source, reason, offset)

    def rejection(self, source: str, native_id: str) -> Rejection | None:
        """One record that could not be taken."""
        with self._database.read() as connection:
            return reading.read_rejection(connection, source, native_id)

    def rejection_counts(self) -> list[RejectionCount]:
        """How many records could not be taken, by source and reason."""
        with self._database.read() as connection:
            return reading.read_reasons(connection)

    def outbox(self, after: int = 0, limit: int = 500) -> list[OutboxEntry]:
        """What was told with an id above `after`, oldest first; ids rise in the order of commits."""
        with self._database.read() as connection:
            return reading.read_outbox(connection, after, limit)

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    @contextmanager
    def _writing(self) -> Iterator[tuple[Connection, Ledger]]:
        with self._database.write() as connection:
            ledger = Ledger(connection, _now())
            yield connection, ledger
            ledger.save()


def _harvests(source: str, fence: str | None, checkpoint: Checkpoint | None) -> Iterator[tuple[str, str]]:
    """The harvest that saves, by its source and its fence: mostly told twice."""
    if fence is not None:
        yield source, fence
    if checkpoint and checkpoint.fence is not None:
        yield checkpoint.source, checkpoint.fence


def _now() -> str:
    return to_timestamp(datetime.now(UTC))
