"""Lists of papers and digests as feeds and tables: the same entries in the same order. All is invented."""

import csv
import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import lxml.html
import pytest
from flask.testing import FlaskClient

from domain.digest import Audience
from domain.errors import SearchUnavailable
from domain.paper import Journal, Notice, NoticeKind
from domain.query import Query, SearchPage
from tests.web.conftest import Library
from web import Site, create_app
from web.digests import feed as digest_feed
from web.digests.pages import entries
from web.search import feed, saved, table

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|\+00:00)"
SITE = "https://findings.example"
SEARCHES = ["", "q=cancer", "q=cancer&country=KE&sort=newest", "q=screening&sort=oldest&meaning=no", "q=qqqq"]


def walked(client: FlaskClient, address: str) -> list[str]:
    """The addresses of all entries of a feed, page after page; each page says where it stands."""
    found: list[str] = []
    named: list[str] = []
    own = address
    while address:
        answer = client.get(address)
        assert answer.content_type == "application/atom+xml; charset=utf-8"
        tree = ElementTree.fromstring(answer.data)
        assert tree.findtext(f"{ATOM}id") == f"{SITE}{own}", "each page belongs to the same feed"
        links = {link.get("rel"): link.get("href", "") for link in tree.findall(f"{ATOM}link")}
        assert client.get(links["alternate"].removeprefix(SITE)).status_code == 200
        for entry in tree.findall(f"{ATOM}entry"):
            assert entry.findtext(f"{ATOM}title")
            assert re.fullmatch(MOMENT, entry.findtext(f"{ATOM}updated", ""))
            named.append(entry.findtext(f"{ATOM}id", ""))
            found += [link.get("href", "") for link in entry.findall(f"{ATOM}link")]
        address = links.get("next", "").removeprefix(SITE)
    assert len(set(named)) == len(found)
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
    assert walked(client, f"/search.atom{query and '?'}{query}") == [result["url"] for result in wanted]
    found = rows(client, f"/search.csv?{query}&page=2&size=3")
    assert [row["url"] for row in found] == [result["url"] for result in wanted]
    for row, result in zip(found, wanted, strict=True):
        assert row["author_count"] == str(result["author_count"])
        assert row["open_access"] == ("yes" if result["open_access"] else "no")
        assert row["countries"] == "; ".join(result["countries"])  # type: ignore[arg-type]


def test_a_table_runs_nothing_in_a_spreadsheet(
    client: FlaskClient, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = library.paper(1)
    nasty = replace(paper.primary, title='=HYPERLINK("x")\r\n\ud800; 乳腺癌', journal=Journal("@SUM(1)"))
    monkeypatch.setattr(table, "found_papers", lambda *_: [[replace(paper, versions=(nasty,))]])
    (row,) = rows(client, "/search.csv")
    assert (row["title"], row["journal"]) == ('\'=HYPERLINK("x") ; 乳腺癌', "'@SUM(1)")


def test_a_table_names_what_is_against_a_paper(client: FlaskClient, library: Library) -> None:
    told = {row["id"]: row["notices"] for row in rows(client, "/search.csv")}
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


def test_papers_with_some_of_the_words_are_no_news(client: FlaskClient) -> None:
    loose = "q=cancer+qqqq"
    assert listed(client, loose), "the page has something to offer"
    assert walked(client, f"/search.atom?{loose}") == []


@pytest.mark.parametrize("size", ["3", "10", "9999", "x"])
def test_a_feed_is_the_same_whatever_the_size_of_the_page(client: FlaskClient, size: str) -> None:
    assert client.get(f"/search.atom?q=cancer&size={size}").data == client.get("/search.atom?q=cancer").data


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "All papers"),
        ("q=cancer", "cancer"),
        ("country=KE&from=2012", "Authors’ countries: Kenya; From: 2012"),
        ("q=cancer&has_digest=yes", "cancer; Plain-language digest: yes"),
    ],
)
def test_a_feed_is_called_what_was_asked_for(client: FlaskClient, query: str, title: str) -> None:
    told = ElementTree.fromstring(client.get(f"/search.atom?{query}").data).findtext(f"{ATOM}title", "")
    assert told.startswith(f"{title} · ")


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
    found = rows(client, f"/digests.csv?audience={audience}")
    assert [(row["url"], row["summary"]) for row in found] == [(one["url"], one["summary"]) for one in told]
    assert [row["notices"] for row in found] == ["; ".join(dict.fromkeys(one["notices"])) for one in told]


def test_a_digest_is_news_again_once_it_was_corrected_or_its_paper_retracted(
    site: Site, library: Library
) -> None:
    _, (digest, *_) = library.catalog.digests(Audience.PUBLIC, 0, 1)
    (entry,) = entries(site, [digest])
    reviewed = replace(entry, digest=replace(digest, reviewer="R. Eader", reviewed_at="2099-01-02T03:04:05Z"))
    assert digest_feed.to_note(site, reviewed).updated == "2099-01-02T03:04:05Z"
    notice = Notice(NoticeKind.RETRACTED, date="2099-02")
    paper = replace(entry.paper, versions=(replace(entry.paper.primary, notices=(notice,)),))
    told = digest_feed.to_note(site, replace(entry, paper=paper))
    assert told.updated == "2099-02-01T00:00:00Z"
    assert told.title == f"Retracted: {paper.title}"


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
