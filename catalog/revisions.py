"""Bringing the tables up to date when a catalog is opened.

Alembic is loaded only where there is something to do: it takes 12 MB, and every process opens a catalog.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, inspect, select, table, text

from catalog.database import Database
from catalog.tables import REVISION, VERSION_TABLE
from domain.errors import CatalogError, CatalogUnusable

if TYPE_CHECKING:
    from alembic.config import Config

_LOCK = 0x46494E44  # any number that other programs on the server are unlikely to take


def upgrade(database: Database, *, create: bool = True) -> None:
    """Run the migrations that this database lacks; several processes may do so at once.

    Raises:
        CatalogError: it belongs to another program or a newer Findings, or is empty and `create` is false.
    """
    with database.read() as connection:
        if read_revision(connection) == REVISION:
            return
    with database.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        current = read_revision(connection)
        _check(database, connection, current, create)
        if current != REVISION:
            from alembic import command

            command.upgrade(to_config(connection), REVISION)


def downgrade(database: Database, revision: str) -> None:
    """Go back to an older `revision`, as before installing an older Findings."""
    from alembic import command

    with database.begin() as connection:
        command.downgrade(to_config(connection), revision)


def read_revision(connection: Connection) -> str | None:
    """The migration the database is at; None when it holds no catalog."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(select(table(VERSION_TABLE, column("version_num")))).scalar()


def to_config(connection: Connection | None = None) -> "Config":
    """What Alembic needs, without a file; with `connection`, migrations run in its transaction."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    location = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", location.replace("%", "%%"))
    return config


def _check(database: Database, connection: Connection, current: str | None, create: bool) -> None:
    if current is not None:
        from alembic.script import ScriptDirectory
        from alembic.util import CommandError

        try:
            ScriptDirectory.from_config(to_config()).get_revision(current)
        except CommandError:
            raise CatalogUnusable(
                f"the catalog {database.name} was made by a newer Findings (revision {current}); "
                "install that version or newer"
            ) from None
    elif not create:
        raise CatalogError(f"the database {database.name} holds no catalog yet; harvest something first")
    elif database.is_sqlite and set(inspect(connection).get_table_names()) - {VERSION_TABLE}:
        raise CatalogUnusable(f"the file {database.name} is the database of another program")
