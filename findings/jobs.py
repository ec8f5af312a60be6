"""What the scheduler does, and when: one process, each job a command of its own."""

import fcntl
import logging
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from apscheduler.schedulers.blocking import BlockingScheduler

from domain.errors import FindingsError
from findings.settings import Settings

log = logging.getLogger("findings.jobs")


@dataclass(frozen=True, slots=True)
class Job:
    """A command of `findings`, run every so many minutes and stopped when it takes too long."""

    name: str
    arguments: tuple[str, ...]
    every_minutes: int
    limit_minutes: int


def jobs(settings: Settings) -> tuple[Job, ...]:
    """The jobs table."""
    return (
        Job("harvest", ("harvest",), every_minutes=settings.harvest_hours * 60, limit_minutes=12 * 60),
        Job("digest", ("digest", "--limit", "500"), every_minutes=10, limit_minutes=60),
        Job("index", ("index", "sync"), every_minutes=1, limit_minutes=60),
    )


def run_job(job: Job, environment: Mapping[str, str]) -> int:
    """Run one job in a process of its own (Twisted's reactor cannot be started twice); its exit code."""
    command = [sys.executable, "-m", "findings", *job.arguments]
    try:
        code = subprocess.run(  # noqa: S603 - our own command, no shell
            command, env=dict(environment), timeout=job.limit_minutes * 60, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        log.error("job %s stopped: not done after %d minutes", job.name, job.limit_minutes)
        return 1
    log.log(logging.INFO if code == 0 else logging.WARNING, "job %s ended with code %d", job.name, code)
    return code


def run_scheduler(settings: Settings, environment: Mapping[str, str]) -> None:
    """Run the jobs until interrupted. Raises `FindingsError` when another scheduler runs on this folder."""
    with (Path(settings.data_dir) / "scheduler.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FindingsError("another `findings schedule` is running on this data folder") from None
        scheduler = BlockingScheduler(timezone="UTC")
        for job in jobs(settings):
            scheduler.add_job(
                run_job,
                "interval",
                args=(job, environment),
                id=job.name,
                minutes=job.every_minutes,
                coalesce=True,  # after a pause, once is enough
                max_instances=1,
                misfire_grace_time=None,
            )
            log.info("job %s runs every %d minutes", job.name, job.every_minutes)
        scheduler.start()
