"""The connection to SQLite or PostgreSQL: opening it, and the two kinds of transaction.

Writers take turns. SQLite has one writer anyway (`BEGIN IMMEDIATE`); on PostgreSQL a writer first locks the
row that counts changes. So numbers appear in the order of commits, no reader of the change log can skip
one, and two writers cannot make two works of the same paper. A write lasts milliseconds.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    PoolProxiedConnection,
    bindparam,
    create_engine,
    event,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from catalog import SILENCE
from catalog.faults import catalog_errors, to_name
from catalog.tables import counters
from domain.errors import CatalogError, CatalogUnusable, ConfigError

_CHANGE_COUNTER = "changes"
_COUNTER = counters.c.name == _CHANGE_COUNTER
_READ_COUNTER = select(counters.c.value).where(_COUNTER)
_LOCK_COUNTER = _READ_COUNTER.with_for_update()
_WRITE_COUNTER = counters.update().where(_COUNTER).values(value=bindparam("reached"))
_PRAGMAS = (
    "foreign_keys=on",
    "synchronous=full",  # what was said to be saved outlives a power cut; one wait for the disk a page
    "wal_autocheckpoint=8000",  # 32 MB: index pages written over and over reach the file once
    "cache_size=-16384",  # 16 MB for each connection; twice as much saved no time in a catalog of a gigabyte
    "temp_store=memory",
    "secure_delete=fast",  # a row that goes is overwritten where its page is written anyway
)


class Database:
    """An engine with `read` and `write` transactions whose errors are `CatalogError`s. Thread-safe."""

    def __init__(
        self,
        url: str,
        *,
        create: bool = True,
        timeout: float = 30.0,
        idle: float = 60.0,
        silence: float = SILENCE,
    ) -> None:
        """Connect.

        Args:
            timeout: seconds to wait for a turn; of PostgreSQL's `silence` four fifths at most, that it may
                still say so.
            idle: seconds after which PostgreSQL ends a transaction in which nothing happens: who was
                suspended amid a write, or has lost the network, would hold up all others.
            silence: seconds after which a PostgreSQL that says nothing counts as away; migrations may take
                longer.
        """
        self.url, self._timeout = to_url(url), timeout
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            _prepare_file(self.url, create)
        with catalog_errors(self.url):
            if self.is_sqlite:
                self.engine = _open_sqlite(self.url, timeout)
            else:
                self.engine = _open_postgresql(self.url, timeout, idle, silence)
        # A page is put together from several reads: they must see one state.
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reader = self.engine.execution_options(**options)
        options = {} if self.is_sqlite else {"isolation_level": "READ COMMITTED"}
        self._writer = self.engine.execution_options(immediate=True, **options)
        self._has_written = False

    @property
    def name(self) -> str:
        """How messages call this database."""
        return to_name(self.url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the catalog."""
        with catalog_errors(self.url), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A writing transaction without a turn: for migrations, which may find no counter yet.

        What is asked in it may take PostgreSQL as long as it does.
        """
        with self._begin() as connection:
            if not self.is_sqlite:
                from catalog.postgresql import lift_limits

                lift_limits(connection, self._timeout)
            yield connection

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        with catalog_errors(self.url), self._writer.begin() as connection:
            self._has_written = True
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A writing transaction, alone until it ends; all of it is kept, or nothing."""
        with self._begin() as connection:
            if not self.is_sqlite:
                read_counter(connection, lock=True)
            yield connection

    @contextmanager
    def wipe(self) -> Iterator[Connection]:
        """As `write`; and what is deleted leaves nothing in the file, nor in the log beside it.

        PostgreSQL wipes out what was deleted when it next vacuums.
        """
        with self.write() as connection:
            if not self.is_sqlite:
                yield connection
                return
            connection.exec_driver_sql("PRAGMA secure_delete=on")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("PRAGMA secure_delete=fast")
        _empty_log(self.engine)

    def close(self) -> None:
        """Close every connection."""
        if self.is_sqlite and self._has_written:
            _note_sizes(self.engine)
        self.engine.dispose()


