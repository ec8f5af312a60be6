"""Saving a page of a harvest, and withdrawing records, inside one writing transaction."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from catalog.codec import compress, pack_reading, sha256, to_reading
from catalog.database import storable
from catalog.ledger import Ledger
from catalog.statements import among, insert_all, to_chunks, upsert
from catalog.tables import checkpoints, records, rejections, works
from catalog.works.member import Member
from catalog.works.regrouping import regroup
from domain.instants import to_timestamp
from domain.paper import Version
from domain.ports import Rejection
from domain.record import Checkpoint, Counts, HarvestedRecord, revision_order
from domain.values import quickly_made

Key = tuple[str, str]
"""Source and native id."""


_KNOWN = (
    select(
        records.c.native_id,
        records.c.work_id,
        records.c.deleted_at,
        works.c.deleted_at,
        records.c.payload_sha256,
        records.c.reading_sha256,
        records.c.revised,
    )
    .join(works)
    .where(records.c.source == bindparam("source"), among(records.c.native_id, "names"))
)
_BURIED = (
    select(func.count()).select_from(works).where(among(works.c.id, "names"), works.c.deleted_at.is_not(None))
)
_FORGET = delete(rejections).where(
    rejections.c.source == bindparam("source"), among(rejections.c.native_id, "names")
)


_COLUMNS = tuple(column.name for column in records.columns)


@quickly_made
@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog has of a record already."""

    work: str
    deleted: bool
    work_deleted: bool
    payload_sha256: bytes
    reading_sha256: bytes
    revised: str | None


@quickly_made
@dataclass(frozen=True, slots=True)
class Incoming:
    """A record and its reading, hashed before the database is asked to wait for us."""

    key: Key
    record: HarvestedRecord
    version: Version
    reading: bytes
    payload_sha256: bytes
    reading_sha256: bytes

    def is_same(self, known: Known) -> bool:
        """Whether the catalog has it already, payload and reading."""
        return (
            not known.deleted
            and known.payload_sha256 == self.payload_sha256
            and known.reading_sha256 == self.reading_sha256
            and known.revised == self.revised
        )

    @property
    def revised(self) -> str | None:
        """The day on which the source last changed the record, as the catalog keeps it."""
        return None if self.record.revised is None else storable(self.record.revised)

    def is_outdated(self, known: Known) -> bool:
        """Whether the source has since changed the record, or withdrawn it as it stands here.

        A note of deletion bears no date: what was deleted is what the catalog had.
        """
        if known.revised is None or self.revised is None:
            return False
        ours, theirs = revision_order(self.revised), revision_order(known.revised)
        return ours < theirs or (known.deleted and ours == theirs)


def to_incoming(records: Sequence[tuple[HarvestedRecord, Version]]) -> list[Incoming]:
    """Hash records and their readings.

    Here and below one thing is done for all of a page before the next: by turns each would find the
    processor's caches full of the others, which took a tenth of a save.
    """
    readings = [to_reading(version) for _, version in records]
    payload_hashes = [sha256(record.payload) for record, _ in records]
    reading_hashes = [sha256(reading) for _, reading in readings]
    return [
        Incoming(key_of(record), record, bare, reading, payload_sha256, reading_sha256)
        for (record, _), (bare, reading), payload_sha256, reading_sha256 in zip(
            records, readings, payload_hashes, reading_hashes, strict=True
        )
    ]


def save_page(
    connection: Connection,
    ledger: Ledger,
    trust: Sequence[str],
    page: Sequence[Incoming],
    rejected: Sequence[Rejection],
    checkpoint: Checkpoint | None,
) -> Counts:
    """Save everything that is not outdated, what could not be taken, and how far that is."""
    counts = save_records(connection, ledger, trust, page)
    for rejection in rejected:
        counts.reject(rejection.reason)
    kept = _without_outdated(connection, rejected)
    save_rejections(connection, kept, {item.key for item in page})
    if checkpoint:
        save_checkpoint(connection, checkpoint)
    return counts


