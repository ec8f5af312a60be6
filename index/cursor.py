"""Cursors: where a page of results ended, for the next one to go on from, however deep."""

import base64
import binascii
import struct
from dataclasses import dataclass
from hashlib import sha256
from math import isfinite

from domain.query import Query
from index.engine import After

_MOST_UNKEYED = 1000
"""Only among the papers that both halves ranked together does a cursor go by number."""
_FORM = struct.Struct(">6sI?dQ")


@dataclass(frozen=True, slots=True)
class Cursor:
    """How many results came before, and the key of the last of them where there is one."""

    seen: int
    after: After | None


def write_cursor(query: Query, cursor: Cursor) -> str:
    """The cursor as text that is safe in an address and good for this query alone."""
    after = cursor.after or After(0.0, 0)
    packed = _FORM.pack(_mark(query), cursor.seen, cursor.after is not None, after.score, after.order)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(query: Query) -> Cursor | None:
    """The cursor of `query`; None where it has none, or one of another query or that nobody gave out."""
    try:
        packed = base64.urlsafe_b64decode(query.cursor.encode() + b"=" * (-len(query.cursor) % 4))
        mark, seen, keyed, score, order = _FORM.unpack(packed)
    except (binascii.Error, struct.error, UnicodeEncodeError, ValueError):
        return None
    if mark != _mark(query):
        return None
    if keyed:
        return Cursor(seen, After(score, order)) if isfinite(score) and 0 < order < 2**63 else None
    return Cursor(seen, None) if seen <= _MOST_UNKEYED else None


def _mark(query: Query) -> bytes:
    filters = sorted((name, sorted(values)) for name, values in query.filters.items() if values)
    asked = (
        query.text,
        filters,
        query.year_from,
        query.year_to,
        str(query.sort),
        query.meaning,
        sorted(query.literal),
    )
    return sha256(repr(asked).encode("utf-8", "surrogatepass")).digest()[:6]
