"""Reading forms into listings: any form gives a draft; what is shown is read back the same. All invented."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conferences.fetching import Fetcher
from domain.listing import CareerStage, Deadline, DeadlineKind, Edition, Kind, Moment, Opportunity, Series
from tests.web.organizers import Browser, Post, words
from web import Site, create_app
from web.organize.fields import FORMS, Field, Rows
from web.organize.forms import can_be_kept, count_rows, read_form, said, to_form
from web.organize.organizing import blank, next_edition, to_series

FORM = {
    "title": ["Invented Meeting 2027"],
    "starts": ["2027-03-08"],
    "ends": ["2027-03-10"],
    "starts-time": ["09:00"],
    "starts-zone": ["Africa/Nairobi"],
    "attendance": ["hybrid"],
    "venue.country": ["KE"],
    "url": ["https://invented.example"],
    "deadlines-0-kind": ["abstract"],
    "deadlines-0-moment": ["2027-01-15"],
    "deadlines-0-moment-time": ["12:00"],
    "deadlines-0-moment-zone": ["Asia/Kolkata"],
    "deadlines-1-kind": ["visa-letter"],
    "deadlines-1-moment": ["2027-01-20"],
    "fees-0-amount": ["250.50"],
    "fees-0-currency": ["usd"],
    "fees-0-income_groups": ["L", "LM", "nonsense"],
    "languages": ["English, French"],
    "cancer_types": ["breast", "lung"],
    "visa_letters": ["yes"],
    "organizers": ["One Society\r\nAnother"],
}


def names() -> list[str]:
    found = []
    for asked in FORMS.values():
        for field in asked:
            if isinstance(field, Rows):
                found += [f"{field.name}-{n}-{part.name}" for n in (0, 1) for part in field.fields]
            else:
                found += [field.name, f"{field.name}-time", f"{field.name}-zone"]
    return sorted(set(found))


def test_a_form_becomes_a_meeting_and_a_form_again() -> None:
    meeting, problems = read_form(FORMS[Kind.EDITION], FORM, blank(Kind.EDITION))
    assert problems == {}
    assert isinstance(meeting, Edition)
    assert meeting.starts == Moment("2027-03-08T09:00", "Africa/Nairobi")
    assert meeting.deadlines[0].moment == Moment("2027-01-15T12:00", "Asia/Kolkata")
    assert meeting.deadlines[1].moment == Moment("2027-01-20", "AoE")
    assert (meeting.fees[0].currency, meeting.fees[0].income_groups) == ("USD", ("L", "LM"))
    assert (meeting.languages, meeting.visa_letters) == (("en", "fr"), True)
    assert meeting.organizers == ("One Society", "Another")
    again, problems = read_form(FORMS[Kind.EDITION], to_form(FORMS[Kind.EDITION], meeting), meeting)
    assert (again, problems) == (meeting, {})


def test_no_row_is_lost_for_want_of_one_field() -> None:
    half = {"fees-0-amount": [""], "deadlines-3-label": ["Late posters"], "deadlines-3-kind": ["abstract"]}
    meeting, problems = read_form(FORMS[Kind.EDITION], FORM | half, blank(Kind.EDITION))
    assert list(problems) == ["deadlines-3-moment", "fees-0-amount"]
    assert not can_be_kept(problems)
    assert len(meeting.deadlines) == 2
    deadlines, _ = (field for field in FORMS[Kind.EDITION] if isinstance(field, Rows))
    assert count_rows(deadlines, FORM | half) >= 4, "it is shown again"
    fact = {"title": ["Offer"], "eligibility-1-countries": ["Kenya"]}
    offer, problems = read_form(FORMS[Kind.OPPORTUNITY], fact, blank(Kind.OPPORTUNITY))
    assert isinstance(offer, Opportunity)
    assert [one.countries for one in offer.eligibility] == [("KE",)], "a fact needs no words of the provider"
    assert can_be_kept(problems)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": [" "]}, "title"),
        ({"title": ["x" * 201]}, "title"),
        ({"starts": ["2027-02-30"]}, "starts"),
        ({"starts": ["8 March"]}, "starts"),
        ({"starts-time": ["25:00"]}, "starts"),
        ({"starts-zone": ["Mars/Olympus"]}, "starts-zone"),
        ({"ends": ["2027-03-01"]}, "ends"),
        ({"ends": ["2027-09-01"]}, "ends"),
        ({"attendance": ["by-thought"]}, "attendance"),
        ({"venue.country": ["ZZ"]}, "venue.country"),
        ({"url": ["javascript:alert(1)"]}, "url"),
        ({"url": ["ftp://invented.example"]}, "url"),
        ({"contact": ["nobody"]}, "contact"),
        ({"languages": ["Klingonese"]}, "languages"),
        ({"fees-0-amount": ["a lot"]}, "fees-0-amount"),
        ({"fees-0-currency": ["dollars"]}, "fees-0-currency"),
        ({"deadlines-1-moment": ["2028-01-01"]}, "deadlines-1-moment"),
    ],
)
def test_a_mistake_is_told_at_its_field(change: dict[str, list[str]], field: str) -> None:
    _, problems = read_form(FORMS[Kind.EDITION], FORM | change, blank(Kind.EDITION))
    assert list(problems) == [field]
    assert problems[field].endswith(".")


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from([Kind.EDITION, Kind.OPPORTUNITY, Kind.RESOURCE]),
    st.dictionaries(st.sampled_from(names()), st.lists(st.text(max_size=30), max_size=3), max_size=12),
)
def test_any_form_gives_a_listing(kind: Kind, form: dict[str, list[str]]) -> None:
    listing, _ = read_form(FORMS[kind], form, blank(kind))
    said(FORMS[kind], listing)
    again, _ = read_form(FORMS[kind], to_form(FORMS[kind], listing), listing)
    assert type(again) is type(listing)


def test_last_year_is_copied_to_the_same_days_of_the_week() -> None:
    meeting, _ = read_form(FORMS[Kind.EDITION], FORM, blank(Kind.EDITION))
    assert isinstance(meeting, Edition)
    old = Deadline(DeadlineKind.ABSTRACT, Moment("2027-01-29"), "", (Moment("2027-01-15"),))
    copied = next_edition(replace(meeting, id="x", slug="2027", cancelled=True, deadlines=(old,), sequence=4))
    assert (copied.id, copied.slug, copied.title, copied.cancelled) == (
        "",
        "2028",
        "Invented Meeting 2028",
        False,
    )
    assert copied.starts == Moment("2028-03-06T09:00", "Africa/Nairobi")
    assert copied.starts.day.weekday() == meeting.starts.day.weekday()
    assert (copied.deadlines[0].moment.at, copied.deadlines[0].earlier) == ("2028-01-28", ())


def test_a_series_has_no_year_in_its_name() -> None:
    meeting, _ = read_form(
        FORMS[Kind.EDITION], FORM | {"title": ["2027 – Invented Meeting, 2027"]}, blank(Kind.EDITION)
    )
    assert isinstance(meeting, Edition)
    series = to_series(meeting)
    assert isinstance(series, Series)
    assert "2027" not in series.title
    assert series.title.strip("– ,") == series.title


def test_who_may_apply_is_read_as_facts() -> None:
    form = {
        "kind": ["fellowship"],
        "title": ["Invented fellowship"],
        "provider": ["Invented Fund"],
        "url": ["https://invented.example"],
        "eligibility-0-text": ["Nurses in Kenya and Uganda."],
        "eligibility-0-countries": ["Kenya; ug"],
        "eligibility-0-career_stages": ["nurse"],
    }
    found, problems = read_form(FORMS[Kind.OPPORTUNITY], form, blank(Kind.OPPORTUNITY))
    assert problems == {}
    assert isinstance(found, Opportunity)
    assert (found.closes, found.eligibility[0].countries) == (None, ("KE", "UG"))
    assert found.eligibility[0].career_stages == (CareerStage.NURSE,)


def test_every_field_of_the_tables_is_one_of_the_listing() -> None:
    for kind, asked in FORMS.items():
        listing = Series("", "", "") if kind is Kind.SERIES else blank(kind)
        to_form(asked, listing)
        assert [f.name for f in asked if isinstance(f, Field) and f.required], kind


PAGE = b"""<!doctype html><html><head><title>x</title><script type="application/ld+json">
{"@context": "https://schema.org", "@type": "Event", "name": "Invented Meeting on Cancer 2027",
 "startDate": "2027-03-08", "endDate": "2027-03-10", "url": "https://invented.example/2027",
 "location": {"@type": "Place", "name": "Hall", "address": {"@type": "PostalAddress",
 "addressLocality": "Nairobi", "addressCountry": "KE"}}}</script></head><body></body></html>"""


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/meeting" else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_form_is_filled_in_from_an_address(listing_site: Site, post: Post, port: int) -> None:
    fetcher = Fetcher(contact="https://findings.example", allowed=frozenset({("127.0.0.1", port)}), pause=0)
    ada = Browser(create_app(replace(listing_site, fetcher=fetcher)).test_client(), post)
    ada.sign_in("ada@society.example")
    answer = ada.send("/organize/new", "/fetch", address=f"http://127.0.0.1:{port}/meeting")
    assert "This is what we found" in words(answer)
    html = lxml.html.fromstring(answer.text)
    assert html.xpath("//*[@id='venue.city']/@value") == ["Nairobi"]
    handed_in = ada.fill(answer, "/new", act="hand-in")
    assert handed_in.status_code == 303, words(handed_in)
    for bad in (
        "http://169.254.169.254/latest",
        "http://127.0.0.1:1/",
        "file:///etc/passwd",
        "",
        "no address",
    ):
        refused = ada.send("/organize/new", "/fetch", address=bad)
        assert lxml.html.fromstring(refused.text).xpath("//*[@id='address']/@aria-invalid") == ["true"], bad
    assert "no such page" in words(
        ada.send("/organize/new", "/fetch", address=f"http://127.0.0.1:{port}/none")
    )


def test_without_a_fetcher_the_form_works(browser: Browser) -> None:
    browser.sign_in("ada@society.example")
    assert "page or a calendar already" not in words(browser.get("/organize/new"))
