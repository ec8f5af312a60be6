"""A second process that reads records, as the process sees it that started it.

It holds nothing that could be lost. Whatever becomes of it (it dies, it stops, it turns out to have newer
code than we, it says what cannot be understood), it is ended, that is told once, and what it was given is
read here.
"""

import fcntl
import logging
import os
import queue
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from crawler.records.alone import Reading
from crawler.records.edition import EDITION
from crawler.records.messages import Answer, Told, frames, to_frame, to_reading
from domain.record import HarvestedRecord

_MOST_BYTES = 8 << 20
_TICK = 1.0
"""Seconds that we listen at a time."""
_SILENT = 60
"""So many times in vain. They are counted rather than the seconds: where a machine is short of time or
asleep, so are we. The other says a word after each record, so this is what one may take."""
_WAITING = 4
"""So many questions wait to be passed on at most."""
_BLOCK = 1 << 18
_PIPE_BYTES = 1 << 20
_log = logging.getLogger(__name__)
_answers = msgspec.msgpack.Decoder(Answer)
_told = msgspec.msgpack.Decoder(list[Told])


class Lost(Exception):
    """It is of no more use."""


class Second:
    """The second process, from its start on; it is given work once it has read a first record."""

    def __init__(self, first: HarvestedRecord) -> None:
        """Start it. Raises `OSError` where the system has no room for it."""
        home = str(Path(__file__).parents[2])  # where we were imported from, whether installed or not
        paths = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "crawler.records.serving"],  # never what lies where we were called
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": paths},
            start_new_session=True,  # Ctrl-C is for us to hear, who end in good order
        )
        assert self._process.stdin
        assert self._process.stdout
        self._input, self._output = self._process.stdin.fileno(), self._process.stdout.fileno()
        for end in (self._input, self._output):
            os.set_blocking(end, False)
            with suppress(AttributeError, OSError):  # elsewhere a long answer waits until we listen
                fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._number = 0
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._heard = bytearray()
        self._awaited: dict[int, list[Told] | None] = {}
        self._ready = self._closed = False
        self._passing = threading.Thread(target=self._pass_on, daemon=True)
        self._beginning = threading.Thread(target=self._begin, args=(first,), daemon=True)
        try:
            self._passing.start()
            self._beginning.start()
        except RuntimeError as error:  # there may be room for a process and none for a thread more
            self._closed = True
            self._end()
            self._outgoing.put(None)
            self._release()
            raise OSError(str(error)) from error

    def give(self, records: Sequence[HarvestedRecord]) -> int | None:
        """Hand records over; returns the number of the answer to come, None when they are not taken.

        Nobody waits until the other takes them from the pipe, which holds less than a large page.
        """
        if not self._ready or self._outgoing.qsize() >= _WAITING:
            return None
        if sum(len(record.payload) for record in records) > _MOST_BYTES:
            return None
        return self._send(records)

    def has(self, number: int) -> bool:
        """Whether that answer has come."""
        if self._ready:
            self._guard(self._catch_up)
        return self._awaited.get(number) is not None

    def take(self, number: int, records: Sequence[HarvestedRecord]) -> list[Reading] | None:
        """What the records handed over were read as; None when that is not known."""
        told = self._await(number, _SILENT) if self._ready else self._awaited.pop(number, None)
        return to_reading(records, told)

    def drop(self, number: int) -> None:
        """Nobody will take that answer."""
        self._awaited.pop(number, None)

    def close(self) -> None:
        """End it: it does when it has nothing more to come."""
        self._closed = True
        self._end()
        self._outgoing.put(None)
        self._passing.join()
        self._beginning.join()
        self._release()

    def _release(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            with suppress(OSError):  # what it had not yet taken
                stream.close()

    def _begin(self, first: HarvestedRecord) -> None:
        """Let it load what reading needs, while we go on without it; that may take as long as it takes."""
        number = self._send([first])
        self._ready = number is not None and self._await(number, None) is not None

    def _send(self, records: Sequence[HarvestedRecord]) -> int | None:
        number = self._number + 1
        try:
            frame = to_frame(msgspec.msgpack.encode((number, list(records))))
        except ValueError:  # an id with half a surrogate, as JSON may hold it, is no text
            return None
        self._number, self._awaited[number] = number, None
        self._outgoing.put(frame)
        return number

    def _pass_on(self) -> None:
        """In a thread of its own: write what is handed over, as the other takes it."""
        waiting = select.poll()
        waiting.register(self._input, select.POLLOUT)
        while (frame := self._outgoing.get()) is not None:
            unsent = memoryview(frame)
            while unsent and not self._closed:
                if waiting.poll(_TICK * 1000):
                    try:
                        unsent = unsent[os.write(self._input, unsent) :]
                    except OSError:  # who listens to it learns that it has ended
                        self._process.kill()
                        return

    def _await(self, number: int, patience: int | None) -> list[Told] | None:
        self._guard(lambda: self._converse(lambda: self._awaited[number] is not None, patience))
        return self._awaited.pop(number)

    def _guard(self, doing: Callable[[], object]) -> bool:
        """Whether it went well; when not, there is no second process any more."""
        try:
            doing()
        except (Lost, OSError, ValueError, MemoryError, OverflowError, msgspec.DecodeError) as error:
            if not self._closed:
                why = str(error) or type(error).__name__
                _log.warning("the second reader is given up: %s; this process reads on alone", why)
            self._end()
            return False
        return True

    def _end(self) -> None:
        self._ready = False
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):  # the system may hold it, but not us
            self._process.wait(_TICK)

    def _converse(self, done: Callable[[], bool], patience: int | None) -> None:
        """Hear until it is `done`. Raises `Lost` where nothing was heard for too long."""
        silent = 0
        while not done():
            if self._closed:
                raise Lost("nobody wants it any more")
            silent = 0 if self._listen(_TICK) else silent + 1
            if patience is not None and silent >= patience:
                raise Lost(f"it has not been heard of for {silent * _TICK:.0f} s")

    def _catch_up(self) -> None:
        while self._listen(0):
            pass

    def _listen(self, seconds: float) -> bool:
        """Hear what there is; whether there was anything."""
        waiting = select.poll()
        waiting.register(self._output, select.POLLIN)
        if ready := bool(waiting.poll(seconds * 1000)):
            self._hear()
        return ready

    def _hear(self) -> None:
        block = os.read(self._output, _BLOCK)
        if not block:
            raise Lost("it has ended")
        self._heard += block
        for message in frames(self._heard):
            answer = _answers.decode(message)
            if answer.edition != EDITION:
                raise Lost(
                    "the program was replaced since this process began, and it would read by the newer one"
                )
            if answer.number in self._awaited:
                self._awaited[answer.number] = _told.decode(answer.told)
