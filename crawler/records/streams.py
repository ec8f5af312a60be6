"""Streams read to their end: one read of a member of an archive may give less than was asked for."""

from collections.abc import Iterator
from typing import BinaryIO

from domain.errors import SourceChanged

_BLOCK = 1 << 20


def blocks(source: str, stream: BinaryIO, limit: int) -> Iterator[bytes]:
    """All that `stream` holds, in pieces.

    Raises:
        SourceChanged: it is longer than `limit`, or it breaks; the pieces before that have been given.
    """
    read = 0
    while block := stream.read(_BLOCK):
        read += len(block)
        if read > limit:
            raise SourceChanged(source, f"a file of more than {limit >> 20} MiB")
        yield block


def read_whole(source: str, stream: BinaryIO, limit: int) -> bytes:
    """All that `stream` holds.

    Raises:
        SourceChanged: it is longer than `limit`, or it breaks.
    """
    return b"".join(blocks(source, stream, limit))
