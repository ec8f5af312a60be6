"""`findings gather --watched`, and what owners are told; all meetings and people are invented."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from conferences.fetching import Fetched, Fetcher
from conferences.reading import read_listing
from conferences.rereading import FAILURES_TOLD, Rereader
from conferences.watching import to_note
from domain.account import Part
from domain.errors import FetchRefused, MailError
from domain.listing import Edition, Series, State
from domain.listing_ports import Watch
from findings import commands
from findings.cli import cli
from findings.watching import Owners, read_watched
from web.organize.fetching_forms import as_listed

NOW = datetime(2027, 1, 2, tzinfo=UTC)
URL = "https://society.example/2099"
CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
SUMMARY:Invented Congress 2099
DTSTART;VALUE=DATE:{day}
STATUS:{status}
LOCATION:Nairobi\\, Kenya
URL:https://society.example/2099
END:VEVENT
END:VCALENDAR
"""


class Pages(Fetcher):
    """Answers with one calendar, or does not."""

    day: str = "20990306"
    status: str = "CONFIRMED"

    def get(self, url: str, *, etag: str = "", modified: str = "", accept: object = ()) -> Fetched:
        if not self.day:
            raise FetchRefused(url, "unanswered")
        return Fetched(url, 200, "text/calendar", CALENDAR.format(day=self.day, status=self.status).encode())


class Letters:
    """A mailer that keeps what it is given, or sends nothing."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.sent: list[tuple[str, str, str]] = []

    def send(self, to: str, subject: str, text: str) -> None:
        if not self.works:
            raise MailError("no mail today")
        self.sent.append((to, subject, text))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqlCatalog]:
    found = open_catalog(f"sqlite:///{tmp_path / 'findings.db'}")
    yield found
    found.close()


def told() -> Edition:
    """What the page tells at first, as a form holds it."""
    (draft,) = read_listing(Pages("test@example.org").get(URL))
    listed = as_listed(draft)
    assert isinstance(listed, Edition)
    return listed


def imported(catalog: SqlCatalog, **typed: object) -> str:
    """A public meeting of Ada's, whose series Ben edits and Eve may look at."""
    accounts, listings = catalog.accounts, catalog.listings
    people = [accounts.create(f"{name}@society.example", name) for name in ("ada", "ben", "eve")]
    for person in people:
        accounts.update(replace(person, proven=True))
    series = listings.save(Series("", "", "Invented Congress"), State.PUBLIC, people[0].id, "created")
    for person, part in zip(people[1:], (Part.EDITOR, Part.VIEWER), strict=True):
        accounts.set_part(person.id, series.id, part, people[0].id)
    edition = replace(told(), series=series.id, **typed)  # type: ignore[arg-type]
    listed = listings.save(edition, State.PUBLIC, people[0].id, "created")
    listings.watch(Watch(listed.id, URL, "1", to_note(told())))
    return listed.id


def run(catalog: SqlCatalog, pages: Pages, letters: Letters, days: int = 0) -> dict[str, int]:
    rereader = Rereader(catalog.listings, pages, shaped=as_listed)
    owners = Owners(catalog.accounts, letters, "Findings", "https://findings.example/")
    return dict(read_watched(rereader, owners, NOW + timedelta(days=days), 10).counts)


def test_owners_and_editors_are_told_what_differs(catalog: SqlCatalog) -> None:
    name, pages, letters = imported(catalog), Pages("test@example.org"), Letters()
    assert run(catalog, pages, letters) == {"unchanged": 1}
    assert letters.sent == []
    pages.day = "20990506"
    assert run(catalog, pages, letters, 1) == {"proposed": 1}
    assert sorted(to for to, _, _ in letters.sent) == ["ada@society.example", "ben@society.example"]
    text = letters.sent[0][2]
    for part in ("2099-03-06", "2099-05-06", URL, f"https://findings.example/organize/{name}", "approved"):
        assert part in text, part
    assert run(catalog, pages, letters, 2) == {"unchanged": 1}
    assert len(letters.sent) == 2


