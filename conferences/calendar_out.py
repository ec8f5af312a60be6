"""Editions as an iCalendar (RFC 5545) that calendars can subscribe to.

An edition is one event: whole days as dates, times in their own zone with a VTIMEZONE of it. Each deadline is
an event of its own, not a to-do: Google Calendar and Outlook show no to-dos of a calendar from elsewhere. It
is the last half hour, in UTC, so that "anywhere on Earth" falls on the reader's own clock and day.

Calendars differ on STATUS:CANCELLED: some strike the event through, Google's drops it, and who planned to go
would see it vanish. So a cancelled edition is told twice: itself, with that status, and a notice that stays.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from conferences.content_lines import at, folded, on, text
from conferences.dates import deadline_title, deadline_words, span_words
from conferences.plain import line, lines
from conferences.zones import to_vtimezone
from config import load_table
from domain.errors import InvalidDate
from domain.listing import AOE, Attendance, Deadline, DeadlineKind, Edition, Moment, Venue
from domain.plain import address

MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESH = "PT12H"
"""How often a subscribed calendar should ask again."""
CANCELLED = "Cancelled"
MOVED = "Moved"
_PRODUCT = "-//Findings//Conferences//EN"
_LAST_STRETCH = timedelta(minutes=30)
_KEPT = 4_096
ATTENDANCE = {
    Attendance.ON_SITE: "On site",
    Attendance.ONLINE: "Online",
    Attendance.HYBRID: "On site and online",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An edition with what the list says of it: its page here, and when it last changed (ISO 8601)."""

    edition: Edition
    url: str
    changed_at: str


def to_calendar(entries: Sequence[Entry], title: str, source: str, note: str = "") -> bytes:
    """One calendar of editions and their deadlines; an edition whose dates do not exist is left out.

    Args:
        source: the public address of this calendar, whose host is in every UID.
        note: what whoever subscribes is told about all of it.
    """
    host = urlsplit(source).hostname or "localhost"
    parts = [_entry_text(entry, host) for entry in entries]
    head = _head(line(title, 200), source, line(note, 500))
    return b"".join([head, *_zones(entries), *parts, b"END:VCALENDAR\r\n"])


def place_line(venue: Venue, attendance: Attendance) -> str:
    """Where it meets, on one line."""
    country = load_table("countries").get(venue.country, {})
    named = country.get("name", venue.country) if isinstance(country, dict) else venue.country
    parts = [line(part, 200) for part in (venue.name, venue.address, venue.city, str(named)) if part]
    if attendance is Attendance.ONLINE:
        return ", ".join(["Online", *parts])
    return ", ".join(parts) + (" and online" if parts and attendance is Attendance.HYBRID else "")


def categories(edition: Edition) -> list[str]:
    """What it is about, in words."""
    table = load_table("cancer_types")
    labels = [str(table.get(code, {}).get("label", code)) for code in edition.cancer_types]
    return ["Conference", *(line(label, 100) for label in labels)]


def _head(title: str, source: str, note: str) -> bytes:
    rows = [
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
        f"PRODID:{_PRODUCT}\r\nCALSCALE:GREGORIAN\r\n",
        folded("NAME", text(title)),
        folded("X-WR-CALNAME", text(title)),
        folded("DESCRIPTION", text(note)) + folded("X-WR-CALDESC", text(note)) if note else "",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}\r\nX-PUBLISHED-TTL:{REFRESH}\r\n",
        folded("SOURCE;VALUE=URI", source) if address(source) else "",
    ]
    return "".join(rows).encode()


@lru_cache(_KEPT)
def _entry_text(entry: Entry, host: str) -> bytes:
    try:
        return "".join(
            f"BEGIN:VEVENT\r\n{''.join(rows)}END:VEVENT\r\n" for rows in _events(entry, host)
        ).encode()
    except InvalidDate:
        return b""


def _events(entry: Entry, host: str) -> Iterator[list[str]]:
    """The content lines of each event."""
    yield _main(entry, host)
    if entry.edition.cancelled:
        yield _notice(entry, host)
    seen: Counter[str] = Counter()
    for deadline in entry.edition.deadlines:
        key = _deadline_key(deadline)
        seen[key] += 1
        yield _deadline(entry, deadline, f"{key}-{seen[key]}" if seen[key] > 1 else key, host)


def _main(entry: Entry, host: str) -> list[str]:
    edition, venue = entry.edition, entry.edition.venue
    place = place_line(venue, edition.attendance)
    return [
        *_common(entry, _uid(edition, host), _titled(edition)),
        f"STATUS:{_status(edition)}\r\n",
        *_span(edition),
        folded("LOCATION", text(place)) if place else "",
        _geo(venue.latitude, venue.longitude),
        folded("CATEGORIES", ",".join(map(text, categories(edition)))),
        folded("DESCRIPTION", text(_description(edition, entry.url))),
    ]


