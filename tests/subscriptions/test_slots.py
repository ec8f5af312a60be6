"""Slots: every zone, both changes of the clock, leap days, days that are left out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.subscription import Rhythm
from subscriptions.slots import LENGTHS, begun, named, next_due, since, slot

ZONES = sorted(available_timezones())
CALENDAR = [Rhythm.DAILY, Rhythm.WEEKLY, Rhythm.MONTHLY]
instants = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 1), timezones=st.just(UTC))
hours = st.integers(0, 23)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(list(Rhythm)), st.sampled_from(ZONES), hours, instants)
def test_the_next_slot_is_another_and_comes_in_time(
    rhythm: Rhythm, zone: str, hour: int, now: datetime
) -> None:
    due = next_due(rhythm, zone, hour, now)
    assert now < due <= now + LENGTHS[rhythm] + timedelta(days=1, hours=2)
    assert slot(rhythm, zone, hour, due) != slot(rhythm, zone, hour, now)
    if rhythm is not Rhythm.IMMEDIATE:
        just_before = due - timedelta(seconds=1)
        assert slot(rhythm, zone, hour, just_before) == slot(rhythm, zone, hour, now)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(Rhythm)), st.sampled_from(ZONES), hours, instants)
def test_a_slot_has_begun_somewhere_before_it_begins_here(
    rhythm: Rhythm, zone: str, hour: int, now: datetime
) -> None:
    name = slot(rhythm, zone, hour, now)
    begins, here = begun(name), begun(name, zone, hour)
    assert begins is not None
    assert here is not None
    assert begins <= here <= now <= begins + LENGTHS[rhythm] + timedelta(days=2, hours=3)
    assert slot(rhythm, zone, hour, here) == name


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CALENDAR), st.sampled_from(ZONES), hours, instants)
def test_no_slot_comes_twice_and_none_is_left_out(
    rhythm: Rhythm, zone: str, hour: int, now: datetime
) -> None:
    seen = [slot(rhythm, zone, hour, now)]
    for _ in range(14):
        now = next_due(rhythm, zone, hour, now)
        seen.append(slot(rhythm, zone, hour, now))
    assert len(set(seen)) == len(seen)
    assert seen == sorted(seen)


@given(instants)
def test_an_instant_can_stand_for_a_slot(now: datetime) -> None:
    name = since(now, since(now, "daily/2026-11-21"))
    assert begun(name) == now.replace(microsecond=0)
    assert named(name) == "daily/2026-11-21"


@pytest.mark.parametrize(
    ("zone", "hour", "before", "due"),
    [
        ("Europe/Berlin", 2, "2026-03-28T12:00", "2026-03-29T01:00"),  # 02:00 is leapt over: 03:00
        ("Europe/Berlin", 2, "2026-10-24T12:00", "2026-10-25T00:00"),  # 02:00 comes twice: the first
        ("Europe/Berlin", 7, "2026-03-28T12:00", "2026-03-29T05:00"),
        ("Europe/Berlin", 7, "2026-10-24T12:00", "2026-10-25T06:00"),
        ("Africa/Nairobi", 7, "2028-02-28T12:00", "2028-02-29T04:00"),
        ("Pacific/Apia", 7, "2011-12-29T18:00", "2011-12-30T17:00"),  # 30 December 2011 was left out
        ("America/Havana", 0, "2026-03-08T04:00", "2026-03-08T05:00"),  # midnight is leapt over
    ],
)
def test_changes_of_the_clock(zone: str, hour: int, before: str, due: str) -> None:
    assert next_due(Rhythm.DAILY, zone, hour, at(before)) == at(due)


def test_between_the_two_passes_through_an_hour_nothing_is_due_again() -> None:
    first = at("2026-10-25T00:00")
    due = next_due(Rhythm.DAILY, "Europe/Berlin", 2, first)
    assert due == at("2026-10-26T01:00")
    assert slot(Rhythm.DAILY, "Europe/Berlin", 2, first + timedelta(hours=1)) == "daily/2026-10-25"


def test_a_day_that_is_left_out_begins_with_the_next_and_has_no_letter_of_its_own() -> None:
    due = at("2011-12-30T17:00")
    assert slot(Rhythm.DAILY, "Pacific/Apia", 7, due) == "daily/2011-12-31"
    assert next_due(Rhythm.DAILY, "Pacific/Apia", 7, due) == at("2011-12-31T17:00")


def test_weeks_begin_on_monday_and_are_those_of_the_iso_year() -> None:
    monday = at("2024-12-30T07:00")
    assert slot(Rhythm.WEEKLY, "UTC", 7, monday) == "weekly/2025-W01"
    assert slot(Rhythm.WEEKLY, "UTC", 7, monday - timedelta(minutes=1)) == "weekly/2024-W52"
    assert next_due(Rhythm.WEEKLY, "UTC", 7, monday) == at("2025-01-06T07:00")


def test_months_begin_on_the_first_even_after_a_leap_day() -> None:
    assert next_due(Rhythm.MONTHLY, "UTC", 7, at("2028-02-29T12:00")) == at("2028-03-01T07:00")
    assert slot(Rhythm.MONTHLY, "UTC", 7, at("2028-02-29T12:00")) == "monthly/2028-02"
    assert slot(Rhythm.MONTHLY, "UTC", 7, at("2028-02-01T06:59")) == "monthly/2028-01"


def test_at_once_means_once_an_hour() -> None:
    now = at("2026-11-21T14:59")
    assert slot(Rhythm.IMMEDIATE, "Asia/Kathmandu", 7, now) == "immediate/2026-11-21T14"
    assert next_due(Rhythm.IMMEDIATE, "Asia/Kathmandu", 7, now) == at("2026-11-21T15:59")


def test_a_zone_that_is_not_known_is_utc() -> None:
    assert next_due(Rhythm.DAILY, "Mars/Olympus", 7, at("2026-11-21T08:00")) == at("2026-11-22T07:00")


@pytest.mark.parametrize(
    "name", ["", "recall/x/retracted", "daily/2026-02-30", "weekly/2026-W99", "daily/", "since/yesterday"]
)
def test_what_is_no_slot_has_not_begun(name: str) -> None:
    assert begun(name) is None
