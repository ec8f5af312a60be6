"""The records of one very long page, kept on disk rather than in memory until each is asked for."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import Self, overload

from domain.record import HarvestedRecord

_HELD_BYTES = 4 << 20
"""So long a page is kept in memory; a longer one on disk."""


class RecordsAside(Sequence[HarvestedRecord]):
    """Records that differ in their ids and payloads only, in their order; a part of them is one, too."""

    def __init__(self, records: Iterable[HarvestedRecord]) -> None:
        self._file = SpooledTemporaryFile(_HELD_BYTES)  # noqa: SIM115 - open as long as there is a part of it
        self._names: list[str] = []
        self._ends = array("Q", [0])
        self._like: HarvestedRecord | None = None
        for record in records:
            self._like = self._like or replace(record, payload=b"")
            self._file.write(record.payload)
            self._names.append(record.native_id)
            self._ends.append(self._file.tell())
        self._places = range(len(self._names))

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[HarvestedRecord]:
        return map(self._record, self._places)

    @overload
    def __getitem__(self, place: int) -> HarvestedRecord: ...

    @overload
    def __getitem__(self, place: slice) -> Self: ...

    def __getitem__(self, place: int | slice) -> HarvestedRecord | Self:
        if isinstance(place, int):
            return self._record(self._places[place])
        part = type(self).__new__(type(self))
        part.__dict__ |= self.__dict__ | {"_places": self._places[place]}
        return part

    def _record(self, place: int) -> HarvestedRecord:
        assert self._like is not None
        begin, end = self._ends[place], self._ends[place + 1]
        self._file.seek(begin)
        return replace(self._like, native_id=self._names[place], payload=self._file.read(end - begin))
