"""Lists of papers and digests as feeds and tables: the same entries in the same order. All is invented."""

import csv
import io
from dataclasses import replace
from xml.etree import ElementTree

import lxml.html
import pytest
from flask.testing import FlaskClient

from domain.errors import SearchUnavailable
from domain.query import Query, SearchPage
from tests.web.conftest import Library
from web import Site, create_app
from web.digests import feed as digest_feed
from web.search import feed, saved

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "https://findings.example"
SEARCHES = ["", "q=cancer", "q=cancer&country=KE&sort=newest", "q=screening&meaning=no&sort=oldest", "q=qqqq"]


def walked(client: FlaskClient, address: str) -> list[str]:
    """The addresses of all entries of a feed, page after page; each page says where it stands."""
    found: list[str] = []
    while address:
        answer = client.get(address)
        assert answer.content_type == "application/atom+xml; charset=utf-8"
        tree = ElementTree.fromstring(answer.data)
        links = {link.get("rel"): link.get("href", "") for link in tree.findall(f"{ATOM}link")}
        assert client.get(links["alternate"].removeprefix(SITE)).status_code == 200
        for entry in tree.findall(f"{ATOM}entry"):
            assert entry.findtext(f"{ATOM}title")
            assert entry.findtext(f"{ATOM}updated")
            found += [link.get("href", "") for link in entry.findall(f"{ATOM}link")]
        address = links.get("next", "").removeprefix(SITE)
    return found


def listed(client: FlaskClient, query: str) -> list[dict[str, object]]:
    """All results of the JSON of a search."""
    found: list[dict[str, object]] = []
    address = f"/search.json?{query}&facets=no"
    while address:
        told = client.get(address).json
        found += told["results"]
        address = (told["next"] or "").removeprefix(SITE)
    return found


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text, newline=""), strict=True))


@pytest.mark.parametrize("query", SEARCHES)
def test_a_search_as_feed_and_table_has_its_papers_in_their_order(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(feed, "_SIZE", "7")
    wanted = listed(client, query)
    assert bool(wanted) == (query != "q=qqqq")
    assert walked(client, f"/search.atom?{query}") == [result["url"] for result in wanted]
    table = rows(client, f"/search.csv?{query}&page=2&size=3")
    assert [row["url"] for row in table] == [result["url"] for result in wanted]
    for row, result in zip(table, wanted, strict=True):
        assert row["author_count"] == str(result["author_count"])
        assert row["open_access"] == ("yes" if result["open_access"] else "no")
        assert row["countries"] == "; ".join(result["countries"])  # type: ignore[arg-type]


def test_a_table_runs_nothing_in_a_spreadsheet_and_names_what_is_against_a_paper(
    client: FlaskClient, library: Library
) -> None:
    table = rows(client, "/search.csv")
    assert not [cell for row in table for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    told = {row["id"]: row["notices"] for row in table}
    papers = map(library.catalog.paper, told)
    assert told == {
        paper.id: "; ".join(dict.fromkeys(str(notice.kind) for notice in paper.notices)) for paper in papers
    }
    assert any("retracted" in notices for notices in told.values())


def test_a_feed_that_is_offered_tells_the_newest_first(client: FlaskClient) -> None:
    page = lxml.html.fromstring(client.get("/search?q=cancer&sort=oldest&size=20").text)
    (offered,) = page.xpath("//link[@type='application/atom+xml']/@href")
    assert page.xpath(f"//p//a[@href='{offered}']")
    newest = [result["url"] for result in listed(client, "q=cancer&sort=newest")]
    assert walked(client, offered) == newest


@pytest.mark.parametrize("audience", ["public", "policymaker", "professional"])
def test_digests_as_feed_and_table(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, audience: str
) -> None:
    monkeypatch.setattr(digest_feed, "_NOTES", 1)
    page = lxml.html.fromstring(client.get(f"/digests?audience={audience}").text)
    (offered,) = page.xpath("//link[@type='application/atom+xml']/@href")
    told = client.get(f"/digests.json?audience={audience}").json["results"]
    assert [one["url"] for one in told]
    assert walked(client, offered) == [one["url"] for one in told]
    table = rows(client, f"/digests.csv?audience={audience}")
    assert [(row["url"], row["summary"]) for row in table] == [(one["url"], one["summary"]) for one in told]


class FakeDown:
    vectors = None

    def search(self, query: Query) -> SearchPage:
        raise SearchUnavailable("the index does not answer")


@pytest.mark.parametrize("form", ["atom", "csv"])
def test_a_search_that_fails_is_no_empty_list(site: Site, form: str) -> None:
    client = create_app(replace(site, index=FakeDown())).test_client()  # type: ignore[arg-type]
    assert client.get(f"/search.{form}?q=cancer").status_code == 503


def test_a_long_table_comes_in_pieces(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST", 13)
    monkeypatch.setattr(saved, "_CHUNK", 4)
    answer = create_app(site).test_client().get("/search.csv")
    assert answer.is_streamed
    assert len(answer.text.splitlines()) == 14
