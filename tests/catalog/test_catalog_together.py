"""Several writers and readers at once, and writers that are killed. Every paper here is invented."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import event

from catalog import open_catalog
from catalog.database import read_counter, write_counter
from catalog.reading import read_papers
from domain.errors import CatalogError
from domain.record import Checkpoint
from tests.catalog.invented import article, saved, version

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
sys.path[:0] = sys.argv[1:3]
from catalog import open_catalog
from domain.record import Checkpoint
from invented import article
url, first, pages, size = sys.argv[3], *map(int, sys.argv[4:])
catalog = open_catalog(url)
print("ready", flush=True)
for page in range(pages):
    start = first + page * size
    told = Checkpoint("alpha", str(first), str(page), pages=page + 1)
    catalog.save([article(n) for n in range(start, start + size)], checkpoint=told)
    print(page, flush=True)
"""

SUSPENDED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from catalog.database import Database, read_counter, write_counter
from domain.errors import CatalogError
database = Database(sys.argv[2], idle=0.5)
try:
    with database.write() as connection:
        write_counter(connection, 77)
        os.kill(os.getpid(), signal.SIGSTOP)
        write_counter(connection, 78)
except CatalogError as error:
    print(error)
with database.write() as connection:
    write_counter(connection, read_counter(connection) + 1)
    print(read_counter(connection))
"""


def start_writer(url: str, first: int, pages: int, size: int) -> subprocess.Popen[str]:
    folders = [str(ROOT), str(Path(__file__).parent)]
    arguments = [sys.executable, "-c", WRITER, *folders, url, str(first), str(pages), str(size)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def test_a_reader_of_the_change_log_skips_nothing_while_others_write(url, open_here):
    """Each writer's pages are of unlike size, so that commits overlap; one reader drains as they go."""
    writers, pages = 3, 12
    reader = open_here()
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            catalog = open_here()
            for page in range(pages):
                first = 1000 * number + 20 * page
                catalog.save([article(n) for n in range(first, first + 1 + (page * 7 + number * 5) % 17)])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    seen: set[str] = set()
    position = 0
    while True:
        done = not any(thread.is_alive() for thread in threads)
        while page := reader.changes(position, 7):
            assert [c.sequence for c in page] == sorted({c.sequence for c in page})
            seen |= {c.paper_id for c in page}
            position = page[-1].sequence
        if done:
            break
    assert failures == []
    assert seen == {c.paper_id for c in reader.changes(0, 10_000)}
    assert len(seen) == reader.counts()["papers"]
    assert position == reader.last_change() == len(seen)


