"""Instants as text: one form, wherever they are kept or given out, and the months as sources write them."""

from datetime import UTC, datetime

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""In English and in order, as MEDLINE, BibTeX and what people paste shorten them."""


def to_timestamp(moment: datetime) -> str:
    """`moment` as ISO 8601 in UTC, to the second; a time without a zone is taken as UTC.

    >>> to_timestamp(datetime(2026, 1, 2, 3, 4, 5))
    '2026-01-02T03:04:05Z'
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
