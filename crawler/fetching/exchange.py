"""One exchange with a source's server at a time: no sooner than it may be, and judged when it comes back."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from crawler.fetching.budget import Budget
from crawler.fetching.pace import Pace
from crawler.fetching.page import Answer, Fetch, NoAnswer, RequestRefused, TooLarge
from crawler.fetching.patience import Patience, parse_moment, parse_retry_after
from domain.errors import FindingsError, SourceChanged, SourceUnavailable

T = TypeVar("T")
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
SHUT_OUT = frozenset({401, 403, 407, 451})
_REFUSED = frozenset({400, 404, 410, 422})
_sleep = asyncio.sleep
_MORE = 1.02
"""Our own gap is longer than Scrapy's by so much, which thus never holds a request that we think is out."""
_SHORT = 5.0
"""A pause that nobody needs to be told about, in seconds."""


class Interrupted(FindingsError):
    """Someone asked the run to end."""


class WaitTooLong(FindingsError):
    """The source asks for more patience than one run has."""


class ShutOut(SourceUnavailable):
    """The source knows us and does not let us in: a key is missing, wrong or revoked, or we are blocked."""


class TryAgain(Exception):
    """What came back is no answer; asking again may help."""

    def __init__(self, reason: str, asked: float | None = None) -> None:
        super().__init__(reason)
        self.asked = asked


class NothingSent(TryAgain):
    """An empty answer; where a file may be empty, it may be one."""


class GaveUp(SourceUnavailable):
    """The source did not answer, however often it was asked."""


class UnexpectedStatus(SourceChanged):
    """An HTTP status that says neither to ask again nor that the request is refused."""

    def __init__(self, source: str, status: int, problem: str, where: str) -> None:
        super().__init__(source, problem, where)
        self.status = status


def refusal(name: str, answer: Answer) -> RequestRefused:
    """A refusal in the words that came with it."""
    return RequestRefused(name, answer.status, answer.body[:200].decode("utf-8", "replace"))


class Exchange:
    """Asks a server for addresses, one after the other."""

    def __init__(
        self, name: str, base_url: str, patience: Patience, budget: Budget, *, reads_refusals: bool = False
    ) -> None:
        """With `reads_refusals`, a refusal with a body is an answer like others."""
        self.name, self.patience = name, patience
        self._base_url, self._budget, self._reads_refusals = base_url, budget, reads_refusals
        self._pace = Pace()
        self._stop = asyncio.Event()
        self._fetch: Fetch
        self._waiting: Callable[[float, str], None]

    def open(self, fetch: Fetch, waiting: Callable[[float, str], None]) -> None:
        """Be given what fetches an address, and whom to tell about waits."""
        self._fetch, self._waiting = fetch, waiting

    def keep_apart(self, seconds: float) -> None:
        """Let so much time pass between requests, if that is more than the source's limits say."""
        self._pace.keep_apart(seconds)

    @property
    def asked(self) -> float | None:
        """When the last request went out, by a clock of its own."""
        return self._pace.asked

    def interrupt(self) -> None:
        """Stop waiting and fetching."""
        self._stop.set()

    async def answer(self, url: str, headers: Mapping[str, str] = MappingProxyType({})) -> Answer:
        """An answer that may hold a page, or say why there is none.

        304 comes only where `headers` ask for what has changed.

        Raises:
            TryAgain: there is none, but there may be another time.
            RequestRefused: the source does not take the address.
            SourceError: asking again does not help.
            WaitTooLong, BudgetSpent: not today. Interrupted: not any more.
        """
        await self._take_turn()
        try:
            answer: Answer = await self._unless_stopped(self._fetch(url, headers))
        except TooLarge as error:
            raise SourceChanged(self.name, error.problem, self._base_url) from error
        except NoAnswer as error:
            raise TryAgain(error.problem) from error
        self._pace.heed(answer)
        self._budget.settle(answer)
        if not (answer.status == 304 and headers):
            self._judge(answer)
        return answer

    async def read(self, url: str, reader: Callable[[Answer], T], where: str) -> T:
        """What `reader` makes of the answer, asked for until it is one. `where` is the address to tell.

        Raises:
            GaveUp: it never was. Else what `answer` and `reader` raise, but for `TryAgain`.
        """
        failures = 0
        while True:
            try:
                return reader(await self.answer(url))
            except TryAgain as fault:
                failures += 1
                if failures > self.patience.retries:
                    raise GaveUp(self.name, f"gave up after {failures} tries: {fault}", where) from fault
                await self.wait(self.patience.delay(failures, fault.asked), str(fault))

    async def wait(self, seconds: float, reason: str) -> None:
        """Wait, unless it is too long or the run is to end."""
        if seconds > self.patience.max_wait:
            raise WaitTooLong(f"{self.name} asks us to wait {seconds:.0f} s ({reason}); run it again later")
        self._waiting(seconds, reason)
        await self._unless_stopped(_sleep(seconds))

    async def _take_turn(self) -> None:
        if closed := self._pace.closed():
            await self.wait(closed, "it has no more requests for us until then")
        gap = self._pace.gap()
        if gap > _SHORT:
            await self.wait(gap, "it asks for such pauses")
        elif gap := max(gap, self._pace.left(_MORE / self.patience.requests_per_second)):
            await self._unless_stopped(_sleep(gap))
        self._budget.begin()
        self._pace.begin()

    def _judge(self, answer: Answer) -> None:
        status = answer.status
        if status == 200:
            if not answer.body or answer.body.isspace():  # stripping would copy it, however long
                raise NothingSent("an empty answer")
        elif status in AGAIN:
            theirs = parse_moment(answer.headers.get("date"))
            asked = parse_retry_after(answer.headers.get("retry-after"), theirs)
            raise TryAgain(f"HTTP {status}", self._pace.closed() if asked is None else asked)
        elif status in SHUT_OUT:
            raise ShutOut(self.name, f"does not let us in (HTTP {status})", self._base_url)
        elif status in _REFUSED:
            if not (self._reads_refusals and answer.body.strip()):
                raise refusal(self.name, answer)
        else:
            location = answer.headers.get("location")
            moved = f", it points to {location}" if location else ""
            problem = f"answers with HTTP {status}{moved}"
            raise UnexpectedStatus(self.name, status, problem, self._base_url)

    async def _unless_stopped(self, doing: Awaitable[Any]) -> Any:  # noqa: ANN401 - what it is given
        """The result of `doing`, unless the run is to end first."""
        task, stop = asyncio.ensure_future(doing), asyncio.ensure_future(self._stop.wait())
        await asyncio.wait((task, stop), return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if self._stop.is_set():
            task.cancel()
            raise Interrupted("interrupted; the next run goes on from here")
        return task.result()
