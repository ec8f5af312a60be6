"""What runs by itself, on the status page and for a monitor."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from conferences.fetching import Fetcher
from domain.scheduling import JobState
from web.app import create_app
from web.jobs import to_jobs

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TABLE = [
    JobState("digest", 10, next_at="2026-11-21T12:05:00Z"),
    JobState("harvest pubmed", 1440, next_at="2026-11-21T12:00:00Z"),
    JobState("mail", 5, next_at="2026-11-21T12:02:00Z"),
]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqlCatalog]:
    catalog = open_catalog(f"sqlite:///{tmp_path / 'findings.db'}")
    lease = catalog.schedule.take("scheduler", "us", None)
    assert lease
    catalog.schedule.plan(lease, TABLE)
    assert catalog.schedule.begin(lease, "mail", 1, NOW, NOW + timedelta(minutes=5))
    catalog.schedule.finish("mail", 1, 1, NOW)
    assert catalog.schedule.begin(lease, "digest", 1, NOW, NOW + timedelta(minutes=10))
    yield catalog
    catalog.close()


@pytest.fixture
def client(site: Any, catalog: SqlCatalog) -> Any:
    full = replace(
        site,
        schedule=catalog.schedule,
        subscribers=catalog.subscribers,
        letters=catalog.letters,
        fetcher=Fetcher(contact="invented@society.example"),  # a site that serves has one, which has no hash
        clock=lambda: NOW,
    )
    return create_app(full).test_client()


def test_jobs_say_how_they_ended_and_what_comes_next(catalog: SqlCatalog) -> None:
    view = to_jobs(catalog.schedule, NOW)
    told = {job.name: (job.outcome, job.failed, job.overdue) for job in view.jobs}
    assert told == {"digest": ("at work", False, False), "mail": ("failed", True, False)}
    assert [job.name for job in view.harvests] == ["harvest pubmed"]
    assert not view.stopped


def test_a_scheduler_that_stands_still_is_told_of(catalog: SqlCatalog) -> None:
    view = to_jobs(catalog.schedule, NOW + timedelta(minutes=40))
    assert [job.outcome for job in view.jobs] == ["at work", "failed"], "it was killed amid the first"
    assert view.stopped
    assert not view.harvests[0].overdue, "a day's job may be some minutes late"


def test_a_job_that_took_long_is_not_overdue_when_it_ends(catalog: SqlCatalog) -> None:
    late = NOW + timedelta(minutes=60)
    catalog.schedule.finish("mail", 1, 0, late)
    catalog.schedule.finish("digest", 1, 0, late)
    assert not to_jobs(catalog.schedule, late + timedelta(minutes=9)).stopped
    assert to_jobs(catalog.schedule, late + timedelta(minutes=12)).stopped, "mail runs every five"


def test_the_status_page_shows_the_jobs(client: Any) -> None:
    page = client.get("/status").text
    assert "What runs by itself" in page
    assert "at work" in page
    assert "harvest pubmed" in page


def test_not_all_is_well_where_a_job_failed_or_none_is_started(client: Any, catalog: SqlCatalog) -> None:
    assert "what runs by itself needs looking after" in client.get("/status").text
    catalog.schedule.finish("mail", 1, 0, NOW)
    assert "Everything is working" in client.get("/status").text
    catalog.schedule.finish("mail", 1, 0, NOW - timedelta(hours=1), NOW - timedelta(hours=1))
    page = client.get("/status").text
    assert "it seems that no scheduler is running" in page
    assert "Everything is working" not in page


def test_metrics_are_read_by_prometheus_own_parser(client: Any) -> None:
    response = client.get("/metrics")
    assert response.status_code == 200
    families = {family.name: family for family in text_string_to_metric_families(response.text)}
    starts = {s.labels["job"]: s.value for s in families["findings_job_last_start_timestamp_seconds"].samples}
    assert starts == {"mail": NOW.timestamp(), "digest": NOW.timestamp()}
    codes = {s.labels["job"]: s.value for s in families["findings_job_exit_code"].samples}
    assert codes == {"mail": 1}
    assert families["findings_database_up"].samples[0].value == 1
    assert {s.labels["what"] for s in families["findings_subscriptions"].samples} >= {"active", "pending"}


def test_metrics_are_for_who_runs_the_node(client: Any) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "9.9.9.9"}).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "9.9.9.9"}).status_code == 404
