"""A catalog on each database. PostgreSQL is a real server of our own, started once."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from catalog.tables import VERSION_TABLE
from tests.catalog.emptied import EmptiedDatabase

Open = Callable[..., SqlCatalog]
_BOUND = 'folder=$0; "$@" & read -r _; kill -INT $!; wait; rm -rf "$folder"'
"""Runs a server until our end of its input is closed, as when the tests are killed; leaves no folder."""
_MADE = 'trap "" PIPE; "$@" >&2; echo $?; read -r _ || rm -rf "$0"'
"""Makes what a server needs, and says how that went; leaves no folder to tests that were killed meanwhile."""
_INITDB = ("-U", "findings", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a PostgreSQL server where databases may be made and dropped."""
    if given := os.environ.get("FINDINGS_TEST_POSTGRESQL_URL"):
        yield given
        return
    programs = _find_programs()
    folder = Path(tempfile.mkdtemp(prefix="findings-postgresql-"))
    port = _free_port()
    as_owner = _as_owner(folder)
    with (folder / "log").open("wb") as log:
        making = subprocess.Popen(
            ["sh", "-c", _MADE, folder, *as_owner, programs / "initdb", "-D", folder / "data", *_INITDB],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    try:
        assert making.stdout
        assert making.stdout.readline() == "0\n", (folder / "log").read_text(errors="replace")[-500:]
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [*as_owner, programs / "postgres", "-D", folder / "data", "-p", str(port), *options]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                ["sh", "-c", _BOUND, folder, *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests, which may still want it
            )
        making.communicate("the server sees to it\n")
        try:
            url = f"postgresql://findings@127.0.0.1:{port}/postgres"
            _wait_for(url, server, folder / "log")
            yield url
        finally:
            assert server.stdin
            server.stdin.close()
            server.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """A database with the tables, to be copied."""
    name = f"findings_template_{os.getpid()}"
    with _empty_database(postgresql_server, name) as url:
        open_catalog(url).close()
        yield name


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/catalog.db"
        return
    server = request.getfixturevalue("postgresql_server")
    with _empty_database(server, f"findings_{os.getpid()}_{time.monotonic_ns()}") as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: str, postgresql_template: str) -> Iterator[Iterator[str]]:
    """Gives the URL of a database with the tables for each test; the one before must have ended."""

    def databases() -> Iterator[str]:
        while True:
            name = f"findings_{os.getpid()}_{time.monotonic_ns()}"
            with _empty_database(postgresql_server, name, postgresql_template) as found:
                database = EmptiedDatabase(found)
                yield found
                while database.empty(VERSION_TABLE):
                    yield found
                database.close()

    given = databases()
    yield given
    given.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with the tables, and nothing in them."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_database"), tmp_path / "catalog.db")
        return f"sqlite:///{tmp_path}/catalog.db"
    return next(request.getfixturevalue("postgresql_databases"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """As `url`, but of a database that never held anything, so that nothing was ever counted in it."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_database"), tmp_path / "catalog.db")
        yield f"sqlite:///{tmp_path}/catalog.db"
        return
    server = request.getfixturevalue("postgresql_server")
    template = request.getfixturevalue("postgresql_template")
    with _empty_database(server, f"findings_{os.getpid()}_{time.monotonic_ns()}", template) as found:
        yield found


@pytest.fixture
def open_here(url: str) -> Iterator[Open]:
    """Opens the catalog at `url`, as often as wanted; all are closed in the end."""
    opened: list[SqlCatalog] = []

    def open_one(**options: object) -> SqlCatalog:
        opened.append(open_catalog(url, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def catalog(open_here: Open) -> SqlCatalog:
    """A catalog that trusts `alpha` more than `beta`."""
    return open_here(trust=("alpha", "beta"))


class _empty_database:  # noqa: N801 - a context manager
    def __init__(self, server: str, name: str, template: str = "template0") -> None:
        self.server, self.name, self.template = server, name, template

    def __enter__(self) -> str:
        self._run(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')
        return make_url(self.server).set(database=self.name).render_as_string(hide_password=False)

    def __exit__(self, *_: object) -> None:
        self._run(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        url = make_url(self.server).set(drivername="postgresql+psycopg")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def _find_programs() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).parent
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name.split(".")[0])
    )
    for folder in reversed(folders):
        if (folder / "initdb").exists():
            return folder
    pytest.skip("PostgreSQL's server programs (initdb, postgres) are missing")


def _as_owner(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root; then it runs as the user `postgres`."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("PostgreSQL does not run as root, and setpriv is missing")
    try:
        shutil.chown(folder, "postgres", "postgres")
    except LookupError:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    for _ in range(200):
        if server.poll() is not None:
            break
        try:
            engine.connect().close()
            engine.dispose()
            return
        except Exception:
            time.sleep(0.1)
    pytest.fail(f"PostgreSQL did not start: {log.read_text(errors='replace')[-500:]}")
