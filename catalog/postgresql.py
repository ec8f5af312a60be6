"""How PostgreSQL is connected to, and how long it may say nothing.

Loaded where it is used only: its driver is installed by those who want it.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from math import inf
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import URL, Connection, Engine, create_engine, event

_R = TypeVar("_R")
_CONNECTING = 10
"""Seconds that a server may take to let us in; a third of what its answers may take where that is less."""
_STANDING = 3.0
"""Seconds that a connection which was at rest may take to show that it still stands."""
_TELLING = 0.8
"""The part of its silence after which a server is to say that it waits for another's lock."""


class _Waiting(psycopg.Connection[Any]):
    """A connection that is given up when the server has said nothing for `silence` seconds.

    A server that is suspended, or whose disk hangs, keeps its end of the connection open: neither its own
    limits nor those of the network end what is asked of it.
    """

    silence: float = inf
    is_pooled = False
    """Whether a pooler such as PgBouncer stands between: each transaction may be in another session."""

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Meanwhile be given up after so many seconds, where that is less."""
        before, self.silence = self.silence, min(self.silence, seconds)
        try:
            yield
        finally:
            self.silence = before

    def limit(self, limits: Mapping[str, str]) -> None:
        """Have the session keep these settings; where it is a pooler's, each transaction is to set them."""
        values = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in limits.items())
        self.autocommit = True
        # A pooler gives its clients numbers of its own.
        found = self.execute(f"SELECT {values} WHERE pg_backend_pid() = {self.pgconn.backend_pid}".encode())
        self.is_pooled = found.rowcount == 0
        self.autocommit = False
        if self.is_pooled:
            self.prepare_threshold = None  # what is prepared belongs to a session

    def wait(self, gen: PQGen[_R], *given: Any, **named: Any) -> _R:  # noqa: ANN401 - the driver's own
        """Called by the driver wherever it may have to wait for an answer."""
        try:
            asked = next(gen)
        except StopIteration as end:  # as half of the times: it was at hand
            at_hand: _R = end.value
            return at_hand
        return super().wait(self._limited(gen, asked), *given, **named)

    def _limited(self, gen: PQGen[_R], asked: Any) -> Generator[Any, Any, _R]:  # noqa: ANN401 - the driver's own
        heard = time.monotonic()
        try:
            while True:
                ready = yield asked
                now = time.monotonic()
                if ready:
                    heard = now
                elif now - heard > self.silence:
                    self.pgconn.finish()  # whatever it says later belongs to no question
                    raise psycopg.errors.ConnectionTimeout(
                        f"it has said nothing for {self.silence:g} seconds"
                    )
                asked = gen.send(ready)
        except StopIteration as end:
            answer: _R = end.value
            return answer


class _Door:
    """The way to a server; while one that let nobody in is asked again, others are told so at once.

    Else everyone would wait for it as long as the first, and what they hold meanwhile is held from readers.
    """

    def __init__(self, rest: float) -> None:
        """Leave a server that did not answer alone for `rest` seconds."""
        self._rest = rest
        self._lock = threading.Lock()
        self._problem = ""
        """What it said; nothing while it lets people in, or nobody knows."""
        self._again = 0.0

    def enter(self, connect: Callable[[], _Waiting]) -> _Waiting:
        """What `connect` gives. Raises the driver's errors."""
        with self._lock:
            if (problem := self._problem) and time.monotonic() < self._again:
                raise psycopg.errors.ConnectionTimeout(problem)
            self._again = inf  # until we know
        try:
            connection = connect()
        except psycopg.errors.ConnectionTimeout as error:
            self._problem, self._again = str(error), time.monotonic() + self._rest
            raise
        except BaseException:
            self._problem = ""
            raise
        self._problem = ""
        return connection


def open_postgresql(url: URL, timeout: float, idle: float, silence: float) -> Engine:
    """An engine whose connections keep these limits, in seconds; see `Database`."""
    seconds = {
        "lock_timeout": min(timeout, _TELLING * silence),
        "idle_in_transaction_session_timeout": idle,
    }
    limits = {name: f"{int(value * 1000)}ms" for name, value in seconds.items()}
    connecting = max(2, min(_CONNECTING, int(silence / 3)))  # the driver takes 1 for 2
    engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": connecting})
    door = _Door(connecting)

    @event.listens_for(engine, "do_connect")
    def connect(_: object, __: object, given: list[Any], named: dict[str, Any]) -> psycopg.Connection[Any]:
        def enter() -> _Waiting:
            connection = _Waiting.connect(*given, **named)
            try:
                with connection.within(connecting):  # a pooler lets us in whether its server answers or not
                    connection.limit(limits)
            except BaseException:
                connection.close()
                raise
            return connection

        connection = door.enter(enter)
        connection.silence = silence
        return connection

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if _to_raw(connection).is_pooled:
            settings = "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in limits.items())
            connection.exec_driver_sql(settings)

    ping = engine.dialect.do_ping

    def ping_within(dbapi_connection: Any) -> bool:  # noqa: ANN401 - the library's own
        with dbapi_connection.within(_STANDING):
            return ping(dbapi_connection)

    engine.dialect.do_ping = ping_within  # type: ignore[method-assign]
    return engine


def _to_raw(connection: Connection) -> _Waiting:
    raw = connection.connection.driver_connection
    assert isinstance(raw, _Waiting)
    return raw


def lift_limits(connection: Connection, timeout: float) -> None:
    """Let what is asked next take as long as it does, and wait `timeout` seconds for whoever is at it.

    The connection is closed afterwards, not used again.
    """
    _to_raw(connection).silence = inf
    connection.detach()
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(timeout * 1000)}")
