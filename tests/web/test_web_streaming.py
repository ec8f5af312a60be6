"""What can wait comes last: counts after the results, similar papers after the paper; and faults in them."""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient

from domain.errors import SearchUnavailable
from domain.ports import SearchIndex
from domain.query import Facet, Hit, Query
from tests.web.conftest import Library
from tests.web.served import served
from tests.web.strict import StrictPage
from web import Site, create_app
from web.streaming import Patience

UNCOUNTED = "The filters could not be counted just now"
UNLISTED = "Similar papers cannot be listed just now"


class FakeSlowIndex:
    """The real index, but counting and looking for similar papers do as told first."""

    def __init__(self, own: SearchIndex, before: Callable[[], None]) -> None:
        self._own = own
        self._before = before

    def __getattr__(self, name: str) -> object:
        return getattr(self._own, name)

    def facets(self, query: Query) -> tuple[Facet, ...]:
        self._before()
        return self._own.facets(query)

    def similar(self, paper_id: str, size: int = 5) -> tuple[Hit, ...]:
        self._before()
        return self._own.similar(paper_id, size)


def over(site: Site, before: Callable[[], None]) -> Site:
    return replace(site, index=FakeSlowIndex(site.index, before))  # type: ignore[arg-type]


def fail() -> None:
    raise SearchUnavailable("the index at /secret/place does not answer")


def break_down() -> None:
    raise RuntimeError("password=hunter2")


def read_until(connection: socket.socket, wanted: bytes) -> bytes:
    got = b""
    while wanted not in got and (piece := connection.recv(65536)):
        got += piece
    return got


@pytest.mark.parametrize("kind", ["search", "paper"])
def test_a_page_arrives_before_what_can_wait(site: Site, library: Library, kind: str) -> None:
    go_on = threading.Event()
    path = "/search?q=cancer" if kind == "search" else f"/papers/{library.ids[1]}"
    shown = b"Narrow these results</h2>" if kind == "search" else b"</aside>"
    late = b"Apply filters" if kind == "search" else b"Similar papers"
    with (
        served(create_app(over(site, lambda: go_on.wait(4))), threaded=True) as address,
        socket.create_connection(("127.0.0.1", urlsplit(address).port), timeout=10) as connection,
    ):
        connection.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        first = read_until(connection, shown)
        assert shown in first
        assert late not in first
        assert not go_on.is_set(), "the page came while the index was still busy"
        go_on.set()
        assert late in read_until(connection, b"</html>")


