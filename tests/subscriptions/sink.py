"""A real SMTP server on loopback that keeps what it is handed, and fails as it is told to."""

import asyncio
import email
import email.policy
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Rule = Callable[[str], str | None]
"""Gives an answer of its own to an address, or None."""


@dataclass(frozen=True)
class Kept:
    """One letter that was handed over whole."""

    sender: str
    to: tuple[str, ...]
    content: bytes
    at: int
    """Which it was among all."""

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.content, policy=email.policy.default)


@dataclass
class Sink:
    """Use it as a context; `port` is where it listens."""

    at_rcpt: Rule = lambda address: None
    at_data: Rule = lambda address: None
    """An answer, or `drop` to end the conversation without one, or `close` to end it after saying yes."""
    delay: float = 0.0
    """Seconds before the answer to a whole letter."""
    has_it: Callable[[str], None] = lambda address: None
    """Called when it has a whole letter, before it answers."""
    kept: list[Kept] = field(default_factory=list)
    sessions: int = 0
    port: int = 0
    _controller: Any = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "Sink":
        sink = self

        class Counting(Controller):
            def factory(self) -> SMTP:
                sink.sessions += 1
                return SMTP(self.handler, enable_SMTPUTF8=True, hostname="sink.example", timeout=600)

        self._controller = Counting(self, hostname="127.0.0.1", port=self.port or _free_port())
        self._controller.start()
        self.port = self._controller.server.sockets[0].getsockname()[1]
        self.sessions = 0  # starting it tries it once
        return self

    def __exit__(self, *raised: object) -> None:
        self._controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def recipients(self) -> list[str]:
        return [address for letter in self.kept for address in letter.to]

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.at_rcpt(address)
        if answer == "drop":
            server.transport.abort()
            return "250 never read"
        if answer and answer.startswith("421"):
            await server.push(answer)
            server.transport.close()
            return "421 never read"
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        to = envelope.rcpt_tos[0]
        answer = self.at_data(to)
        if answer is None or not answer[:1].isdigit():
            with self._lock:
                content = envelope.content
                assert isinstance(content, bytes)
                self.kept.append(
                    Kept(envelope.mail_from or "", tuple(envelope.rcpt_tos), content, len(self.kept))
                )
            self.has_it(to)
        if self.delay:
            await asyncio.sleep(self.delay)
        if answer == "drop":
            server.transport.abort()
        if answer == "close":
            await server.push("250 taken")
            server.transport.close()
        return answer if answer and answer[:1].isdigit() else "250 taken"


def _free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
