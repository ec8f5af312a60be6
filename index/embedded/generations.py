"""Where an embedded index keeps its files: numbered folders, and `CURRENT` which names the one to read.

A rebuild fills a new folder beside the one being read and then replaces `CURRENT` in one step, so a reader
sees the old index or the new one, never half of one.
"""

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import SearchUnavailable

_CURRENT = "CURRENT"
_FILLING = "filling"
"""Locked while a folder is being filled; the lock of a process that was killed is gone with it."""
REBUILD = "run `findings index rebuild`"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""How a system says that there is no room: on the disk, within a quota, or within a limit on files."""


class Generations:
    """The generation folders under one folder, for one schema version."""

    def __init__(self, folder: Path, version: str) -> None:
        self.folder = folder
        self._version = version

    def current(self) -> Path | None:
        """The folder to read; None when there is none yet, or it is of another schema version.

        Raises:
            SearchUnavailable: what is in the folder is not ours, or damaged.
            OSError: it cannot be read now, and may be whole.
        """
        try:
            stated = json.loads((self.folder / _CURRENT).read_text("utf-8"))
            version, name = str(stated["schema"]), str(stated["generation"])
        except FileNotFoundError:
            self._check_empty()
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise SearchUnavailable(f"the search index in {self.folder} is damaged; {REBUILD}") from error
        if version != self._version:
            return None
        path = self.folder / name
        if not path.is_dir() or path.parent != self.folder:
            raise SearchUnavailable(f"the search index in {self.folder} is incomplete; {REBUILD}")
        return path

    def _check_empty(self) -> None:
        if self.folder.is_dir() and any(not _number(path.name) for path in self.folder.iterdir()):
            raise SearchUnavailable(f"{self.folder} holds something other than a search index; {REBUILD}")

    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever another generation becomes current."""
        return file_stamp(self.folder / _CURRENT)

    @contextmanager
    def filling(self) -> Iterator[Path]:
        """A new empty folder, not read by anyone, which nobody removes before the block ends.

        Where that ends with an error or is interrupted, it is removed: it may be as large as the index.
        """
        path = self._fresh()
        try:
            with (path / _FILLING).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield path
        except BaseException:
            if path.name != self._named():
                shutil.rmtree(path, ignore_errors=True)
            raise

    def _fresh(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        number = 1 + max((_number(path.name) for path in self.folder.iterdir()), default=0)
        while True:
            path = self.folder / f"g{number:06d}"
            try:
                path.mkdir()
            except FileExistsError:
                number += 1
            else:
                return path

    def adopt(self, path: Path) -> None:
        """Make `path` current, for good, and remove those before it and the one that was current."""
        replaced = self._named()
        text = json.dumps({"schema": self._version, "generation": path.name})
        temporary = self.folder / f"g{_number(path.name):06d}.{_CURRENT}"
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self.folder / _CURRENT)
        sync_folder(self.folder)
        for other in self.folder.iterdir():
            if 0 < _number(other.name) < _number(path.name) or other.name == replaced != path.name:
                _remove(other)

    def _named(self) -> str:
        """The generation that is current, of whichever version; empty where that cannot be told."""
        try:
            name = json.loads((self.folder / _CURRENT).read_text("utf-8"))["generation"]
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        return name if isinstance(name, str) and _number(name) else ""


def _remove(path: Path) -> None:
    """Remove a generation, unless it is being filled."""
    try:
        with (path / _FILLING).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
    except FileNotFoundError:
        shutil.rmtree(path, ignore_errors=True)
    except OSError:  # above all that it is locked
        return


def file_stamp(path: Path) -> tuple[int, int] | None:
    """Changes whenever the file is replaced; None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _number(name: str) -> int:
    """The number of a generation's folder (or of a file that came to nothing beside it); 0 for others."""
    digits = name.split(".")[0][1:]
    return int(digits) if name[:1] == "g" and digits.isdecimal() else 0


def sync_folder(folder: Path) -> None:
    """Have the names in the folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
