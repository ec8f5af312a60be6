"""What the letter of last week would have held, and how much is to be expected."""

from dataclasses import dataclass
from datetime import timedelta

from conferences.atom import Note
from domain.errors import FindingsError
from domain.subscription import Wish
from web.site import Site
from web.wish_news import news_of

WEEK = timedelta(days=7)
WEEKS = 4
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """The first things of last week, how many there were, and how many a week there are."""

    items: tuple[Note, ...]
    total: int
    a_week: str
    """In words, such as `about 3`."""


def to_preview(site: Site, wish: Wish) -> Preview | None:
    """Last week's letter; None where it cannot be told just now."""
    now = site.clock()
    try:
        found = news_of(site, wish)
    except FindingsError:
        return None
    last = [note for note in found if note.updated >= f"{now - WEEK:%Y-%m-%dT%H:%M:%SZ}"]
    lately = [note for note in found if note.updated >= f"{now - WEEKS * WEEK:%Y-%m-%dT%H:%M:%SZ}"]
    return Preview(tuple(last[:SHOWN]), len(last), to_rate(len(lately) / WEEKS))


def to_rate(a_week: float) -> str:
    """How many items a week, in words.

    >>> to_rate(0), to_rate(0.4), to_rate(12.3)
    ('hardly any', 'fewer than one', 'about 12')
    """
    if a_week == 0:
        return "hardly any"
    return "fewer than one" if a_week < 1 else f"about {round(a_week)}"
