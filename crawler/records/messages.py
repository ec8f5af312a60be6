"""What two processes that read records say to each other: frames, each of a length and a body.

One that is asked says empty ones while it is at work, so that the other knows that it is.
"""

from collections.abc import Iterator, Sequence

import msgspec

from crawler.records.alone import Reading
from domain.errors import RecordRejected
from domain.paper import Version
from domain.record import HarvestedRecord

LENGTH = 8
WORD = bytes(LENGTH)
"""I am at work."""
Told = tuple[Version | None, str, str]
"""A version, or the reason and detail of a rejection, on its way between processes."""


class Answer(msgspec.Struct, array_like=True):
    """What was read, by number; in which words it is told, only who has the same edition knows."""

    number: int
    edition: str
    told: msgspec.Raw


def to_frame(body: bytes) -> bytes:
    """A body with its length."""
    return len(body).to_bytes(LENGTH, "little") + body


def frames(heard: bytearray) -> Iterator[bytes]:
    """The bodies that are there as a whole, taken away from what was heard; words are none."""
    while len(heard) >= LENGTH:
        end = LENGTH + int.from_bytes(heard[:LENGTH], "little")
        if len(heard) < end:
            return
        body = bytes(heard[LENGTH:end])
        del heard[:end]
        if body:
            yield body


def tell(reading: Reading) -> Told:
    """A reading as it is told."""
    if isinstance(reading, RecordRejected):
        return None, reading.reason, reading.detail
    return reading, "", ""


def to_reading(records: Sequence[HarvestedRecord], told: Sequence[Told] | None) -> list[Reading] | None:
    """What was told of these records; None where it is not of them."""
    if told is None or len(told) != len(records):
        return None
    return [
        version or RecordRejected(record.source, record.native_id, reason, detail)
        for record, (version, reason, detail) in zip(records, told, strict=True)
    ]
