"""The heavy figures of the pages everyone opens, kept for a while so that a visit costs no counting."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from domain.query import Query
from web.site import Site

KEPT_SECONDS = 30.0

T = TypeVar("T")

Clock = Callable[[], float]
Facets = dict[str, dict[str, int]]
"""Facet → value → how many papers have it."""


class Kept(Generic[T]):
    """A value made when asked for and kept for a while; what fails to be made is not kept."""

    def __init__(self, make: Callable[[], T], clock: Clock, seconds: float = KEPT_SECONDS) -> None:
        self._make = make
        self._clock = clock
        self._seconds = seconds
        self._lock = threading.Lock()
        self._made: tuple[float, T] | None = None

    def value(self) -> T:
        """The value, made anew by one thread only when it is too old."""
        with self._lock:
            now = self._clock()
            if self._made is None or now - self._made[0] >= self._seconds:
                self._made = None  # an old figure must not outlive a fault
                self._made = now, self._make()
            return self._made[1]


class Figures:
    """The counts of a site's catalog and the facets of its index, one set per application."""

    def __init__(self, site: Site, clock: Clock = time.monotonic) -> None:
        self._site = site
        self._counts = Kept(self._count, clock)
        self._facets = Kept(self._ask, clock)

    def counts(self) -> dict[str, int]:
        """How many of everything the catalog holds. Raises `CatalogError`."""
        return self._counts.value()

    def facets(self) -> Facets:
        """Every facet over all papers. Raises `SearchError`."""
        return self._facets.value()

    def _count(self) -> dict[str, int]:
        return self._site.catalog.counts()

    def _ask(self) -> Facets:
        counted = self._site.index.facets(Query())
        return {facet.field: {b.value: b.count for b in facet.buckets} for facet in counted}
