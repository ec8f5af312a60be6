"""What a file is, told from its content, and the reader that goes with it."""

import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from crawler.archives import HEAD_BYTES
from crawler.sources import europepmc, jats, pubmed
from crawler.xml import root_name
from domain.errors import RecordRejected, SourceChanged
from domain.paper import Version
from domain.record import HarvestedRecord

Outcomes = Iterator[tuple[HarvestedRecord, Version | RecordRejected]]

MAX_ANSWER_BYTES = 64 << 20
_MAX_LINE_BYTES = 16 << 20
_BOM = b"\xef\xbb\xbf"
_OWN_KEYS = (b'"abstractText"', b'"authorString"')
"""Keys that Europe PMC gives its records, and hardly anyone else."""
_SUFFIXES = frozenset({".xml", ".nxml", ".json", ".jsonl", ".gz", ".tgz", ".tar", ".zip"})
"""What files of ours are called; such a one that we cannot make out is told, not passed over."""


class _Lines(io.BufferedReader):
    """Lines, and whole answers, of bounded length; the first line may be a whole answer."""

    _limit: int | None = None

    def readline(self, size: int | None = -1, /) -> bytes:
        limit, self._limit = self._limit or MAX_ANSWER_BYTES, _MAX_LINE_BYTES
        line = super().readline(limit if size is None or size < 0 else size)
        if len(line) >= limit:
            raise SourceChanged(europepmc.SOURCE, f"a line of more than {limit >> 20} MiB")
        return line

    def __next__(self) -> bytes:
        if line := self.readline():
            return line
        raise StopIteration

    def read(self, size: int | None = -1, /) -> bytes:
        body = super().read(MAX_ANSWER_BYTES if size is None or size < 0 else size)
        if len(body) >= MAX_ANSWER_BYTES:
            raise SourceChanged(europepmc.SOURCE, f"an answer of more than {MAX_ANSWER_BYTES >> 20} MiB")
        return body


def read_member(head: bytes, stream: BinaryIO, fetched_at: datetime) -> Outcomes | None:
    """The records of a file that begins with `head`; None when it is in no format we read."""
    if (root := root_name(head)) in pubmed.ROOTS or root in {"MedlineCitation"}:
        return pubmed.parse_versions(stream, fetched_at)
    if root.rpartition(":")[2] in jats.ROOTS and (root == "article" or b"article" in head):
        return jats.parse_versions(stream, fetched_at)
    if _is_europepmc(head):
        return _europepmc_versions(stream, fetched_at)
    return None


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


def _is_europepmc(head: bytes) -> bool:
    """An answer of the search, or JSON Lines that begin with a core record."""
    text = head.removeprefix(_BOM).lstrip()
    if not text.startswith(b"{"):
        return False
    if b'"resultList"' in text:
        return True
    line, end, _ = text.partition(b"\n")
    if not end and len(head) >= HEAD_BYTES:  # a record longer than what we look at
        return all(key in text for key in (b'"id"', b'"source"')) or any(key in text for key in _OWN_KEYS)
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and {"id", "source"} <= first.keys()


def _europepmc_versions(stream: BinaryIO, fetched_at: datetime) -> Outcomes:
    lines = cast("BinaryIO", _Lines(cast("io.RawIOBase", stream)))
    for record in europepmc.parse_records(lines, fetched_at):
        try:
            yield record, europepmc.to_version(record)
        except RecordRejected as rejection:
            yield record, rejection
