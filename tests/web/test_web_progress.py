"""An index that is being built, vectors that lag, an engine that hangs: pages say so and do not wait."""

import threading
import time
from dataclasses import replace

import lxml.html
import pytest
from flask.testing import FlaskClient

from domain.ports import SearchIndex
from domain.query import Query
from index.language.parsing import parse_query
from tests.web.conftest import Library
from tests.web.strict import StrictPage
from web import Site, create_app
from web.figures import SILENT_SECONDS, Glimpsed
from web.search.reading import understood
from web.search.wording import describe
from web.streaming import Patience


class FakeProgress:
    """As much of a projection as has been made."""

    def __init__(self, count: int, position: int) -> None:
        self._told = count, position

    def count(self) -> int:
        return self._told[0]

    def position(self) -> int:
        return self._told[1]


class FakeUnfinished(FakeProgress):
    """The real index, which says that it holds `count` papers and has vectors of some."""

    def __init__(self, own: SearchIndex, count: int, position: int, vectors: FakeProgress | None) -> None:
        super().__init__(count, position)
        self._own = own
        self.vectors = vectors

    def __getattr__(self, name: str) -> object:
        return getattr(self._own, name)


def over(site: Site, count: int | None = None, vectors: FakeProgress | None = None) -> FlaskClient:
    own = site.index
    held = own.count() if count is None else count
    index = FakeUnfinished(own, held, own.position() if count is None else 0, vectors)
    return create_app(replace(site, index=index)).test_client()  # type: ignore[arg-type]


def words_of(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    assert StrictPage(answer.text).complaints == []
    return " ".join(lxml.html.fromstring(answer.text).xpath("//main")[0].text_content().split())


def test_an_empty_index_is_told_as_such(site: Site) -> None:
    client = over(site, 0)
    words = words_of(client, "/search?q=zebrafish", 503)
    assert "The search index is being built" in words
    assert "0 papers so far" in words
    assert "No papers found" not in words
    assert client.get("/search.json?q=zebrafish").status_code == 503
    assert "Everything is working" not in words_of(client, "/status")
    health = client.get("/healthz")
    assert (health.status_code, health.json["search"], health.json["ok"]) == (200, "building", False)
    assert health.json["lag"] > 0


def test_an_index_of_few_papers_is_told_as_such(site: Site) -> None:
    client = over(site, 3)
    assert "The search index is being built: 3 of" in words_of(client, "/search?q=nurses")
    assert "Nothing in the catalogue" not in words_of(client, "/search?q=zebrafish")
    assert "being built" in client.get("/search.json?q=nurses").json["notes"][0]
    assert "being built: 3 of" in words_of(client, "/status")


def test_an_index_of_another_database_is_not_called_up_to_date(site: Site) -> None:
    ahead = site.catalog.last_change() + 1
    index = FakeUnfinished(site.index, site.index.count(), ahead, FakeProgress(5, ahead))
    client = create_app(replace(site, index=index)).test_client()  # type: ignore[arg-type]
    words = words_of(client, "/status")
    assert "The search index is of another database" in words
    assert "up to date" not in words
    assert "Everything is working" not in words
    health = client.get("/healthz")
    assert (health.status_code, health.json["search"], health.json["ok"]) == (200, "foreign", False)
    assert (health.json["lag"], health.json["vectors_lag"]) == (None, None)


def test_without_vectors_meaning_is_not_claimed(site: Site) -> None:
    client = over(site, vectors=FakeProgress(0, 0))
    words = words_of(client, "/search?q=nurses")
    assert "Search by meaning is still being prepared, so only papers with your words" in words
    assert "are looked for too" not in words
    assert client.get("/search.json?q=nurses").json["meaning"] is False
    health = client.get("/healthz").json
    assert (health["ok"], health["vectors"]) == (True, 0)
    assert health["vectors_lag"] > 0
    assert "Search by meaning is " in words_of(client, "/status")


def test_some_vectors_are_told_once(site: Site) -> None:
    words = words_of(over(site, vectors=FakeProgress(5, 1)), "/search?q=nurses")
    assert "are looked for too" in words
    assert words.count("so far 5 of") == 1
    full = FakeProgress(site.index.count(), site.index.position())
    assert "so far" not in words_of(over(site, vectors=full), "/search?q=nurses")


@pytest.mark.parametrize(
    ("text", "able", "meaning"),
    [('"breast cancer"', True, "on"), ('"breast cancer"', False, ""), ("10.5555/invented.1", True, "")],
)
def test_strict_queries_only_order_by_meaning(text: str, able: bool, meaning: str) -> None:
    reading = parse_query(text, frozenset())
    assert understood(reading, Query(text), able=able).meaning == meaning


def test_the_page_of_a_strict_query_says_what_meaning_does(site: Site) -> None:
    full = FakeProgress(site.index.count(), site.index.position())
    words = words_of(over(site, vectors=full), "/search?q=%22cancer+study%22")
    assert "meaning only helps to put the best first" in words
    assert "are looked for too" not in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cancer 2014[dp]", "“cancer”, published in 2014"),
        ("date:2014-05", "any paper, published in May 2014"),
        ("date:2014-05-03..2014-06-01", "any paper, published between 3 May 2014 and 1 June 2014"),
        ("2014/05/03[dp]", "any paper, published on 3 May 2014"),
        ("year:[2018 TO *]", "any paper, published from 2018 on"),
        ("nurses has_abstract:y", "“nurses”, with an abstract"),
        ("nurses open_access:y kind:preprint", "“nurses”, open access, a preprint"),
        ('"breast neoplasms"[mh]', "MeSH heading “breast neoplasms”"),
        ("title:breast", "“breast” in the title"),
        ("country:Kenya", "country “Kenya”"),
        ("study_type:trial", "kind of study “"),
    ],
)
def test_fields_and_dates_are_told_in_words(text: str, words: str) -> None:
    assert describe(parse_query(text, frozenset()).node).startswith(words)


