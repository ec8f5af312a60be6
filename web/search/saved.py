"""What a search lists as one file: the first papers in the order of its page."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from domain.paper import Paper
from web.figures import Figures
from web.params import Params, to_asked
from web.search.page import answered
from web.site import Site

MOST = 1_000
"""So many papers are in a file: the index gives them in one answer."""
_CHUNK = 100


def found_papers(site: Site, params: Params, figures: Figures) -> Iterator[Sequence[Paper]]:
    """The first papers that a search lists, some at a time, whatever page of it `params` name.

    The index is asked before this returns, so that its errors can be answered as such; papers are read as
    they are taken.

    Raises:
        SearchError: the index does not answer, or has none of the papers yet.
    """
    query = replace(to_asked(params).query, size=MOST, offset=0, cursor="", highlight=False)
    ids = [hit.paper_id for hit in answered(site, query, figures).hits]
    return (site.catalog.papers(ids[at : at + _CHUNK]) for at in range(0, len(ids), _CHUNK))
