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

from apscheduler.schedulers.blocking import BlockingScheduler

from findings.settings import Settings, to_environment
from findings.wiring import locked

log = logging.getLogger("findings.jobs")


@dataclass(frozen=True, slots=True)
class Job:
    """A command of `findings`, run every so many minutes and stopped when it takes too long."""

    name: str
    arguments: tuple[str, ...]
    every_minutes: int
    limit_minutes: int
    look_back: timedelta | None = None
    """How far back `--since` reaches; None for a job that has no such option."""

    def command(self, now: datetime) -> list[str]:
        """The command line, were it started `now`."""
        since = ["--since", f"{now - self.look_back:%Y-%m-%d}"] if self.look_back else []
        return [sys.executable, "-m", "findings", *self.arguments, *since]


def jobs(settings: Settings) -> tuple[Job, ...]:
    """The jobs table."""
    return (
        Job(
            "harvest",
            ("harvest",),
            every_minutes=settings.harvest_hours * 60,
            limit_minutes=12 * 60,
            # a week more than its own rhythm: a node that was off for some days has missed nothing
            look_back=timedelta(hours=settings.harvest_hours, days=7),
        ),
        Job("digest", ("digest", "--limit", "500"), every_minutes=10, limit_minutes=60),
        Job("index", ("index", "sync"), every_minutes=1, limit_minutes=60),
    )


@dataclass
class Workshop:
    """Runs jobs in processes of their own, and ends those that are at work when it closes."""

    environment: Mapping[str, str]
    at_work: set[subprocess.Popen[bytes]] = field(default_factory=set)

    def run(self, job: Job) -> int:
        """Run one job; its exit code, 1 when it took too long and was stopped."""
        command = job.command(datetime.now(UTC))
        with subprocess.Popen(command, env=dict(self.environment)) as process:  # noqa: S603 - our own command
            self.at_work.add(process)
            try:
                code = process.wait(timeout=job.limit_minutes * 60)
            except subprocess.TimeoutExpired:
                process.kill()
                log.error("job %s stopped: not done after %d minutes", job.name, job.limit_minutes)
                return 1
            finally:
                self.at_work.discard(process)
        log.log(logging.INFO if code == 0 else logging.WARNING, "job %s ended with code %d", job.name, code)
        return code

    def close(self) -> None:
        """Ask every job at work to end; each stage may be stopped anywhere."""
        for process in list(self.at_work):
            process.terminate()


def run_scheduler(settings: Settings, environment: Mapping[str, str]) -> None:
    """Run the jobs until told to stop. Raises `FindingsError` when another scheduler runs on this folder."""
    workshop = Workshop(to_environment(settings, environment))
    scheduler = BlockingScheduler(timezone="UTC")
    for job in jobs(settings):
        scheduler.add_job(
            workshop.run,
            "interval",
            args=(job,),
            id=job.name,
            minutes=job.every_minutes,
            next_run_time=datetime.now(UTC),
            coalesce=True,  # after a pause, once is enough
            max_instances=1,
            misfire_grace_time=None,
        )
        log.info("job %s runs every %d minutes", job.name, job.every_minutes)
    with locked(Path(settings.data_dir) / "scheduler.lock", "`findings schedule`"):
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            scheduler.start()
        except KeyboardInterrupt:
            log.info("stopping")
        finally:
            workshop.close()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
