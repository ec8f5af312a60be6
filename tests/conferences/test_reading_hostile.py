"""Calendars and pages made to do harm (S11): they end quickly, stay bounded and bring nothing along."""

import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import pytest

from conferences.fetching import Fetched
from conferences.reading import Reading, read_all
from conferences.reading.drafts import MOST
from conferences.reading.icalendars import OCCURRENCES
from domain.errors import UnreadableListing
from domain.listing import Edition

NOW = datetime(2026, 11, 21, tzinfo=UTC)
START = "DTSTART:20270306T090000Z"


def cal(*lines: str, before: str = "") -> bytes:
    body = "\r\n".join(lines)
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\n{before}BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Invented\r\n"
        f"{body}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def zone(*rules: str, name: str = "Hell") -> str:
    body = "\r\n".join(rules)
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{body}\r\nEND:VTIMEZONE\r\n"


def standard(*lines: str) -> str:
    return "\r\n".join(("BEGIN:STANDARD", *lines, "END:STANDARD"))


OLD = "DTSTART:19700101T000000Z"
FREQUENCIES = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
PARTS = (
    "",
    ";COUNT=999999999",
    ";UNTIL=99991231T235959Z",
    ";INTERVAL=0",
    ";INTERVAL=-1",
    ";INTERVAL=999999999",
    ";BYMONTH=2;BYMONTHDAY=30",
    ";BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=" + ",".join(map(str, range(60))),
    ";BYSETPOS=366",
    ";BYYEARDAY=366;BYMONTH=1",
    ";BYWEEKNO=53;BYMONTH=6",
    ";COUNT=-1",
    ";BYDAY=" + ",".join(f"{number}MO" for number in range(-53, 54)),
)


def _rules() -> Iterator[bytes]:
    for frequency, part in product(FREQUENCIES, PARTS):
        yield cal(OLD, f"RRULE:FREQ={frequency}{part}")
    yield cal(START, *["RRULE:FREQ=DAILY"] * 50)
    yield cal(START, "RRULE:" + "FREQ=DAILY;" * 5000)
    yield cal(START, "RRULE:FREQ=DAILY;BYDAY=" + ",".join(["MO"] * 5000))
    yield cal(START, "RDATE:" + ",".join(["20270401T000000Z"] * 100_000))
    yield cal(START, *["RDATE:20270401T000000Z"] * 20_000)
    yield cal(START, "RRULE:FREQ=DAILY", "EXDATE:" + ",".join(["20270401T000000Z"] * 100_000))
    yield cal("DTSTART:00010101T000000Z", "RRULE:FREQ=DAILY")
    yield cal("DTSTART:99991231T235959Z", "RRULE:FREQ=DAILY")
    yield cal("DTSTART;VALUE=DATE:19700101", "RRULE:FREQ=DAILY;UNTIL=21001231")
    yield cal(START, "RDATE;VALUE=PERIOD:20270401T000000Z/P999999999D")
    overrides = "".join(
        f"END:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:x\r\n{START}\r\nRECURRENCE-ID:202703{day:02}T090000Z\r\n"
        for day in range(1, 29)
    )
    yield cal(START, "RRULE:FREQ=DAILY", overrides * 20)
    daily = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\nSUMMARY:x\r\n{OLD}\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n"
        for n in range(60)
    )
    yield f"BEGIN:VCALENDAR\r\n{daily}END:VCALENDAR".encode()


def _zones() -> Iterator[bytes]:
    local = "DTSTART;TZID=Hell:20270306T090000"
    offsets = ("TZOFFSETFROM:+0100", "TZOFFSETTO:+0200")
    for rule in (
        "FREQ=SECONDLY",
        "FREQ=DAILY",
        "FREQ=YEARLY;INTERVAL=0",
        "FREQ=YEARLY;COUNT=999999999",
        "FREQ=YEARLY",
    ):
        rules = standard("DTSTART:16010101T000000", f"RRULE:{rule}", *offsets)
        yield cal(local, before=zone(rules))
    yield cal(local, before=zone(standard("DTSTART:00010101T000000", "RRULE:FREQ=YEARLY", *offsets)))
    yield cal(
        local, before=zone(standard("DTSTART:19700101T000000", "TZOFFSETFROM:+9999", "TZOFFSETTO:-9999"))
    )
    yield cal(local, before=zone(standard("DTSTART:19700101T000000")))
    yield cal(local, before=zone(standard(*offsets)))
    yield cal(local, before=zone())
    yield cal(local, before=zone(*[standard("DTSTART:19700101T000000", *offsets)] * 5000))
    yield cal(
        local,
        before="".join(
            zone(standard("DTSTART:19700101T000000", *offsets), name=f"Z{n}") for n in range(5000)
        ),
    )
    yield cal(
        local,
        before=zone(standard("DTSTART:19700101T000000", "RDATE:" + "19800101T000000," * 20_000, *offsets)),
    )
    for name in (
        "../../etc/passwd",
        "/etc/passwd",
        "..",
        "Europe/../../../etc/passwd",
        "a" * 50_000,
        "posixrules",
        '"',
        "\\",
        "Europe",
    ):
        yield cal(f"DTSTART;TZID={name}:20270306T090000")
        yield cal(local, before=f"X-WR-TIMEZONE:{name}\r\n" + zone(f"X-LIC-LOCATION:{name}"))


