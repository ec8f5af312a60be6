"""What the scheduler does, and when: one process, each job a command of its own."""

import logging
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

from config import load_table
from findings.settings import Settings, to_environment
from findings.wiring import locked

log = logging.getLogger("findings.jobs")


_GRACE = 60.0  # seconds that a job told to end has to save what it holds


@dataclass(frozen=True, slots=True)
class Job:
    """A command of `findings`, run every so many minutes and stopped when it takes too long."""

    name: str
    arguments: tuple[str, ...]
    every_minutes: int
    limit_minutes: int
    delay_minutes: int = 0
    """How long after the scheduler's start it runs first."""


def jobs(settings: Settings) -> tuple[Job, ...]:
    """The jobs table. Each source's server is a job of its own, so that none waits for another."""
    from crawler.plan import harvestable, servers

    every = settings.harvest_hours * 60
    harvests = (
        # Many at once would ask for much memory at every start.
        Job(f"harvest {names[0]}", ("harvest", "--patient", *names), every, max(every, 12 * 60), number)
        for number, names in enumerate(servers(harvestable(settings.source_keys, settings.contact)))
    )
    # Societies change their calendars by the day at most.
    gathering = (Job("gather", ("gather",), every_minutes=24 * 60, limit_minutes=60),)
    return (
        *harvests,
        *(gathering if load_table("calendars") else ()),
        Job("resources", ("resources", "seed"), every_minutes=24 * 60, limit_minutes=10),
        Job("links", ("resources", "check"), every_minutes=24 * 60, limit_minutes=120, delay_minutes=5),
        Job("digest", ("digest", "--limit", "500"), every_minutes=10, limit_minutes=60),
        # Words come first in it; what takes hours are the vectors of very many new papers.
        Job("index", ("index", "sync"), every_minutes=1, limit_minutes=12 * 60),
    )


@dataclass
class Workshop:
    """Runs jobs in processes of their own, and ends those that are at work when it closes."""

    environment: Mapping[str, str]
    at_work: set[subprocess.Popen[bytes]] = field(default_factory=set)
    closed: bool = False

    def run(self, job: Job) -> int:
        """Run one job; its exit code, 1 when it took too long and was stopped."""
        with subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "findings", *job.arguments],
            env=dict(self.environment),
            stdout=subprocess.DEVNULL,
        ) as process:
            self.at_work.add(process)
            if self.closed:
                process.terminate()
            try:
                code = process.wait(timeout=job.limit_minutes * 60)
            except subprocess.TimeoutExpired:
                _end(process)
                log.error("job %s stopped: not done after %d minutes", job.name, job.limit_minutes)
                return 1
            finally:
                self.at_work.discard(process)
        log.log(logging.INFO if code == 0 else logging.WARNING, "job %s ended with code %d", job.name, code)
        return code

    def close(self) -> None:
        """Ask every job at work to end, and any that begins yet; each stage may be stopped anywhere."""
        self.closed = True
        for process in list(self.at_work):
            process.terminate()


def run_scheduler(settings: Settings, environment: Mapping[str, str]) -> None:
    """Run the jobs until told to stop. Raises `FindingsError` when another scheduler runs on this folder."""
    folder = Path(settings.data_dir)
    workshop = Workshop(to_environment(settings, environment))
    table, now = jobs(settings), datetime.now(UTC)
    # In a thread of its own: in the main one it might swallow what a signal raises.
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": {"type": "threadpool", "max_workers": len(table)}},  # no job waits for another
    )
    for job in table:
        scheduler.add_job(
            workshop.run,
            "interval",
            args=(job,),
            id=job.name,
            minutes=job.every_minutes,
            next_run_time=now + timedelta(minutes=job.delay_minutes),
            coalesce=True,  # after a pause, once is enough
            max_instances=1,
            misfire_grace_time=None,
        )
        log.info("job %s runs every %d minutes", job.name, job.every_minutes)
    with locked(folder / "scheduler.lock", "`findings schedule`"):
        for number in (signal.SIGINT, signal.SIGTERM):  # a shell may have had us ignore the first
            signal.signal(number, _interrupt)
        try:
            scheduler.start()
            while True:
                signal.pause()
        except KeyboardInterrupt:
            log.info("stopping")
        finally:
            workshop.close()
            scheduler.shutdown(wait=False)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Let a process end in good order, then no longer."""
    process.terminate()
    try:
        process.wait(timeout=_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