def _notice(entry: Entry, host: str) -> list[str]:
    edition = entry.edition
    return [
        *_common(entry, _uid(edition, host, "cancelled"), f"{_titled(edition)} (it will not take place)"),
        *_span(edition),
        folded("DESCRIPTION", text(entry.url)),
        folded("RELATED-TO", _uid(edition, host)),
    ]


def _deadline(entry: Entry, deadline: Deadline, key: str, host: str) -> list[str]:
    edition, until = entry.edition, deadline.moment.ends()
    title = f"Deadline: {line(deadline_title(deadline), 120)} – {line(edition.title, 200)}"
    told = [f"Until {deadline_words(deadline.moment)}."]
    told += [f"First until {deadline_words(deadline.earlier[0])}."] if deadline.earlier else []
    return [
        *_common(entry, _uid(edition, host, key), f"{CANCELLED}: {title}" if edition.cancelled else title),
        f"STATUS:{_status(edition)}\r\n",
        at("DTSTART", until - _LAST_STRETCH),
        at("DTEND", until),
        folded("CATEGORIES", ",".join(map(text, ["Deadline", *categories(edition)]))),
        folded("DESCRIPTION", text("\n".join([*told, entry.url]))),
        folded("RELATED-TO", _uid(edition, host)),
    ]


def _common(entry: Entry, uid: str, title: str) -> list[str]:
    changed = _changed(entry.changed_at)
    return [
        folded("UID", uid),
        f"SEQUENCE:{max(entry.edition.sequence, 0)}\r\n",
        at("DTSTAMP", changed),
        at("LAST-MODIFIED", changed),
        folded("SUMMARY", text(title)),
        "TRANSP:TRANSPARENT\r\n",  # who subscribes to a list is not busy on all its days
        folded("URL", entry.url) if address(entry.url) else "",
    ]


def _uid(edition: Edition, host: str, part: str = "") -> str:
    own = re.sub(r"[^A-Za-z0-9._~:-]", "-", edition.id)
    return f"{own}-{part}@{host}" if part else f"{own}@{host}"


def _status(edition: Edition) -> str:
    return "CANCELLED" if edition.cancelled else "CONFIRMED"


def _titled(edition: Edition) -> str:
    title = line(edition.title)
    return f"{CANCELLED}: {title}" if edition.cancelled else title


def _description(edition: Edition, url: str) -> str:
    parts = []
    if edition.cancelled:
        parts.append("This meeting has been cancelled.")
    elif edition.earlier:
        parts.append(f"{MOVED}: first announced for {span_words(*edition.earlier[0])}.")
    parts += [ATTENDANCE[edition.attendance], lines(edition.summary, 2_000)]
    parts += [
        f"{line(deadline_title(d), 120)}: until {deadline_words(d.moment)}" for d in edition.deadlines[:20]
    ]
    return "\n".join(part for part in [*parts, address(edition.url), url] if part)


def _span(edition: Edition) -> list[str]:
    starts, ends = edition.starts, edition.ends
    if starts.whole_day or ends.whole_day:
        following = max(starts.day, ends.day) + timedelta(days=1)
        return [on("DTSTART", starts.day), on("DTEND", following)]
    begin, end = _local(starts), _local(ends)
    return [at("DTSTART", begin), *([at("DTEND", end)] if end > begin else [])]


def _local(moment: Moment) -> datetime:
    """The instant on its zone's clock; in UTC where that clock shows the time twice, which readers tell apart
    differently. A time that the clock skips becomes the one meant."""
    instant = moment.begins()
    if moment.zone in {AOE, "UTC"}:
        return instant
    local = instant.astimezone(ZoneInfo(moment.zone))
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return instant if twice else local


def _geo(latitude: float | None, longitude: float | None) -> str:
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return ""
    return f"GEO:{latitude:.6f};{longitude:.6f}\r\n"


def _zones(entries: Iterable[Entry]) -> Iterator[bytes]:
    """A VTIMEZONE for each zone that a time stands in, long enough for the times that stand in it."""
    spans: dict[str, tuple[int, int]] = {}
    for entry in entries:
        for moment in (entry.edition.starts, entry.edition.ends):
            if not moment.whole_day and moment.zone not in {AOE, "UTC"}:
                try:
                    year = moment.begins().year
                except InvalidDate:
                    continue
                low, high = spans.get(moment.zone, (year, year))
                spans[moment.zone] = min(low, year), max(high, year)
    for zone, (low, high) in sorted(spans.items()):
        yield to_vtimezone(zone, low, high)


def _changed(iso: str) -> datetime:
    try:
        found = datetime.fromisoformat(iso).replace(microsecond=0)
    except ValueError:
        return datetime(2000, 1, 1, tzinfo=UTC)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _deadline_key(deadline: Deadline) -> str:
    """The same for a deadline that is extended; a label tells two of one kind apart."""
    kind = DeadlineKind(deadline.kind).value
    label = deadline.label.strip().casefold().encode("utf-8", "replace")
    return f"{kind}-{hashlib.sha256(label).hexdigest()[:8]}" if label else kind
