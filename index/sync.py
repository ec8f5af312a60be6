"""Keeps an index up to date with the catalog, by its change log alone: the words first, then the vectors."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from domain.errors import ModelUnavailable
from domain.ports import Catalog, Indexable, Projection, SearchIndex

Progress = Callable[[str, int, int], None]
"""Told of `papers` or `vectors`, of how many changes are applied, and of how many there are at most.

It is called between pieces of work, when nothing is held that others wait for, so it may take its time.
"""

_Way = Callable[[Projection, int], Iterator[int]]
"""How a projection is brought up to date, a batch at a time; gives how many changes were applied."""

_ENCODED = 500
"""At most so many papers are encoded before new ones are looked for: some twelve seconds' work."""


@dataclass(frozen=True, slots=True)
class Synced:
    """How many changes were applied to the words and to the vectors."""

    words: int = 0
    vectors: int = 0
    note: str = ""
    """Why vectors were left out, where they were."""


@runtime_checkable
class Replaceable(Protocol):
    """A projection that can be rebuilt beside itself while it is being read."""

    def replacement(self) -> AbstractContextManager[Projection]:
        """An empty one; it takes the place of this one when the block ends without an error."""
        ...


@runtime_checkable
class Succeedable(Replaceable, Protocol):
    """One that need not make anew what is the same."""

    def successor(self) -> AbstractContextManager[Projection]:
        """As `replacement`, but what was made of papers that are the same is taken over."""
        ...


def sync(catalog: Catalog, index: SearchIndex, batch: int = 500, progress: Progress | None = None) -> Synced:
    """Apply what changed in the catalog since `index` was last written.

    An index that is ahead of the catalog is of another one, such as before a backup was restored: its words
    are made anew, and of its vectors those stay whose texts are the same.
    """
    work = _Work(catalog, index, batch, progress)
    work.words()
    work.vectors()
    return work.done


def rebuild(
    catalog: Catalog,
    index: SearchIndex,
    batch: int = 500,
    progress: Progress | None = None,
    *,
    vectors: bool = False,
) -> Synced:
    """Make the words anew from the whole change log; readers see the old ones until the new are whole.

    The vectors are brought up to date; all of them are made anew, which takes hours, if `vectors` says so.
    """
    work = _Work(catalog, index, batch, progress)
    work.words(anew=True)
    work.vectors(anew=vectors)
    return work.done


class _Work:
    """One run: what is to be done, and how far it has come."""

    def __init__(self, catalog: Catalog, index: SearchIndex, batch: int, progress: Progress | None) -> None:
        self._catalog = catalog
        self._index = index
        self._batch = batch
        self._progress = progress
        self.done = Synced()

    def words(self, *, anew: bool = False) -> None:
        """Bring the words up to date."""
        index = self._index
        anew = anew or self._ahead(index)
        work = self._anew if anew else self._drained
        for changes in self._told("papers", index, anew, work, self._batch):
            self.done = replace(self.done, words=self.done.words + changes)

    def vectors(self, *, anew: bool = False) -> None:
        """Bring the vectors up to date; new papers do not wait for their words until old ones are encoded."""
        vectors = self._index.vectors
        try:
            if vectors is None:
                return
            ahead = not anew and self._ahead(vectors)
            work = self._anew if anew else self._succeeded if ahead else self._drained
            batch = min(self._batch, _ENCODED)
            for changes in self._told("vectors", vectors, anew or ahead, work, batch):
                self.done = replace(self.done, vectors=self.done.vectors + changes)
                self.words()
        except ModelUnavailable as error:
            self.done = replace(self.done, note=str(error))

    def _succeeded(self, projection: Projection, batch: int) -> Iterator[int]:
        """Fill another that takes over what is the same."""
        if isinstance(projection, Succeedable):
            with projection.successor() as fresh:
                yield from self._drained(fresh, batch)
        else:
            yield from self._anew(projection, batch)

    def _anew(self, projection: Projection, batch: int) -> Iterator[int]:
        """Apply the whole change log to an empty one."""
        if isinstance(projection, Replaceable):
            with projection.replacement() as fresh:
                yield from self._drained(fresh, batch)
        else:
            projection.clear()
            yield from self._drained(projection, batch)

    def _drained(self, projection: Projection, batch: int) -> Iterator[int]:
        """Apply what is left of the change log, a batch at a time."""
        while changes := self._catalog.changes(projection.position(), batch):
            papers = self._catalog.papers([change.paper_id for change in changes if not change.deleted])
            digests = self._catalog.published_audiences([paper.id for paper in papers])
            present = {paper.id for paper in papers}
            projection.write(
                [Indexable(paper, digests.get(paper.id, ())) for paper in papers],
                [change.paper_id for change in changes if change.paper_id not in present],
                changes[-1].sequence,
            )
            yield len(changes)

    def _ahead(self, projection: Projection) -> bool:
        return projection.position() > self._catalog.last_change()

    def _told(self, what: str, projection: Projection, afresh: bool, work: _Way, batch: int) -> Iterator[int]:
        """Do the work, and tell of it."""
        total = self._left(0 if afresh else projection.position()) if self._progress else 0
        done = 0
        for changes in work(projection, batch):
            done += changes
            if self._progress:
                self._progress(what, done, max(done, total))
            yield changes

    def _left(self, position: int) -> int:
        """How many changes there are at most after `position`: each paper's last one counts."""
        behind = self._catalog.last_change() - position
        if behind <= _ENCODED:  # as every minute; to count all papers would take longer than to write these
            return behind
        counts = self._catalog.counts()
        return min(counts["papers"] + counts["deleted"], behind)
