"""iCalendar files: what is read of them, and at which instant; all events are invented."""

from datetime import UTC, datetime

import pytest

from conferences.reading.icalendars import OCCURRENCES, read_icalendar
from domain.errors import UnreadableListing
from domain.listing import Attendance, Edition, Moment

NOW = datetime(2026, 11, 21, tzinfo=UTC)
URL = "https://society.example/all.ics"


def editions(*lines: str, before: str = "", title: str = "Invented Congress") -> list[Edition]:
    text = "\n".join(("BEGIN:VCALENDAR", before, "BEGIN:VEVENT", f"SUMMARY:{title}", *lines, "END:VEVENT"))
    reading = read_icalendar(f"{text}\nEND:VCALENDAR\n".encode(), URL, NOW)
    assert not reading.refused, reading.refused
    return [draft for draft in reading.drafts if isinstance(draft, Edition)]


def one(*lines: str, before: str = "") -> Edition:
    (edition,) = editions(*lines, before=before)
    return edition


def refused(*lines: str, title: str = "Invented Congress") -> str:
    text = "\n".join(("BEGIN:VCALENDAR", "BEGIN:VEVENT", f"SUMMARY:{title}", *lines, "END:VEVENT"))
    reading = read_icalendar(text.encode(), URL, NOW)
    assert not reading.found
    return reading.refused[0].rule


def test_days_end_with_their_last() -> None:
    edition = one(
        "DTSTART;VALUE=DATE:20270306", "DTEND;VALUE=DATE:20270309", "LOCATION:Hall A\\, Nairobi\\, Kenya"
    )
    assert edition.starts == Moment("2027-03-06", "Africa/Nairobi")
    assert edition.ends == Moment("2027-03-08", "Africa/Nairobi")
    assert (edition.venue.country, edition.venue.name) == ("KE", "Hall A, Nairobi, Kenya")
    assert edition.url == URL


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Africa/Nairobi", "Africa/Nairobi"),
        (
            "/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires",
            "America/Argentina/Buenos_Aires",
        ),
        ("/mozilla.org/20070129_1/Asia/Kolkata", "Asia/Kolkata"),
        ('"E. Africa Standard Time"', "Africa/Nairobi"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("UTC", "UTC"),
        ("gmt", "UTC"),
    ],
)
def test_zones_by_certain_names(name: str, zone: str) -> None:
    assert one(f"DTSTART;TZID={name}:20270706T090000").starts == Moment("2027-07-06T09:00", zone)


def vtimezone(name: str, winter: str, summer: str, more: str = "") -> str:
    return (
        f"BEGIN:VTIMEZONE\nTZID:{name}\n{more}BEGIN:STANDARD\nDTSTART:16011028T030000\n"
        f"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nTZOFFSETFROM:{summer}\nTZOFFSETTO:{winter}\nEND:STANDARD\n"
        f"BEGIN:DAYLIGHT\nDTSTART:16010325T020000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nTZOFFSETFROM:{winter}\n"
        f"TZOFFSETTO:{summer}\nEND:DAYLIGHT\nEND:VTIMEZONE"
    )


@pytest.mark.parametrize(
    ("winter", "summer", "instant", "zone"),
    [
        ("+0100", "+0200", "2027-07-06T07:00", "Etc/GMT-2"),
        ("-0500", "-0400", "2027-07-06T13:00", "Etc/GMT+4"),
        ("+0530", "+0530", "2027-07-06T03:30", "UTC"),
        ("-0330", "-0230", "2027-07-06T11:30", "UTC"),
    ],
)
def test_a_zone_of_its_own_keeps_its_instant(winter: str, summer: str, instant: str, zone: str) -> None:
    starts = one("DTSTART;TZID=Ours:20270706T090000", before=vtimezone("Ours", winter, summer)).starts
    assert starts.begins() == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert starts.zone == zone


def test_a_zone_of_its_own_at_a_place_that_agrees_gets_the_places_zone() -> None:
    zone = vtimezone("Ours", "+0100", "+0200")
    starts = one("DTSTART;TZID=Ours:20270706T090000", "LOCATION:Lyon\\, France", before=zone).starts
    assert starts == Moment("2027-07-06T09:00", "Europe/Paris")


def test_a_zone_that_says_its_own_other_name() -> None:
    zone = vtimezone("Ours", "+0000", "+0000", "X-LIC-LOCATION:Africa/Accra\n")
    assert one("DTSTART;TZID=Ours:20270706T090000", before=zone).starts.zone == "Africa/Accra"


def test_times_without_a_zone_are_those_of_their_place_or_days() -> None:
    assert one("DTSTART:20270306T090000", "LOCATION:Lagos\\, Nigeria").starts == Moment(
        "2027-03-06T09:00", "Africa/Lagos"
    )
    assert one("DTSTART:20270306T090000").starts == Moment("2027-03-06", "UTC")
    assert one("DTSTART:20270306T090000", before="X-WR-TIMEZONE:Asia/Tokyo").starts.zone == "Asia/Tokyo"
    assert one("DTSTART:20270306T090000Z", "LOCATION:Hanoi\\, Vietnam").starts.at == "2027-03-06T16:00"


