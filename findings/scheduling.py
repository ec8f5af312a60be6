"""The scheduler: APScheduler starts the jobs of the process that holds the lease; others stand by.

Jobs are so many minutes apart, so no change of summer time moves them. A clock that is set moves none either:
what was to come in an hour comes in an hour.
"""

import logging
import os
import signal
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from domain.errors import CatalogError, CatalogUnusable, Superseded
from domain.instants import to_timestamp
from domain.scheduling import JobState, Lease, Schedule
from findings.jobs import Job, Workshop, jobs
from findings.settings import Settings, to_environment
from findings.wiring import opened_schedule

log = logging.getLogger("findings.jobs")

LEASE = "scheduler"
_AGAIN = timedelta(hours=1)
"""After which a job that failed is tried once more, where its turn comes later: a database that was away for
a moment is to cost no day. What fails again waits for its turn, lest one that is down be asked all day."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two beats, and how long a beat may stand still before another takes over."""

    beat: float = 5.0
    patience: float = 30.0


def run_scheduler(settings: Settings, environment: Mapping[str, str], pace: Pace | None = None) -> None:
    """Run the jobs until told to stop; stand by while another scheduler of this database does.

    Raises:
        CatalogUnusable: the database is damaged or of another version, and no waiting helps.
    """
    pace = pace or Pace()
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell may have had us ignore the first
        signal.signal(number, _interrupt)
    try:
        while True:
            try:
                with opened_schedule(settings) as schedule:
                    while True:
                        lease = wait_for_lease(schedule, pace)
                        _lead(schedule, lease, jobs(settings), to_environment(settings, environment), pace)
            except CatalogUnusable:
                raise
            except CatalogError as problem:  # a database is restarted now and then, and we go on after it
                log.warning("%s; standing by", problem)
                time.sleep(pace.patience)
    except KeyboardInterrupt:
        log.info("stopping")


def wait_for_lease(schedule: Schedule, pace: Pace) -> Lease:
    """The lease, once nobody else holds it or its holder has not been heard of for long enough."""
    said, since = False, time.monotonic()
    seen = schedule.lease(LEASE)
    while True:
        if not seen or _is_gone(seen.holder) or time.monotonic() - since >= pace.patience:
            if lease := schedule.take(LEASE, _machine() + str(os.getpid()), seen):
                return lease
        elif not said:
            said = True
            log.info("standing by: %s runs the jobs", seen.holder)
        time.sleep(pace.beat)
        now = schedule.lease(LEASE)
        if now != seen:
            seen, since = now, time.monotonic()


