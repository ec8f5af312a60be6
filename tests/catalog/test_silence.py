"""A PostgreSQL that says nothing, as one whose machine or disk hangs, holds nobody up for long."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from types import SimpleNamespace

import pytest
from sqlalchemy import text

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
