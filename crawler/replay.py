"""Servers on this machine that answer as sources do, for the demo and for tests.

A harvest meets a real format and real paging over real HTTP, and on request every fault that a network or a
server can have. What all sources share is here; each has a server of its own that speaks as it does.
"""

import gzip
import socket
import struct
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self, TypeVar
from urllib.parse import parse_qs, urlsplit

Kept = TypeVar("Kept")


class FaultKind(StrEnum):
    """What goes wrong with an answer."""

    STATUS = "status"
    """Another HTTP status, with `retry_after` if given."""
    DELAY = "delay"
    """The right answer after `seconds`."""
    CUT = "cut"
    """Only the first `size` bytes, and the connection closes."""
    CUT_UNNOTICED = "cut-unnoticed"
    """Only the first `size` bytes, with a Content-Length that says so."""
    RESET = "reset"
    """The connection is reset before any answer."""
    EMPTY = "empty"
    """200 without a body."""
    HTML = "html"
    """200 with a page for people."""
    GARBAGE = "garbage"
    """200 with `size` bytes that are no JSON."""
    DEEP = "deep"
    """200 with JSON nested `size` deep."""
    HUGE = "huge"
    """200 with `size` bytes of blanks before the answer."""
    CUT_COMPRESSED = "cut-compressed"
    """The first `size` bytes of the compressed answer, with a Content-Length that says so."""
    BOMB = "bomb"
    """A small compressed answer of `size` blanks."""
    EXPIRED = "expired"
    """The cursor is refused, as the source does it."""
    SAME_CURSOR = "same-cursor"
    """The next cursor is the one that was sent."""
    FIRST_CURSOR = "first-cursor"
    """The next cursor is that of the first page: a circle."""
    NO_CURSOR = "no-cursor"
    """The next cursor is missing though there is more."""
    NO_RECORDS = "no-records"
    """A page without records, with a cursor."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in the answers to the `times` requests from number `at` on (the first is 1)."""

    at: int
    kind: FaultKind
    times: int = 1
    status: int = 503
    retry_after: str | None = None
    seconds: float = 0.0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the server saw it."""

    at: float
    """Seconds of the monotonic clock."""
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(slots=True)
class Reply:
    """What is sent back."""

    body: bytes
    status: int = 200
    media_type: str = "application/json;charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    """Send only so many bytes of what Content-Length announces."""
    reset: bool = False


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that hangs up: it may, and the tests make it."""


class Replay:
    """A server on a free port of 127.0.0.1 that answers as a source does, faults included.

    A source's own server says in `answer` what it answers, and in `refusal` how it refuses a cursor.
    """

    path = ""
    """Where below the host the interface begins."""

    def __init__(self, faults: Iterable[Fault] = (), *, compressed: bool = True, port: int = 0) -> None:
        """On a free port unless one is given."""
        self.faults = list(faults)
        self.compressed = compressed
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _handler(self))

    @property
    def base_url(self) -> str:
        """The address to give to `--base-url`."""
        return f"http://127.0.0.1:{self._server.server_port}{self.path}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """The answer to a request; of faults, only those of the list itself are this method's to make."""
        raise NotImplementedError

    def refusal(self) -> Reply:
        """How the source says that a cursor has grown too old."""
        raise NotImplementedError

    def reply(self, request: Request) -> Reply:
        """Note a request and answer it, with the fault planned for it."""
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
        fault = next((f for f in self.faults if f.at <= number < f.at + f.times), None)
        reply = self.answer(request, fault)
        if fault is not None and fault.kind is FaultKind.EXPIRED:
            return self.refusal()
        tag = reply.headers.get("ETag")
        if tag and fault is None and request.headers.get("if-none-match") == tag:
            return Reply(b"", 304, headers={"ETag": tag})
        if fault is not None:
            _spoil(reply, fault)
        elif self.compressed and "gzip" in request.headers.get("accept-encoding", ""):
            reply.body, reply.headers["Content-Encoding"] = gzip.compress(reply.body, 1), "gzip"
        return reply


def mislead(
    fault: Fault | None, sent: str | None, following: str | None, page: list[Kept], *, second: str, other: str
) -> tuple[str | None, list[Kept]]:
    """Faults of the list itself, in an answer that is whole: where it says it goes on, and what it holds.

    Args:
        fault: what goes wrong, if anything does.
        sent: the cursor of this page, None for the first.
        following: the cursor of the next, None for the last page.
        page: what the page holds.
        second: the cursor of the second page, for a list that runs in a circle.
        other: a cursor for a page that is empty though it is not the last.
    """
    match fault.kind if fault else None:
        case FaultKind.SAME_CURSOR:
            return sent or following, page
        case FaultKind.FIRST_CURSOR:
            return second, page
        case FaultKind.NO_CURSOR:
            return None, page
        case FaultKind.NO_RECORDS:
            return following or other, []
    return following, page


def _spoil(reply: Reply, fault: Fault) -> None:
    """Faults of the answer's transport and form."""
    kind = fault.kind
    if kind is FaultKind.STATUS:
        reply.status, reply.body = fault.status, b"<html><body>Not now.</body></html>"
        reply.media_type = "text/html"
        if fault.retry_after is not None:
            reply.headers["Retry-After"] = fault.retry_after
    elif kind is FaultKind.DELAY:
        time.sleep(fault.seconds)
    elif kind is FaultKind.CUT:
        reply.cut = fault.size
    elif kind is FaultKind.CUT_UNNOTICED:
        reply.body = reply.body[: fault.size]
    elif kind is FaultKind.RESET:
        reply.reset = True
    else:
        _replace_body(reply, fault)


def _replace_body(reply: Reply, fault: Fault) -> None:
    if fault.kind is FaultKind.EMPTY:
        reply.body = b""
    elif fault.kind is FaultKind.HTML:
        reply.body, reply.media_type = b"<!doctype html><title>Maintenance</title>", "text/html"
    elif fault.kind is FaultKind.GARBAGE:
        reply.body = b"\x00{]" * max(1, fault.size // 3)
    elif fault.kind is FaultKind.DEEP:
        reply.body = b'{"resultList":{"result":' + b"[" * fault.size + b"]" * fault.size + b"}}"
    elif fault.kind is FaultKind.CUT_COMPRESSED:
        reply.body, reply.headers["Content-Encoding"] = gzip.compress(reply.body)[: fault.size], "gzip"
    elif fault.kind is FaultKind.BOMB:
        reply.body, reply.headers["Content-Encoding"] = gzip.compress(b" " * fault.size), "gzip"
    elif fault.kind is FaultKind.HUGE:
        reply.body = b" " * fault.size + reply.body


def _handler(replay: Replay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30
        wbufsize = 1 << 16  # head and body go out together
        # where they do not, the second would wait 40 ms for the other side's receipt
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            """Answer a request."""
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = replay.reply(Request(time.monotonic(), parts.path, query, headers))
            if reply.reset:
                # Linger of zero seconds makes close() send RST instead of FIN.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                self.connection.close()
                return
            self._send(reply)

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut])
            self.close_connection = self.close_connection or reply.cut is not None

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing: `requests` holds the log."""

    return Handler
