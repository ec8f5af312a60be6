"""The oldest first: papers without a date come last, as they do where the newest come first."""

from domain.query import And, Node, Not, Query, Range, Sort
from index.contents import FIRST_DATED
from index.engine import After, Engine, Match

_DATED = Range("date", 1, None)


def oldest_first(
    engine: Engine, node: Node | None, query: Query, size: int, offset: int = 0, after: After | None = None
) -> tuple[int, list[Match]]:
    """How many papers match in all, and `size` of them from `offset` or after `after`."""
    total, found = 0, list[Match]()
    if after is None or after.order >= FIRST_DATED:
        total, found = engine.find(_both(node, _DATED), query, Sort.OLDEST, size, offset, after)
        offset, after = max(0, offset - total), None
    left = size - len(found)
    undated, rest = engine.find(_both(node, Not(_DATED)), query, Sort.OLDEST, left, offset, after)
    if after is not None:  # only what comes last was asked for
        total = engine.find(_both(node, _DATED), query, Sort.OLDEST, 0)[0]
    return total + undated, found + rest


def _both(node: Node | None, condition: Node) -> Node:
    return condition if node is None else And((node, condition))
