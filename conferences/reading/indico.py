"""Indico's public export of an event (`/export/event/ID.json`)."""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from conferences.reading.drafts import (
    Found,
    Reading,
    Refused,
    checked_days,
    collect,
    is_online,
    line,
    paragraph,
    titled,
    web_address,
)
from conferences.reading.moments import parse_moment
from conferences.reading.places import to_city, to_country
from domain.errors import UnreadableListing
from domain.listing import Attendance, Edition, Moment, Venue


def is_export(told: object) -> bool:
    """Whether a JSON value has the form of Indico's export."""
    results = told.get("results") if isinstance(told, dict) else None
    return isinstance(results, list) and any(
        isinstance(one, dict) and isinstance(one.get("startDate"), dict) and "title" in one for one in results
    )


def read_indico_export(body: bytes, url: str, now: datetime) -> Reading:
    """The events of an export. Raises `UnreadableListing`."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UnreadableListing("this is not JSON", "no-json") from error
    if not is_export(told):
        raise UnreadableListing("this is not an export of Indico", "no-event")
    return collect("indico", [partial(_event, event, url) for event in told["results"]])


def _event(event: object, url: str) -> Iterator[Found]:
    if not isinstance(event, dict):
        raise Refused("syntax")
    title = titled(event.get("title"))
    place, room = line(event.get("location")), line(event.get("room") or event.get("roomFullname"))
    address = line(event.get("address"))
    lines = paragraph(event.get("address"), 300)
    country = to_country(lines, place)
    online = is_online(place) or (not place and is_online(room))
    starts, ends = (_moment(event, event.get(key), country) for key in ("startDate", "endDate"))
    starts, ends = checked_days(title, starts, ends)
    link = web_address(event.get("url"), url) or url
    edition = Edition(
        id="",
        series="",
        slug=starts.at[:4],
        title=title,
        starts=starts,
        ends=ends,
        summary=paragraph(event.get("description")),
        url=link,
        attendance=Attendance.ONLINE if online else Attendance.ON_SITE,
        venue=Venue()
        if online
        else Venue(country, to_city(country, lines), ", ".join(filter(None, (room, place))), address),
        languages=(str(language)[:2].lower(),) if (language := event.get("language")) else ("en",),
        organizers=tuple(filter(None, (line(event.get("organizer"), 200),))),
    )
    yield Found(line(event.get("id"), 100) or link, edition)


def _moment(event: dict[str, Any], told: object, country: str) -> Moment | None:
    if not isinstance(told, dict):
        return None
    zone = str(told.get("tz") or event.get("timezone") or "")
    return parse_moment(
        f"{told.get('date')}T{str(told.get('time') or '')[:5]}".rstrip("T"), country, zone=zone
    )
