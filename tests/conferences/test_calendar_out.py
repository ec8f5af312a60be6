"""The calendars we give out, read by three parsers independent of each other. Every meeting is invented."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from conferences.calendar_out import Entry, to_calendar
from conferences.offers_out import Offer, offers_calendar
from domain.listing import (
    Attendance,
    Deadline,
    DeadlineKind,
    Edition,
    EventStatus,
    Moment,
    Opportunity,
    OpportunityKind,
    Venue,
)
from domain.plain import address

SOURCE = "https://findings.example/conferences.ics"
PAGE = "https://findings.example/conferences/invented/2027"
CHANGED = "2026-11-20T08:15:30.123456Z"
ZONES = (
    *("Africa/Nairobi", "Africa/Cairo", "America/New_York", "America/Sao_Paulo", "America/St_Johns"),
    *("Asia/Kathmandu", "Asia/Tokyo", "Asia/Tehran", "Australia/Lord_Howe", "Europe/Berlin"),
    *("Europe/Dublin", "Pacific/Chatham", "Pacific/Kiritimati", "UTC"),
)
EDITION = Edition(
    id="0a1b",
    series="s1",
    slug="2027",
    title="Invented Meeting on Tumours 2027",
    starts=Moment("2027-03-06", "Europe/Berlin"),
    ends=Moment("2027-03-09", "Europe/Berlin"),
    venue=Venue(country="KE", city="Nairobi", name="Invented Hall", latitude=-1.2921, longitude=36.8219),
    cancer_types=("breast",),
    deadlines=(Deadline(DeadlineKind.ABSTRACT, Moment("2027-01-05")),),
    url="https://meeting.example/2027",
)

Told = tuple[str, str, date | datetime, date | datetime | None]
"""UID, title, start and end; times in UTC."""


def calendar(*editions: Edition) -> bytes:
    return to_calendar([Entry(edition, PAGE, CHANGED) for edition in editions], "Invented list", SOURCE)


def _instant(value: date | datetime | None) -> date | datetime | None:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def by_icalendar(data: bytes) -> list[Told]:
    found = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return [
        (
            str(e["uid"]),
            str(e["summary"]),
            _instant(e.decoded("dtstart")),
            _instant(e.decoded("dtend", None)),
        )
        for e in found
    ]


def by_vobject(data: bytes) -> list[Told]:
    found = next(vobject.readComponents(data.decode())).contents.get("vevent", [])
    return [
        (
            e.uid.value,
            e.summary.value,
            _instant(e.dtstart.value),
            _instant(e.dtend.value) if "dtend" in e.contents else None,
        )
        for e in found
    ]


def by_ical(data: bytes) -> list[Told]:
    found = IcsCalendarStream.calendar_from_ics(data.decode()).events
    return [(e.uid, e.summary, _instant(e.dtstart), _instant(e.dtend)) for e in found]


def read(data: bytes) -> list[Told]:
    """What all three read."""
    told = by_icalendar(data)
    assert by_vobject(data) == told
    assert by_ical(data) == told
    return told


def changes(zone: str, year: int = 2027) -> Iterator[datetime]:
    """The hours of a year at which the clocks of a zone change."""
    at = datetime(year, 1, 1, tzinfo=UTC)
    while at.year == year:
        if (
            at.astimezone(ZoneInfo(zone)).utcoffset()
            != (at + timedelta(hours=1)).astimezone(ZoneInfo(zone)).utcoffset()
        ):
            yield at + timedelta(hours=1)
        at += timedelta(hours=1)


def times(zone: str) -> Iterator[datetime]:
    yield from (datetime(2027, month, 6, 9, 30) for month in (1, 4, 7, 10))
    for change in changes(zone):
        for hours in (-25, -2, -1, 0, 1, 2, 25):
            yield (change + timedelta(hours=hours)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize("zone", ZONES)
def test_times_are_read_alike_across_changes_of_the_clock(zone: str) -> None:
    starts = sorted(set(times(zone)))
    editions = [
        replace(
            EDITION,
            id=f"e{n}",
            starts=Moment(f"{start:%Y-%m-%dT%H:%M}", zone),
            ends=Moment(f"{start + timedelta(days=200):%Y-%m-%dT%H:%M}", zone),
            deadlines=(),
        )
        for n, start in enumerate(starts)
    ]
    told = read(calendar(*editions))
    assert [(t[2], t[3]) for t in told] == [(e.starts.begins(), e.ends.begins()) for e in editions]


@pytest.mark.parametrize("zone", [zone for zone in ZONES if zone != "UTC"])
def test_the_rules_of_the_zone_are_in_the_calendar_itself(zone: str) -> None:
    starts = sorted({t for t in times(zone) if (t + timedelta(hours=2)) not in times(zone)})
    editions = [
        replace(EDITION, id=f"e{n}", starts=Moment(f"{s:%Y-%m-%dT%H:%M}", zone), deadlines=())
        for n, s in enumerate(starts)
    ]
    editions = [replace(e, ends=Moment(e.starts.at[:10] + "T23:59", zone)) for e in editions]
    # No reader knows a zone of this name, so that it must take the offsets from our VTIMEZONE.
    unknown = f"X-{zone.replace('/', '-')}"
    data = calendar(*editions).replace(zone.encode(), unknown.encode())
    expected = [e.starts.begins() for e in editions]
    assert [told[2] for told in by_icalendar(data)] == expected
    if zone != "Europe/Dublin":  # whose winter vobject takes for UTC, so that it drops the rules
        assert [told[2] for told in by_vobject(data)] == expected


def test_a_time_that_the_clock_skips_is_the_one_it_stands_for() -> None:
    skipped = replace(
        EDITION,
        starts=Moment("2027-03-28T02:30", "Europe/Berlin"),
        ends=Moment("2027-03-28T12:00", "Europe/Berlin"),
    )
    data = calendar(skipped)
    assert b"DTSTART;TZID=Europe/Berlin:20270328T033000" in data
    assert read(data)[0][2] == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_whole_days_end_before_the_following_one() -> None:
    data = calendar(EDITION)
    assert b"DTSTART;VALUE=DATE:20270306\r\nDTEND;VALUE=DATE:20270310\r\n" in data
    assert read(data)[0][2:] == (date(2027, 3, 6), date(2027, 3, 10))
    assert b"VTIMEZONE" not in data


def test_a_deadline_anywhere_on_earth_is_an_instant() -> None:
    uid, title, start, end = read(calendar(EDITION))[1]
    assert end == datetime(2027, 1, 6, 12, tzinfo=UTC) == EDITION.deadlines[0].moment.ends()
    assert start == datetime(2027, 1, 6, 11, 30, tzinfo=UTC)
    assert title == "Deadline: Abstracts – Invented Meeting on Tumours 2027"
    assert uid == "0a1b-abstract@findings.example"


def test_names_stay_while_numbers_rise() -> None:
    extended = Deadline(DeadlineKind.ABSTRACT, Moment("2027-02-01"), earlier=(Moment("2027-01-05"),))
    later = replace(EDITION, sequence=3, title="Another title", deadlines=(extended,))
    first, second = calendar(EDITION), calendar(later)
    assert [told[0] for told in read(first)] == [told[0] for told in read(second)]
    assert (first.count(b"SEQUENCE:0\r\n"), second.count(b"SEQUENCE:3\r\n")) == (2, 2)
    assert b"First until 5 January 2027" in second.replace(b"\r\n ", b"")
    assert b"DTSTAMP:20261120T081530Z\r\n" in first


def test_two_deadlines_of_one_kind_have_names_of_their_own() -> None:
    twice = tuple(
        Deadline(DeadlineKind.OTHER, Moment(f"2027-01-0{n}"), label)
        for n, label in enumerate(["Posters", "Talks", "", "", "Talks"], 1)
    )
    uids = [told[0] for told in read(calendar(replace(EDITION, deadlines=twice)))]
    assert len(set(uids)) == 6
    kept = [told[0] for told in read(calendar(replace(EDITION, deadlines=twice[1:])))]
    assert set(kept) < set(uids)


def test_a_cancelled_meeting_says_so_even_where_cancelled_events_are_dropped() -> None:
    data = calendar(replace(EDITION, cancelled=True))
    events = icalendar.Calendar.from_ical(data).walk("VEVENT")
    dropped = [event for event in events if event.get("status") == "CANCELLED"]
    (left,) = [event for event in events if event.get("status") != "CANCELLED"]
    assert len(dropped) == 2
    assert all(str(event["summary"]).startswith("Cancelled: ") for event in events)
    assert left.decoded("dtstart") == date(2027, 3, 6)
    assert read(data)


def test_what_a_calendar_says_of_a_meeting() -> None:
    moved = replace(
        EDITION,
        earlier=((Moment("2027-02-06"), Moment("2027-02-09")),),
        attendance=Attendance.HYBRID,
        summary="Invented.\nSecond line, with; signs \\ in it.",
    )
    (event, _) = icalendar.Calendar.from_ical(calendar(moved)).walk("VEVENT")
    assert event["location"] == "Invented Hall, Nairobi, Kenya and online"
    assert event["geo"].to_ical() == "-1.2921;36.8219"
    assert list(event["categories"].cats) == ["Conference", "Breast cancer"]
    assert event["url"] == PAGE
    assert str(event["description"]).startswith("Moved: first announced for 6–9 February 2027.\n")
    assert moved.summary in str(event["description"])


def test_a_calendar_asks_for_no_answers_and_says_how_often_to_come_back() -> None:
    data = calendar(EDITION)
    for word in (b"METHOD", b"ATTENDEE", b"ORGANIZER", b"VALARM"):
        assert word not in data
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT12H\r\n" in data


def test_dates_that_do_not_exist_leave_the_rest_whole() -> None:
    broken = replace(EDITION, id="broken", starts=Moment("2027-02-30"))
    nowhere = replace(EDITION, id="nowhere", starts=Moment("2027-02-03T10:00", "Mars/Olympus"))
    nowhere = replace(nowhere, ends=Moment("2027-02-03T11:00", "Mars/Olympus"))
    assert {told[0] for told in read(calendar(broken, EDITION, nowhere))} == {
        "0a1b@findings.example",
        "0a1b-abstract@findings.example",
    }


def test_an_end_before_its_beginning_is_not_told() -> None:
    timed = replace(EDITION, starts=Moment("2027-03-06T09:00", "UTC"), ends=Moment("2027-03-05T09:00", "UTC"))
    backwards = replace(EDITION, ends=Moment("2027-03-01"))
    assert b"DTEND" not in calendar(replace(timed, deadlines=()))
    assert read(calendar(backwards))[0][2:] == (date(2027, 3, 6), date(2027, 3, 7))


HOSTILE = (
    "Title\r\nATTENDEE:mailto:x@invented.example\r\nX",
    "End\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:planted",
    'Quotes " and \\n and \\, ; : =',
    "Breaks\x0bone\x0ctwo\x85three\u2028four\u2029five\rsix",
    "Nothing\x00 to\x1b[31m see\x7f",
    "\ud800 alone",
    "😀" * 200,
    "é" * 100_000,
    "x" * 100_000,
    "\u202eturned round",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    hostile = replace(
        EDITION,
        title=text,
        summary=text,
        url=f"https://a.example/{text}",
        organizers=(text,),
        venue=Venue(city=text, name=text, address=text, country=text, latitude=float("nan"), longitude=1.0),
        cancer_types=(text,),
        deadlines=(Deadline(DeadlineKind.OTHER, Moment("2027-01-05"), text),),
    )
    data = to_calendar([Entry(hostile, PAGE, text)], text, SOURCE + "?q=\r\nMETHOD:REQUEST")
    assert len(read(data)) == 2
    check_form(data)
    assert not re.search(rb"^(ATTENDEE|METHOD|UID:planted)", data, re.MULTILINE)
    assert len(data) < 40_000


@settings(max_examples=150, deadline=None)
@given(text=st.text(st.characters(codec=None), max_size=300), place=st.text(max_size=60))
@example("\r\n\r\n", " ")
def test_any_text_stays_one_property(text: str, place: str) -> None:
    data = calendar(replace(EDITION, title=text, summary=text, venue=Venue(city=place), id=f"x{place}"))
    check_form(data)
    assert len(by_icalendar(data)) == len(by_ical(data)) == len(by_vobject(data)) == 2
    assert re.findall(rb"^[A-Z-]+", data, re.MULTILINE).count(b"SUMMARY") == 2


def check_form(data: bytes) -> None:
    """The lines end and fold as they must."""
    data.decode("utf-8")
    rows = data.split(b"\r\n")
    assert rows[-1] == b""
    assert all(len(row) <= 75 for row in rows)
    assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", b"".join(rows))
    for row in rows:
        row.decode("utf-8")  # no character is cut in two


@settings(max_examples=300, deadline=None)
@given(
    zone=st.sampled_from([*ZONES, "AoE"]),
    day=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    length=st.integers(0, 6),
    whole=st.booleans(),
    minutes=st.integers(0, 24 * 60 - 1),
)
def test_status_is_right_a_minute_before_and_after_each_boundary(
    zone: str, day: date, length: int, whole: bool, minutes: int
) -> None:
    clock = f"T{minutes // 60:02}:{minutes % 60:02}"
    last = day + timedelta(days=length)
    starts = Moment(f"{day}" if whole else f"{day}T00:00", zone)
    ends = Moment(f"{last}" if whole else f"{last}{clock}", zone)
    due = Moment(f"{day - timedelta(days=30)}" + ("" if whole else clock), zone)
    edition = replace(EDITION, starts=starts, ends=ends, deadlines=(Deadline(DeadlineKind.ABSTRACT, due),))
    minute = timedelta(minutes=1)
    zone_clock = timedelta(hours=12) if zone == "AoE" else None
    begin, end = starts.begins(), ends.ends()
    if zone_clock and whole:
        assert begin == datetime(day.year, day.month, day.day, tzinfo=UTC) + zone_clock
    assert edition.status(due.ends() - minute) is EventStatus.OPEN
    assert edition.status(due.ends()) is EventStatus.ANNOUNCED
    assert edition.status(due.ends() + minute) is EventStatus.ANNOUNCED
    assert edition.status(begin - minute) is EventStatus.ANNOUNCED
    if end > begin:
        assert edition.status(begin) is EventStatus.RUNNING
        assert edition.status(end - minute) is EventStatus.RUNNING
        assert edition.status(end - timedelta(microseconds=1)) is EventStatus.RUNNING
    assert edition.status(end) is EventStatus.PAST
    assert edition.status(end + minute) is EventStatus.PAST
    moved = replace(edition, earlier=((starts, ends),))
    assert moved.status(due.ends() + minute) is EventStatus.MOVED
    assert replace(edition, cancelled=True).status(begin) is EventStatus.CANCELLED


@pytest.mark.parametrize("zone", [*ZONES, "AoE"])
def test_what_closes_is_read_alike_across_changes_of_the_clock(zone: str) -> None:
    days = [f"{start:%Y-%m-%d}" for start in times(zone if zone != "AoE" else "UTC")]
    moments = [
        Moment(f"{day}{clock}", zone) for day in sorted(set(days)) for clock in ("", "T23:59", "T02:30")
    ]
    grant = Opportunity("", OpportunityKind.GRANT, "Invented grant", "Invented Fund", "https://fund.example")
    offers = [
        Offer(replace(grant, id=f"g{n}", closes=moment), PAGE, CHANGED, "Grant")
        for n, moment in enumerate(moments)
    ]
    told = read(offers_calendar(offers, "Invented list", SOURCE))
    assert [end for _, _, _, end in told] == [moment.ends() for moment in moments]
    assert len({uid for uid, *_ in told}) == len(moments)


@pytest.mark.parametrize("text", [text for text in HOSTILE if text != "\ud800 alone"])
def test_hostile_words_of_an_offer_stay_text(text: str) -> None:
    closes = Moment("2027-01-05")
    one = Opportunity(
        "g", OpportunityKind.GRANT, text, text, f"https://a.example/{text}", text, closes=closes
    )
    data = offers_calendar([Offer(one, PAGE, CHANGED, "Grant")], text, SOURCE)
    assert len(read(data)) == 1
    check_form(data)
    assert not re.search(rb"^(ATTENDEE|METHOD|UID:planted)", data, re.MULTILINE)
    assert len(data) < 40_000


def test_addresses() -> None:
    assert address("https://a.example/ü") == "https://a.example/ü"
    assert not any(map(address, ("https://[bad", "ftp://a.example", "https:///x")))
