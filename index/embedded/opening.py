"""The embedded index as it is now: the current generation, at its latest commit, whoever made it."""

import errno
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import tantivy

from domain.errors import SearchError, SearchUnavailable
from index.embedded.analysers import Analysers
from index.embedded.generations import FULL, REBUILD, Generations, file_stamp
from index.embedded.schema import build_schema, schema_version
from index.embedded.telling import read_mentions, write_mentions
from index.language.mentions import versions

_MAPPED = 800 << 20
"""Bytes of files that may lie mapped in the process's memory. The kernel takes such pages back when somebody
needs them, but until then an operator sees a process that grows to the size of its index."""
_VIEWS = 256
"""After so many is looked: a question has some three, and maps a megabyte or two of a million papers."""
_STATM = Path("/proc/self/statm")
_TOLD = re.compile(r"(?:os error |code: )(\d+)")
_RIGHTS = (errno.EACCES, errno.EPERM, errno.EROFS)


@dataclass(frozen=True, slots=True)
class View:
    """One commit of one generation, and what belongs to it, whatever others open meanwhile."""

    path: Path
    index: tantivy.Index
    searcher: tantivy.Searcher
    state: object
    """Differs between any two commits, and whenever the same one was opened anew."""
    mentions: Mapping[str, str]
    """The tokens by which the generation tells what papers mention, with the versions of wordings."""


class Opening:
    """Safe to share between threads."""

    def __init__(self, folder: Path, pinned: Path | None) -> None:
        """Follow `CURRENT` in `folder`, or stay with the generation in `pinned`."""
        self.folder = folder
        self.path = pinned
        """The generation that is open."""
        self._mentions: Mapping[str, str] = {}
        self._pinned = pinned is not None
        self._generations = Generations(folder, schema_version())
        self._lock = threading.RLock()
        self._index: tantivy.Index | None = None
        self._stamps: tuple[object, object] = (None, None)
        self._views = 0
        self._opened = 0

    def view(self) -> View:
        """The latest commit; should its folder vanish before it is open, then there is a newer one."""
        with self._lock:
            try:
                index = self._latest()
            except (ValueError, OSError):
                if self._pinned or self._stamps[0] == self._generations.stamp():
                    raise
                index = self._latest()
            assert self.path is not None
            state = (self.path, self._stamps, self._opened)
            return View(self.path, index, index.searcher(), state, self._mentions)

    @contextmanager
    def filling(self) -> Iterator[Path]:
        """A new empty generation that nobody reads, and nobody removes before the block ends."""
        with self._generations.filling() as path:
            tantivy.Index(build_schema(), path=str(path))
            write_mentions(path, versions())
            yield path

    def adopt(self, path: Path) -> None:
        """Have everyone read that generation from now on."""
        self._generations.adopt(path)

    def check_version(self) -> None:
        """Raises `SearchUnavailable` where a program of another version has rebuilt the index."""
        if not self._pinned and self._generations.stamp() and self._generations.current() is None:
            raise SearchUnavailable(
                f"the search index in {self.folder} was rebuilt by another version of Findings; "
                "restart what still runs this one"
            )

    def close(self) -> None:
        """Release what is held."""
        with self._lock:
            self._index = None
            self._stamps = (None, None)

    def _latest(self) -> tantivy.Index:
        self._let_go()
        generation = None if self._pinned else self._generations.stamp()
        if self._index is None or generation != self._stamps[0] or (generation is None and not self._pinned):
            path = self.path if self._pinned else self._generations.current()
            if path is None and generation and self._index:
                # A program of another version rebuilt the index. To begin ours anew would remove that one,
                # and what is open here can still be read.
                return self._index
            self.path = path or self._begun()
            self._index = self._open(self.path)
            self._stamps = (generation, None)  # of before: what became current meanwhile is looked for again
        assert self.path is not None
        commit = file_stamp(self.path / "meta.json")
        if commit != self._stamps[1]:
            self._index.reload()
            self._mentions = read_mentions(self.path)  # of no earlier commit: what it tells only ever shrinks
            self._stamps = (self._stamps[0], commit)
        return self._index

    def _open(self, path: Path) -> tantivy.Index:
        self._opened += 1
        index = tantivy.Index.open(str(path))
        Analysers.register(index)
        index.config_reader("manual")
        return index

    def _let_go(self) -> None:
        """Open the same generation anew where much of it is mapped: what was, goes with its last searcher."""
        self._views += 1
        if self._index and self.path and self._views % _VIEWS == 0 and _mapped() > _MAPPED:
            with suppress(ValueError, OSError):  # a generation that was removed meanwhile can still be read
                self._index = self._open(self.path)
                self._stamps = (self._stamps[0], None)

    def _begun(self) -> Path:
        with self.filling() as path:
            self.adopt(path)
        return path

    @contextmanager
    def guard(self) -> Iterator[None]:
        """What the library raises, a panic of its Rust code included, as an error of ours."""
        try:
            yield
        except SearchError:
            raise
        except (ValueError, OSError, KeyError) as error:
            raise self._unavailable(error) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            raise self._unavailable(error) from error

    def _unavailable(self, error: BaseException) -> SearchUnavailable:
        if "LockBusy" in str(error):
            return SearchUnavailable(
                f"another process is writing to the search index in {self.folder}; try later"
            )
        code = _code(error)
        if code in FULL:
            return SearchUnavailable(f"the search index in {self.folder} has no room left on its disk")
        if code in (errno.EMFILE, errno.ENFILE):
            return SearchUnavailable(
                f"the search index in {self.folder} needs more open files than are allowed (ulimit -n)"
            )
        if code in _RIGHTS or "PermissionDenied" in str(error):
            return SearchUnavailable(
                f"the search index in {self.folder} may not be read or written;"
                " give the user who runs findings rights to it, and see that its disk may be written to"
            )
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        return SearchUnavailable(
            f"the search index in {self.folder} cannot be used ({reason[:200]}); {REBUILD}"
        )


def _code(error: BaseException) -> int:
    """The number of the system's error behind one of ours or the library's; 0 where there is none."""
    told = getattr(error, "errno", 0) or ((found := _TOLD.search(str(error))) and found[1])
    return int(told or 0)


def _mapped() -> int:
    """How many bytes of files lie mapped in this process's memory; 0 where the system does not tell."""
    try:
        return int(_STATM.read_text().split()[2]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
