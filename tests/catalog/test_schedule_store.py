"""The scheduler's lease and jobs, on each database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalog.sqlcatalog import SqlCatalog
from domain.errors import Superseded
from domain.scheduling import JobState, Lease

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def taken(catalog: SqlCatalog, holder: str = "one") -> Lease:
    lease = catalog.schedule.take("scheduler", holder, catalog.schedule.lease("scheduler"))
    assert lease
    return lease


def test_who_takes_the_lease_first_has_it(catalog: SqlCatalog) -> None:
    schedule = catalog.schedule
    assert schedule.lease("scheduler") is None
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda n: schedule.take("scheduler", f"h{n}", None), range(8)))
    (lease,) = [one for one in got if one]
    assert schedule.lease("scheduler") == lease


def test_a_lease_is_taken_only_as_it_was_seen(catalog: SqlCatalog) -> None:
    schedule, lease = catalog.schedule, taken(catalog)
    raised = schedule.beat(lease)
    assert raised.beat == lease.beat + 1
    assert schedule.take("scheduler", "two", lease) is None
    second = schedule.take("scheduler", "two", raised)
    assert second
    assert second.fence == lease.fence + 1
    with pytest.raises(Superseded):
        schedule.beat(raised)
    schedule.release(raised)
    assert schedule.lease("scheduler") == second


def test_what_is_given_back_belongs_to_nobody(catalog: SqlCatalog) -> None:
    schedule, lease = catalog.schedule, taken(catalog)
    schedule.release(lease)
    free = schedule.lease("scheduler")
    assert free
    assert not free.holder
    again = schedule.take("scheduler", "one", free)
    assert again
    assert again.fence > lease.fence


def test_a_run_starts_once_and_only_under_the_lease(catalog: SqlCatalog) -> None:
    schedule, lease = catalog.schedule, taken(catalog)
    schedule.plan(lease, [JobState("mail", 5, next_at="2026-03-01T12:00:00Z")])
    with ThreadPoolExecutor(4) as pool:
        begun = list(pool.map(lambda _: schedule.begin(lease, "mail", 1, NOW, LATER), range(4)))
    assert sorted(begun) == [False, False, False, True]
    other = taken(catalog, "two")
    with pytest.raises(Superseded):
        schedule.begin(lease, "mail", 2, NOW, LATER)
    assert schedule.begin(other, "mail", 2, LATER, LATER)
    schedule.finish("mail", 1, 0, LATER)  # the first one ends late
    assert schedule.jobs() == [
        JobState("mail", 5, 2, "2026-03-01T12:05:00Z", "", None, "2026-03-01T12:05:00Z")
    ]
    schedule.finish("mail", 2, 3, LATER)
    assert schedule.jobs()[0].code == 3


def test_a_plan_keeps_what_jobs_have_done(catalog: SqlCatalog) -> None:
    schedule, lease = catalog.schedule, taken(catalog)
    index = JobState("index", 1, next_at="2026-03-01T12:00:00Z")
    schedule.plan(lease, [index, replace(index, name="old")])
    schedule.begin(lease, "index", 1, NOW, LATER)
    schedule.finish("index", 1, 0, LATER)
    schedule.plan(lease, [replace(index, every_minutes=2), replace(index, name="a")])
    assert [job.name for job in schedule.jobs()] == ["a", "index"]
    kept = schedule.jobs()[1]
    assert (kept.every_minutes, kept.number, kept.code) == (2, 1, 0)
    with pytest.raises(Superseded):
        schedule.plan(replace(lease, fence=99), [])
