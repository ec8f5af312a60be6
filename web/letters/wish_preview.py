"""What the letter of last week would have held, and how much is to be expected."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from conferences.atom import Note
from conferences.eligibility import applicants
from domain.digest import Audience
from domain.subscription import Wish, WishKind
from index.embedded.percolation import open_percolation
from index.language.parsing import parse_query
from subscriptions import previewing
from web.letters.wish_news import note_of
from web.site import Site
from web.streaming import Patience

SHOWN = 5
FRESH = timedelta(minutes=10)
_KEPT = 256
_RARE = (WishKind.PAPER, WishKind.LIST)
"""What nobody can say beforehand."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first things of last week, how many there were, and how many a week there are."""

    items: tuple[Note, ...]
    total: int
    a_week: str
    """How many a week there were lately, in words, such as `about 3`; empty where there were none."""
    exact: bool
    """Whether that is all; else there was more."""


@dataclass(slots=True)
class Previews:
    """Looks up previews, each seldom: whoever fills in a form asks for the same again and again."""

    site: Site
    patience: Patience = field(default_factory=Patience)
    _kept: OrderedDict[tuple[str, Audience], tuple[datetime, Preview]] = field(default_factory=OrderedDict)

    def of(self, wish: Wish, audience: Audience = Audience.PUBLIC) -> Preview | None:
        """Last week's letter; None where there is none of the kind, or it cannot be told just now."""
        if wish.kind in _RARE:
            return None
        key, now = (wish.key, audience), self.site.clock()
        made, found = self._kept.get(key, (None, None))
        if made is not None and made <= now < made + FRESH:
            return found
        found = self.patience.ask(lambda: to_preview(self.site, wish, audience, now))
        if found is not None:
            self._kept[key] = now, found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


def to_preview(site: Site, wish: Wish, audience: Audience, now: datetime) -> Preview:
    """Last week's letter. Raises `SearchError`, `CatalogError`."""
    ports = (site.index, parse_query, site.catalog, site.listings)
    found = previewing.preview(wish, audience, *ports, applicants(now.year), now, open_percolation)
    notes = (note_of(site, news) for news in found.last_week[:SHOWN])
    items = tuple(note for note in notes if note is not None)
    return Preview(items, found.total, to_rate(found.per_week), found.exact)


def to_rate(a_week: float) -> str:
    """How many items a week, in words; nothing where there were none.

    >>> to_rate(0), to_rate(0.4), to_rate(12.3)
    ('', 'fewer than one', 'about 12')
    """
    if a_week == 0:
        return ""
    return "fewer than one" if a_week < 1 else f"about {round(a_week)}"
