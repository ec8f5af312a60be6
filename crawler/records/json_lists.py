"""The members of a JSON list too long to be held: read piece by piece, each as the bytes it came in."""

import codecs
import io
import json
from collections.abc import Iterator
from typing import BinaryIO, cast

from domain.errors import SourceChanged

_PIECE = 1 << 20
_LONGEST = 16 << 20
_BOM = "\ufeff"
_BLANK = " \t\r\n"
_decoder = json.JSONDecoder()


def begins_list(stream: io.BufferedReader) -> bool:
    """Whether the first thing in `stream` is a list; reads nothing away."""
    return stream.peek(64)[:64].removeprefix(_BOM.encode()).lstrip()[:1] == b"["


def buffered(stream: BinaryIO) -> io.BufferedReader:
    """`stream`, so that one can look ahead in it."""
    return (
        stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", stream))
    )


def list_members(source: str, stream: BinaryIO) -> Iterator[bytes]:
    """The members of the list in `stream`, one after the other, in memory bounded by the longest.

    Raises:
        SourceChanged: it is no list, breaks off, or one member is longer than we read.
    """
    window = _Window(source, stream)
    if window.next_mark() != "[":
        raise SourceChanged(source, "the file is no JSON list")
    mark = window.next_mark()
    window.back()
    while mark != "]":
        yield window.member()
        mark = window.next_mark()
        if mark not in (",", "]"):
            raise SourceChanged(source, f"a JSON list with {mark!r} between its members")
    # What follows the list, if anything, is of no interest: the list itself was whole.


class _Window:
    """The part of a text that is being looked at; what lies behind is let go."""

    def __init__(self, source: str, stream: BinaryIO) -> None:
        self._source, self._stream = source, stream
        # Bytes that are no UTF-8 pass through and are judged with the record they are in.
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._held, self._at = "", 0

    def next_mark(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            while self._at < len(self._held):
                mark = self._held[self._at]
                self._at += 1
                if mark not in _BLANK and mark != _BOM:
                    return mark
            if not self._more(_PIECE):
                raise SourceChanged(self._source, "a JSON list that breaks off")

    def back(self) -> None:
        """Look at the last mark again."""
        self._at -= 1

    def member(self) -> bytes:
        """The value that begins here."""
        if self.next_mark() != "{":
            raise SourceChanged(self._source, "a JSON list with a member that is no object")
        self.back()
        size = _PIECE
        while True:
            try:
                _, end = _decoder.raw_decode(self._held, self._at)
            except (ValueError, RecursionError) as error:
                held = len(self._held) - self._at
                if held > _LONGEST or not self._more(size):
                    raise SourceChanged(self._source, f"a JSON list with a broken member: {error}") from error
                size *= 2
                continue
            found, self._at = self._held[self._at : end], end
            return found.encode("utf-8", "surrogateescape")

    def _more(self, size: int) -> bool:
        piece = self._stream.read(size)
        self._held, self._at = self._held[self._at :] + self._decoder.decode(piece, final=not piece), 0
        return bool(piece)
