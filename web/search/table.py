"""Papers as a table (CSV, RFC 4180): a line for each, to sort and screen in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response

from conferences.table_out import MEDIA_TYPE, harmless
from domain.paper import Paper
from web.figures import Figures
from web.params import Params
from web.search.saved import found_papers
from web.site import Site

COLUMNS = (
    *("id", "title", "authors", "author_count", "journal", "published", "kind", "study_type", "language"),
    *("doi", "pmid", "pmcid", "arxiv", "cancer_types", "countries", "trials", "notices", "licence"),
    *("open_access", "url"),
)
"""Several values of one cell stand between semicolons."""
_AUTHORS = 10
"""So many are named, as in the JSON of a search; all are counted."""


def of_search(site: Site, params: Params, figures: Figures) -> Response:
    """The table of the first papers that a search lists. Raises `SearchError`."""
    response = Response(_pieces(found_papers(site, params, figures), site), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = 'attachment; filename="search.csv"'
    return response


def _pieces(papers: Iterable[Sequence[Paper]], site: Site) -> Iterator[str]:
    yield _lines([COLUMNS])
    for some in papers:
        yield _lines([tuple(map(harmless, _cells(paper, site))) for paper in some])


def _lines(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _cells(paper: Paper, site: Site) -> Sequence[str]:
    version, ids = paper.primary, paper.primary.identifiers
    authors = [author.name for author in version.authors]
    journal, licence = version.journal, version.licence
    return (
        *(paper.id, paper.title, "; ".join(authors[:_AUTHORS]), str(len(authors))),
        *(journal.title if journal else "", version.published or "", str(version.kind)),
        *(paper.study_type or "", version.language),
        *(ids.doi or "", ids.pmid or "", ids.pmcid or "", ids.arxiv or ""),
        *("; ".join(many) for many in (paper.cancer_types, paper.countries)),
        "; ".join(f"{trial.id} ({trial.role})" for trial in paper.trials),
        "; ".join(dict.fromkeys(str(notice.kind) for notice in paper.notices)),
        *(licence.code if licence else "", "yes" if paper.open_access else "no"),
        site.absolute(f"/papers/{paper.id}"),
    )
