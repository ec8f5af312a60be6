"""Meetings as an Atom feed (RFC 4287): what is new or has changed."""

from collections.abc import Sequence
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from conferences.calendar_out import ATTENDANCE, CANCELLED, MOVED, Entry, categories, place_line
from conferences.dates import deadline_title, deadline_words, span_words
from conferences.plain import line, lines
from domain.errors import InvalidDate
from domain.listing import Edition

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_NEVER = "2000-01-01T00:00:00Z"


def to_feed(entries: Sequence[Entry], title: str, source: str, page: str, author: str) -> bytes:
    """A feed of editions in the order given; one whose dates do not exist is left out.

    Args:
        source: the public address of this feed, and `page` that of the same list to read.
        author: who gathers the list.
    """
    host = urlsplit(source).hostname or "localhost"
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _add(feed, "id", source)
    _add(feed, "title", line(title, 200))
    _add(feed, "updated", max((_changed(entry) for entry in entries), default=_NEVER))
    _add(_add(feed, "author"), "name", line(author, 100))
    _add(feed, "link", rel="self", href=source, type="application/atom+xml")
    _add(feed, "link", rel="alternate", href=page, type="text/html")
    for entry in entries:
        try:
            told = _told(entry.edition)
        except InvalidDate:
            continue
        _add_entry(feed, entry, host, told)
    return bytes(tostring(feed, "utf-8", xml_declaration=True))


def headline(edition: Edition) -> str:
    """The title, with what a reader must know first."""
    title = line(edition.title)
    if edition.cancelled:
        return f"{CANCELLED}: {title}"
    return f"{MOVED}: {title}" if edition.earlier else title


def _add_entry(feed: Element, entry: Entry, host: str, told: str) -> None:
    own = _add(feed, "entry")
    _add(own, "id", f"tag:{host},2026:conferences:{line(entry.edition.id, 100)}")
    _add(own, "title", headline(entry.edition))
    _add(own, "updated", _changed(entry))
    _add(own, "link", rel="alternate", href=entry.url, type="text/html")
    for word in categories(entry.edition)[:20]:
        _add(own, "category", term=word)
    _add(own, "summary", told)


def _told(edition: Edition) -> str:
    parts = [span_words(edition.starts, edition.ends), place_line(edition.venue, edition.attendance)]
    parts += [ATTENDANCE[edition.attendance]]
    parts += [f"{line(deadline_title(d), 100)}: {deadline_words(d.moment)}" for d in edition.deadlines[:10]]
    return "\n".join(part for part in [". ".join(p for p in parts if p), lines(edition.summary, 500)] if part)


def _changed(entry: Entry) -> str:
    return line(entry.changed_at, 40) or _NEVER


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    child = SubElement(parent, name, attributes)
    child.text = text
    return child
