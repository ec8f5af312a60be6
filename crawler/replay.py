"""A server on this machine that answers as Europe PMC does, from a file of core records.

For the demo and for tests: a harvest meets the real format, real paging over real HTTP, and on request every
fault that a network or a server can have. It understands of a query only `DOI:`, `EXT_ID:`, `SRC:`,
`OPEN_ACCESS:` and the date ranges `UPDATE_DATE:`, `FIRST_IDATE:` and `FIRST_PDATE:`; words find everything.
"""

import base64
import binascii
import gzip
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

PATH = "/europepmc/webservices/rest"
_PAGE_CAP = 1000
_CLAUSE = re.compile(r'\b(DOI|EXT_ID|SRC|OPEN_ACCESS):"?([^\s")]+)"?', re.IGNORECASE)
_RANGE = re.compile(r"\b(UPDATE_DATE|FIRST_IDATE|FIRST_PDATE):\[(\S+) TO (\S+)\]", re.IGNORECASE)
_FIELDS = {"DOI": "doi", "EXT_ID": "id", "SRC": "source", "OPEN_ACCESS": "isOpenAccess"}
_DATES = {
    "UPDATE_DATE": "dateOfRevision",
    "FIRST_IDATE": "firstIndexDate",
    "FIRST_PDATE": "firstPublicationDate",
}
_LITE = frozenset(
    {"id", "source", "pmid", "pmcid", "doi", "title", "authorString", "pubYear", "pageInfo", "isOpenAccess"}
    | {"inEPMC", "inPMC", "citedByCount", "firstIndexDate", "firstPublicationDate", "versionNumber"}
)


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
    """The cursor is refused as in an error of Europe PMC."""
    SAME_CURSOR = "same-cursor"
    """`nextCursorMark` is the one that was sent."""
    FIRST_CURSOR = "first-cursor"
    """`nextCursorMark` is that of the first page: a circle."""
    NO_CURSOR = "no-cursor"
    """`nextCursorMark` is missing though there is more."""
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
class _Reply:
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


class EuropePmcReplay:
    """Serves `records` (JSON Lines, or core records as read from JSON) on a free port of 127.0.0.1.

    >>> with EuropePmcReplay([{"id": "1", "source": "MED"}]) as server:
    ...     server.base_url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(
        self,
        records: Path | Sequence[Mapping[str, Any]],
        faults: Iterable[Fault] = (),
        *,
        compressed: bool = True,
    ) -> None:
        if isinstance(records, Path):
            records = [json.loads(line) for line in records.read_text("utf-8").splitlines() if line.strip()]
        self.records: list[Mapping[str, Any]] = list(records)
        self.faults = list(faults)
        self.compressed = compressed
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))

    @property
    def base_url(self) -> str:
        """The address to give to `--base-url`."""
        return f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def reply(self, request: Request) -> _Reply:
        """Note a request and answer it, with the fault planned for it."""
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
        fault = next((f for f in self.faults if f.at <= number < f.at + f.times), None)
        reply = self._answer(request, fault)
        if fault is not None:
            _spoil(reply, fault)
        elif self.compressed and "gzip" in request.headers.get("accept-encoding", ""):
            reply.body, reply.headers["Content-Encoding"] = gzip.compress(reply.body, 1), "gzip"
        return reply

    def _answer(self, request: Request, fault: Fault | None) -> _Reply:
        asked = {"resultType": "lite", "pageSize": "25", "cursorMark": "*", "format": "xml", **request.query}
        problem = _problem(request.path, asked)
        start = _offset(asked["cursorMark"])
        if problem or start is None:
            return _error(*(problem or (400, "The cursorMark parameter is not valid")))
        found = [record for record in self.records if _matches(record, asked["query"])]
        size = int(asked["pageSize"])
        following = _cursor(start + size) if start + size < len(found) else None
        page = found[start : start + size]
        if fault is not None:
            following, page = _mislead(fault.kind, asked["cursorMark"], following, page, size)
        if asked["resultType"].lower() != "core":
            page = [{name: value for name, value in record.items() if name in _LITE} for record in page]
        return _Reply(json.dumps(_envelope(asked, len(found), following, page), ensure_ascii=False).encode())


def _problem(path: str, asked: Mapping[str, str]) -> tuple[int, str] | None:
    if path != f"{PATH}/search":
        return 404, "No such service"
    if not asked.get("query", "").strip():
        return 400, "Mandatory parameter, query, is missing"
    size = asked["pageSize"]
    if not size.isdecimal() or not 1 <= int(size) <= _PAGE_CAP:
        return 400, f"The pageSize parameter must be between 1 and {_PAGE_CAP}"
    if asked["format"] != "json":
        return 400, "Only the JSON format is replayed"
    return None


def _envelope(
    asked: Mapping[str, str], total: int, following: str | None, page: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    request = {
        "queryString": asked["query"],
        "resultType": asked["resultType"],
        "cursorMark": asked["cursorMark"],
        "pageSize": int(asked["pageSize"]),
        "sort": "",
        "synonym": False,
    }
    paging = {"nextCursorMark": following} if following else {}
    return {"version": "6.9", "hitCount": total, **paging, "request": request, "resultList": {"result": page}}


def _mislead(
    kind: FaultKind, sent: str, following: str | None, page: list[Mapping[str, Any]], size: int
) -> tuple[str | None, list[Mapping[str, Any]]]:
    """Faults of the list itself, in an answer that is whole."""
    if kind is FaultKind.SAME_CURSOR:
        return sent, page
    if kind is FaultKind.FIRST_CURSOR:
        return _cursor(size), page
    if kind is FaultKind.NO_CURSOR:
        return None, page
    if kind is FaultKind.NO_RECORDS:
        return following or _cursor(0), []
    return following, page


def _spoil(reply: _Reply, fault: Fault) -> None:
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
    elif kind is FaultKind.EXPIRED:
        expired = _error(404, "The cursorMark has expired")
        reply.status, reply.body = expired.status, expired.body
    else:
        _replace_body(reply, fault)


def _replace_body(reply: _Reply, fault: Fault) -> None:
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


def _error(status: int, message: str) -> _Reply:
    return _Reply(json.dumps({"errCode": status, "errMsg": message}).encode(), status)


def _cursor(offset: int) -> str:
    return base64.b64encode(f"AoE=replay:{offset}".encode()).decode()


def _offset(cursor: str) -> int | None:
    if cursor == "*":
        return 0
    try:
        text = base64.b64decode(cursor, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    mark, _, number = text.partition(":")
    return int(number) if mark == "AoE=replay" and number.isdecimal() else None


def _matches(record: Mapping[str, Any], query: str) -> bool:
    for name, value in _CLAUSE.findall(query):
        if str(record.get(_FIELDS[name.upper()], "")).lower() != value.lower():
            return False
    for name, low, high in _RANGE.findall(query):
        day = str(record.get(_DATES[name.upper()]) or record.get("firstIndexDate") or "")
        if not low <= day <= high:
            return False
    return True


def _handler(replay: EuropePmcReplay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

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

        def _send(self, reply: _Reply) -> None:
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
