"""What the scheduler does, and when: one process, each job a command of its own."""

import json
import logging
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import FrameType

from apscheduler.schedulers.blocking import BlockingScheduler

from findings.settings import Settings, to_environment
from findings.wiring import locked

log = logging.getLogger("findings.jobs")


_OVERLAP = timedelta(days=7)  # records that a source is slow to list are not missed


@dataclass(frozen=True, slots=True)
class Job:
    """A command of `findings`, run every so many minutes and stopped when it takes too long."""

    name: str
    arguments: tuple[str, ...]
    every_minutes: int
    limit_minutes: int
    incremental: bool = False
    """Whether it takes `--since`, and with `--json` reports the outcome of each source."""


def jobs(settings: Settings) -> tuple[Job, ...]:
    """The jobs table."""
    hours = settings.harvest_hours
    return (
        Job("harvest", ("harvest",), every_minutes=hours * 60, limit_minutes=12 * 60, incremental=True),
        Job("digest", ("digest", "--limit", "500"), every_minutes=10, limit_minutes=60),
        # Words come first in it; what takes hours are the vectors of very many new papers.
        Job("index", ("index", "sync"), every_minutes=1, limit_minutes=12 * 60),
    )


@dataclass
class Workshop:
    """Runs jobs in processes of their own, and ends those that are at work when it closes."""

    environment: Mapping[str, str]
    memory: Path
    """A JSON file: incremental job → the day on which its last complete run began."""
    at_work: set[subprocess.Popen[bytes]] = field(default_factory=set)

    def command(self, job: Job) -> list[str]:
        """The command line of a job.

        An incremental one asks for all until it was complete once, however many runs that takes; then for
        what changed since its last complete run and a week before.
        """
        command = [sys.executable, "-m", "findings", *job.arguments]
        if job.incremental:
            command.append("--json")
            if day := self._remembered().get(job.name):
                command += ["--since", f"{date.fromisoformat(day) - _OVERLAP}"]
        return command

    def run(self, job: Job) -> int:
        """Run one job; its exit code, 1 when it took too long and was stopped."""
        began, command = datetime.now(UTC).date(), self.command(job)
        with subprocess.Popen(  # noqa: S603 - our own command
            command, env=dict(self.environment), stdout=subprocess.PIPE
        ) as process:
            self.at_work.add(process)
            try:
                output, _ = process.communicate(timeout=job.limit_minutes * 60)
            except subprocess.TimeoutExpired:
                process.kill()
                log.error("job %s stopped: not done after %d minutes", job.name, job.limit_minutes)
                return 1
            finally:
                self.at_work.discard(process)
        if job.incremental and _complete(output):
            self._remember(job.name, began)
        code = process.returncode
        log.log(logging.INFO if code == 0 else logging.WARNING, "job %s ended with code %d", job.name, code)
        return code

    def _remembered(self) -> dict[str, str]:
        try:
            return dict(json.loads(self.memory.read_text("utf-8")))
        except (OSError, ValueError):
            return {}  # a lost memory costs a harvest of everything, never a record

    def _remember(self, job: str, day: date) -> None:
        written = self.memory.with_suffix(".new")
        written.write_text(json.dumps(self._remembered() | {job: day.isoformat()}), "utf-8")
        written.replace(self.memory)

    def close(self) -> None:
        """Ask every job at work to end; each stage may be stopped anywhere."""
        for process in list(self.at_work):
            process.terminate()


def run_scheduler(settings: Settings, environment: Mapping[str, str]) -> None:
    """Run the jobs until told to stop. Raises `FindingsError` when another scheduler runs on this folder."""
    folder = Path(settings.data_dir)
    workshop = Workshop(to_environment(settings, environment), folder / "scheduler.json")
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
    with locked(folder / "scheduler.lock", "`findings schedule`"):
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            scheduler.start()
        except KeyboardInterrupt:
            log.info("stopping")
        finally:
            workshop.close()


def _complete(output: bytes) -> bool:
    """Whether every source reported that nothing was left out."""
    try:
        reports = json.loads(output)
    except ValueError:
        return False
    return bool(reports) and all(report["outcome"] == "complete" for report in reports)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