def test_what_is_called_off_is_proposed(catalog: SqlCatalog) -> None:
    name, pages, letters = imported(catalog), Pages("test@example.org"), Letters()
    pages.status = "CANCELLED"
    assert run(catalog, pages, letters) == {"proposed": 1}
    listed = catalog.listings.listed(name)
    assert isinstance(listed.public, Edition)
    assert isinstance(listed.proposed, Edition)
    assert (listed.public.cancelled, listed.proposed.cancelled) == (False, True)
    assert "Cancelled\n  listed: no\n  there:  yes" in letters.sent[0][2]


def test_what_was_typed_is_told_and_left(catalog: SqlCatalog) -> None:
    name, pages, letters = imported(catalog, title="Our own title"), Pages("test@example.org"), Letters()
    pages.day = "20990506"
    assert run(catalog, pages, letters) == {"proposed": 1}
    assert catalog.listings.listed(name).latest.title == "Our own title"
    assert "Somebody has typed" not in letters.sent[0][2], "its title did not change at the source"


def test_next_year_is_to_be_listed_by_its_organizers(catalog: SqlCatalog) -> None:
    name, pages, letters = imported(catalog), Pages("test@example.org"), Letters()
    pages.day = "21000306"
    assert run(catalog, pages, letters) == {"next meeting": 1}
    assert f"https://findings.example/organize/{name}/next" in letters.sent[0][2]


def test_nobody_is_left_to_be_told(catalog: SqlCatalog) -> None:
    name, letters = imported(catalog), Letters()
    for who in ("ada", "ben", "eve"):
        person = catalog.accounts.by_email(f"{who}@society.example")
        assert person
        catalog.accounts.erase(person.id)
    assert run(catalog, Pages("test@example.org"), letters) == {"nobody's any more": 1}
    assert (catalog.listings.watched(name), letters.sent) == (None, [])


def test_failures_are_told_once(catalog: SqlCatalog) -> None:
    name, pages, letters = imported(catalog), Pages("test@example.org"), Letters()
    pages.day = ""
    for day in range(FAILURES_TOLD + 2):
        assert run(catalog, pages, letters, day) == {"failed: unanswered": 1}
        assert len(letters.sent) == (2 if day >= FAILURES_TOLD - 1 else 0)
    assert "unanswered" in letters.sent[0][2]
    watch = catalog.listings.watched(name)
    assert watch
    assert watch.failures == FAILURES_TOLD + 2


def test_without_mail_the_proposal_stands(catalog: SqlCatalog) -> None:
    name, pages = imported(catalog), Pages("test@example.org")
    pages.day = "20990506"
    assert run(catalog, pages, Letters(works=False)) == {"proposed": 1, "owners not told": 1}
    assert catalog.listings.listed(name).state is State.IN_REVIEW


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("FINDINGS_DATA_DIR", str(tmp_path))
    if "gather" not in cli.commands:
        commands.register(cli)
    return lambda *arguments: CliRunner().invoke(cli, ["gather", *arguments])


def test_the_command_reads_writes_and_tells(
    catalog: SqlCatalog, command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    name = imported(catalog)
    monkeypatch.setattr(Pages, "day", "20990506")
    monkeypatch.setattr(Fetcher, "get", Pages.get)
    monkeypatch.setattr(Fetcher, "day", "20990506", raising=False)
    monkeypatch.setattr(Fetcher, "status", "CONFIRMED", raising=False)
    result = command("--watched", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"counts": {"proposed": 1}, "problems": []})
    assert catalog.listings.listed(name).doubts, "reviewers are told what speaks against it"
    assert len(list((tmp_path / "mail").iterdir())) == 2
    assert json.loads(command("--watched", "--json").stdout)["counts"] == {}
    monkeypatch.setattr(Fetcher, "day", "")
    watch = catalog.listings.watched(name)
    assert watch
    catalog.listings.watch(replace(watch, read_at=""))
    failed = command("--watched")
    assert (failed.exit_code, f"{URL}: unanswered" in failed.output) == (3, True)
    assert command("one", "--watched").exit_code == 2