def _texts() -> Iterator[bytes]:
    big = 10_000_000
    yield cal(START, "DESCRIPTION:" + "a" * big)
    yield cal(START, "DESCRIPTION:" + "a\r\n " * (big // 4))
    yield cal(START, "DESCRIPTION:" + "\\n" * (big // 2))
    yield cal(START, "DESCRIPTION:" + "<" * 1_000_000)
    yield cal(START, "DESCRIPTION:" + "&lt;" * 500_000)
    yield cal(START, "DESCRIPTION;X=" + '"' * 100_001 + ":x")
    yield cal(START, "DESCRIPTION;" + "X=1;" * 100_000 + ":x")
    yield cal(START, "DESCRIPTION;X=^n^'^^BEGIN:VALARM:x")
    yield cal(START, 'SUMMARY;LANGUAGE="a:b;c":Second title')
    yield cal(START, "LOCATION:" + "a," * 1_000_000)
    yield cal(START, "LOCATION:" + "-" * 1_000_000)
    yield cal(START, "URL:javascript:alert(1)")
    yield cal(START, "URL:http://user@10.0.0.1/")
    yield cal(START, "URL:https://a.example/\\nATTENDEE:mailto:x@y.example")
    yield cal(START, "DESCRIPTION:a\\nEND:VEVENT\\nBEGIN:VEVENT\\nATTENDEE:mailto:x@y.example")
    yield cal(START, "GEO:nan;inf")
    yield cal(START, "GEO:1e999;-1e999")
    yield cal(START, "GEO:" + "9" * 100_000 + ";1")
    for mark in "\0\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\u202e\ufeff\ud7ff":
        yield cal(START, f"DESCRIPTION:a{mark}ATTENDEE:mailto:x@y.example")
        yield cal(START, f"LOCATION:a{mark}b")
    yield cal(START) + b"\0" * 1_000_000
    yield cal(START).replace(b"Invented", b"\xff\xfe\xfd")
    yield cal(START).replace(b"\r\n", b"\r")
    yield b"\xef\xbb\xbf" * 100 + cal(START)


def _shapes() -> Iterator[bytes]:
    yield b"BEGIN:VCALENDAR\r\n" * 200_000
    yield b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 200_000
    yield b"BEGIN:VCALENDAR\r\n" + b"END:VEVENT\r\n" * 200_000
    yield cal(START, *["BEGIN:VALARM", "TRIGGER:-PT1S", "ACTION:EMAIL", "ATTENDEE:mailto:x@y.example"] * 5000)
    yield cal(START, "BEGIN:VALARM", "SUMMARY:From an alarm", "DTSTART:19990101", "END:VALARM")
    yield cal(START, "ATTACH;ENCODING=BASE64;VALUE=BINARY:" + "A" * 5_000_000)
    yield cal(START, *["ATTENDEE:mailto:x@y.example"] * 50_000)
    yield cal(START, *["CATEGORIES:a,b"] * 50_000)
    yield cal(START, *["DTSTART:20270306T090000Z"] * 1000)
    yield cal("DTSTART:20270306T090000Z", "DURATION:P99999999999W")
    yield cal("DTSTART:20270306T090000Z", "DURATION:-P1D")
    yield cal("DTSTART:20270306T090000Z", "DTEND:20250306T090000Z")
    yield cal("DTSTART;VALUE=DATE:20270306", "DTEND:20270307T090000Z")
    yield cal("DTSTART;VALUE=PERIOD:20270306T090000Z/PT1H")
    yield cal("DTSTART;VALUE=TIME:090000")
    yield cal("DTSTART:20270230T250000Z")
    yield cal("DTSTART:" + "2" * 100_000)
    yield cal("DTSTART:20270306T090000Z", "STATUS:CANCELLED", "CLASS:PRIVATE")
    many = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\nSUMMARY:x\r\n{START}\r\nEND:VEVENT\r\n" for n in range(8000))
    yield f"BEGIN:VCALENDAR\r\n{many}END:VCALENDAR".encode()
    yield b"BEGIN:VEVENT\r\n" + b":" * 1_000_000
    yield b"BEGIN:VCALENDAR\r\nBEGIN:" + b"X" * 1_000_000


CALENDARS = [*_rules(), *_zones(), *_texts(), *_shapes()]


def read(body: bytes, kind: str = "text/calendar") -> Reading:
    """What is read of it, in bounded time."""
    began = time.thread_time()
    try:
        return read_all(Fetched("https://calendar.example/a", 200, kind, body), NOW)
    except UnreadableListing:
        return Reading("none")
    finally:
        assert time.thread_time() - began < 15


def test_there_are_enough_of_them() -> None:
    assert len(CALENDARS) >= 150


@pytest.mark.parametrize("number", range(len(CALENDARS)))
def test_a_hostile_calendar_does_no_harm(number: int) -> None:
    reading = read(CALENDARS[number])
    assert len(reading.found) <= MOST
    for key in {found.key.split("#")[0] for found in reading.found}:
        assert sum(found.key.split("#")[0] == key for found in reading.found[:3000]) <= OCCURRENCES
    for draft in reading.drafts[:50]:
        assert isinstance(draft, Edition)
        assert "From an alarm" not in draft.title
        assert draft.url.startswith("https://")
        assert "@" not in draft.url
        assert len(draft.title) <= 300
        assert len(draft.summary) <= 4000
        assert not {"\r", "\0", "\x0b", "\x85", "\u2028", "\u202e"} & set(draft.summary + draft.title)
        assert "\n" not in draft.title + draft.venue.name
        assert "mailto" not in draft.contact
        assert 1970 <= draft.starts.day.year <= 2100
        draft.status(NOW)


def test_memory_stays_bounded() -> None:
    body = cal(START, "DESCRIPTION:" + "a\r\n " * 2_000_000)
    tracemalloc.start()
    read(body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 * len(body)


PAGES = [
    b"<html>" + b"<div itemscope itemtype='https://schema.org/Event'>" * 20_000,
    b"<html>" + b"<div itemprop='name' itemscope>" * 20_000 + b"x",
    b"<html><script type='application/ld+json'>" + b"[" * 500_000,
    b'<html><script type="application/ld+json">' + b'{"@graph":' * 50_000,
    b'<html><script type="application/ld+json">[' + b'{"@type":"Event"},' * 100_000 + b"{}]",
    b'<html><script type="application/ld+json">{"@type":"Event","name":{"name":{"a":1}},"startDate":[[]]}',
    b'<html><script type="application/ld+json">{"@type":["Event",7,null],"name":"x","startDate":1e308}',
    b'<html><script type="application/ld+json">{"@type":"Event","name":"x","startDate":"'
    + b"9" * 1_000_000
    + b'"}',
    b"<html>" + b"<script type='application/ld+json'>{}</script>" * 50_000,
    b"<!DOCTYPE html [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><html>&a;",
    b"<html>\xff\xfe\0" + b"<p>" * 100_000,
    b"[" * 1_000_000,
    b'{"results":[' + b'{"startDate":{},"title":"x"},' * 50_000 + b"{}]}",
    b'{"results":[{"startDate":{"date":["x"],"time":7,"tz":"../etc"},"title":{"a":1}}]}',
    b'{"a":' + b"9" * 1_000_000 + b"}",
    b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'x'><!ENTITY b '" + b"&a;" * 10_000 + b"'>]><rss><channel>"
    b"<item><title>" + b"&b;" * 10_000 + b"</title></item></channel></rss>",
    b"<rss version='2.0'><channel>"
    + b"<item><title>x</title><link>https://a.example/</link></item>" * 20_000,
    b"<feed xmlns='http://www.w3.org/2005/Atom'>" + b"<entry>" * 50_000,
    b"title,start\n" + b'"' * 1_000_000,
    b"title,start\n" + b"x,2027-01-01\n" * 100_000,
    b"title,start" + b",x" * 500_000 + b"\n",
    b"title;start\n=HYPERLINK(1);2027-01-01\n",
    b"\xff\xfet\0i\0t\0l\0e\0",
    b"",
    b"\0" * 100_000,
]


@pytest.mark.parametrize("number", range(len(PAGES)))
def test_a_hostile_page_does_no_harm(number: int) -> None:
    reading = read(PAGES[number], "")
    assert len(reading.found) <= MOST
    assert all("root:" not in draft.title + draft.summary for draft in reading.drafts)
