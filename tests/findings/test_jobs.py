"""What the scheduler runs: each job in a process that can be stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from crawler.europepmc_replay import EuropePmcReplay
from crawler.fetching.patience import source_table
from crawler.plan import harvestable
from crawler.replay import Fault, FaultKind
from findings.cli import cli
from findings.commands import register
from findings.jobs import Job, Workshop, jobs
from findings.settings import Settings

register(cli)


def test_every_job_is_a_command() -> None:
    for job in jobs(Settings()):
        command = cli
        for word in job.arguments:
            if word.startswith("-") or not hasattr(command, "commands"):
                break
            command = command.commands[word]
        assert not hasattr(command, "commands"), f"{job.name} names a group, not a command"


def test_the_harvest_follows_its_setting() -> None:
    harvests = [job for job in jobs(Settings(harvest_hours=6)) if job.name.startswith("harvest ")]
    assert {job.every_minutes for job in harvests} == {6 * 60}


def test_sources_wait_for_each_other_only_where_they_share_a_server() -> None:
    harvests = [job.arguments[2:] for job in jobs(Settings()) if job.arguments[0] == "harvest"]
    assert sorted(name for names in harvests for name in names) == harvestable()
    hosts = [{urlsplit(source_table(name)["base_url"]).netloc for name in names} for names in harvests]
    assert all(len(shared) == 1 for shared in hosts)
    assert len(set.union(*hosts)) == len(hosts)


def test_a_job_ends_with_its_command_s_code(node: Any, replay: EuropePmcReplay) -> None:
    arguments = ("harvest", "europepmc", "--query", "cancer", "--base-url", replay.base_url)
    workshop = Workshop(os.environ | {"FINDINGS_DATA_DIR": str(node.folder)})
    replay.faults.append(Fault(1, FaultKind.STATUS, status=403))
    assert workshop.run(Job("harvest", arguments, every_minutes=1, limit_minutes=1)) == 1


def test_a_job_that_cannot_begin_has_failed(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where too many processes run: it was shown as at work for as long as it was not due again."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    assert Workshop({}).run(Job("tick", ("status",), every_minutes=1, limit_minutes=1)) == 1


def test_a_job_that_hangs_is_stopped(tmp_path: Any) -> None:
    job = Job("slow", ("schedule",), every_minutes=1, limit_minutes=0)
    workshop = Workshop({"FINDINGS_DATA_DIR": str(tmp_path), "PATH": ""})
    assert workshop.run(job) == 1
    assert not workshop.at_work


TABLE = """
import os, sys
import findings.scheduling as scheduling
from findings.jobs import Job
from findings.settings import load_settings
scheduling.jobs = lambda settings: (Job("site", ("serve", "--port", sys.argv[1]), 60, 60),)
scheduling.run_scheduler(load_settings(None, os.environ), os.environ)
"""
"""A scheduler whose one job works until it is stopped, and asks nothing of the network."""


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 30
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return condition()


@pytest.fixture
def scheduler(node: Any, port: int) -> Iterator[subprocess.Popen[str]]:
    process = node.start_python(TABLE, str(port))
    assert until(lambda: listening(port))
    yield process
    with suppress(ProcessLookupError):  # its job too, which would keep the pipe open
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_scheduler_takes_its_jobs_with_it(
    port: int, scheduler: subprocess.Popen[str], told: signal.Signals
) -> None:
    scheduler.send_signal(told)
    _, errors = scheduler.communicate(timeout=30)
    assert scheduler.returncode == 0, errors
    assert "Traceback" not in errors
    assert until(lambda: not listening(port))
