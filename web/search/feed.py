"""What a search lists as an Atom feed (RFC 4287)."""

from dataclasses import replace

from conferences.atom import render_feed
from web.figures import Figures
from web.letters.wish_news import paper_note
from web.params import PAGE_SIZE, Params, query_string
from web.search.page import search
from web.site import Site

_SIZE = "50"


def of_search(site: Site, params: Params, figures: Figures) -> bytes:
    """A page of the feed, in the order of the search; it has the address of the next (RFC 5005).

    Raises:
        SearchError: the index does not answer, or has none of the papers yet.
        CatalogError: the papers cannot be read.
    """
    view = search(site, {"size": [_SIZE], **params}, figures, "json")
    read = query_string(replace(view.query, size=PAGE_SIZE))
    return render_feed(
        (paper_note(site, result.paper) for result in view.results),
        f"{view.query.text or 'Papers'} · {site.name}",
        site.absolute(_at("/search.atom", view.address)),
        site.absolute(_at("/search", read)),
        site.name,
        site.absolute(_at("/search.atom", view.onwards)) if view.onwards else "",
    )


def _at(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
