"""The help on searching: one text, and each of its examples a search that works."""

from urllib.parse import parse_qs, urlsplit

import lxml.html
from flask.testing import FlaskClient

from tests.web.strict import StrictPage
from web.search.guide import to_html

TABLE = """
| You type | You find |
|---|---|
| `a "b" & <i>` | `not this` |

| Sign | Meaning |
|---|---|
| `*` | nor this |
"""


def test_each_example_runs_its_search(client: FlaskClient) -> None:
    answer = client.get("/search/help")
    assert StrictPage(answer.text).complaints == []
    page = lxml.html.fromstring(answer.text)
    examples = page.xpath("//article//td[1]//a")
    assert len(examples) > 40
    for example in examples:
        parts = urlsplit(example.get("href"))
        assert parts.path == "/search"
        assert parse_qs(parts.query) == {"q": [example.text_content()]}
        assert client.get(example.get("href")).status_code == 200


def test_only_examples_become_links() -> None:
    html = to_html(TABLE, "/search")
    assert html.count("<a ") == 1
    assert 'href="/search?q=a+%22b%22+%26+%3Ci%3E"' in html
    assert "<i>" not in html


def test_the_text_brings_no_html_of_its_own() -> None:
    assert "<script" not in to_html("<script>x</script> [a](javascript:x)", "/search")
    assert "javascript:" not in to_html("[a](javascript:x)", "/search").replace("(javascript:x)", "")


def test_search_pages_lead_to_the_help(client: FlaskClient) -> None:
    for address in ("/", "/search", "/search?q=zebrafish", "/nothing"):
        assert 'href="/search/help"' in client.get(address).text, address
    assert "Allow: /search/help" in client.get("/robots.txt").text


def test_its_sections_are_listed_first(client: FlaskClient) -> None:
    page = lxml.html.fromstring(client.get("/search/help").text)
    listed = page.xpath("//article/nav//a")
    sections = page.xpath("//article/h2")
    assert len(listed) > 10
    assert [link.text_content() for link in listed] == [section.text_content() for section in sections]
    assert [link.get("href") for link in listed] == [f"#{section.get('id')}" for section in sections]
    assert "<nav" not in to_html("## One\n\n## Two", "/search")
