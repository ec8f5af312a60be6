"""The filters beside the results: facets and years with their counts, as a reader meets them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.query import UNKNOWN, Facet, Query
from web.labels import AUDIENCES, AVAILABILITY, NOT_STATED, label
from web.params import FACET_FIELDS, FacetField, pairs, query_string

_VALUES: Mapping[str, Mapping[str, str]] = {
    "has_digest": {str(audience): words for audience, words in AUDIENCES.items()} | {"none": "No digest"},
    "data": {str(state): words for state, words in AVAILABILITY.items()},
}
"""Words for facet values that are not in a table of `config/`."""
VALUES_SHOWN = 6
VALUES_MORE = 10


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet as the reader meets it."""

    value: str
    label: str
    count: int | None
    """None where it could not be counted."""
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
class Filters:
    """Everything to narrow a search by; what is in force stays there even where nothing has it."""

    query: Query
    counted: bool
    facets: tuple[Choices, ...]
    years: tuple[Year, ...]
    """Newest first, whatever range of years is asked for."""
    kept: tuple[tuple[str, str], ...]
    """What another choice of filters keeps of this search."""
    address: str


def to_filters(query: Query, counted: Sequence[Facet] | None) -> Filters:
    """The filters for `query`; `counted` is None where they could not be counted."""
    chosen = {"from", "to", *(field.field for field in FACET_FIELDS)}
    return Filters(
        query=query,
        counted=counted is not None,
        facets=facets(counted, query),
        years=years(counted or (), query),
        kept=tuple(pair for pair in pairs(query) if pair[0] not in chosen),
        address=query_string(query),
    )


def facets(counted: Sequence[Facet] | None, query: Query) -> tuple[Choices, ...]:
    """The facets of an answer."""
    counts = {facet.field: {b.value: b.count for b in facet.buckets} for facet in counted or ()}
    offered = []
    for field in FACET_FIELDS:
        known = None if counted is None else counts.get(field.field, {})
        choices = _choices(field, known, query.filters.get(field.field, ()))
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


def value_label(field: FacetField, value: str) -> str:
    """The words for a facet value."""
    if value == UNKNOWN:
        return NOT_STATED
    if words := _VALUES.get(field.field):
        return words.get(value, value)
    return label(field.table, value) if field.table else value


def _choices(
    field: FacetField, counts: Mapping[str, int] | None, selected: Sequence[str]
) -> tuple[Choice, ...]:
    known = counts or {}
    values = sorted(
        {**dict.fromkeys(selected), **known},
        key=lambda v: (v not in selected, v == UNKNOWN, -(known.get(v) or 0), v),
    )
    return tuple(
        Choice(v, value_label(field, v), None if counts is None else known.get(v, 0), v in selected)
        for v in values
    )
