"""Pages, feeds and calendars of meetings, over a real store. Every meeting and person is invented."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from xml.etree import ElementTree

import icalendar
import pytest
from flask.testing import FlaskClient

from catalog import open_catalog
from domain.listing import (
    Attendance,
    Deadline,
    DeadlineKind,
    Edition,
    Fee,
    Kind,
    Moment,
    Series,
    State,
    Venue,
)
from domain.listing_ports import Listings
from tests.web.conftest import Library
from tests.web.strict import StrictPage
from web import Site, create_app

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script> "quoted" \u202e =cmd'


class Clock:
    """A clock that can be moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def edition(series: str, slug: str, starts: str, ends: str, **more: object) -> Edition:
    zone = "Africa/Nairobi"
    made = Edition("", series, slug, f"Invented Meeting {slug}", Moment(starts, zone), Moment(ends, zone))
    return replace(made, **{"venue": Venue(country="KE", city="Nairobi"), **more})  # type: ignore[arg-type]


def save(listings: Listings, listing: Series | Edition, state: State = State.PUBLIC) -> str:
    return listings.save(listing, state, "an-invented-source", "created").id


@pytest.fixture(scope="module")
def listings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listings]:
    catalog = open_catalog(f"sqlite:///{tmp_path_factory.mktemp('meetings') / 'listings.db'}", ("europepmc",))
    found: Listings = catalog.listings
    series = save(found, Series("", "invented", "Invented Meeting", "IM", "Of tumours.", meeting="esmo"))
    due = Deadline(
        DeadlineKind.ABSTRACT, Moment("2026-12-01"), earlier=(Moment("2026-11-10"), Moment("2026-11-20"))
    )
    save(
        found,
        edition(
            series,
            "2027",
            "2027-03-06",
            "2027-03-09",
            deadlines=(due, Deadline(DeadlineKind.REGISTRATION, Moment("2026-11-21T21:00", "Europe/Berlin"))),
            fees=(Fee("0", "EUR", "Students", ("L", "LM")), Fee("250", "EUR", "Everybody else")),
            travel_grants="Ten for people from low-income countries.",
            visa_letters=True,
            cancer_types=("breast",),
            languages=("en", "sw"),
        ),
    )
    save(found, edition(series, "2026", "2026-03-06", "2026-03-09"))
    save(found, edition(series, "2025", "2025-03-06", "2025-03-09"))
    second = save(found, Series("", "second", "Second Meeting"))
    save(
        found,
        edition(
            second,
            "2027",
            "2027-04-01T09:00",
            "2027-04-01T17:00",
            cancelled=True,
            attendance=Attendance.ONLINE,
            venue=Venue(),
        ),
    )
    earlier = ((Moment("2027-01-06"), Moment("2027-01-09")),)
    save(
        found,
        edition(second, "2028", "2027-05-06", "2027-05-09", earlier=earlier, attendance=Attendance.HYBRID),
    )
    hostile = save(found, Series("", "hostile", HOSTILE, HOSTILE, HOSTILE, url="javascript:alert(1)"))
    save(
        found,
        edition(
            hostile,
            "2027",
            "2027-06-06",
            "2027-06-09",
            title="=HYPERLINK(1) " + HOSTILE,
            summary="x" * 100_000,
            url="javascript:alert(1)",
            organizers=(HOSTILE,) * 50,
            contact=HOSTILE,
            deadlines=(Deadline(DeadlineKind.OTHER, Moment("2027-01-05"), HOSTILE * 9),),
            fees=(Fee(HOSTILE, "EUR", HOSTILE),),
            venue=Venue("DE", HOSTILE, HOSTILE, HOSTILE, latitude=52.5, longitude=13.4),
        ),
    )
    draft = Series("", "secret", "A secret draft")
    saved = save(found, draft, State.DRAFT)
    save(found, edition(saved, "2027", "2027-03-06", "2027-03-09", title="A secret draft"), State.DRAFT)
    save(found, edition(series, "2029", "2029-03-06", "2029-03-09", title="A secret draft"), State.DRAFT)
    save(found, edition(series, "2030", "2030-03-06", "2030-03-09", title="A secret draft"), State.IN_REVIEW)
    save(found, Series("", "waiting", "A secret draft"), State.IN_REVIEW)
    yield found
    catalog.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(library: Library, listings: Listings, clock: Clock) -> FlaskClient:
    site = Site(
        library.catalog,
        library.index,
        url="https://findings.example",
        listings=listings,
        clock=clock,
    )
    return create_app(site).test_client()


