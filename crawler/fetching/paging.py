"""Walking through a list whose pages name each other, over a network that fails.

Asks again for what did not arrive whole, waits when asked to, and never takes a short answer for the end.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from html import unescape
from types import MappingProxyType

from crawler.fetching.exchange import AGAIN, SHUT_OUT, Exchange, ShutOut, TryAgain, refusal
from crawler.fetching.kept import MOST_BYTES, Kept
from crawler.fetching.page import Answer, Asked, Page, RequestRefused
from crawler.sources import PagedSource, ResumingSource, SiteSource
from domain.errors import FindingsError, SourceChanged, SourceUnavailable
from domain.record import Checkpoint

_OK, _UNCHANGED = 200, 304
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+)?html\b", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{1,1000})</title", re.IGNORECASE)
_HEAD, _LONGEST = 20_000, 80
"""Within how many bytes a title is looked for, and how many letters of it are told."""
_MANY = 10
"""So many records are no two slices' by chance, as one that stands in two sets is."""
_SLIP = 0.99
"""A total below this part of what has come already is a slip of the source: no list shrinks so under way."""
_STALE = 20
"""So many pages in a row may bring nothing new, or twice as many as brought something."""


def _is_empty(page: Page) -> bool:
    return not (page.records or page.deleted or page.step)


def _count(page: Page) -> int:
    """How many records of the source a page brought or withdrew."""
    return (len(page.records) if page.count is None else page.count) + len(page.deleted)


def _web_page(body: bytes) -> str:
    """What a web page says in the place of data, as where a source is being mended; empty for all else."""
    if not _PAGE.match(body):
        return ""
    title = _TITLE.search(body, 0, _HEAD)
    words = " ".join(unescape(title[1].decode("utf-8", "replace")).split())[:_LONGEST] if title else ""
    return f"a web page came where data should: {words!r}" if words else "a web page came where data should"


def read_page(source: PagedSource, answer: Answer, asked: Asked, at: datetime | None = None) -> Page:
    """Read an answer that came just now, or `at` that time.

    Raises `TryAgain` for one that cannot be read, `RequestRefused`, `ShutOut`.
    """
    try:
        page = source.parse_page(answer.body, at or datetime.now(UTC), asked)
    except SourceChanged as error:
        if answer.status != _OK:
            raise refusal(asked.source, answer) from error
        shown = "" if isinstance(source, SiteSource) else _web_page(answer.body)
        raise TryAgain(shown or error.problem) from error
    except RequestRefused as refused:
        if refused.status in AGAIN:
            raise TryAgain(refused.problem) from refused
        if refused.status in SHUT_OUT:
            raise ShutOut(asked.source, refused.problem, asked.base_url) from refused
        raise
    except FindingsError:
        raise
    except Exception as error:  # a fault of our own must not end the run with nothing said
        problem = f"an answer is beyond our reader; please report it: {type(error).__name__}: {error}"
        raise TryAgain(problem[:300]) from error
    if answer.status != _OK and (page.records or page.deleted):
        raise refusal(asked.source, answer)  # whatever it lists, the source does not stand by it
    return page


def _hashed(*words: str) -> bytes:
    """What tells one of these from others; lists may have millions."""
    return sha256("\x1f".join(words).encode("utf-8", "surrogatepass")).digest()[:12]