def read_counter(connection: Connection, *, lock: bool = False) -> int:
    """The highest change sequence so far; with `lock`, nobody else may take the next before we end."""
    value: int = connection.execute(_LOCK_COUNTER if lock else _READ_COUNTER).scalar_one()
    return value


def write_counter(connection: Connection, value: int) -> None:
    """Move the change counter to `value`."""
    connection.execute(_WRITE_COUNTER, {"reached": value})


def storable(text: str) -> str:
    """`text` as either database can keep it: PostgreSQL takes no NUL, and neither takes half a surrogate.

    >>> storable("a\\x00b\\ud800")
    'a\\ufffdb?'
    """
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def to_url(text: str) -> URL:
    """The database that `database_url` names, with the driver that we use. Raises `ConfigError`."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise ConfigError("database_url", "must begin with sqlite:/// or postgresql://") from None
    except ValueError:
        raise ConfigError("database_url", "has no valid port") from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        if not url.database or url.database == ":memory:":
            raise ConfigError("database_url", "must name a file: give sqlite:///path/to/file.db")
        return url.set(drivername="sqlite+pysqlite")
    if backend in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise ConfigError("database_url", f"must begin with sqlite:/// or postgresql://, not {backend}:")


def _prepare_file(url: URL, create: bool) -> None:
    path = Path(url.database or "")
    if not create and not path.exists():
        raise CatalogError(f"there is no catalog at {path}; harvest or import something first")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogError(f"the folder {path.parent} cannot be made: {error.strerror}") from error


def _open_postgresql(url: URL, *limits: float) -> Engine:
    try:
        from catalog.postgresql import open_postgresql
    except ImportError as error:
        raise CatalogUnusable("PostgreSQL needs its driver: pip install 'psycopg[binary]'") from error
    return open_postgresql(url, *limits)


def _open_sqlite(url: URL, timeout: float) -> Engine:
    engine = create_engine(url, connect_args={"timeout": timeout})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        # The driver would begin transactions at moments of its own choosing.
        connection.isolation_level = None
        for setting in _PRAGMAS:
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    _turn_to_wal(engine, timeout)
    return engine


def _note_sizes(engine: Engine) -> None:
    """Let SQLite count what it plans by, where tables have grown tenfold; nobody waits for it."""
    with suppress(SQLAlchemyError), engine.connect() as connection:
        raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        with suppress(sqlite3.Error):
            for setting in ("busy_timeout=0", "analysis_limit=400", "optimize=0x10002"):
                raw.execute(f"PRAGMA {setting}")


def _empty_log(engine: Engine) -> None:
    """Write SQLite's log to its file and cut it off; where somebody reads, the next that empties it does."""
    with suppress(SQLAlchemyError), engine.connect() as connection:
        raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        waits = raw.execute("PRAGMA busy_timeout").fetchone()[0]
        with suppress(sqlite3.Error):
            for setting in ("busy_timeout=1000", "wal_checkpoint(truncate)"):
                raw.execute(f"PRAGMA {setting}").fetchall()
        raw.execute(f"PRAGMA busy_timeout={waits}")


def _turn_to_wal(engine: Engine, timeout: float) -> None:
    """Once per file. SQLite does not wait here when two processes try at once, so we do."""
    end = time.monotonic() + timeout
    with engine.connect() as connection:
        while not _is_wal(connection.connection):
            if time.monotonic() > end:
                raise OperationalError("PRAGMA journal_mode", None, Exception("database is locked"))
            time.sleep(0.02)


def _is_wal(raw: PoolProxiedConnection) -> bool:
    cursor = raw.cursor()
    try:
        cursor.execute("PRAGMA journal_mode")
        row = cursor.fetchone()
        if row is None or row[0] != "wal":
            cursor.execute("PRAGMA journal_mode=wal")
            row = cursor.fetchone()
        return row is not None and row[0] == "wal"
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            return False
        raise OperationalError("PRAGMA journal_mode", None, error) from error
    except sqlite3.DatabaseError as error:
        raise OperationalError("PRAGMA journal_mode", None, error) from error
    finally:
        cursor.close()