PAGES = (
    "/conferences",
    "/conferences?past=yes",
    "/conferences?country=KE&cancer_type=breast&month=2027-03&attendance=on-site&language=sw&open=yes",
    "/conferences?country=XX&month=2027-13&attendance=x&open=1&page=zz&q=" + quote(HOSTILE),
    "/conferences?q=nothing-is-called-so",
    "/conferences/map",
    "/conferences/invented",
    "/conferences/second",
    "/conferences/hostile",
    "/conferences/invented/2027",
    "/conferences/invented/2025",
    "/conferences/second/2027",
    "/conferences/second/2028",
    "/conferences/hostile/2027",
)


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_well_formed_light_and_ask_nobody_else(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    page = StrictPage(answer.text)
    assert page.complaints == []
    assert len(answer.data) <= 50_000
    for tag, attributes in page.elements:
        assert tag != "script" or attributes["type"] == "application/ld+json"
        asked = attributes.get("src", "") + (attributes.get("href", "") if tag == "link" else "")
        assert asked.startswith(("/", "https://findings.example/")) or not asked
        assert not attributes.get("href", "").startswith("javascript:")
    assert "<script>alert" not in answer.text
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_list_has_what_is_to_come_and_the_past_behind_a_link(client: FlaskClient) -> None:
    titles = titles_of(client.get("/conferences").text)
    assert titles[:3] == ["Invented Meeting 2027", "Invented Meeting 2027", "Invented Meeting 2028"]
    assert titles_of(client.get("/conferences?past=yes").text) == [
        "Invented Meeting 2026",
        "Invented Meeting 2025",
    ]


def titles_of(text: str) -> list[str]:
    return re.findall(r'<h3><a href="/conferences/[^"]*"[^>]*>([^<]*)</a>', text)


FILTERS = {
    "": 4,
    "country=KE": 2,
    "country=KE&country=DE": 3,
    "country=FR": 0,
    "cancer_type=breast": 1,
    "month=2027-03": 1,
    "month=2027-05": 1,
    "attendance=online": 2,
    "attendance=on-site": 3,
    "attendance=hybrid": 1,
    "language=sw": 1,
    "open=yes": 2,
    "support=visa": 1,
    "support=travel&country=KE": 1,
    "support=online": 0,
    "support=none-such": 4,
    "q=invented+2028": 1,
    "past=yes": 2,
    "past=yes&month=2025-03": 1,
    "q=secret": 0,
}


@pytest.mark.parametrize("query", FILTERS)
def test_every_form_of_a_list_holds_the_same(client: FlaskClient, query: str) -> None:
    count = FILTERS[query]
    told = client.get(f"/conferences.json?{query}").json
    assert told["total"] == len(told["results"]) == count
    ids = {one["id"] for one in told["results"]}
    assert len(titles_of(client.get(f"/conferences?{query}").text)) == count
    rows = list(csv.DictReader(io.StringIO(client.get(f"/conferences.csv?{query}").text)))
    assert {row["id"] for row in rows} == ids
    feed = ElementTree.fromstring(client.get(f"/conferences.atom?{query}").data)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{atom}entry")
    assert {str(e.findtext(f"{atom}id")).rpartition(":")[2] for e in entries} == ids
    events = icalendar.Calendar.from_ical(client.get(f"/conferences.ics?{query}").data).walk("VEVENT")
    own = {str(event["uid"]) for event in events if "related-to" not in event}
    assert own == {f"{one}@findings.example" for one in ids}


@pytest.mark.parametrize("form", ["ics", "csv"])
def test_what_is_too_long_for_one_calendar_or_table_goes_on_in_the_next(
    client: FlaskClient, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ids(data: bytes) -> list[str]:
        if form == "csv":
            return [row["id"] for row in csv.DictReader(io.StringIO(data.decode()))]
        events = icalendar.Calendar.from_ical(data).walk("VEVENT")
        return [str(e["uid"]).partition("@")[0] for e in events if "related-to" not in e]

    whole = client.get(f"/conferences.{form}")
    assert "Link" not in whole.headers
    assert b"X-WR-CALDESC" not in whole.data
    monkeypatch.setattr("web.listings.conferences.WHOLE_SIZE", 3)
    first = client.get(f"/conferences.{form}")
    assert ids(first.data) == ids(whole.data)[:3]
    if form == "ics":
        assert "3 of 4 meetings" in str(icalendar.Calendar.from_ical(first.data)["x-wr-caldesc"])
    assert "hold 3 meetings at a time" in StrictPage(client.get("/conferences").text).text
    found = re.fullmatch(r'<https://findings.example(/[^>]*)>; rel="next"', first.headers["Link"])
    assert found
    second = client.get(found[1])
    assert ids(second.data) == ids(whole.data)[3:]
    assert "Link" not in second.headers


def test_drafts_are_seen_nowhere(client: FlaskClient) -> None:
    for path in ("/conferences/secret", "/conferences/waiting", "/conferences/secret/2027"):
        for form in ("", ".ics", ".json"):
            assert client.get(path + form).status_code == 404, path
    assert client.get("/conferences/invented/2029").status_code == 404
    assert client.get("/conferences/invented/2030.ics").status_code == 404
    lists = ("/conferences", "/conferences/map", "/conferences/embed", "/conferences/invented")
    forms = [f"/conferences{s}{f}" for s in ("", "/invented") for f in (".ics", ".atom", ".csv", ".json")]
    for path in (*lists, "/conferences?q=secret&past=yes", *forms):
        assert "secret draft" not in client.get(path).text, path


def test_a_change_that_waits_for_review_is_not_shown(client: FlaskClient, listings: Listings) -> None:
    series = listings.by_slug("invented").id
    listed = listings.save(
        edition(series, "2031", "2031-01-01", "2031-01-02"), State.PUBLIC, "a-source", "created"
    )
    assert isinstance(listed.public, Edition)
    changed = replace(listed.public, title="A secret change")
    listings.save(changed, State.IN_REVIEW, "a-source", "changed")
    try:
        for path in ("/conferences/invented/2031", "/conferences/invented.ics", "/conferences.json"):
            assert "secret change" not in client.get(path).text
    finally:
        listings.save(changed, State.WITHDRAWN, "a-source", "withdrawn")
    assert client.get("/conferences/invented/2031").status_code == 404


def test_an_edition_tells_its_deadlines_and_what_is_left(client: FlaskClient, clock: Clock) -> None:
    text = StrictPage(client.get("/conferences/invented/2027").text).text
    assert "6–9 March 2027" in text
    assert "Until 1 December 2026, 24:00 anywhere on Earth" in text
    assert "That is 2 December 2026, 12:00 UTC" in text
    assert "it was 10 November 2026, 24:00 anywhere on Earth; then 20 November 2026" in text
    assert "8 hours left" in text
    assert "Students; low-income countries, lower-middle-income countries" in text
    assert "Ten for people from low-income countries." in text
    assert "English, Swahili" in text
    clock.now = datetime(2026, 11, 21, 20, 1, tzinfo=UTC)
    assert "8 hours left" not in client.get("/conferences/invented/2027").text


def test_status_turns_with_the_clock_and_no_job(client: FlaskClient, clock: Clock) -> None:
    path, minute = "/conferences/invented/2027.json", timedelta(minutes=1)
    boundaries = {
        datetime(2026, 12, 2, 12, tzinfo=UTC): ("open", "announced"),
        datetime(2027, 3, 5, 21, tzinfo=UTC): ("announced", "running"),
        datetime(2027, 3, 9, 21, tzinfo=UTC): ("running", "past"),
    }
    for boundary, (before, after) in boundaries.items():
        for at, status in ((boundary - minute, before), (boundary, after), (boundary + minute, after)):
            clock.now = at
            assert client.get(path).json["status"] == status, at
            past = "invented/2027" in client.get("/conferences?past=yes").text
            assert past is (status == "past")
            listed = "invented/2027" in client.get("/conferences?open=yes").text
            assert listed is (status == "open")


@pytest.mark.parametrize(
    "path",
    [
        *("/conferences", "/conferences.json", "/conferences/embed", "/conferences/invented"),
        *("/conferences/invented.json", "/conferences/invented/2027", "/conferences/invented/2027.json"),
    ],
)
def test_nobody_keeps_a_copy_beyond_the_moment_it_turns(client: FlaskClient, clock: Clock, path: str) -> None:
    boundaries = (
        datetime(2026, 12, 2, 12, tzinfo=UTC),
        datetime(2027, 3, 5, 21, tzinfo=UTC),
        datetime(2027, 3, 9, 21, tzinfo=UTC),
    )
    for boundary in boundaries:
        for before, kept in ((timedelta(seconds=20), 20), (timedelta(minutes=9), 60)):
            clock.now = boundary - before
            assert client.get(path).headers["Cache-Control"] == f"public, max-age={kept}", boundary


def test_cancelled_and_moved_come_first(client: FlaskClient) -> None:
    cancelled = client.get("/conferences/second/2027").text
    assert cancelled.index("<strong>Cancelled.</strong>") < cancelled.index("<h1")
    moved = client.get("/conferences/second/2028").text
    assert moved.index("First announced: 6–9 January 2027") < moved.index("<h1")
    assert json_ld(cancelled)["eventStatus"] == "https://schema.org/EventCancelled"
    assert json_ld(moved)["previousStartDate"] == "2027-01-06"


def test_what_search_engines_read(client: FlaskClient) -> None:
    event = json_ld(client.get("/conferences/invented/2027").text)
    assert event["startDate"] == "2027-03-06"
    address = event["location"][0]["address"]
    assert (address["addressLocality"], address["addressCountry"]) == ("Nairobi", "KE")
    assert [offer["price"] for offer in event["offers"]] == ["0", "250"]
    assert event["superEvent"]["url"] == "https://findings.example/conferences/invented"
    series = json_ld(client.get("/conferences/invented").text)
    assert [one["startDate"] for one in series["subEvent"]] == ["2027-03-06", "2026-03-06", "2025-03-06"]
    assert json_ld(client.get("/conferences/second/2027").text)["startDate"] == "2027-04-01T09:00:00+03:00"


def json_ld(text: str) -> dict:  # type: ignore[type-arg]
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


def test_the_list_may_be_framed_by_others_and_nothing_else(client: FlaskClient) -> None:
    answer = client.get("/conferences/embed?country=KE")
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = StrictPage(answer.text)
    assert page.complaints == []
    links = [attributes for tag, attributes in page.elements if tag == "a"]
    assert links
    assert all(a["href"].startswith("https://findings.example/conferences") for a in links)
    assert len(answer.data) < 10_000


def test_a_spreadsheet_runs_nothing(client: FlaskClient) -> None:
    for row in csv.reader(io.StringIO(client.get("/conferences.csv").text)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)
    assert "'=HYPERLINK(1)" in client.get("/conferences.csv").text


def test_web_calendars_are_links_with_all_in_them(client: FlaskClient) -> None:
    page = StrictPage(client.get("/conferences/invented/2027").text)
    google = next(a["href"] for t, a in page.elements if t == "a" and "google" in a.get("href", ""))
    assert "dates=20270306%2F20270310" in google
    outlook = next(a["href"] for t, a in page.elements if t == "a" and "outlook" in a.get("href", ""))
    assert "startdt=2027-03-06&enddt=2027-03-10&allday=true" in outlook


def test_a_series_can_be_subscribed_to(client: FlaskClient) -> None:
    answer = client.get("/conferences/invented.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.data)
    assert str(calendar["x-wr-calname"]) == "Invented Meeting · Findings"
    assert str(calendar["source"]) == "https://findings.example/conferences/invented.ics"
    again = client.get("/conferences/invented.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    (event, *rest) = icalendar.Calendar.from_ical(client.get("/conferences/invented/2027.ics").data).walk(
        "VEVENT"
    )
    assert event["url"] == "https://findings.example/conferences/invented/2027"
    assert len(rest) == 2


def test_the_map_counts_what_the_list_holds(client: FlaskClient) -> None:
    text = StrictPage(client.get("/conferences/map").text).text
    assert "of 4 meetings" in text
    assert "1 is held online alone" in text
    assert "Kenya" in text
    assert "Germany" in text
    assert client.get("/conferences/map").text.count("<circle") >= 1


def test_a_map_of_too_many_says_that_it_is_not_whole(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Back to the list of 4 meetings" in StrictPage(client.get("/conferences/map").text).text
    monkeypatch.setattr("web.listings.map.MOST_MAPPED", 3)
    text = StrictPage(client.get("/conferences/map").text).text
    assert "Back to the list; here are the soonest 3 meetings. Narrow the list to see the rest." in text


def test_pages_beyond_the_last_lead_back(client: FlaskClient) -> None:
    answer = client.get("/conferences?country=KE&page=9")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/conferences?country=KE&page=1"


def test_a_site_without_listings_has_no_such_pages(library: Library) -> None:
    client = create_app(Site(library.catalog, library.index)).test_client()
    assert client.get("/conferences").status_code == 404
    assert "/conferences" not in client.get("/").text


def test_the_kind_of_the_store_is_what_we_think(listings: Listings) -> None:
    assert listings.by_slug("invented").kind is Kind.SERIES
    assert [one.id for one in listings.several(["nothing", listings.by_slug("second").id])] == [
        listings.by_slug("second").id
    ]


def test_papers_presented_there_are_linked(client: FlaskClient, listings: Listings, library: Library) -> None:
    code, year, number = "icn", 2024, 1
    assert (code, year) in {
        (v.meeting.series, v.meeting.year) for v in library.paper(number).versions if v.meeting
    }
    series = save(listings, Series("", "presented", "Presented Meeting", meeting=code))
    for when in (year, 1999):
        save(listings, edition(series, str(when), f"{when}-03-06", f"{when}-03-09"))
    path = f'href="/papers/{library.ids[number]}"'
    assert path in client.get("/conferences/presented").text
    assert path in client.get(f"/conferences/presented/{year}").text
    assert "Presented there" not in client.get("/conferences/presented/1999").text
    query = re.search(r'href="(/search\?q=[^"]*)"', client.get(f"/conferences/presented/{year}").text)
    assert query
    assert path in client.get(query[1]).text


def test_a_full_page_of_the_longest_texts_stays_light(
    client: FlaskClient, tmp_path_factory: pytest.TempPathFactory, library: Library
) -> None:
    catalog = open_catalog(f"sqlite:///{tmp_path_factory.mktemp('long') / 'listings.db'}", ("europepmc",))
    text = "乳" * 5_000
    series = save(catalog.listings, Series("", "long", text, text, text))
    due = tuple(Deadline(DeadlineKind.OTHER, Moment(f"2027-01-{n:02}"), text) for n in range(1, 29))
    for n in range(45):
        venue = Venue("KE", text, text, text)
        long = edition(series, f"e{n}", "2027-02-01", "2027-02-02", title=text, summary=text, venue=venue)
        save(catalog.listings, replace(long, deadlines=due, travel_grants=text, contact=text))
    site = Site(library.catalog, library.index, listings=catalog.listings, clock=Clock())
    own = create_app(site).test_client()
    for path in ("/conferences", "/conferences?page=3", "/conferences/long", "/conferences/long/e1"):
        assert len(own.get(path).data) <= 50_000, path
    catalog.close()
