"""An answer as it is kept until its records are saved, so that a kill need not ask for it again."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec
import zstandard

from crawler.fetching.page import Answer

_LEVEL = 1
MOST_BYTES = 4 << 20
"""Longer answers are not kept: they are asked for once what came before them is saved."""
_FRESH = timedelta(days=1)
"""What changed after an older answer may have been saved by another harvest, which the answer would undo for
good. What changed within a day comes again, since the windows of later harvests overlap by more."""


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The answer to a question for a page."""

    cursor: str
    """What the page was asked for with, and how many records at most."""
    size: int
    fetched_at: datetime
    date: str
    """The moment of the answer by the server's clock, as its header tells it."""
    body: bytes
    status: int = 200

    def answer(self) -> Answer:
        """As it came, as far as it is kept."""
        return Answer(self.status, self.body, {"date": self.date} if self.date else {})

    def is_fresh(self) -> bool:
        """Whether it may still be read, by a clock that is to be trusted."""
        return timedelta(0) <= datetime.now(UTC) - self.fetched_at < _FRESH


def pack(kept: Kept) -> str:
    """As the catalog's marks hold it."""
    return base64.b64encode(zstandard.compress(msgspec.msgpack.encode(kept), _LEVEL)).decode()


def unpack(text: str | None) -> Kept | None:
    """What was packed; None where it is no such thing, as after a change of what is kept."""
    try:
        return _decode(zstandard.decompress(base64.b64decode(text))) if text else None
    except (ValueError, zstandard.ZstdError, msgspec.MsgspecError):
        return None


_decode: Callable[[bytes], Kept] = msgspec.msgpack.Decoder(Kept).decode
