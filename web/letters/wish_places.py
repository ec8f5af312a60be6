"""What a wish is about: its words, and what it names, asked of the site."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import NotFound
from domain.listing import Series
from domain.listing_ports import Listed
from domain.query import Query
from domain.subscription import Wish, WishKind
from subscriptions.letters.wishes import address, parameters
from web.letters.wishes import to_words
from web.listings import conferences
from web.params import Params, to_asked
from web.site import Site


@dataclass(frozen=True, slots=True)
class About:
    """A wish with the words for it, and the path of the page that shows the same."""

    wish: Wish
    title: str
    path: str
    name: str = ""
    """Of the series, paper or list that it names."""

    @property
    def is_of_papers(self) -> bool:
        """Whether letters about it hold digests, which are written for different readers."""
        return self.wish.kind in (WishKind.SEARCH, WishKind.TOPIC, WishKind.PAPER, WishKind.LIST)


def to_about(site: Site, wish: Wish) -> About:
    """What a wish is about. Raises `NotFound` where its series, paper or list is not there."""
    name, slug = _NAMED[wish.kind](site, wish) if wish.kind in _NAMED else ("", "")
    return About(wish, to_words(wish, name), address(wish, slug), name)


def describe(site: Site, wish: Wish) -> About:
    """The same, for pages that must stand even where that is no longer there."""
    try:
        return to_about(site, wish)
    except NotFound:
        return About(wish, to_words(wish), "/subscribe")


def series_of(site: Site, wish: Wish) -> tuple[Listed, Series]:
    """The series that a wish names. Raises `NotFound`."""
    listed = conferences.shown(site).listed(wish.target)
    if not isinstance(listed.public, Series):
        raise NotFound("series", wish.target)
    return listed, listed.public


def params_of(wish: Wish) -> Params:
    """The parameters of the list that a wish is about."""
    found: dict[str, list[str]] = {}
    for name, value in parameters(wish):
        found.setdefault(name, []).append(value)
    return found


def query_of(wish: Wish) -> Query:
    """A search or a topic as the search page asks it."""
    return to_asked(params_of(wish)).query


def _series(site: Site, wish: Wish) -> tuple[str, str]:
    _, series = series_of(site, wish)
    return series.title, series.slug


def _paper(site: Site, wish: Wish) -> tuple[str, str]:
    paper = site.catalog.paper(wish.target)
    return paper.title, paper.id


def _list(site: Site, wish: Wish) -> tuple[str, str]:
    if site.subscribers is None:
        raise NotFound("list", wish.target)
    found = site.subscribers.mailing_list(wish.target)
    return found.name, found.slug


_NAMED: dict[WishKind, Callable[[Site, Wish], tuple[str, str]]] = {
    WishKind.SERIES: _series,
    WishKind.PAPER: _paper,
    WishKind.LIST: _list,
}
"""Kind of wish → the name and the slug of what it names."""
