"""Calendars of invented societies, read into a real database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog import open_catalog
from conferences.fetching import Fetched, Fetcher
from conferences.gathering import Calendar, Mark, chosen, gather, load_calendars
from domain.errors import ConfigError, FetchRefused
from domain.listing import Edition, Kind, Moment, Series, State
from domain.listing_ports import Doubt, Listed, Listings, Wanted

NOW = datetime(2026, 11, 21, tzinfo=UTC)
CALENDAR = Calendar("invented-society", "https://society.example/all.ics", "Invented Society", ("C50",))
EVENT = """BEGIN:VEVENT
UID:{uid}
SUMMARY:{title}
DTSTART;VALUE=DATE:{starts}
DTEND;VALUE=DATE:{ends}
LOCATION:{place}
END:VEVENT
"""


class FakeFetcher(Fetcher):
    """Answers with what it was given, and remembers what it was asked."""

    def __init__(self, body: str) -> None:
        super().__init__("invented@society.example")
        self.body = body
        self.asked: list[str] = []

    def get(self, url: str, *, etag: str = "", modified: str = "", accept: object = ()) -> Fetched:
        self.asked.append(etag)
        if not self.body:
            raise FetchRefused(url, "unanswered")
        if etag == f'"{hash(self.body)}"':
            return Fetched(url, 304, "", b"", etag)
        return Fetched(url, 200, "text/calendar", self.body.encode(), f'"{hash(self.body)}"')


def calendar(*events: str) -> str:
    return "BEGIN:VCALENDAR\n" + "".join(events) + "END:VCALENDAR\n"


def event(
    uid: str = "1", title: str = "12th Invented Congress 2027", starts: str = "20270306", **more: str
) -> str:
    ends = more.get("ends", f"{starts[:6]}{int(starts[6:]) + 3:02}")
    return EVENT.format(
        uid=uid, title=title, starts=starts, ends=ends, place=more.get("place", "Nairobi, Kenya")
    )


@pytest.fixture
def listings(tmp_path: Path) -> Iterator[Listings]:
    catalog = open_catalog(f"sqlite:///{tmp_path}/test.db", ("europepmc",))
    yield catalog.listings
    catalog.close()


def waiting(listings: Listings, kind: Kind) -> list[Listed]:
    return [listed for listed in listings.queue()[1] if listed.kind is kind]


def edition(listings: Listings) -> tuple[Listed, Edition]:
    (listed,) = waiting(listings, Kind.EDITION)
    assert isinstance(listed.latest, Edition)
    return listed, listed.latest


def test_what_is_new_waits_for_review_with_its_source(listings: Listings) -> None:
    report = gather(CALENDAR, FakeFetcher(calendar(event(), event("2", "Past", "20200306"))), listings, NOW)
    assert (dict(report.counts), report.problem) == ({"new": 1, "past": 1}, "")
    listed, found = edition(listings)
    assert listed.state is State.IN_REVIEW
    assert (found.starts, found.ends) == (
        Moment("2027-03-06", "Africa/Nairobi"),
        Moment("2027-03-08", "Africa/Nairobi"),
    )
    assert (found.venue.country, found.organizers, found.cancer_types) == (
        "KE",
        ("Invented Society",),
        ("C50",),
    )
    (series,) = waiting(listings, Kind.SERIES)
    assert isinstance(series.latest, Series)
    assert (series.latest.title, found.series) == ("Invented Congress", series.id)
    assert [entry.person for entry in listings.audit(listed.id)] == ["calendar:invented-society"]
    assert listings.public(Wanted(Kind.EDITION))[0] == 0


def test_reviewers_are_told_what_speaks_against_it(listings: Listings) -> None:
    doubt = Doubt("invented", "for this test")
    gather(CALENDAR, FakeFetcher(calendar(event())), listings, NOW, judge=lambda listing: (doubt,))
    assert edition(listings)[0].doubts == (doubt,)


def test_the_next_year_joins_the_series(listings: Listings) -> None:
    two = calendar(event(), event("2", "13th Invented Congress 2028", "20280306"))
    assert gather(CALENDAR, FakeFetcher(two), listings, NOW).counts["new"] == 2
    assert len(waiting(listings, Kind.SERIES)) == 1


def test_reading_again_changes_nothing(listings: Listings) -> None:
    fetcher = FakeFetcher(calendar(event()))
    report = gather(CALENDAR, fetcher, listings, NOW)
    again = gather(CALENDAR, fetcher, listings, NOW)
    assert dict(again.counts) == {"unchanged": 1}
    assert dict(gather(CALENDAR, fetcher, listings, NOW, report.mark).counts) == {}
    assert len(fetcher.asked) == 3
    assert len(listings.audit(edition(listings)[0].id)) == 1


def test_a_change_is_proposed_and_what_was_typed_since_is_kept(listings: Listings) -> None:
    gather(CALENDAR, FakeFetcher(calendar(event())), listings, NOW)
    listed, found = edition(listings)
    series = listings.listed(found.series).latest
    listings.save(series, State.PUBLIC, "reviewer", "approved")
    listings.save(replace(found, title="Typed by hand"), State.PUBLIC, "reviewer", "approved")
    moved = calendar(event(title="12th Congress of Others", starts="20270506"))
    report = gather(CALENDAR, FakeFetcher(moved), listings, NOW)
    assert dict(report.counts) == {"changed": 1}
    after = listings.listed(listed.id)
    assert isinstance(after.public, Edition)
    assert isinstance(after.proposed, Edition)
    assert (after.public.starts.at, after.public.title) == ("2027-03-06", "Typed by hand")
    assert (after.proposed.starts.at, after.proposed.title) == ("2027-05-06", "Typed by hand")
    assert dict(gather(CALENDAR, FakeFetcher(moved), listings, NOW).counts) == {"unchanged": 1}


@pytest.mark.parametrize("state", [State.DECLINED, State.WITHDRAWN, State.DRAFT])
def test_what_was_declined_withdrawn_or_taken_over_is_left_alone(listings: Listings, state: State) -> None:
    gather(CALENDAR, FakeFetcher(calendar(event())), listings, NOW)
    listed, found = edition(listings)
    listings.save(found, state, "reviewer", "decided")
    report = gather(CALENDAR, FakeFetcher(calendar(event(starts="20270506"))), listings, NOW)
    assert dict(report.counts) == {"left alone": 1}
    assert listings.listed(listed.id).state is state


def test_a_calendar_that_cannot_be_read_is_told_of(listings: Listings) -> None:
    assert gather(CALENDAR, FakeFetcher(""), listings, NOW).problem.startswith("unanswered: ")
    report = gather(CALENDAR, FakeFetcher("<html><body>Moved</body></html>"), listings, NOW, Mark("x"))
    assert (report.problem.split(":")[0], report.mark) == ("no-event", None)


def test_two_calendars_cannot_touch_each_others_listings(listings: Listings) -> None:
    fetcher = FakeFetcher(calendar(event()))
    gather(CALENDAR, fetcher, listings, NOW)
    other = replace(CALENDAR, name="other-society")
    assert dict(gather(other, FakeFetcher(calendar(event(starts="20270506"))), listings, NOW).counts) == {
        "new": 1
    }
    assert {listed.latest.starts.at for listed in waiting(listings, Kind.EDITION)} == {  # type: ignore[union-attr]
        "2027-03-06",
        "2027-05-06",
    }


def test_the_table_of_calendars() -> None:
    row = {"url": "https://society.example/a.ics", "society": "Invented Society", "cancer-types": ["C50"]}
    calendars = load_calendars({"b": row, "a": row})
    assert [one.name for one in calendars] == ["a", "b"]
    assert [one.name for one in chosen(calendars, ["b"])] == ["b"]
    with pytest.raises(ConfigError, match="no calendar c"):
        chosen(calendars, ["c"])


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("A b", {"url": "u", "society": "s"}),
        ("a", {"url": "u"}),
        ("a", {"url": "u", "society": "s", "colour": "red"}),
        ("a", {"url": "u", "society": "s", "cancer-types": "C50"}),
    ],
)
def test_a_wrong_row_is_told_by_its_name(name: str, row: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=rf"\[{name}\]"):
        load_calendars({name: row})
