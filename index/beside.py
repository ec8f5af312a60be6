"""Work that goes on beside other work, as both halves of a search spend their time outside of Python."""

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Beside(Generic[Result]):
    """Begins at once, in a thread of its own: a pool would not outlive a fork of the web server."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._work = work
        self._found: list[Result] = []
        self._failed: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._found.append(self._work())
        except BaseException as error:
            self._failed = error

    def result(self) -> Result:
        """What came of it; raises what it raised."""
        self._thread.join()
        if self._failed:
            raise self._failed
        return self._found[0]
