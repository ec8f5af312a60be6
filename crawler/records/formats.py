"""What a file is, told from its content, and the source that reads it."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol, runtime_checkable

from crawler.records.xml import root_name
from crawler.sources import FileSource, Outcomes, ReadingSource, file_sources, try_reading
from domain.errors import RecordRejected
from domain.paper import Version
from domain.record import HarvestedRecord

_BOM = b"\xef\xbb\xbf"
_SUFFIXES = frozenset({".xml", ".nxml", ".json", ".jsonl", ".csv", ".gz", ".tgz", ".tar", ".zip"})
"""What files of ours are called; such a one that we cannot make out is told, not passed over."""


Readings = Iterator[tuple[HarvestedRecord, Version | RecordRejected | None]]
"""Records, each with what it was read as; None: not read, since it cannot be about cancer."""


@runtime_checkable
class ScanningSource(FileSource, Protocol):
    """A file source that can tell unread that a record is not about cancer."""

    def parse_on_cancer(self, stream: BinaryIO, fetched_at: datetime) -> Readings:
        """Records, those read that may be about cancer. Raises `SourceChanged`."""
        ...


def read_member(
    head: bytes, stream: BinaryIO, fetched_at: datetime, *, cancer_only: bool = False
) -> Readings | None:
    """The records of a file that begins with `head`; None when it is in no format we read.

    With `cancer_only` those need not be read that are not about cancer.
    """
    source = next((source for source in file_sources() if source.recognises(head)), None)
    if source is None:
        return None
    if cancer_only and isinstance(source, ScanningSource):
        return source.parse_on_cancer(stream, fetched_at)
    if isinstance(source, ReadingSource):
        return source.parse_versions(stream, fetched_at)
    return _read_each(source, stream, fetched_at)


def _read_each(source: FileSource, stream: BinaryIO, fetched_at: datetime) -> Outcomes:
    for record in source.parse_records(stream, fetched_at):
        yield record, try_reading(record, partial(source.to_version, record))


def is_other(name: str, head: bytes) -> bool:
    """Whether a file that we do not read is plainly none of ours, rather than one of ours that is damaged.

    >>> is_other("articles/figure1.jpg", b"...."), is_other("articles/1.xml", b"")
    (True, False)
    """
    path = PurePosixPath(name.rpartition("!")[2])
    if path.suffix.lower() not in _SUFFIXES or path.name.startswith("._"):
        return True
    if root := root_name(head):
        return root.lower() != "html"  # an error page saved under the name of an article
    return head.removeprefix(_BOM).lstrip()[:1] in (b"{", b"[")
