"""What a reader typed into an address, read with bounds: any string gives a valid query and plain notes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from domain.digest import Audience
from domain.paper import unique
from domain.query import Query, Sort
from index.cursor import read_cursor
from index.fields import FIELD
from index.language.parsing import parse_query
from index.language.values import CLOSED, find_values

Params = Mapping[str, Sequence[str]]
"""Parameter name → values, as in the address."""

ALL = "*"
"""Stands for the keys of all groups of synonyms."""
MAX_TEXT = 8_000
"""As long as strategies of systematic reviews are; the longest address that the server takes holds it."""
MAX_OFFSET = 10_000
MAX_VALUES = 20
MAX_VALUE = 200
PAGE_SIZE = 10
MAX_PAGE_SIZE = {"html": 20, "json": 100}
MAX_NAMES = 5
"""So many unknown parameters are named."""
_NO_CURSOR = "The cursor is not one of this search, so the number of the page says where we begin."
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class FacetField:
    """A field to filter by: its name in the index and the address, its heading, the table of its words."""

    field: str
    title: str
    table: str = ""


FACET_FIELDS = (
    FacetField("cancer_type", "Cancer type", "cancer_types"),
    FacetField("study_type", "Kind of study", "study_types"),
    FacetField("has_digest", "Plain-language digest"),
    FacetField("country", "Authors’ countries", "countries"),
    FacetField("licence", "Licence", "licences"),
    FacetField("data", "Data availability"),
    FacetField("journal", "Journal"),
)
"""In the order in which the page offers them."""


_NAMES = {
    *("q", "from", "to", "year_from", "year_to", "sort", "page", "size"),
    *("cursor", "meaning", "literal", "facets"),
}
"""Parameters of a search besides its filters."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as asked: the query, its page, and notes on what was changed to make it valid.

    Beyond `MAX_OFFSET` results a page is reached by its cursor, and its number is only told.
    """

    query: Query
    page: int
    notes: tuple[str, ...] = ()


def clean(text: str) -> str:
    """`text` without control characters or outer spaces."""
    return _CONTROL.sub(" ", text).strip()


def first(params: Params, name: str) -> str:
    """The first value of a parameter, cleaned; empty when there is none."""
    return clean(next(iter(params.get(name, ())), ""))


def integer(params: Params, name: str) -> int | None:
    """A parameter as a whole number of at most nine digits; anything else is None."""
    text = first(params, name)
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def to_asked(params: Params, form: str = "html") -> Asked:
    """Read a search from parameters."""
    notes = _unknown(params) if form == "json" else []
    size = _size(params, MAX_PAGE_SIZE[form], notes)
    year_from, year_to = _years(params, notes)
    query = Query(
        text=_text(params, notes),
        filters=_filters(params),
        year_from=year_from,
        year_to=year_to,
        sort=_sort(params, notes),
        size=size,
        cursor=first(params, "cursor")[:MAX_VALUE],
        meaning=first(params, "meaning") != "no",
        literal=frozenset(_values(params, "literal")),
    )
    query = replace(query, literal=_switches(query))
    if cursor := read_cursor(query):
        return Asked(query, cursor.seen // size + 1, tuple(notes))
    if query.cursor:
        notes.append(_NO_CURSOR)
    page = _page(params, size, notes)
    return Asked(replace(query, cursor="", offset=(page - 1) * size), page, tuple(notes))


def _switches(query: Query) -> frozenset[str]:
    """The keys of groups of synonyms that the text has; others would be carried into every address."""
    if not query.literal:
        return query.literal
    known = {group.key for group in parse_query(query.text, query.literal).synonyms}
    return query.literal & (known | {ALL})


def to_page(params: Params, size: int) -> int:
    """The page number asked for, within bounds."""
    return _page(params, size, [])


def to_audience(params: Params) -> Audience:
    """The audience asked for, else the public."""
    text = first(params, "audience")
    return Audience(text) if text in set(Audience) else Audience.PUBLIC


def pairs(query: Query) -> list[tuple[str, str]]:
    """The parameters that ask `query` again, from its first page."""
    found = [("q", query.text)] if query.text else []
    found += [(field, value) for field, values in query.filters.items() for value in values]
    if query.year_from is not None:
        found.append(("from", str(query.year_from)))
    if query.year_to is not None:
        found.append(("to", str(query.year_to)))
    if query.sort is not Sort.RELEVANCE:
        found.append(("sort", query.sort))
    if query.size != PAGE_SIZE:
        found.append(("size", str(query.size)))
    if not query.meaning:
        found.append(("meaning", "no"))
    return found + [("literal", key) for key in sorted(query.literal)]


def query_string(query: Query, page: int = 1, cursor: str = "") -> str:
    """The address part that asks `query` again: a permalink, unless `cursor` says where to go on."""
    found = pairs(query)
    if page > 1:
        found.append(("page", str(page)))
    if cursor:
        found.append(("cursor", cursor))
    return urlencode(found)


def last_page(size: int) -> int:
    """The last page that its number alone leads to."""
    return MAX_OFFSET // size


def without(query: Query, field: str, value: str) -> Query:
    """`query` less one filter value."""
    values = tuple(v for v in query.filters.get(field, ()) if v != value)
    others = {name: kept for name, kept in query.filters.items() if name != field}
    return replace(query, filters=others | ({field: values} if values else {}))


def _unknown(params: Params) -> list[str]:
    known = _NAMES | {field.field for field in FACET_FIELDS}
    names = [clean(name)[:40] for name in params if name not in known]
    return [f"“{name}” is not a parameter of this search, so we left it out." for name in names[:MAX_NAMES]]


def _text(params: Params, notes: list[str]) -> str:
    """The query, its lines kept apart: strategies number them."""
    given = next(iter(params.get("q", ())), "").replace("\r\n", "\n")
    text = "\n".join(line for line in map(clean, given.splitlines()) if line)
    typed = len(given.encode("utf-16-le", "surrogatepass")) // 2  # as browsers count
    if len(text) >= MAX_TEXT or typed == MAX_TEXT:  # a box of that size has cut off what was longer
        notes.append(f"We read the first {MAX_TEXT:,} characters of a query; all behind them was left out.")
    return text[:MAX_TEXT].rstrip()


def _page(params: Params, size: int, notes: list[str]) -> int:
    page, last = max(integer(params, "page") or 1, 1), last_page(size)
    if (given := first(params, "page")) and not integer(params, "page"):
        notes.append(f"“{given[:20]}” is not the number of a page, so this is the first.")
    if page > last:
        notes.append(
            f"Page numbers reach to the first {MAX_OFFSET} results; from the last of them, “Next” goes on."
        )
    return min(page, last)


def _years(params: Params, notes: list[str]) -> tuple[int | None, int | None]:
    found = []
    for name in ("from", "to"):
        asked = name if first(params, name) else f"year_{name}"  # the JSON calls them so
        found.append(integer(params, asked))
        if first(params, asked) and found[-1] is None:
            notes.append(f"“{first(params, asked)[:20]}” is not a year, so we left it out.")
    low, high = (year if year is None else min(max(year, 1000), 9999) for year in found)
    if low is not None and high is not None and low > high:
        low, high = high, low
        notes.append("The first year came after the last one, so we swapped them.")
    return low, high


def _size(params: Params, most: int, notes: list[str]) -> int:
    asked, given = integer(params, "size"), first(params, "size")
    size = min(max(asked or PAGE_SIZE, 1), most)
    if given and size != asked:
        notes.append(
            f"A page has 1 to {most} results; “{given[:20]}” is not such a number, so it has {size}."
        )
    return size


def _sort(params: Params, notes: list[str]) -> Sort:
    text = first(params, "sort")
    if text in set(Sort):
        return Sort(text)
    if text:
        notes.append(f"“{text[:20]}” is not an order that we have, so the best matches come first.")
    return Sort.RELEVANCE


def _filters(params: Params) -> dict[str, tuple[str, ...]]:
    given = {facet.field: _values(params, facet.field) for facet in FACET_FIELDS}
    return {field: _coded(field, values) for field, values in given.items() if values}


def _coded(field: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Values by their codes, where all are known and may be given by name: `country=Brazil`."""
    if field not in CLOSED:
        return values
    return unique(code for value in values for code in find_values(FIELD[field], value) or (value,))


def _values(params: Params, name: str) -> tuple[str, ...]:
    given = (clean(value)[:MAX_VALUE] for value in params.get(name, ()))
    return tuple(dict.fromkeys(value for value in given if value))[:MAX_VALUES]
