"""Letters put together: when, in what order, how much, and never twice; by clocks that leap and are set."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from domain.digest import Audience
from domain.paper import NoticeKind
from domain.subscription import (
    Consent,
    MailingList,
    News,
    NewsKind,
    Rhythm,
    Wish,
    WishKind,
    to_wish,
)
from subscriptions.composing import compose, shared_out
from subscriptions.slots import begun, slot
from tests.catalog.invented import digest
from tests.subscriptions.newsroom import NOW, Newsroom, iso

MEETINGS = to_wish(WishKind.MEETINGS)
LUNG = to_wish(WishKind.MEETINGS, "", {"cancer_type": ("lung",)})
BREAST = to_wish(WishKind.TOPIC, "", {"cancer_type": ("breast",)})


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    found = Newsroom(tmp_path)
    yield found
    found.close()


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def happen(
    room: Newsroom, name: str, when: datetime, *wishes: Wish, kind: NewsKind = NewsKind.MEETING
) -> None:
    """A meeting becomes known to us, and is told to wishes."""
    news = News(kind, name, iso(when))
    room.subscribers.tell({wish.key: [news] for wish in wishes or (MEETINGS,)})


def put_together(room: Newsroom, now: datetime) -> int:
    return compose(room.catalog, room.subscribers, now).letters


def told(room: Newsroom, email: str = "") -> list[str]:
    return [news.target for news in room.news(email=email)]


def slots(room: Newsroom) -> list[str]:
    return sorted(letter.slot for letter in room.letters())


def test_a_daily_letter_comes_at_the_hour_of_its_reader_and_not_again(room: Newsroom) -> None:
    room.subscribe(MEETINGS, rhythm=Rhythm.DAILY, zone="Africa/Nairobi", confirmed=at("2026-11-20T12:00"))
    put_together(room, at("2026-11-20T12:05"))
    happen(room, "a", at("2026-11-20T20:00"))
    assert put_together(room, at("2026-11-21T06:59", "Africa/Nairobi")) == 0
    assert put_together(room, at("2026-11-21T07:00", "Africa/Nairobi")) == 1
    happen(room, "b", at("2026-11-21T08:00"))
    assert put_together(room, at("2026-11-21T20:00", "Africa/Nairobi")) == 0
    assert put_together(room, at("2026-11-22T07:10", "Africa/Nairobi")) == 1
    assert slots(room) == ["daily/2026-11-21", "daily/2026-11-22"]
    assert told(room) == ["a", "b"]


def test_a_new_reader_does_not_get_a_letter_before_its_day(room: Newsroom) -> None:
    room.subscribe(MEETINGS, rhythm=Rhythm.WEEKLY, confirmed=at("2026-11-18T12:00"))
    happen(room, "a", at("2026-11-18T13:00"))
    assert put_together(room, at("2026-11-18T14:00")) == 0
    assert put_together(room, at("2026-11-23T07:00")) == 1
    assert slots(room) == ["weekly/2026-W48"]


def test_nothing_new_no_letter(room: Newsroom) -> None:
    room.subscribe(MEETINGS, rhythm=Rhythm.DAILY, confirmed=at("2026-11-20T12:00"))
    assert [put_together(room, at(f"2026-11-{day}T09:00")) for day in range(20, 25)] == [0] * 5


def test_at_once_is_at_most_once_an_hour(room: Newsroom) -> None:
    room.subscribe(MEETINGS, confirmed=at("2026-11-20T08:00"))
    assert put_together(room, at("2026-11-20T09:00")) == 0
    happen(room, "a", at("2026-11-20T09:01"))
    assert put_together(room, at("2026-11-20T09:05")) == 1
    happen(room, "b", at("2026-11-20T09:10"))
    assert [put_together(room, at(f"2026-11-20T{clock}")) for clock in ("09:20", "09:55", "10:04")] == [0] * 3
    assert put_together(room, at("2026-11-20T10:06")) == 1
    assert told(room) == ["a", "b"]


def test_after_a_standstill_there_is_one_letter_that_holds_all(room: Newsroom) -> None:
    room.subscribe(MEETINGS, rhythm=Rhythm.DAILY, confirmed=at("2026-11-01T12:00"))
    put_together(room, at("2026-11-02T08:00"))
    for day in range(3, 10):
        happen(room, f"m{day}", at(f"2026-11-{day:02}T12:00"))
    assert put_together(room, at("2026-11-10T03:00")) == 1
    assert sorted(told(room)) == sorted(f"m{day}" for day in range(3, 10))


def test_a_clock_that_is_set_back_a_day_sends_nothing_again_and_leaves_nothing_out(room: Newsroom) -> None:
    room.subscribe(MEETINGS, rhythm=Rhythm.DAILY, confirmed=at("2026-11-19T12:00"))
    put_together(room, at("2026-11-19T12:05"))
    happen(room, "a", at("2026-11-20T12:00"))
    assert put_together(room, at("2026-11-22T08:00")) == 1  # a day ahead of the truth
    for hour in range(8, 24):
        assert put_together(room, at(f"2026-11-21T{hour:02}:10")) == 0
    happen(room, "b", at("2026-11-21T09:00"))
    assert put_together(room, at("2026-11-22T08:10")) == 0
    assert put_together(room, at("2026-11-23T07:00")) == 1
    assert told(room) == ["a", "b"]
    assert slots(room) == ["daily/2026-11-22", "daily/2026-11-23"]


def test_a_clock_that_leaps_ahead_a_year_and_back_makes_one_letter_and_stops_none(room: Newsroom) -> None:
    room.subscribe(MEETINGS, rhythm=Rhythm.DAILY, confirmed=at("2026-11-19T12:00"))
    put_together(room, at("2026-11-19T12:05"))
    happen(room, "a", at("2026-11-20T12:00"))
    assert put_together(room, at("2027-11-20T12:10")) == 1
    assert put_together(room, at("2026-11-20T12:20")) == 0
    happen(room, "b", at("2026-11-20T13:00"))
    assert put_together(room, at("2026-11-21T07:10")) == 1
    happen(room, "c", at("2026-11-21T13:00"))
    assert put_together(room, at("2026-11-22T07:10")) == 1
    assert told(room) == ["b", "c", "a"] or sorted(told(room)) == ["a", "b", "c"]
    assert len(set(slots(room))) == 3


def test_a_slot_that_a_clock_ahead_has_used_up_loses_nothing_when_it_comes_again(room: Newsroom) -> None:
    room.subscribe(MEETINGS, rhythm=Rhythm.DAILY, confirmed=at("2026-11-19T12:00"))
    put_together(room, at("2026-11-19T12:05"))
    happen(room, "a", at("2026-11-20T12:00"))
    assert put_together(room, at("2027-11-20T12:10")) == 1
    assert put_together(room, at("2026-11-20T12:20")) == 0
    happen(room, "b", at("2026-11-20T13:00"))
    assert put_together(room, at("2027-11-20T13:10")) == 0
    assert put_together(room, at("2026-11-20T13:20")) == 0
    assert put_together(room, at("2026-11-21T07:10")) == 1
    assert put_together(room, at("2027-11-19T12:10")) == 0
    happen(room, "c", at("2027-11-19T13:00"))
    assert put_together(room, at("2027-11-20T07:10")) == 0, "it has its letter, of a year ago"
    assert put_together(room, at("2027-11-21T07:10")) == 1
    assert sorted(told(room)) == ["a", "b", "c"]


@pytest.mark.parametrize(("first", "then"), [(5, 20), (20, 5)])
def test_whoever_changes_the_hour_gets_one_letter_a_day_and_misses_nothing(
    room: Newsroom, first: int, then: int
) -> None:
    email = "reader@example.org"
    room.subscribe(MEETINGS, email, Rhythm.DAILY, confirmed=at("2026-11-18T21:30"))
    room.set_hour(email, first)
    for number, moment in enumerate(hourly(at("2026-11-18T22:00"), 120)):
        if number == 30:
            room.set_hour(email, then, "Asia/Tokyo" if then == 5 else "UTC")
        if number % 6 == 0:
            happen(room, f"m{number:03}", moment - timedelta(minutes=20))
        put_together(room, moment)
    names = told(room)
    assert len(names) == len(set(names))
    assert {int(name[1:]) for name in names} >= set(range(0, 90, 6))
    assert len(set(slots(room))) == len(slots(room))


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.lists(
        st.tuples(
            st.integers(24, 80),
            st.integers(0, 23),
            st.sampled_from(["UTC", "Asia/Tokyo", "Pacific/Honolulu", "Pacific/Kiritimati"]),
        ),
        min_size=2,
        max_size=5,
    )
)
def test_whoever_changes_hour_and_place_again_and_again_misses_nothing(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int, str]]
) -> None:
    room = Newsroom(tmp_path_factory.mktemp("room"))
    try:
        room.subscribe(MEETINGS, rhythm=Rhythm.DAILY, confirmed=at("2026-11-10T00:00"))
        expected = []
        for number, moment in enumerate(hourly(at("2026-11-10T01:00"), 190)):
            for _, hour, zone in (change for change in changes if change[0] == number):
                room.set_hour("reader@example.org", hour, zone)
            if number % 12 == 0 and number < 110:  # few, as letters hold ten
                expected.append(f"m{number}")
                happen(room, expected[-1], moment - timedelta(minutes=20))
            if number % 2:
                put_together(room, moment)
        assert sorted(told(room)) == sorted(expected)
    finally:
        room.close()


def hourly(start: datetime, hours: int) -> Iterator[datetime]:
    return (start + timedelta(hours=number) for number in range(hours))


ZONES = sorted(available_timezones())


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    zone=st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", *ZONES]
    ),
    hour=st.integers(0, 23),
    rhythm=st.sampled_from([Rhythm.DAILY, Rhythm.WEEKLY]),
    start=st.sampled_from([at("2026-03-20T00:00"), at("2026-10-18T00:00"), at("2028-02-20T00:00")]),
    step=st.integers(3, 11),
    down=st.integers(0, 200),
)
def test_whatever_the_clock_does_everything_is_told_once(
    tmp_path_factory: pytest.TempPathFactory,
    zone: str,
    hour: int,
    rhythm: Rhythm,
    start: datetime,
    step: int,
    down: int,
) -> None:
    room = Newsroom(tmp_path_factory.mktemp("room"))
    try:
        room.subscribe(MEETINGS, "reader@example.org", rhythm, confirmed=start)
        room.set_hour("reader@example.org", hour, zone)
        days, expected = 22, []
        for passed in range(0, days * 24, step):
            now = start + timedelta(hours=passed)
            if 0 < passed < (days - 8) * 24 and passed // 24 != (passed - step) // 24:
                expected.append(f"m{passed}")
                happen(room, expected[-1], now - timedelta(minutes=1))
            if not down <= passed < down + 50:
                put_together(room, now)
        assert sorted(told(room)) == sorted(expected)
        found = slots(room)
        assert len(set(found)) == len(found)
        for letter in room.letters():
            begins = begun(letter.slot, zone, hour)
            assert begins is not None
            assert slot(rhythm, zone, hour, begins) == letter.slot
    finally:
        room.close()


OFFSETS = [timedelta(), timedelta(days=1), timedelta(days=-1), timedelta(days=366), timedelta(minutes=-61)]


@example(
    clocks=[(timedelta(days=days), hours) for days, hours in ((1, 35), (-1, 21), (1, 27), (-1, 52))],
    rhythm=Rhythm.DAILY,
)  # a letter waits for so long that more has happened than it holds, and counts the rest
@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.lists(st.tuples(st.sampled_from(OFFSETS), st.integers(3, 60)), min_size=1, max_size=4).filter(
        lambda clocks: sum(offset > timedelta(days=9) for offset, _ in clocks) < 2  # one such year is enough
    ),
    st.sampled_from([Rhythm.DAILY, Rhythm.IMMEDIATE]),
)
def test_however_the_clock_is_set_nothing_is_told_twice_or_left_out(
    tmp_path_factory: pytest.TempPathFactory, clocks: list[tuple[timedelta, int]], rhythm: Rhythm
) -> None:
    room = Newsroom(tmp_path_factory.mktemp("room"))
    try:
        true, expected = at("2026-11-01T05:00"), []
        room.subscribe(MEETINGS, "reader@example.org", rhythm, confirmed=true - timedelta(days=3))
        for offset, hours in [(timedelta(), 30), *clocks, (timedelta(), 80)]:
            for passed in range(0, hours, 2):
                true += timedelta(hours=2)
                if passed % 6 == 2 and passed < 60:
                    expected.append(f"m{len(expected)}")
                    happen(room, expected[-1], true + offset - timedelta(minutes=5))
                put_together(room, true + offset)
        found = told(room)
        left_out = sum(section.more for letter in room.letters() for section in letter.sections)
        assert len(set(found)) == len(found)
        assert len(found) + left_out == len(expected)
        assert set(found) <= set(expected)
        assert len(set(slots(room))) == len(slots(room))
    finally:
        room.close()


def test_the_same_news_is_in_one_section_and_one_letter_alone(room: Newsroom) -> None:
    before = at("2026-11-21T12:00")
    room.subscribe(MEETINGS, rhythm=Rhythm.DAILY, confirmed=before)
    room.subscribe(LUNG, rhythm=Rhythm.DAILY, confirmed=before)
    room.subscribe(LUNG, rhythm=Rhythm.WEEKLY, audience=Audience.PROFESSIONAL, confirmed=before)
    put_together(room, at("2026-11-21T12:30"))
    happen(room, "a", at("2026-11-22T12:00"), MEETINGS, LUNG)
    assert put_together(room, at("2026-11-23T08:00")) == 1  # a Monday: both rhythms are due
    assert told(room) == ["a"]


def test_sections_hold_ten_and_letters_twenty_five_and_the_rest_is_counted(room: Newsroom) -> None:
    wishes = [to_wish(WishKind.MEETINGS, "", {"country": (code,)}) for code in ("KE", "BR", "IN", "DE")]
    for wish in wishes:
        room.subscribe(wish, rhythm=Rhythm.DAILY, confirmed=at("2026-11-20T12:00"))
        for number in range(14):
            happen(room, f"{wish.filters[0][1][0]}{number}", at("2026-11-21T12:00"), wish)
    put_together(room, at("2026-11-20T12:30"))
    put_together(room, at("2026-11-22T08:00"))
    (letter,) = room.letters()
    assert [len(section.news) for section in letter.sections] == [7, 6, 6, 6]
    assert [section.more for section in letter.sections] == [7, 8, 8, 8]


def test_what_a_narrow_wish_is_about_is_not_lost_in_a_broad_one(room: Newsroom) -> None:
    before = at("2026-11-20T12:00")
    room.subscribe(MEETINGS, rhythm=Rhythm.DAILY, confirmed=before)
    room.subscribe(LUNG, rhythm=Rhythm.DAILY, confirmed=before)
    put_together(room, before + timedelta(minutes=1))
    for number in range(30):
        wishes = (MEETINGS, LUNG) if number in (1, 2) else (MEETINGS,)
        happen(room, f"m{number}", at("2026-11-21T12:00") - timedelta(hours=number % 9), *wishes)
    put_together(room, at("2026-11-22T08:00"))
    broad, narrow = room.letters()[0].sections
    assert {news.target for news in narrow.news} == {"m1", "m2"}
    assert (len(broad.news), broad.more) == (10, 18)
    assert not {"m1", "m2"} & {news.target for news in broad.news}


@pytest.mark.parametrize("has", [[], [3], [40], [1, 40], [9] * 40, [30, 2, 30, 30]])
def test_room_is_shared_out_in_turn(has: list[int]) -> None:
    shares = shared_out([(number, 10) for number in has])
    assert all(0 < share <= min(10, number) for share, number in zip(shares, has, strict=True))
    assert sum(shares) <= max(25, len(has))
    assert sum(shares) >= min(25, sum(min(10, number) for number in has))


def test_warnings_come_first_then_what_changes_plans_then_the_best(room: Newsroom) -> None:
    room.subscribe(MEETINGS, confirmed=at("2026-11-20T08:00"))
    when = at("2026-11-20T09:00")
    for name, kind in (("d", NewsKind.OPPORTUNITY), ("c", NewsKind.MEETING), ("b", NewsKind.MOVED)):
        happen(room, name, when, kind=kind)
    happen(room, "a", when, kind=NewsKind.CANCELLED)
    put_together(room, at("2026-11-20T09:30"))
    assert told(room) == ["a", "b", "c", "d"]


def test_papers_are_ranked_by_what_they_can_show_and_whether_they_are_told_plainly(room: Newsroom) -> None:
    room.subscribe(BREAST, audience=Audience.POLICYMAKER)
    case = room.publish(1, study_type="case-report")
    trial = room.publish(2, study_type="randomised-trial")
    told_plainly = room.publish(3, study_type="randomised-trial")
    room.catalog.save_digests([digest(room.catalog.paper(told_plainly), Audience.POLICYMAKER)])
    room.catalog.save_digests([digest(room.catalog.paper(trial), Audience.PUBLIC)])
    room.run()
    assert told(room) == [told_plainly, trial, case]


def test_a_paper_that_is_retracted_while_it_waits_is_not_told(room: Newsroom) -> None:
    room.subscribe(BREAST, rhythm=Rhythm.MONTHLY)
    paper = room.publish(1)
    other = room.publish(2)
    room.run()
    room.notice(1, NoticeKind.RETRACTED)
    room.run()
    room.run(NOW + timedelta(days=32))
    assert paper not in told(room)
    assert told(room) == [other]


def test_a_deadline_is_told_to_those_who_come_later_too_but_not_once_it_has_passed(room: Newsroom) -> None:
    wish = to_wish(WishKind.DEADLINES)
    early, late = at("2026-11-20T08:00"), at("2026-11-23T08:00")
    room.subscribe(wish, "early@example.org", confirmed=early)
    news = [
        News(NewsKind.DEADLINE, "soon", iso(early), "abstract|2026-11-22|UTC"),
        News(NewsKind.DEADLINE, "later", iso(early), "abstract|2026-11-30T12:00|Africa/Nairobi"),
    ]
    room.subscribers.tell({wish.key: news})
    put_together(room, early + timedelta(hours=1))
    room.subscribe(wish, "late@example.org", confirmed=late)
    put_together(room, late + timedelta(hours=1))
    assert sorted(told(room, "early@example.org")) == ["later", "soon"]
    assert told(room, "late@example.org") == ["later"]


def test_what_is_new_and_closes_soon_is_one_item(room: Newsroom) -> None:
    wish, when = to_wish(WishKind.OPPORTUNITIES), at("2026-11-20T09:00")
    room.subscribe(wish, confirmed=at("2026-11-20T08:00"))
    happen(room, "a", when, wish, kind=NewsKind.OPPORTUNITY)
    happen(room, "b", when, wish, kind=NewsKind.OPPORTUNITY)
    closing = News(NewsKind.CLOSING, "a", iso(when), "|2026-11-27|UTC")
    room.subscribers.tell({wish.key: [closing]})
    put_together(room, at("2026-11-20T09:30"))
    assert [(news.kind, news.target) for news in room.news()] == [
        (NewsKind.CLOSING, "a"),
        (NewsKind.OPPORTUNITY, "b"),
    ]


def test_a_pause_holds_letters_and_what_came_meanwhile_follows_in_one(room: Newsroom) -> None:
    room.subscribe(MEETINGS, rhythm=Rhythm.DAILY, confirmed=at("2026-11-19T12:00"))
    put_together(room, at("2026-11-19T12:05"))
    _pause(room, "2026-11-25T00:00:00Z")
    for day in range(20, 25):
        happen(room, f"m{day}", at(f"2026-11-{day}T03:00"))
        assert put_together(room, at(f"2026-11-{day}T08:00")) == 0
    assert put_together(room, at("2026-11-25T08:00")) == 1
    assert sorted(told(room)) == [f"m{day}" for day in range(20, 25)]


def _pause(room: Newsroom, until: str) -> None:
    person = room.subscribers.by_email("reader@example.org")
    assert person is not None
    room.subscribers.update(replace(person, paused_until=until), Consent(iso(NOW), "paused"))


def make_list(room: Newsroom, **facts: object) -> MailingList:
    fields: dict[str, object] = {"name": "Invented League", "wish": MEETINGS, "rhythm": Rhythm.WEEKLY}
    return room.subscribers.save_list(MailingList(id="", slug="league", **(fields | facts)))  # type: ignore[arg-type]


def test_an_issue_of_a_list_is_put_together_once_for_all_with_its_note(room: Newsroom) -> None:
    league = make_list(room, note="Invented words of the editor.")
    wish = to_wish(WishKind.LIST, target=league.id)
    for email, zone in (("east@example.org", "Pacific/Auckland"), ("west@example.org", "Pacific/Honolulu")):
        room.subscribe(wish, email, Rhythm.WEEKLY, zone=zone, confirmed=at("2026-11-18T00:00"))
    happen(room, "a", at("2026-11-19T00:00"))
    for hour in hourly(at("2026-11-18T01:00"), 24 * 8):
        put_together(room, hour)
    total, (issue,) = room.subscribers.issues(league.id)
    assert (total, issue.slot, issue.note) == (1, "weekly/2026-W48", "Invented words of the editor.")
    for email in ("east@example.org", "west@example.org"):
        (letter,) = room.letters(email=email)
        assert letter.slot == "weekly/2026-W48"
        assert [(news.kind, news.target) for news in letter.sections[0].news] == [
            (NewsKind.NOTE, league.id),
            (NewsKind.MEETING, "a"),
        ]
    assert room.subscribers.mailing_list(league.id).note == ""


def test_a_note_alone_makes_an_issue_and_neither_makes_none(room: Newsroom) -> None:
    league = make_list(room)
    room.subscribe(
        to_wish(WishKind.LIST, target=league.id), rhythm=Rhythm.WEEKLY, confirmed=at("2026-11-11T00:00")
    )
    put_together(room, at("2026-11-11T01:00"))
    put_together(room, at("2026-11-16T12:00"))
    assert room.subscribers.issues(league.id)[0] == 0
    league = room.subscribers.mailing_list(league.id)
    room.subscribers.save_list(MailingList(**{**_fields(league), "note": "Invented note."}))  # type: ignore[arg-type]
    put_together(room, at("2026-11-17T12:00"))
    put_together(room, at("2026-11-23T12:00"))
    put_together(room, at("2026-11-24T12:00"))
    put_together(room, at("2026-11-30T12:00"))
    assert room.subscribers.issues(league.id)[0] == 1
    assert [news.kind for news in room.news()] == [NewsKind.NOTE]


def _fields(league: MailingList) -> dict[str, object]:
    return {name: getattr(league, name) for name in MailingList.__slots__}


def test_an_issue_tells_nothing_that_an_earlier_one_told(room: Newsroom) -> None:
    league = make_list(room, rhythm=Rhythm.DAILY)
    for day in range(16, 22):
        happen(room, f"m{day}", at(f"2026-11-{day}T09:30"))
        put_together(room, at(f"2026-11-{day}T10:05"))
    _, issues = room.subscribers.issues(league.id)
    names = [news.target for issue in issues for news in issue.news]
    assert sorted(names) == [f"m{day}" for day in range(16, 22)]
