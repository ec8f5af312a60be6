"""Keeps an index up to date with the catalog, by its change log alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

from domain.ports import Catalog, Indexable, SearchIndex

Progress = Callable[[int], None]
"""Told how many changes have been applied so far."""


@runtime_checkable
class Replaceable(Protocol):
    """An index that can be rebuilt beside itself while it is being read."""

    def replacement(self) -> AbstractContextManager[SearchIndex]:
        """An empty index; it takes the place of this one when the block ends without an error."""
        ...


def sync(catalog: Catalog, index: SearchIndex, batch: int = 500, progress: Progress | None = None) -> int:
    """Apply what changed in the catalog since `index` was last written; returns how many changes.

    An index that is ahead of the catalog is of another one, such as before a backup was restored: it is
    made anew.
    """
    if index.position() > catalog.last_change():
        return rebuild(catalog, index, batch, progress)
    done = 0
    while changes := catalog.changes(index.position(), batch):
        changed = [change.paper_id for change in changes]
        papers = catalog.papers([change.paper_id for change in changes if not change.deleted])
        digests = catalog.published_audiences([paper.id for paper in papers])
        present = {paper.id for paper in papers}
        index.write(
            [Indexable(paper, digests.get(paper.id, ())) for paper in papers],
            [paper_id for paper_id in changed if paper_id not in present],
            changes[-1].sequence,
        )
        done += len(changes)
        if progress:
            progress(done)
    return done


def rebuild(catalog: Catalog, index: SearchIndex, batch: int = 500, progress: Progress | None = None) -> int:
    """Make the index anew from the whole change log; readers see the old one until the new one is whole."""
    if not isinstance(index, Replaceable):
        index.clear()
        return sync(catalog, index, batch, progress)
    with index.replacement() as fresh:
        return sync(catalog, fresh, batch, progress)
