"""Putting works together anew from their records, inside one writing transaction.

Given the records that were written or withdrawn, only works near them can change: those they belonged to
and those that share a key with them. Their records are grouped again, so works may join, or fall apart when
the record that joined them says otherwise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from catalog.codec import compress, parse_version, parse_versions, to_json, without_provenance
from catalog.database import to_chunks, upsert
from catalog.digests import discard_digests, recall_digests
from catalog.grouping import Group, Member, group_keys, near_keys, to_groups, to_heirs, to_names, to_versions
from catalog.ledger import Ledger
from catalog.tables import aliases, records, work_keys, works
from domain.paper import Paper, Version, unique

_NO_KEYS: dict[str, bool] = {}


@dataclass(slots=True)
class Work:
    """A row of `works`: as it was, or as it will be."""

    id: str
    born: int
    added_at: str
    changed_at: str
    deleted_at: str | None
    source_hash: str
    versions: int
    document: bytes | None


@dataclass(slots=True)
class Regrouping:
    """What is to be written about works, collected while the groups are gone through."""

    connection: Connection
    ledger: Ledger
    trust: Sequence[str]
    before: dict[str, Work]
    rows: list[Work] = field(default_factory=list)
    keys: dict[str, dict[str, bool]] = field(default_factory=dict)
    absorbed: dict[str, str] = field(default_factory=dict)
    """Work → the older one that it turned out to be."""
    reclaimed: list[str] = field(default_factory=list)
    """Aliases that are works of their own again."""
    recalls: dict[str, str] = field(default_factory=dict)
    """Work → why its digests are recalled."""


def regroup(
    connection: Connection,
    ledger: Ledger,
    trust: Sequence[str],
    written: Sequence[Member],
    touched: Iterable[str] = (),
) -> dict[tuple[str, str], str]:
    """Regroup `written` and the works near them or `touched`; returns each written record's work.

    The rows of `written` are the caller's to save, after this. Rows of withdrawn records are marked already.
    """
    near = _near(connection, written) | {m.work for m in written if m.work} | set(touched)
    before = _load_works(connection, near)
    fresh = {(m.source, m.native_id) for m in written}
    others = [m for m in _load_members(connection, near) if (m.source, m.native_id) not in fresh]
    groups = to_groups([*others, *written])
    plan = Regrouping(connection, ledger, trust, before)
    homes = _settle(plan, groups)
    kept = set(homes.values())
    for name, work in before.items():
        if name not in kept and name not in plan.absorbed and work.deleted_at is None:
            _bury(plan, work)
    _write(plan)
    moved = [m for number, group in enumerate(groups) for m in group if m.work and m.work != homes[number]]
    assigned = {(m.source, m.native_id): homes[n] for n, group in enumerate(groups) for m in group}
    _move(plan, [m for m in moved if (m.source, m.native_id) not in fresh], assigned)
    return {key: assigned[key] for key in fresh}


def _near(connection: Connection, written: Sequence[Member]) -> set[str]:
    """Works that own a key the records have or link to, or that link to a key the records have."""
    own, linked = near_keys(written)
    found: set[str] = set()
    for chunk in to_chunks(sorted(own | linked)):
        keys = [key for key in chunk if key in own]
        query = select(work_keys.c.work_id).where(
            work_keys.c.key.in_(chunk), or_(work_keys.c.own, work_keys.c.key.in_(keys))
        )
        found.update(connection.execute(query).scalars())
    return found


def _load_works(connection: Connection, names: Iterable[str]) -> dict[str, Work]:
    found = {}
    for chunk in to_chunks(sorted(names)):
        for row in connection.execute(select(works).where(works.c.id.in_(chunk))):
            found[row.id] = Work(**row._mapping)
    return found


def _load_members(connection: Connection, names: Iterable[str]) -> list[Member]:
    found = []
    columns = (
        records.c.source,
        records.c.native_id,
        records.c.fetched_at,
        records.c.reading,
        records.c.work_id,
    )
    for chunk in to_chunks(sorted(names)):
        query = select(*columns).where(records.c.work_id.in_(chunk), records.c.deleted_at.is_(None))
        for source, native_id, fetched_at, reading, work in connection.execute(query):
            found.append(Member(source, native_id, fetched_at, parse_version(reading), work))
    return sorted(found, key=lambda m: (m.source, m.native_id))


def _settle(plan: Regrouping, groups: Sequence[Group]) -> dict[int, str]:
    """Give each group its work; returns group number → work."""
    inherited: dict[int, list[Work]] = {}
    for name, number in to_heirs(groups).items():
        inherited.setdefault(number, []).append(plan.before[name])
    merged = {number: to_versions(group, plan.trust) for number, group in enumerate(groups)}
    homeless = {number: (merged[number], groups[number]) for number in merged if number not in inherited}
    named = _name(plan, homeless)
    homes = {}
    for number, group in enumerate(groups):
        candidates = sorted(inherited.get(number, ()), key=lambda w: (w.deleted_at is not None, w.born, w.id))
        old = candidates[0] if candidates else plan.before.get(named[number])
        homes[number] = name = old.id if old else named[number]
        for other in candidates[1:]:
            _absorb(plan, other, name)
        _renew(plan, name, old, merged[number], joined=len(candidates) > 1)
        plan.keys[name] = group_keys(group)
    return homes


def _name(plan: Regrouping, homeless: dict[int, tuple[tuple[Version, ...], Group]]) -> dict[int, str]:
    """A free id for each group that inherits none: a new one, a tombstone's, or a former alias."""
    streams = {number: to_names(versions, group) for number, (versions, group) in homeless.items()}
    wanted = {number: next(stream) for number, stream in streams.items()}
    known = _load_works(plan.connection, set(wanted.values()) - set(plan.before))
    named: dict[int, str] = {}
    taken: set[str] = set()
    for number, stream in streams.items():
        name = wanted[number]
        while name in taken or _is_live(known.get(name) or plan.before.get(name)):
            name = next(stream)
            known |= _load_works(plan.connection, [name])
        taken.add(name)
        named[number] = name
    plan.before.update({name: known[name] for name in taken if name in known})
    for chunk in to_chunks(sorted(taken)):
        query = select(aliases.c.alias).where(aliases.c.alias.in_(chunk))
        plan.reclaimed += plan.connection.execute(query).scalars()
    return named