def test_no_answer_is_remembered_and_a_late_one_serves_the_next() -> None:
    now, go_on, asked = 0.0, threading.Event(), []

    def make() -> int:
        asked.append(1)
        go_on.wait(10)
        return 7

    kept = Glimpsed(make, Patience(0.1, 1), lambda: now)
    began = time.monotonic()
    assert [kept.value() for _ in range(20)] == [None] * 20
    assert time.monotonic() - began < 2
    assert len(asked) == 1
    go_on.set()
    for _ in range(100):
        if kept.value() == 7:
            break
        time.sleep(0.02)
    assert kept.value() == 7
    now = SILENT_SECONDS
    assert kept.value() == 7, "what came is kept longer"


def test_a_hung_engine_holds_up_neither_home_nor_health(site: Site) -> None:
    go_on = threading.Event()

    class FakeHung(FakeUnfinished):
        def count(self) -> int:
            go_on.wait(30)
            return 0

        def facets(self, query: Query) -> tuple[()]:
            go_on.wait(30)
            return ()

    index = FakeHung(site.index, 0, 0, None)
    client = create_app(replace(site, index=index)).test_client()  # type: ignore[arg-type]
    began = time.monotonic()
    try:
        for _ in range(5):
            assert client.get("/").status_code == 200
            assert client.get("/healthz").json["search"] == "unavailable"
        assert time.monotonic() - began < 4.5
    finally:
        go_on.set()


def test_busy_waiters_are_not_waited_for() -> None:
    go_on = threading.Event()
    patience = Patience(seconds=0.3, threads=1)
    assert patience.ask(lambda: go_on.wait(10)) is None
    began = time.monotonic()
    assert patience.ask(lambda: 1) is None
    assert time.monotonic() - began < 0.2, "it gives up at once"
    go_on.set()


def test_pages_beyond_the_last_and_false_cursors(client: FlaskClient) -> None:
    answer = client.get("/search?q=cancer&page=900")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/search?q=cancer&page=")
    assert client.get(answer.headers["Location"]).status_code == 200
    junk = client.get("/search?q=cancer&cursor=junk&page=999999", follow_redirects=True)
    assert "page 999" not in junk.text
    beyond = client.get("/search.json?q=cancer&page=900").json
    assert (beyond["results"], beyond["page"] > beyond["pages"]) == ([], True)


def test_the_json_takes_its_own_names_and_tells_unknown_ones(client: FlaskClient) -> None:
    assert client.get("/search.json?year_from=2024&year_to=2025").json["filters"] == {}
    answer = client.get("/search.json?year_from=2024&year_to=2025&colour=red").json
    assert (answer["year_from"], answer["year_to"]) == (2024, 2025)
    assert any("“colour” is not a parameter" in note for note in answer["notes"])


def test_a_star_is_not_advised_to_one_who_used_it(client: FlaskClient) -> None:
    assert "End a word with *" not in words_of(client, "/search?q=zzyzx*")
    assert "End a word with *" in words_of(client, "/search?q=zzyzx")


def test_a_note_on_some_words_never_stands_above_nothing(client: FlaskClient, library: Library) -> None:
    words = words_of(client, "/search?q=zebrafish+unicorn")
    assert "No papers found" in words
    assert "some of" not in words
