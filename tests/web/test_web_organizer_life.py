"""An organizer's whole life in a browser on a phone without JavaScript, with mistakes. All invented."""

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from catalog.sqlcatalog import SqlCatalog
from conferences.fetching import Fetcher
from domain.account import Permission
from domain.listing import Edition
from tests.web.organizers import Post
from tests.web.served import served
from tests.web.test_web_browser import ARGUMENTS, CHROMIUM, CONTRAST, SMALL
from web import Site, create_app

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
TWO_MINUTES, HALF_A_MINUTE = 120, 30
SECONDS_A_KEY, SECONDS_A_FIELD = 0.4, 3.0
"""Slow typing on a phone (30 words a minute), and finding the next field or button."""
PAGE = b"""<!doctype html><title>Invented Meeting on Cancer 2027</title><script type="application/ld+json">
{"@context": "https://schema.org", "@type": "Event", "name": "Invented Meeting on Cancer 2027",
 "startDate": "2027-03-08", "endDate": "2027-03-10", "url": "https://invented.example/2027",
 "description": "Three invented days on screening.", "eventStatus": "https://schema.org/EventScheduled",
 "location": {"@type": "Place", "name": "Invented Hall", "address": {"@type": "PostalAddress",
  "addressLocality": "Nairobi", "addressCountry": "KE"}}}</script>"""
"""A page of an invented society, as many publish it."""


class Phone:
    """A page on a phone; counts what its owner types and where."""

    def __init__(self, page: "playwright.Page", address: str) -> None:
        self.page, self.address, self.keys, self.fields = page, address, 0, 0

    def open(self, path: str) -> None:
        """Go somewhere, and see that all of it can be read and used."""
        self.page.goto(self.address + path)
        self.look()

    def fill(self, **values: str) -> None:
        """Type into fields or choose from lists."""
        for name, value in values.items():
            found = self.page.locator(f"[id='{name.replace('__', '.')}']")
            if found.evaluate("e => e.tagName") == "SELECT":
                found.select_option(value)
                self.keys += 3
            else:
                found.fill(value)
                self.keys += len(value)
            self.fields += 1

    def press(self, words: str) -> None:
        """Press a button or follow a link."""
        found = self.page.locator(f"main :is(button, a, summary):text-is('{words}'):visible").first
        self.fields += 1
        if found.evaluate("e => e.tagName") == "SUMMARY":
            found.click()
        else:
            with self.page.expect_navigation():
                found.click()
        self.look()

    def look(self) -> None:
        """Nothing scrolls sideways, no text is faint, no target is small."""
        page = self.page
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert page.evaluate(CONTRAST) == [], page.url
        assert page.evaluate(SMALL) == [], page.url

    def time(self, what: str) -> float:
        """What it takes by hand, in seconds; printed beside what our own answers took of that."""
        taken = self.keys * SECONDS_A_KEY + self.fields * SECONDS_A_FIELD
        print(f"{what}: {self.fields} fields and buttons, {self.keys} keys: {taken:.0f} s by hand")
        return taken

    @property
    def text(self) -> str:
        """What can be read."""
        return str(self.page.inner_text("main"))


@pytest.fixture
def sites() -> str:
    """The fixture of the site that is served."""
    return "listing_site"


@pytest.fixture
def address(request: pytest.FixtureRequest, sites: str) -> Iterator[str]:
    site: Site = request.getfixturevalue(sites)
    with served(create_app(replace(site, url="http://127.0.0.1"))) as address:
        yield address


@pytest.fixture(params=["light", "dark"])
def phone(request: pytest.FixtureRequest, address: str) -> Iterator[Phone]:
    if not CHROMIUM or not shutil.which(CHROMIUM):
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = found.new_context(
            viewport={"width": 320, "height": 640}, color_scheme=request.param, java_script_enabled=False
        )
        yield Phone(context.new_page(), address)
        context.close()
        found.close()


def link_of(post: Post) -> str:
    return "/account" + post.letters[-1][2].split("/account", 1)[1].split()[0]


@pytest.fixture
def reviewer(phone: Phone, catalog: SqlCatalog, post: Post) -> Phone:
    """A reviewer with a phone of their own, signed in."""
    browser = phone.page.context.browser
    dark = phone.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert browser
    context = browser.new_context(
        viewport={"width": 320, "height": 640},
        color_scheme="dark" if dark else "light",
        java_script_enabled=False,
    )
    own = Phone(context.new_page(), phone.address)
    own.open("/moderate")
    own.fill(email="rea@desk.example")
    own.press("Send me a link")
    own.open(link_of(post))
    person = catalog.accounts.by_email("rea@desk.example")
    assert person
    catalog.accounts.grant(person.id, Permission.MODERATE, "test")
    own.press("Sign in")
    assert "Nothing waits for a reviewer" in own.text
    return own


def approve(reviewer: Phone) -> int:
    """Look at each listing that waits, and let the public see it; returns how many there were."""
    reviewer.open("/moderate")
    for count in range(9):
        first = reviewer.page.locator("main ul.list > li h2 a").first
        if not first.count():
            return count
        for found in (first, reviewer.page.locator("main button[value=approve]").first):
            with reviewer.page.expect_navigation():
                found.click()
            reviewer.look()
        assert "Done. The owners were told." in reviewer.text
        reviewer.open("/moderate")
    pytest.fail("the queue does not get shorter")


