"""What passes between a source's server and a harvest: an answer, and the page of records read from it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.errors import SourceError
from domain.record import HarvestedRecord


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sent, decompressed."""

    status: int
    body: bytes
    retry_after: str | None = None
    location: str | None = None


Fetch = Callable[[str], Awaitable[Answer]]
"""Fetches one address, no faster than the source allows. Raises `NoAnswer`, `TooLarge`."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of a list, in the list's order."""

    records: tuple[HarvestedRecord, ...]
    next_cursor: str | None
    """Where the next page begins; None when the source names none."""
    total: int | None = None
    """How many records the source says the whole list has."""


class NoAnswer(SourceError):
    """The server could not be reached, or broke off; asking again may help."""


class TooLarge(SourceError):
    """The answer is larger than we accept; asking again does not help."""


class RequestRefused(SourceError):
    """The source understood the request and refuses it; `status` is its own code."""

    def __init__(self, source: str, status: int, problem: str) -> None:
        super().__init__(source, f"refuses the request ({status}): {' '.join(problem.split())[:200]}")
        self.status = status
