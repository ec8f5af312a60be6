"""From what the catalog has told to letters in the outbox: news matched with wishes, rounds put together."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from catalog.sqlcatalog import SqlCatalog
from conferences.eligibility import Verdict, fits, income_year
from domain.listing import CareerStage, Opportunity
from domain.ports import SearchIndex
from index import open_index
from index.language import parse_query
from subscriptions.composing import Composing, compose
from subscriptions.listings_news import MayApply
from subscriptions.matching import Percolator
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
        built_percolator(folder),
        may_apply(now.year),
        now,
    )
    return Round(told, compose(catalog, catalog.subscribers, now))


def built_percolator(folder: Path | None = None) -> Percolator:
    """How searches are asked about new papers: by an index of these alone, read as the site reads them."""

    @contextmanager
    def opened() -> Iterator[SearchIndex]:
        with (
            tempfile.TemporaryDirectory(prefix="findings-news-", dir=folder) as name,
            closing(open_index("embedded:", Path(name) / "index")) as index,
        ):
            yield index

    return Percolator(opened, parse_query)


def may_apply(year: int) -> MayApply:
    """Whether somebody may apply, by the income groups known up to `year`, as the pages tell it."""
    known = income_year(year)

    def told(opportunity: Opportunity, country: str, stage: CareerStage | None) -> bool:
        return fits(opportunity, country, stage, known).verdict is Verdict.YES

    return told
