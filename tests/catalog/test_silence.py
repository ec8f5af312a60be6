"""A PostgreSQL that says nothing, as one whose machine or disk hangs, holds nobody up for long."""

import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from types import SimpleNamespace

import pytest
from sqlalchemy import make_url, text

from catalog import open_catalog
from catalog.database import Database
from domain.errors import CatalogError

pytestmark = pytest.mark.postgresql


@pytest.fixture
def database(postgresql_databases):
    url = next(postgresql_databases)
    open_catalog(url).close()
    database = Database(url, silence=1)
    yield database
    database.close()


@pytest.mark.parametrize("kind", ["read", "write"])
def test_what_is_not_answered_is_given_up_and_the_next_is_asked_anew(database, kind):
    began = time.monotonic()
    with pytest.raises(CatalogError) as caught, getattr(database, kind)() as connection:
        connection.execute(text("SELECT pg_sleep(20)"))
    assert 1 < time.monotonic() - began < 10
    assert "cannot be reached: it has said nothing for 1 seconds" in str(caught.value)
    with database.read() as connection:
        assert connection.execute(text("SELECT 7")).scalar() == 7


def test_an_answer_that_keeps_coming_may_take_longer(database):
    slow = text("SELECT n, repeat('x', 100000), pg_sleep(0.05) FROM generate_series(1, 50) AS n")
    with database.read() as connection:
        assert len(connection.execute(slow).all()) == 50


def test_a_migration_may_take_long(database):
    with database.begin() as connection:
        connection.execute(text("SELECT pg_sleep(2)"))
    with pytest.raises(CatalogError), database.write() as connection:
        connection.execute(text("SELECT pg_sleep(20)"))


def test_a_lock_is_told_as_one_however_little_patience_there_is(database):
    with (
        Database(str(database.url.render_as_string(hide_password=False))).write(),
        pytest.raises(CatalogError, match="is locked by another process"),
        database.write(),
    ):
        pass


def test_who_would_wait_for_a_server_that_lets_nobody_in_is_told_so_at_once():
    """One asks it now and then; the others need not wait as long, each for himself."""
    with socket.create_server(("127.0.0.1", 0)) as mute:  # its system accepts, and nobody says anything
        url = f"postgresql://findings@127.0.0.1:{mute.getsockname()[1]}/findings"
        with closing(open_catalog(url, silence=6, upgraded=True)) as catalog:
            waits = []

            def ask():
                began = time.monotonic()
                with pytest.raises(CatalogError, match="cannot be reached"):
                    catalog.last_change()
                waits.append(time.monotonic() - began)

            for _ in range(3):
                ask()
            assert waits[0] > 1.5
            assert max(waits[1:]) < 0.5
            time.sleep(2)
            asking = [threading.Thread(target=ask) for _ in range(4)]
            for one in asking:
                one.start()
            for one in asking:
                one.join()
            assert sum(wait > 1.5 for wait in waits[3:]) == 1


class Between:
    """A way to a server that may fall silent, or number its clients itself as a pooler does."""

    def __init__(self, server):
        self._server = make_url(server)
        self._open = threading.Event()
        self._open.set()
        self.numbers = False
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = str(self._server.set(port=self._door.getsockname()[1]))
        threading.Thread(target=self._let_in, daemon=True).start()

    def fall_silent(self):
        self._open.clear()

    def close(self):
        self._door.close()
        self._open.set()

    def _let_in(self):
        while self._open.wait():
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            server = socket.create_connection((self._server.host, self._server.port))
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, one, other):
        with suppress(OSError), one, other:
            while given := one.recv(1 << 16):
                self._open.wait()
                if self.numbers:  # BackendKeyData: its kind, 12 bytes, the number of the process, a secret
                    given = re.sub(rb"(?s)(K\0\0\0\x0c)....", rb"\g<1>\000\000\007\007", given)
                other.sendall(given)


@pytest.fixture
def between(postgresql_databases):
    url = next(postgresql_databases)
    open_catalog(url).close()
    with closing(Between(url)) as between:
        yield between


def test_who_has_a_connection_need_not_wait_for_an_answer_to_learn_that_the_server_is_silent(
    between, monkeypatch
):
    monkeypatch.setattr("catalog.postgresql._STANDING", 0.5)
    with closing(open_catalog(between.url, silence=6)) as catalog:
        between.fall_silent()
        began = time.monotonic()
        with pytest.raises(CatalogError, match="cannot be reached"):
            catalog.last_change()
        assert time.monotonic() - began < 5


def test_behind_a_pooler_every_transaction_keeps_the_limits_and_nothing_is_left_in_its_session(between):
    between.numbers = True
    limits = [text("SHOW lock_timeout"), text("SHOW idle_in_transaction_session_timeout")]
    with closing(Database(between.url, timeout=7, idle=8)) as database:
        for kind in ("read", "write"):
            for _ in range(10):  # the driver prepares what is asked often
                with getattr(database, kind)() as connection:
                    assert [connection.execute(one).scalar() for one in limits] == ["7s", "8s"]
        with database.begin() as connection:
            assert connection.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar() == 0
        with database.engine.connect() as connection:
            connection.connection.driver_connection.autocommit = True
            raw = connection.connection.driver_connection
            assert raw.execute("SHOW lock_timeout").fetchone() == ("0",)


def test_a_server_may_be_back_while_somebody_is_told_that_it_is_not(monkeypatch):
    psycopg = pytest.importorskip("psycopg")
    from catalog import postgresql

    door, asked, back = postgresql._Door(0), threading.Event(), threading.Event()

    def left_alone():
        raise psycopg.errors.ConnectionTimeout("invented")

    def let_in():
        asked.set()
        back.wait()

    with pytest.raises(psycopg.errors.ConnectionTimeout):
        door.enter(left_alone)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(door.enter, let_in)
        asked.wait()

        def now():
            back.set()
            first.result()
            return time.monotonic()

        monkeypatch.setattr(postgresql, "time", SimpleNamespace(monotonic=now))
        with pytest.raises(psycopg.errors.ConnectionTimeout, match="invented"):
            door.enter(let_in)
    door.enter(let_in)