def _is_live(work: Work | None) -> bool:
    return work is not None and work.deleted_at is None


def _renew(
    plan: Regrouping, name: str, old: Work | None, versions: tuple[Version, ...], *, joined: bool
) -> None:
    """Write the work, and tell of it if a reader would see a difference."""
    now = plan.ledger.now
    document = compress(to_json(versions))
    if old and old.deleted_at is None and old.document == document and not joined:
        return
    # As it will be read again: what a digest is bound to must not differ by a character that cannot be kept.
    paper = Paper(name, parse_versions(document), now, now)
    new = Work(name, 0, now, now, None, paper.source_hash, len(versions), document)
    plan.rows.append(new)
    if old is None or old.deleted_at:
        sequence = plan.ledger.change(name)
        new.born, new.added_at = (old.born, old.added_at) if old else (sequence, now)
        plan.ledger.tell("paper.added", name, notices=unique(n.kind for n in paper.notices))
        return
    new.born, new.added_at = old.born, old.added_at
    was = parse_versions(old.document)
    if not joined and [without_provenance(v) for v in was] == [without_provenance(v) for v in paper.versions]:
        new.changed_at = old.changed_at
        return
    plan.ledger.change(name)
    _tell_update(plan, old, new, was, paper)


def _tell_update(plan: Regrouping, old: Work, new: Work, was: tuple[Version, ...], paper: Paper) -> None:
    """Outbox entries for what readers of the paper would care about."""
    if old.source_hash != new.source_hash:
        plan.recalls[new.id] = "source-changed"
    if old.source_hash != new.source_hash or old.versions < new.versions:
        plan.ledger.tell("paper.updated", new.id, versions=[old.versions, new.versions])
    known = {notice.kind for notice in Paper(new.id, was, "", "").notices}
    for kind in unique(notice.kind for notice in paper.notices):
        if kind not in known:
            notice = next(n for n in paper.notices if n.kind is kind)
            plan.ledger.tell(f"paper.{kind}", new.id, notice=notice.identifier, date=notice.date)


