"""Every feature that fetches what somebody else named, with addresses that lead inside (S1). All invented.

The addresses and the check at the socket are those of `tests/conferences/test_ssrf.py`, which tries the
fetcher by itself.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import lxml.html
import pytest

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from conferences.fetching import Fetcher
from conferences.gathering import Calendar, gather
from conferences.rereading import Rereader
from domain.listing import Edition, Moment, Series, State
from domain.listing_ports import Watch
from findings.resources import asked
from tests.conferences.test_ssrf import URLS, attempts  # noqa: F401
from tests.conferences.test_ssrf import _resolver as resolver
from tests.web.organizers import HOST, Browser, Post
from web import Site, create_app

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FEATURES = {
    "the form of organizers": "web/organize/fetching_forms.py",
    "calendars of societies": "conferences/gathering.py",
    "pages read again": "conferences/rereading.py",
    "checks of links": "findings/resources.py",
}
"""What fetches, and the only module of it that asks the fetcher."""


@dataclass
class Node:
    """A node that reads what others name, with a fetcher as in earnest."""

    catalog: SqlCatalog
    fetcher: Fetcher
    post: Post = field(default_factory=Post)

    def by_form(self, url: str) -> None:
        """An organizer's form, by a new person for each ten addresses: nobody may ask for more."""
        if self.left == 0:
            site = Site(
                self.catalog,
                None,  # type: ignore[arg-type]
                url=HOST,
                secret="s" * 32,
                listings=self.catalog.listings,
                accounts=self.catalog.accounts,
                mailer=self.post,
                fetcher=self.fetcher,
            )
            self.browser = Browser(create_app(site).test_client(), self.post)
            self.number += 1
            self.browser.client.environ_base["REMOTE_ADDR"] = f"198.51.100.{self.number}"
            self.browser.sign_in(f"person-{self.number}@society.example")
            self.page = self.browser.get("/organize/new")
            self.left = 10
        self.left -= 1
        answer = self.browser.fill(self.page, "/fetch", address=url)
        assert answer.status_code == 200, answer.text
        assert lxml.html.fromstring(answer.text).xpath("//*[@id='address' and @aria-invalid]"), "it says why"

    left = number = 0

    def by_calendar(self, url: str) -> None:
        """A row of `config/calendars.toml`."""
        told = gather(Calendar("invented", url, "Invented Society"), self.fetcher, self.catalog.listings, NOW)
        assert told.problem

    def by_watch(self, url: str) -> None:
        """The address that a listing was filled in from."""
        told = Rereader(self.catalog.listings, self.fetcher).read(Watch(self.listed, url), NOW)
        assert told.has_failed

    def by_check(self, url: str) -> None:
        """The address of a resource."""
        told = asked(self.fetcher, url, NOW)
        assert told.status is None
        assert told.problem

    @property
    def listed(self) -> str:
        """A meeting that can be watched."""
        store = self.catalog.listings
        if not (found := store.queue()[1]):
            series = store.save(Series("", "", "Invented"), State.IN_REVIEW, "test", "created").id
            days = (Moment("2027-03-08"), Moment("2027-03-10"))
            return store.save(
                Edition("", series, "2027", "Invented", *days), State.IN_REVIEW, "t", "created"
            ).id
        return next(one.id for one in found if isinstance(one.latest, Edition))


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    catalog = open_catalog(f"sqlite:///{tmp_path_factory.mktemp('ssrf') / 'findings.db'}")
    yield Node(catalog, Fetcher("invented@society.example", resolver=resolver, pause=0))
    catalog.close()


WAYS: dict[str, Callable[[Node, str], None]] = {
    "the form of organizers": Node.by_form,
    "calendars of societies": Node.by_calendar,
    "pages read again": Node.by_watch,
    "checks of links": Node.by_check,
}


@pytest.mark.parametrize("feature", list(WAYS))
def test_no_feature_connects_to_what_is_inside(node: Node, feature: str, attempts: list[object]) -> None:  # noqa: F811
    tried = URLS[::2] if feature == "the form of organizers" else URLS
    assert len(tried) >= 150
    for url in tried:
        WAYS[feature](node, url)
        assert attempts == [], url


@pytest.mark.parametrize("feature", list(WAYS))
def test_the_check_of_each_feature_can_fail(
    node: Node,
    feature: str,
    attempts: list[object],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A public address is connected to: each feature does ask the fetcher."""
    monkeypatch.setattr(node.fetcher, "resolver", lambda host, port: ["93.184.216.34"])
    WAYS[feature](node, "https://society.example/meeting")
    assert attempts == [("93.184.216.34", 443)]


def test_no_feature_is_left_out() -> None:
    """Whatever has a fetcher asks it in one of the modules above."""
    assert set(FEATURES) == set(WAYS)
    asking = set()
    for room in ("conferences", "web", "findings", "catalog", "subscriptions", "domain"):
        for path in sorted((ROOT / room).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            tree = ast.parse(path.read_text("utf-8"))
            if any(_asks_a_fetcher(part) for part in ast.walk(tree)):
                asking.add(place)
    assert asking == set(FEATURES.values())


def _asks_a_fetcher(part: ast.AST) -> bool:
    if not (isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr == "get"):
        return False
    owner = part.func.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return "fetch" in name.lower()
