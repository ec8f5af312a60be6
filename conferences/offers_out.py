"""Opportunities and resources for calendars, feeds and spreadsheets; a calendar tells when each closes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from conferences.atom import Note
from conferences.calendar_out import place_line
from conferences.dates import deadline_words
from conferences.plain import line, lines
from domain.listing import Opportunity, Resource
from domain.plain import address

OPPORTUNITY_COLUMNS = (
    *("id", "kind", "title", "provider", "closes", "zone", "closes_utc", "attendance", "country"),
    *("languages", "cancer_types", "amount", "currency", "url", "page", "changed_at"),
)
RESOURCE_COLUMNS = (
    *("id", "kind", "title", "provider", "access", "terms", "countries", "cancer_types", "identifiers"),
    *("certificates", "url", "link_checked_at", "link_answer", "page", "changed_at"),
)
_LAST_STRETCH = timedelta(minutes=30)
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Offer:
    """An opportunity with its page here, when it last changed (ISO 8601), and the name of its kind."""

    listing: Opportunity
    url: str
    changed_at: str
    kind: str


def offers_calendar(offers: Iterable[Offer], title: str, source: str) -> bytes:
    """The closing time of each as an event, the last half hour before it; what never closes has none.

    Args:
        source: the public address of this calendar, whose host is in every UID.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Findings//Opportunities//EN")
    calendar.add("version", "2.0")
    calendar.add("name", line(title, 200))
    calendar.add("x-wr-calname", line(title, 200))
    host = urlsplit(source).hostname or "localhost"
    for offer in offers:
        if offer.listing.closes:
            calendar.add_component(_closing(offer, offer.listing.closes.ends(), host))
    return bytes(calendar.to_ical())


def offer_note(offer: Offer) -> Note:
    """An opportunity in a feed."""
    one = offer.listing
    closes = f"Until {deadline_words(one.closes)}" if one.closes else ""
    where = place_line(one.venue, one.attendance)
    told = ". ".join(part for part in (line(one.provider), closes, where) if part)
    summary = "\n".join(part for part in (told, lines(one.summary, 500)) if part)
    return Note(f"opportunities:{one.id}", one.title, offer.url, offer.changed_at, (offer.kind,), summary)


def resource_note(one: Resource, url: str, changed_at: str, kind: str) -> Note:
    """A resource in a feed."""
    return Note(f"resources:{one.id}", one.title, url, changed_at, (kind,), lines(one.summary, 500))


def offer_cells(offer: Offer) -> Sequence[str]:
    """An opportunity in a table, as `OPPORTUNITY_COLUMNS`."""
    one, closes = offer.listing, offer.listing.closes
    return (
        *(one.id, str(one.kind), one.title, one.provider),
        *((closes.at, closes.zone, f"{closes.ends():%Y-%m-%dT%H:%M:%SZ}") if closes else ("", "", "")),
        *(str(one.attendance), one.venue.country, "; ".join(one.languages), "; ".join(one.cancer_types)),
        *(one.amount, one.currency, one.url, offer.url, offer.changed_at),
    )


def resource_cells(one: Resource, url: str, changed_at: str) -> Sequence[str]:
    """A resource in a table, as `RESOURCE_COLUMNS`."""
    last = max(one.checks, key=lambda check: check.checked_at, default=None)
    many = (one.countries, one.cancer_types, one.identifiers, one.certificates)
    return (
        *(one.id, str(one.kind), one.title, one.provider, str(one.access), one.terms),
        *("; ".join(some) for some in many),
        one.url,
        *((last.checked_at, last.problem or "ok") if last else ("", "")),
        *(url, changed_at),
    )


def _closing(offer: Offer, until: datetime, host: str) -> Event:
    one, event = offer.listing, Event()
    changed = _instant(offer.changed_at)
    event.add("uid", f"{line(one.id, 100)}-closes@{host}")
    event.add("sequence", max(one.sequence, 0))
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("summary", f"Closes: {line(one.title, 200)}")
    event.add("dtstart", until - _LAST_STRETCH)
    event.add("dtend", until)
    event.add("transp", "TRANSPARENT")
    event.add("categories", ["Deadline", offer.kind])
    closes = f"Until {deadline_words(one.closes)}." if one.closes else ""
    event.add("description", "\n".join(part for part in (line(one.provider), closes, offer.url) if part))
    if url := address(offer.url):
        event.add("url", url)
    return event


def _instant(iso: str) -> datetime:
    try:
        found = datetime.fromisoformat(iso).replace(microsecond=0)
    except ValueError:
        return _NEVER
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
