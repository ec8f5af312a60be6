"""A proxy on this machine in front of a real Elasticsearch, which spoils some answers on purpose."""

import json
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Answer = tuple[int, bytes]
HEADERS = {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}


class Drop(Exception):
    """Raised by a rule: close the connection without an answer."""


@dataclass
class Request:
    """What came in, and a way to pass it on."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str]
    forward: Callable[[bytes], Answer]

    @property
    def is_bulk(self) -> bool:
        return "/_bulk" in self.path

    def actions(self) -> list[tuple[str, bytes]]:
        """The id and the lines of each action of a bulk request."""
        lines, found = self.body.split(b"\n"), []
        while len(lines) > 1:
            (kind, action), *_ = json.loads(lines[0]).items()
            count = 1 if kind == "delete" else 2
            found.append((action["_id"], b"\n".join(lines[:count]) + b"\n"))
            lines = lines[count:]
        return found


@dataclass
class Proxy:
    """Where it listens, what came in, and the rule; a rule that gives None lets the request pass."""

    url: str = ""
    rule: Callable[[Request], Answer | None] = lambda _: None
    headers: dict[str, str] = field(default_factory=lambda: dict(HEADERS))
    seen: list[Request] = field(default_factory=list)

    @property
    def bulks(self) -> list[Request]:
        return [request for request in self.seen if request.is_bulk]


def refuse(status: int, kind: str = "es_rejected_execution_exception", reason: str = "invented") -> Answer:
    error = {"type": kind, "reason": reason}
    return status, json.dumps({"error": error | {"root_cause": [error]}, "status": status}).encode()


def refuse_items(request: Request, status: int, refused: Callable[[str], bool], kind: str = "busy") -> Answer:
    """Pass on the actions but for those refused, and answer for these as the server would."""
    actions = request.actions()
    passed = b"".join(lines for name, lines in actions if not refused(name))
    answer = json.loads(request.forward(passed)[1]) if passed else {"items": []}
    items = iter(answer["items"])
    bad = {"index": {"status": status, "error": {"type": kind, "reason": "invented"}}}
    mixed = [bad if refused(name) else next(items) for name, _ in actions]
    return 200, json.dumps({"errors": True, "items": mixed}).encode()


@contextmanager
def proxied(url: str):
    """A proxy before the server at `url`."""
    proxy = Proxy()
    target = urlsplit(url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            request = Request(
                self.command,
                self.path,
                body,
                {name.lower(): value for name, value in self.headers.items()},
                self._forward,
            )
            proxy.seen.append(request)
            try:
                status, answer = proxy.rule(request) or self._forward(body)
            except Drop:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in proxy.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _do  # noqa: N815 - the library's names

        def _forward(self, body: bytes) -> Answer:
            connection = HTTPConnection(target.hostname, target.port, timeout=60)
            kept = {name: self.headers[name] for name in ("Content-Type", "Accept") if name in self.headers}
            connection.request(self.command, self.path, body or None, kept)
            response = connection.getresponse()
            answer = response.status, response.read()
            connection.close()
            return answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
