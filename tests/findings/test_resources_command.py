"""Repositories as resources, and their links asked over real HTTP on loopback."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from conferences.fetching import Fetcher
from conferences.sample import load_sample
from conferences.shelves import shelves
from domain.listing import Edition, EventStatus, Opportunity, Resource, ResourceKind, State
from findings.resources import Desk, check_links, seed_shelves

NOW = datetime(2027, 3, 6, 12, tzinfo=UTC)


class Letters:
    """A mailer that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    def send(self, to: str, subject: str, text: str) -> None:
        self.sent.append((to, subject, text))


@pytest.fixture
def catalog(tmp_path: Path, empty_database: Path) -> Iterator[SqlCatalog]:
    shutil.copy(empty_database, tmp_path / "findings.db")
    found = open_catalog(f"sqlite:///{tmp_path / 'findings.db'}")
    yield found
    found.close()


@contextmanager
def answering(status: int) -> Iterator[tuple[str, Fetcher]]:
    """A server that always answers so, and a fetcher that may ask it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        port = server.server_address[1]
        fetcher = Fetcher(
            "test@example.org",
            allowed=frozenset({("127.0.0.1", port)}),
            resolver=lambda host, port: ["127.0.0.1"],
            pause=0,
        )
        try:
            yield f"http://bank.example.org:{port}/", fetcher
        finally:
            server.shutdown()
            thread.join()


def test_every_repository_becomes_a_resource_once(catalog: SqlCatalog) -> None:
    known = len(list(shelves()))
    assert seed_shelves(catalog.listings)["new"] == known
    assert seed_shelves(catalog.listings) == {"new": 0, "updated": 0, "unchanged": known, "kept": 0}


def test_what_a_person_changed_is_kept(catalog: SqlCatalog) -> None:
    seed_shelves(catalog.listings)
    one = next(shelves())
    catalog.listings.save(one, State.WITHDRAWN, "somebody", "withdrawn")
    assert seed_shelves(catalog.listings)["kept"] == 1
    assert catalog.listings.listed(one.id).public is None


def _listed(catalog: SqlCatalog, url: str) -> tuple[str, Desk, Letters]:
    owner = catalog.accounts.create("owner@example.org", "Invented owner")
    bank = Resource(id="", kind=ResourceKind.BIOBANK, title="Invented bank", url=url)
    name = catalog.listings.save(bank, State.PUBLIC, owner.id, "created").id
    letters = Letters()
    return name, Desk(catalog.listings, catalog.accounts, letters, "https://findings.example.org"), letters


def test_a_link_that_answers_is_shown_with_its_day(catalog: SqlCatalog) -> None:
    with answering(200) as (url, fetcher):
        name, desk, letters = _listed(catalog, url)
        assert [one.problem for one in check_links(desk, fetcher, NOW, 10)] == [""]
        assert not list(check_links(desk, fetcher, NOW + timedelta(days=1), 10))
    public = catalog.listings.listed(name).public
    assert isinstance(public, Resource)
    assert [(one.status, one.checked_at) for one in public.checks] == [(200, "2027-03-06T12:00:00Z")]
    assert not letters.sent


def test_three_failures_in_a_row_are_told_once_and_delete_nothing(catalog: SqlCatalog) -> None:
    with answering(404) as (url, fetcher):
        name, desk, letters = _listed(catalog, url)
        for day in range(5):
            assert [one.problem for one in check_links(desk, fetcher, NOW + timedelta(days=day), 10)] == [
                "gone"
            ]
            assert len(letters.sent) == (day >= 2)
            assert catalog.listings.queue()[0] == (day >= 2)
    assert letters.sent[0][0] == "owner@example.org"
    assert url in letters.sent[0][2]
    listed = catalog.listings.listed(name)
    assert isinstance(listed.public, Resource)
    assert any("no such page" in doubt.detail for doubt in listed.doubts)


@pytest.mark.parametrize("today", [date(2027, 1, 1), date(2027, 12, 31), date(2028, 2, 29)])
def test_the_sample_is_alive_on_any_day(catalog: SqlCatalog, today: date) -> None:
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    listings = list(load_sample(today))
    for listing in listings:
        catalog.listings.save(listing, State.PUBLIC, "sample", "created")
    editions = [one for one in listings if isinstance(one, Edition)]
    assert [one.status(noon) for one in editions] == [
        EventStatus.PAST,
        EventStatus.OPEN,
        EventStatus.ANNOUNCED,
    ]
    assert len({one.slug for one in editions}) == 3
    assert all(one.is_open(noon) for one in listings if isinstance(one, Opportunity))
    assert all("invented" in one.title.lower() for one in listings)
