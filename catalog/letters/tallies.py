"""Numbers that outlive what they count, and positions in the outbox; kept among the counters."""

from collections.abc import Mapping

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from catalog.database import storable
from catalog.tables import counters

_POSITION = "position/"


def add_to_tallies(connection: Connection, added: Mapping[str, int]) -> None:
    """Raise each of the tallies by so much."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    for name, number in sorted(added.items()):
        statement = dialect.insert(counters).values(name=name, value=number)
        raised = {"value": counters.c.value + statement.excluded.value}
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=raised))


def read_tallies(connection: Connection, prefix: str) -> dict[str, int]:
    """Those whose names begin with `prefix`, which is left off."""
    query = select(counters.c.name, counters.c.value).where(
        counters.c.name.startswith(prefix, autoescape=True)
    )
    return {name.removeprefix(prefix): value for name, value in connection.execute(query)}


def read_position(connection: Connection, name: str) -> int:
    """Where the reader of that name has come to; 0: nowhere."""
    query = select(counters.c.value).where(counters.c.name == _POSITION + storable(name))
    return connection.execute(query).scalar() or 0


def move_position(connection: Connection, name: str, position: int) -> None:
    """Move it on; never back, or one that was slower would make all be told again."""
    ahead = position - read_position(connection, name)
    if ahead > 0:
        add_to_tallies(connection, {_POSITION + storable(name): ahead})
