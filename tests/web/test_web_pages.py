"""Every page: its status, its form, its weight, what it asks of the world, and its headers."""

import re

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import Library
from tests.web.invented import versions
from tests.web.strict import StrictPage

NUMBERS = [
    int(v.identifiers.doi.rpartition(".")[2]) for v in versions() if "invented" in str(v.identifiers.doi)
]
PAGES = {
    "/": 200,
    "/search": 200,
    "/search?q=cancer&page=2": 200,
    "/search?q=cancer&cancer_type=breast&country=KE&from=2012&to=2030&sort=newest": 200,
    "/search?q=zebrafish+unicorn": 200,
    "/search?q=%22nurses%22+AND+year:2025": 200,
    "/search?q=cancer&meaning=no&literal=*": 200,
    "/search?q=cancr+screning": 200,
    "/search?q=colour:melanoma": 200,
    "/search/facets?q=cancer&country=KE": 200,
    "/search/help": 200,
    "/digests": 200,
    "/digests?audience=professional": 200,
    "/digests?page=7": 200,
    "/about": 200,
    "/status": 200,
    "/nothing/here": 404,
    "/papers/not-an-id": 404,
    "/papers/10.5555/unheard.of": 404,
    "/papers/f0000000000": 404,
}
PAPERS = [f"/papers/{number}" for number in NUMBERS] + ["/papers/99"]
DIGESTS = {(1, "public"): 200, (1, "policymaker"): 200, (1, "professional"): 200, (2, "public"): 410}
DIGESTS |= {
    (6, "public"): 404,
    (10, "public"): 404,
    (13, "public"): 200,
    (14, "public"): 404,
    (1, "martian"): 404,
}
WEIGHT = 50_000


@pytest.fixture(scope="module")
def addresses(library: Library) -> dict[str, int]:
    """Every address to try, with the status it must answer."""
    found = dict(PAGES)
    found |= {f"/papers/{paper_id}": 410 if number == 99 else 200 for number, paper_id in library.ids.items()}
    found |= {f"/papers/{library.ids[n]}/digest/{audience}": s for (n, audience), s in DIGESTS.items()}
    return found


def test_every_page_answers_and_is_well_formed(client: FlaskClient, addresses: dict[str, int]) -> None:
    for address, status in addresses.items():
        answer = client.get(address)
        assert (answer.status_code, answer.content_type) == (status, "text/html; charset=utf-8"), address
        page = StrictPage(answer.text)
        assert page.complaints == [], address
        assert {"header", "nav", "main", "footer"} <= {tag for tag, _ in page.elements}
        assert page.elements[0][1]["lang"] == "en"
        assert "invented" in page.text, "a sample says so on every page"


def test_the_checker_can_fail() -> None:
    broken = (
        "<html><main><h1>A</h1><h3>B</h3><p><div></p></div><a href='#no'>x<a></a></a><input name=q></main>"
    )
    complaints = " ".join(StrictPage(broken).complaints)
    for part in (
        "<h3> follows",
        "inside <p>",
        "#no does not exist",
        "never closed",
        "has no label",
        "<a> inside",
    ):
        assert part in complaints


def test_landmarks_of_one_kind_have_names_of_their_own(
    client: FlaskClient, addresses: dict[str, int]
) -> None:
    for address in addresses:
        landmarks = [
            (attrs.get("role", tag), attrs.get("aria-labelledby"), attrs.get("aria-label"))
            for tag, attrs in StrictPage(client.get(address).text).elements
            if tag in {"aside", "nav", "search", "section"} or attrs.get("role") == "region"
        ]
        regions = [("region" if kind == "section" else kind, *name) for kind, *name in landmarks if any(name)]
        assert len(regions) == len(set(regions)), address


def test_no_page_outweighs_its_budget(client: FlaskClient, addresses: dict[str, int]) -> None:
    def weight(address: str) -> int:
        page = client.get(address)
        styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
        assert styles
        return len(page.data) + sum(len(client.get(style).data) for style in styles)

    weights = {address: weight(address) for address in addresses}
    assert max(weights.values()) <= WEIGHT, max(weights.items(), key=lambda item: item[1])


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(
    client: FlaskClient, addresses: dict[str, int]
) -> None:
    for address in addresses:
        for tag, attrs in StrictPage(client.get(address).text).elements:
            assert not [name for name in attrs if name.startswith("on") or name == "style"], (
                address,
                tag,
                attrs,
            )
            assert tag not in {"iframe", "object", "embed", "img", "style", "base"}
            assert tag != "script" or attrs == {"type": "application/ld+json"}
            if tag == "link" and attrs["rel"] in {"stylesheet", "icon"}:
                assert attrs["href"].startswith("/")
            assert "src" not in attrs
            assert not attrs.get("href", "").lower().startswith(("javascript:", "data:", "vbscript:"))


def test_the_style_sheet_loads_nothing(client: FlaskClient) -> None:
    style = re.search(r'<link rel="stylesheet" href="([^"]+)"', client.get("/").text)
    assert style
    answer = client.get(style[1])
    assert answer.content_type == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "url(" not in answer.text
    assert "@import" not in answer.text
    assert answer.text.count("{") == answer.text.count("}") > 100
    assert client.get("/static/findings-000000000000.css").status_code == 404


@pytest.mark.parametrize(
    ("address", "media_type"),
    [
        ("/healthz", "application/json"),
        ("/search.json?q=cancer", "application/json"),
        ("/digests.json?audience=public", "application/json"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/icon.svg", "image/svg+xml"),
        ("/favicon.ico", "image/svg+xml"),
    ],
)
def test_machine_addresses(client: FlaskClient, address: str, media_type: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.content_type) == (200, media_type)


@pytest.mark.parametrize(
    "address", ["/", "/search", "/nothing", "/healthz", "/icon.svg", "/search.json", "/robots.txt"]
)
def test_security_headers_are_on_every_answer(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"]


def test_a_page_seen_before_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/about")
    again = client.get("/about", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_head_is_like_get_without_the_page(client: FlaskClient) -> None:
    for address in ("/", "/search", "/papers/none"):
        got, head = client.get(address), client.head(address)
        assert (head.status_code, head.content_type, head.data) == (got.status_code, got.content_type, b"")


def test_nothing_can_be_sent(client: FlaskClient) -> None:
    for send in (client.post, client.put, client.delete, client.patch):
        answer = send("/search")
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
        assert "Content-Security-Policy" in answer.headers


def test_the_host_header_is_never_repeated(client: FlaskClient, library: Library) -> None:
    for address in (
        "/",
        f"/papers/{library.ids[1]}",
        "/papers/10.5555/invented.1",
        "/search.json?q=cancer",
        "//x",
        "/search/",
    ):
        answer = client.get(address, headers={"Host": "evil.example"})
        assert "evil.example" not in answer.text + str(answer.headers), address


def test_what_is_said_of_the_check_is_what_happens(client: FlaskClient) -> None:
    about = " ".join(client.get("/about").text.split())
    assert "told in the authors’ own words, or left out" in about
    assert "taken back until a new one is written" in about
    assert "A digest that fails" not in about
    assert "do not match the paper is not published" not in client.get("/").text
