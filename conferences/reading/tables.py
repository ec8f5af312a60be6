"""Tables of events: CSV with any delimiter, encoding and names of columns."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from functools import cache, partial

from conferences.reading.drafts import (
    Found,
    Reading,
    checked_days,
    collect,
    fold,
    is_online,
    line,
    paragraph,
    titled,
    web_address,
)
from conferences.reading.moments import parse_moment
from conferences.reading.places import is_no_more_than, to_city, to_country
from conferences.reading.spreadsheets import day_first, plain_day, split_span
from conferences.reading.zones import certain_name
from config import load_table
from domain.errors import InvalidDate, UnreadableListing
from domain.listing import Attendance, Deadline, DeadlineKind, Edition, Moment, Venue

_YES = frozenset({"true", "yes", "y", "1", "x", "ja", "oui", "si", "online", "virtual"})
_DEADLINES = {
    "closes": DeadlineKind.APPLICATION,
    "abstracts": DeadlineKind.ABSTRACT,
    "registration": DeadlineKind.REGISTRATION,
}
_LONGEST = 100_000
_HEADINGS = 10
_MARKS = ",;\t|"
Row = dict[str, str]


def read_csv(body: bytes, url: str, now: datetime) -> Reading:
    """The events of a table that has a title and a beginning in each row.

    Raises:
        UnreadableListing: it has no such columns.
    """
    text, mark = _headed(_decoded(body))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        rows = list(_bounded(lines))
    except csv.Error as error:
        raise UnreadableListing("this table cannot be read", "no-table") from error
    columns = [to_column(name) for name in rows[0]] if rows else []
    if not _is_head(columns):
        raise UnreadableListing("this table has no columns for titles and beginnings", "no-table")
    filled = [_named(columns, row) for row in rows[1:] if any(cell.strip() for cell in row)]
    # Where numbers have decimal commas, tables have semicolons, and days stand before months.
    days = (row.get(key, "") for row in filled for key in ("starts", "ends", *_DEADLINES))
    first = day_first(days, True if mark == ";" else None)
    entries = [partial(edition_of, row, url, first=first) for row in filled]
    if not entries:
        raise UnreadableListing("this table has no rows", "no-event")
    return collect("csv", entries)


def _bounded(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    for number, row in enumerate(rows):
        if number > 5000:
            return
        yield row[:200]


def _decoded(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace").replace("\0", "")
    try:
        return body.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace").replace("\0", "")


def _headed(text: str) -> tuple[str, str]:
    """The text from the line with the names of columns on, and the mark between them.

    Some tables begin with a heading of their own, or with the `sep=;` of Excel.
    """
    lines = text.split("\n", _HEADINGS)
    for number, written in enumerate(lines[:_HEADINGS]):
        for mark in _MARKS:
            if mark in written and _is_head(_cells(written[:_LONGEST], mark)):
                return "\n".join(lines[number:]), mark
    return text, max(_MARKS, key=lines[0][:_LONGEST].count)


def _cells(written: str, mark: str) -> list[str]:
    try:
        return [to_column(cell) for cell in next(csv.reader([written], delimiter=mark), [])]
    except csv.Error:
        return []


def _is_head(columns: list[str]) -> bool:
    return "title" in columns and "starts" in columns


@cache
def _columns() -> dict[str, str]:
    return {name: key for key, names in load_table("reading")["columns"].items() for name in names}


def to_column(name: str) -> str:
    """What we call a column of that name; its own name where we have none."""
    folded = fold(name.replace("_", " ")[:100])
    return _columns().get(folded, folded)


def _named(columns: list[str], row: list[str]) -> Row:
    """The cells of a row by column; of two columns of one name the first with something in it."""
    told: Row = {}
    for name, cell in zip(columns, row, strict=False):
        told[name] = told.get(name) or cell.strip()
    return told


def edition_of(row: Row, url: str, *, first: bool | None = None) -> Iterator[Found]:
    """The edition that a row tells of; `first` says whether its table writes days before months.

    Raises `Refused`, `InvalidDate`.
    """
    title = titled(row.get("title"))
    city, place = line(row.get("city"), 100), line(row.get("place"))
    country = to_country(row.get("country", ""), place, city)
    city = city or to_city(country, place)
    zone = certain_name(row.get("zone", ""))
    online = fold(row.get("online", "")) in _YES or is_online(place)
    begins, over = split_span(row.get("starts", ""))
    told = (plain_day(text, first=first) for text in (begins, row.get("ends", "") or over))
    starts, ends = (parse_moment(text, country, city, zone) for text in told)
    starts, ends = checked_days(title, starts, ends)
    link = web_address(row.get("url"), url) or url
    hall = line(row.get("venue")) or ("" if is_no_more_than(country, city, place) else place)
    on_site = Venue(country, city, hall, line(row.get("address")))
    attendance = Attendance.ON_SITE
    if online:
        attendance = Attendance.HYBRID if city or country else Attendance.ONLINE
    edition = Edition(
        id="",
        series="",
        slug=starts.at[:4],
        title=title,
        starts=starts,
        ends=ends,
        summary=paragraph(row.get("summary", "").strip('"')),
        url=link,
        attendance=attendance,
        venue=on_site if attendance is not Attendance.ONLINE else Venue(),
        organizers=tuple(filter(None, (line(row.get("organizer"), 200),))),
        contact=line(row.get("contact")),
        deadlines=tuple(_deadlines(row, zone, first)),
    )
    yield Found(f"{link} {title}", edition)


def _deadlines(row: Row, zone: str, first: bool | None) -> Iterator[Deadline]:
    for key, kind in _DEADLINES.items():
        try:
            moment = parse_moment(plain_day(row.get(key, ""), first=first), zone=zone)
        except InvalidDate:  # "2027-01?" is an expectation, no deadline
            continue
        if moment:  # without a zone it has passed when it has passed everywhere
            yield Deadline(kind, moment if zone else Moment(moment.at))
