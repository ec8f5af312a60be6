"""What there is to tell about a wish just now, from the index and the lists: for feeds, and to look at."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from conferences.atom import Note, headline
from conferences.dates import deadline_title, deadline_words
from domain.errors import NotFound
from domain.listing import Opportunity
from domain.paper import Paper
from domain.subscription import ListIssue, News, NewsKind, Wish, WishKind, to_wish
from index.language.parsing import parse_query
from subscriptions.matching import newest
from web.labels import NOTICES, VERSION_KINDS, author_line, date_words
from web.letters.wish_places import params_of, query_of, series_of
from web.letters.wishes import search_parts
from web.listings import conferences, editions, opportunities
from web.listings.conferences import Item
from web.papers.notices import standings
from web.search.page import warnings
from web.site import Site

MOST = 50
CLOSING = timedelta(days=14)
_LONGEST = 600
_OF_PAPERS = frozenset(
    {
        *(NewsKind.PAPER, NewsKind.VERSION, NewsKind.RETRACTED, NewsKind.WITHDRAWN),
        *(NewsKind.CONCERN, NewsKind.CORRECTED, NewsKind.RESULTS),
    }
)


def news_of(site: Site, wish: Wish, most: int = MOST) -> list[Note]:
    """The newest first, as entries of a feed. Raises `NotFound`, `SearchError`, `CatalogError`."""
    return list(_NEWS[wish.kind](site, wish, most))[:most]


def _found_papers(site: Site, wish: Wish, most: int) -> Iterator[Note]:
    asked = to_wish(WishKind.SEARCH, *search_parts(query_of(wish)))
    found = list(newest(site.index, parse_query, asked, most, most))
    for paper in site.catalog.papers(found):
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
    for item in conferences.list_page(site, params_of(wish), most).items:
        yield _meeting_note(site, item)


def _deadlines(site: Site, wish: Wish, most: int) -> Iterator[Note]:
    now = site.clock()
    for item in conferences.list_page(site, params_of(wish), most).items:
        due = [d for d in item.edition.deadlines if d.is_open(now) and d.moment.ends() <= now + CLOSING]
        for deadline in due:
            title = f"{deadline_title(deadline)}: {headline(item.edition)}"
            name = f"deadlines:{item.edition.id}/{deadline.moment.at}/{deadline.kind}"
            told = f"Until {deadline_words(deadline.moment)}"
            yield Note(name, title, site.absolute(item.path), item.changed_at, (), told)


def _of_series(site: Site, wish: Wish, most: int) -> Iterator[Note]:
    for item in editions.series_items(site, *series_of(site, wish))[:most]:
        yield _meeting_note(site, item)


def _opportunities(site: Site, wish: Wish, most: int) -> Iterator[Note]:
    view = opportunities.show_list(conferences.shown(site), params_of(wish), site.clock(), most)
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
        title = f"{found.name}, {date_words(issue.at[:10])}"
        yield Note(
            f"lists:{found.id}/{issue.slot}", title, site.absolute(path), issue.at, (), issue_words(issue)
        )


def issue_words(issue: ListIssue) -> str:
    """How much an issue holds."""
    if not issue.news:
        return "a note from the editor" if issue.note else "nothing"
    return f"{len(issue.news)} item{'' if len(issue.news) == 1 else 's'}"


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
