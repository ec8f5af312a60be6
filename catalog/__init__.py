"""The database: raw records, works, change log, outbox, digests and runs, on SQLite or PostgreSQL.

The only room that knows SQL. `open_catalog` is its door; nothing heavy is imported before it is called.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog.sqlcatalog import SqlCatalog

__all__ = ["SILENCE", "open_catalog"]

SILENCE = 300.0
"""Seconds after which a PostgreSQL that says nothing counts as away, where nobody waits for an answer."""


def open_catalog(
    url: str,
    trust: Sequence[str] = (),
    *,
    create: bool = True,
    timeout: float = 30.0,
    silence: float = SILENCE,
    upgraded: bool = False,
) -> "SqlCatalog":
    """Open the catalog at `url` (`sqlite:///path` or `postgresql://…`) and bring its tables up to date.

    `trust` names sources, most trusted first: where two tell a version differently, the first is believed.
    `create` false refuses to make a catalog where there is none. `timeout` is how many seconds to wait for
    another writer, `silence` how many until a PostgreSQL that says nothing counts as away. `upgraded` says
    that the tables are up to date, so that a server need not answer before it is used.

    Raises:
        CatalogError: it cannot be opened, is not ours, or was made by a newer Findings.
    """
    from catalog.database import Database
    from catalog.revisions import upgrade
    from catalog.sqlcatalog import SqlCatalog

    database = Database(url, create=create, timeout=timeout, silence=silence)
    try:
        if not upgraded:
            upgrade(database, create=create)
    except BaseException:
        database.close()
        raise
    return SqlCatalog(database, trust)
