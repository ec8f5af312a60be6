"""What passes between a source's server and a harvest: a question, an answer, and the page read from it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.errors import SourceError
from domain.record import HarvestedRecord


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked for with; with the answer, all that a source needs to name the next one."""

    source: str
    """The name of the table in `config/sources.toml`; one module may serve several."""
    base_url: str
    query: str
    """As `window` made it."""
    cursor: str | None = None
    """Where the page begins, in the source's own words; None for the first."""
    size: int = 100
    """How many records at most, where the source lets us choose."""
    contact: str = ""
    """Who runs this node: an e-mail or web address, empty when not given."""
    key: str = field(default="", repr=False)
    """The node's key for this source, empty when it has none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sent, decompressed; the names of headers are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


Fetch = Callable[[str, Mapping[str, str]], Awaitable[Answer]]
"""Fetches one address with these headers, no faster than the source allows. Raises `NoAnswer`, `TooLarge`."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of a list, in the list's order."""

    records: Sequence[HarvestedRecord]
    next_cursor: str | None
    """Where the next page begins; None when the source names none."""
    total: int | None = None
    """How many records the source says the whole list has."""
    deleted: tuple[str, ...] = ()
    """Native ids that the source says it has withdrawn."""
    step: bool = False
    """Leads on to records without having to hold any: a list of ids, a slice of days, a sitemap."""
    count: int | None = None
    """How many records the source's own page holds, where more or fewer were made of them."""
    doubt: str = ""
    """Why the list may not be whole, should this page turn out to be its last."""


class NoAnswer(SourceError):
    """The server could not be reached, or broke off; asking again may help."""


class TooLarge(SourceError):
    """The answer is larger than we accept; asking again does not help."""


class RequestRefused(SourceError):
    """The source understood the request and refuses it; `status` is its own code."""

    def __init__(self, source: str, status: int, problem: str) -> None:
        super().__init__(source, f"refuses the request ({status}): {' '.join(problem.split())[:200]}")
        self.status = status
