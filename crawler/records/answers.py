"""Reading JSON that others wrote, whole answers or JSON Lines; nothing in it is taken on trust."""

import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO, cast

import msgspec

from crawler.fetching.page import Page
from domain.errors import SourceChanged
from domain.record import HarvestedRecord

Fields = Mapping[str, Any]
Raw = dict[str, msgspec.Raw]
"""An object whose values keep the bytes that they came in."""

MAX_ANSWER_BYTES = 64 << 20
_MAX_LINE_BYTES = 16 << 20
_BOM = b"\xef\xbb\xbf"
_KEY = re.compile(rb'"([A-Za-z_@][\w:@.-]{0,60})"\s*:')


def text(value: object) -> str:
    """A scalar as text; nothing for anything else."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def fields(value: object) -> Fields:
    """An object, empty for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: object, *path: str) -> list[Any]:
    """The members of the list that `path` leads to; one that stands alone is a list of one."""
    for name in path:
        value = fields(value).get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def decoded(source: str, body: bytes, form: Any = Any) -> Any:  # noqa: ANN401 - a type, as msgspec takes it
    """`body` as a value of type `form`.

    Raises:
        SourceChanged: it is no JSON, or not of that form.
    """
    try:
        return msgspec.json.decode(body.removeprefix(_BOM), type=form)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        start = body[:40].decode("utf-8", "replace")
        problem = f"the answer is not the JSON we know: {error}; it begins {start!r}"
        raise SourceChanged(source, problem) from error


def raw_items(source: str, held: msgspec.Raw | None) -> list[bytes]:
    """The members of a list as they came; a single object counts as a list of one, null as none."""
    raw = b"null" if held is None else bytes(held).strip()
    if raw == b"null":
        return []
    if raw.startswith(b"["):
        return [bytes(one) for one in decoded(source, raw, list[msgspec.Raw])]
    return [raw]


def hashed_id(payload: bytes) -> str:
    """A native id for a record that has none: the same bytes give the same."""
    return f"sha256:{hashlib.sha256(payload).hexdigest()[:32]}"


def key_names(head: bytes) -> frozenset[str]:
    """Names of keys that stand in the beginning of a JSON file; none when it is no JSON."""
    if head.removeprefix(_BOM).lstrip()[:1] not in (b"{", b"["):
        return frozenset()
    return frozenset(name.decode() for name in _KEY.findall(head))


def top_keys(head: bytes) -> frozenset[str]:
    """The keys of the record on the first line; none when that is not a whole object."""
    line, _, _ = head.removeprefix(_BOM).lstrip().partition(b"\n")
    return frozenset(_object(line) or ())


def read_records(
    source: str,
    stream: BinaryIO,
    fetched_at: datetime,
    *,
    is_answer: Callable[[Raw], bool],
    parse_answer: Callable[[bytes, datetime], Page],
    to_record: Callable[[bytes, datetime], HarvestedRecord],
) -> Iterator[HarvestedRecord]:
    """The records of a saved answer, of a list of records, or of JSON Lines with one record each.

    Raises:
        SourceChanged: it is none of these, or too large to be one.
    """
    lines = _Lines(cast("io.RawIOBase", stream), source)
    first = lines.readline().removeprefix(_BOM).strip()
    one = _object(first)
    if one is None or is_answer(one):
        whole = first + b"\n" + lines.read()
        if whole.lstrip().startswith(b"["):
            for raw in decoded(source, whole, list[msgspec.Raw]):
                yield to_record(bytes(raw), fetched_at)
        elif (alone := _object(whole)) is not None and not is_answer(alone):
            yield to_record(whole.strip(), fetched_at)
        else:
            yield from parse_answer(whole, fetched_at).records
        return
    yield to_record(first, fetched_at)
    for line in map(bytes.strip, lines):
        if line:
            yield to_record(line, fetched_at)


def _object(line: bytes) -> Raw | None:
    try:
        found: Raw = msgspec.json.decode(line, type=Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found


class _Lines(io.BufferedReader):
    """Lines, and whole answers, of bounded length; the first line may be a whole answer."""

    def __init__(self, stream: io.RawIOBase, source: str) -> None:
        super().__init__(stream)
        self._source = source
        self._first = True

    def readline(self, size: int | None = -1, /) -> bytes:
        limit, self._first = MAX_ANSWER_BYTES if self._first else _MAX_LINE_BYTES, False
        line = super().readline(limit if size is None or size < 0 else size)
        if len(line) >= limit:
            raise SourceChanged(self._source, f"a line of more than {limit >> 20} MiB")
        return line

    def __next__(self) -> bytes:
        if line := self.readline():
            return line
        raise StopIteration

    def read(self, size: int | None = -1, /) -> bytes:
        body = super().read(MAX_ANSWER_BYTES if size is None or size < 0 else size)
        if len(body) >= MAX_ANSWER_BYTES:
            raise SourceChanged(self._source, f"an answer of more than {MAX_ANSWER_BYTES >> 20} MiB")
        return body
