"""Lists as Atom feeds (RFC 4287): what is new or has changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from conferences.calendar_out import ATTENDANCE, CANCELLED, MOVED, Entry, categories, place_line
from conferences.dates import deadline_title, deadline_words, span_words
from conferences.plain import line, lines
from domain.errors import InvalidDate
from domain.listing import Edition

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
_NEVER = "2000-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Note:
    """One entry of a feed."""

    id: str
    """What it is among all that this site ever tells of (`conferences:…`)."""
    title: str
    url: str
    updated: str
    categories: tuple[str, ...] = ()
    summary: str = ""


def to_feed(
    entries: Sequence[Entry], title: str, source: str, page: str, author: str, following: str = ""
) -> bytes:
    """A feed of editions in the order given; one whose dates do not exist is left out."""
    return render_feed(_notes(entries), title, source, page, author, following)


def render_feed(
    notes: Iterable[Note], title: str, source: str, page: str, author: str, following: str = ""
) -> bytes:
    """A feed of notes in the order given.

    Args:
        source: the public address of this feed, and `page` that of the same list to read.
        author: who gathers the list.
        following: the address of the next page of a long feed (RFC 5005).
    """
    host, told = urlsplit(source).hostname or "localhost", list(notes)
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _add(feed, "id", source)
    _add(feed, "title", line(title, 200))
    _add(feed, "updated", max((_changed(note) for note in told), default=_NEVER))
    _add(_add(feed, "author"), "name", line(author, 100))
    _add(feed, "link", rel="self", href=source, type="application/atom+xml")
    _add(feed, "link", rel="alternate", href=page, type="text/html")
    if following:
        _add(feed, "link", rel="next", href=following, type="application/atom+xml")
    for note in told:
        _add_note(feed, note, host)
    return bytes(tostring(feed, "utf-8", xml_declaration=True))


def headline(edition: Edition) -> str:
    """The title, with what a reader must know first."""
    title = line(edition.title)
    if edition.cancelled:
        return f"{CANCELLED}: {title}"
    return f"{MOVED}: {title}" if edition.earlier else title


def _notes(entries: Sequence[Entry]) -> Iterator[Note]:
    for entry in entries:
        try:
            told = _told(entry.edition)
        except InvalidDate:
            continue
        name, kinds = f"conferences:{entry.edition.id}", tuple(categories(entry.edition))
        yield Note(name, headline(entry.edition), entry.url, entry.changed_at, kinds, told)


def _add_note(feed: Element, note: Note, host: str) -> None:
    own = _add(feed, "entry")
    _add(own, "id", f"tag:{host},2026:{line(note.id, 112)}")
    _add(own, "title", line(note.title))
    _add(own, "updated", _changed(note))
    _add(own, "link", rel="alternate", href=note.url, type="text/html")
    for word in note.categories[:20]:
        _add(own, "category", term=line(word, 100))
    _add(own, "summary", lines(note.summary, 4_000))


def _told(edition: Edition) -> str:
    parts = [span_words(edition.starts, edition.ends), place_line(edition.venue, edition.attendance)]
    parts += [ATTENDANCE[edition.attendance]]
    parts += [f"{line(deadline_title(d), 100)}: {deadline_words(d.moment)}" for d in edition.deadlines[:10]]
    return "\n".join(part for part in [". ".join(p for p in parts if p), lines(edition.summary, 500)] if part)


def _changed(note: Note) -> str:
    return line(note.updated, 40) or _NEVER


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    child = SubElement(parent, name, attributes)
    child.text = text
    return child
