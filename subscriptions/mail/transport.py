"""What is handed to a mail server, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.addresses import domain_of

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter ready to go: one sender, one recipient, its bytes with `\\r\\n` line ends."""

    sender: str
    """The envelope's: where bounces go."""
    to: str
    content: bytes

    @property
    def domain(self) -> str:
        """The recipient's, in lower case."""
        return domain_of(self.to)


class Stage(StrEnum):
    """How far a conversation had come."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    END = "end"
    """All of the letter is out: from here on only the server knows whether it took it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said to a letter; code 0: nothing."""

    stage: Stage
    code: int = 0
    text: str = ""

    @property
    def is_accepted(self) -> bool:
        """Whether the server has the letter."""
        return self.stage is Stage.END and 200 <= self.code < 300

    @property
    def is_lost(self) -> bool:
        """Whether nobody knows: the line went before the answer came."""
        return self.stage is Stage.END and self.code == 0

    @property
    def line(self) -> str:
        """Both in one line."""
        return f"{self.code or 'no answer'} {self.text}".strip()[:_LONGEST]


class Transport(Protocol):
    """Hands letters over, one after the other; one thread's own."""

    def deliver(self, mail: Mail, begin: Callable[[], None]) -> Answer:
        """Hand a letter over; `begin` is called before its first byte leaves; by raising it forbids it."""
        ...

    def close(self) -> None:
        """End the conversation."""
        ...


def to_answer(stage: Stage, code: int, said: bytes | str, to: str) -> Answer:
    """An answer as it may be kept: one line, without the address."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    for secret in (to, to.rpartition("@")[0]):
        if len(secret) > 2:
            text = _without(text, secret)
    seen = "".join(sign if sign.isprintable() else " " for sign in text)
    return Answer(stage, max(code, 0), " ".join(seen.split())[:_LONGEST])


def _without(text: str, secret: str) -> str:
    lowered, wanted = text.lower(), secret.lower()
    while wanted in lowered:
        at = lowered.index(wanted)
        text = f"{text[:at]}…{text[at + len(secret) :]}"
        lowered = text.lower()
    return text
