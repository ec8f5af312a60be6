"""Opening, migrating, and what is said when that cannot be done."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import zstandard
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, inspect, make_url, select, text
from sqlalchemy.exc import OperationalError

from catalog import open_catalog, scheduletables
from catalog.codec import decompress
from catalog.database import Database
from catalog.faults import catalog_errors
from catalog.letters import subscribertables
from catalog.letters import tables as lettertables
from catalog.listings import tables as listingtables
from catalog.revisions import downgrade, read_revision, to_config, upgrade
from catalog.tables import METADATA, REVISION, VERSION_TABLE, records, works
from catalog.works.rows import parse_keys
from domain.digest import Audience
from domain.errors import CatalogError, ConfigError
from domain.record import Checkpoint
from tests.catalog.invented import article, digest, saved, version


def test_the_tables_are_what_the_migrations_make(url):
    database = Database(url)
    with database.read() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True, "compare_server_default": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []
    database.close()


def test_there_is_one_newest_migration_and_the_tables_know_it():
    assert ScriptDirectory.from_config(to_config()).get_heads() == [REVISION]


_ZSTD = b"\x28\xb5\x2f\xfd"
_DERIVED = {"match_keys", "work_keys", "digest_log"}
"""Made from what is there: when works are put together (older catalogs have none until `merge review`), or by
the migration that brings them."""


def everything(database: Database) -> dict[str, list[dict[str, object]]]:
    """Every value of every row; a column or table that is empty may as well be missing."""
    with database.read() as connection:
        tables = [table for table in METADATA.sorted_tables if table.name not in _DERIVED]
        return {t.name: sorted(rows_of(connection, t), key=repr) for t in tables}


def unpacked(value: object) -> object:
    """What is kept with zstd may be packed in another way."""
    return decompress(value) if isinstance(value, bytes) and value.startswith(_ZSTD) else value


def rows_of(connection: Connection, of: Table) -> list[dict[str, object]]:
    if not inspect(connection).has_table(of.name):
        return []
    there = [c for c in of.columns if c.name in {f["name"] for f in inspect(connection).get_columns(of.name)}]
    rows = connection.execute(select(*there)).mappings()
    kept = [{name: unpacked(value) for name, value in row.items() if value is not None} for row in rows]
    return [{name: value for name, value in row.items() if name not in _DERIVED} for row in kept]


def test_going_back_and_forth_loses_nothing(url, open_here):
    catalog = open_here()
    catalog.save([article(n) for n in range(3)], checkpoint=Checkpoint("alpha", "s", "c"))
    catalog.save([saved("j", version("10.5555/a2", links=["doi:10.5555/a1"]), "beta")])
    catalog.save_digests([digest(catalog.paper(catalog.find("doi:10.5555/a0")), Audience.PUBLIC)])
    catalog.finish_run(catalog.start_run("alpha", "s"), "complete", catalog.save([]))
    catalog.delete("alpha", ["a0"])
    database = Database(url)
    before = everything(database)
    # Marks are left out: they say where to go on, and going back costs at most asking again. So are
    # decisions, facts and what readers found clear: what is older than they cannot keep to them. Listings,
    # accounts, subscriptions and jobs go with their tables.
    empty = {"rejections", "marks", "decisions", "fact_tables", "clarity"}
    for module in (lettertables, listingtables, scheduletables, subscribertables):
        empty |= {table.name for table in vars(module).values() if isinstance(table, Table)}
    assert {name for name, rows in before.items() if not rows} == empty
    steps = [step.revision for step in ScriptDirectory.from_config(to_config()).walk_revisions()]
    for step in steps[1:]:
        downgrade(database, step)
        assert everything(database) == before
    with database.read() as connection:
        assert read_revision(connection) == steps[-1]
    open_here()
    assert everything(database) == before
    with database.read() as connection:
        assert read_revision(connection) == REVISION
    database.close()


def test_works_that_were_there_before_are_told_their_keys(url, open_here):
    catalog = open_here()
    catalog.save([article(n) for n in range(3)])
    catalog.save([saved("j", version("10.5555/j", links=["doi:10.5555/a9"]), "beta")])
    database = Database(url)
    before = keys_of_works(database)
    assert sum(len(keys) for keys in before.values()) > len(before)
    downgrade(database, "0011")
    with database.read() as connection:
        found = inspect(connection)
        assert [index["name"] for index in found.get_indexes("work_keys")] == [
            "ix_work_keys_work_id",
            "uq_work_keys_own_key",
        ]
        assert [key["referred_table"] for key in found.get_foreign_keys("work_keys")] == ["works"]
    upgrade(database)
    assert keys_of_works(database) == before
    database.close()


def test_an_older_findings_can_read_what_is_left_to_it(url, open_here):
    """It reads the first frame of what is kept with zstd."""
    catalog = open_here()
    catalog.save([article(n) for n in range(3)])
    database = Database(url)
    kept = [(records, "reading"), (works, "document")]
    before = [everything(database)[table.name] for table, _ in kept]
    downgrade(database, "0011")
    with database.read() as connection:
        for table, name in kept:
            for packed in connection.execute(select(table.c[name])).scalars():
                assert zstandard.ZstdDecompressor().decompress(packed) == decompress(packed)
    upgrade(database)
    assert [everything(database)[table.name] for table, _ in kept] == before
    database.close()


def keys_of_works(database: Database) -> dict[str, dict[str, bool]]:
    with database.read() as connection:
        return {
            name: parse_keys(keys) for name, keys in connection.execute(select(works.c.id, works.c.work_keys))
        }


def test_the_first_step_can_be_taken_back(url):
    database = Database(url)
    downgrade(database, "base")
    with database.read() as connection:
        assert set(inspect(connection).get_table_names()) <= {VERSION_TABLE}
    upgrade(database)
    database.close()


def test_two_may_open_a_new_catalog_at_once(empty_url):
    failures: list[BaseException] = []
    start = threading.Barrier(4)

    def open_one() -> None:
        start.wait()
        try:
            catalog = open_catalog(empty_url)
            catalog.save([article(1)])
            catalog.close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=open_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_newer_catalog_is_left_alone(url):
    database = Database(url)
    with database.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(CatalogError, match=r"made by a newer Findings \(revision 9999\)"):
        open_catalog(url)
    database.close()


def test_nothing_is_made_where_nothing_should_be(empty_url, tmp_path):
    with pytest.raises(CatalogError, match=r"no catalog"):
        open_catalog(empty_url, create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_made(tmp_path):
    open_catalog(f"sqlite:///{tmp_path}/a/b/catalog.db").close()
    assert (tmp_path / "a/b/catalog.db").exists()


def one_line(error: pytest.ExceptionInfo[CatalogError]) -> str:
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_file_that_is_no_database(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("These are invented notes, and much too long to be an empty database.\n" * 50)
    with pytest.raises(CatalogError) as caught:
        open_catalog(f"sqlite:///{path}")
    assert one_line(caught) == f"the catalog {path} is not a database, or is damaged"
    assert path.read_text().startswith("These")


def test_the_database_of_another_program(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (address)")
    with pytest.raises(CatalogError, match="another program"):
        open_catalog(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]


def test_a_folder_in_place_of_a_file(tmp_path):
    with pytest.raises(CatalogError) as caught:
        open_catalog(f"sqlite:///{tmp_path}")
    assert "cannot be opened" in one_line(caught)


def test_a_file_in_place_of_a_folder(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CatalogError) as caught:
        open_catalog(f"sqlite:///{tmp_path}/file/catalog.db")
    assert "cannot be made" in one_line(caught)


@pytest.mark.parametrize("address", ["mysql://somewhere/x", "catalog.db", "", "sqlite://", "oracle:thing"])
def test_other_addresses(address):
    with pytest.raises(ConfigError) as caught:
        open_catalog(address)
    assert "sqlite:///" in one_line(caught)


def test_an_address_with_a_port_that_is_none():
    with pytest.raises(ConfigError) as caught:
        open_catalog("postgresql://ada:s3cr3t@127.0.0.1:port/findings")
    assert one_line(caught) == "database_url: has no valid port"


def test_a_full_disk_is_told_where_sqlite_tells_of_an_error(tmp_path, monkeypatch):
    """Where not even its notes on who reads fit; filling a disk needs rights that tests lack."""
    error = OperationalError("SELECT 1", None, sqlite3.OperationalError("disk I/O error"))
    url = make_url(f"sqlite:///{tmp_path}/catalog.db")
    with pytest.raises(CatalogError, match="the disk reports an error"), catalog_errors(url):
        raise error
    usage = shutil.disk_usage(tmp_path)._replace(free=4096)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(CatalogError, match="no room left on its disk"), catalog_errors(url):
        raise error


def test_a_folder_that_may_only_be_read_is_told_where_sqlite_cannot_open_a_file(tmp_path, monkeypatch):
    """One of those that it writes beside the catalog; whoever runs the tests may write anywhere."""
    error = OperationalError("SELECT 1", None, sqlite3.OperationalError("unable to open database file"))
    url = make_url(f"sqlite:///{tmp_path}/catalog.db")
    monkeypatch.setattr(os, "access", lambda path, _: path != tmp_path)
    with pytest.raises(CatalogError, match="check that it is a file"), catalog_errors(url):
        raise error
    (tmp_path / "catalog.db").touch()
    with pytest.raises(CatalogError, match="may only be read"), catalog_errors(url):
        raise error


def test_a_server_that_does_not_answer_is_named_without_the_password():
    with pytest.raises(CatalogError) as caught:
        open_catalog("postgresql://ada:s3cr3t@127.0.0.1:1/findings")
    line = one_line(caught)
    assert line.startswith("the catalog 127.0.0.1:1/findings cannot be reached")
    assert "s3cr3t" not in line


@pytest.mark.postgresql
def test_a_database_that_the_server_does_not_have(postgresql_server):
    address = postgresql_server.rpartition("/")[0] + "/no_such_database"
    with pytest.raises(CatalogError) as caught:
        open_catalog(address)
    assert "no_such_database" in one_line(caught)


def test_opening_an_up_to_date_catalog_leaves_its_file_alone(tmp_path):
    path = tmp_path / "catalog.db"
    open_catalog(f"sqlite:///{path}").close()
    before = path.read_bytes()
    open_catalog(f"sqlite:///{path}").close()
    assert path.read_bytes() == before


def test_the_file_survives_power_loss_settings(tmp_path: Path, patient_settings, monkeypatch):
    monkeypatch.setattr("catalog.database._PRAGMAS", patient_settings)
    database = Database(f"sqlite:///{tmp_path}/catalog.db")
    with database.read() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    database.close()


def test_what_only_migrations_need_is_not_loaded_for_a_catalog_that_is_up_to_date(tmp_path):
    """It takes 12 MB, and each process opens a catalog."""
    script = (
        "import sys; from catalog import open_catalog; open_catalog(sys.argv[1]).close();"
        "print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", script, f"sqlite:///{tmp_path}/catalog.db"]
    told = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert told == ["True\n", "False\n"]
