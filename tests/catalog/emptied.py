"""One database for many tests, emptied after each: to copy PostgreSQL's files anew takes far longer."""

from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, inspect, make_url, select, text

_LARGE = 1 << 20
_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_COUNTERS = "SELECT setval(c.oid, 1, false) FROM pg_class c WHERE c.relkind = 'S'"
_SIZES = "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relname = ANY(:names)"


class EmptiedDatabase:
    """A database that can be put back to what it held at first."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine: Engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
        self._tables = MetaData()
        self._tables.reflect(self._engine)
        self._first: dict[str, list[dict[str, Any]]] = {}
        with self._engine.begin() as connection:
            for name, table in self._tables.tables.items():
                if rows := connection.execute(select(table)).mappings().all():
                    self._first[name] = [dict(row) for row in rows]

    def empty(self, version_table: str) -> bool:
        """Take out what a test left and put back what was there; False where it left other tables, too."""
        with self._engine.begin() as connection:
            connection.execute(text(_OTHERS))
            if set(inspect(connection).get_table_names()) != set(self._tables.tables):
                return False
            version = self._tables.tables[version_table]
            reached = [dict(row) for row in connection.execute(select(version)).mappings()]
            if reached != self._first[version_table]:
                return False
            sizes = dict(connection.execute(text(_SIZES), {"names": list(self._tables.tables)}).all())
            for table in reversed(self._tables.sorted_tables):
                if sizes[table.name] > _LARGE:
                    connection.execute(text(f"TRUNCATE {table.name} CASCADE"))
                else:
                    connection.execute(table.delete())
            for name, rows in self._first.items():
                connection.execute(self._tables.tables[name].insert(), rows)
            connection.execute(text(_COUNTERS))
        return True

    def close(self) -> None:
        """Leave it."""
        self._engine.dispose()
