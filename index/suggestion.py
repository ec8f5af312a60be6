"""Did you mean: the query with its likely slips of spelling mended."""

from domain.query import Query, Reading
from index.engine import Engine


def suggest(engine: Engine, reading: Reading, query: Query) -> str:
    """The query's text with its rare words replaced by like ones that occur; empty where all are known."""
    return ""
