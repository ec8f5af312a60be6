"""What the scheduler does, and how often: each job a command of its own, in a process of its own."""

import logging
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from config import load_table
from findings.settings import Settings

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
        # Each page is read once a day, whenever its turn comes.
        Job("watch", ("gather", "--watched"), every_minutes=6 * 60, limit_minutes=120, delay_minutes=10),
        Job("resources", ("resources", "seed"), every_minutes=24 * 60, limit_minutes=10),
        Job("links", ("resources", "check"), every_minutes=24 * 60, limit_minutes=120, delay_minutes=5),
        Job("digest", ("digest", "--limit", "500"), every_minutes=10, limit_minutes=60),
        # What was told and put together is sent by a job of its own: a question waits for nothing else.
        Job("letters", ("mail", "write"), every_minutes=5, limit_minutes=60, delay_minutes=2),
        Job("mail", ("mail", "send", "--queued"), every_minutes=1, limit_minutes=12 * 60),
        Job("forget", ("mail", "forget"), every_minutes=24 * 60, limit_minutes=60, delay_minutes=15),
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
        """Run one job; its exit code, 1 when it could not begin, or took too long and was stopped."""
        command = [sys.executable, "-m", "findings", *job.arguments]
        try:
            begun = subprocess.Popen(command, env=dict(self.environment), stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        except OSError as error:  # there are too many processes, or no memory is left
            log.error("job %s could not begin: %s", job.name, error.strerror)
            return 1
        with begun as process:
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


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Let a process end in good order, then no longer."""
    process.terminate()
    try:
        process.wait(timeout=_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
