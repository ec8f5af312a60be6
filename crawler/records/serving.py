"""The second process that reads records: `python -m crawler.records.serving`.

Records in, what they were read as out, until its input ends, as it does when who started it is killed.
"""

import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import IO

import msgspec

from crawler.records.alone import read_alone
from crawler.records.edition import EDITION, seen_edition
from crawler.records.messages import LENGTH, WORD, Answer, tell, to_frame
from domain.record import HarvestedRecord

_OFTEN = 0.5
"""Seconds after which a word is said; few readings take so long."""
_questions = msgspec.msgpack.Decoder(tuple[int, list[HarvestedRecord]])


class _Server:
    """Reads what comes, and says a word now and then."""

    def __init__(self, answers: IO[bytes]) -> None:
        self._answers = answers
        self._said = time.monotonic()
        self._sources: set[str] = set()
        self._edition = EDITION

    def answer(self, message: bytes) -> None:
        """Read; what cannot be told is left to who asked, who will meet the same error."""
        number, records = _questions.decode(message)
        try:
            told = msgspec.msgpack.encode([*map(tell, read_alone(records, self._step))])
        except Exception:
            told = msgspec.msgpack.encode([])
        self._look(records)
        self._say(to_frame(msgspec.msgpack.encode(Answer(number, self._edition, msgspec.Raw(told)))))

    def _look(self, records: Sequence[HarvestedRecord]) -> None:
        """The module of a source is loaded with its first record, and may have been replaced until then."""
        sources = {record.source for record in records}
        if not sources <= self._sources:
            self._sources |= sources
            self._edition = seen_edition()

    def _step(self) -> None:
        if time.monotonic() - self._said > _OFTEN:
            self._say(WORD)

    def _say(self, frame: bytes) -> None:
        self._answers.write(frame)
        self._answers.flush()
        self._said = time.monotonic()


def _serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    server = _Server(answers)
    while len(head := asked.read(LENGTH)) == LENGTH:
        length = int.from_bytes(head, "little")
        if len(message := asked.read(length)) < length:
            return
        server.answer(message)


def _main() -> None:
    """Serve; whatever a library prints goes where errors go, since amid answers it would garble them."""
    # Who asked may be killed while we are at work: then there is nobody to tell, nor is it a fault.
    with suppress(BrokenPipeError), os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        _serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    _main()
