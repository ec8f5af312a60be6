"""The port of what is kept of sources as they gave it, to be read again."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from domain.paper import Version
from domain.ports import Rejection
from domain.record import Counts, HarvestedRecord


class RawRecords(Protocol):
    """The catalog, as those see it who read its records again. Raises `CatalogError`."""

    def holdings(self) -> dict[str, int]:
        """Source → how many of its records stand."""
        ...

    def rejected(self) -> dict[str, int]:
        """Source → how many of its records could not be taken."""
        ...

    def records(self, source: str, after: str = "", limit: int = 500) -> list[HarvestedRecord]:
        """Raw records of a source that stand, in the order of their native ids, from beyond `after` on."""
        ...

    def refused(self, source: str, after: str = "", limit: int = 500) -> list[HarvestedRecord]:
        """As `records`, of those that could not be taken; without those that stand none the less."""
        ...

    def readings(self, source: str, native_ids: Iterable[str]) -> dict[str, Version]:
        """Native id → what the record was read as, of those that stand."""
        ...

    def mark(self, source: str, name: str) -> str | None:
        """What was noted about a source under `name`."""
        ...

    def set_mark(self, source: str, name: str, value: str | None) -> None:
        """Note it, durably; None forgets it."""
        ...

    def reread(
        self,
        records: Sequence[tuple[HarvestedRecord, Version]],
        rejections: Sequence[Rejection] = (),
        *,
        source: str,
        dropped: Iterable[str] = (),
        noted: Mapping[str, str | None] = ...,
    ) -> Counts:
        """Save what records of `source` that the catalog has, standing or rejected, are read as now.

        One transaction with marks, change log and outbox, as `Catalog.save`. A record that was replaced or
        withdrawn since it was given is left as it is. One that stands and is rejected now goes on standing,
        unless its native id is among those `dropped`; what it tells of other papers stays even so.
        """
        ...
