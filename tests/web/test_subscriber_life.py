"""A reader's letters in a browser on a phone without JavaScript, with mistakes, light and dark. Invented."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog.sqlcatalog import SqlCatalog
from domain.subscription import LetterKind, SubscriptionState
from subscriptions.tokens import Purpose, Tokens
from tests.web.served import served
from tests.web.subscribers import HOST, SECRET, Clock, Readers, opened_readers
from tests.web.test_web_browser import ARGUMENTS, CHROMIUM
from tests.web.test_web_organizer_life import Phone
from web import create_app

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser


@pytest.fixture
def readers(catalog: SqlCatalog, tmp_path: Path) -> Iterator[Readers]:
    with opened_readers(catalog, tmp_path, Clock(datetime.now(UTC))) as found:
        yield found


@pytest.fixture
def address(readers: Readers) -> Iterator[str]:
    app = create_app(replace(readers.site, url="http://127.0.0.1"))
    with served(app, threaded=True) as address:
        yield address


@pytest.fixture
def driver() -> Iterator["playwright.Browser"]:
    if not CHROMIUM or not shutil.which(CHROMIUM):
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


def opened(driver: "playwright.Browser", address: str, scheme: str) -> Phone:
    """A phone without JavaScript."""
    context = driver.new_context(
        viewport={"width": 320, "height": 640}, color_scheme=scheme, java_script_enabled=False
    )
    return Phone(context.new_page(), address)


@pytest.mark.parametrize("width", [320, 1280])
def test_all_begins_on_one_line_and_a_box_is_level_with_its_words(
    driver: "playwright.Browser", address: str, width: int
) -> None:
    with driver.new_context(viewport={"width": width, "height": 700}) as context:
        page = context.new_page()
        page.goto(f"{address}/subscribe?kind=topic")
        edges = [page.locator(one).bounding_box()["x"] for one in (".brand", "h1", "form.stack")]
        assert max(edges) - min(edges) < 1, "all begins on one line"
        ticks = page.locator(".tick:visible")
        assert ticks.count() > 5
        for tick in ticks.all():
            label, box = tick.bounding_box(), tick.locator("input").bounding_box()
            assert abs(label["y"] + label["height"] / 2 - box["y"] - box["height"] / 2) < 1


def test_a_reader_subscribes_changes_pauses_and_leaves(
    driver: "playwright.Browser", address: str, readers: Readers
) -> None:
    for scheme in ("light", "dark"):
        _live(opened(driver, address, scheme), readers, f"{scheme}@readers.example")


def _live(phone: Phone, readers: Readers, email: str) -> None:
    phone.open("/subscribe")
    phone.press("New papers on a topic")
    phone.page.evaluate("document.querySelector('main form').noValidate = true")
    phone.fill(email=email.replace("@", " at "))
    readers.clock.pass_(seconds=20)
    phone.press("Subscribe")
    assert "2 things to put right" in phone.text
    assert "Choose a cancer type" in phone.text
    assert "Write an e-mail address" in phone.text
    phone.page.check("[name=cancer_type][value=lung]")
    phone.fill(**{"country-1": "Kenya"}, email=email, rhythm="daily")
    phone.press("Show what that holds")
    assert "New papers: Lung cancer, authors in Kenya" in phone.text
    assert phone.page.input_value("#email") == email, "nothing typed is lost"
    assert phone.page.input_value("#rhythm") == "daily"
    phone.press("Subscribe")
    assert "Look into your mail" in phone.text

    known = readers.catalog.subscribers.by_email(email)
    assert known
    (letter,) = [x for x in readers.queued(LetterKind.CONFIRM) if x.subscriber == known.id]
    phone.open(readers.link(letter, "subscribe/confirm"))
    assert "Was it you who asked?" in phone.text
    phone.press("Yes, send me these letters")
    assert "You are subscribed" in phone.text
    phone.press("Change what you get")
    assert "New papers: Lung cancer, authors in Kenya" in phone.text

    phone.page.check("[name=pause][value='4']")
    phone.press("Pause")
    assert "They are paused." in phone.text
    phone.press("Take them up again")
    assert "Letters come again." in phone.text
    phone.fill(zone="Nairobi")
    phone.page.locator("form:has(#zone) button").click()
    phone.look()
    assert "We do not know the time zone" in phone.text
    phone.fill(zone="Africa/Nairobi", hour="18")
    phone.page.locator("form:has(#zone) button").click()
    assert "That is changed." in phone.text
    assert readers.catalog.subscribers.subscriber(known.id).hour == 18

    (one,) = readers.catalog.subscribers.subscriptions(known.id)
    tokens = Tokens(SECRET, lambda: readers.clock().timestamp())
    phone.open(f"/unsubscribe/{tokens.sign(Purpose.UNSUBSCRIBE, f'{known.id}/{one.id}')}")
    assert "End these letters?" in phone.text
    phone.press("End these letters")
    assert "You get no more of these letters" in phone.text
    (one,) = readers.catalog.subscribers.subscriptions(known.id)
    assert one.state is SubscriptionState.ENDED
    assert HOST not in phone.page.content().replace(phone.address, "")
    assert phone.page.context.cookies() == []