class Pager:
    """Where we are in one list of one source, and how to get further."""

    def __init__(
        self,
        source: PagedSource,
        exchange: Exchange,
        asked: Asked,
        saved: Checkpoint | None,
        known: Mapping[str, str] = MappingProxyType({}),
        kept: Kept | None = None,
        *,
        had_records: bool = False,
    ) -> None:
        """`known` are headers that ask for the list only if it has changed since a whole one was had.

        `kept` is an answer that came before its records could be saved. A list that `had_records` once is
        not believed to be empty now.
        """
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
        self.owed: tuple[str, ...] = ()
        self.answered: Answer | None = None
        """The last answer that was a page."""
        self.exchange = exchange
        self.kept = kept
        """The answer that the last page was read from, if it is not too long; before the first, one kept."""
        fits = resumed and kept is not None and kept.cursor == self.cursor and kept.is_fresh()
        self._unread = kept if fits else None
        self._source, self._asked, self._patience = source, asked, exchange.patience
        self._known = {} if resumed else dict(known)
        self._had_records = had_records
        self._restarts: set[str | None] = set()
        self._cursor_untried = resumed
        self._visited = {_hashed(self.cursor or "*")}
        self._before = b""
        """What the page before this one held."""
        self._known_ids: set[bytes] = set()
        self._fresh = self._stale = 0
        """Pages that brought something new; pages that did not, since the last that did."""

    @property
    def is_bare(self) -> bool:
        """Whether the list, as far as it came, held nothing, and was not left out as unchanged either."""
        return not self.seen and (self.answered is None or self.answered.status != _UNCHANGED)

    async def next_page(self, room: int | None) -> Page | None:
        """The page at the cursor, of at most `room` records; None after the last.

        Raises:
            SourceError: it could not be had, however often we asked.
            WaitTooLong, BudgetSpent: the source asks us to come back later than a run may wait.
            Interrupted: the run is to end.
        """
        failures = 0
        if (found := self._kept_page()) is not None:
            return found
        while not self.ended:
            try:
                page = await self._page(room)
                if self._falls_short(page) and failures < self._patience.retries:
                    raise TryAgain("an empty page where there should be more")
                if not self._repeats(page):
                    return page
                self.kept = None
                if failures >= self._patience.retries:
                    return Page(
                        (), None, page.total, doubt="the source sent one page twice, and so not another"
                    )
                raise TryAgain("the page before once more")
            except RequestRefused as refusal:
                self._restart_or_raise(refusal)
                failures = 0
            except TryAgain as fault:
                failures += 1
                if failures <= self._patience.retries:
                    await self.exchange.wait(self._patience.delay(failures, fault.asked), str(fault))
                    continue
                problem = f"gave up after {failures} tries: {fault}"
                gone = SourceUnavailable(self.name, problem, self._asked.base_url)
                if not self._cursor_untried:
                    raise gone from fault
                # A server may answer a cursor it no longer knows with an error of its own.
                self._restart_or_raise(gone)
                failures = 0
        return None

    def advance(self, page: Page) -> None:
        """Go on to the next page, and notice the end, or a list that runs in a circle."""
        self.pages += 1
        self.seen += _count(page)
        following = page.next_cursor
        if following in (None, self.cursor or "*") or _is_empty(page):
            following, self.problem = None, page.doubt
            if self._had_records and self.is_bare and not page.doubt:
                self.problem = "the list is empty, where there were records before"
        elif _hashed(following) in self._visited:
            following, self.problem = None, "the source sent us to a page we had already seen"
        elif self._runaway():
            following = None
            self.problem = f"the source sent {self.seen} records but announced {self.expected}"
        elif self._is_endless(page):
            following = None
            self.problem = f"the list has no end: {self.pages} pages, the last {self._stale} with nothing new"
        self.cursor, self.ended = following, following is None
        self._before = _hashed(*(record.native_id for record in page.records)) if page.records else b""
        if following is not None:
            self._visited.add(_hashed(following))

    def _runaway(self) -> bool:
        return self.expected is not None and self.seen > 2 * (self.expected + self._patience.page_size)

    def _is_endless(self, page: Page) -> bool:
        """Whether a list whose length nobody has told brings only what it had brought, or too much by far."""
        if self.expected is None and page.records:
            ids = {_hashed(record.native_id) for record in page.records}
            fresh = not ids <= self._known_ids
            self._known_ids |= ids
            self._fresh += fresh
            self._stale = 0 if fresh else self._stale + 1
        return self._stale >= max(_STALE, 2 * self._fresh) or self.pages >= self._patience.max_pages

    def _falls_short(self, page: Page) -> bool:
        """Whether the list ends, without another record, before all that was announced have come."""
        return _is_empty(page) and self.seen < (self.expected or 0)

    def _repeats(self, page: Page) -> bool:
        """Whether the source sent what it sent before, under another cursor."""
        if not page.records or (page.step and len(page.records) < _MANY):
            return False
        return self._before == _hashed(*(record.native_id for record in page.records))

    async def _page(self, room: int | None) -> Page:
        size = self._patience.page_size if room is None else min(room, self._patience.page_size)
        asked = replace(self._asked, cursor=self.cursor, size=size)
        headers = self._known if self.cursor is None else {}
        self.kept = None
        answer = await self.exchange.answer(self._source.page_url(asked), headers)
        at = datetime.now(UTC)
        self.answered = replace(answer, body=b"")  # a list may be one large answer
        if answer.status == _UNCHANGED:
            self.note = "nothing has changed since the last harvest"
            return Page((), None)
        page = self._read(answer, asked, at)
        self._cursor_untried = False
        if asked.cursor is not None and len(answer.body) <= MOST_BYTES:
            date = answer.headers.get("date", "")
            self.kept = Kept(asked.cursor, size, at, date, answer.body, answer.status)
        return page

    def _kept_page(self) -> Page | None:
        """The page of an answer that was kept; None without one, or where it can no longer be read."""
        kept, self._unread = self._unread, None
        if kept is None:
            return None
        asked = replace(self._asked, cursor=kept.cursor, size=kept.size)
        try:
            page = self._read(kept.answer(), asked, kept.fetched_at)
        except (TryAgain, FindingsError):
            return None
        self.answered = replace(kept.answer(), body=b"")
        return page

    def _read(self, answer: Answer, asked: Asked, at: datetime) -> Page:
        page = read_page(self._source, answer, asked, at)
        if page.total is not None:
            slip = page.total < _SLIP * (self.seen + _count(page))
            self.expected = max(self.expected or 0, page.total) if slip else page.total
        last = page.next_cursor in (None, self.cursor or "*") or self.seen >= (self.expected or 0)
        if _is_empty(page) and not last:
            raise TryAgain("an empty page that is not the last")
        return page

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
        self.cursor, self._visited, self._before = again, {_hashed(again or "*")}, b""
        self.seen, self.pages, self.expected = 0, 0, None
