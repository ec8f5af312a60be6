"""The search page: hits with their labels in words, how the query was read, and where to go on."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from domain.digest import Audience
from domain.paper import NoticeKind, Paper, TrialRole, unique
from domain.query import Fragment, Hit, Query, Range, SearchPage, Sort
from web.errors import IndexEmpty
from web.figures import Figures, IndexState
from web.labels import is_preprint, number
from web.params import (
    FACET_FIELDS,
    MAX_PAGE_SIZE,
    PAGE_SIZE,
    Asked,
    Params,
    last_page,
    pairs,
    query_string,
    to_asked,
    without,
)
from web.search.counting import value_label
from web.search.reading import Understood, found_words, understood
from web.search.wording import describe
from web.site import Site

SORTS = {Sort.RELEVANCE: "Best match", Sort.NEWEST: "Newest first", Sort.OLDEST: "Oldest first"}
_NEAR = "Close in meaning"
_WORD = re.compile(r"\w+")
_LONGEST_MENDED = 200


@dataclass(frozen=True, slots=True)
class Tag:
    """A word or two about a paper; `kind` is its style, never its only sign."""

    text: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Result:
    """One paper in a list."""

    paper: Paper
    title: Fragment
    snippet: Fragment | None
    tags: tuple[Tag, ...]
    audiences: tuple[Audience, ...]
    by_meaning: bool = False
    """Listed for its meaning alone: it does not have the words."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address of the search without it."""

    title: str
    label: str
    remove: str


@dataclass(frozen=True, slots=True)
class SearchView:
    """Everything the search page shows, but for the counts of its filters."""

    query: Query
    page: int
    pages: int
    total: int
    related: int
    found: str
    """What those that were found are, to be read after their number."""
    results: tuple[Result, ...]
    chips: tuple[Chip, ...]
    notes: tuple[str, ...]
    building: bool
    """Whether most papers cannot be found yet."""
    reading: Understood
    missing: int
    """Hits whose papers the catalog no longer has; the index is catching up."""
    suggestion: tuple[str, str] | None
    """The query with its slips mended, and the address of that search."""
    mended: str
    """The same to be read: of a long query only the words that were mended."""
    period: tuple[str, str] | None
    """Years that the query names in words, and the address of the search for papers of these alone."""
    previous: str | None
    next: str | None
    onwards: str | None
    """The next page by its cursor, from any page."""
    larger: str | None
    """The page with as many as there may be, from the same place on; None where this one has them already."""
    address: str
    """A permalink, to the search from its first page."""
    feed: str
    """The parameters of a feed of what comes new."""
    kept: tuple[tuple[str, str], ...]
    """What another text or order keeps of this search."""


