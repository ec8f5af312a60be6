"""Opportunities and resources on a phone, in the dark and with the keyboard alone. All are invented."""

from collections.abc import Iterator

import pytest

from domain.listing_ports import Listings
from tests.web.conftest import Library
from tests.web.served import served
from tests.web.test_web_browser import browser, look_at  # noqa: F401
from tests.web.test_web_offers import Clock, listings  # noqa: F401
from web import Site, create_app

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
PAGES = (
    "/opportunities",
    "/opportunities?country=KE&stage=postdoc",
    "/opportunities?country=DE&kind=grant",
    "/opportunities/soonest?country=KE",
    "/opportunities/long-gone",
    "/opportunities/endless",
    "/resources",
    "/resources?kind=biobank&country=KE",
    "/resources/biobank",
    "/resources/repository-geo",
)
MOST_TABS = 60


@pytest.fixture(scope="module")
def address(library: Library, listings: Listings) -> Iterator[str]:  # noqa: F811
    site = Site(library.catalog, library.index, listings=listings, clock=Clock())
    with served(create_app(site)) as address:
        yield address


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_every_page_can_be_read_and_used(
    browser: "playwright.Browser",  # noqa: F811
    address: str,
    width: int,
    scheme: str,
) -> None:
    view = {"width": width, "height": 700}
    with browser.new_context(viewport=view, color_scheme=scheme, java_script_enabled=True) as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for path in PAGES:
            page.goto(address + path)
            look_at(page, path)
        assert all(url.startswith(address) for url in asked), "nobody else is asked for anything"


@pytest.mark.parametrize("width", [320, 1280])
def test_what_is_for_me_is_found_with_the_keyboard_alone(
    browser: "playwright.Browser",  # noqa: F811
    address: str,
    width: int,
) -> None:
    with browser.new_context(viewport={"width": width, "height": 700}) as context:
        page = context.new_page()
        page.goto(f"{address}/opportunities")
        tab_to(page, "#country")
        page.keyboard.type("Keny")
        tab_to(page, "#stage")
        page.keyboard.type("Senior")
        press(page, "#filters button")
        playwright.expect(
            page.get_by_role("heading", name="2 open to a senior researcher from Kenya")
        ).to_be_visible()
        assert "country=KE" in page.url
        titles = page.locator("section[aria-labelledby=count] > ol h3").all_inner_texts()
        assert titles == ["Invented soonest", "Invented seniors"]
        tab_to(page, "ol h3 a")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        playwright.expect(
            page.get_by_text("You may apply, as a senior researcher from Kenya")
        ).to_be_visible()


def test_resources_are_narrowed_with_the_keyboard_alone(
    browser: "playwright.Browser",  # noqa: F811
    address: str,
) -> None:
    with browser.new_context(viewport={"width": 320, "height": 700}) as context:
        page = context.new_page()
        page.goto(f"{address}/resources")
        tab_to(page, "#access")
        page.keyboard.type("On appl")
        tab_to(page, "#country")
        page.keyboard.type("Keny")
        press(page, "#filters button")
        titles = page.locator("ol.list h3").all_inner_texts()
        assert titles == ["Invented biobank"]


def test_a_list_for_me_needs_no_script(browser: "playwright.Browser", address: str) -> None:  # noqa: F811
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/opportunities")
        page.get_by_label("Your country").select_option(label="Germany")
        page.get_by_role("button", name="Show").click()
        playwright.expect(page.get_by_role("heading", name="0 open to somebody from Germany")).to_be_visible()
        playwright.expect(page.get_by_role("heading", name="Not stated: 4")).to_be_visible()


def tab_to(page: "playwright.Page", selector: str) -> None:
    """Press Tab until that has the focus, and see that it shows."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert shown != "none", selector
            return
    pytest.fail(f"{selector} is not reached by {MOST_TABS} steps")


def press(page: "playwright.Page", selector: str) -> None:
    """Go to a button and press it, with the keyboard."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")
