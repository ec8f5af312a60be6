"""What only a browser can tell: no sideways scrolling, contrast, the keyboard, small targets, print."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest

from domain.digest import Audience, Digest
from domain.evidence import ABSTRACT, Evidence, words_at
from domain.query import Facet, Query
from tests.web.conftest import Library
from tests.web.served import served
from web import Site, create_app

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

KEY = "an invented review key"
CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = rgba(getComputedStyle(node).backgroundColor);
      if (colour[3] > 0) return colour;
    }
    return [255, 255, 255, 255];
  };
  const ratio = (node) => {
    const [a, b] = [light(rgba(getComputedStyle(node).color)), light(ground(node))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const words = walker.currentNode.data.trim();
    if (!words || !node.checkVisibility() || node.closest('.hidden, .skip')) continue;
    if (ratio(node) < 4.5) low.push([node.tagName, node.className, words.slice(0, 40), ratio(node)]);
  }
  for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
    if (!field.checkVisibility() || field.closest('.hidden')) continue;
    if (ratio(field) < 4.5) low.push([field.tagName, field.name, 'what is typed', ratio(field)]);
  }
  return low;
}"""
SMALL = """() => [...document.querySelectorAll('a, button, input, select, summary')]
  .filter(e => e.checkVisibility() && !e.closest('p, cite, figcaption, td, th, h3, .skip, label'))
  .map(e => [e, e.getBoundingClientRect()])
  .map(([e, box]) => [e.tagName, e.textContent.slice(0, 30), box.width, box.height])
  .filter(([, , width, height]) => width > 0 && (width < 24 || height < 24))"""

UNCOVERED = """() => {
  const focused = document.activeElement, box = focused.getBoundingClientRect();
  const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return (focused.closest('label') ?? focused).contains(seen);
}"""


