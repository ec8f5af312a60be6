"""What a harvest walks along, page by page."""

from typing import Protocol

from crawler.fetching.exchange import Exchange
from crawler.fetching.kept import Kept
from crawler.fetching.page import Answer, Page


class Walk(Protocol):
    """Where we are in what a source has for us: a list of its own, or look-ups."""

    name: str
    cursor: str | None
    pages: int
    seen: int
    expected: int | None
    ended: bool
    problem: str
    answered: Answer | None
    kept: Kept | None
    """The answer that the last page was read from, where that can be kept; before the first, one that was."""
    exchange: Exchange

    @property
    def note(self) -> str:
        """What is worth telling about the way."""
        ...

    @property
    def owed(self) -> tuple[str, ...]:
        """What of the way was passed over, and is to be asked for again."""
        ...

    async def next_page(self, room: int | None) -> Page | None:
        """The page at the cursor, of at most `room` records; None after the last."""
        ...

    def advance(self, page: Page) -> None:
        """Go on to the next page."""
        ...
