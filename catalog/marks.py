"""Notes that a harvest keeps about its source."""

from sqlalchemy import Connection, bindparam, delete, select

from catalog.database import storable
from catalog.statements import upsert
from catalog.tables import marks, work_keys, works
from domain.errors import Superseded

FENCE = "fence"
_MARK = select(marks.c.value).where(marks.c.source == bindparam("source"), marks.c.name == bindparam("name"))


def read_mark(connection: Connection, source: str, name: str) -> str | None:
    """The value noted, if there is one."""
    value: str | None = connection.execute(_MARK, {"source": source, "name": name}).scalar()
    return value


def save_mark(connection: Connection, source: str, name: str, value: str | None) -> None:
    """Note a value; None forgets it."""
    if value is None:
        connection.execute(delete(marks).where(marks.c.source == source, marks.c.name == name))
    else:
        upsert(connection, marks, [{"source": source, "name": name, "value": storable(value)}])


def check_fence(connection: Connection, source: str, fence: str) -> None:
    """Raise `Superseded` unless `fence` is the one put up last, by whoever began to harvest `source` last.

    A source of many servers has one fence for each: `<fence>@<server>`.
    """
    number, _, place = fence.partition("@")
    if read_mark(connection, source, f"{FENCE}@{place}" if place else FENCE) != number:
        raise Superseded(f"another harvest of {source} has begun; this one ends")


def read_keys(connection: Connection, scheme: str, after: str, limit: int) -> list[str]:
    """Identifiers of living works in one scheme, sorted, without its name."""
    prefix = f"{scheme}:"
    key = work_keys.c.key
    # Joined, either database might go through all living works and sort their keys.
    alive = select(works.c.id).where(works.c.id == work_keys.c.work_id, works.c.deleted_at.is_(None))
    in_scheme = key > prefix + storable(after), key < f"{scheme};"  # the character after the colon
    query = (
        select(key)
        .where(work_keys.c.own, *in_scheme, alive.scalar_subquery().is_not(None))
        .order_by(key)
        .limit(limit)
    )
    return [found.removeprefix(prefix) for found in connection.execute(query).scalars()]
