"""Opportunities and resources: lists right to the minute, "for me" by sourced facts, small pages."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from conferences.shelves import shelves
from domain.listing import (
    Access,
    Attendance,
    CareerStage,
    Eligibility,
    LinkCheck,
    Moment,
    Opportunity,
    OpportunityKind,
    Resource,
    ResourceKind,
    State,
    Venue,
)
from domain.listing_ports import Listing, Listings
from domain.paper import Paper
from index.repositories import repositories
from tests.web.conftest import Library
from tests.web.strict import StrictPage
from web import Site, create_app

NOON = datetime(2027, 3, 7, 11, 59, tzinfo=UTC)
"""A minute before what closes on 6 March is closed everywhere on Earth."""
SOURCE = "https://rules.example.org/"
LMIC = Eligibility(income_groups=("L", "LM"), source=SOURCE, read_on="2027-01-02", text="Invented words")
SENIORS = Eligibility(career_stages=(CareerStage.SENIOR,), source=SOURCE, read_on="2027-01-02")
NASTY = "<script>alert(1)</script> & =HYPERLINK(1)"
PAGE = 50_000


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def opportunity(name: str, **more: object) -> Opportunity:
    given: dict[str, object] = {
        "kind": OpportunityKind.FELLOWSHIP,
        "title": f"Invented {name}",
        "provider": "Invented foundation",
        "url": "https://apply.example.org/",
        "closes": Moment("2027-05-01"),
    }
    return Opportunity(id=name, **(given | more))  # type: ignore[arg-type]


OPPORTUNITIES = (
    opportunity("soonest", closes=Moment("2027-03-06"), eligibility=(LMIC,), cancer_types=("breast",)),
    opportunity(
        "silent",
        kind=OpportunityKind.TRAINING,
        opens=Moment("2027-03-20", "UTC"),
        amount="24000",
        currency="EUR",
    ),
    opportunity("seniors", eligibility=(SENIORS,), attendance=Attendance.ONLINE, venue=Venue(country="BR")),
    opportunity(
        "unsourced", eligibility=(replace(LMIC, source=""),), closes=Moment("2027-04-01T17:00", "Asia/Tokyo")
    ),
    opportunity("endless", closes=None, languages=("pt",), title=NASTY, summary=NASTY, provider=NASTY),
    opportunity("long-gone", closes=Moment("2026-03-06"), eligibility=(LMIC,)),
)
BIOBANK = Resource(
    id="biobank",
    kind=ResourceKind.BIOBANK,
    title="Invented biobank",
    url="https://biobank.example.org/",
    provider="Invented institute",
    summary="It holds invented samples.",
    countries=("KE",),
    cancer_types=("breast",),
    access=Access.CONTROLLED,
    terms="Write to its committee.",
    identifiers=("doi:10.5555/bank", "rrid:SCR_000000", "x:<b>"),
    certificates=("Invented seal 2026",),
)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def listings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listings]:
    catalog = open_catalog(f"sqlite:///{tmp_path_factory.mktemp('offers') / 'findings.db'}")
    store = catalog.listings
    every: list[Listing] = [*OPPORTUNITIES, BIOBANK, *shelves()]
    for listing in every:
        store.save(listing, State.PUBLIC, "an-invented-source", "created")
    store.check_link("biobank", LinkCheck(BIOBANK.url, "2027-03-01T06:00:00Z", 404, "gone"))
    yield store
    catalog.close()


@pytest.fixture(scope="module")
def client(library: Library, listings: Listings, clock: Clock) -> FlaskClient:
    site = Site(library.catalog, library.index, listings=listings, clock=clock)
    return create_app(site).test_client()


def titles(client: FlaskClient, path: str) -> list[str]:
    return [one["id"] for one in client.get(path).get_json()["results"]]


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    page = StrictPage(answer.get_data(as_text=True))
    assert not page.complaints
    assert len(answer.data) <= PAGE
    return page.text


def test_what_closes_first_comes_first(client: FlaskClient) -> None:
    order = titles(client, "/opportunities.json")
    assert order == ["soonest", "unsourced", *sorted(["silent", "seniors"], reverse=True), "endless"] or (
        order == ["soonest", "unsourced", "seniors", "silent", "endless"]
    )


@pytest.mark.parametrize("form", ["", ".json", ".csv", ".atom", ".ics"])
def test_gone_the_minute_it_closes(client: FlaskClient, clock: Clock, form: str) -> None:
    try:
        before = client.get(f"/opportunities{form}?country=KE")
        assert "Invented soonest" in before.get_data(as_text=True)
        assert before.headers["Cache-Control"] == "public, max-age=60"
        clock.now = NOON + timedelta(seconds=30)
        assert client.get(f"/opportunities{form}").headers["Cache-Control"] == "public, max-age=30"
        clock.now = NOON + timedelta(minutes=1)
        assert "Invented soonest" not in client.get(f"/opportunities{form}").get_data(as_text=True)
        assert "Invented soonest" not in client.get(f"/opportunities{form}?country=KE").get_data(as_text=True)
        page = text_of(client, "/opportunities/soonest", 410)
        assert "This closed 6 March 2027, 24:00 anywhere on Earth" in page
        assert "Apply at the provider" not in page
    finally:
        clock.now = NOON


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=training", {"silent"}),
        ("kind=training&kind=grant", {"silent"}),
        ("kind=nonsense", {"soonest", "silent", "seniors", "unsourced", "endless"}),
        ("cancer_type=breast", {"soonest"}),
        ("place=BR", {"seniors"}),
        ("place=brazil", {"seniors"}),
        ("language=pt", {"endless"}),
        ("closing=7", {"soonest"}),
        ("closing=30", {"soonest", "unsourced"}),
        ("q=foundation+silent", {"silent"}),
    ],
)
def test_lists_can_be_narrowed(client: FlaskClient, query: str, found: set[str]) -> None:
    assert set(titles(client, f"/opportunities.json?{query}")) == found


@pytest.mark.parametrize(
    ("query", "mine", "unknown"),
    [
        ("country=KE", {"soonest"}, {"silent", "seniors", "unsourced", "endless"}),
        ("country=DE", set(), {"silent", "seniors", "unsourced", "endless"}),
        ("country=KE&stage=senior", {"soonest", "seniors"}, {"silent", "unsourced", "endless"}),
        ("stage=student", set(), {"soonest", "silent", "unsourced", "endless"}),
    ],
)
def test_for_me_needs_a_sourced_fact(
    client: FlaskClient, query: str, mine: set[str], unknown: set[str]
) -> None:
    told = client.get(f"/opportunities.json?{query}").get_json()
    assert {one["id"] for one in told["results"]} == mine
    assert {one["id"] for one in told["not_stated"]} == unknown
    for one in told["results"]:
        assert one["fit"]["verdict"] == "yes"
        assert all(fact["source"] for fact in one["fit"]["facts"])


def test_the_fact_that_decides_stands_beside_it(client: FlaskClient) -> None:
    page = text_of(client, "/opportunities?country=KE")
    assert "1 open to somebody from Kenya" in page
    assert "from countries of low and lower-middle income" in page
    assert "read on 2 January 2027" in page
    assert "Income groups are the World Bank’s of 2026" in page
    assert "Not stated: 4" in page


def test_what_is_not_open_yet_says_so(client: FlaskClient, clock: Clock) -> None:
    try:
        assert "Opens 20 March 2027. Closes" in text_of(client, "/opportunities/silent")
        clock.now = datetime(2027, 3, 20, tzinfo=UTC)
        assert "Opens" not in text_of(client, "/opportunities/silent")
    finally:
        clock.now = NOON


def test_nothing_of_the_reader_is_kept(client: FlaskClient) -> None:
    answer = client.get("/opportunities?country=KE&stage=senior")
    assert "Set-Cookie" not in answer.headers
    assert "/opportunities/soonest?country=KE&amp;stage=senior" in answer.get_data(as_text=True)


def test_the_page_of_one_tells_the_reader(client: FlaskClient) -> None:
    assert "You may apply, as somebody from Kenya" in text_of(client, "/opportunities/soonest?country=KE")
    assert "Not open to you" in text_of(client, "/opportunities/soonest?country=DE")
    assert "Not stated whether you may apply" in text_of(client, "/opportunities/silent?country=DE")
    assert "You may apply" not in text_of(client, "/opportunities/soonest")


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/opportunities",
            "/opportunities?country=KE",
            "/opportunities?page=9",
            "/opportunities?kind=grant",
        ),
        *("/opportunities/endless", "/resources", "/resources?page=9", "/resources?kind=ethics"),
        *("/resources/biobank", "/resources/repository-geo"),
    ],
)
def test_pages_are_whole_and_small(client: FlaskClient, path: str) -> None:
    assert text_of(client, path)


def test_an_amount_can_be_read_at_a_glance(client: FlaskClient) -> None:
    for path in ("/opportunities", "/opportunities/silent"):
        assert "24\u202f000\xa0EUR" in client.get(path).get_data(as_text=True), "not 24000"


def test_what_runs_from_right_to_left_does_so_on_its_own_page(library: Library, catalog: SqlCatalog) -> None:
    words = "زمالة مخترعة"
    for one in (opportunity("call"), BIOBANK):
        catalog.listings.save(replace(one, title=words, summary=words), State.PUBLIC, "test", "created")
    site = Site(library.catalog, library.index, listings=catalog.listings, clock=Clock())
    client = create_app(site).test_client()
    for path in ("/opportunities/call", "/resources/biobank"):
        page = client.get(path).get_data(as_text=True)
        assert f'<h1 lang="" dir="rtl">{words}</h1>' in page
        assert f'<p class="prose" lang="" dir="rtl">{words}</p>' in page


def test_the_longest_list_is_small(library: Library, tmp_path: Path) -> None:
    catalog = open_catalog(f"sqlite:///{tmp_path / 'findings.db'}")
    long = "癌" * 3_000
    said = replace(LMIC, text=long, source=SOURCE + "x" * 1_900)
    for number in range(30):
        one = opportunity(f"long-{number}", title=long, provider=long, summary=long, amount=long)
        facts = (said, replace(said, income_groups=(), career_stages=tuple(CareerStage)))
        catalog.listings.save(replace(one, eligibility=facts * 15), State.PUBLIC, "test", "created")
        one = opportunity(f"open-{number}", title=long, provider=long, summary=long)
        facts = (replace(said, source=""), replace(said, source="", income_groups=(), countries=("KE", "DE")))
        catalog.listings.save(replace(one, eligibility=facts * 15), State.PUBLIC, "test", "created")
    site = Site(library.catalog, library.index, listings=catalog.listings, clock=Clock())
    client = create_app(site).test_client()
    for path in (
        "/opportunities",
        "/opportunities?country=KE&stage=mid",
        "/opportunities/long-1?country=KE",
    ):
        text_of(client, path)
    catalog.close()


def test_nothing_that_a_provider_writes_is_run(client: FlaskClient) -> None:
    for path in ("/opportunities", "/opportunities/endless", "/opportunities.atom"):
        assert "<script>alert" not in client.get(path).get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(client.get("/opportunities.csv").get_data(as_text=True))))
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_the_calendar_holds_closings(client: FlaskClient) -> None:
    calendar = Calendar.from_ical(client.get("/opportunities.ics").data)
    ends = {str(event["summary"]): event.end for event in calendar.events}
    assert ends["Closes: Invented soonest"] == datetime(2027, 3, 7, 12, tzinfo=UTC)
    assert ends["Closes: Invented unsourced"] == datetime(2027, 4, 1, 8, tzinfo=UTC)
    assert len(ends) == 4
    uids = [str(event["uid"]) for event in calendar.events]
    assert len(set(uids)) == len(uids)


def test_feeds_are_whole(client: FlaskClient) -> None:
    for name, entries in (("opportunities", 5), ("resources", 1 + len(list(shelves())))):
        feed = ElementTree.fromstring(client.get(f"/{name}.atom").data)
        assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == entries


def test_machines_are_told_in_schema_org(client: FlaskClient) -> None:
    kinds = {
        "/opportunities/silent": "Course",
        "/opportunities/seniors": "Grant",
        "/resources/biobank": "DataCatalog",
        "/resources/repository-github": "SoftwareApplication",
    }
    for path, kind in kinds.items():
        text = client.get(path).get_data(as_text=True)
        told = json.loads(text.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
        assert told["@type"] == kind
        assert told["@id"].endswith(path)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=biobank", {"biobank", "repository-uk-biobank"}),
        ("country=KE", {"biobank"}),
        ("cancer_type=breast&access=controlled", {"biobank"}),
        ("access=open", set()),
        ("q=invented", {"biobank"}),
    ],
)
def test_resources_can_be_narrowed(client: FlaskClient, query: str, found: set[str]) -> None:
    assert set(titles(client, f"/resources.json?{query}")) == found


def test_a_resource_tells_how_to_get_at_it(client: FlaskClient) -> None:
    page = text_of(client, "/resources/biobank")
    assert "On application." in page
    assert "Write to its committee." in page
    assert "Invented seal 2026" in page
    assert "1 March 2027, 06:00 UTC: There is no such page any more." in page
    links = client.get("/resources/biobank").get_data(as_text=True)
    assert 'href="https://doi.org/10.5555/bank"' in links
    assert 'href="https://scicrunch.org/resolver/RRID:SCR_000000"' in links


def test_a_repository_and_its_papers_lead_to_each_other(client: FlaskClient, library: Library) -> None:
    kept = [paper for paper in library.catalog.papers(list(library.ids.values())) if _in_geo(paper)]
    assert kept
    page = client.get("/resources/repository-geo").get_data(as_text=True)
    assert any(f"/papers/{paper.id}" in page for paper in kept)
    paper = client.get(f"/papers/{kept[0].id}").get_data(as_text=True)
    assert 'href="/resources/repository-geo"' in paper


def _in_geo(paper: Paper) -> bool:
    return any("geo" in repositories(version) for version in paper.versions)


@pytest.mark.parametrize(
    "path", ["/opportunities/biobank", "/resources/soonest", "/opportunities/none", "/resources.ics"]
)
def test_what_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_site_without_listings_has_no_such_pages(library: Library, tmp_path: Path) -> None:
    client = create_app(Site(library.catalog, library.index)).test_client()
    assert client.get("/opportunities").status_code == 404
    assert "/opportunities" not in client.get("/").get_data(as_text=True)
