"""Notes that a harvest keeps about its source."""

from sqlalchemy import Connection, delete, select

from catalog.database import storable, upsert
from catalog.tables import marks, work_keys, works
from domain.errors import Superseded

FENCE = "fence"


def read_mark(connection: Connection, source: str, name: str) -> str | None:
    """The value noted, if there is one."""
    query = select(marks.c.value).where(marks.c.source == source, marks.c.name == name)
    value: str | None = connection.execute(query).scalar()
    return value


def save_mark(connection: Connection, source: str, name: str, value: str | None) -> None:
    """Note a value; None forgets it."""
    if value is None:
        connection.execute(delete(marks).where(marks.c.source == source, marks.c.name == name))
    else:
        upsert(connection, marks, [{"source": source, "name": name, "value": storable(value)}])


def check_fence(connection: Connection, source: str, fence: str) -> None:
    """Raise `Superseded` unless `fence` is the one put up last, by whoever began to harvest `source` last."""
    if read_mark(connection, source, FENCE) != fence:
        raise Superseded(f"another harvest of {source} has begun; this one ends")


def read_keys(connection: Connection, scheme: str, after: str, limit: int) -> list[str]:
    """Identifiers of living works in one scheme, sorted, without its name."""
    prefix = f"{scheme}:"
    # Any other order than that of bytes might put the prefix's neighbours elsewhere.
    postgresql = connection.dialect.name == "postgresql"
    key = work_keys.c.key.collate("C") if postgresql else work_keys.c.key
    query = (
        select(work_keys.c.key)
        .join(works)
        .where(
            work_keys.c.own,
            key > prefix + storable(after),
            key < f"{scheme};",  # the character after the colon
            works.c.deleted_at.is_(None),
        )
        .order_by(key)
        .limit(limit)
    )
    return [found.removeprefix(prefix) for found in connection.execute(query).scalars()]