STRATEGY = "\n".join(
    [
        "1. (radiotherpay or " + " or ".join(f'"no paper of {n}"' for n in range(200)) + ").ti,ab.",
        f"2. ({'x' * 99} or nurses or " + " or ".join(f"{'y' * 30}{n}" for n in range(60)) + ").mp.",
        "3. 1 and 2",
    ]
)
"""Thousands of characters, with a slip and with words that no line of a phone holds."""


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    with served(create_app(replace(site, review_key=KEY))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    if not CHROMIUM:
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def paths(library: Library) -> list[str]:
    papers = [f"/papers/{library.ids[n]}" for n in (1, 2, 6, 8, 12, 13)]
    digest = f"/papers/{library.ids[1]}/digest/public"
    refused = f"/papers/{library.ids[6]}/digest/public"
    lists = [
        "/",
        "/search?q=cancer&cancer_type=breast&from=2012",
        "/search?q=zebrafish",
        "/search?q=bowel+cancer+screening&literal=x&meaning=no",
        "/search?q=colour:melanoma",
        "/search/facets?q=cancer",
        f"/search?q={quote(STRATEGY)}",
        "/search/help",
        "/digests",
        "/status",
    ]
    return [*lists, "/about", "/nothing", digest, f"{digest}/changes", refused, *papers]


@pytest.mark.parametrize("width", [180, 320, 360, 1280])  # 180: a phone whose text is twice as large
def test_nothing_scrolls_sideways(
    browser: "playwright.Browser", address: str, paths: list[str], width: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": 700}) as context:
        page = context.new_page()
        for path in paths:
            page.goto(address + path)
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out(
    browser: "playwright.Browser", address: str, paths: list[str], scheme: str
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 700}, color_scheme=scheme) as context:
        page = context.new_page()
        for path in paths:
            page.goto(address + path)
            assert page.evaluate(CONTRAST) == [], path
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(255, 255, 255)") is (scheme == "light")


def test_targets_are_large_enough_for_a_thumb(
    browser: "playwright.Browser", address: str, paths: list[str]
) -> None:
    with browser.new_context(viewport={"width": 360, "height": 700}) as context:
        page = context.new_page()
        for path in paths:
            page.goto(address + path)
            assert page.evaluate(SMALL) == [], path


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_chosen_does_not_push_the_rest_aside(
    browser: "playwright.Browser", address: str, library: Library, width: int
) -> None:
    digests = [f"/papers/{library.ids[1]}/digest/{reader}" for reader in Audience]
    with browser.new_context(viewport={"width": width, "height": 700}) as context:
        page = context.new_page()
        for paths, links in ((digests, ".tabs a"), (["/search", "/digests", "/about"], ".top nav a")):
            places = []
            for path in paths:
                page.goto(address + path)
                assert page.locator(f"{links}[aria-current]").count() == 1
                boxes = [link.bounding_box() for link in page.locator(links).all()]
                places.append([(box["x"], box["width"]) for box in boxes])
            assert places[1:] == places[:-1]


@pytest.mark.parametrize("script", [True, False])
def test_evidence_shows_on_focus_tap_and_click(
    browser: "playwright.Browser", address: str, library: Library, script: bool
) -> None:
    phone = {"viewport": {"width": 360, "height": 700}, "has_touch": True, "java_script_enabled": script}
    with browser.new_context(**phone) as context:
        page = context.new_page()
        page.goto(f"{address}/papers/{library.ids[1]}/digest/public")
        summary, proof = page.locator("#s1 summary"), page.locator("#s1 .proof")
        playwright.expect(proof).to_be_hidden()
        for _ in range(30):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.tagName") == "SUMMARY":
                break
        playwright.expect(summary).to_be_focused()
        playwright.expect(proof).to_be_visible()
        page.keyboard.press("Tab")
        playwright.expect(page.locator("#s1 .proof a")).to_be_focused()
        page.locator("#s2 summary").tap()
        playwright.expect(page.locator("#s2 .proof")).to_be_visible()
        page.locator("#s3 summary").click()
        playwright.expect(page.locator("#s3 .proof")).to_be_visible()
        page.locator("#s3 summary").click()
        playwright.expect(page.locator("#s3 .proof")).to_be_hidden()


def test_the_focus_stands_out(browser: "playwright.Browser", address: str, library: Library) -> None:
    with browser.new_context(viewport={"width": 360, "height": 700}) as context:
        page = context.new_page()
        page.goto(f"{address}/papers/{library.ids[1]}/digest/public")
        page.locator("#s1 summary").focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_the_desk_can_be_used_on_a_phone_and_in_the_dark(
    browser: "playwright.Browser", address: str, library: Library
) -> None:
    with browser.new_context(viewport={"width": 360, "height": 700}, color_scheme="dark") as context:
        page = context.new_page()
        for path in ("/moderate/digests", f"/moderate/digests/{library.ids[1]}/public"):
            page.goto(f"{address}/moderate/digests")
            if page.get_by_label("Review key").count():
                look_at(page, path)
                page.get_by_label("Your name").fill("Ada Invented")
                page.get_by_label("Review key").fill(KEY)
                page.get_by_role("button", name="Sign in").click()
            page.goto(address + path)
            playwright.expect(page.get_by_text("Ada Invented").first).to_be_visible()
            look_at(page, path)


def look_at(page: "playwright.Page", path: str) -> None:
    """What any page must stand."""
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(width) <= 0, path
    narrow = page.evaluate("innerWidth < 960")
    assert narrow or page.locator(".jump:visible").count() == 0, "filters stand beside the list"
    assert page.evaluate(CONTRAST) == [], path
    assert page.evaluate(SMALL) == [], path


def test_evidence_stands_beside_the_sentence_on_a_wide_screen(
    browser: "playwright.Browser", address: str, library: Library
) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 700}) as context:
        page = context.new_page()
        page.goto(f"{address}/papers/{library.ids[1]}/digest/public")
        sentence = page.locator("#s1 .says > p").bounding_box()
        proof = page.locator("#s1 blockquote").bounding_box()
        assert sentence
        assert proof
        assert proof["x"] >= sentence["x"] + sentence["width"]
        assert abs(proof["y"] - sentence["y"]) < 30


@pytest.mark.parametrize("width", [360, 1280])
def test_long_evidence_is_folded_away_but_printed(
    browser: "playwright.Browser", site: Site, library: Library, width: int
) -> None:
    paper = library.paper(1)
    text = words_at(paper.primary, ABSTRACT)
    also = tuple(Evidence(paper.primary.source_hash, n, n + 20, text[n : n + 20]) for n in range(0, 160, 20))

    class WordyCatalog:
        def __getattr__(self, name: str) -> object:
            return getattr(site.catalog, name)

        def digest(self, paper_id: str, audience: Audience) -> Digest | None:
            found = site.catalog.digest(paper_id, audience)
            return found and replace(found, sentences=(replace(found.sentences[0], also=also),))

    app = create_app(replace(site, catalog=WordyCatalog()))  # type: ignore[arg-type]
    with served(app) as own, browser.new_context(viewport={"width": width, "height": 700}) as context:
        page = context.new_page()
        page.goto(f"{own}/papers/{paper.id}/digest/public")
        if width == 360:
            page.locator("#s1 > details > summary").click()
        folded, last = page.locator("#s1 .proof summary").last, page.locator("#s1 blockquote").last
        playwright.expect(page.locator("#s1 blockquote").first).to_be_visible()
        playwright.expect(folded).to_be_visible()
        playwright.expect(last).to_be_hidden()
        folded.click()
        playwright.expect(last).to_be_visible()
        folded.click()
        page.emulate_media(media="print")
        playwright.expect(last).to_be_visible()


