"""Questions to the catalog that change nothing."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, func, select

from catalog.codec import decompress, parse_json, parse_timestamp, parse_versions
from catalog.database import storable
from catalog.statements import among, to_chunks
from catalog.tables import (
    aliases,
    changes,
    checkpoints,
    digests,
    outbox,
    records,
    rejections,
    work_keys,
    works,
)
from domain.digest import DigestStatus
from domain.errors import Gone, NotFound
from domain.paper import Paper, unique
from domain.ports import Change, Rejection, RejectionCount
from domain.record import Checkpoint, HarvestedRecord
from domain.subscription_ports import OutboxEntry

_WORKS = select(works.c.id, works.c.document, works.c.added_at, works.c.changed_at, works.c.deleted_at).where(
    among(works.c.id, "names")
)
"""Were it asked for those not deleted, SQLite would go through all of these, by their index."""
_LEADS = select(aliases.c.alias, aliases.c.work_id).where(among(aliases.c.alias, "names"))
_ALIASES = (
    select(aliases.c.work_id, aliases.c.alias)
    .where(among(aliases.c.work_id, "names"))
    .order_by(aliases.c.alias)
)


def read_paper(connection: Connection, paper_id: str) -> Paper:
    """One paper by its id or an alias. Raises `NotFound`, `Gone`."""
    name = storable(paper_id)
    name = _resolve(connection, [name]).get(name, name)
    live = select(works.c.id).where(works.c.id == name, works.c.deleted_at.is_(None))
    if not connection.execute(live).first():
        former = connection.execute(select(changes.c.deleted).where(changes.c.paper_id == name)).first()
        raise (Gone if former else NotFound)("paper", paper_id)
    return read_papers(connection, [name])[0]


def read_papers(connection: Connection, paper_ids: Sequence[str]) -> list[Paper]:
    """Papers in the order of their ids or aliases, each once; missing and withdrawn ones are left out."""
    asked = [storable(paper_id) for paper_id in paper_ids]
    lead = _resolve(connection, asked)
    names = unique(lead.get(name, name) for name in asked)
    also = _read_aliases(connection, names)
    found = {
        row.id: Paper(
            row.id, parse_versions(row.document), row.added_at, row.changed_at, also.get(row.id, ())
        )
        for row in connection.execute(_WORKS, {"names": names})
        if row.deleted_at is None
    }
    return [found[name] for name in names if name in found]


def find_work(connection: Connection, key: str) -> str:
    """The work that has the identifier key. Raises `NotFound`."""
    query = (
        select(work_keys.c.work_id)
        .join(works, works.c.id == work_keys.c.work_id)
        .where(work_keys.c.key == storable(key), work_keys.c.own, works.c.deleted_at.is_(None))
    )
    name: str | None = connection.execute(query).scalar()
    if name is None:
        raise NotFound("paper", key)
    return name


def read_changes(connection: Connection, after: int, limit: int) -> list[Change]:
    """Changes above `after`, oldest first."""
    query = select(changes).where(changes.c.sequence > after).order_by(changes.c.sequence).limit(limit)
    return [Change(row.sequence, row.paper_id, row.deleted) for row in connection.execute(query)]


def read_checkpoint(connection: Connection, source: str, scope: str) -> Checkpoint | None:
    """How far a harvest had come."""
    query = select(checkpoints).where(
        checkpoints.c.source == storable(source), checkpoints.c.scope == storable(scope)
    )
    row = connection.execute(query).first()
    return Checkpoint(**row._mapping) if row else None


def read_counts(connection: Connection) -> dict[str, int]:
    """How many there are of each thing."""
    live = works.c.deleted_at.is_(None)
    buried = works.c.deleted_at > ""  # for "is not null" SQLite would read every paper from end to end
    questions = {
        "papers": select(func.count()).select_from(works).where(live),
        "versions": select(func.coalesce(func.sum(works.c.versions), 0)).where(live),
        "records": select(func.count()).select_from(records).where(records.c.deleted_at.is_(None)),
        "rejected": select(func.count()).select_from(rejections),
        "digests": _count_digests(DigestStatus.PUBLISHED),
        "refused": _count_digests(DigestStatus.REFUSED),
        "deleted": select(func.count()).select_from(works).where(buried, works.c.born > 0),
        "changes": select(func.count()).select_from(changes),
    }
    return {name: int(connection.execute(query).scalar_one()) for name, query in questions.items()}


def read_holdings(connection: Connection) -> dict[str, int]:
    """Source → how many of its records stand."""
    query = select(records.c.source, func.count()).where(records.c.deleted_at.is_(None))
    return {source: int(count) for source, count in connection.execute(query.group_by(records.c.source))}


def read_rejected(connection: Connection) -> dict[str, int]:
    """Source → how many of its records could not be taken."""
    query = select(rejections.c.source, func.count()).group_by(rejections.c.source)
    return {source: int(count) for source, count in connection.execute(query)}


def read_held(connection: Connection, source: str, native_ids: Iterable[str]) -> Iterator[str]:
    """Those of the native ids whose records stand."""
    query = select(records.c.native_id).where(
        records.c.source == storable(source), records.c.deleted_at.is_(None)
    )
    kept = {storable(native_id): native_id for native_id in native_ids}
    for chunk in to_chunks(kept):
        for found in connection.execute(query.where(records.c.native_id.in_(chunk))).scalars():
            yield kept[found]


def read_records(connection: Connection, source: str, after: str, limit: int) -> list[HarvestedRecord]:
    """Live raw records of a source with a native id above `after`, in its order."""
    query = (
        select(records)
        .where(
            records.c.source == storable(source), records.c.native_id > after, records.c.deleted_at.is_(None)
        )
        .order_by(records.c.native_id)
        .limit(limit)
    )
    return [_to_record(row) for row in connection.execute(query)]


def read_record(connection: Connection, source: str, native_id: str) -> HarvestedRecord | None:
    """One raw record that stands."""
    query = select(records).where(
        records.c.source == storable(source),
        records.c.native_id == storable(native_id),
        records.c.deleted_at.is_(None),
    )
    row = connection.execute(query).first()
    return _to_record(row) if row else None


def read_rejections(
    connection: Connection, limit: int, source: str | None, reason: str | None, offset: int
) -> list[Rejection]:
    """Records that could not be taken, the latest first."""
    query = select(rejections).order_by(
        rejections.c.fetched_at.desc(), rejections.c.source, rejections.c.native_id
    )
    if source is not None:
        query = query.where(rejections.c.source == storable(source))
    if reason is not None:
        query = query.where(rejections.c.reason == storable(reason))
    return [_to_rejection(row) for row in connection.execute(query.limit(limit).offset(offset))]


def read_rejection(connection: Connection, source: str, native_id: str) -> Rejection | None:
    """One record that could not be taken."""
    query = select(rejections).where(
        rejections.c.source == storable(source), rejections.c.native_id == storable(native_id)
    )
    row = connection.execute(query).first()
    return _to_rejection(row) if row else None


def read_refused(connection: Connection, source: str, after: str, limit: int) -> list[HarvestedRecord]:
    """As `read_records`, of those that could not be taken; without those that stand none the less."""
    stands = exists().where(
        records.c.source == rejections.c.source,
        records.c.native_id == rejections.c.native_id,
        records.c.fetched_at == rejections.c.fetched_at,
        records.c.deleted_at.is_(None),
    )
    query = (
        select(rejections)
        .where(rejections.c.source == storable(source), rejections.c.native_id > storable(after), ~stands)
        .order_by(rejections.c.native_id)
        .limit(limit)
    )
    return [_to_rejection(row).record for row in connection.execute(query)]


def read_reasons(connection: Connection) -> list[RejectionCount]:
    """How many records could not be taken, by source and reason."""
    columns = rejections.c.source, rejections.c.reason
    query = select(*columns, func.count(), func.max(rejections.c.fetched_at)).group_by(*columns)
    return [RejectionCount(*row) for row in connection.execute(query.order_by(*columns))]


def read_outbox(connection: Connection, after: int, limit: int) -> list[OutboxEntry]:
    """Entries with an id above `after`, oldest first."""
    query = select(outbox).where(outbox.c.id > after).order_by(outbox.c.id).limit(limit)
    return [
        OutboxEntry(row.id, row.topic, row.paper_id, parse_json(row.payload, dict[str, Any]), row.created_at)
        for row in connection.execute(query)
    ]


def _to_record(row: Row[Any]) -> HarvestedRecord:
    return HarvestedRecord(
        row.source,
        row.native_id,
        parse_timestamp(row.fetched_at),
        row.media_type,
        decompress(row.payload),
        revised=row.revised,
    )


def _to_rejection(row: Row[Any]) -> Rejection:
    fetched_at, payload = parse_timestamp(row.fetched_at), decompress(row.payload)
    record = HarvestedRecord(row.source, row.native_id, fetched_at, row.media_type, payload)
    return Rejection(record, row.reason, row.detail)


def _count_digests(status: DigestStatus) -> Select[int]:
    return select(func.count()).select_from(digests).where(digests.c.status == status.value)


def _resolve(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """Alias → work, for those of `names` that are aliases."""
    return dict(connection.execute(_LEADS, {"names": names}).all())


def _read_aliases(connection: Connection, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for work, alias in connection.execute(_ALIASES, {"names": names}):
        found[work] = (*found.get(work, ()), alias)
    return found
