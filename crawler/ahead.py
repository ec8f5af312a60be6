"""Asking for the next page while the records of this one are read and saved.

A kill must cost one page at most, and some sources give a page only once. So the next page is asked for only
when this one is kept as it came; and the next one, as it came, is kept in the transaction that saves this
one's records. Where answers are slow all this would gain nothing, and pages are had one after the other.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from crawler.fetching.kept import Kept, pack
from crawler.fetching.page import Page
from crawler.fetching.walk import Walk
from crawler.freshness import Memory
from crawler.records.alone import Reading
from crawler.records.readers import Begun, Readers
from domain.ports import Catalog
from domain.record import Checkpoint, HarvestedRecord

AT_ONCE = 500
"""Records saved in one transaction; some sources give their whole list as one page."""
_WORTH = 10.0
"""Where an answer takes so many times as long as our work on a page, to do both at once gains nothing."""
_GRACE = 1.0
"""Seconds that records which are read wait for the next page, to be saved with it."""
_TURNS = 8
"""Turns of the loop after which a request is on its way."""


@dataclass(slots=True)
class Ahead:
    """The pages of a walk, each asked for before the one before it is saved."""

    walk: Walk
    catalog: Catalog
    memory: Memory
    scope: str
    fence: str
    readers: Readers
    _kept: Kept | None = None
    """The answer that the catalog keeps."""
    _asked: "asyncio.Task[Page | None] | None" = None
    _begun: deque[Begun] = field(default_factory=deque)
    """Pages whose reading has begun: the one to be saved, and the next."""
    _came: float = field(default_factory=time.perf_counter)
    _waited: float = 0.0
    _worked: float = 0.0

    def __post_init__(self) -> None:
        self._kept = self.walk.kept

    async def next_page(self, room: int | None) -> Page | None:
        """The next page of the walk, asked for now if it has not been."""
        begin = time.perf_counter()
        self._worked = begin - self._came
        asked, self._asked = self._asked, None
        page = await (asked or self.walk.next_page(room))
        self._came = time.perf_counter()
        self._waited = self._came - begin
        return page

    async def ask(self, room: int | None) -> None:
        """Ask for the page after the one that came last, if that is worth while and safe."""
        held = self.walk.kept
        if held is None or self._waited > _WORTH * self._worked:
            return
        if held is not self._kept:
            self.catalog.save((), source=self.walk.name, fence=self.fence, noted=self._keep(held))
        self._asked = asyncio.ensure_future(self.walk.next_page(room))
        await self._sent()

    async def read(
        self, records: Sequence[HarvestedRecord], place: Checkpoint | None, room: int | None
    ) -> tuple[list[Reading], dict[str, str | None]]:
        """What each of the records is read as, and the mark to save with the `place` after them, if any.

        The next page is handed to the second reader while it is still at this one, and so never without work.
        """
        if not self._begun:
            self._begun.append(self.readers.begin(records))
        begun = self._begun[0]
        begun.read_own()
        noted = await self._arrived(place, room) if place else {}
        self._begun.popleft()
        return begun.finish(), noted

    async def stop(self) -> None:
        """Nothing more is asked for or read."""
        for begun in self._begun:
            begun.drop()
        if self._asked:
            self.walk.exchange.interrupt()
            await asyncio.gather(self._asked, return_exceptions=True)

    async def _sent(self) -> None:
        """Let a request that is going out go: our work would hold it up, and the next would come too soon."""
        exchange, left = self.walk.exchange, _TURNS
        while left:
            before = exchange.asked
            await asyncio.sleep(0)
            left = left - 1 if exchange.asked == before else _TURNS

    async def _arrived(self, place: Checkpoint, room: int | None) -> dict[str, str | None]:
        """The page that begins at `place` as it came, or that it is not kept; its reading begins."""
        page = await self._page()
        held = self.walk.kept if page else None
        if page is None or held is None or held.cursor != place.cursor:
            return self._keep(None) if self._kept else {}
        if len(page.records) <= min(AT_ONCE, AT_ONCE if room is None else room):
            self._begun.append(self.readers.begin(page.records))
        return self._keep(held)

    def _keep(self, held: Kept | None) -> dict[str, str | None]:
        self._kept = held
        return {self.memory.answer_mark(self.scope): pack(held) if held else None}

    async def _page(self) -> Page | None:
        """The page asked for, if it comes soon; what else came of it is for who wants it next."""
        if self._asked is None:
            return None
        await asyncio.wait({self._asked}, timeout=_GRACE)
        if not self._asked.done():
            await self._sent()
            return None
        if self._asked.exception():
            return None
        return self._asked.result()
