"""Walking through the pages of a site: first its robots.txt, then its sitemaps, then page after page.

The cursor names the sitemaps that lead to the last page, and that page: it is small, and holds when entries
come in before it. What is between two pages, rules and lists, is kept for the run and read again by the next.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from crawler.fetching.exchange import Exchange, GaveUp, NothingSent, ShutOut, TryAgain, UnexpectedStatus
from crawler.fetching.kept import Kept
from crawler.fetching.page import Answer, Asked, Page, RequestRefused
from crawler.fetching.paging import read_page
from crawler.fetching.patience import source_table
from crawler.fetching.robots import KEPT_SECONDS, may_be_cut, parse_rules
from crawler.fetching.sitemaps import Entry, Sitemap, own_address, parse_sitemap
from crawler.sources import SiteSource
from domain.errors import SourceChanged, SourceError, SourceUnavailable
from domain.record import Checkpoint

T = TypeVar("T")
_GONE = frozenset({404, 410})
_MOST_SILENT = 5
"""So many pages in a row that nobody answers for: then it is the site, and not they."""
_MOST_REFUSED = 20
"""So many in a row that are refused, moved or gone: then the site has changed."""
_DEEPEST = 3
_MOST_SITEMAPS = 2000
_HTML = ("text/html", "application/xhtml+xml", "")


@dataclass(slots=True)
class _Level:
    """A list that is being gone through; `address` is empty for the roots."""

    address: str
    entries: tuple[Entry, ...]
    is_index: bool
    at: int = 0

    def next(self) -> Entry | None:
        """The next entry, None after the last."""
        if self.at >= len(self.entries):
            return None
        self.at += 1
        return self.entries[self.at - 1]

    def resume(self, address: str) -> bool:
        """Go on at the list, or after the page, of that address; False when it is no longer here."""
        found = next((n for n, entry in enumerate(self.entries) if entry.address == address), None)
        if found is not None:
            self.at = found if self.is_index else found + 1
        return found is not None


class SiteWalk:
    """What a `Pager` is for lists: each page of the site is a page of the list, with one record or none."""

    def __init__(
        self, source: SiteSource, exchange: Exchange, asked: Asked, saved: Checkpoint | None
    ) -> None:
        resumed = saved is not None and not saved.complete and saved.cursor is not None
        self.name = asked.source
        self.cursor = saved.cursor if saved and resumed else None
        self.pages = saved.pages if saved and resumed else 0
        self.seen = saved.seen if saved and resumed else 0
        self.expected: int | None = None
        self.owed: tuple[str, ...] = ()
        self.ended = False
        self.problem = ""
        """Why the end is not to be trusted."""
        self.answered: Answer | None = None
        self.kept: Kept | None = None
        self.exchange = exchange
        self._source, self._asked = source, asked
        self._rules, self._rules_read = parse_rules(b""), 0.0
        self._levels: list[_Level] = []
        self._visited: set[str] = set()
        self._resume = _parse_cursor(self.cursor)
        self._tally: dict[str, int] = {}
        self._problems = 0
        self._in_a_row = 0
        self._doubted = b""

    @property
    def note(self) -> str:
        """What became of the pages that gave no record."""
        return "; ".join(f"{count} pages {what}" for what, count in sorted(self._tally.items()))

    async def next_page(self, room: int | None) -> Page | None:
        """What the next page of the site holds; None after the last.

        Raises:
            SourceError: the site does not answer, does not let us in, or is not as its sitemaps say.
            WaitTooLong, BudgetSpent, Interrupted: as a `Pager` does.
        """
        if self.ended:
            return None
        if not self._rules_read or time.monotonic() - self._rules_read > KEPT_SECONDS:
            await self._read_rules()
        if not self._levels:
            self._open(_Level("", tuple(map(Entry, self._roots())), is_index="addresses" not in self._table))
        address = await self._next_address()
        return Page((), None, step=True) if address is None else await self._page(address)

    def advance(self, page: Page) -> None:
        """Go on to the next page of the site."""
        self.pages += 1
        self.seen += len(page.records) + len(page.deleted)
        self.cursor, self.ended = page.next_cursor, page.next_cursor is None

    @property
    def _table(self) -> dict[str, object]:
        return source_table(self.name)

    def _roots(self) -> list[str]:
        """The pages that the table lists; else the sitemap given, those of robots.txt, or the usual one."""
        if listed := self._table.get("addresses"):
            return [str(one) for one in listed] if isinstance(listed, list) else []
        base = self._asked.base_url
        if urlsplit(base).path not in ("", "/"):
            return [base]
        own = [one for listed in self._rules.sitemaps if (one := own_address(listed, base))]
        return own or [f"{base.rstrip('/')}/sitemap.xml"]

    async def _read_rules(self) -> None:
        """RFC 9309 2.3.1: no file, no rules; a server that cannot answer for it must not be asked further."""
        parts = urlsplit(self._asked.base_url)
        try:
            body = await self._ask(f"{parts.scheme}://{parts.netloc}/robots.txt", self._read_robots)
        except (RequestRefused, ShutOut):
            body = b""
        except UnexpectedStatus as error:
            if not 400 <= error.status < 500:
                raise
            body = b""
        except GaveUp as error:
            if not isinstance(error.__cause__, NothingSent):
                problem = f"robots.txt: {error.problem}; without it nothing may be asked for"
                raise SourceUnavailable(self.name, problem, self._asked.base_url) from error
            body = b""
        self._rules, self._rules_read = parse_rules(body), time.monotonic()
        self.exchange.keep_apart(self._rules.gap)

    async def _next_address(self) -> str | None:
        """The next page to ask for; lists on the way are read."""
        while self._levels:
            level = self._levels[-1]
            entry = level.next()
            if entry is None:
                self._levels.pop()
            elif level.is_index:
                await self._descend(entry)
            elif address := self._wanted(entry):
                return address
        return None

    def _wanted(self, entry: Entry) -> str | None:
        address = own_address(entry.address, self._asked.base_url)
        if address is None:
            self._count("are on another host, or their addresses are none")
            return None
        if not self._source.is_wanted(address, entry.changed, self._asked.query):
            return None
        if not self._rules.allow(address):
            self._count("are closed to robots")
            return None
        return address

    async def _descend(self, entry: Entry) -> None:
        """Read a list. One that cannot be had is a problem; the first one is the end."""
        address = own_address(entry.address, self._asked.base_url)
        if address is None or address in self._visited:
            return
        if self._levels[-1].address and not self._source.is_wanted("", entry.changed, self._asked.query):
            return
        first = not self._visited
        try:
            self._check(address)
            self._visited.add(address)
            found = await self._ask(address, self._read_sitemap)
        except SourceError as error:
            if first or isinstance(error, GaveUp):
                raise
            self._complain(f"a sitemap could not be had: {error}")
            return
        if found.more:
            self._complain(f"{address} lists more pages than a sitemap may")
        self._open(_Level(entry.address, found.entries, found.is_index))

    def _check(self, address: str) -> None:
        if len(self._levels) > _DEEPEST or len(self._visited) >= _MOST_SITEMAPS:
            raise SourceChanged(self.name, "sitemaps of sitemaps without end", address)
        if address not in self._rules.sitemaps and not self._rules.allow(address):
            raise SourceUnavailable(self.name, "robots.txt closes the sitemap to us", address)

    def _open(self, level: _Level) -> None:
        """Go into a list, to where the last run stopped in it."""
        self._levels.append(level)
        if self._resume and not level.resume(self._resume.pop(0)):
            self._resume = []

    async def _page(self, address: str) -> Page:
        cursor = _cursor(self._levels)
        try:
            read = await self._ask(address, lambda answer: self._read_page(address, answer))
        except RequestRefused as refusal:
            self._fail(refusal, _MOST_REFUSED)
            if refusal.status in _GONE:
                self._count("are gone")
                return Page((), cursor, deleted=(address,), step=True)
            self._count("were refused")
        except GaveUp as silent:
            self._fail(silent, _MOST_SILENT)
            self._complain(f"a page could not be had: {silent}")
        except SourceError as error:
            self._fail(error, _MOST_REFUSED)
            self._count("were moved, closed or too large")
        else:
            self._in_a_row = 0
            if not (read.records or read.deleted):
                self._count("tell of no paper")
            return replace(read, next_cursor=cursor, step=True)
        return Page((), cursor, step=True)

    def _fail(self, error: SourceError, most: int) -> None:
        self._in_a_row += 1
        if self._in_a_row >= most:
            raise error

    def _complain(self, problem: str) -> None:
        """Note why the end will not be trusted: the first problem, and how many there were."""
        self._problems += 1
        first = self.problem.partition(" (the first of ")[0] or problem
        self.problem = first if self._problems == 1 else f"{first} (the first of {self._problems})"

    def _count(self, what: str) -> None:
        self._tally[what] = self._tally.get(what, 0) + 1

    async def _ask(self, address: str, read: Callable[[Answer], T]) -> T:
        """What `read` makes of the answer, asked for until it is one."""
        self._doubted = b""

        def kept(answer: Answer) -> T:
            self.answered = answer
            return read(answer)

        return await self.exchange.read(address, kept, address)

    def _believe(self, body: bytes, *, certain: bool) -> None:
        """Take what may be cut short for whole only when it comes a second time as it did before."""
        if not certain and body != self._doubted:
            self._doubted = body
            raise TryAgain("the answer may be cut short")

    def _read_robots(self, answer: Answer) -> bytes:
        self._believe(answer.body, certain=not may_be_cut(answer.body))
        return answer.body

    def _read_sitemap(self, answer: Answer) -> Sitemap:
        try:
            found = parse_sitemap(answer.body, self.name)
        except SourceChanged as error:
            raise TryAgain(error.problem) from error
        self._believe(answer.body, certain=found.certain)
        return found

    def _read_page(self, address: str, answer: Answer) -> Page:
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _HTML or "noindex" in answer.headers.get("x-robots-tag", "").lower():
            return Page((), None, step=True)
        self._believe(answer.body, certain=b"</html" in answer.body[-4096:].lower())
        return read_page(self._source, answer, replace(self._asked, cursor=address))


def _cursor(levels: list[_Level]) -> str:
    """The lists that lead to the last entry, and that entry."""
    return msgspec.json.encode(list(_trail(levels))).decode()


def _trail(levels: list[_Level]) -> Iterator[str]:
    yield from (level.address for level in levels[1:])
    yield levels[-1].entries[levels[-1].at - 1].address


def _parse_cursor(cursor: str | None) -> list[str]:
    try:
        return msgspec.json.decode(cursor or "[]", type=list[str])
    except msgspec.DecodeError:
        return []
