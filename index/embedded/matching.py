"""Papers in their order, out of what tantivy found; equally good ones come newest first."""

from bisect import bisect_left, bisect_right
from typing import Any, cast

import numpy as np
import tantivy
from numpy.typing import NDArray

from domain.query import Sort
from index.embedded.schema import KEY, ORDER, key_paper
from index.engine import After, Match

_TIES = 64
"""How many hits more than asked are fetched, to put equally good ones into a fixed order."""
_Found = list[tuple[float, tantivy.DocAddress]]


def ranked(
    searcher: tantivy.Searcher, query: tantivy.Query, offset: int, size: int, after: After | None
) -> tuple[int, list[Match]]:
    """The best first. A page never splits hits that tie in another order than the next page."""
    limit = size + _TIES + (size if after else offset)
    while True:
        limit = max(1, min(limit, searcher.num_docs))
        result = searcher.search(query, limit)
        hits = result.hits
        start, end = _page(hits, offset, size, after)
        if end < len(hits) or len(hits) < limit or limit == searcher.num_docs:
            break
        limit *= 8
    found = sorted(matches(searcher, hits[start:end]), key=_place)
    if after:
        found = [match for match in found if _place(match) > (-after.score, -after.order)][:size]
    else:
        found = found[offset - start : offset - start + size]
    return total(result), found


def _page(hits: _Found, offset: int, size: int, after: After | None) -> tuple[int, int]:
    """From where to where hits may belong to the page: with all that tie with its first or its last."""
    rising = [-score for score, _ in hits]
    if after:
        start, end = bisect_left(rising, -after.score), bisect_right(rising, -after.score) + size
    else:
        start = bisect_left(rising, rising[offset]) if offset < len(hits) else len(hits)
        end = offset + size
    return start, bisect_right(rising, rising[end - 1]) if 0 < end <= len(hits) else min(end, len(hits))


def dated(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    left: tantivy.Query | None,
    sort: Sort,
    offset: int,
    size: int,
) -> tuple[int, list[Match]]:
    """The newest first, or the oldest; of those that match, a page of `left` where a page came before."""
    order = tantivy.Order.Asc if sort is Sort.OLDEST else tantivy.Order.Desc
    if offset >= searcher.num_docs or size <= 0:
        return count(searcher, query), []
    result = searcher.search(left or query, size, order_by_field=ORDER, offset=offset, order=order)
    found = matches(searcher, [(0.0, place) for _, place in result.hits])
    return count(searcher, query) if left else total(result), found


def matches(searcher: tantivy.Searcher, hits: _Found) -> list[Match]:
    """The papers of these hits."""
    places = [place for _, place in hits]
    papers = map(key_paper, _numbers(searcher, KEY, places))
    scores = (score for score, _ in hits)
    return list(map(Match, papers, scores, _numbers(searcher, ORDER, places)))


def passing(searcher: tantivy.Searcher, query: tantivy.Query, most: int) -> NDArray[np.uint64] | None:
    """The keys of all papers that match; None when they are over `most`."""
    result = searcher.search(query, most)
    if total(result) > most:
        return None
    keys = _numbers(searcher, KEY, [place for _, place in result.hits])
    return np.array(keys, np.int64).astype(np.uint64)


def count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    """How many papers match."""
    unscored = tantivy.Query.const_score_query(query, 0.0)  # a third of the work for a long question
    return total(searcher.search(unscored, 1))


def total(result: tantivy.SearchResult) -> int:
    """How many papers matched."""
    return int(result.count)  # type: ignore[attr-defined]  # missing from the library's stubs


def stored(searcher: tantivy.Searcher, place: tantivy.DocAddress, name: str) -> Any:  # noqa: ANN401 - as stored
    """A stored value."""
    return searcher.doc(place).get_first(name)


def _numbers(searcher: tantivy.Searcher, name: str, places: list[tantivy.DocAddress]) -> list[int]:
    """What each of the papers has in a field that all of them have."""
    return cast("list[int]", searcher.fast_field_values(name, places))


def _place(match: Match) -> tuple[float, int]:
    return -match.score, -match.order
