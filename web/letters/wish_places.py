"""What a wish is about: its words, and the page of the site that shows the same."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import NotFound
from domain.listing import Series
from domain.listing_ports import Listed
from domain.query import Query
from domain.subscription import Wish, WishKind
from web.letters.wishes import to_pairs, to_words
from web.listings import conferences, opportunities
from web.listings.lists import address
from web.params import Params, query_string, to_asked
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
    title, path = _PLACES.get(wish.kind, _listed_place)(site, wish)
    return About(wish, to_words(wish, title), path, title)


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
    renamed = {"country": "place", "from": "country", "subkind": "kind"}
    if wish.kind is not WishKind.OPPORTUNITIES:
        renamed = {}
    found: dict[str, list[str]] = {}
    for name, value in to_pairs(wish):
        if name not in {"kind", "target"}:
            found.setdefault(renamed.get(name, name), []).append(value)
    if wish.kind is WishKind.DEADLINES:
        found["open"] = ["yes"]
    return found


def query_of(wish: Wish) -> Query:
    """A search or a topic as the search page asks it."""
    params = dict(params_of(wish))
    if wish.kind is WishKind.TOPIC and (tags := params.pop("language", ())):
        params["q"] = [" OR ".join(f"language:{tag}" for tag in tags)]
    return to_asked(params).query


def _listed_place(site: Site, wish: Wish) -> tuple[str, str]:
    if wish.kind in (WishKind.SEARCH, WishKind.TOPIC):
        query = query_string(query_of(wish))
        return "", f"/search?{query}" if query else "/search"
    params = params_of(wish)
    if wish.kind is WishKind.OPPORTUNITIES:
        pairs = opportunities.to_asked(params, site.clock()).pairs
        return "", address("/opportunities", pairs)
    asked = conferences.to_asked(params, site.clock()).address()
    return "", f"/conferences?{asked}" if asked else "/conferences"


def _series_place(site: Site, wish: Wish) -> tuple[str, str]:
    _, series = series_of(site, wish)
    return series.title, f"/conferences/{series.slug}"


def _paper_place(site: Site, wish: Wish) -> tuple[str, str]:
    paper = site.catalog.paper(wish.target)
    return paper.title, f"/papers/{paper.id}"


def _list_place(site: Site, wish: Wish) -> tuple[str, str]:
    if site.subscribers is None:
        raise NotFound("list", wish.target)
    found = site.subscribers.mailing_list(wish.target)
    return found.name, f"/lists/{found.slug}"


_PLACES: dict[WishKind, Callable[[Site, Wish], tuple[str, str]]] = {
    WishKind.SERIES: _series_place,
    WishKind.PAPER: _paper_place,
    WishKind.LIST: _list_place,
}
