"""One scheduler of several works, and no change of the clock makes a job miss its turn or run twice."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import findings.scheduling as scheduling
from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from domain.scheduling import JobState
from findings.jobs import Job, Workshop
from findings.scheduling import LEASE, Pace, Timetable, wait_for_lease

RUNS = 50 if os.environ.get("FINDINGS_TEST_SOAK") else 2
SCHEDULER = """
import os, sys
from pathlib import Path
import findings.scheduling as scheduling
from findings.jobs import Job, Workshop
from findings.settings import load_settings

def run(workshop, job):
    with open(sys.argv[1], "a") as file:
        file.write(f"{os.getpid()}\\n")
    return 0

Workshop.run = run
scheduling.jobs = lambda settings: (Job("tick", ("status",), every_minutes=0.3 / 60, limit_minutes=1),)
scheduling.run_scheduler(load_settings(None, os.environ), os.environ, scheduling.Pace(0.1, 1.0))
"""
"""A scheduler in a hurry, whose one job notes who ran it."""


def until(condition: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def freeze(process: subprocess.Popen[str], database: Path) -> None:
    """Stop a process between its writes: SQLite has no way around a writer that stands still amid one."""
    while True:
        process.send_signal(signal.SIGSTOP)
        with closing(sqlite3.connect(database, timeout=0.5, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                process.send_signal(signal.SIGCONT)
                time.sleep(0.05)
            else:
                connection.execute("ROLLBACK")
                return


@pytest.fixture
def started(node: Any, tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    processes: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        processes.append(node.start_python(SCHEDULER, str(tmp_path / "ran")))
        return processes[-1]

    yield start
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)


def test_of_two_schedulers_one_works_even_when_the_other_thaws(
    node: Any, tmp_path: Path, started: Callable[[], subprocess.Popen[str]]
) -> None:
    """R16: the number of starts that the database has counted is that of runs, whoever made them."""
    catalog = open_catalog(node.settings.database)
    ran = tmp_path / "ran"
    two = {process.pid: process for process in (started(), started())}

    def runs() -> list[int]:
        return [int(line) for line in ran.read_text().split()] if ran.exists() else []

    for _ in range(RUNS):
        before = len(runs())
        assert until(lambda before=before: len(runs()) > before)
        leader = runs()[-1]
        freeze(two[leader], Path(node.folder) / "findings.db")
        assert until(lambda leader=leader: runs()[-1] != leader), "nobody took over"
        two[leader].send_signal(signal.SIGCONT)
        time.sleep(0.5)  # in which the one that thawed would start something, if it still could
    for process in two.values():
        process.send_signal(signal.SIGTERM)
    for process in two.values():
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors
        assert "Traceback" not in errors
    (tick,) = catalog.schedule.jobs()
    lease = catalog.schedule.lease(LEASE)
    catalog.close()
    assert tick.number == len(runs())
    assert lease
    assert lease.fence > RUNS
    assert not lease.holder, "whoever ends gives the lease back"


def test_a_scheduler_that_was_killed_is_followed_at_once(
    node: Any, tmp_path: Path, started: Callable[[], subprocess.Popen[str]]
) -> None:
    """On its own machine: nobody need wait for a process that is known to have ended."""
    first = started()
    assert until((tmp_path / "ran").exists)
    first.kill()
    first.wait(10)
    catalog = open_catalog(node.settings.database)
    lease = wait_for_lease(catalog.schedule, Pace(0.1, 3600))
    catalog.close()
    assert lease.holder.endswith(f":{os.getpid()}")


def test_a_scheduler_in_another_container_of_this_machine_is_not_taken_for_an_earlier_life() -> None:
    """Containers in the network of their machine share its name; in each the first process is number 1."""
    machine, ours = scheduling._machine(), str(os.getpid())
    assert scheduling._is_gone(machine + ours)
    name, numbers, boot, _ = machine.split(":")
    assert not scheduling._is_gone(f"{name}:1{numbers}:{boot}:{ours}")
    assert not scheduling._is_gone(f"{name}:{boot}:{ours}"), "as schedulers before this one noted themselves"


def test_it_goes_on_after_a_database_that_was_away(
    node: Any, tmp_path: Path, started: Callable[[], subprocess.Popen[str]]
) -> None:
    """For longer than a beat may stand still, so that another might have the lease by now."""
    ran, process = tmp_path / "ran", started()
    assert until(ran.exists)
    with closing(sqlite3.connect(Path(node.folder) / "findings.db", isolation_level=None)) as connection:
        connection.execute("ALTER TABLE leases RENAME TO hidden")
        time.sleep(3)
        assert process.poll() is None, process.communicate()
        before = ran.read_text()
        connection.execute("ALTER TABLE hidden RENAME TO leases")
    assert until(lambda: len(ran.read_text()) > len(before))
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert "standing by" in errors
    assert "Traceback" not in errors


def test_it_waits_for_a_database_that_is_away_at_its_start(
    node: Any, tmp_path: Path, started: Callable[[], subprocess.Popen[str]]
) -> None:
    """A machine that comes up again starts everything at once."""
    in_its_place = Path(node.folder) / "findings.db"
    in_its_place.unlink()
    in_its_place.mkdir()
    process = started()
    time.sleep(3)
    assert process.poll() is None, process.communicate()
    in_its_place.rmdir()
    assert until((tmp_path / "ran").exists)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert "standing by" in errors
    assert "Traceback" not in errors


def damage(database: Path) -> None:
    database.write_bytes(b"\0" * 8192)
    Path(f"{database}-wal").unlink(missing_ok=True)


def overtake(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE catalog_revision SET version_num = '9999'")


def take_over(database: Path) -> None:
    database.unlink()
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE recipes (name)")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (damage, "is not a database, or is damaged"),
        (overtake, "was made by a newer Findings (revision 9999); install that version or newer"),
        (take_over, "is the database of another program"),
    ],
)
def test_it_ends_where_no_waiting_helps(
    node: Any, spoil: Callable[[Path], None], words: str, started: Callable[[], subprocess.Popen[str]]
) -> None:
    open_catalog(node.settings.database).close()
    spoil(Path(node.folder) / "findings.db")
    process = started()
    _, errors = process.communicate(timeout=30)
    assert process.returncode != 0
    assert words in errors.splitlines()[-1]
    assert "standing by" not in errors


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqlCatalog]:
    catalog = open_catalog(f"sqlite:///{tmp_path / 'findings.db'}")
    yield catalog
    catalog.close()


RARE = Job("rare", ("status",), every_minutes=7 * 24 * 60, limit_minutes=1)


@pytest.mark.parametrize("days", [-1, 1 / 24, 365])
def test_a_clock_that_is_set_moves_no_job(
    catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch, days: float
) -> None:
    """R12: what was to come in a week comes after a week of the time that passes."""
    lease = catalog.schedule.take(LEASE, "us", None)
    assert lease
    catalog.schedule.plan(lease, [JobState("rare", RARE.every_minutes)])
    start = datetime.now(UTC)
    catalog.schedule.begin(lease, "rare", 1, start, start)
    catalog.schedule.finish("rare", 1, 0, start)
    timetable = Timetable(catalog.schedule, lease, Workshop({}))
    try:
        timetable.start((RARE,))
        before = datetime.fromisoformat(catalog.schedule.jobs()[0].next_at)
        drift = scheduling._drift()
        monkeypatch.setattr(scheduling, "_drift", lambda: drift + timedelta(days=days).total_seconds())
        timetable.follow_clock()
        timetable.follow_clock()
        (job,) = timetable._scheduler.get_jobs()
    finally:
        timetable.stop()
    (state,) = catalog.schedule.jobs()
    told = datetime.fromisoformat(state.next_at)
    assert abs(told - before - timedelta(days=days)) < timedelta(seconds=2)
    assert abs(job.next_run_time - before - timedelta(days=days)) < timedelta(seconds=2)
    assert state.number == 1, "nothing ran for the clock's sake"


@pytest.mark.parametrize(
    ("codes", "minutes"),
    [((1,), 60), ((0, 1), 60), ((1, 1), RARE.every_minutes), ((0,), RARE.every_minutes), ((1, 3, 1), 60)],
)
def test_what_failed_is_tried_once_more_within_the_hour(
    catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch, codes: tuple[int, ...], minutes: int
) -> None:
    """A database that is restarted amid a harvest costs an hour; who is down is not asked all day."""
    ends = iter(codes)
    monkeypatch.setattr(Workshop, "run", lambda workshop, job: next(ends))
    lease = catalog.schedule.take(LEASE, "us", None)
    assert lease
    timetable = Timetable(catalog.schedule, lease, Workshop({}))
    try:
        timetable.start((replace(RARE, delay_minutes=60),))
        for _ in codes:
            began = datetime.now(UTC)
            timetable._scheduler.modify_job(
                "rare", next_run_time=began + timedelta(minutes=RARE.every_minutes)
            )
            timetable._run(RARE)
        (job,) = timetable._scheduler.get_jobs()
    finally:
        timetable.stop()
    (state,) = catalog.schedule.jobs()
    for told in (job.next_run_time, datetime.fromisoformat(state.next_at)):
        assert abs(told - began - timedelta(minutes=minutes)) < timedelta(seconds=10)
    assert (state.number, state.code) == (len(codes), codes[-1])


NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ENDED = JobState("rare", 5, 7, "2026-11-21T10:00:00Z", "2026-11-21T10:30:00Z", 0, "2026-11-28T10:00:00Z")


@pytest.mark.parametrize(
    ("before", "planned"),
    [
        (None, "2026-11-21T12:00:00Z"),
        (ENDED, "2026-11-28T10:00:00Z"),
        (replace(ENDED, finished_at=""), "2026-11-21T12:00:00Z"),  # cut short
        (replace(ENDED, code=3), "2026-11-28T10:00:00Z"),
        (replace(ENDED, code=1, started_at="2026-11-21T11:30:00Z"), "2026-11-21T12:30:00Z"),
        (replace(ENDED, started_at="2026-11-01T10:00:00Z"), "2026-11-21T12:00:00Z"),  # long down
        (replace(ENDED, started_at="2027-11-21T10:00:00Z"), "2026-11-21T12:00:00Z"),  # the clock was set back
    ],
)
def test_a_start_goes_on_from_where_jobs_were_left(before: JobState | None, planned: str) -> None:
    state = scheduling._planned(RARE, before, NOW)
    assert state.next_at == planned
    assert state.every_minutes == RARE.every_minutes
    assert state.number == (before.number if before else 0)
