"""Links of resources: what is asked next, what an answer means, when somebody is told."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conferences.linkchecks import (
    AGAIN_AFTER,
    CERTIFICATE,
    GONE,
    MOVED,
    due,
    failures,
    is_good,
    judged,
    refused,
    words,
)
from domain.errors import FetchRefused
from domain.listing import LinkCheck, Resource, ResourceKind

NOW = datetime(2027, 3, 6, 12, tzinfo=UTC)
URL = "https://bank.example.org/home"


def resource(name: str, *checks: LinkCheck) -> Resource:
    return Resource(id=name, kind=ResourceKind.BIOBANK, title="Invented", url=URL, checks=checks)


def check(days: float, problem: str = "") -> LinkCheck:
    at = (NOW - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return LinkCheck(URL, at, None if problem else 200, problem)


def test_what_never_was_asked_comes_first_then_the_oldest() -> None:
    some = [resource("old", check(8)), resource("older", check(30)), resource("new")]
    assert [one.listing_id for one in due(some, NOW, 10)] == ["new", "older", "old"]
    assert [one.listing_id for one in due(some, NOW, 1)] == ["new"]


def test_a_good_link_is_asked_weekly_and_a_failed_one_daily() -> None:
    week = AGAIN_AFTER.days
    assert not due([resource("a", check(week - 0.01))], NOW, 10)
    assert due([resource("a", check(week))], NOW, 10)
    assert not due([resource("a", check(0.5, GONE))], NOW, 10)
    assert due([resource("a", check(1, GONE))], NOW, 10)


def test_a_changed_address_is_asked_at_once_and_a_withdrawn_one_never() -> None:
    changed = replace(resource("a", check(1)), url="https://elsewhere.example.org/")
    assert [one.url for one in due([changed], NOW, 10)] == ["https://elsewhere.example.org/"]
    assert not due([replace(changed, withdrawn=True)], NOW, 10)


def test_an_unreadable_day_is_no_reason_never_to_ask() -> None:
    assert due([resource("a", LinkCheck(URL, "lately", 200))], NOW, 10)


@pytest.mark.parametrize(
    ("found_at", "problem"),
    [
        (URL, ""),
        ("https://www.bank.example.org/home/", ""),
        ("http://bank.example.org/home?session=1", ""),
        ("https://other.example.org/home", MOVED),
        ("https://bank.example.org/elsewhere", MOVED),
    ],
)
def test_an_answer_from_elsewhere_is_told(found_at: str, problem: str) -> None:
    told = judged(URL, NOW, found_at)
    assert (told.problem, told.status, told.checked_at) == (problem, 200, "2027-03-06T12:00:00Z")
    assert is_good(told)


@pytest.mark.parametrize(
    ("error", "problem", "good"),
    [
        (FetchRefused(URL, "status", 404), GONE, False),
        (FetchRefused(URL, "status", 410), GONE, False),
        (FetchRefused(URL, "status", 503), "status", False),
        (FetchRefused(URL, "unresolved"), "unresolved", False),
        (FetchRefused(URL, "media-type"), "", True),
        (FetchRefused(URL, "too-large"), "too-large", True),
    ],
)
def test_a_refusal_is_told_by_its_rule(error: FetchRefused, problem: str, good: bool) -> None:
    told = refused(URL, NOW, error)
    assert (told.problem, told.status) == (problem, error.status)
    assert is_good(told) is good
    assert words(told)


def test_a_certificate_that_is_over_is_seen_through_the_libraries() -> None:
    error = FetchRefused(URL, "unanswered")
    error.__cause__ = OSError(ssl.SSLCertVerificationError("certificate has expired"))
    assert refused(URL, NOW, error).problem == CERTIFICATE


def test_failures_are_counted_since_it_last_answered() -> None:
    checks = [check(1, GONE), check(5, GONE), check(2, "unanswered"), check(4), check(3, MOVED)]
    assert [one.problem for one in failures(resource("a", *checks))] == [GONE, "unanswered"]
    assert not failures(resource("a"))
    assert not failures(resource("a", replace(check(1, GONE), url="https://before.example.org/")))