def test_filters_follow_the_results_on_a_phone_and_stand_beside_them_on_a_wide_screen(
    browser: "playwright.Browser", address: str
) -> None:
    for width, beside in ((360, False), (1280, True)):
        with browser.new_context(viewport={"width": width, "height": 700}) as context:
            page = context.new_page()
            page.goto(f"{address}/search?q=cancer")
            results = page.locator("ol.list").bounding_box()
            filters = page.locator("#filters").bounding_box()
            assert results
            assert filters
            assert results["y"] < 560, "the first result is on the first screen"
            assert (filters["x"] > results["x"] + results["width"]) is beside
            assert (filters["y"] > results["y"] + results["height"]) is not beside
            jump = page.get_by_role("link", name="Narrow these results")
            assert jump.is_visible() is not beside
            if not beside:
                jump.click()
                playwright.expect(page.locator("#narrow")).to_be_in_viewport()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_button_that_applies_filters_is_at_hand_once_one_is_ticked(
    browser: "playwright.Browser", address: str, width: int
) -> None:
    view = {"viewport": {"width": width, "height": 500}, "reduced_motion": "reduce"}
    with browser.new_context(**view) as context:
        page = context.new_page()
        page.goto(f"{address}/search?q=cancer")
        button, first = page.get_by_role("button", name="Apply filters"), page.locator(".tick input").first
        first.scroll_into_view_if_needed()
        playwright.expect(button).not_to_be_in_viewport()
        first.check()
        playwright.expect(button).to_be_in_viewport(ratio=1)
        for _ in range(12):  # and it never hides what the keyboard has come to
            page.keyboard.press("Tab")
            assert page.evaluate(UNCOVERED)


@pytest.mark.parametrize("width", [768, 1280])
def test_the_menu_takes_one_line(browser: "playwright.Browser", address: str, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 700}) as context:
        page = context.new_page()
        page.goto(address)
        assert len({link.bounding_box()["y"] for link in page.locator(".top nav a").all()}) == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_results_do_not_move_when_the_counts_come(
    browser: "playwright.Browser", site: Site, width: int
) -> None:
    counting = threading.Event()

    class FakeSlowIndex:
        def __getattr__(self, name: str) -> object:
            return getattr(site.index, name)

        def facets(self, query: Query) -> tuple[Facet, ...]:
            counting.wait(4)
            return site.index.facets(query)

    app = create_app(replace(site, index=FakeSlowIndex()))  # type: ignore[arg-type]
    with (
        served(app, threaded=True) as own,
        browser.new_context(viewport={"width": width, "height": 700}) as context,
    ):
        try:
            page = context.new_page()
            page.goto(f"{own}/search?q=cancer", wait_until="commit")
            page.locator("#narrow").wait_for()
            # A box asked for before the stylesheet has come is that of a bare page. `wait_for_function` would
            # ask in the page again and again, by `eval`, which the page's own policy forbids.
            while not page.evaluate("[...document.styleSheets].some(sheet => sheet.href)"):
                page.wait_for_timeout(10)
            before = page.locator("ol.list > li").first.bounding_box()
            assert page.get_by_text("Counting…").is_visible()
            assert page.locator("#from").count() == 0
            counting.set()
            page.locator("#from").wait_for()
            assert page.get_by_text("Counting…").is_visible() is False
            assert page.locator("ol.list > li").first.bounding_box() == before
        finally:
            counting.set()


def test_the_first_tab_stop_skips_to_the_content(browser: "playwright.Browser", address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/digests")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_a_printed_page_holds_what_paper_is_good_for(
    browser: "playwright.Browser", address: str, library: Library
) -> None:
    with browser.new_context(viewport={"width": 700, "height": 900}) as context:
        page = context.new_page()
        page.emulate_media(media="print")
        page.goto(f"{address}/papers/{library.ids[1]}/digest/public")
        playwright.expect(page.locator("#s1 .proof")).to_be_visible()
        assert page.locator("form:visible").count() == 0, "nobody fills it in there"
        assert page.get_by_text("Was this clear?").is_hidden()
        page.goto(f"{address}/search?q=cancer")
        playwright.expect(page.get_by_role("heading", name="Search: cancer")).to_be_in_viewport(ratio=1)
        page.goto(f"{address}/papers/{library.ids[1]}")
        size = "selector => parseFloat(getComputedStyle(document.querySelector(selector)).fontSize)"
        assert page.evaluate(size, ".small") < page.evaluate(size, "body")


def test_a_search_needs_no_script(browser: "playwright.Browser", address: str) -> None:
    with browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        page.on(
            "request", lambda request: refused.append(request.url) if address not in request.url else None
        )
        page.goto(address)
        page.get_by_label("Search the papers").fill("cancer")
        page.get_by_role("button", name="Search").click()
        page.get_by_label("lung").check()
        page.get_by_role("button", name="Apply filters").click()
        assert page.locator("#count").inner_text() == "1 paper has this word"
        assert refused == []
