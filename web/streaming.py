"""What a page can do without comes last: the page is sent at once, and the rest when it is there."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Any, TypeVar

from flask import Response, render_template, stream_with_context
from markupsafe import Markup

from domain.errors import FindingsError

LATE = Markup("<!--late-->")
"""Where a template leaves room for what comes last; texts are escaped, so none of them can hold it."""
SECONDS = 5.0

_LOG = logging.getLogger("web")
T = TypeVar("T")


class Patience:
    """Asks for what a page can do without: waits a few seconds, and takes any fault for no answer.

    The few threads bound what a slow index can hold up; while all of them wait, nothing more is asked.
    """

    def __init__(self, seconds: float = SECONDS, threads: int = 4) -> None:
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(threads, "patience")
        self._free = BoundedSemaphore(threads)

    def ask(self, question: Callable[[], T]) -> T | None:
        """The answer; None where there is none in time, and at once where all threads are busy."""
        if not self._free.acquire(blocking=False):
            _LOG.warning("not asked: too much waits for an answer already")
            return None
        waiting = self._pool.submit(question)
        waiting.add_done_callback(self._released)
        try:
            return waiting.result(self._seconds)
        except TimeoutError:
            _LOG.warning("no answer within %s s", self._seconds)
        except FindingsError as error:
            _LOG.warning("no answer: %s", error)
        except Exception:
            _LOG.exception("no answer")
        return None

    def _released(self, _: Future[Any]) -> None:
        self._free.release()


def streamed(template: str, late: Callable[[], str], **context: Any) -> Response:  # noqa: ANN401
    """A page with what `late` returns in the place of `LATE`.

    All else is rendered before the first byte, so that its errors are still answered as errors. The length is
    not known beforehand, nor is a validator.
    """
    before, _, after = render_template(template, late=LATE, **context).partition(LATE)

    def pieces() -> Iterator[str]:
        yield before
        yield late()
        yield after

    response = Response(stream_with_context(pieces()), content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=60"  # others must not be served what came too late
    response.headers["X-Accel-Buffering"] = "no"  # or a proxy would wait for the end
    return response
