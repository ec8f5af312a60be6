"""What there is to tell about a wish just now, from the index and the lists: for feeds, and to look at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from conferences.atom import Note, headline
from conferences.dates import deadline_title, deadline_words
from domain.errors import NotFound
from domain.listing import Opportunity, Series
from domain.listing_ports import Listed
from domain.paper import Paper
from domain.query import Query, Sort
from domain.subscription import News, NewsKind, Wish, WishKind
from web import conferences, editions, opportunities
from web.conferences import Item
from web.labels import NOTICES, VERSION_KINDS, author_line, date_words
from web.listing_lists import address
from web.notices import standings
from web.params import Params, query_string, to_asked
from web.searching import warnings
from web.site import Site
from web.wishes import to_pairs, to_words

MOST = 50
CLOSING = timedelta(days=14)
_LONGEST = 600
_OF_PAPERS = frozenset(
    {
        *(NewsKind.PAPER, NewsKind.VERSION, NewsKind.RETRACTED, NewsKind.WITHDRAWN),
        *(NewsKind.CONCERN, NewsKind.CORRECTED, NewsKind.RESULTS),
    }
)


@dataclass(frozen=True, slots=True)
class About:
    """A wish with the words for it, and the path of the page that shows the same."""

    wish: Wish
    title: str
    path: str


def to_about(site: Site, wish: Wish) -> About:
    """What a wish is about. Raises `NotFound` where its series, paper or list is not there."""
    title, path = _PLACES.get(wish.kind, _listed_place)(site, wish)
    return About(wish, to_words(wish, title), path)


def describe(site: Site, wish: Wish) -> About:
    """The same, for pages that must stand even where that is no longer there."""
    try:
        return to_about(site, wish)
    except NotFound:
        return About(wish, to_words(wish), "/subscribe")


def news_of(site: Site, wish: Wish, most: int = MOST) -> list[Note]:
    """The newest first, as entries of a feed. Raises `NotFound`, `SearchError`, `CatalogError`."""
    return list(_NEWS[wish.kind](site, wish, most))[:most]


def _series(site: Site, wish: Wish) -> tuple[Listed, Series]:
    listed = conferences.shown(site).listed(wish.target)
    if not isinstance(listed.public, Series):
        raise NotFound("series", wish.target)
    return listed, listed.public


def _params(wish: Wish) -> Params:
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


def _query(wish: Wish) -> Query:
    params = dict(_params(wish))
    if wish.kind is WishKind.TOPIC and (tags := params.pop("language", ())):
        params["q"] = [" OR ".join(f"language:{tag}" for tag in tags)]
    return to_asked(params).query


def _listed_place(site: Site, wish: Wish) -> tuple[str, str]:
    if wish.kind in (WishKind.SEARCH, WishKind.TOPIC):
        query = query_string(_query(wish))
        return "", f"/search?{query}" if query else "/search"
    params = _params(wish)
    if wish.kind is WishKind.OPPORTUNITIES:
        pairs = opportunities.to_asked(params, site.clock()).pairs
        return "", opportunities_address(pairs)
    asked = conferences.to_asked(params, site.clock()).address()
    return "", f"/conferences?{asked}" if asked else "/conferences"


def opportunities_address(pairs: tuple[tuple[str, str], ...]) -> str:
    """The address of the list of opportunities as it is narrowed."""
    return address("/opportunities", pairs)


def _series_place(site: Site, wish: Wish) -> tuple[str, str]:
    _, series = _series(site, wish)
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


def _found_papers(site: Site, wish: Wish, most: int) -> Iterator[Note]:
    query = _query(wish)
    asked = Query(
        text=query.text,
        filters=query.filters,
        year_from=query.year_from,
        year_to=query.year_to,
        sort=Sort.NEWEST,
        size=most,
        highlight=False,
        meaning=False,
        literal=query.literal,
    )
    for paper in site.catalog.papers([hit.paper_id for hit in site.index.search(asked).hits]):
        yield paper_note(site, paper)


def paper_note(site: Site, paper: Paper) -> Note:
    """A paper as an entry; what calls for caution stands in front of its title."""
    cautions = [tag.text for tag in warnings(paper)]
    abstract = paper.primary.abstract()
    told = [author_line(paper.primary.authors), date_words(paper.primary.published)]
    return Note(
        f"papers:{paper.id}",
        _headline(paper.title, cautions),
        site.absolute(f"/papers/{paper.id}"),
        max([paper.added_at, *(_instant(n.date) for n in paper.notices if n.date)]),
        tuple(cautions),
        "\n".join([". ".join(part for part in told if part), abstract.text[:_LONGEST] if abstract else ""]),
    )


def _headline(title: str, cautions: list[str]) -> str:
    """A title behind the gravest caution, unless it says so itself."""
    if not cautions or title.casefold().startswith(cautions[0].casefold()):
        return title
    return f"{cautions[0]}: {title}"


def note_of(site: Site, news: News) -> Note | None:
    """What a piece of news is about, as it stands now; None where that is gone."""
    try:
        if news.kind in _OF_PAPERS:
            return paper_note(site, site.catalog.paper(news.target))
        listed = conferences.shown(site).listed(news.target)
    except NotFound:
        return None
    if isinstance(listed.public, Opportunity):
        path = f"/opportunities/{listed.id}"
        return Note(news.key, listed.public.title, site.absolute(path), news.at)
    items = conferences.to_items(site, [listed], site.clock())
    return Note(news.key, items[0].title, site.absolute(items[0].path), news.at) if items else None


def _instant(day: str) -> str:
    """A day of any precision as an instant; empty where it is none."""
    whole = day[:10] + "0000-01-01"[len(day[:10]) :]
    try:
        return f"{date.fromisoformat(whole)}T00:00:00Z"
    except ValueError:
        return ""


def _meeting_note(site: Site, item: Item) -> Note:
    told = ". ".join(part for part in (item.when, item.where, item.how) if part)
    url = site.absolute(item.path)
    return Note(f"conferences:{item.edition.id}", headline(item.edition), url, item.changed_at, (), told)


def _meetings(site: Site, wish: Wish, most: int) -> Iterator[Note]:
    for item in conferences.list_page(site, _params(wish), most).items:
        yield _meeting_note(site, item)


def _deadlines(site: Site, wish: Wish, most: int) -> Iterator[Note]:
    now = site.clock()
    for item in conferences.list_page(site, _params(wish), most).items:
        due = [d for d in item.edition.deadlines if d.is_open(now) and d.moment.ends() <= now + CLOSING]
        for deadline in due:
            title = f"{deadline_title(deadline)}: {headline(item.edition)}"
            name = f"deadlines:{item.edition.id}/{deadline.moment.at}/{deadline.kind}"
            told = f"Until {deadline_words(deadline.moment)}"
            yield Note(name, title, site.absolute(item.path), item.changed_at, (), told)


def _of_series(site: Site, wish: Wish, most: int) -> Iterator[Note]:
    for item in editions.series_items(site, *_series(site, wish))[:most]:
        yield _meeting_note(site, item)


def _opportunities(site: Site, wish: Wish, most: int) -> Iterator[Note]:
    view = opportunities.show_list(conferences.shown(site), _params(wish), site.clock(), most)
    for entry in view.entries:
        one = entry.listing
        told = f"Closes {entry.closes}" if entry.closes else "No closing date stated"
        url = site.absolute(f"/opportunities/{one.id}")
        summary = f"{one.provider}. {told}\n{one.summary[:_LONGEST]}"
        yield Note(f"opportunities:{one.id}", one.title, url, entry.changed_at, (str(one.kind),), summary)


def _of_paper(site: Site, wish: Wish, most: int) -> Iterator[Note]:
    paper = site.catalog.paper(wish.target)
    url = site.absolute(f"/papers/{paper.id}")
    for one in standings(paper)[:most]:
        at = (_instant(one.date) if one.date else "") or paper.changed_at
        name, words = NOTICES[one.kind]
        yield Note(
            f"papers:{paper.id}/{one.kind}/{at}", f"{name}: {paper.title}", url, at, (str(one.kind),), words
        )
    for version in paper.versions:
        at = (_instant(version.published) if version.published else "") or paper.added_at
        name, title = f"papers:{paper.id}/{version.kind}/{at}", VERSION_KINDS[version.kind]
        yield Note(name, f"{title}: {version.title}", url, at, (str(version.kind),))


def _of_list(site: Site, wish: Wish, most: int) -> Iterator[Note]:
    if site.subscribers is None:
        raise NotFound("list", wish.target)
    found = site.subscribers.mailing_list(wish.target)
    for issue in site.subscribers.issues(found.id, 0, most)[1]:
        path = f"/lists/{found.slug}/issues/{issue.slot}"
        title = f"{found.name}: {issue.slot.rpartition('/')[2]}"
        yield Note(
            f"lists:{found.id}/{issue.slot}", title, site.absolute(path), issue.at, (), news_words(issue.news)
        )


def news_words(news: tuple[News, ...]) -> str:
    """How much an issue holds."""
    return f"{len(news)} item{'' if len(news) == 1 else 's'}"


_NEWS: dict[WishKind, Callable[[Site, Wish, int], Iterator[Note]]] = {
    WishKind.SEARCH: _found_papers,
    WishKind.TOPIC: _found_papers,
    WishKind.MEETINGS: _meetings,
    WishKind.DEADLINES: _deadlines,
    WishKind.SERIES: _of_series,
    WishKind.OPPORTUNITIES: _opportunities,
    WishKind.PAPER: _of_paper,
    WishKind.LIST: _of_list,
}
