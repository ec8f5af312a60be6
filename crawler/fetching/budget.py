"""What a source lets us ask for in a day, counted where a restart does not forget it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol, runtime_checkable

from crawler.fetching.page import Answer
from domain.errors import FindingsError
from domain.ports import Catalog


class BudgetSpent(FindingsError):
    """Nothing is left of today's budget."""


@runtime_checkable
class MeteredSource(Protocol):
    """A source that says in each answer what it cost, in the unit of its table's `daily_budget`."""

    def spent(self, answer: Answer) -> float:
        """What the answer cost."""
        ...


def today() -> str:
    """The day, in UTC, as ISO 8601 writes it."""
    return datetime.now(UTC).date().isoformat()


class Budget:
    """A source's `daily_budget`: requests, or what a metered source counts; none at all when it has none."""

    def __init__(
        self,
        catalog: Catalog,
        source: str,
        limit: float | None,
        meter: Callable[[Answer], float] | None = None,
        day: Callable[[], str] = today,
    ) -> None:
        self._catalog, self._source, self._limit, self._meter, self._day = catalog, source, limit, meter, day

    def begin(self) -> None:
        """Count a request before it goes out: one that a crash hides from us was asked all the same.

        Raises:
            BudgetSpent: it would be one too many.
        """
        if self._limit is None:
            return
        spent = spent_on(self._catalog, self._source, self._day())
        if spent >= self._limit:
            raise BudgetSpent(f"today's budget is spent ({spent:g} of {self._limit:g}); it goes on tomorrow")
        if self._meter is None:
            self._note(spent + 1)

    def settle(self, answer: Answer) -> None:
        """Count what an answer of a metered source cost."""
        if self._limit is not None and self._meter is not None:
            cost = max(0.0, self._meter(answer))
            self._note(spent_on(self._catalog, self._source, self._day()) + cost)

    def _note(self, spent: float) -> None:
        self._catalog.set_mark(self._source, f"spent:{self._day()}", f"{spent:.6f}".rstrip("0").rstrip("."))


def spent_on(catalog: Catalog, source: str, day: str) -> float:
    """What was spent on a day."""
    try:
        return max(0.0, float(catalog.mark(source, f"spent:{day}") or 0))
    except ValueError:
        return 0.0
