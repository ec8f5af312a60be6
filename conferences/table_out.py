"""Meetings as a table (CSV, RFC 4180) that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Sequence

from conferences.calendar_out import Entry
from conferences.dates import deadline_title
from conferences.jsonld import iso
from conferences.plain import line
from domain.errors import InvalidDate
from domain.listing import Edition

MEDIA_TYPE = "text/csv; charset=utf-8"
COLUMNS = (
    *("id", "title", "starts", "ends", "zone", "status", "attendance", "country", "city", "venue"),
    *("languages", "cancer_types", "organizers", "deadlines", "url", "page", "changed_at"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def to_csv(rows: Sequence[tuple[Entry, str]]) -> bytes:
    """A table of editions, each with its status; one whose dates do not exist is left out."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry, status in rows:
        try:
            writer.writerow(map(harmless, _cells(entry, entry.edition, status)))
        except InvalidDate:
            continue
    return text.getvalue().encode()


def harmless(cell: str) -> str:
    """`cell` where no spreadsheet takes it for a formula.

    >>> harmless("=HYPERLINK(1)"), harmless(" +1"), harmless("1 May")
    ("'=HYPERLINK(1)", "'+1", '1 May')
    """
    cell = line(cell, 2_000)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _cells(entry: Entry, edition: Edition, status: str) -> Sequence[str]:
    venue = edition.venue
    due = [f"{deadline_title(d)}: {iso(d.moment)} {d.moment.zone}" for d in edition.deadlines[:20]]
    return (
        *(edition.id, edition.title, iso(edition.starts), iso(edition.ends), edition.starts.zone, status),
        *(edition.attendance, venue.country, venue.city, venue.name),
        *("; ".join(many) for many in (edition.languages, edition.cancer_types, edition.organizers, due)),
        *(edition.url, entry.url, entry.changed_at),
    )
