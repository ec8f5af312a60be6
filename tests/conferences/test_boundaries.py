"""Status and closing at each boundary, in every zone there is, against the clock on the wall. All invented.

What is expected comes from the instant turned into local time; the code under test goes the other way, from
local time to the instant, so that the two cannot share a mistake.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from domain.listing import (
    AOE,
    Deadline,
    DeadlineKind,
    Edition,
    EventStatus,
    Moment,
    Opportunity,
    OpportunityKind,
)

ZONES = (*sorted(available_timezones()), AOE)
MINUTE = timedelta(minutes=1)
EDITION = Edition("e", "s", "2027", "Invented Meeting", Moment("2027-06-01"), Moment("2027-06-03"))
GRANT = Opportunity("o", OpportunityKind.GRANT, "Invented Grant", "Invented Fund", "https://fund.example")
CLOCKS = ("", "T00:00", "T12:00", "T23:59")
"""A whole day, and times of a day."""


def on_the_wall(at: datetime, zone: str) -> datetime:
    """What the clocks of a zone show at an instant."""
    place = timezone(timedelta(hours=-12)) if zone == AOE else ZoneInfo(zone)
    return at.astimezone(place).replace(tzinfo=None)


@cache
def days(zone: str) -> tuple[date, ...]:
    """Two quiet days, and those around which the clocks of a zone change within two years."""
    quiet = {date(2027, 1, 15), date(2027, 7, 15)}
    noons = [datetime(2027, 1, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(730)]
    shifts = [on_the_wall(noon, zone) - noon.replace(tzinfo=None) for noon in noons]
    changed = {
        noon.date()
        for noon, before, after in zip(noons[1:], shifts, shifts[1:], strict=False)
        if before != after
    }
    return tuple(sorted(quiet | changed | {day - timedelta(days=1) for day in changed}))


def is_shown_twice(shown: datetime, zone: str) -> bool:
    """Whether the clocks of a zone show that time again, after they were put back."""
    if zone == AOE:
        return False
    first, second = (shown.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    return first.utcoffset() > second.utcoffset()  # type: ignore[operator]


def moments(zone: str) -> Iterator[Moment]:
    """Days and times of a zone, those left out that its clocks skip or show twice."""
    for day in days(zone):
        for clock in CLOCKS:
            moment = Moment(f"{day}{clock}", zone)
            shown = datetime.combine(day, time.fromisoformat(clock[1:]) if clock else time.min)
            once = on_the_wall(moment.ends(), zone) == shown and not is_shown_twice(shown, zone)
            if not clock or once:
                yield moment


def is_over(moment: Moment, at: datetime) -> bool:
    """Whether the clocks of its zone have left that day, or reached that time."""
    shown = on_the_wall(at, moment.zone)
    return shown.date() > moment.day if moment.whole_day else shown >= datetime.fromisoformat(moment.at)


def has_begun(moment: Moment, at: datetime) -> bool:
    """Whether the clocks of its zone show that day or time, or a later one."""
    shown = on_the_wall(at, moment.zone)
    return shown.date() >= moment.day if moment.whole_day else shown >= datetime.fromisoformat(moment.at)


def around(at: datetime) -> Iterator[datetime]:
    yield from (at - MINUTE, at, at + MINUTE)


def test_every_zone_is_tried_and_changes_of_clocks_with_it() -> None:
    assert len(ZONES) > 400
    changing = [zone for zone in ZONES if len(days(zone)) > 2]
    assert {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"} <= set(changing)
    assert all(len(list(moments(zone))) >= 6 for zone in ZONES)


@pytest.mark.parametrize("letter", sorted({zone[0] for zone in ZONES}))
def test_what_closes_is_closed_the_minute_it_closes(letter: str) -> None:
    for moment in (m for zone in ZONES if zone[0] == letter for m in moments(zone)):
        edition = replace(EDITION, starts=Moment("2031-06-01"), ends=Moment("2031-06-03"))
        edition = replace(edition, deadlines=(Deadline(DeadlineKind.ABSTRACT, moment),))
        closing = replace(GRANT, closes=moment)
        running = replace(GRANT, runs_until=moment)
        told = set()
        for at in around(moment.ends()):
            over = is_over(moment, at)
            told.add(over)
            expected = EventStatus.ANNOUNCED if over else EventStatus.OPEN
            assert edition.status(at) is expected, (moment, at)
            for offer in (closing, running):
                assert offer.is_open(at) is not over, (moment, at)
        assert told == {True, False}, f"{moment} has no boundary here"


@pytest.mark.parametrize("letter", sorted({zone[0] for zone in ZONES}))
def test_a_meeting_begins_and_is_past_to_the_minute(letter: str) -> None:
    for moment in (m for zone in ZONES if zone[0] == letter for m in moments(zone)):
        begins = replace(EDITION, starts=moment, ends=Moment("2031-06-03"))
        ends = replace(EDITION, starts=Moment("2020-06-03"), ends=moment)
        for at in around(moment.begins()):
            begun = has_begun(moment, at)
            assert begins.status(at) is (EventStatus.RUNNING if begun else EventStatus.ANNOUNCED), (
                moment,
                at,
            )
            moved = replace(begins, earlier=((moment, moment),))
            assert moved.status(at) is (EventStatus.RUNNING if begun else EventStatus.MOVED), (moment, at)
        for at in around(moment.ends()):
            past = is_over(moment, at)
            assert ends.status(at) is (EventStatus.PAST if past else EventStatus.RUNNING), (moment, at)
            assert replace(ends, cancelled=True).status(at) is EventStatus.CANCELLED


@pytest.mark.parametrize(
    ("at", "zone", "instant"),
    [
        ("2027-10-28T23:59", "Africa/Cairo", datetime(2027, 10, 28, 20, 59, tzinfo=UTC)),
        ("2027-10-31T02:30", "Europe/Berlin", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("2027-03-28T02:30", "Europe/Berlin", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
    ],
)
def test_of_a_time_shown_twice_the_first_counts_and_a_skipped_one_is_not_earlier(
    at: str, zone: str, instant: datetime
) -> None:
    assert Moment(at, zone).begins() == Moment(at, zone).ends() == instant


def test_a_boundary_that_is_an_hour_off_is_found() -> None:
    """The tests above can fail: a zone's winter time all year round would not pass."""
    summer = Moment("2027-07-15", "Europe/Berlin")
    off = summer.ends() + timedelta(hours=1)
    assert [is_over(summer, at) for at in around(off)] == [True, True, True]
    assert [is_over(summer, at) for at in around(summer.ends())] == [False, True, True]
