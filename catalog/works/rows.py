"""The rows of works, their keys and aliases: loading those concerned, and writing what became of them."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from catalog.codec import parse_json, parse_version
from catalog.statements import among, insert_all, to_chunks, upsert
from catalog.tables import aliases, match_keys, records, work_keys, works
from catalog.works.member import Member

_WORKS = select(works).where(among(works.c.id, "names"))
_MEMBERS = select(
    records.c.source, records.c.native_id, records.c.fetched_at, records.c.reading, records.c.work_id
).where(among(records.c.work_id, "names"), records.c.deleted_at.is_(None))
_ALIASES = select(aliases.c.alias).where(among(aliases.c.alias, "names"))
_SHARED = (
    select(match_keys.c.key, func.count()).where(among(match_keys.c.key, "names")).group_by(match_keys.c.key)
)


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
    match_keys: str | None = None
    work_keys: str | None = None

    @property
    def is_live(self) -> bool:
        """Whether it is a paper, not a tombstone."""
        return self.deleted_at is None

    @property
    def was_paper(self) -> bool:
        """Whether it is or ever was a paper; else only companions wait in it, and nobody knows its id."""
        return self.born > 0


_COLUMNS = tuple(field.name for field in fields(Work))
_to_row = attrgetter(*_COLUMNS)


def load_works(connection: Connection, names: Iterable[str]) -> dict[str, Work]:
    """Those of `names` that there are, tombstones too."""
    wanted = sorted(names)
    rows = connection.execute(_WORKS, {"names": wanted}) if wanted else ()
    return {row[0]: Work(*row) for row in rows}


def load_members(connection: Connection, names: Iterable[str]) -> list[Member]:
    """The live records of these works."""
    wanted = sorted(names)
    rows = connection.execute(_MEMBERS, {"names": wanted}) if wanted else ()
    found = []
    for source, native_id, fetched_at, packed, work in rows:
        found.append(Member(source, native_id, fetched_at, parse_version(packed), work, packed))
    return sorted(found, key=lambda m: m.name)


def find_aliases(connection: Connection, names: Iterable[str]) -> list[str]:
    """Those of `names` that lead to another work."""
    wanted = sorted(names)
    return list(connection.execute(_ALIASES, {"names": wanted}).scalars()) if wanted else []


def save_works(connection: Connection, rows: Sequence[Work], before: Container[str]) -> None:
    """Write works, of which those in `before` are there already."""
    new = [row for row in rows if row.id not in before]
    insert_all(connection, works, _COLUMNS, list(map(_to_row, new)))
    old = [row for row in rows if row.id in before]
    upsert(connection, works, [dict(zip(_COLUMNS, _to_row(row), strict=True)) for row in old])


def save_keys(
    connection: Connection, keys: Mapping[str, Mapping[str, bool]], before: Mapping[str, Work]
) -> None:
    """Write only the difference; rows that go, go first, since a key may move from one work to another."""
    old = {
        (key, name, own)
        for name in before.keys() & keys.keys()
        for key, own in parse_keys(before[name].work_keys).items()
    }
    new = {(key, work, own) for work, of_work in keys.items() for key, own in of_work.items()}
    if gone := sorted(old - new):
        key_is = (work_keys.c.key == bindparam("k"), work_keys.c.work_id == bindparam("w"))
        connection.execute(delete(work_keys).where(*key_is), [{"k": key, "w": work} for key, work, _ in gone])
    insert_all(connection, work_keys, ("key", "work_id", "own"), sorted(new - old))


def parse_keys(text: str | None) -> dict[str, bool]:
    """The keys of a work → whether they are its own."""
    return parse_json(text, dict[str, bool]) if text else {}


def save_match_keys(
    connection: Connection, old: set[tuple[str, str]], new: set[tuple[str, str]], most: int
) -> list[tuple[str, str]]:
    """Write the difference; a key that `most` works share takes no more. Returns what stands, sorted."""
    if gone := sorted(old - new):
        key_is = (match_keys.c.key == bindparam("k"), match_keys.c.work_id == bindparam("w"))
        connection.execute(delete(match_keys).where(*key_is), [{"k": key, "w": work} for key, work in gone])
    added = sorted(new - old)
    counts: dict[str, int] = {}
    if added:
        asked = connection.execute(_SHARED, {"names": sorted({key for key, _ in added})})
        counts.update((key, count) for key, count in asked)
    rows = []
    for row in added:
        counts[row[0]] = count = counts.get(row[0], 0) + 1
        if count <= most:
            rows.append(row)
    insert_all(connection, match_keys, ("key", "work_id"), rows)
    return sorted([*(new & old), *rows])


def save_absorbed(connection: Connection, absorbed: Mapping[str, str]) -> None:
    """Make works aliases of others (work → survivor); nothing but records and aliases may point to them."""
    pairs = [{"old": old, "new": new} for old, new in absorbed.items()]
    for table in (records, aliases):
        statement = update(table).where(table.c.work_id == bindparam("old")).values(work_id=bindparam("new"))
        connection.execute(statement, pairs)
    for chunk in to_chunks(absorbed):
        connection.execute(delete(works).where(works.c.id.in_(chunk)))
    connection.execute(insert(aliases), [{"alias": old, "work_id": new} for old, new in absorbed.items()])


def delete_aliases(connection: Connection, names: Iterable[str]) -> None:
    """Forget aliases."""
    for chunk in to_chunks(names):
        connection.execute(delete(aliases).where(aliases.c.alias.in_(chunk)))


def move_records(connection: Connection, homes: Mapping[tuple[str, str], str]) -> None:
    """Give records (source and native id) to other works."""
    key_is = (records.c.source == bindparam("s"), records.c.native_id == bindparam("n"))
    rows = [{"s": source, "n": native_id, "w": work} for (source, native_id), work in homes.items()]
    if rows:
        connection.execute(update(records).where(*key_is).values(work_id=bindparam("w")), rows)
