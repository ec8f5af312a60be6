"""Pages that everybody may see go out compressed, those for one person as they are."""

import gzip
import threading
import zlib
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import Library
from tests.web.served import served
from tests.web.test_web_streaming import over
from web import Site, create_app

TAKES = {"Accept-Encoding": "br, gzip"}


@pytest.mark.parametrize("path", ["/", "/search?q=cancer", "/digests", "/digests.json", "/search/help"])
def test_a_page_is_the_same_and_much_smaller(client: FlaskClient, path: str) -> None:
    plain, packed = client.get(path), client.get(path, headers=TAKES)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < 0.5 * len(plain.data)
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"], "or a cache would mix them up"
    assert "Content-Encoding" not in plain.headers


@pytest.mark.parametrize("refusal", ["", "identity", "gzip;q=0"])
def test_who_does_not_take_it_gets_it_as_it_is(client: FlaskClient, refusal: str) -> None:
    answer = client.get("/", headers={"Accept-Encoding": refusal})
    assert "Content-Encoding" not in answer.headers
    assert "</html>" in answer.text


def test_style_sheets_are_compressed_and_tiny_answers_are_not(client: FlaskClient) -> None:
    sheet = client.get("/").text.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    assert client.get(sheet, headers=TAKES).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/robots.txt", headers=TAKES).headers
    assert "Content-Encoding" not in client.get("/nothing", headers=TAKES).headers


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/about", headers=TAKES).headers["ETag"]
    assert tag.startswith("W/"), "the bytes are others"
    assert client.get("/about", headers={**TAKES, "If-None-Match": tag}).status_code == 304
    assert client.get("/about", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("takes", [TAKES, {}])
def test_what_has_not_changed_has_the_validator_and_vary_of_what_was_sent(
    client: FlaskClient, method: str, takes: dict[str, str]
) -> None:
    sent = client.open("/about", method=method, headers=takes)
    unchanged = client.open("/about", method=method, headers={**takes, "If-None-Match": sent.headers["ETag"]})
    assert unchanged.status_code == 304
    for name in ("ETag", "Vary", "Cache-Control"):  # else a cache does not know which copy is meant
        assert unchanged.headers[name] == sent.headers[name]
    assert "Content-Encoding" not in unchanged.headers


def test_pages_of_one_person_are_left_as_they_are(client: FlaskClient) -> None:
    client.set_cookie("any", "one")
    assert "Content-Encoding" not in client.get("/", headers=TAKES).headers
    assert "Content-Encoding" not in client.get("/search?q=cancer", headers=TAKES).headers


def test_letters_and_accounts_are_left_as_they_are(listing_site: Site) -> None:
    client = create_app(listing_site).test_client()
    answer = client.get("/account", headers=TAKES)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_what_comes_first_can_be_read_before_the_rest_has_come(site: Site, library: Library) -> None:
    go_on = threading.Event()

    def wait() -> None:
        assert go_on.wait(20)

    with served(create_app(over(site, wait)), threaded=True) as address:
        line = HTTPConnection(urlsplit(address).netloc, timeout=20)
        line.request("GET", f"/papers/{library.ids[1]}", headers=TAKES)
        answer, unpacker = line.getresponse(), zlib.decompressobj(wbits=31)
        read = b""
        while b"</aside>" not in read:
            read += unpacker.decompress(answer.read1())
        assert b"Similar papers" not in read
        go_on.set()
        read += unpacker.decompress(answer.read())
        assert b"Similar papers" in read
        assert read.rstrip().endswith(b"</html>")
        line.close()
