"""Cursors: where a page of results ended, for the next one to go on from, however deep."""

import base64
import binascii
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import isfinite
from statistics import median_low

from domain.identifiers import is_work_id
from domain.query import Query
from index.engine import After, Match

_MOST_UNKEYED = 1000
"""Only among the papers that both halves ranked together does a cursor go by number."""
_MOST_KEYED = 2**31
"""No index holds more; the next cursor has to have room for its number."""
_FORM = struct.Struct(">6sI?dQ")
_PAPER = struct.Struct(">11sf")
_KEPT = 3
"""So many papers are known again: one or two of them may be gone or changed by then."""
_DRIFT = 0.1
"""Papers that come and go change the scores of all others, of two in like measure but for so much."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How many results came before, and which were the last of them."""

    seen: int
    last: After
    """The key of the last; without an order where both halves ranked it together."""
    papers: tuple[tuple[str, float], ...] = ()
    """The last few with their scores, by which the place is found again when others came and went."""

    @property
    def after(self) -> After | None:
        """Where to go on, where the key tells."""
        return self.last if self.last.order else None

    def unmoved(self, scores: Mapping[str, float]) -> str:
        """Of the last few papers, as they score now, the one behind which to go on; empty where none is left.

        One whose score changed unlike those of the others was itself changed.
        """
        ratios = {paper: scores[paper] / old for paper, old in self.papers if old > 0 and paper in scores}
        usual = median_low(ratios.values()) if ratios else 0.0
        alike = [paper for paper, ratio in ratios.items() if abs(ratio - usual) <= _DRIFT * usual]
        return alike[-1] if alike else ""


def to_cursor(seen: int, matches: Sequence[Match]) -> Cursor:
    """The cursor behind some matches, of which the last was number `seen`."""
    last = matches[-1]
    few = (match for match in matches[-_KEPT:] if bool(match.order) == bool(last.order))
    return Cursor(seen, After(last.score, last.order), tuple((match.paper_id, match.score) for match in few))


def write_cursor(query: Query, cursor: Cursor) -> str:
    """The cursor as text that is safe in an address and good for this query alone."""
    last = cursor.last
    packed = _FORM.pack(_mark(query), cursor.seen, last.order > 0, last.score, last.order)
    packed += b"".join(_PAPER.pack(paper.encode(), score) for paper, score in cursor.papers)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(query: Query) -> Cursor | None:
    """The cursor of `query`; None where it has none, or one of another query or that nobody gave out."""
    try:
        packed = base64.urlsafe_b64decode(query.cursor.encode() + b"=" * (-len(query.cursor) % 4))
        mark, seen, keyed, score, order = _FORM.unpack(packed[: _FORM.size])
        rows = _PAPER.iter_unpack(packed[_FORM.size :])
        papers = tuple((paper.decode(), told) for paper, told in rows)
    except (binascii.Error, struct.error, UnicodeError, ValueError):
        return None
    scores = (score, *(told for _, told in papers))
    sound = (
        len(papers) <= _KEPT and all(map(isfinite, scores)) and all(is_work_id(paper) for paper, _ in papers)
    )
    if mark != _mark(query) or not sound or seen > (_MOST_KEYED if keyed else _MOST_UNKEYED):
        return None
    if keyed:
        return Cursor(seen, After(score, order), papers) if 0 < order < 2**63 else None
    return Cursor(seen, After(score, 0), papers)


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