def test_occurrences_keep_their_hour_across_a_change_of_clocks() -> None:
    found = editions("UID:w", "DTSTART;TZID=Europe/Berlin:20270315T100000", "RRULE:FREQ=WEEKLY;COUNT=4")
    assert [edition.starts.at for edition in found] == [
        f"2027-{day}T10:00" for day in ("03-15", "03-22", "03-29", "04-05")
    ]
    assert {edition.starts.begins().hour for edition in found} == {8, 9}


def test_recurrences_are_capped() -> None:
    assert len(editions("DTSTART:20200101T100000Z", "RRULE:FREQ=DAILY")) == OCCURRENCES
    weekly = editions("DTSTART:20200101T100000Z", "RRULE:FREQ=WEEKLY")
    assert len(weekly) in (104, 105)
    assert weekly[0].starts.begins() >= datetime(2026, 11, 20, tzinfo=UTC)
    assert len(editions("DTSTART:20000101T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3")) == 3


def test_exceptions_and_moved_occurrences() -> None:
    text = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:A\nDTSTART:20270301T100000Z\nRRULE:FREQ=DAILY;COUNT=4\n"
        "EXDATE:20270302T100000Z\nEND:VEVENT\nBEGIN:VEVENT\nUID:1\nSUMMARY:B\nRECURRENCE-ID:20270303T100000Z\n"
        "DTSTART:20270303T150000Z\nEND:VEVENT\nEND:VCALENDAR"
    )
    found = read_icalendar(text.encode(), URL, NOW).drafts
    assert [(one.title, one.starts.at) for one in found if isinstance(one, Edition)] == [
        ("A", "2027-03-01T10:00"),
        ("B", "2027-03-03T15:00"),
        ("A", "2027-03-04T10:00"),
    ]


def test_online_cancelled_and_a_place_on_earth() -> None:
    online = one("DTSTART:20270306T090000Z", "LOCATION:https://meet.example/x", "STATUS:CANCELLED")
    assert (online.attendance, online.url, online.cancelled) == (
        Attendance.ONLINE,
        "https://meet.example/x",
        True,
    )
    placed = one("DTSTART:20270306T090000Z", "LOCATION:Lima\\, Peru", "GEO:-12.05;-77.04")
    assert (placed.venue.country, placed.venue.latitude, placed.venue.longitude) == ("PE", -12.05, -77.04)


def test_what_others_need_not_know_is_left_out() -> None:
    edition = one(
        "DTSTART:20270306T090000Z",
        "ATTENDEE:mailto:patient@society.example",
        "ORGANIZER:mailto:secretary@society.example",
        "ATTACH:https://society.example/list.pdf",
        "BEGIN:VALARM",
        "TRIGGER:-PT1H",
        "DESCRIPTION:Wake up",
        "END:VALARM",
        "DESCRIPTION:<p>First &amp; second</p><script>x</script>\\nThird",
    )
    assert edition.summary.split() == ["First", "&", "second", "x", "Third"]
    assert "society.example/list" not in repr(edition)
    assert "mailto" not in repr(edition)
    assert "Wake" not in repr(edition)


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ((), "no-start"),
        (("DTSTART:20270306T090000Z", "DTEND:20270305T090000Z"), "ends-before-start"),
        (("DTSTART:18000306T090000Z",), "year"),
        (("DTSTART:20270231",), "date"),
        (("DTSTART:20270306T090000Z", "CLASS:PRIVATE"), "private"),
        (("DTSTART;TZID=Ours:20270306T090000",), "zone-unknown"),
        (("DTSTART:20270306T090000Z", "RRULE:FREQ=MINUTELY"), "recurrence"),
    ],
)
def test_refusals(lines: tuple[str, ...], rule: str) -> None:
    assert refused(*lines) == rule


def test_one_bad_event_leaves_the_others_alone() -> None:
    text = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:A\nDTSTART:nonsense\nEND:VEVENT\n"
        "BEGIN:VEVENT\nSUMMARY:B\nDTSTART:20270303T150000Z\nEND:VEVENT\nEND:VCALENDAR"
    )
    reading = read_icalendar(text.encode(), URL, NOW)
    assert ([one.title for one in reading.drafts], [one.rule for one in reading.refused]) == (["B"], ["date"])


@pytest.mark.parametrize(
    ("text", "rule"), [("hello", "no-calendar"), ("BEGIN:VCALENDAR\nEND:VCALENDAR", "no-event")]
)
def test_no_calendar(text: str, rule: str) -> None:
    with pytest.raises(UnreadableListing) as caught:
        read_icalendar(text.encode(), URL, NOW)
    assert caught.value.rule == rule