@pytest.mark.parametrize("fault", [fail, break_down])
def test_uncounted_filters_leave_the_results(
    site: Site, fault: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(over(site, fault)).test_client()
    answer = client.get("/search?q=cancer&country=KE&from=2015&literal=*&literal=x")
    assert answer.status_code == 200
    page = lxml.html.fromstring(answer.text)
    assert page.xpath("//ol[@class='list']/li")
    assert UNCOUNTED in answer.text
    assert page.xpath("//section[@id='filters']//input[@name='country' and @value='KE' and @checked]")
    assert page.get_element_by_id("from").get("value") == "2015"
    assert page.xpath("//a[@href='/search/facets?q=cancer&country=KE&from=2015&literal=%2A']")
    assert StrictPage(answer.text).complaints == []
    assert "/secret" not in answer.text + str(answer.headers)
    assert "hunter2" not in answer.text
    assert "no answer" in caplog.text


def test_uncounted_filters_are_null_in_json(site: Site) -> None:
    answer = create_app(over(site, fail)).test_client().get("/search.json?q=cancer")
    assert answer.status_code == 200
    assert answer.json["total"] > 10
    assert answer.json["facets"] is None


def test_json_without_facets_counts_nothing(site: Site) -> None:
    answer = create_app(over(site, break_down)).test_client().get("/search.json?q=cancer&facets=no")
    assert "facets" not in answer.json


def test_the_filters_are_a_page_too(client: FlaskClient, site: Site) -> None:
    answer = client.get("/search/facets?q=cancer&country=KE&sort=newest&meaning=no")
    page = lxml.html.fromstring(answer.text)
    form = page.xpath("//form[.//input[@id='from']]")[0]
    assert form.get("action") == "/search"
    kept = {i.get("name"): i.get("value") for i in form.xpath(".//input[@type='hidden']")}
    assert kept == {"q": "cancer", "sort": "newest", "meaning": "no"}
    assert page.xpath("//a[@href='/search?q=cancer&country=KE&sort=newest&meaning=no']")
    down = create_app(over(site, fail)).test_client().get("/search/facets?q=cancer")
    assert down.status_code == 503
    assert UNCOUNTED in down.text


def test_the_filters_on_the_page_are_those_of_the_search(client: FlaskClient) -> None:
    whole = lxml.html.fromstring(client.get("/search?q=cancer&country=KE").text)
    alone = lxml.html.fromstring(client.get("/search/facets?q=cancer&country=KE").text)
    ticks = [
        [" ".join(t.text_content().split()) for t in p.xpath("//label[@class='tick']")]
        for p in (whole, alone)
    ]
    assert ticks[0] == ticks[1] != []


def test_nothing_is_counted_where_nothing_was_found(site: Site) -> None:
    answer = create_app(over(site, break_down)).test_client().get("/search?q=zebrafish+unicorn")
    assert UNCOUNTED not in answer.text
    assert "#filters" not in answer.text


def test_errors_of_the_search_itself_are_answered_as_errors(site: Site) -> None:
    class FakeDown(FakeSlowIndex):
        def search(self, query: Query) -> object:
            raise SearchUnavailable("down") if query.text == "down" else ValueError("fault")

    client = create_app(replace(site, index=FakeDown(site.index, fail))).test_client()  # type: ignore[arg-type]
    assert client.get("/search?q=down").status_code == 503
    assert client.get("/search?q=other").status_code == 500
    assert client.head("/search?q=down").status_code == 503


def test_a_streamed_page_has_the_headers_it_can_have(client: FlaskClient, library: Library) -> None:
    for path in ("/search?q=cancer", f"/papers/{library.ids[1]}"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert headers["X-Accel-Buffering"] == "no"
        assert headers["Cache-Control"] == "private, max-age=60"
        assert "ETag" not in headers
        assert "Content-Length" not in headers
        assert client.get(path, headers={"If-None-Match": "*"}).status_code == 200


def test_head_asks_for_nothing_late(site: Site, library: Library) -> None:
    asked: list[int] = []
    client = create_app(over(site, lambda: asked.append(1))).test_client()
    for path in ("/search?q=cancer", f"/papers/{library.ids[1]}"):
        answer = client.head(path)
        assert (answer.status_code, answer.data) == (200, b"")
    assert asked == []


def test_text_cannot_move_what_comes_late(client: FlaskClient) -> None:
    answer = client.get("/search?q=cancer+%3C!--late--%3E&meaning=no")
    assert StrictPage(answer.text).complaints == []
    assert "<!--" not in answer.text.replace("<!doctype html>", "")


def test_similar_papers_are_listed_with_their_warnings(client: FlaskClient, library: Library) -> None:
    page = lxml.html.fromstring(client.get(f"/papers/{library.ids[1]}").text)
    listed = page.xpath("//section[@aria-labelledby='similar']//h3/a/@href")
    assert 1 <= len(listed) <= 5
    own = {f"/papers/{paper_id}" for paper_id in library.ids.values()}
    assert set(listed) <= own - {f"/papers/{library.ids[1]}"}
    expected = [hit.paper_id for hit in library.index.similar(library.ids[1], 5)]
    assert listed == [f"/papers/{paper_id}" for paper_id in expected]


@pytest.mark.parametrize("fault", [fail, break_down])
def test_a_paper_stands_without_similar_ones(site: Site, library: Library, fault: Callable[[], None]) -> None:
    answer = create_app(over(site, fault)).test_client().get(f"/papers/{library.ids[1]}")
    assert answer.status_code == 200
    assert UNLISTED in answer.text
    assert StrictPage(answer.text).complaints == []


def test_patience_has_an_end() -> None:
    go_on = threading.Event()
    patience = Patience(seconds=0.2, threads=1)
    began = time.monotonic()
    assert patience.ask(lambda: go_on.wait(10)) is None
    assert patience.ask(lambda: 1) is None, "the only thread is still busy"
    assert time.monotonic() - began < 5
    go_on.set()
    for _ in range(500):
        if patience.ask(lambda: 2) == 2:
            break
        time.sleep(0.02)  # being refused takes no time
    else:
        pytest.fail("the thread did not come back")