def latest(catalog: SqlCatalog) -> Edition:
    person = catalog.accounts.by_email("ada@society.example")
    assert person
    (found,) = [x for x in catalog.listings.owned(person.id) if isinstance(x.latest, Edition)][:1]
    assert isinstance(found.latest, Edition)
    return found.latest


def test_an_organizer_lists_and_comes_back_next_year(
    phone: Phone, reviewer: Phone, catalog: SqlCatalog, post: Post
) -> None:
    phone.open("/organize/new")
    phone.page.fill("#email", "ada at society")
    phone.page.evaluate("document.querySelector('form').noValidate = true")
    phone.press("Send me a link")
    assert "Write an e-mail address" in phone.text
    phone.fill(email="ada@society.example")
    phone.press("Send me a link")
    phone.open(link_of(post))
    phone.press("Sign in")
    assert phone.page.url.endswith("/organize/new"), "where it was asked for"

    phone.keys = phone.fields = 0
    phone.fill(title="Invented Meeting on Cancer 2027", starts="2027-03-08", ends="2027-03-07")
    phone.fill(venue__country="KE", venue__city="Nairobi", url="invented.example/2027")
    phone.press("Hand in")
    assert "Last day: this is before the first one." in phone.text
    assert phone.page.input_value("#title") == "Invented Meeting on Cancer 2027"
    phone.fill(ends="2027-03-10")
    phone.press("Deadlines")
    phone.fill(**{"deadlines-0-moment": "2027-01-15"})
    phone.press("Preview")
    assert "Preview: nobody else sees this" in phone.text
    phone.press("Hand in")
    assert "Handed in. A reviewer looks at it" in phone.text
    assert phone.fields <= 12
    assert phone.time("a first listing, a mistake and a preview included") <= TWO_MINUTES
    here = phone.page.url.replace(phone.address, "").partition("?")[0]

    phone.open("/conferences")
    assert "Invented Meeting" not in phone.text, "nothing is public before a review"
    assert approve(reviewer) == 2, "the series and its meeting"
    phone.open("/conferences?country=KE")  # the whole list is kept for a minute
    assert "Invented Meeting on Cancer 2027" in phone.text
    phone.open(here)
    assert "Public." in phone.text
    phone.fill(**{"deadline-0": "2027-01-10"})
    phone.press("Extend")
    assert "not later than the deadline" in phone.text
    phone.fill(**{"deadline-0": "2027-01-29"})
    phone.press("Extend")
    assert approve(reviewer) == 1, "so young an account is not trusted with it"
    phone.open(here)
    assert "before 15 January 2027" in phone.text

    phone.press("Cancel it")
    phone.press("Cancel the meeting")
    assert "Tick this, if you are sure." in phone.text
    phone.page.check("#sure-cancel")
    phone.press("Cancel the meeting")
    assert "It is cancelled, and everybody sees that." in phone.text

    phone.keys = phone.fields = 0
    phone.press("Next edition")
    assert phone.page.input_value("#starts") == "2028-03-06"
    phone.fill(starts="2028-03-13", ends="2028-03-15", venue__city="Kampala")
    phone.press("Hand in")
    assert phone.fields <= 5
    assert phone.time("next year's edition") <= HALF_A_MINUTE * 1.5
    assert "Invented Meeting on Cancer 2028" in phone.text
    assert "Handed in" in phone.text
    for path in (
        "/organize",
        "/account",
        "/account/codes",
        "/organize/opportunities/new",
        "/organize/resources/new",
    ):
        phone.open(path)
    opened = phone.page.locator("summary").all()
    for summary in opened:
        summary.click()
    phone.look()


@pytest.fixture
def society() -> Iterator[int]:
    """The port at which the society's page is."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def fetching_site(listing_site: Site, society: int) -> Site:
    """A site that reads the society's page, which for once is not in the open network."""
    near = frozenset({("127.0.0.1", society)})
    return replace(listing_site, fetcher=Fetcher("invented@society.example", near, pause=0))


@pytest.mark.parametrize("phone", ["light"], indirect=True)
@pytest.mark.parametrize("sites", ["fetching_site"])
def test_a_meeting_is_listed_from_its_page(
    phone: Phone, society: int, catalog: SqlCatalog, post: Post
) -> None:
    phone.open("/organize/new")
    phone.fill(email="ada@society.example")
    phone.press("Send me a link")
    phone.open(link_of(post))
    phone.press("Sign in")

    phone.keys = phone.fields = 0
    began = time.perf_counter()
    phone.fill(address=f"http://127.0.0.1:{society}/2027")
    phone.press("Fill in from that address")
    assert "This is what we found at that address" in phone.text
    assert phone.page.input_value("#starts") == "2027-03-08"
    assert phone.page.input_value("[id='venue.city']") == "Nairobi"
    phone.press("Hand in")
    assert "Handed in. A reviewer looks at it" in phone.text
    print(f"the browser and our answers: {time.perf_counter() - began:.1f} s")
    assert phone.fields == 3
    assert phone.time("a listing by its address") <= HALF_A_MINUTE
    listed = [one.latest for one in catalog.listings.queue()[1] if isinstance(one.latest, Edition)]
    assert [(one.title, one.venue.country) for one in listed] == [("Invented Meeting on Cancer 2027", "KE")]
