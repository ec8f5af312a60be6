"""Walking through a list whose pages name each other, over a network that fails.

Asks again for what did not arrive whole, waits when asked to, and never takes a short answer for the end.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from crawler.page import Answer, Asked, Fetch, NoAnswer, Page, RequestRefused, TooLarge
from crawler.patience import Patience, parse_retry_after
from crawler.sources import PagedSource, ResumingSource
from domain.errors import FindingsError, SourceChanged, SourceUnavailable
from domain.record import Checkpoint

_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
_FORBIDDEN = frozenset({401, 403, 407, 451})
_CURSOR_REFUSED = frozenset({400, 404, 410, 422})


class Interrupted(FindingsError):
    """Someone asked the run to end."""


class WaitTooLong(FindingsError):
    """The source asks for more patience than one run has."""


class _TryAgain(Exception):
    def __init__(self, reason: str, asked: float | None = None) -> None:
        super().__init__(reason)
        self.asked = asked


def _is_empty(page: Page) -> bool:
    return not (page.records or page.deleted or page.step)


class Pager:
    """Where we are in one list of one source, and how to get further."""

    def __init__(
        self, source: PagedSource, patience: Patience, asked: Asked, saved: Checkpoint | None
    ) -> None:
        resumed = saved is not None and not saved.complete and saved.cursor is not None
        self.name = asked.source
        self.cursor = saved.cursor if saved and resumed else None
        self.pages = saved.pages if saved and resumed else 0
        self.seen = saved.seen if saved and resumed else 0
        self.expected = saved.expected if saved and resumed else None
        self.ended = False
        self.problem = ""
        """Why the end is not to be trusted."""
        self.note = ""
        self._source, self._patience, self._asked, self._base_url = source, patience, asked, asked.base_url
        self._restarts: set[str | None] = set()
        self._cursor_untried = resumed
        self._visited: set[str | None] = {self.cursor or "*"}
        self._stop = asyncio.Event()
        self._fetch: Fetch
        self._waiting: Callable[[float, str], None]

    def open(self, fetch: Fetch, waiting: Callable[[float, str], None]) -> None:
        """Be given what fetches an address, and whom to tell about waits."""
        self._fetch, self._waiting = fetch, waiting

    def interrupt(self) -> None:
        """Stop waiting and fetching."""
        self._stop.set()

    async def next_page(self, room: int | None) -> Page | None:
        """The page at the cursor, of at most `room` records; None after the last.

        Raises:
            SourceError: it could not be had, however often we asked.
            WaitTooLong: the source asks us to come back later than a run may wait.
            Interrupted: the run is to end.
        """
        failures = 0
        while not self.ended:
            try:
                return await self._page(room)
            except RequestRefused as refusal:
                self._restart_or_raise(refusal)
                failures = 0
            except _TryAgain as fault:
                failures += 1
                if failures <= self._patience.retries:
                    await self._wait(self._patience.delay(failures, fault.asked), str(fault))
                    continue
                problem = f"gave up after {failures} tries: {fault}"
                gone = SourceUnavailable(self.name, problem, self._base_url)
                if not self._cursor_untried:
                    raise gone from fault
                # A server may answer a cursor it no longer knows with an error of its own.
                self._restart_or_raise(gone)
                failures = 0
        return None

    def advance(self, page: Page) -> None:
        """Go on to the next page, and notice the end, or a list that runs in a circle."""
        self.pages += 1
        self.seen += len(page.records) + len(page.deleted)
        following = page.next_cursor
        if following in (None, self.cursor or "*") or _is_empty(page):
            following, self.problem = None, page.doubt
        elif following in self._visited:
            following, self.problem = None, "the source sent us to a page we had already seen"
        elif self._runaway():
            following = None
            self.problem = f"the source sent {self.seen} records but announced {self.expected}"
        self.cursor, self.ended = following, following is None
        self._visited.add(following)

    def _runaway(self) -> bool:
        return self.expected is not None and self.seen > 2 * (self.expected + self._patience.page_size)

    async def _page(self, room: int | None) -> Page:
        size = self._patience.page_size if room is None else min(room, self._patience.page_size)
        asked = replace(self._asked, cursor=self.cursor, size=size)
        answer = await self._answer(self._source.page_url(asked))
        self._judge(answer)
        page = self._read(answer, asked)
        self.expected = page.total if page.total is not None else self.expected
        last = page.next_cursor in (None, self.cursor or "*") or self.seen >= (self.expected or 0)
        if _is_empty(page) and not last:
            raise _TryAgain("an empty page that is not the last")
        self._cursor_untried = False
        return page

    async def _answer(self, url: str) -> Answer:
        try:
            answer: Answer = await self._unless_stopped(self._fetch(url))
        except TooLarge as error:
            raise SourceChanged(self.name, error.problem, self._base_url) from error
        except NoAnswer as error:
            raise _TryAgain(error.problem) from error
        return answer

    def _read(self, answer: Answer, asked: Asked) -> Page:
        try:
            return self._source.parse_page(answer.body, datetime.now(UTC), asked)
        except SourceChanged as error:
            raise _TryAgain(error.problem) from error
        except RequestRefused as refusal:
            if refusal.status in _AGAIN:
                raise _TryAgain(refusal.problem) from refusal
            raise

    def _judge(self, answer: Answer) -> None:
        """Let an answer pass that may hold a page."""
        status = answer.status
        if status == 200:
            if not answer.body.strip():
                raise _TryAgain("an empty answer")
        elif status in _AGAIN:
            raise _TryAgain(f"HTTP {status}", parse_retry_after(answer.headers.get("retry-after")))
        elif status in _FORBIDDEN:
            raise SourceUnavailable(self.name, f"does not let us in (HTTP {status})", self._base_url)
        elif status in _CURSOR_REFUSED:
            raise RequestRefused(self.name, status, answer.body[:200].decode("utf-8", "replace"))
        else:
            location = answer.headers.get("location")
            moved = f", it points to {location}" if location else ""
            raise SourceChanged(self.name, f"answers with HTTP {status}{moved}", self._base_url)

    def _restart_or_raise(self, error: FindingsError) -> None:
        """Take the list up again where the source can, else from its start, when a cursor has grown too old.

        Each place only once, so that a source that refuses everything is not asked for ever.
        """
        again = None
        if self.cursor is not None and isinstance(self._source, ResumingSource):
            again = self._source.fall_back(replace(self._asked, cursor=self.cursor))
        if self.cursor is None or again in self._restarts or again == self.cursor:
            raise error
        self._restarts.add(again)
        self._cursor_untried = False
        self.note = f"began again {'from the start' if again is None else 'from ' + again}: {error}"
        self.cursor, self._visited = again, {again or "*"}
        self.seen, self.pages, self.expected = 0, 0, None

    async def _wait(self, seconds: float, reason: str) -> None:
        if seconds > self._patience.max_wait:
            raise WaitTooLong(f"{self.name} asks us to wait {seconds:.0f} s ({reason}); run it again later")
        self._waiting(seconds, reason)
        await self._unless_stopped(asyncio.sleep(seconds))

    async def _unless_stopped(self, doing: Awaitable[Any]) -> Any:  # noqa: ANN401 - what it is given
        """The result of `doing`, unless the run is to end first."""
        task, stop = asyncio.ensure_future(doing), asyncio.ensure_future(self._stop.wait())
        await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if self._stop.is_set():
            task.cancel()
            raise Interrupted("interrupted; the next run goes on from here")
        return task.result()
