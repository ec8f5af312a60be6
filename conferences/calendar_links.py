"""Links that put a meeting into calendars on the web; a reader follows them, no page asks for them."""

from datetime import timedelta
from urllib.parse import quote, urlencode

from conferences.calendar_out import Entry, place_line
from conferences.plain import line
from domain.listing import Edition


def web_calendars(entry: Entry) -> tuple[tuple[str, str], ...]:
    """Name and address of each web calendar's own form, filled in. Raises `InvalidDate`."""
    edition = entry.edition
    title, place = line(edition.title, 120), line(place_line(edition.venue, edition.attendance), 120)
    begin, end = _span(edition, "%Y%m%d", "%Y%m%dT%H%M%SZ")
    google = {
        "action": "TEMPLATE",
        "text": title,
        "dates": f"{begin}/{end}",
        "details": entry.url,
        "location": place,
    }
    begin, end = _span(edition, "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ")
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": begin,
        "enddt": end,
        "allday": "true" if _whole(edition) else "false",
        "body": entry.url,
        "location": place,
    }
    return (
        ("Google Calendar", f"https://calendar.google.com/calendar/render?{urlencode(google)}"),
        (
            "Outlook on the web",
            f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(outlook, quote_via=quote)}",
        ),
    )


def _whole(edition: Edition) -> bool:
    return edition.starts.whole_day or edition.ends.whole_day


def _span(edition: Edition, days: str, times: str) -> tuple[str, str]:
    if _whole(edition):
        following = max(edition.starts.day, edition.ends.day) + timedelta(days=1)
        return edition.starts.day.strftime(days), following.strftime(days)
    return edition.starts.begins().strftime(times), edition.ends.begins().strftime(times)
