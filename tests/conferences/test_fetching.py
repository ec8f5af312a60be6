"""The fetcher against a real server on loopback; all names and pages are invented."""

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conferences.fetching import Fetched, Fetcher
from domain.errors import FetchRefused

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def port(self) -> int:
        return self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what several tests want."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
        self.server.answers[self.path](self)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


def page(
    body: bytes = b"BEGIN:VCALENDAR", kind: str = "text/calendar", status: int = 200, **more: str
) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in more.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()


NAMES: dict[str, list[str]] = {"society.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]}


def fetcher(server: Server, **options: object) -> Fetcher:
    def resolver(host: str, port: int) -> list[str]:
        return NAMES.get(host, [host])

    given: dict[str, object] = {"resolver": resolver, "pause": 0.0} | options
    return Fetcher("invented@society.example", frozenset({("127.0.0.1", server.port)}), **given)  # type: ignore[arg-type]


def refusal(fetch: Fetcher, url: str) -> str:
    with pytest.raises(FetchRefused) as caught:
        fetch.get(url)
    return caught.value.rule


def test_a_page_is_fetched_with_its_marks_and_our_name(server: Server) -> None:
    server.answers["/a.ics?y=2"] = page(kind="Text/Calendar; charset=utf-8", ETag='"v1"', Last_Modified="Mon")
    url = f"http://society.example:{server.port}/a.ics?y=2#top"
    got = fetcher(server).get(url)
    assert got == Fetched(url[:-4], 200, "text/calendar", b"BEGIN:VCALENDAR", '"v1"', "Mon")
    headers = server.asked[0][1]
    assert headers["host"] == f"society.example:{server.port}"
    assert "invented@society.example" in headers["user-agent"]
    assert "cookie" not in headers


def test_a_copy_that_we_have_is_not_sent_again(server: Server) -> None:
    server.answers["/a"] = page(b"", status=304, ETag='"v1"')
    got = fetcher(server).get(f"http://society.example:{server.port}/a", etag='"v1"', modified="Mon\r\nX: y")
    assert (got.status, got.body, got.etag) == (304, b"", '"v1"')
    assert server.asked[0][1]["if-none-match"] == '"v1"'
    assert "if-modified-since" not in server.asked[0][1]


def test_redirects_are_followed_and_counted(server: Server) -> None:
    base = f"http://society.example:{server.port}"
    for number in range(6):
        server.answers[f"/{number}"] = page(b"", status=302, Location=f"{number + 1}")
    server.answers["/6"] = page()
    assert refusal(fetcher(server), f"{base}/0") == "redirects"
    assert fetcher(server).get(f"{base}/1").url == f"{base}/6"


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        ("http://10.0.0.1/", "address"),
        ("http://[::1]/", "address"),
        ("//169.254.169.254/latest/meta-data/", "address"),
        ("http://0x7f000001/", "host-name"),
        ("http://localhost/", "host-name"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://society.example/_x", "scheme"),
        ("http://user@society.example/", "user-info"),
        ("http://society.example:22/", "port"),
        ("http://[::1", "malformed"),
        ("http:\\\\10.0.0.1/", "malformed"),
        ("http://inside.example/", "address"),
    ],
)
def test_a_redirect_is_checked_anew(
    server: Server, place: str, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NAMES, "inside.example", ["192.168.3.4"])
    server.answers["/"] = page(b"", status=302, Location=place)
    assert refusal(fetcher(server), f"http://society.example:{server.port}/") == rule
    assert len(server.asked) == 1


