"""Meetings as schema.org Event and EventSeries, for search engines and other calendars."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from conferences.plain import line, lines
from domain.listing import Attendance, DeadlineKind, Edition, Moment, Series, Venue
from domain.plain import address

_SCHEMA = "https://schema.org/"
_MODES = {
    Attendance.ON_SITE: "OfflineEventAttendanceMode",
    Attendance.ONLINE: "OnlineEventAttendanceMode",
    Attendance.HYBRID: "MixedEventAttendanceMode",
}
_MOST = 10


def event(edition: Edition, url: str, series: tuple[Series, str] | None = None) -> dict[str, Any]:
    """An edition as an Event; what is not stated is left out. Raises `InvalidDate`.

    Args:
        url: its page here.
        series: what it is an edition of, and that one's page.
    """
    told = {
        "@context": _SCHEMA,
        "@type": "Event",
        "@id": url,
        "name": line(edition.title),
        "description": lines(edition.summary, 600),
        "url": url,
        "sameAs": address(edition.url),
        "startDate": iso(edition.starts),
        "endDate": iso(edition.ends),
        "previousStartDate": iso(edition.earlier[-1][0]) if edition.earlier else "",
        "eventStatus": _SCHEMA + _status(edition),
        "eventAttendanceMode": _SCHEMA + _MODES[edition.attendance],
        "location": _places(edition, url),
        "organizer": [
            {"@type": "Organization", "name": line(name, 100)} for name in edition.organizers[:_MOST]
        ],
        "inLanguage": list(edition.languages[:_MOST]),
        "superEvent": _named("EventSeries", series[0].title, series[1]) if series else None,
        "offers": _offers(edition),
        "isAccessibleForFree": all(fee.is_free for fee in edition.fees) if edition.fees else None,
    }
    return {key: value for key, value in told.items() if value not in (None, "", [])}


def event_series(series: Series, url: str, editions: Sequence[tuple[Edition, str]]) -> dict[str, Any]:
    """A series with its editions. Raises `InvalidDate`."""
    told = {
        "@context": _SCHEMA,
        "@type": "EventSeries",
        "@id": url,
        "name": line(series.title),
        "alternateName": line(series.acronym, 60),
        "description": lines(series.summary, 600),
        "url": url,
        "sameAs": address(series.url),
        "organizer": [
            {"@type": "Organization", "name": line(name, 100)} for name in series.organizers[:_MOST]
        ],
        "subEvent": [
            _named("Event", edition.title, page) | {"startDate": iso(edition.starts)}
            for edition, page in editions[:_MOST]
        ],
    }
    return {key: value for key, value in told.items() if value not in ("", [])}


def iso(moment: Moment) -> str:
    """A day, or a time with what its zone is ahead of UTC. Raises `InvalidDate`.

    >>> iso(Moment("2027-03-06")), iso(Moment("2027-03-06T09:00", "Asia/Kolkata"))
    ('2027-03-06', '2027-03-06T09:00:00+05:30')
    """
    if moment.whole_day:
        return moment.day.isoformat()
    instant: datetime = moment.begins()
    named = moment.zone not in {"AoE", "UTC"}
    return instant.astimezone(ZoneInfo(moment.zone)).isoformat() if named else instant.isoformat()


def _status(edition: Edition) -> str:
    if edition.cancelled:
        return "EventCancelled"
    return "EventRescheduled" if edition.earlier else "EventScheduled"


def _places(edition: Edition, url: str) -> list[dict[str, Any]]:
    online = {"@type": "VirtualLocation", "url": address(edition.url) or url}
    if edition.attendance is Attendance.ONLINE:
        return [online]
    there = _place(edition.venue)
    return [there, online] if edition.attendance is Attendance.HYBRID else [there]


def _place(venue: Venue) -> dict[str, Any]:
    own = {
        "@type": "PostalAddress",
        "streetAddress": line(venue.address),
        "addressLocality": line(venue.city, 200),
        "addressCountry": venue.country,
    }
    place: dict[str, Any] = {
        "@type": "Place",
        "name": line(venue.name or venue.city or venue.country, 200),
        "address": {key: value for key, value in own.items() if value},
    }
    if venue.latitude is not None and venue.longitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": venue.latitude,
            "longitude": venue.longitude,
        }
    return place


def _offers(edition: Edition) -> list[dict[str, Any]]:
    registration = [d for d in edition.deadlines if d.kind is DeadlineKind.REGISTRATION]
    until = {"validThrough": registration[-1].moment.ends().isoformat()} if registration else {}
    url = {"url": address(edition.url)} if address(edition.url) else {}
    return [
        {
            "@type": "Offer",
            "name": line(fee.label, 100) or ("Online" if fee.online else "Registration"),
            "price": line(fee.amount, 20),
            "priceCurrency": line(fee.currency, 3),
            **until,
            **url,
        }
        for fee in edition.fees[:_MOST]
    ]


def _named(kind: str, title: str, url: str) -> dict[str, Any]:
    return {"@type": kind, "name": line(title, 120), "url": url, "@id": url}
