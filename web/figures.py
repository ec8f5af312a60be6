"""The heavy figures of the pages everyone opens, kept for a while so that a visit costs no counting."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from domain.query import Query
from web.site import Site
from web.streaming import Patience

KEPT_SECONDS = 30.0
STATE_SECONDS = 5.0
SILENT_SECONDS = 15.0
"""So long an index that did not answer is left alone."""
BRIEFLY = 1.5
"""The longest that a page waits, in seconds, for a figure it can do without."""

T = TypeVar("T")

Clock = Callable[[], float]
Facets = dict[str, dict[str, int]]
"""Facet → value → how many papers have it."""


class Kept(Generic[T]):
    """A value made when asked for and kept for a while; what fails to be made is not kept.

    Who asks while it is made anew has the old one: every page would wait for a count of a million papers.
    """

    def __init__(self, make: Callable[[], T], clock: Clock, seconds: float = KEPT_SECONDS) -> None:
        self._make = make
        self._clock = clock
        self._seconds = seconds
        self._lock = threading.Lock()
        self._made: tuple[float, T] | None = None

    def value(self) -> T:
        """The value, made anew by one thread only when it is too old."""
        made = self._made
        if not self._lock.acquire(blocking=made is None) and made:
            return made[1]
        try:
            now = self._clock()
            if self._made is None or now - self._made[0] >= self._seconds:
                self._made = now, self._make()
            return self._made[1]
        except BaseException:
            self._made = None  # an old figure must not outlive a fault
            raise
        finally:
            self._lock.release()


class Glimpsed(Generic[T]):
    """A value that may never come: waited for briefly, kept for a while; that none came is kept too."""

    def __init__(
        self, make: Callable[[], T], patience: Patience, clock: Clock, seconds: float = KEPT_SECONDS
    ) -> None:
        self._make = make
        self._patience = patience
        self._clock = clock
        self._seconds = seconds
        self._asking = threading.Lock()
        self._known: tuple[float, T | None] | None = None

    def value(self) -> T | None:
        """The value; None where it is not known."""
        with self._asking:
            if self._known is None or self._clock() >= self._known[0]:
                self._known = self._clock() + SILENT_SECONDS, None
                self._patience.ask(self._learn)
            return self._known[1]

    def _learn(self) -> None:
        """What comes too late for this visit serves the next."""
        made = self._make()
        self._known = self._clock() + self._seconds, made


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far the index has come."""

    papers: int
    position: int
    vectors: int | None
    """Papers that can be compared by meaning; None where none ever can."""
    vectors_position: int | None

    def lacks_most_of(self, papers: int) -> bool:
        """Whether most of a catalogue of so many papers cannot be found yet."""
        return 2 * self.papers < papers


class Figures:
    """The counts of a site's catalog and the facets of its index, one set per application."""

    def __init__(self, site: Site, clock: Clock = time.monotonic) -> None:
        self._site = site
        self._counts = Kept(self._count, clock)
        patience = Patience(BRIEFLY, threads=2)
        self._facets = Glimpsed(self._ask, patience, clock)
        self._index = Glimpsed(self._look, patience, clock, STATE_SECONDS)

    def counts(self) -> dict[str, int]:
        """How many of everything the catalog holds. Raises `CatalogError`."""
        return self._counts.value()

    def facets(self) -> Facets:
        """Every facet over all papers; none while search is down."""
        return self._facets.value() or {}

    def index(self) -> IndexState | None:
        """How far the index has come; None while search is down."""
        return self._index.value()

    def _count(self) -> dict[str, int]:
        return self._site.catalog.counts()

    def _look(self) -> IndexState:
        index = self._site.index
        vectors = index.vectors
        return IndexState(
            papers=index.count(),
            position=index.position(),
            vectors=vectors.count() if vectors else None,
            vectors_position=vectors.position() if vectors else None,
        )

    def _ask(self) -> Facets:
        counted = self._site.index.facets(Query())
        return {facet.field: {b.value: b.count for b in facet.buckets} for facet in counted}
