"""What the scheduler's jobs last did and do next, as the status page shows it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from domain.scheduling import JobState, Schedule

_OUTCOMES = {None: "", 0: "done", 3: "done in part"}  # others have failed
_LATE = 2
"""So many times its distance after its start was due, or its last run ended, a job is overdue: no scheduler
runs, since none lets a job wait for another."""


@dataclass(frozen=True, slots=True)
class JobView:
    """One job: when it last began, how it ended, when it begins next."""

    name: str
    began: str
    outcome: str
    next_at: str
    overdue: bool
    failed: bool


@dataclass(frozen=True, slots=True)
class JobsView:
    """All jobs, those of sources apart: there are many, and each source's health is told elsewhere."""

    jobs: tuple[JobView, ...]
    harvests: tuple[JobView, ...]
    stopped: bool
    """A job is overdue; another may seem to be at work, as it does when its scheduler was killed amid it."""


def to_jobs(schedule: Schedule, now: datetime) -> JobsView:
    """The jobs table. Raises `CatalogError`."""
    views = [_view(state, now) for state in schedule.jobs()]
    harvests = tuple(view for view in views if view.name.startswith("harvest "))
    others = tuple(view for view in views if view not in harvests)
    return JobsView(others, harvests, any(view.overdue for view in views))


def _view(state: JobState, now: datetime) -> JobView:
    at_work = bool(state.started_at) and not state.finished_at
    outcome = "at work" if at_work else _OUTCOMES.get(state.code, "failed")
    due = max(state.next_at, state.finished_at)
    overdue = not at_work and _minutes_past(due, now) > _LATE * state.every_minutes + 1
    return JobView(
        state.name, state.started_at, outcome, state.next_at, overdue, state.has_failed and not at_work
    )


def _minutes_past(instant: str, now: datetime) -> float:
    return (now.astimezone(UTC) - datetime.fromisoformat(instant)).total_seconds() / 60
