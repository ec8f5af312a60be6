"""What others can use: databases, biobanks, tools, guidance, plans, procedures, and how to get at them."""

from collections.abc import Mapping
from dataclasses import dataclass

from conferences.linkchecks import is_good, words
from conferences.shelves import shelf_id
from domain.errors import NotFound, SearchError
from domain.listing import Kind, LinkCheck, Resource
from domain.listing_ports import Listed, Listings, Wanted
from domain.paper import Paper
from domain.query import Query, Sort
from web.labels import date_words
from web.listings import words as listing_words
from web.listings.lists import (
    MAX_WORDS,
    MOST,
    PAGE_SIZE,
    Choice,
    cancer_types,
    countries,
    gathered,
    to_choice,
    value,
    values,
)
from web.papers.facts import Facts
from web.papers.links import key_link
from web.params import Params, first, query_string, to_page
from web.site import Site

KINDS, ACCESS = listing_words.RESOURCES, listing_words.ACCESS
PAPERS = 5
_IDENTIFIERS = {
    "rrid": ("RRID", "https://scicrunch.org/resolver/{}"),
    "fairsharing": ("FAIRsharing", "https://fairsharing.org/{}"),
    "re3data": ("re3data", "https://www.re3data.org/repository/{}"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource in a list, with what its address last answered."""

    listing: Resource
    changed_at: str
    checked: str
    good: bool


@dataclass(frozen=True, slots=True)
class ResourceList:
    """One page of resources."""

    total: int
    entries: tuple[Entry, ...]
    page: int
    pages: int
    pairs: tuple[tuple[str, str], ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ResourceView:
    """The page of one resource."""

    entry: Entry
    identifiers: tuple[tuple[str, str, str], ...]
    """Name, value and address, which may be empty."""
    checks: tuple[tuple[str, str], ...]
    """When its address was asked, and what it answered; newest first."""
    papers: tuple[Paper, ...]
    papers_total: int | None
    """None: it is no repository, or the index does not answer."""
    search: str
    """The address part of the search for the papers."""


def show_list(listings: Listings, params: Params, size: int = PAGE_SIZE) -> ResourceList:
    """One page of the resources that are wanted, by title."""
    access = value(params, "access", [str(one) for one in ACCESS])
    chosen = {
        "q": first(params, "q")[:MAX_WORDS],
        "country": value(params, "country", countries()),
        "cancer_type": value(params, "cancer_type", cancer_types()),
        "access": access,
    }
    kinds = values(params, "kind", [str(kind) for kind in KINDS])
    wanted = Wanted(
        Kind.RESOURCE,
        subkinds=kinds,
        countries=tuple(filter(None, [chosen["country"]])),
        cancer_types=tuple(filter(None, [chosen["cancer_type"]])),
        words=chosen["q"],
    )
    page = to_page(params, PAGE_SIZE)
    total, found = _found(listings, wanted, access, (page - 1) * PAGE_SIZE if size == PAGE_SIZE else 0, size)
    pairs = (*(("kind", kind) for kind in kinds), *((name, text) for name, text in chosen.items() if text))
    entries = tuple(_entry(one, one.public) for one in found if isinstance(one.public, Resource))
    return ResourceList(total, entries, page, -(-total // size), pairs, _choices(dict(pairs), kinds))


def show(site: Site, listings: Listings, listing_id: str) -> ResourceView:
    """The page of one. Raises `NotFound`, `CatalogError`."""
    found = listings.listed(listing_id)
    one = found.public
    if not isinstance(one, Resource) or one.withdrawn:
        raise NotFound("resource", listing_id)
    return view_resource(site, found, one)


def view_resource(site: Site, found: Listed, one: Resource) -> ResourceView:
    """One as its page tells it, public or not yet. Raises `CatalogError`."""
    query = Query(f"repository:{one.repository}", sort=Sort.NEWEST, size=PAPERS, meaning=False)
    total, papers = _papers(site, query) if one.repository else (None, ())
    checks = sorted(one.checks, key=lambda check: check.checked_at, reverse=True)
    return ResourceView(
        entry=_entry(found, one),
        identifiers=tuple(identifier_link(text) for text in one.identifiers),
        checks=tuple((check.checked_at, words(check)) for check in checks[:5]),
        papers=papers,
        papers_total=total,
        search=query_string(Query(query.text, sort=Sort.NEWEST)),
    )


def identifier_link(key: str) -> tuple[str, str, str]:
    """Name of the scheme, value and address of an identifier; both may be unknown to us.

    >>> identifier_link("rrid:SCR_000000")
    ('RRID', 'SCR_000000', 'https://scicrunch.org/resolver/RRID:SCR_000000')
    """
    scheme, _, text = key.partition(":")
    if scheme.lower() in _IDENTIFIERS:
        name, pattern = _IDENTIFIERS[scheme.lower()]
        _, _, url = key_link(f"doi:{text}")  # quoted as there
        quoted = url.removeprefix("https://doi.org/")
        return name, text, pattern.format(f"RRID:{quoted}" if name == "RRID" else quoted)
    return key_link(key)


def shelves_of(listings: Listings | None, facts: Facts) -> Mapping[str, str]:
    """Code → id of the public resource, for the repositories that a paper's data and code are in."""
    if listings is None:
        return {}
    places = (*facts.places, *(place for one in facts.sharing for place in one.places))
    found = {}
    for code in {place.code for place in places if place.code}:
        try:
            one = listings.listed(shelf_id(code)).public
        except NotFound:
            continue
        if isinstance(one, Resource) and not one.withdrawn:
            found[code] = one.id
    return found


def _found(
    listings: Listings, wanted: Wanted, access: str, offset: int, size: int
) -> tuple[int, list[Listed]]:
    """The database knows nothing of access: where it is asked for, all are looked at."""
    if not access:
        return listings.public(wanted, offset, size)
    _, every = gathered(listings, wanted, MOST)
    chosen = [one for one in every if isinstance(one.public, Resource) and one.public.access == access]
    return len(chosen), chosen[offset : offset + size]


def _papers(site: Site, query: Query) -> tuple[int | None, tuple[Paper, ...]]:
    try:
        found = site.index.search(query)
    except SearchError:
        return None, ()
    return found.total, tuple(site.catalog.papers([hit.paper_id for hit in found.hits]))


def _entry(found: Listed, one: Resource) -> Entry:
    last: LinkCheck | None = max(one.checks, key=lambda check: check.checked_at, default=None)
    if last is None:
        return Entry(one, found.changed_at, "", good=True)
    told = f"Link checked on {date_words(last.checked_at)}: {words(last)[:1].lower()}{words(last)[1:]}"
    return Entry(one, found.changed_at, told, is_good(last))


def _choices(chosen: Mapping[str, str], kinds: tuple[str, ...]) -> tuple[Choice, ...]:
    access = {str(one): text for one, text in ACCESS.items()}
    return (
        to_choice("kind", "Kind", {str(kind): text for kind, text in KINDS.items()}, kinds),
        to_choice("access", "Access", access, chosen.get("access", "")),
        to_choice("country", "Country", countries(), chosen.get("country", "")),
        to_choice("cancer_type", "Topic", cancer_types(), chosen.get("cancer_type", "")),
    )
