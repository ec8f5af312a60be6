"""What a search finds as an Atom feed (RFC 4287)."""

from dataclasses import replace

from flask import Response

from conferences.atom import MEDIA_TYPE, render_feed
from domain.query import Query
from index.language.parsing import parse_query
from web.figures import Figures
from web.letters.wish_news import paper_note
from web.params import PAGE_SIZE, Params, query_string, to_asked
from web.search.page import answered, chips
from web.site import Site

_SIZE = "50"


def of_search(site: Site, params: Params, figures: Figures) -> Response:
    """A page of the feed, in the order of the search; it has the address of the next (RFC 5005).

    The search page also lists papers that are close in meaning, and papers with some of the words where none
    has all: they are not news of what was asked for, so the feed leaves them out.

    Raises:
        SearchError: the index does not answer, or has none of the papers yet.
        CatalogError: the papers cannot be read.
    """
    asked = to_asked({**params, "size": [_SIZE]}, "json")
    query = asked.query
    answer = answered(site, replace(query, highlight=False), figures)
    fits = answer.reading == parse_query(query.text, query.literal)
    papers = site.catalog.papers([hit.paper_id for hit in answer.hits if fits and not hit.by_meaning])
    plain = replace(query, size=PAGE_SIZE)
    own = query_string(plain)
    onwards = query_string(plain, asked.page + 1, answer.cursor) if fits and answer.cursor else ""
    content = render_feed(
        (paper_note(site, paper) for paper in papers),
        f"{_title(query)} · {site.name}",
        site.absolute(_at("/search.atom", own)),
        site.absolute(_at("/search", own)),
        site.name,
        onwards and site.absolute(_at("/search.atom", onwards)),
    )
    return Response(content, content_type=MEDIA_TYPE)


def _title(query: Query) -> str:
    """What is asked for, that a reader of many feeds can tell them apart."""
    parts = [query.text, *(f"{chip.title}: {chip.label}" for chip in chips(query))]
    return "; ".join(filter(None, parts)) or "All papers"


def _at(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
