"""Pages, calendars and feeds that somebody else named, fetched without being led into our own network.

Every address that a name stands for must be public; we connect to the very one that was checked, look at who
is at the other end, and check each redirect anew. Proxies of the environment are not asked: they would
connect for us, unchecked. No robots.txt is asked for: it speaks to programs that find their own way, and here
a person names one page to be read once, or a society its calendar.
"""

import socket
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from conferences.addresses import PORTS, Target, is_public, to_target
from domain.errors import FetchRefused

Resolver = Callable[[str, int], list[str]]

ACCEPTED: Final = (
    "text/html",
    "application/xhtml+xml",
    "text/calendar",
    "application/ld+json",
    "application/json",
    "application/rss+xml",
    "application/atom+xml",
    "application/xml",
    "text/xml",
    "text/csv",
    "text/tab-separated-values",
    "text/plain",
)
"""The media types that may hold a listing."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK = 1 << 14
_HOSTS_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered; 304 has no body."""

    url: str
    """Where it was found after redirects."""
    status: int
    media_type: str
    body: bytes
    etag: str = ""
    modified: str = ""


def resolve(host: str, port: int) -> list[str]:
    """The network addresses of a name, by the system's resolver. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass
class Fetcher:
    """Fetches one page at a time; threads may share it."""

    contact: str
    """Web or e-mail address by which whom we ask can reach us."""
    allowed: frozenset[tuple[str, int]] = frozenset()
    """Network addresses and ports that may be asked although they are not public: for tests alone."""
    resolver: Resolver = resolve
    seconds: float = 30.0
    """For all of it: redirects and waiting our turn included."""
    largest: int = 5_000_000
    """Bytes of a body, unpacked."""
    redirects: int = 5
    pause: float = 1.0
    """Seconds between two requests to a host."""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _turns: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(
        self, url: str, *, etag: str = "", modified: str = "", accept: Collection[str] = ACCEPTED
    ) -> Fetched:
        """What `url` answers, where it is 200 or, for a copy that we have, 304.

        Args:
            etag: of the copy that we have.
            modified: its `Last-Modified`.

        Raises:
            FetchRefused: `rule` is `malformed`, `scheme`, `user-info`, `port`, `host-name`, `unresolved`,
                `address`, `redirects`, `downgrade`, `deadline`, `unanswered`, `status`, `media-type` or
                `too-large`.
        """
        headers = self._headers(accept, etag, modified)
        until, target = self.clock() + self.seconds, to_target(url)
        for _ in range(self.redirects + 1):
            answer = self._ask(target, headers, until, accept)
            if isinstance(answer, Fetched):
                return answer
            following = to_target(_joined(target.url, answer))
            if target.scheme == "https" and following.scheme == "http":
                raise FetchRefused(following.url, "downgrade")
            target = following
        raise FetchRefused(url, "redirects")

    def _headers(self, accept: Collection[str], etag: str, modified: str) -> dict[str, str]:
        headers = {
            "User-Agent": f"Findings (open cancer research; {self.contact})",
            "Accept": ", ".join(accept),
            "Accept-Encoding": "gzip",
        }
        for name, value in (("If-None-Match", etag), ("If-Modified-Since", modified)):
            if value and value.isprintable() and value.isascii():
                headers[name] = value
        return headers

    def _ask(
        self, target: Target, headers: dict[str, str], until: float, accept: Collection[str]
    ) -> Fetched | str:
        """What the target answers, or where it sends us."""
        address = self._address(target, until)
        self._wait_turn(target, until)
        with _Line(target, address, self._left(target, until)) as line:
            try:
                response = line.ask(headers)
                self._left(target, until)  # a line that we cut may look like one that ended
                if response.status in _REDIRECTS and (place := response.headers.get("Location")):
                    return place
                return self._read(target, response, until, accept)
            except (HTTPError, OSError, ValueError) as error:
                rule = "deadline" if line.ended or self.clock() >= until else "unanswered"
                raise FetchRefused(target.url, rule) from error

    def _address(self, target: Target, until: float) -> str:
        """An address of the target's host, once all that it has may be asked."""
        if target.port not in {*PORTS.values(), *(port for _, port in self.allowed)}:
            raise FetchRefused(target.url, "port")
        found = self._resolved(target, until)
        if all((address, target.port) in self.allowed for address in found):
            return found[0]
        if target.port not in PORTS.values():
            raise FetchRefused(target.url, "port")
        if not all(is_public(address) for address in found):
            raise FetchRefused(target.url, "address")
        return found[0]

    def _resolved(self, target: Target, until: float) -> list[str]:
        """In a thread of its own, for the system's resolver knows no deadline."""
        answers: list[list[str]] = []

        def ask() -> None:
            with suppress(OSError, UnicodeError):
                answers.append(self.resolver(target.host, target.port))

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(max(0.0, min(until - self.clock(), self.seconds)))
        if asking.is_alive():
            raise FetchRefused(target.url, "deadline")
        if not answers or not answers[0]:
            raise FetchRefused(target.url, "unresolved")
        return answers[0]

    def _wait_turn(self, target: Target, until: float) -> None:
        with self._lock:
            now = self.clock()
            turn = max(now, self._turns.get(target.host, now))
            if turn >= until:
                raise FetchRefused(target.url, "deadline")
            if len(self._turns) >= _HOSTS_REMEMBERED:
                self._turns = {host: at for host, at in self._turns.items() if at > now}
            self._turns[target.host] = turn + self.pause
        if turn > now:
            self.sleep(turn - now)

    def _left(self, target: Target, until: float) -> float:
        if (left := until - self.clock()) <= 0:
            raise FetchRefused(target.url, "deadline")
        return left

    def _read(
        self, target: Target, response: BaseHTTPResponse, until: float, accept: Collection[str]
    ) -> Fetched:
        told = response.headers
        etag, modified = told.get("ETag", "")[:500], told.get("Last-Modified", "")[:100]
        if response.status == 304:
            return Fetched(target.url, 304, "", b"", etag, modified)
        if response.status != 200:
            raise FetchRefused(target.url, "status", response.status)
        media_type = told.get("Content-Type", "").split(";")[0].strip().lower()
        if media_type not in accept:
            raise FetchRefused(target.url, "media-type")
        body = bytearray()
        for chunk in response.stream(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self.largest:
                raise FetchRefused(target.url, "too-large")
            self._left(target, until)
        self._left(target, until)
        return Fetched(target.url, 200, media_type, bytes(body), etag, modified)


class _Line:
    """One connection to the address that was checked, cut when its time is over.

    urllib3's own limits are for each read; a server that sends a byte at a time would hold us for hours.
    """

    def __init__(self, target: Target, address: str, seconds: float) -> None:
        self.target, self.ended = target, False
        self._address = address
        self._lines: list[socket.socket] = []
        self._answer: BaseHTTPResponse | None = None
        timeout = urllib3.Timeout(connect=min(seconds, 10.0), read=seconds)
        self._pool = self._opened(timeout)
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def _opened(self, timeout: urllib3.Timeout) -> urllib3.HTTPConnectionPool:
        pool: urllib3.HTTPConnectionPool
        if self.target.scheme == "http":
            pool = urllib3.HTTPConnectionPool(self._address, self.target.port, timeout=timeout)
            pool.ConnectionCls = _Http
        else:
            pool = urllib3.HTTPSConnectionPool(
                self._address,
                self.target.port,
                timeout=timeout,
                cert_reqs="CERT_REQUIRED",
                server_hostname=self.target.host,
                assert_hostname=self.target.host,
            )
            pool.ConnectionCls = _Https
        pool.conn_kw |= {"expected": self._address, "lines": self._lines}
        return pool

    def __enter__(self) -> "_Line":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        if self._answer is not None:
            self._answer.close()
        self._pool.close()
        for line in self._lines:
            line.close()

    def ask(self, headers: dict[str, str]) -> BaseHTTPResponse:
        """Send the request and read the head of the answer."""
        self._answer = self._pool.urlopen(
            "GET",
            self.target.path,
            headers={"Host": self.target.origin, **headers},
            retries=False,
            redirect=False,
            preload_content=False,
        )
        return self._answer

    def _end(self) -> None:
        self.ended = True
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


class _Http(urllib3.connection.HTTPConnection):
    """A connection that looks at who is at the other end before it says a word."""

    def __init__(self, *args: object, expected: str, lines: list[socket.socket], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._expected, self._lines = expected, lines

    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), self._expected, self._lines)


class _Https(urllib3.connection.HTTPSConnection):
    """The same, before its handshake."""

    def __init__(self, *args: object, expected: str, lines: list[socket.socket], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._expected, self._lines = expected, lines

    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn(), self._expected, self._lines)


def _joined(base: str, place: str) -> str:
    try:
        return urljoin(base, place)
    except ValueError as error:
        raise FetchRefused(base, "malformed") from error


def _checked(line: socket.socket, expected: str, lines: list[socket.socket]) -> socket.socket:
    peer = str(line.getpeername()[0])
    if ip_address(peer) != ip_address(expected):
        line.close()
        raise OSError(f"connected to {peer}, not to {expected}")
    lines.append(line.dup())  # urllib3 hands its own on, and forgets it, before the answer is read
    return line
