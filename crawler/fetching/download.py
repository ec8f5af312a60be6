"""Fetching with Scrapy: the one place where a harvest meets it, and where its errors become ours."""

import asyncio
import contextlib
import logging
import re
import signal
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from aiohttp import ClientResponseError, ServerDisconnectedError
from scrapy import Request, Spider
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Headers, Response

from crawler.fetching.page import Answer, Fetch, NoAnswer, TooLarge
from crawler.fetching.settings import ENCODINGS
from domain.errors import FindingsError

T = TypeVar("T")
_READ = frozenset({*ENCODINGS, "x-gzip"})
_GZIP = b"\x1f\x8b\x08"
_NO_TEXT = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
"""What no text holds (ISO-2022 has escapes), and what is compressed does soon."""
_SOON = 1024
"""Within so many bytes; of those compressed by deflate, one in a thousand has none of it in its first 64."""
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf|[ \t\r\n])++")
"""What servers leave in front of an answer: marks of UTF-8 and empty lines, in whatever order."""
_MOST_HEADERS, _LONGEST_HEADER = 512, 64 << 10
"""Rules on what scripts a page may load (CSP) alone take 12 kB with some publishers."""
_SSL = re.compile(r" ssl:\S+(?: object at \S+>)?")
"""A detail that aiohttp puts into messages, of no use to who reads them."""


_ADDRESS = re.compile(r"(https?://[^\s/?#'\"]+)[^\s'\"]*")


class Work(Protocol):
    """What is done while the downloader runs."""

    async def run(self, fetch: Fetch) -> None:
        """Do it; every error that matters is the work's own to keep."""
        ...

    def interrupt(self) -> None:
        """Come to an end soon: someone pressed Ctrl-C."""
        ...


class OnceHandler(AiohttpDownloadHandler):
    """Sends each request once.

    aiohttp by itself sends a request again at once when a connection breaks, behind the back of our limits.
    It also takes fewer headers than servers send, and Scrapy none that is not in UTF-8.
    """

    experimental = False  # a warning at every start would not make it safer; our tests of each fault do

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._session._retry_connection = False
        self._session._max_headers = _MOST_HEADERS
        self._session._max_field_size = _LONGEST_HEADER

    @staticmethod
    def _extract_headers(response: Any) -> Headers:  # noqa: ANN401 - the library's own
        return Headers([(_bare(name), _bare(value)) for name, value in response.headers.items()])


def _bare(text: str) -> bytes:
    """A name or value as it came: aiohttp lets bytes that are no UTF-8 pass in disguise."""
    return text.encode("utf-8", "surrogateescape")


class Decompression(HttpCompressionMiddleware):
    """Decompresses what we said we read, up to the largest answer we take; anything else is no answer."""

    def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Leave the header as the settings have it."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """The answer as it was before it was compressed. Raises `NoAnswer`."""
        given = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
        names = [name for part in given.split(",") if (name := part.strip()) not in {"", "identity"}]
        if _is_undeclared(response) and set(names) <= {"deflate"}:
            names = ["gzip"]
        elif names and not _NO_TEXT.search(response.body, 0, _SOON):
            names = []  # it says "utf-8" or "none", or compresses only what it thinks worth it
        if len(names) > 1 or not set(names) <= _READ:
            raise NoAnswer("", f"is compressed as {given[:60]!r}, which we did not ask for")
        if not names:
            return response
        response.headers["Content-Encoding"] = names[0]
        return super().process_response(request, response)


def _is_undeclared(response: Response) -> bool:
    """Whether what is said to be text is compressed by gzip, which some servers do not say."""
    kind = b"".join(response.headers.getlist("Content-Type")).lower()
    return response.body.startswith(_GZIP) and any(word in kind for word in (b"text/", b"xml", b"json"))


class WorkSpider(Spider):
    """Lends Scrapy's downloader to a piece of work, and closes when the work is done."""

    name = "findings"

    def __init__(self, work: Work, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's own signature
        super().__init__(**kwargs)
        self._work = work

    async def start(self) -> AsyncIterator[Any]:
        """Do the work; there is nothing to schedule, for each page is named by the one before."""
        await self._work.run(self._fetch)
        scheduled: tuple[Request, ...] = ()
        for request in scheduled:
            yield request

    async def _fetch(self, url: str, headers: Mapping[str, str]) -> Answer:
        engine = self.crawler.engine
        assert engine is not None
        try:
            response = await engine.download_async(Request(url, headers=dict(headers), dont_filter=True))
        except FindingsError:
            raise
        except (DownloadCancelledError, IgnoreRequest) as error:
            largest = self.settings.getint("DOWNLOAD_MAXSIZE")
            raise TooLarge(self.name, f"the answer is larger than {largest:,} bytes") from error
        except Exception as error:
            raise NoAnswer(self.name, _told(error)) from error
        return _answer(response)


def _told(error: Exception) -> str:
    """An error of the library without the address, which may bear a key: what is told may be shown to all."""
    text = str(error)
    cause = error.__cause__
    if isinstance(cause, ClientResponseError):  # which counts it as a status of 400
        text = f"the answer is no proper HTTP: {' '.join(cause.message.split())[:120]}"
    elif isinstance(cause, ServerDisconnectedError):  # whose words are for programmers
        text = "the server hung up before it had answered"
    elif not (text and type(error).__module__.startswith("scrapy.")):  # whose errors are sentences
        text = f"{type(error).__name__}: {text}"
    return " ".join(_ADDRESS.sub(r"\1/…", _SSL.sub("", text)).split())


def _answer(response: Response) -> Answer:
    headers = {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
    body = response.body
    if before := _BEFORE.match(body):
        body = body[before.end() :]
    return Answer(response.status, body, headers)


async def crawl(work: Work, settings: dict[str, object]) -> None:
    """Do a piece of work; several may be under way at once, each with limits of its own."""
    await AsyncCrawlerRunner(settings).crawl(WorkSpider, work=work)


def run(task: Coroutine[Any, Any, T], interrupt: Callable[[], None]) -> T:
    """Run a task that crawls to its end; Ctrl-C and SIGTERM call `interrupt`, to end it in good order."""

    async def signalled() -> T:
        with _signals_to(interrupt):
            return await task

    with _quiet():
        return asyncio.run(signalled())


@contextlib.contextmanager
def _signals_to(interrupt: Callable[[], None]) -> Iterator[None]:
    """While open, Ctrl-C and SIGTERM call `interrupt`; afterwards whoever had them has them again."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        loop.add_signal_handler(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Scrapy's log to errors, unless someone has chosen a level for it."""
    logger = logging.getLogger("scrapy")
    level = logger.level
    if level == logging.NOTSET:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
