"""One HTTP request and its answer, with one deadline over all of it and a limit to its size.

The standard library's client follows no redirect and reads no proxy settings. Its time limit is for each read
alone, so that a server which sends a byte now and then would hold us for ever: a timer closes the connection.
"""

import http.client
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from domain.errors import ConfigError

_LARGEST = 1_000_000
_LONGEST_CONNECTING = 10.0


class NoAnswer(Exception):
    """There was no answer of use; `passing` where asking again may help."""

    def __init__(self, problem: str, *, passing: bool = False) -> None:
        super().__init__(problem)
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    body: bytes
    retry_after: float = 0.0
    """Seconds that it asks us to wait."""


class _Connection(http.client.HTTPConnection):
    """A connection that can be broken off while it is still being made."""

    def __init__(self, host: str, port: int, timeout: float, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=timeout)
        self._tls = tls
        self._over = False

    def connect(self) -> None:
        """Connect; the handshake is ours, so that `break_off` reaches it."""
        self.sock = socket.create_connection((self.host, self.port), self.timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is not None:
            wrapped = self._tls.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = wrapped
            wrapped.do_handshake()
        if self._over:
            raise TimeoutError

    def break_off(self) -> None:
        """End whatever another thread is waiting for."""
        self._over = True
        held = self.sock
        if held is not None:
            with suppress(OSError):
                # Past TLS, which would wait for the other side's goodbye.
                socket.socket.shutdown(held, socket.SHUT_RDWR)


class Server:
    """Where questions are posted."""

    def __init__(self, address: tuple[str, str, int, str], key: str) -> None:
        scheme, self._host, self._port, path = address
        if not key.isascii() or not key.isprintable():
            raise ConfigError("digest_api_key", "must be one line of plain text")
        self._path = f"{path}/chat/completions"
        self._key = key.strip()
        self._tls = ssl.create_default_context() if scheme == "https" else None
        shown = f"[{self._host}]" if ":" in self._host else self._host
        self.url = f"{scheme}://{shown}:{self._port}{self._path}"

    def post(self, body: bytes, deadline: float) -> Answer:
        """What is answered to `body` before `deadline` (by the monotonic clock).

        Raises:
            NoAnswer: not in time, broken off, or too large.
        """
        left = deadline - time.monotonic()
        if left <= 0:
            raise NoAnswer("no time is left")
        connection = _Connection(self._host, self._port, min(left, _LONGEST_CONNECTING), self._tls)
        timer = threading.Timer(left, connection.break_off)
        timer.daemon = True
        timer.start()
        try:
            return self._exchange(connection, body, left)
        except TimeoutError as error:
            raise NoAnswer("no answer in time") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = time.monotonic() >= deadline
            problem = "no answer in time" if late else f"the connection failed ({type(error).__name__})"
            raise NoAnswer(problem, passing=not late) from error
        finally:
            timer.cancel()
            connection.close()

    def _exchange(self, connection: _Connection, body: bytes, left: float) -> Answer:
        headers = {"content-type": "application/json", "accept": "application/json"}
        if self._key:
            headers["authorization"] = f"Bearer {self._key}"
        connection.connect()
        connection.sock.settimeout(left)
        connection.request("POST", self._path, body, headers)
        response = connection.getresponse()
        said = response.read(_LARGEST + 1)
        if len(said) > _LARGEST:
            raise NoAnswer("the answer is too large")
        if response.length:
            raise NoAnswer("the answer was cut short", passing=True)
        return Answer(response.status, said, _seconds(response.headers.get("retry-after", "")))


def _seconds(value: str) -> float:
    """`Retry-After` as seconds from now: a number, or a date."""
    value = value.strip()[:40]
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
        wait = at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return max(0.0, wait.total_seconds())
