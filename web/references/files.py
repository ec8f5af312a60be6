"""References as files to take along: of one paper, and of what a search finds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask import Response

from domain.paper import Paper
from web.figures import Figures
from web.params import Params
from web.references import bibtex, csl, ris
from web.references.reference import Reference, to_reference
from web.search.saved import found_papers
from web.site import Site


@dataclass(frozen=True, slots=True)
class Format:
    """A form of references: its name to readers, and how a file of it is put together."""

    title: str
    media_type: str
    write: Callable[[Reference], str]
    begin: str = ""
    between: str = ""
    end: str = ""

    @property
    def mimetype(self) -> str:
        """The media type without its parameters, as `link` elements name it."""
        return self.media_type.partition(";")[0]

    def pieces(self, papers: Iterable[Sequence[Paper]], site: Site) -> Iterator[str]:
        """A file, in as many pieces as the papers come in, its beginning and its end."""
        yield self.begin
        before = ""
        for some in filter(None, papers):
            yield before + self.between.join(self.write(reference_of(paper, site)) for paper in some)
            before = self.between
        yield self.end


FORMATS = {
    "ris": Format("RIS", ris.MEDIA_TYPE, ris.to_ris, between="\r\n"),
    "bib": Format("BibTeX", bibtex.MEDIA_TYPE, bibtex.to_bibtex, between="\n"),
    "csl.json": Format("CSL-JSON", csl.MEDIA_TYPE, csl.to_csl, begin="[\n", between=",\n", end="\n]\n"),
}
"""By the ending of the address."""


def reference_of(paper: Paper, site: Site) -> Reference:
    """A paper as the site tells of it."""
    return to_reference(paper, site.absolute(f"/papers/{paper.id}"), site.name)


def of_paper(site: Site, paper: Paper, form: str) -> Response:
    """The file of one paper; `form` is a key of `FORMATS`."""
    return _file("".join(FORMATS[form].pieces([[paper]], site)), form, paper.id)


def of_search(site: Site, params: Params, figures: Figures, form: str) -> Response:
    """The file of the first papers that a search lists. Raises `SearchError`."""
    return _file(FORMATS[form].pieces(found_papers(site, params, figures), site), form, "search")


def _file(content: str | Iterator[str], form: str, name: str) -> Response:
    response = Response(content, content_type=FORMATS[form].media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
