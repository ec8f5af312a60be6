"""A copy of the whole catalog as one file, made while others write; and a copy put in a catalog's place.

SQLite writes its copy itself; of PostgreSQL its own programs are asked.
https://www.sqlite.org/lang_vacuum.html#vacuuminto · https://www.postgresql.org/docs/current/app-pgdump.html
"""

import gzip
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, inspect

from catalog.database import Database, to_url
from catalog.revisions import read_revision
from catalog.tables import METADATA, REVISION, VERSION_TABLE
from domain.errors import CatalogError, CatalogUnusable

_WAIT = 5
"""Seconds for others to let go of a catalog that is to be replaced."""
_BESIDE = ("", "-wal", "-shm")
"""The files of a SQLite database. A log beside the file of another would be played into it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a copy was made of: `sqlite` or `postgresql`, and the revision of its tables."""

    database: str
    revision: str


def save_copy(url: str, path: Path) -> Origin:
    """Write the catalog at `url`, as it is at one moment, to `path`, a new file.

    Raises:
        CatalogError: there is no catalog, or it cannot be copied.
    """
    with closing(Database(url, create=False)) as database:
        held, tables = _held(database)
        if held is None:
            raise CatalogError(f"the database {database.name} holds no catalog yet; harvest something first")
    if database.is_sqlite:
        _vacuum(Path(database.url.database or ""), path)
    else:
        kept = ("--format=plain", "--compress=6", "--no-owner", "--no-privileges")
        _run("pg_dump", database.url, *kept, *(f"--table={name}" for name in tables), f"--file={path}")
    sync(path)
    return Origin(database.url.get_backend_name(), held)


def put_back(url: str, path: Path, origin: Origin, *, replace: bool) -> Path | None:
    """Make the copy at `path` the catalog at `url`; all of it, or the former one stays.

    `replace` permits it where there is a catalog. That of SQLite, be it damaged, is put aside, and its new
    place returned; that of PostgreSQL is dropped.

    Raises:
        CatalogError: there is a catalog and `replace` is false, others use it, or the copy is of another
            kind of database or a newer Findings.
    """
    target = to_url(url)
    if origin.database != target.get_backend_name():
        raise CatalogError(f"this is a copy of {origin.database}: let database_url name such a database")
    if origin.revision > REVISION:
        raise CatalogUnusable("this copy was made by a newer Findings; install that version or newer")
    if origin.database == "sqlite":
        return _replace_file(Path(target.database or ""), path, replace=replace)
    _replace_tables(url, path, replace=replace)
    return None


def sync(path: Path) -> None:
    """Have what is written, a file or the names in a folder, outlive a power cut."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _held(database: Database) -> tuple[str | None, list[str]]:
    """The revision of the tables, and which of them there are."""
    import catalog.sqlcatalog  # noqa: F401 - with it all tables are known

    ours = {*METADATA.tables, VERSION_TABLE}
    with database.read() as connection:
        return read_revision(connection), sorted(ours.intersection(inspect(connection).get_table_names()))


def _vacuum(source: Path, path: Path) -> None:
    try:
        with closing(sqlite3.connect(source, isolation_level=None)) as connection:
            connection.execute("PRAGMA temp_store=memory")
            connection.execute("VACUUM INTO ?", (str(path),))
    except sqlite3.Error as error:
        raise CatalogError(f"the catalog {source} cannot be copied to {path}: {error}") from error


def _replace_file(kept: Path, copy: Path, *, replace: bool) -> Path | None:
    present = [suffix for suffix in _BESIDE if Path(f"{kept}{suffix}").exists()]
    if kept.exists() and not replace:
        raise CatalogError(f"there is a catalog at {kept}; with --replace it is put aside")
    kept.parent.mkdir(parents=True, exist_ok=True)
    new = Path(f"{kept}.new")
    shutil.copyfile(copy, new)
    sync(new)
    if kept.exists():
        _have_released(kept)
    aside = Path(f"{kept}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    for suffix in present:
        if (old := Path(f"{kept}{suffix}")).exists():
            old.rename(f"{aside}{suffix}")
    new.rename(kept)
    sync(kept.parent)
    return aside if aside.exists() else None


def _have_released(path: Path) -> None:
    """See that nobody has the file open: SQLite gives up its log only to the last."""
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=delete").fetchone()
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise _in_use(str(path)) from error  # else it is damaged, which copies are for


def _replace_tables(url: str, copy: Path, *, replace: bool) -> None:
    with closing(Database(url)) as database:
        held, tables = _held(database)
    if held is not None and not replace:
        raise CatalogError(f"there is a catalog in {database.name}; with --replace it is dropped")
    if held is not None and held > REVISION:
        raise CatalogUnusable(f"the catalog {database.name} was made by a newer Findings; install that one")
    dropped = f"SET lock_timeout = '{_WAIT}s';\n"
    if tables:
        dropped += f"DROP TABLE {', '.join(tables)} CASCADE;\n"
    _play(database, dropped.encode(), copy)


def _play(database: Database, first: bytes, copy: Path) -> None:
    """Let `psql` do what `first` and the copy say, in one transaction."""
    options = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    command, environment = _command("psql", database.url, *options)
    with tempfile.TemporaryFile("w+") as told:
        with subprocess.Popen(  # noqa: S603 - a program of PostgreSQL
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=told
        ) as program:
            assert program.stdin
            try:
                program.stdin.write(first)
                with gzip.open(copy) as script:
                    shutil.copyfileobj(script, program.stdin)
                program.stdin.close()
            except BrokenPipeError:
                pass  # it has ended, and says why
            except BaseException as error:
                program.kill()  # at the end of its input it would keep what it has
                if isinstance(error, EOFError | gzip.BadGzipFile | zlib.error):
                    raise CatalogError(f"the copy {copy} is damaged") from error
                raise
        told.seek(0)
        problem = _first_error(told.read())
    if program.returncode:
        raise _in_use(database.name) if "lock timeout" in problem else CatalogError(f"psql: {problem}")


def _run(name: str, url: URL, *options: str) -> None:
    command, environment = _command(name, url, *options)
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CatalogError(f"{name}: {_first_error(done.stderr)}")


def _command(name: str, url: URL, *options: str) -> tuple[list[str], dict[str, str]]:
    """How to call a program of PostgreSQL; the password is not for everybody's list of processes."""
    if not (program := shutil.which(name)):
        raise CatalogError(f"{name} is needed: install the client programs of PostgreSQL")
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    plain = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    ).render_as_string(hide_password=False)
    return [program, *options, f"--dbname={plain}"], os.environ | secret


def _first_error(told: str) -> str:
    lines = told.strip().splitlines()
    return next((line for line in lines if "error" in line.lower()), lines[0] if lines else "it failed")


def _in_use(name: str) -> CatalogError:
    return CatalogError(
        f"the catalog {name} is in use: stop `findings serve`, `findings schedule` and the like"
    )
