"""Which rows of the field table have something to say of a paper, told from what its one version states.

Most versions lack most of what a version may state: trials, grants, data, companies. What a row that reads
each version by itself makes of one depends on nothing but the attributes it asks for. So where none of them
is stated, it makes of it what it makes of a version that states nothing; that is found out once, and the row
is not asked again.
"""

from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cache, lru_cache
from operator import attrgetter, is_not
from typing import Any

from domain.identifiers import Identifiers
from domain.paper import Version, VersionKind
from domain.ports import Indexable
from index.contents import Stated

Values = dict[str, Any]
"""A document, field by field."""
Read = Callable[[Any], Sequence[Any]]
"""Reads the values of a row from a paper; or from a version, where the row reads each by itself."""
Put = Callable[[Any, Values], None]
"""Puts what a row reads of what it is given where it is indexed."""

_SHAPES = 4_096
_ATTRIBUTES = frozenset(field.name for field in fields(Version))
_UNSTATED = {field.name: field.default for field in fields(Version) if field.default is not MISSING}


@dataclass(frozen=True, slots=True)
class Row:
    """How a row reads a paper, and how to put what is read."""

    read: Read
    put: Callable[[Read], Put]


class Shapes:
    """Fills documents."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._all = tuple(row.put(row.read) for row in rows)
        self._of_paper = tuple(row.put(row.read) for row in rows if not isinstance(row.read, Stated))
        reading = [(row.read.of_version, row.put) for row in rows if isinstance(row.read, Stated)]
        self._of_version = [(put(read), _asked(read)) for read, put in reading]
        asked = frozenset[str]().union(*(names for _, names in self._of_version))
        self._names = tuple(asked & _UNSTATED.keys())
        self._stated = attrgetter(*self._names)
        self._unstated = tuple(_UNSTATED[name] for name in self._names)
        self._plan = lru_cache(_SHAPES)(self._planned)

    def filled(self, items: Sequence[Indexable]) -> list[Values]:
        """The values of each paper."""
        filled: list[Values] = []
        alike: dict[tuple[bool, ...], list[tuple[Version, Values]]] = {}
        alone: list[tuple[Indexable, Values]] = []
        for item in items:
            versions = item.paper.versions
            if len(versions) > 1:
                values = self._joined(item)
            else:
                shape = tuple(map(is_not, self._stated(versions[0]), self._unstated))
                values = self._plan(shape)[0].copy()
                alike.setdefault(shape, []).append((versions[0], values))
                alone.append((item, values))
            filled.append(values)
        for shape, of_shape in alike.items():
            _put(self._plan(shape)[1], of_shape)
        _put(self._of_paper, alone)
        return filled

    def _joined(self, item: Indexable) -> Values:
        values: Values = {}
        for put in self._all:
            put(item, values)
        return values

    def _planned(self, shape: tuple[bool, ...]) -> tuple[Values, tuple[Put, ...]]:
        """What rows put that need not be asked, and those that must be, for papers of one shape."""
        unstated = {name for name, stated in zip(self._names, shape, strict=True) if not stated}
        silent: Values = {}
        for put, asked in self._of_version:
            if asked <= unstated:
                put(_SILENT, silent)
        return silent, tuple(put for put, asked in self._of_version if not asked <= unstated)


def _put(puts: Sequence[Put], papers: Sequence[tuple[object, Values]]) -> None:
    """Row by row: what a row needs stays at hand from one paper to the next."""
    for put in puts:
        for given, values in papers:
            put(given, values)


_SILENT = Version(VersionKind.ARTICLE, Identifiers(), "")


class _Watched:
    """Stands for a version that states nothing, and notes what it is asked for."""

    def __init__(self, asked: set[str]) -> None:
        self.__asked = asked

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the attribute is
        if name in _ATTRIBUTES:
            self.__asked.add(name)
            return getattr(_SILENT, name)
        return getattr(Version, name).__get__(self)  # what a version tells of what it states


@cache
def _asked(read: Read) -> frozenset[str]:
    """What is asked of a version that states nothing."""
    asked: set[str] = set()
    read(_Watched(asked))
    return frozenset(asked)
