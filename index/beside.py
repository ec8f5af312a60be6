"""Work that goes on beside other work, as both halves of a search spend their time outside of Python."""

from _thread import allocate_lock, start_new_thread
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")


class Work(Generic[Result]):
    """Something to do, and what came of it."""

    def __init__(self, do: Callable[[], Result]) -> None:
        self._do = do
        self._begun = False
        self._done = allocate_lock()
        self._found: list[Result] = []
        self._failed: BaseException | None = None

    def begin(self, *then: "Work[Any]") -> None:
        """Have it done in a thread, and then the others; what has begun before is left alone.

        A thread of their own, since a pool would not outlive a fork of the web server; and a bare one, which
        starts in half the time of one that tells its caller that it has begun.
        """
        works = [work for work in (self, *then) if not work._begun]
        for work in works:
            work._begun = True
            work._done.acquire()
        if not works:
            return
        try:
            start_new_thread(_run, (works,))
        except RuntimeError:  # the system allows no more threads
            _run(works)

    def result(self) -> Result:
        """What came of it; raises what it raised. Does it now if it has not begun."""
        if not self._begun:
            self._begun = True
            self._done.acquire()
            self._run()
        with self._done:
            pass
        if self._failed:
            raise self._failed
        return self._found[0]

    def _run(self) -> None:
        try:
            self._found.append(self._do())
        except BaseException as error:
            self._failed = error
        finally:
            self._done.release()


def _run(works: Iterable[Work[Any]]) -> None:
    for work in works:
        work._run()
