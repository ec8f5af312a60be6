"""Pages that organizers listed from, read again over real HTTP on loopback; all meetings are invented."""

import json
import threading
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import config
from catalog import open_catalog
from conferences.fetching import Fetcher
from conferences.gathering import Calendar, gather, load_calendars
from conferences.reading import read_all
from conferences.rereading import FAILURES_TOLD, GIVEN_UP, Reread, Rereader, told_of
from conferences.watching import to_note
from domain.listing import Edition, Kind, Moment, Series, State, Venue
from domain.listing_ports import Listed, Listings, Wanted, Watch

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Host:
    """A society's server: what it answers, and what it was asked."""

    port: int
    status: int = 200
    text: bytes = b""
    """What it answers instead of a page with events."""
    events: list[dict[str, str]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Paths and `If-None-Match`."""

    @property
    def url(self) -> str:
        return f"http://society.example:{self.port}/meeting"

    @property
    def body(self) -> bytes:
        if self.text:
            return self.text
        told = json.dumps([{"@context": "https://schema.org", "@type": "Event"} | e for e in self.events])
        return f'<html><script type="application/ld+json">{told}</script></html>'.encode()

    @property
    def fetcher(self) -> Fetcher:
        allowed = frozenset({("127.0.0.1", self.port)})
        return Fetcher("test@example.org", allowed, resolver=lambda host, port: ["127.0.0.1"], pause=0)


@pytest.fixture
def host() -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            etag = f'"{hash(own.body)}"'
            own.asked.append((self.path, self.headers.get("If-None-Match", "")))
            known = own.status == 200 and own.asked[-1][1] == etag
            self.send_response(304 if known else own.status)
            self.send_header("Content-Type", "text/plain" if own.text else "text/html")
            self.send_header("ETag", etag)
            self.end_headers()
            if not known:
                self.wfile.write(own.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        own = Host(server.server_address[1], events=[event()])
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield own
        server.shutdown()
        thread.join()


def event(**facts: str) -> dict[str, str]:
    told = {"@id": "#1", "name": "Invented Congress 2027", "startDate": "2027-03-08", "endDate": "2027-03-10"}
    return told | {"location": "Nairobi, Kenya"} | facts


@pytest.fixture
def listings(tmp_path: Path) -> Iterator[Listings]:
    catalog = open_catalog(f"sqlite:///{tmp_path}/test.db", ("europepmc",))
    yield catalog.listings
    catalog.close()


@pytest.fixture
def import_(host: Host, listings: Listings) -> Callable[..., Listed]:
    """Lists what the page tells, as an organizer would, with some words of their own."""

    def listed(state: State = State.PUBLIC, **typed: object) -> Listed:
        fetched = host.fetcher.get(host.url)
        (found,) = read_all(fetched, NOW).found
        draft = found.draft
        assert isinstance(draft, Edition)
        series = listings.save(Series("", "", "Invented Congress"), State.PUBLIC, "ada", "approved")
        edition = replace(draft, series=series.id, **typed)  # type: ignore[arg-type]
        saved = listings.save(edition, state, "ada", "approved")
        watch = Watch(saved.id, host.url, found.key, to_note(draft), fetched.etag, fetched.modified)
        listings.watch(watch)
        host.asked.clear()
        return saved

    return listed


def read(host: Host, listings: Listings, now: datetime = NOW) -> list[Reread]:
    """Read what is due, as the command does."""
    rereader = Rereader(listings, host.fetcher)
    found = [rereader.read(watch, now) for watch in rereader.due(now, 10)]
    for one in found:
        listings.watch(one.watch)
    return found


def test_a_page_that_is_the_same_is_asked_whether_it_is(
    host: Host, listings: Listings, import_: Callable[..., Listed]
) -> None:
    before = import_()
    (reread,) = read(host, listings)
    assert (reread.outcome, host.asked) == ("unchanged", [("/meeting", reread.watch.etag)])
    assert listings.listed(before.id) == before
    assert read(host, listings, NOW + timedelta(hours=1)) == [], "once a day"
    assert len(read(host, listings, NOW + DAY)) == 1


def test_a_change_is_proposed_and_published_by_nobody(
    host: Host, listings: Listings, import_: Callable[..., Listed]
) -> None:
    before = import_()
    host.events = [event(startDate="2027-05-03", endDate="2027-05-05")]
    (reread,) = read(host, listings)
    after = listings.listed(before.id)
    assert (reread.outcome, after.state, after.public) == ("proposed", State.IN_REVIEW, before.public)
    assert isinstance(after.proposed, Edition)
    assert after.proposed.starts == Moment("2027-05-03", "Africa/Nairobi")
    assert [listed.id for listed in listings.queue()[1]] == [before.id]
    last = listings.audit(before.id)[-1]
    assert (last.person, last.act, last.detail) == (
        "source:society.example",
        "changed at its source",
        "days",
    )
    assert [one.outcome for one in read(host, listings, NOW + DAY)] == ["unchanged"]
    assert len(listings.audit(before.id)) == 2


def test_what_an_owner_typed_stays_and_is_told_once(
    host: Host, listings: Listings, import_: Callable[..., Listed]
) -> None:
    before = import_(venue=Venue("KE", "Kisumu", "Hall B"))
    host.events = [event(location="Mombasa, Kenya")]
    (reread,) = read(host, listings)
    assert (reread.outcome, listings.listed(before.id)) == ("told", before)
    assert reread.difference
    assert [change.field for change in reread.difference.kept] == ["venue"]
    assert [one.outcome for one in read(host, listings, NOW + DAY)] == ["unchanged"]


def test_next_year_is_no_change_of_this_one(
    host: Host, listings: Listings, import_: Callable[..., Listed]
) -> None:
    before = import_()
    host.events = [event(name="Invented Congress 2028", startDate="2028-03-06", endDate="2028-03-08")]
    assert [one.outcome for one in read(host, listings)] == ["next meeting"]
    assert listings.listed(before.id) == before
    assert [one.outcome for one in read(host, listings, NOW + DAY)] == ["unchanged"], "told once"


def test_a_draft_is_left_as_it_is_and_its_owner_told(
    host: Host, listings: Listings, import_: Callable[..., Listed]
) -> None:
    before = import_(State.DRAFT)
    host.events = [event(name="Another name 2027")]
    (reread,) = read(host, listings)
    assert (reread.outcome, listings.listed(before.id)) == ("told", before)


def test_what_is_withdrawn_or_long_over_is_not_asked_for(
    host: Host, listings: Listings, import_: Callable[..., Listed]
) -> None:
    before = import_()
    over = datetime(2027, 3, 30, tzinfo=UTC)
    assert [one.outcome for one in read(host, listings, over)] == ["over"]
    listings.save(before.latest, State.WITHDRAWN, "ada", "withdrawn")
    assert read(host, listings, NOW + 100 * DAY) == []
    assert host.asked == []


def test_failures_are_counted_until_it_answers_again(
    host: Host, listings: Listings, import_: Callable[..., Listed]
) -> None:
    before = import_()
    host.status = 404
    for number in range(1, FAILURES_TOLD + 2):
        (reread,) = read(host, listings, NOW + number * DAY)
        assert (reread.outcome, reread.watch.failures) == ("failed: status", number)
    assert listings.listed(before.id) == before
    host.status, host.events = 200, [event(**{"@id": "#2"}), event(**{"@id": "#3"})]
    (gone,) = read(host, listings, NOW + 10 * DAY)
    assert gone.outcome == "failed: no-longer-there"
    host.events = [event()]
    (reread,) = read(host, listings, NOW + 11 * DAY)
    assert (reread.outcome, reread.watch.failures, reread.watch.problem) == ("unchanged", 0, "")
    listings.watch(replace(reread.watch, failures=GIVEN_UP))
    assert read(host, listings, NOW + 20 * DAY) == []


def test_an_address_that_came_to_lead_inside_is_refused(
    host: Host, listings: Listings, import_: Callable[..., Listed]
) -> None:
    import_()
    outside = replace(host.fetcher, allowed=frozenset())
    rereader = Rereader(listings, outside)
    (watch,) = rereader.due(NOW, 10)
    assert rereader.read(watch, NOW).watch.problem == "port"
    inside = replace(watch, url="http://society.example/meeting")
    assert rereader.read(inside, NOW).watch.problem == "address"
    assert host.asked == []


def test_of_several_the_one_with_its_key_is_meant(host: Host) -> None:
    host.events = [event(), event(**{"@id": "#2", "name": "Other 2027"})]
    reading = read_all(host.fetcher.get(host.url), NOW)
    two = told_of(reading, reading.found[1].key, Edition)
    assert two
    assert two.title == "Other 2027"
    assert told_of(reading, "unknown", Edition) is None
    host.events = [event(**{"@id": "#9"})]
    assert told_of(read_all(host.fetcher.get(host.url), NOW), "unknown", Edition), "the only one"


def test_a_calendar_of_a_society_is_gathered_over_http(host: Host, listings: Listings) -> None:
    calendar = Calendar("invented-society", host.url, "Invented Society")
    report = gather(calendar, host.fetcher, listings, NOW)
    assert (dict(report.counts), report.problem) == ({"new": 1}, "")
    assert listings.public(Wanted(Kind.EDITION))[0] == 0
    again = gather(calendar, host.fetcher, listings, NOW, report.mark)
    assert (dict(again.counts), [etag != "" for _, etag in host.asked]) == ({}, [False, True])
    host.events = [event(eventStatus="https://schema.org/EventCancelled")]
    assert dict(gather(calendar, host.fetcher, listings, NOW, again.mark).counts) == {"changed": 1}


def test_the_example_of_the_table_is_one_that_is_read(
    host: Host, listings: Listings, shared_data: Path
) -> None:
    text = (Path(config.__file__).parent / "calendars.toml").read_text("utf-8")
    example = "\n".join(line[2:] for line in text[text.index("# [") :].splitlines())
    (calendar,) = load_calendars(tomllib.loads(example))
    saved = shared_data / "events" / "awadalla-lab-conferences" / "README.md"
    host.text = saved.read_bytes()
    then = datetime(2026, 2, 9, tzinfo=UTC)
    report = gather(replace(calendar, url=host.url), host.fetcher, listings, then)
    assert report.problem == ""
    assert (report.counts["new"], sum(report.counts.values())) == (19, 22)