def save_records(
    connection: Connection, ledger: Ledger, trust: Sequence[str], page: Sequence[Incoming]
) -> Counts:
    """Save what is not outdated; of a record that stands in the page twice only the latest.

    The latest is what the source says it revised last; where it does not say, what came last.
    """
    latest = _to_latest(page)
    known = _load_known(connection, latest)
    counts = Counts(unchanged=len(page) - len(latest))
    written: dict[Key, Incoming] = {}
    for key, item in latest.items():
        before = known.get(key)
        if before and (item.is_same(before) or item.is_outdated(before)):
            counts.unchanged += 1
        else:
            written[key] = item
            counts.new += before is None
            counts.updated += before is not None
    if written:
        _write(connection, ledger, trust, written, known)
    return counts


def _write(
    connection: Connection,
    ledger: Ledger,
    trust: Sequence[str],
    written: Mapping[Key, Incoming],
    known: Mapping[Key, Known],
) -> None:
    """Write records and put the works that they are of together."""
    readings = [pack_reading(item.reading) for item in written.values()]
    members = [
        _to_member(item, known.get(item.key), reading)
        for item, reading in zip(written.values(), readings, strict=True)
    ]
    touched = {known[key].work for key in written if key in known}
    homes = regroup(connection, ledger, trust, members, touched)
    payloads = [compress(item.record.payload) for item in written.values()]
    rows = [
        (*member.name, homes[member.name], *_to_values(member, item, payload))
        for member, item, payload in zip(members, written.values(), payloads, strict=True)
    ]
    insert_all(connection, records, _COLUMNS, [row for row in rows if row[:2] not in known])
    old = [row for row in rows if row[:2] in known]
    upsert(connection, records, [dict(zip(_COLUMNS, row, strict=True)) for row in old])


def _to_values(member: Member, item: Incoming, payload: bytes) -> tuple[Any, ...]:
    """What a row of `records` holds behind its key and work."""
    media_type = storable(item.record.media_type)
    hashes = item.payload_sha256, item.reading_sha256
    return member.fetched_at, None, media_type, *hashes, member.reading, payload, item.revised


def withdraw(
    connection: Connection,
    ledger: Ledger,
    trust: Sequence[str],
    source: str,
    native_ids: Iterable[str],
    *,
    wholly: bool = True,
) -> int:
    """Mark records as deleted and put what is left of their works together; returns works left with none.

    With a record goes, if `wholly`, what was kept of it because it could not be taken, and what it told of
    other papers, which is kept as `<its id>#<key of the other>`.
    """
    named = dict.fromkeys(map(storable, native_ids))
    if not named:
        return 0
    ids = list(named)
    if wholly:
        connection.execute(_FORGET, {"source": storable(source), "names": ids})
        ids += _told_by(connection, storable(source), named)
    keys = {(storable(source), native_id): None for native_id in ids}
    live = {key: row for key, row in _load_known(connection, keys).items() if not row.deleted}
    if not live:
        return 0
    key_is = (records.c.source == bindparam("s"), records.c.native_id == bindparam("n"))
    mark = update(records).where(*key_is).values(deleted_at=ledger.now)
    connection.execute(mark, [{"s": key[0], "n": key[1]} for key in live])
    touched = {row.work for row in live.values()}
    regroup(connection, ledger, trust, [], touched)
    alive = sorted({row.work for row in live.values() if not row.work_deleted})
    return int(connection.execute(_BURIED, {"names": alive}).scalar_one())


def _told_by(connection: Connection, source: str, native_ids: Collection[str]) -> Iterator[str]:
    """The ids of records that hold what those of `native_ids` told of other papers."""
    column = records.c.native_id
    query = select(column).where(records.c.source == source, column.like("%#%:%"))
    if connection.dialect.name == "sqlite":  # compares bytes, so the key of the table finds what begins alike
        begins = query.where(column >= bindparam("first"), column < bindparam("end"))
        for one in native_ids:
            yield from connection.scalars(begins, {"first": f"{one}#", "end": f"{one}$"})
        return
    for chunk in to_chunks(native_ids):  # elsewhere order is a matter of language: one pass for all of them
        yield from connection.scalars(query.where(func.split_part(column, "#", 1).in_(chunk)))


