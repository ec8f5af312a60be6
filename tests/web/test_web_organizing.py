"""What organizers do with their listings: forms, parts, drafts, facts that change at once. All invented."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import lxml.html
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from domain.account import Part
from domain.listing import Edition, Kind, State
from domain.listing_ports import Listed
from tests.web.strict import StrictPage
from web import Site, create_app
from web.organizing import ACTS

HOST = "https://findings.example"
MEETING = {
    "title": "Invented Meeting on Cancer 2027",
    "starts": "2027-03-08",
    "ends": "2027-03-10",
    "attendance": "on-site",
    "venue.country": "KE",
    "venue.city": "Nairobi",
    "url": "https://invented.example/2027",
    "deadlines-0-kind": "abstract",
    "deadlines-0-moment": "2027-01-15",
}


@dataclass
class Post:
    """Keeps letters, as a mail server would."""

    letters: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, to: str, subject: str, text: str) -> None:
        """Keep one."""
        self.letters.append((to, subject, text))

    def link(self) -> str:
        """The path of the link in the last letter."""
        return re.findall(rf"{HOST}(\S+)", self.letters[-1][2])[-1]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqlCatalog]:
    opened = open_catalog(f"sqlite:///{tmp_path}/findings.db")
    yield opened
    opened.close()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def site(catalog: SqlCatalog, post: Post) -> Site:
    return Site(
        catalog,
        None,  # type: ignore[arg-type]
        url=HOST,
        secret="s" * 32,
        listings=catalog.listings,
        accounts=catalog.accounts,
        mailer=post,
    )


@dataclass
class Browser:
    """Somebody with a browser, who sends forms as a page gives them."""

    client: FlaskClient
    post: Post

    def get(self, address: str) -> TestResponse:
        return self.client.get(address, base_url=HOST)

    def send(self, page: str, action: str, /, **values: str | list[str]) -> TestResponse:
        return self.fill(self.get(page), action, **values)

    def fill(self, answer: TestResponse, action: str, /, **values: str | list[str]) -> TestResponse:
        """Send the form of a page that goes to `action`, with some values put in."""
        html = lxml.html.fromstring(answer.text)
        own = answer.request.path
        forms = [f for f in html.forms if (f.action or own).endswith(action) and f.method == "POST"]
        assert forms, f"no form to {action}: {[f.action for f in html.forms]}"
        given: dict[str, object] = {}
        for name, value in forms[0].form_values():
            given.setdefault(name, value)
        given |= {name.replace("__", "."): value for name, value in values.items()}
        return self.client.post(forms[0].action or own, data=given, base_url=HOST, headers={"Origin": HOST})

    def sign_in(self, email: str) -> "Browser":
        assert self.send("/account", "/link", email=email).status_code == 200
        link = self.post.link()
        assert self.fill(self.get(link), "/sign-in").status_code == 303
        return self


@pytest.fixture
def browser(site: Site, post: Post) -> Browser:
    return Browser(create_app(site).test_client(), post)


@pytest.fixture
def another(site: Site, post: Post) -> Browser:
    return Browser(create_app(site).test_client(), post)


@pytest.fixture
def ada(browser: Browser) -> Browser:
    return browser.sign_in("ada@society.example")


def words(answer: TestResponse) -> str:
    page = StrictPage(answer.text)
    assert page.complaints == []
    assert len(answer.data) < 50_000
    return " ".join(page.text.split())


def list_meeting(browser: Browser, act: str = "hand-in", **values: str) -> str:
    answer = browser.send("/organize/new", "/new", **(MEETING | {"act": act} | values))
    assert answer.status_code == 303, words(answer)
    return answer.headers["Location"].split("/")[-1].split("?")[0]


def approve(catalog: SqlCatalog, listing_id: str) -> Listed:
    listed = catalog.listings.listed(listing_id)
    if isinstance(listed.latest, Edition):
        series = catalog.listings.listed(listed.latest.series)
        if series.public is None:
            approve(catalog, series.id)
    return catalog.listings.save(listed.latest, State.PUBLIC, "reviewer", "approved")


def test_a_meeting_is_listed_in_one_short_form(ada: Browser, catalog: SqlCatalog) -> None:
    page = ada.get("/organize/new")
    assert "List a meeting" in words(page)
    listed = catalog.listings.listed(list_meeting(ada))
    assert (listed.state, listed.kind) == (State.IN_REVIEW, Kind.EDITION)
    meeting = listed.latest
    assert isinstance(meeting, Edition)
    assert (meeting.slug, meeting.venue.city, meeting.starts.at) == ("2027", "Nairobi", "2027-03-08")
    series = catalog.listings.listed(meeting.series)
    assert (series.state, series.latest.title) == (State.IN_REVIEW, "Invented Meeting on Cancer")
    assert "waits for a reviewer" in words(ada.get(f"/organize/{listed.id}?done=handed-in"))
    assert "Invented Meeting on Cancer 2027" in words(ada.get("/organize"))