def test_two_that_save_the_same_papers_make_each_once(url, open_here):
    failures: list[BaseException] = []

    def write(source: str, order: int) -> None:
        try:
            catalog = open_here()
            for n in range(40)[::order]:
                catalog.save([saved(f"{source}{n}", version(f"10.5555/{n}"), source)])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=facts) for facts in (("alpha", 1), ("beta", -1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    counts = open_here().counts()
    assert (counts["papers"], counts["records"], counts["versions"]) == (40, 80, 40)


def test_processes_write_side_by_side(url, open_here):
    writers = [start_writer(url, first, 5, 20) for first in (0, 10_000)]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    catalog = open_here()
    assert catalog.counts()["papers"] == 200
    assert [c.sequence for c in catalog.changes(0)] == list(range(1, 201))


@pytest.mark.parametrize("moment", range(5))
def test_a_writer_that_is_killed_leaves_whole_pages(url, open_here, moment):
    size = 25
    writer = start_writer(url, 0, 10_000, size)
    assert writer.stdout
    assert writer.stdout.readline() == "ready\n"
    for _ in range(moment):
        writer.stdout.readline()
    time.sleep(0.007 * moment)
    os.kill(writer.pid, signal.SIGKILL)
    rest = writer.communicate()[0].split()
    told = moment + len(rest)
    catalog = open_here()
    checkpoint = catalog.checkpoint("alpha", "0") or Checkpoint("alpha", "0", None)
    counts = catalog.counts()
    assert told <= checkpoint.pages <= told + 1, "what was said to be saved is saved"
    papers = checkpoint.pages * size
    assert (counts["papers"], counts["records"], counts["changes"]) == (papers, papers, papers)
    assert catalog.last_change() == papers == len(catalog.outbox(0, 100_000))
    catalog.save([article(n) for n in range(papers + size)])
    assert catalog.counts()["papers"] == papers + size


def test_a_failure_half_way_leaves_nothing(catalog, monkeypatch):
    catalog.save([article(1)])
    before = (catalog.counts(), catalog.changes(0), catalog.outbox())

    def fail(*_: object) -> None:
        raise CatalogError("invented failure")

    monkeypatch.setattr("catalog.saving.save_checkpoint", fail)
    with pytest.raises(CatalogError, match="invented"):
        catalog.save([article(1, keywords=("x",)), article(2)], checkpoint=Checkpoint("alpha", "s", "c"))
    assert (catalog.counts(), catalog.changes(0), catalog.outbox()) == before
    assert catalog.checkpoint("alpha", "s") is None


def test_a_locked_catalog_says_so_and_can_still_be_read(url, open_here):
    holder = open_here()
    waiting = open_here(timeout=0.3)
    holder.save([article(1)])
    with holder._database.write(), pytest.raises(CatalogError, match="locked by another process"):
        waiting.save([article(2)])
    assert waiting.counts()["papers"] == 1
    with holder._database.write():
        assert waiting.paper(waiting.find("doi:10.5555/a1"))
    waiting.save([article(2)])
    assert holder.counts()["papers"] == 2


def test_who_is_suspended_amid_a_write_holds_up_nobody_for_long_and_goes_on_when_woken(url, open_here):
    if url.startswith("sqlite"):
        pytest.skip("no server could end a transaction of SQLite's")
    arguments = [sys.executable, "-c", SUSPENDED, str(ROOT), url]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as suspended:
        try:
            os.waitpid(suspended.pid, os.WUNTRACED)
            with open_here(timeout=20)._database.write() as connection:
                assert read_counter(connection) == 0, "nothing of the other's was saved"
                write_counter(connection, 5)
        finally:
            suspended.send_signal(signal.SIGCONT)
        told = suspended.communicate(timeout=60)[0].splitlines()
    assert "nothing of it was saved, try again" in told[0]
    assert told[1:] == ["6"]


def test_threads_share_one_catalog(catalog):
    catalog.save([article(n) for n in range(30)])
    ids = [c.paper_id for c in catalog.changes(0)]
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for name in ids:
                assert catalog.paper(name).id == name
                catalog.published_audiences([name])
        except BaseException as error:
            failures.append(error)

    def write() -> None:
        try:
            for n in range(30):
                catalog.save([article(n, keywords=("new",))])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for work in (read, read, read, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_reader_sees_one_state(url, open_here):
    """A work is absorbed between two statements of one reading: it is there as it was, or not at all."""
    writer, reader = open_here(), open_here()
    writer.save([article(1)])
    writer.save([article(2)])
    lost = writer.find("doi:10.5555/a2")

    with reader._database.read() as connection:
        assert len(read_papers(connection, [lost])) == 1
        writer.save([saved("j", version("10.5555/a2", links=["doi:10.5555/a1"]), "beta")])
        assert read_papers(connection, [lost])[0].id == lost
    assert reader.paper(lost).aliases == (lost,)


def test_a_catalog_without_room_says_so(tmp_path):
    catalog = open_catalog(f"sqlite:///{tmp_path}/catalog.db")
    catalog.save([article(1)])
    catalog._database.close()

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count=60")

    event.listen(catalog._database.engine, "connect", limit)
    with pytest.raises(CatalogError, match="no room left"):
        catalog.save([article(n) for n in range(2, 3000)])
    assert catalog.counts()["papers"] == 1
    catalog.close()


def test_a_catalog_that_may_only_be_read_says_so(tmp_path):
    address = f"sqlite:///{tmp_path}/catalog.db"
    catalog = open_catalog(address)
    catalog.save([article(1)])
    catalog._database.close()

    event.listen(catalog._database.engine, "connect", lambda c, _: c.execute("PRAGMA query_only=on"))
    with pytest.raises(CatalogError, match="may only be read"):
        catalog.save([article(2)])
    catalog.close()


def test_damage_is_reported(tmp_path):
    catalog = open_catalog(f"sqlite:///{tmp_path}/catalog.db")
    catalog.save([article(1)])
    name = catalog.find("doi:10.5555/a1")
    with catalog._database.write() as connection:
        connection.exec_driver_sql("UPDATE works SET document = x'00112233'")
    with pytest.raises(CatalogError, match="damaged"):
        catalog.paper(name)
    catalog.close()