def save_checkpoint(connection: Connection, checkpoint: Checkpoint) -> None:
    """Remember how far a harvest has come."""
    row = {
        "source": storable(checkpoint.source),
        "scope": storable(checkpoint.scope),
        "cursor": None if checkpoint.cursor is None else storable(checkpoint.cursor),
        "complete": checkpoint.complete,
        "pages": checkpoint.pages,
        "expected": checkpoint.expected,
        "seen": checkpoint.seen,
    }
    upsert(connection, checkpoints, [row])


def _to_latest(page: Sequence[Incoming]) -> dict[Key, Incoming]:
    latest: dict[Key, Incoming] = {}
    for item in page:
        other = latest.get(item.key)
        if not (other and other.revised and item.revised) or not (
            revision_order(item.revised) < revision_order(other.revised)
        ):
            latest[item.key] = item
    return latest


def key_of(record: HarvestedRecord) -> Key:
    """Under what the catalog keeps the record."""
    return storable(record.source), storable(record.native_id)


def _to_member(item: Incoming, known: Known | None, reading: bytes) -> Member:
    """A record that was withdrawn has a claim on its work only if nothing else lives on as that work."""
    work = None
    if known and (known.work_deleted or not known.deleted):
        work = known.work
    fetched_at = _to_timestamp(item.record.fetched_at)
    return Member(*item.key, fetched_at, item.version, work, reading)


_to_timestamp = lru_cache(maxsize=16)(to_timestamp)
"""The records of an answer, or of a file, were fetched at one moment."""


def _by_source(keys: Iterable[Key]) -> dict[str, list[str]]:
    of_source: dict[str, list[str]] = {}
    for source, native_id in keys:
        of_source.setdefault(source, []).append(native_id)
    return of_source


def _load_known(connection: Connection, keys: Iterable[Key]) -> dict[Key, Known]:
    found: dict[Key, Known] = {}
    for source, native_ids in _by_source(keys).items():
        for row in connection.execute(_KNOWN, {"source": source, "names": native_ids}):
            native_id, work, deleted_at, work_deleted_at, *rest = row
            found[source, native_id] = Known(work, deleted_at is not None, work_deleted_at is not None, *rest)
    return found


def save_rejections(connection: Connection, rejected: Iterable[Rejection], taken: Collection[Key]) -> None:
    """Keep what could not be taken, and forget what now was."""
    for source, native_ids in _by_source(taken).items():
        connection.execute(_FORGET, {"source": source, "names": native_ids})
    rows = {(row["source"], row["native_id"]): row for row in map(_to_rejection_row, rejected)}
    upsert(connection, rejections, [row for key, row in rows.items() if key not in taken])


def _without_outdated(connection: Connection, rejected: Sequence[Rejection]) -> Iterator[Rejection]:
    """Those of which the catalog has no later state: taken one day, another would replace that."""
    known = _load_known(connection, [key_of(one.record) for one in rejected if one.record.revised])
    for one in rejected:
        ours, has = one.record.revised, known.get(key_of(one.record))
        later = ours and has and has.revised and revision_order(has.revised) > revision_order(storable(ours))
        if not later:
            yield one


def _to_rejection_row(rejection: Rejection) -> dict[str, Any]:
    record = rejection.record
    source, native_id = key_of(record)
    return {
        "source": source,
        # Rejected for having no id, maybe: then its content tells it from others.
        "native_id": native_id or f"sha256:{sha256(record.payload).hex()}",
        "reason": storable(rejection.reason),
        "detail": storable(rejection.detail),
        "fetched_at": to_timestamp(record.fetched_at),
        "media_type": storable(record.media_type),
        "payload": compress(record.payload),
    }
