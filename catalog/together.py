"""Small writes of several threads in one transaction: they share the one wait for the disk."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection

from catalog.database import Database

_T = TypeVar("_T")


@dataclass
class _Write(Generic[_T]):
    work: Callable[[Connection], _T]
    done: bool = False
    result: _T | None = None
    error: Exception | None = None


class Together:
    """Whoever comes while a transaction is being saved waits for the next, with all others that do."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Write[object]] = []
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def write(self, work: Callable[[Connection], _T]) -> _T:
        """What `work` returns, once it is saved for good. Raises what it raises, and `CatalogError`.

        `work` may be done twice, of which only one counts: where one among several fails, nothing of them is
        saved, and each is done alone.
        """
        own: _Write[_T] = _Write(work)
        with self._lock:
            self._waiting.append(own)  # type: ignore[arg-type]
        with self._turn:
            if not own.done:
                with self._lock:
                    writes, self._waiting = self._waiting, []
                self._save(writes)
        if own.error is not None:
            raise own.error
        return own.result  # type: ignore[return-value]

    def _save(self, writes: list[_Write[object]]) -> None:
        try:
            with self._database.write() as connection:
                for one in writes:
                    one.result = one.work(connection)
        except Exception as error:
            if len(writes) == 1:
                writes[0].error = error
            else:
                for one in writes:
                    self._save([one])
        for one in writes:
            one.done = True
