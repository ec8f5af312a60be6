"""Small writes that share a transaction: all are saved, and one that fails spoils no other."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from catalog import open_catalog
from catalog.database import Database
from catalog.tables import marks
from catalog.together import Together
from domain.errors import CatalogError


@pytest.fixture
def database(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'findings.db'}"
    open_catalog(url).close()
    database = Database(url)
    yield database
    database.close()


def note(connection: Connection, name: str) -> str:
    connection.execute(marks.insert().values(source="s", name=name, value="1"))
    return name


def noted(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.execute(select(marks.c.name)).scalars())


def test_whoever_waits_is_saved_with_the_others(database, monkeypatch):
    together, writes, real = Together(database), [], database.write
    monkeypatch.setattr(database, "write", lambda: writes.append(1) or real())
    entered, go = threading.Event(), threading.Event()

    def slow(connection: Connection) -> str:
        entered.set()
        assert go.wait(10)
        return note(connection, "first")

    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(together.write, slow)
        assert entered.wait(10)
        others = [pool.submit(together.write, lambda c, n=n: note(c, f"n{n}")) for n in range(8)]
        while len(together._waiting) < 8:
            pass
        go.set()
        assert first.result() == "first"
        assert [one.result() for one in others] == [f"n{n}" for n in range(8)]
    assert noted(database) == {"first", *(f"n{n}" for n in range(8))}
    assert len(writes) == 2, "eight waits for the disk were one"


def test_what_fails_fails_alone(database):
    together = Together(database)
    note_first = threading.Event()

    def slow(connection: Connection) -> str:
        assert note_first.wait(10)
        return note(connection, "slow")

    def broken(connection: Connection) -> str:
        note(connection, "broken")
        raise ValueError("no")

    with ThreadPoolExecutor(4) as pool:
        pool.submit(together.write, slow)
        good = pool.submit(together.write, lambda c: note(c, "good"))
        bad = pool.submit(together.write, broken)
        twice = pool.submit(together.write, lambda c: note(c, "slow"))
        while len(together._waiting) < 3:
            pass
        note_first.set()
        assert good.result() == "good"
        with pytest.raises(ValueError, match="no"):
            bad.result()
        with pytest.raises(CatalogError):
            twice.result()
    assert noted(database) == {"slow", "good"}