def test_no_way_back_from_https(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    monkeypatch.setattr(Fetcher, "_ask", lambda *_: "http://society.example/")
    assert refusal(fetcher(server), "https://society.example/") == "downgrade"


def test_the_address_that_was_checked_is_the_one_we_connect_to(server: Server) -> None:
    """The resolver's second answer would be another one: it is never asked for."""
    calls: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        calls.append(host)
        return ["127.0.0.1"] if len(calls) == 1 else ["10.0.0.1"]

    server.answers["/"] = page()
    fetch = fetcher(server, resolver=rebinding)
    assert fetch.get(f"http://society.example:{server.port}/").status == 200
    assert calls == ["society.example"]
    assert refusal(fetch, "http://society.example/") == "address"


def test_one_private_address_among_several_is_enough(server: Server) -> None:
    mixed = fetcher(server, resolver=lambda host, port: ["93.184.216.34", "10.0.0.1"])
    assert refusal(mixed, "http://society.example/") == "address"


def test_another_one_at_the_other_end_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers["/"] = page()
    monkeypatch.setattr(socket.socket, "getpeername", lambda self: ("10.0.0.1", 80))
    assert refusal(fetcher(server), f"http://society.example:{server.port}/") == "unanswered"
    assert server.asked == []


def test_proxies_of_the_environment_are_not_asked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers["/"] = page()
    with Server() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert fetcher(server).get(f"http://society.example:{server.port}/").status == 200
        assert proxy.asked == []


@pytest.mark.parametrize("size", [1_000_001, 40_000_000])
def test_what_is_too_large_is_refused_packed_or_not(server: Server, size: int) -> None:
    server.answers["/plain"] = page(b" " * size)
    server.answers["/bomb"] = page(gzip.compress(b" " * size), Content_Encoding="gzip")
    fetch = fetcher(server, largest=1_000_000)
    assert refusal(fetch, f"http://society.example:{server.port}/plain") == "too-large"
    assert refusal(fetch, f"http://society.example:{server.port}/bomb") == "too-large"


def test_a_packed_page_is_unpacked(server: Server) -> None:
    server.answers["/"] = page(gzip.compress(b"BEGIN:VCALENDAR"), Content_Encoding="gzip")
    assert fetcher(server).get(f"http://society.example:{server.port}/").body == b"BEGIN:VCALENDAR"


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        (page(kind="application/octet-stream"), "media-type"),
        (page(kind=""), "media-type"),
        (page(kind="image/svg+xml"), "media-type"),
        (page(status=404), "status"),
        (page(status=206), "status"),
        (page(status=302), "status"),
        (page(b"no", Content_Encoding="gzip"), "unanswered"),
    ],
)
def test_answers_that_are_none(server: Server, answer: Answer, rule: str) -> None:
    server.answers["/"] = answer
    assert refusal(fetcher(server), f"http://society.example:{server.port}/") == rule


def _trickle_head(handler: BaseHTTPRequestHandler) -> None:
    for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 400:
        handler.wfile.write(bytes((letter,)))
        time.sleep(0.05)


def _trickle_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/calendar")
    handler.end_headers()
    for _ in range(400):
        handler.wfile.write(b"x")
        time.sleep(0.05)


@pytest.mark.parametrize("answer", [_trickle_head, _trickle_body])
def test_a_server_that_dawdles_is_left(server: Server, answer: Answer) -> None:
    server.answers["/"] = answer
    began = time.monotonic()
    assert refusal(fetcher(server, seconds=0.6), f"http://society.example:{server.port}/") == "deadline"
    assert time.monotonic() - began < 8


def test_nobody_there(server: Server) -> None:
    fetch = fetcher(server)
    fetch.allowed = frozenset({("127.0.0.1", 9)})
    assert refusal(fetch, "http://society.example:9/") == "unanswered"


def test_a_name_that_stands_for_nothing(server: Server) -> None:
    def nothing(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    assert refusal(fetcher(server, resolver=nothing), "http://society.example/") == "unresolved"
    assert refusal(fetcher(server, resolver=lambda h, p: []), "http://society.example/") == "unresolved"


def test_a_resolver_that_dawdles_is_left(server: Server) -> None:
    waiting = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        waiting.wait(20)
        return ["127.0.0.1"]

    assert refusal(fetcher(server, resolver=slow, seconds=0.3), "http://society.example/") == "deadline"
    waiting.set()


def test_a_host_is_asked_once_a_second(server: Server) -> None:
    server.answers["/"] = page()
    slept: list[float] = []
    now = [100.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    fetch = fetcher(server, pause=1.0, clock=lambda: now[0], sleep=sleep)
    for host in ("society.example", "society.example", "other.example", "society.example"):
        fetch.get(f"http://{host}:{server.port}/")
    assert slept == [1.0, 1.0]


def test_a_turn_beyond_the_deadline_is_not_waited_for(server: Server) -> None:
    server.answers["/"] = page()
    fetch = fetcher(server, pause=60.0, seconds=5.0)
    fetch.get(f"http://society.example:{server.port}/")
    assert refusal(fetch, f"http://society.example:{server.port}/") == "deadline"


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate of `society.example`, which this test trusts."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("no openssl to make a certificate with")
    path = tmp_path / "both.pem"
    request = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=society.example")
    names = ("-addext", "subjectAltName=DNS:society.example")
    places = ("-keyout", path, "-out", tmp_path / "cert.pem")
    subprocess.run([openssl, *request, *names, *places], check=True, capture_output=True)
    path.write_text(path.read_text() + (tmp_path / "cert.pem").read_text())
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    return path


def test_over_https_the_name_is_checked_at_the_checked_address(server: Server, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str | None] = []
    context.sni_callback = lambda sock, name, own: names.append(name)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.answers["/"] = page()
    assert fetcher(server).get(f"https://society.example:{server.port}/").status == 200
    assert names == ["society.example"]
    assert refusal(fetcher(server), f"https://other.example:{server.port}/") == "unanswered"


def test_over_https_an_unknown_certificate_is_refused(
    server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    assert refusal(fetcher(server), f"https://society.example:{server.port}/") == "unanswered"
    assert server.asked == []
