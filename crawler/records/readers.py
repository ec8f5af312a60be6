"""Reading the records of a page in two processes at once, where there is more than a little to read.

Reading and enriching is pure computation, and most of what a page costs us. Once a run has read so much that
it is likely to go on, a second process is started that reads half of every page. It holds nothing that could
be lost: when it dies, or cannot tell what it read, this process reads that half, too.

`python -m crawler.records.readers` is that second process: records in, what they were read as out, until its
input ends, as it does when this process is killed.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

import msgspec

from crawler.sources import load_source, try_reading
from crawler.telling.enrich import enrich
from domain.errors import RecordRejected
from domain.paper import Version
from domain.record import HarvestedRecord

Reading = Version | RecordRejected
"""What a record was read as, or why it cannot be taken."""
_Told = tuple[Version | None, str, str]
"""A version, or the reason and detail of a rejection, on its way between processes."""
_ENOUGH = 300
"""Records read after which a second process is worth its start, which costs as much as reading them."""
_FEW = 4
"""So few are read sooner than they are handed over."""
_MOST_BYTES = 8 << 20
_LENGTH = 8
_records = msgspec.msgpack.Decoder(list[HarvestedRecord])
_told = msgspec.msgpack.Decoder(list[_Told])


def read_alone(records: Sequence[HarvestedRecord]) -> list[Reading]:
    """Each record by itself: one that cannot be read harms no other.

    First all are read and then all enriched: a tenth quicker than by turns.
    """
    bare = [try_reading(record, partial(_to_version, record)) for record in records]
    return [
        one if isinstance(one, RecordRejected) else try_reading(record, partial(enrich, one))
        for record, one in zip(records, bare, strict=True)
    ]


def _to_version(record: HarvestedRecord) -> Version:
    return load_source(record.source).to_version(record)


class Readers:
    """Reads records, in the course of a run with a second process; `close` ends that."""

    def __init__(self, enough: int | None = None) -> None:
        """With a second process after `enough` records, where there is a second processor."""
        self._enough = (_ENOUGH if enough is None else enough) if _processors() > 1 else sys.maxsize
        self._count = 0
        self._second: _Second | None = None

    def read(self, records: Sequence[HarvestedRecord]) -> list[Reading]:
        """What each of the records is read as, in their order."""
        self._count += len(records)
        if self._count < self._enough or len(records) < _FEW:
            return read_alone(records)
        if self._second is None:
            try:
                self._second = _Second(records[0])
            except OSError:  # no room for another process, or none is allowed
                self._enough = sys.maxsize
                return read_alone(records)
        half = len(records) // 2
        if not self._second.give(records[half:]):
            return read_alone(records)
        try:
            own = read_alone(records[:half])
        except BaseException:  # an answer that nobody takes would be taken for that to the next question
            self._second.retire()
            raise
        told = self._second.take(records[half:])
        return own + (read_alone(records[half:]) if told is None else told)

    def close(self) -> None:
        """End the second process."""
        if self._second is not None:
            self._second.close()
            self._second = None


class _Second:
    """The second process, from its start on; it is given work once it has read a first record."""

    def __init__(self, first: HarvestedRecord) -> None:
        home = str(Path(__file__).parents[2])  # where we were imported from, whether installed or not
        paths = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "crawler.records.readers"],  # never what lies where we were called
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
            start_new_session=True,  # Ctrl-C is for us to hear, who end in good order
        )
        self._ready = False
        self._beginning = threading.Thread(target=self._begin, args=(first,), daemon=True)
        self._beginning.start()

    def give(self, records: Sequence[HarvestedRecord]) -> bool:
        """Hand records over; False when they are not taken."""
        if not self._ready or sum(len(record.payload) for record in records) > _MOST_BYTES:
            return False
        return self._send(records)

    def take(self, records: Sequence[HarvestedRecord]) -> list[Reading] | None:
        """What the records handed over were read as; None when that is not known."""
        assert self._process.stdout
        try:
            told = _told.decode(_receive(self._process.stdout))
        except (EOFError, OSError, ValueError, MemoryError, OverflowError, msgspec.DecodeError):
            self.retire()  # it died, or what it says is out of step with what it was asked
            return None
        if len(told) != len(records):
            return None
        return [_to_reading(record, *one) for record, one in zip(records, told, strict=True)]

    def retire(self) -> None:
        """Hand it nothing more."""
        self._ready = False

    def close(self) -> None:
        """End it: it does when it has nothing more to come."""
        self.retire()
        self._process.kill()
        self._process.wait()
        self._beginning.join()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            with suppress(OSError):  # what it had not yet taken
                stream.close()

    def _begin(self, first: HarvestedRecord) -> None:
        """Let it load what reading needs, while we go on without it."""
        self._ready = self._send([first]) and self.take([first]) is not None

    def _send(self, records: Sequence[HarvestedRecord]) -> bool:
        assert self._process.stdin
        try:
            _write(self._process.stdin, msgspec.msgpack.encode(list(records)))
        except (OSError, ValueError):
            self.retire()
            return False
        return True


def _to_reading(record: HarvestedRecord, version: Version | None, reason: str, detail: str) -> Reading:
    return version or RecordRejected(record.source, record.native_id, reason, detail)


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _write(stream: IO[bytes], body: bytes) -> None:
    stream.write(len(body).to_bytes(_LENGTH, "little") + body)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes:
    """The next message. Raises `EOFError` where there is none."""
    head = stream.read(_LENGTH)
    length = int.from_bytes(head, "little")
    body = stream.read(length) if len(head) == _LENGTH else b""
    if len(head) < _LENGTH or len(body) < length:
        raise EOFError
    return body


def _messages(stream: IO[bytes]) -> Iterator[bytes]:
    try:
        while True:
            yield _receive(stream)
    except EOFError:
        return


def _tell(reading: Reading) -> _Told:
    if isinstance(reading, RecordRejected):
        return None, reading.reason, reading.detail
    return reading, "", ""


def _serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Read what comes; what cannot be told is left to who asked, who will meet the same error."""
    for message in _messages(asked):
        try:
            body = msgspec.msgpack.encode([*map(_tell, read_alone(_records.decode(message)))])
        except Exception:
            body = msgspec.msgpack.encode([])
        _write(answers, body)


def _main() -> None:
    """Serve; whatever a library prints goes where errors go, since amid answers it would garble them."""
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        _serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    _main()
