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
_LONGEST = 1 << 20
Row = dict[str, str]


def read_csv(body: bytes, url: str, now: datetime) -> Reading:
    """The events of a table that has a title and a beginning in each row.

    Raises:
        UnreadableListing: it has no such columns.
    """
    text = _decoded(body)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        rows = list(_bounded(lines))
    except csv.Error as error:
        raise UnreadableListing("this table cannot be read", "no-table") from error
    columns = [to_column(name) for name in rows[0]] if rows else []
    if "title" not in columns or "starts" not in columns:
        raise UnreadableListing("this table has no columns for titles and beginnings", "no-table")
    filled = (row for row in rows[1:] if any(cell.strip() for cell in row))
    entries = [partial(edition_of, _named(columns, row), url) for row in filled]
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


def _delimiter(text: str) -> str:
    """The mark that most parts the first line."""
    head = text.split("\n", 1)[0][:_LONGEST]
    return max(",;\t|", key=head.count)


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


def edition_of(row: Row, url: str) -> Iterator[Found]:
    """The edition that a row tells of. Raises `Refused`, `InvalidDate`."""
    title = titled(row.get("title"))
    city, place = line(row.get("city"), 100), line(row.get("place"))
    country = to_country(row.get("country", ""), place, city)
    city = city or to_city(country, place)
    zone = certain_name(row.get("zone", ""))
    online = fold(row.get("online", "")) in _YES or is_online(place)
    starts, ends = (parse_moment(row.get(key), country, city, zone) for key in ("starts", "ends"))
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
        deadlines=tuple(_deadlines(row, zone)),
    )
    yield Found(f"{link} {title}", edition)


def _deadlines(row: Row, zone: str) -> Iterator[Deadline]:
    for key, kind in _DEADLINES.items():
        try:
            moment = parse_moment(row.get(key), zone=zone)
        except InvalidDate:  # "2027-01?" is an expectation, no deadline
            continue
        if moment:  # without a zone it has passed when it has passed everywhere
            yield Deadline(kind, moment if zone else Moment(moment.at))
