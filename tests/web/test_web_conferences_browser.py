"""Pages of meetings on small screens and in the dark, looked at by a browser. Every meeting is invented."""

from collections.abc import Iterator

import pytest

from domain.listing_ports import Listings
from tests.web.conftest import Library
from tests.web.served import served
from tests.web.test_web_browser import browser, look_at  # noqa: F401
from tests.web.test_web_conferences import NOW, PAGES, listings  # noqa: F401
from web import Site, create_app

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(library: Library, listings: Listings) -> Iterator[str]:  # noqa: F811
    site = Site(library.catalog, library.index, listings=listings, clock=lambda: NOW)
    with served(create_app(site)) as address:
        yield address


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
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
        for path in (*PAGES, "/conferences/embed"):
            page.goto(address + path)
            look_at(page, path)
        assert all(url.startswith(address) for url in asked)


def test_a_list_is_narrowed_without_scripts(browser: "playwright.Browser", address: str) -> None:  # noqa: F811
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/conferences")
        page.get_by_label("Country").select_option(label="Kenya")
        page.get_by_label("With a deadline still open").check()
        page.get_by_role("button", name="Show").click()
        playwright.expect(page.get_by_role("heading", name="1 meeting")).to_be_visible()
        page.get_by_role("link", name="Invented Meeting 2027").click()
        playwright.expect(page.get_by_role("heading", name="Deadlines")).to_be_visible()
