"""The search page: facets, chips and hits with their labels in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.digest import Audience
from domain.paper import NoticeKind, Paper, TrialRole
from domain.query import UNKNOWN, Facet, Fragment, Node, Query, SearchPage, Sort
from web.labels import AUDIENCES, NOT_STATED, is_preprint, label
from web.params import FACET_FIELDS, MAX_OFFSET, FacetField, Params, query_string, to_asked, without
from web.reading import describe
from web.site import Site

SORTS = {Sort.RELEVANCE: "Best match", Sort.NEWEST: "Newest first", Sort.OLDEST: "Oldest first"}
_VALUES: Mapping[str, Mapping[str, str]] = {
    "has_digest": {str(audience): words for audience, words in AUDIENCES.items()} | {"none": "No digest"},
}
"""Words for facet values that are not in a table of `config/`."""
VALUES_SHOWN = 6
VALUES_MORE = 10


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


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet as the reader meets it."""

    value: str
    label: str
    count: int | None
    selected: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """A facet: its heading, the first values, and the rest."""

    field: str
    title: str
    shown: tuple[Choice, ...]
    more: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """A year of publication, how many of the papers found it has, and the address of the search in it."""

    year: str
    count: int
    share: int
    """Per cent of the fullest year, for its bar."""
    selected: bool
    address: str | None
    """None for the papers whose year is not stated."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address of the search without it."""

    title: str
    label: str
    remove: str


@dataclass(frozen=True, slots=True)
class SearchView:
    """Everything the search page shows."""

    query: Query
    page: int
    pages: int
    total: int
    results: tuple[Result, ...]
    facets: tuple[Choices, ...]
    years: tuple[Year, ...]
    """Newest first, whatever range of years is asked for."""
    chips: tuple[Chip, ...]
    notes: tuple[str, ...]
    understood: str
    missing: int
    """Hits whose papers the catalog no longer has; the index is catching up."""
    previous: str | None
    next: str | None
    address: str


def search(site: Site, params: Params, form: str = "html") -> SearchView:
    """Ask the index and read its hits from the catalog. Raises `SearchError`, `CatalogError`."""
    asked = to_asked(params, form)
    answer = site.index.search(asked.query)
    counted = site.index.facets(asked.query)
    found = results(site, answer)
    pages = min(-(-answer.total // asked.query.size), MAX_OFFSET // asked.query.size)
    return SearchView(
        query=asked.query,
        page=asked.page,
        pages=pages,
        total=answer.total,
        results=found,
        facets=facets(counted, asked.query),
        years=years(counted, asked.query),
        chips=chips(asked.query),
        notes=asked.notes + answer.reading.notes,
        understood=understood(answer.reading.node),
        missing=len(answer.hits) - len(found),
        previous=query_string(asked.query, min(asked.page - 1, max(pages, 1))) if asked.page > 1 else None,
        next=query_string(asked.query, asked.page + 1) if asked.page < pages else None,
        address=query_string(asked.query, asked.page),
    )


def results(site: Site, answer: SearchPage) -> tuple[Result, ...]:
    """The hits of an answer with their papers; those the catalog lacks are left out."""
    ids = [hit.paper_id for hit in answer.hits]
    papers = {paper.id: paper for paper in site.catalog.papers(ids)}
    audiences = site.catalog.published_audiences(ids)
    return tuple(
        to_result(papers[hit.paper_id], audiences.get(hit.paper_id, ()), title=hit.title, snippet=hit.snippet)
        for hit in answer.hits
        if hit.paper_id in papers
    )


def to_result(
    paper: Paper,
    audiences: Sequence[Audience] = (),
    *,
    title: Fragment | None = None,
    snippet: Fragment | None = None,
) -> Result:
    """A paper as a list shows it."""
    whole = title is not None and title.text == paper.title
    plain = Fragment(((paper.title, False),))
    return Result(
        paper, title if whole and title else plain, snippet, tags(paper, bool(audiences)), tuple(audiences)
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


def facets(counted: Sequence[Facet], query: Query) -> tuple[Choices, ...]:
    """The facets of an answer; selected values stay on the page even where nothing has them."""
    counts = {facet.field: {b.value: b.count for b in facet.buckets} for facet in counted}
    offered = []
    for field in FACET_FIELDS:
        choices = _choices(field, counts.get(field.field, {}), query.filters.get(field.field, ()))
        cut = max(VALUES_SHOWN, sum(choice.selected for choice in choices))
        if choices:
            offered.append(Choices(field.field, field.title, choices[:cut], choices[cut : cut + VALUES_MORE]))
    return tuple(offered)


def years(counted: Sequence[Facet], query: Query) -> tuple[Year, ...]:
    """The year facet, newest first; a year is asked for by its address rather than by a tick."""
    buckets = next((facet.buckets for facet in counted if facet.field == "year"), ())
    fullest = max((bucket.count for bucket in buckets), default=1)
    found = []
    for bucket in buckets:
        value = None if bucket.value == UNKNOWN else int(bucket.value)
        within = replace(query, year_from=value, year_to=value)
        found.append(
            Year(
                year=NOT_STATED if value is None else bucket.value,
                count=bucket.count,
                share=max(round(100 * bucket.count / fullest), 1),
                selected=value is not None and (query.year_from, query.year_to) == (value, value),
                address=None if value is None else query_string(within),
            )
        )
    return tuple(found)


def _choices(field: FacetField, counts: Mapping[str, int], selected: Sequence[str]) -> tuple[Choice, ...]:
    values = sorted(
        {**dict.fromkeys(selected), **counts},
        key=lambda v: (v not in selected, v == UNKNOWN, -(counts.get(v) or 0), v),
    )
    return tuple(Choice(v, value_label(field, v), counts.get(v, 0), v in selected) for v in values)


def value_label(field: FacetField, value: str) -> str:
    """The words for a facet value."""
    if value == UNKNOWN:
        return NOT_STATED
    if words := _VALUES.get(field.field):
        return words.get(value, value)
    return label(field.table, value) if field.table else value


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


def understood(node: Node | None) -> str:
    """How the query was read, in words; empty where there is nothing to explain."""
    words = describe(node)
    return words if len(words) <= 600 else ""