def _machine() -> str:
    """This machine since it was started, and the container in it: what process numbers belong to.

    Containers may share the name of their machine, as in its network; each has numbers of its own.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")[:8]
        numbers = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        boot = numbers = ""
    # In this order: an older scheduler, whose holders are `name:boot:process`, must not take one for its own.
    return f"{socket.gethostname()}:{numbers}:{boot}:"


def _is_gone(holder: str) -> bool:
    """Whether nobody holds it: it was given back, or by a process of this machine that has ended."""
    if not holder.startswith(_machine()):
        return not holder
    process = int(holder.removeprefix(_machine()))
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return process == os.getpid()  # an earlier life, with the number that we have now


def _lead(
    schedule: Schedule, lease: Lease, table: tuple[Job, ...], environment: Mapping[str, str], pace: Pace
) -> None:
    """Run the jobs for as long as the lease is ours."""
    workshop = Workshop(environment)
    timetable = Timetable(schedule, lease, workshop)
    try:
        timetable.start(table)
        while True:
            time.sleep(pace.beat)
            lease = _beat(schedule, lease, pace)
            timetable.follow_clock()
    except Superseded as problem:
        log.warning("%s; standing by", problem)
    finally:
        workshop.close()
        timetable.stop()
        with suppress(CatalogError):  # others take it once it has not been heard of for long enough
            schedule.release(lease)


def _beat(schedule: Schedule, lease: Lease, pace: Pace) -> Lease:
    """Raise the beat; a database that does not answer for long may have let another have the lease."""
    last = time.monotonic()
    while True:
        try:
            return schedule.beat(lease)
        except (Superseded, CatalogUnusable):
            raise
        except CatalogError as problem:
            if time.monotonic() - last >= pace.patience:
                raise Superseded(f"the lease could not be kept: {problem}") from problem
            log.warning("the lease could not be renewed: %s", problem)
            time.sleep(pace.beat)


class Timetable:
    """When each job starts next, kept by APScheduler here and shown to all by the database."""

    def __init__(self, schedule: Schedule, lease: Lease, workshop: Workshop) -> None:
        self._schedule, self._lease, self._workshop = schedule, lease, workshop
        self._drift = _drift()
        # In a thread of its own: in the main one it might swallow what a signal raises.
        self._scheduler = BackgroundScheduler(timezone="UTC")

    def start(self, table: tuple[Job, ...]) -> None:
        """Plan the jobs from where they were left, and begin. Raises `Superseded`."""
        before = {state.name: state for state in self._schedule.jobs()}
        now = datetime.now(UTC)
        planned = [_planned(job, before.get(job.name), now) for job in table]
        self._schedule.plan(self._lease, planned)
        # No job waits for another.
        self._scheduler.configure(
            timezone="UTC", executors={"default": {"type": "threadpool", "max_workers": max(len(table), 1)}}
        )
        for job, state in zip(table, planned, strict=True):
            self._scheduler.add_job(
                self._run,
                "interval",
                args=(job,),
                id=job.name,
                minutes=job.every_minutes,
                next_run_time=_instant(state.next_at),
                coalesce=True,  # after a pause, once is enough
                max_instances=1,
                misfire_grace_time=None,
            )
            log.info("job %s runs every %d minutes", job.name, job.every_minutes)
        self._scheduler.start()

    def follow_clock(self) -> None:
        """Where the clock was set, let what was to come in an hour still come in an hour."""
        drift = _drift()
        moved = timedelta(seconds=drift - self._drift)
        if abs(moved) < timedelta(seconds=30):
            return
        log.warning("the clock was set by %+d seconds; the jobs keep their distance", moved.total_seconds())
        self._drift = drift
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=job.next_run_time + moved)
        states = [_moved(state, moved) for state in self._schedule.jobs()]
        self._schedule.plan(self._lease, states)

    def stop(self) -> None:
        """Start nothing more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _run(self, job: Job) -> None:
        """One run, if it is ours to start; a database that does not answer is asked again in a minute."""
        try:
            if before := self._begin(job):
                code = self._workshop.run(job)
                if not self._workshop.closed:  # it was cut short otherwise, and goes on at the next start
                    self._finish(before, code)
        except CatalogError as problem:
            log.warning("job %s: %s", job.name, problem)
            with suppress(JobLookupError):
                soon = datetime.now(UTC) + timedelta(minutes=1)
                self._scheduler.modify_job(job.name, next_run_time=soon)

    def _finish(self, before: JobState, code: int) -> None:
        """Note how the run ended that followed `before`; a first failure is soon tried again."""
        now, soon = datetime.now(UTC), None
        if replace(before, code=code).has_failed and not before.has_failed:
            planned = self._scheduler.get_job(before.name)
            if planned and planned.next_run_time > now + _AGAIN:
                soon = now + _AGAIN
                planned.modify(next_run_time=soon)
        self._schedule.finish(before.name, before.number + 1, code, now, soon)

    def _begin(self, job: Job) -> JobState | None:
        """Note that the next run starts now; what there was before it, None where none may start."""
        known = (state for state in self._schedule.jobs() if state.name == job.name)
        before = next(known, JobState(job.name, job.every_minutes))
        now = datetime.now(UTC)
        try:
            begun = self._schedule.begin(
                self._lease, job.name, before.number + 1, now, now + timedelta(minutes=job.every_minutes)
            )
        except Superseded:
            return None
        return before if begun else None


def _planned(job: Job, before: JobState | None, now: datetime) -> JobState:
    """When a job is next: as long after its last start as it should be; sooner where it failed, at once where
    it was cut short.
    """
    soon = now + timedelta(minutes=job.delay_minutes)
    state = before or JobState(job.name, job.every_minutes)
    if state.started_at and state.finished_at and (started := _instant(state.started_at)) <= now:
        distance = timedelta(minutes=job.every_minutes)
        soon = max(soon, started + (min(distance, _AGAIN) if state.has_failed else distance))
    return replace(state, every_minutes=job.every_minutes, next_at=to_timestamp(soon))


def _moved(state: JobState, by: timedelta) -> JobState:
    return replace(state, next_at=to_timestamp(_instant(state.next_at) + by)) if state.next_at else state


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _drift() -> float:
    """By how much the clock is ahead of the time that only ever passes, sleep of the machine included."""
    return time.time() - time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
