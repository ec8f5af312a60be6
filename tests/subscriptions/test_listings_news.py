"""News of meetings and opportunities: what is new, moved, cancelled or closing; lists show the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from conferences.eligibility import applicants
from domain.listing import (
    Attendance,
    CareerStage,
    Deadline,
    DeadlineKind,
    Edition,
    Eligibility,
    Kind,
    Moment,
    Opportunity,
    OpportunityKind,
    Series,
    State,
    Venue,
)
from domain.listing_ports import Listing, Wanted
from domain.listing_terms import ATTENDED
from domain.subscription import News, NewsKind, Rhythm, Wish, WishKind, to_wish
from subscriptions.listings_news import ListingNews, changed_news, is_open
from tests.subscriptions.newsroom import NOW, Newsroom, iso

MEETINGS = to_wish(WishKind.MEETINGS)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    found = Newsroom(tmp_path)
    yield found
    found.close()


def moment(days: int) -> Moment:
    return Moment((NOW + timedelta(days=days)).date().isoformat(), "UTC")


def publish(room: Newsroom, listing: Listing) -> Listing:
    found = room.listings.save(listing, State.PUBLIC, "rita", "approved").public
    assert found is not None
    return found


def a_series(room: Newsroom, **facts: object) -> Series:
    found = publish(room, Series("", "", "Invented Oncology Days", **facts))  # type: ignore[arg-type]
    assert isinstance(found, Series)
    return found


def an_edition(room: Newsroom, series: Series, *, days: int = 100, **facts: object) -> Edition:
    fields: dict[str, object] = {"title": "The next days", "starts": moment(days), "ends": moment(days + 2)}
    found = publish(room, Edition("", series.id, "", **(fields | facts)))  # type: ignore[arg-type]
    assert isinstance(found, Edition)
    return found


def an_offer(room: Newsroom, *, closes: int | None = 60, **facts: object) -> Opportunity:
    fields: dict[str, object] = {
        "kind": OpportunityKind.FELLOWSHIP,
        "title": "Invented fellowship",
        "provider": "Invented Fund",
        "url": "https://fund.example",
        "closes": None if closes is None else moment(closes),
    }
    found = publish(room, Opportunity("", **(fields | facts)))  # type: ignore[arg-type]
    assert isinstance(found, Opportunity)
    return found


def started(room: Newsroom) -> Newsroom:
    """One that has looked at the listings before."""
    room.run()
    return room


def later(hours: int = 0) -> datetime:
    return datetime.now(NOW.tzinfo) + timedelta(minutes=5, hours=hours)


def test_what_was_public_before_the_first_look_is_not_news(room: Newsroom) -> None:
    room.subscribe(MEETINGS)
    an_edition(room, a_series(room))
    room.run()
    assert room.letters() == []


def test_a_new_meeting_is_told_once_whatever_is_changed_of_it(room: Newsroom) -> None:
    room.subscribe(MEETINGS)
    series = a_series(started(room))
    edition = an_edition(room, series)
    room.run()
    publish(room, replace(edition, summary="Invented words"))
    room.run(later(2))
    assert room.told() == [f"meeting:{edition.id}"]


def test_a_meeting_that_was_public_long_ago_is_not_new_because_it_is_changed(room: Newsroom) -> None:
    series = a_series(room)
    edition = an_edition(room, series)
    started(room).subscribe(MEETINGS)
    publish(room, replace(edition, summary="Invented words"))
    room.listings.save(replace(edition, title="A proposal"), State.IN_REVIEW, "ada", "handed-in")
    room.run()
    assert room.letters() == []


def test_a_meeting_that_is_moved_and_then_cancelled_is_told_both_times(room: Newsroom) -> None:
    series = a_series(room)
    edition = an_edition(room, series)
    started(room).subscribe(to_wish(WishKind.SERIES, target=series.id))
    edition = publish(room, replace(edition, starts=moment(120), ends=moment(122)))
    room.run()
    publish(room, replace(edition, cancelled=True))
    room.run(later(2))
    assert sorted(room.told()) == sorted([f"moved:{edition.id}", f"cancelled:{edition.id}"])


def test_a_series_is_watched_alone(room: Newsroom) -> None:
    one, other = a_series(room), a_series(room, acronym="IOD")
    started(room).subscribe(to_wish(WishKind.SERIES, target=one.id))
    mine = an_edition(room, one)
    an_edition(room, other)
    room.run()
    assert room.told() == [f"meeting:{mine.id}"]


def test_what_is_not_public_or_over_is_no_news(room: Newsroom) -> None:
    series = a_series(started(room))
    room.subscribe(MEETINGS)
    an_edition(room, series, days=-10)
    room.listings.save(
        Edition("", series.id, "", "A draft", moment(9), moment(10)), State.DRAFT, "ada", "created"
    )
    room.run()
    assert room.letters() == []


def test_deadlines_are_told_a_fortnight_before_and_again_when_extended(room: Newsroom) -> None:
    wish = to_wish(WishKind.DEADLINES)
    room.subscribe(wish, rhythm=Rhythm.DAILY)
    series = a_series(started(room))
    deadlines = tuple(Deadline(DeadlineKind.ABSTRACT, moment(days), f"{days}") for days in (-1, 10, 40))
    edition = an_edition(room, series, deadlines=deadlines)
    tomorrow = later().replace(hour=9) + timedelta(days=1)  # what closes is looked for once a day
    room.run(tomorrow)
    room.run(tomorrow + timedelta(hours=3))
    assert [news.detail for news in told_to(room, wish)] == [f"abstract|{moment(10).at}|UTC"]
    extended = (deadlines[0], replace(deadlines[1], moment=moment(12)), deadlines[2])
    publish(room, replace(edition, deadlines=extended))
    room.run(tomorrow + timedelta(days=1))
    assert len(told_to(room, wish)) == 2


def told_to(room: Newsroom, wish: Wish) -> list[News]:
    return room.subscribers.told(wish.key, "")


def test_a_cancelled_meeting_has_no_deadlines(room: Newsroom) -> None:
    wish = to_wish(WishKind.DEADLINES)
    room.subscribe(wish)
    series = a_series(started(room))
    an_edition(room, series, deadlines=(Deadline(DeadlineKind.ABSTRACT, moment(5)),), cancelled=True)
    room.run(NOW + timedelta(days=1))
    assert told_to(room, wish) == []


def test_opportunities_are_told_when_new_and_when_they_close(room: Newsroom) -> None:
    wish = to_wish(WishKind.OPPORTUNITIES, "", {"kind": ("fellowship",)})
    room.subscribe(wish, rhythm=Rhythm.DAILY)
    started(room)
    offer = an_offer(room, closes=20)
    an_offer(room, kind=OpportunityKind.GRANT)
    an_offer(room, closes=-2)
    room.run()
    room.run(NOW + timedelta(days=8))
    assert [news.key for news in told_to(room, wish)] == [
        f"closing:{offer.id}:|{moment(20).at}|UTC",
        f"opportunity:{offer.id}:",
    ]


def test_for_me_means_that_a_sourced_fact_says_so(room: Newsroom) -> None:
    wish = to_wish(WishKind.OPPORTUNITIES, "", {"from": ("KE",), "stage": ("postdoc",)})
    room.subscribe(wish)
    started(room)
    fact = Eligibility(countries=("KE", "UG"), source="https://fund.example/rules")
    mine = an_offer(
        room, eligibility=(fact, replace(fact, countries=(), career_stages=(CareerStage.POSTDOC,)))
    )
    an_offer(room, eligibility=(replace(fact, countries=("BR",)),))
    an_offer(room, eligibility=(replace(fact, source=""),))
    an_offer(room)
    room.run()
    assert room.told() == [f"opportunity:{mine.id}"]


@pytest.mark.parametrize(
    ("detail", "open_"),
    [
        ("abstract|2026-11-21|UTC", True),
        ("abstract|2026-11-20|UTC", False),
        ("abstract|2026-11-20|AoE", True),
        ("|2026-11-21T15:30|Africa/Nairobi", True),
        ("|2026-11-21T14:30|Africa/Nairobi", False),
        ("", False),
    ],
)
def test_what_has_closed_is_told_from_the_news_itself(detail: str, open_: bool) -> None:
    now = datetime.fromisoformat("2026-11-21T11:59:00+00:00")
    assert is_open(News(NewsKind.DEADLINE, "x", iso(now), detail), now) is open_
    assert is_open(News(NewsKind.MEETING, "x", iso(now)), now)


WISHES = [
    {},
    {"cancer_type": ("breast",)},
    {"cancer_type": ("lung", "breast"), "country": ("KE",)},
    {"country": ("KE", "BR")},
    {"language": ("fr",)},
    {"attendance": ("online",)},
    {"attendance": ("on-site",), "country": ("BR",)},
    {"country": ("XX",)},
]


@pytest.mark.parametrize("filters", WISHES)
@pytest.mark.parametrize("text", ["", "société", "Nairobi radiology", "invented"])
def test_letters_hold_what_the_list_of_meetings_shows(
    room: Newsroom, filters: dict[str, tuple[str, ...]], text: str
) -> None:
    series = [
        a_series(room, cancer_types=("breast",), organizers=("Société inventée",)),
        a_series(room, acronym="RAD"),
    ]
    venues = (Venue("KE", "Nairobi"), Venue("BR", "Recife"), Venue())
    for number in range(12):
        an_edition(
            room,
            series[number % 2],
            title=f"{'Radiology' if number % 3 else 'Surgery'} meeting {number}",
            venue=venues[number % 3],
            cancer_types=(("lung",), ())[number % 2],
            languages=(("en",), ("fr", "en"))[number % 4 == 1],
            attendance=tuple(Attendance)[number % 3],
        )
    wanted = Wanted(
        Kind.EDITION,
        countries=filters.get("country", ()),
        cancer_types=filters.get("cancer_type", ()),
        languages=filters.get("language", ()),
        attendance=tuple(way for one in filters.get("attendance", ()) for way in ATTENDED[one]),
        words=text,
        since=NOW,
    )
    shown = {listed.id for listed in room.listings.public(wanted, 0, 100)[1]}
    wish = to_wish(WishKind.MEETINGS, text, filters)
    changed = changed_news(room.listings, "", NOW)
    found = ListingNews(changed.told, applicants(NOW.year)).match([wish]).get(wish.key, [])
    assert {news.target for news in found} == shown


def test_opportunities_are_those_of_the_list_too(room: Newsroom) -> None:
    for number in range(9):
        an_offer(
            room,
            kind=tuple(OpportunityKind)[number % 3],
            venue=Venue(("KE", "BR", "")[number % 3], "Invented town"),
            cancer_types=(("lung",), ())[number % 2],
            summary="For surgeons" if number % 2 else "",
        )
    for filters, text in (
        ({"kind": ("training", "internship")}, ""),
        ({"country": ("KE",)}, ""),
        ({"cancer_type": ("lung",)}, "fund"),
        ({}, "SURGEONS town"),
    ):
        wanted = Wanted(
            Kind.OPPORTUNITY,
            subkinds=filters.get("kind", ()),
            countries=filters.get("country", ()),
            cancer_types=filters.get("cancer_type", ()),
            words=text,
            open_at=NOW,
        )
        shown = {listed.id for listed in room.listings.public(wanted, 0, 100)[1]}
        wish = to_wish(WishKind.OPPORTUNITIES, text, filters)
        news = ListingNews(changed_news(room.listings, "", NOW).told, applicants(NOW.year))
        assert {one.target for one in news.match([wish]).get(wish.key, [])} == shown
        assert shown
