"""Files, folders and archives opened as streams of their members, with bounds on what they may unfold to.

Nothing is ever unpacked to disk, so a member's name cannot lead anywhere; what has a name that tries to, or
is a link, is refused with a line that says so.
"""

import gzip
import hashlib
import io
import os
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tarfile import HeaderError, ReadError
from typing import IO, Any, BinaryIO, Self, cast

from domain.errors import SourceChanged

MAX_MEMBER_BYTES = 8 << 30
MAX_ARCHIVE_BYTES = 64 << 30
MAX_RATIO = 1100
"""A little above what deflate can do; a zip that claims more has members that overlap."""
HEAD_BYTES = 1 << 16
_MAX_DEPTH = 3
_MD5 = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", re.IGNORECASE)

_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_TAR = b"ustar"
_DAMAGE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError, RuntimeError, ValueError)
"""What the archive modules raise for files that are damaged, encrypted or in a form they do not know."""

Complain = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Member:
    """A file, by itself or in an archive; `head` is how it begins, `stream` all of it."""

    name: str
    head: bytes
    stream: BinaryIO
    given: bool
    """Whether it was asked for by name rather than found in a folder or archive."""
    broken: SourceChanged | None = None
    """Why it cannot be read to its end, where its beginning shows that already."""


class _Guarded(io.RawIOBase):
    """A stream that raises only `SourceChanged`, gives no more than `limit` bytes, and can look ahead.

    Each read asks the stream below once, so that what came before a break is given out before it is told.
    """

    def __init__(self, stream: IO[bytes], name: str, limit: int) -> None:
        self._read_some: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        self._name = name
        self._left = limit
        self._ahead = b""
        self._broken: SourceChanged | None = None

    def readable(self) -> bool:
        """It is."""
        return True

    @property
    def broken(self) -> SourceChanged | None:
        """Why reading on will fail, where looking ahead has shown it."""
        return self._broken

    def lower(self, by: int) -> None:
        """Give so much less, now that it is known for one file rather than an archive of many."""
        self._left -= by

    def drain(self) -> None:
        """Read to the end, where a compressed stream checks that it is whole."""
        while self._next(HEAD_BYTES):
            pass

    def look(self) -> bytes:
        """How it begins; a break in there is told when it is read."""
        try:
            while len(self._ahead) < HEAD_BYTES and (block := self._next(HEAD_BYTES)):
                self._ahead += block
        except SourceChanged as broken:
            self._broken = broken
        return self._ahead

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        """Read what there is, at most as much as the buffer holds."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1) -> bytes:
        """Read what there is, at most `size` bytes: by way of a buffer each block was copied twice."""
        if size is None or size < 0:
            return self.readall()
        if self._ahead:
            data, self._ahead = self._ahead[:size], self._ahead[size:]
            return data
        if self._broken:
            raise self._broken
        return self._next(size)

    def _next(self, size: int) -> bytes:
        try:
            data = self._read_some(size)
        except _DAMAGE as error:
            raise _damaged(self._name, error) from error
        self._left -= len(data)
        if self._left < 0:
            raise SourceChanged("import", "unfolds to more than we read from one file", self._name)
        return data


def _damaged(name: str, error: Exception) -> SourceChanged:
    if isinstance(error, EOFError):
        return SourceChanged("import", "cut short in the middle of compressed data", name)
    if "unexpected end of data" in str(error):
        return SourceChanged("import", "cut short: the end of the archive is missing", name)
    words = " ".join(str(error).split())[:120] or type(error).__name__
    return SourceChanged("import", f"damaged or unreadable: {words}", name)


def open_members(path: Path, complain: Complain) -> Iterator[Member]:
    """The files that `path` leads to; each is to be read before the next is asked for.

    Files of a folder come in the order of their names, as a baseline and its updates have to. One that is not
    what the MD5 beside it says is left out. Links to folders are not followed. A pipe is read like a file,
    but not when it holds a zip.

    Raises:
        SourceChanged: the archive breaks off; the members before that have been given.
    """
    if not path.is_dir():
        yield from _open_file(path, complain, given=True)
        return
    for folder, folders, names in os.walk(path, onerror=lambda e: complain(_not_opened(e))):
        folders.sort()
        for name in sorted(names):
            try:
                yield from _open_file(Path(folder) / name, complain, given=False)
            except SourceChanged as broken:
                complain(f"{broken.where}: {broken.problem}")


def _not_opened(error: OSError) -> str:
    return f"{error.filename}: cannot be opened: {error.strerror}"


def _open_file(path: Path, complain: Complain, *, given: bool) -> Iterator[Member]:
    if not path.is_file() and not (given and path.is_fifo()):
        complain(f"{path}: not a file or folder" if path.exists() else f"{path}: there is no such file")
        return
    try:
        file = path.open("rb")
        beginning = file.peek(4)[:4]
    except OSError as error:
        complain(_not_opened(error))
        return
    with file:
        if problem := _bad_checksum(path, file):
            complain(f"{path}: {problem}")
            return
        if beginning in _ZIP and file.seekable():
            yield from _unzip(file, str(path), complain)
        else:
            yield from _unfold(file, str(path), complain, given=given)


def _bad_checksum(path: Path, file: io.BufferedReader) -> str | None:
    """How a file differs from the checksum that stands beside it; None where none does or both agree.

    NLM writes `MD5(pubmed26n0001.xml.gz)= …` into `pubmed26n0001.xml.gz.md5`, `md5sum` the sum first.
    """
    beside = path.with_name(path.name + ".md5")
    if not file.seekable() or not beside.is_file():
        return None
    try:
        with beside.open("rb") as stated:
            match = _MD5.search(stated.read(HEAD_BYTES))
        if match is None:
            return f"{beside.name} beside it holds no MD5 checksum"
        found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        file.seek(0)
    except OSError as error:
        return f"cannot be checked: {error.strerror}"
    if found == match[0].decode().lower():
        return None
    return f"damaged on its way: its MD5 is {found}, {beside.name} says {match[0].decode().lower()}"


def _unfold(
    stream: IO[bytes], name: str, complain: Complain, *, given: bool = False, depth: int = 0
) -> Iterator[Member]:
    """A stream as it is, or what is inside it when it is compressed; a tar may be so once more inside."""
    guarded = _Guarded(stream, name, MAX_ARCHIVE_BYTES)
    head = guarded.look()
    if head.startswith(_GZIP) and depth < _MAX_DEPTH:
        inside = gzip.GzipFile(fileobj=cast("IO[bytes]", guarded))
        yield from _unfold(cast("IO[bytes]", inside), name, complain, given=given, depth=depth + 1)
    elif head[257:262] == _TAR and depth < _MAX_DEPTH:
        yield from _untar(guarded, name, complain, depth)
    else:
        guarded.lower(MAX_ARCHIVE_BYTES - MAX_MEMBER_BYTES)
        yield Member(name, head, cast("BinaryIO", guarded), given, guarded.broken)


class _Header(tarfile.TarInfo):
    """A header that does not take the place where an archive breaks off for its end."""

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> Self:
        """Called by tarfile for each member; only a block of zeros ends an archive."""
        try:
            return super().fromtarfile(tarfile)
        except HeaderError as error:
            if str(error) == "end of file header":
                raise
            raise ReadError("unexpected end of data") from error


def _untar(stream: _Guarded, name: str, complain: Complain, depth: int) -> Iterator[Member]:
    try:
        below = cast("IO[bytes]", stream)
        with tarfile.open(fileobj=below, mode="r|", tarinfo=_Header) as archive:
            for info in archive:
                inside = f"{name}!{info.name}"
                if info.isdir():
                    continue
                if problem := _bad_name(info.name) or (
                    None if info.isreg() else "a link or device, not a file"
                ):
                    complain(f"{inside}: left out: {problem}")
                elif (file := archive.extractfile(info)) is not None:
                    yield from _unfold(file, inside, complain, depth=depth + 1)
        stream.drain()
    except _DAMAGE as error:
        raise _damaged(name, error) from error


def _unzip(file: IO[bytes], name: str, complain: Complain) -> Iterator[Member]:
    total = 0
    try:
        with zipfile.ZipFile(file) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                inside = f"{name}!{info.filename}"
                if problem := _bad_name(info.filename) or _bad_entry(info):
                    complain(f"{inside}: left out: {problem}")
                    continue
                total += info.file_size
                if total > MAX_ARCHIVE_BYTES:
                    raise SourceChanged("import", "unfolds to more than we read from one archive", name)
                with archive.open(info) as member:
                    yield from _unfold(member, inside, complain, depth=1)
    except _DAMAGE as error:
        raise _damaged(name, error) from error


def _bad_name(name: str) -> str | None:
    path = PurePosixPath(name.replace("\\", "/"))
    return "its name leads out of the archive" if path.is_absolute() or ".." in path.parts else None


def _bad_entry(info: zipfile.ZipInfo) -> str | None:
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link or device, not a file"
    if info.flag_bits & 1:
        return "it is encrypted"
    if info.file_size > MAX_MEMBER_BYTES or info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return f"it claims to unfold to {info.file_size} bytes"
    return None