def search(site: Site, params: Params, figures: Figures, form: str = "html") -> SearchView:
    """Ask the index and read its hits from the catalog. Raises `SearchError`, `CatalogError`."""
    asked = to_asked(params, form)
    query, page = asked.query, asked.page
    answer = answered(site, query, figures)
    state = figures.index()
    building = _building(state, figures.counts().get("papers", 0))
    shown = results(site, answer)
    onwards = query_string(query, page + 1, answer.cursor) if answer.cursor else None
    able = site.index.vectors is not None and not answer.notes  # a note says why meaning was left out
    pages = -(-(answer.total + answer.related) // query.size)
    return SearchView(
        query=query,
        page=page,
        pages=pages,
        total=answer.total,
        related=answer.related,
        found=found_words(answer.total, answer.reading),
        results=shown,
        chips=chips(query),
        notes=building + asked.notes + answer.reading.notes + answer.notes,
        building=bool(building),
        reading=understood(answer.reading, query, able=able, coverage=_coverage(state)),
        missing=len(answer.hits) - len(shown),
        suggestion=_suggestion(answer, query),
        mended=mended_words(query.text, answer.suggestion),
        period=_period(answer, query),
        previous=_previous(asked, pages),
        next=_numbered(asked, pages) or onwards,
        onwards=onwards,
        larger=_larger(asked) if pages > 1 else None,
        address=query_string(query),
        feed=query_string(replace(query, sort=Sort.NEWEST, size=PAGE_SIZE)),
        kept=tuple(pair for pair in pairs(query) if pair[0] not in {"q", "sort"}),
    )


def answered(site: Site, query: Query, figures: Figures) -> SearchPage:
    """What the index answers. Raises `SearchError`: it does not, or has none of the papers yet."""
    answer = site.index.search(query)
    if answer.hits or answer.total:
        return answer
    state = figures.index()
    if state and not state.papers and figures.counts().get("papers", 0):
        raise IndexEmpty("the index is empty")
    return answer


def _building(state: IndexState | None, held: int) -> tuple[str, ...]:
    if state is None or not state.lacks_most_of(held):
        return ()
    known = f"{number(state.papers)} of {number(held)} papers so far"
    return (f"The search index is being built: {known}. The others cannot be found yet.",)


def _coverage(state: IndexState | None) -> tuple[int, int] | None:
    return None if state is None or state.vectors is None else (state.vectors, state.papers)


def _suggestion(answer: SearchPage, query: Query) -> tuple[str, str] | None:
    mended = answer.suggestion
    return (mended, query_string(replace(query, text=mended))) if mended else None


def _period(answer: SearchPage, query: Query) -> tuple[str, str] | None:
    period = answer.reading.period
    if period is None or query.year_from is not None or query.year_to is not None:
        return None
    if not answer.total + answer.related:
        return None
    only = replace(query, text=period.rest, year_from=period.low, year_to=period.high)
    return describe(Range("year", period.low, period.high)).removeprefix("any paper, "), query_string(only)


def _larger(asked: Asked) -> str | None:
    """The page with as many as there may be that holds the first result of this one."""
    size = MAX_PAGE_SIZE["html"]
    if asked.query.size >= size:
        return None
    page = (asked.page - 1) * asked.query.size // size + 1
    return query_string(replace(asked.query, size=size), min(page, last_page(size)))


def mended_words(written: str, mended: str) -> str:
    """What to show of a mended query.

    >>> mended_words("melanma", "melanoma")
    'melanoma'
    >>> mended_words("melanma " * 50, "melanoma " * 50)
    '“melanoma” instead of “melanma”'
    >>> mended_words("a lungcancer of " * 50, "a lung cancer of " * 50)
    '“lung cancer” instead of “lungcancer”'
    """
    if len(mended) <= _LONGEST_MENDED:
        return mended
    pairs = _aligned(_WORD.findall(written), _WORD.findall(mended))
    return ", ".join(unique(f"“{new}” instead of “{old}”" for old, new in pairs if new != old))


def _aligned(written: Sequence[str], mended: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each word that was written with what it became: `lungcancer` two words, all others one."""
    place = 0
    for word in written:
        same = (n for n in (1, 2, 3) if "".join(mended[place : place + n]).casefold() == word.casefold())
        end = place + next(same, 1)
        yield word, " ".join(mended[place:end])
        place = end


def _previous(asked: Asked, pages: int) -> str | None:
    """The page before, where a number leads to it."""
    before = min(asked.page - 1, max(pages, 1))
    return query_string(asked.query, before) if 0 < before <= last_page(asked.query.size) else None


def _numbered(asked: Asked, pages: int) -> str | None:
    """The page after, where a number leads to it."""
    reached = min(pages, last_page(asked.query.size))
    return query_string(asked.query, asked.page + 1) if asked.page < reached else None


def results(site: Site, answer: SearchPage) -> tuple[Result, ...]:
    """The hits of an answer with their papers; those the catalog lacks are left out."""
    ids = [hit.paper_id for hit in answer.hits]
    papers = {paper.id: paper for paper in site.catalog.papers(ids)}
    audiences = site.catalog.published_audiences(ids)
    return tuple(
        to_result(papers[hit.paper_id], audiences.get(hit.paper_id, ()), hit)
        for hit in answer.hits
        if hit.paper_id in papers
    )


def to_result(paper: Paper, audiences: Sequence[Audience], hit: Hit) -> Result:
    """A paper as a list shows it; a title that the index knows in an older form is not marked."""
    title = hit.title if hit.title and hit.title.text == paper.title else Fragment(((paper.title, False),))
    near = (Tag(_NEAR, "near"),) if hit.by_meaning else ()
    return Result(
        paper,
        title,
        hit.snippet,
        (*tags(paper, bool(audiences)), *near),
        tuple(audiences),
        by_meaning=hit.by_meaning,
    )


def warnings(paper: Paper) -> tuple[Tag, ...]:
    """The labels that call for caution, gravest first."""
    found = [
        Tag(words, style)
        for kind, words, style in (
            (NoticeKind.RETRACTED, "Retracted", "stop"),
            (NoticeKind.WITHDRAWN, "Withdrawn", "stop"),
            (NoticeKind.CONCERN, "Expression of concern", "care"),
            (NoticeKind.CORRECTED, "Corrected", "plain"),
        )
        if paper.has_notice(kind)
    ]
    if is_preprint(paper):
        found.append(Tag("Preprint", "care"))
    return tuple(found)


def tags(paper: Paper, digest: bool) -> tuple[Tag, ...]:
    """The labels of a paper, warnings first."""
    found = [*warnings(paper)]
    if digest:
        found.append(Tag("In plain words", "good"))
    if paper.open_access:
        found.append(Tag("Open access"))
    if any(trial.role is TrialRole.REPORTS for trial in paper.trials):
        found.append(Tag("Trial report"))
    return tuple(found)


def chips(query: Query) -> tuple[Chip, ...]:
    """The filters in force."""
    found = [
        Chip(field.title, value_label(field, value), query_string(without(query, field.field, value)))
        for field in FACET_FIELDS
        for value in query.filters.get(field.field, ())
    ]
    if query.year_from is not None:
        found.append(Chip("From", str(query.year_from), query_string(replace(query, year_from=None))))
    if query.year_to is not None:
        found.append(Chip("To", str(query.year_to), query_string(replace(query, year_to=None))))
    return tuple(found)