def _absorb(plan: Regrouping, work: Work, survivor: str) -> None:
    plan.absorbed[work.id] = survivor
    plan.keys[work.id] = _NO_KEYS
    if work.deleted_at is None:
        plan.ledger.change(work.id, deleted=True)
        plan.ledger.tell("paper.merged", work.id, into=survivor)


def _bury(plan: Regrouping, work: Work) -> None:
    """Leave a tombstone where the last record of a work was withdrawn."""
    now = plan.ledger.now
    plan.rows.append(Work(work.id, work.born, work.added_at, now, now, "", 0, None))
    plan.keys[work.id] = _NO_KEYS
    plan.recalls[work.id] = "withdrawn"
    plan.ledger.change(work.id, deleted=True)
    plan.ledger.tell("paper.deleted", work.id)


def _write(plan: Regrouping) -> None:
    connection = plan.connection
    fields = Work.__slots__
    upsert(connection, works, [{name: getattr(row, name) for name in fields} for row in plan.rows])
    _write_keys(connection, plan.keys, set(plan.before))
    recall_digests(connection, plan.ledger, plan.recalls)
    for chunk in to_chunks(plan.reclaimed):
        connection.execute(delete(aliases).where(aliases.c.alias.in_(chunk)))
    if plan.absorbed:
        _write_absorbed(plan)


def _write_keys(connection: Connection, keys: dict[str, dict[str, bool]], known: set[str]) -> None:
    """Write only the difference; rows that go, go first, since a key may move from one work to another."""
    old: set[tuple[str, str, bool]] = set()
    for chunk in to_chunks(sorted(known & keys.keys())):
        rows = connection.execute(select(work_keys).where(work_keys.c.work_id.in_(chunk)))
        old.update((row.key, row.work_id, row.own) for row in rows)
    new = {(key, work, own) for work, of_work in keys.items() for key, own in of_work.items()}
    if gone := sorted(old - new):
        key_is = (work_keys.c.key == bindparam("k"), work_keys.c.work_id == bindparam("w"))
        connection.execute(delete(work_keys).where(*key_is), [{"k": key, "w": work} for key, work, _ in gone])
    if added := sorted(new - old):
        rows_in = [{"key": key, "work_id": work, "own": own} for key, work, own in added]
        connection.execute(insert(work_keys), rows_in)


def _write_absorbed(plan: Regrouping) -> None:
    connection = plan.connection
    pairs = [{"old": old, "new": new} for old, new in plan.absorbed.items()]
    for table in (records, aliases):
        statement = update(table).where(table.c.work_id == bindparam("old")).values(work_id=bindparam("new"))
        connection.execute(statement, pairs)
    discard_digests(connection, plan.ledger, list(plan.absorbed))
    for chunk in to_chunks(plan.absorbed):
        connection.execute(delete(works).where(works.c.id.in_(chunk)))
    connection.execute(insert(aliases), [{"alias": p["old"], "work_id": p["new"]} for p in pairs])


def _move(plan: Regrouping, members: Sequence[Member], homes: dict[tuple[str, str], str]) -> None:
    if not members:
        return
    rows: list[dict[str, Any]] = [
        {"s": m.source, "n": m.native_id, "w": homes[m.source, m.native_id]} for m in members
    ]
    statement = update(records).where(
        records.c.source == bindparam("s"), records.c.native_id == bindparam("n")
    )
    plan.connection.execute(statement.values(work_id=bindparam("w")), rows)
