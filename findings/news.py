"""From what the catalog has told to letters in the outbox: news matched with wishes, rounds put together."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from catalog.sqlcatalog import SqlCatalog
from conferences.eligibility import applicants
from index.embedded.percolation import open_percolation
from subscriptions.composing import Composing, compose
from subscriptions.telling import Telling, tell


@dataclass(frozen=True, slots=True)
class Round:
    """What one run has told and put together."""

    told: Telling
    composed: Composing


def write_letters(catalog: SqlCatalog, now: datetime, folder: Path | None = None) -> Round:
    """Tell wishes what is new, then put together what is due; `folder` is for the temporary index.

    Letters are put together only once everything is told: a slot that has passed does not come again.

    Raises:
        CatalogError, SearchError: nothing more is put together; the next run takes it up.
    """
    told = tell(
        catalog,
        catalog.listings,
        catalog.subscribers,
        partial(open_percolation, folder),
        applicants(now.year),
        now,
    )
    return Round(told, compose(catalog, catalog.subscribers, now))
