"""Copies of a whole catalog, made while others write, and put back. Every paper here is invented."""

import gzip
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from catalog import open_catalog
from catalog.copies import Origin, put_back, save_copy
from catalog.database import Database
from catalog.tables import REVISION
from domain.errors import CatalogError
from tests.catalog.invented import article
from tests.catalog.test_catalog_together import start_writer

WRITTEN = 30
POSTGRESQL = pytest.mark.parametrize(
    "fresh_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
_LEAVES_A_LOG = """
import os, signal, sys
sys.path[:0] = sys.argv[1:3]
from catalog import open_catalog
from invented import article
catalog = open_catalog(sys.argv[3])
catalog.save([article(n) for n in range(500, 540)])
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def filled(fresh_url: str) -> str:
    """The URL of a catalog with papers in it."""
    with closing(open_catalog(fresh_url)) as catalog:
        catalog.save([article(n) for n in range(WRITTEN)])
    return fresh_url


def state(url: str) -> list[tuple[int, str]]:
    """Everything that was ever changed, in order, and what it is now."""
    with closing(open_catalog(url, create=False)) as catalog:
        ids = [change.paper_id for change in catalog.changes(0)]
        return list(enumerate(repr(paper) for paper in catalog.papers(ids)))


def change(url: str) -> None:
    with closing(open_catalog(url)) as catalog:
        catalog.save([article(n) for n in range(100, 120)])


def test_what_is_put_back_is_what_was(filled: str, tmp_path: Path) -> None:
    before = state(filled)
    origin = save_copy(filled, tmp_path / "copy")
    assert origin == Origin(make_url(filled).get_backend_name(), REVISION)
    change(filled)
    assert state(filled) != before
    put_back(filled, tmp_path / "copy", origin, replace=True)
    assert state(filled) == before
    change(filled)  # it can be written to as before
    assert len(state(filled)) == WRITTEN + 20


def test_a_copy_goes_where_there_is_no_catalog(
    filled: str, empty_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if make_url(filled).get_backend_name() != make_url(empty_url).get_backend_name():
        with pytest.raises(CatalogError, match="let database_url name such a database"):
            put_back(empty_url, tmp_path, save_copy(filled, tmp_path / "copy"), replace=False)
        return
    elsewhere = empty_url.replace("catalog.db", "elsewhere/catalog.db")
    assert put_back(elsewhere, tmp_path / "copy", save_copy(filled, tmp_path / "copy"), replace=False) is None
    assert state(elsewhere) == state(filled)


def test_a_copy_is_of_one_moment_while_others_write(fresh_url: str, tmp_path: Path) -> None:
    writer = start_writer(fresh_url, 0, 12, 10)
    assert writer.stdout
    copies = []
    for line in writer.stdout:
        if line.strip() in {"2", "6"}:
            copies.append(tmp_path / f"copy{len(copies)}")
            origin = save_copy(fresh_url, copies[-1])
    assert writer.wait() == 0
    for copy in copies:
        put_back(fresh_url, copy, origin, replace=True)
        held = state(fresh_url)
        assert len(held) in range(30, 121, 10)  # whole pages alone
        with closing(open_catalog(fresh_url)) as catalog:
            found = catalog.checkpoint("alpha", "0")
            assert found is not None
            assert found.pages * 10 == len(held)


def test_a_catalog_is_replaced_only_when_told_to(filled: str, tmp_path: Path) -> None:
    origin = save_copy(filled, tmp_path / "copy")
    change(filled)
    before = state(filled)
    with pytest.raises(CatalogError, match=r"there is a catalog .* with --replace"):
        put_back(filled, tmp_path / "copy", origin, replace=False)
    with pytest.raises(CatalogError, match="newer Findings"):
        put_back(filled, tmp_path / "copy", Origin(origin.database, "9999"), replace=True)
    assert state(filled) == before


def test_there_must_be_a_catalog_to_copy(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"harvest .*first"):
        save_copy(empty_url, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


@POSTGRESQL
def test_a_damaged_copy_changes_nothing(filled: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    origin = save_copy(filled, copy)
    change(filled)
    before = state(filled)
    whole = copy.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:-3], gzip.compress(b"CREATE TABLE none (;\n")):
        copy.write_bytes(damaged)
        with pytest.raises(CatalogError, match=r"damaged|psql: "):
            put_back(filled, copy, origin, replace=True)
        assert state(filled) == before


def test_nobody_else_may_be_at_it(filled: str, tmp_path: Path) -> None:
    origin = save_copy(filled, tmp_path / "copy")
    before = state(filled)
    with closing(Database(filled)) as other, other.read() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM works").scalar()
        with pytest.raises(CatalogError, match="is in use: stop `findings serve`"):
            put_back(filled, tmp_path / "copy", origin, replace=True)
    assert state(filled) == before


@POSTGRESQL
def test_programs_of_postgresql_that_are_missing_are_named(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CatalogError, match="pg_dump is needed"):
        save_copy(filled, tmp_path / "copy")


class TestSqlite:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "catalog.db"
        with closing(open_catalog(f"sqlite:///{path}")) as catalog:
            catalog.save([article(n) for n in range(WRITTEN)])
        return path

    def test_a_log_left_by_a_kill_never_meets_the_copy(self, path: Path, tmp_path: Path) -> None:
        url = f"sqlite:///{path}"
        before, origin = state(url), save_copy(url, tmp_path / "copy")
        folders = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]
        killed = subprocess.run([sys.executable, "-c", _LEAVES_A_LOG, *folders, url], check=False)
        assert killed.returncode == -signal.SIGKILL
        assert Path(f"{path}-wal").stat().st_size
        aside = put_back(url, tmp_path / "copy", origin, replace=True)
        assert state(url) == before
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert aside is not None
        assert len(state(f"sqlite:///{aside}")) == WRITTEN + 40  # nothing of the former one is lost

    @pytest.mark.parametrize("lost", ["head", "all", "file"])
    def test_a_damaged_catalog_is_put_aside(self, path: Path, tmp_path: Path, lost: str) -> None:
        url = f"sqlite:///{path}"
        before, origin = state(url), save_copy(url, tmp_path / "copy")
        change(url)
        if lost == "file":
            path.rename(tmp_path / "gone")
            Path(f"{path}-wal").write_bytes(b"of another" * 500)
        else:
            with path.open("r+b") as file:
                file.write(b"damaged " * (4_000 if lost == "all" else 10))
        aside = put_back(url, tmp_path / "copy", origin, replace=True)
        assert state(url) == before
        assert (aside is None) == (lost == "file")

    def test_an_idle_connection_is_seen(self, path: Path, tmp_path: Path) -> None:
        url = f"sqlite:///{path}"
        origin = save_copy(url, tmp_path / "copy")
        with closing(open_catalog(url)) as catalog:
            catalog.papers([])
            assert catalog.counts()
            with pytest.raises(CatalogError, match="is in use"):
                put_back(url, tmp_path / "copy", origin, replace=True)
        put_back(url, tmp_path / "copy", origin, replace=True)

    def test_no_room_leaves_the_catalog_as_it_was(
        self, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = f"sqlite:///{path}"
        origin = save_copy(url, tmp_path / "copy")
        change(url)
        before = state(url)

        def full(*_: object) -> None:
            raise OSError(28, os.strerror(28), str(path))

        monkeypatch.setattr(shutil, "copyfile", full)
        with pytest.raises(OSError, match="No space left"):
            put_back(url, tmp_path / "copy", origin, replace=True)
        assert state(url) == before
