"""Servers of invented papers for measuring a harvest: a list of JSON, a repository, and a journal's site.

They answer from what they hold ready, as a source does that has an index: what a page costs them is no part
of what a harvest costs.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from benchmarks.corpus import papers
from crawler.europepmc_replay import EuropePmcReplay
from crawler.replay import Fault, Replay, Reply, Request
from domain.paper import Version

_LINKS = 20
"""On each page of the site, as on those that `scrapy bench` follows."""
_OAI = "http://www.openarchives.org/OAI/2.0/"
_DC = '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'


class Listed(EuropePmcReplay):
    """Europe PMC with everything found, and every page written, in advance."""

    def __init__(self, records: Sequence[Mapping[str, Any]], size: int) -> None:
        super().__init__(records, compressed=False)
        asked = {"query": "all", "resultType": "core", "format": "json", "pageSize": str(size)}
        self._pages: dict[str, Reply] = {}
        cursor: str | None = "*"
        while cursor:
            request = Request(0.0, f"{self.path}/search", {**asked, "cursorMark": cursor}, {})
            page = self._pages[cursor] = super().answer(request, None)
            cursor = json.loads(page.body).get("nextCursorMark")

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """A page of the list, whatever the query."""
        return self._pages[request.query.get("cursorMark", "*")]

    def found(self, query: str) -> list[Mapping[str, Any]]:
        """All there is."""
        return self.records


class Repository(Replay):
    """A repository that speaks OAI-PMH; the token is where the next page begins."""

    path = "/oai"

    def __init__(self, versions: Sequence[Version], size: int) -> None:
        super().__init__(compressed=False)
        self._records = [_oai_record(number, version) for number, version in enumerate(versions, 1)]
        self._size = size

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """What it is, or a page of the list."""
        verb = request.query.get("verb", "")
        inside = self._identify() if verb == "Identify" else self._list(request.query)
        body = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="{_OAI}">'
            f"<responseDate>2024-06-01T00:00:00Z</responseDate>"
            f'<request verb="{escape(verb)}">{self.base_url}</request>{inside}</OAI-PMH>'
        )
        return Reply(body.encode(), media_type="text/xml;charset=UTF-8")

    def _identify(self) -> str:
        return (
            f"<Identify><repositoryName>Invented</repositoryName><baseURL>{self.base_url}</baseURL>"
            "<protocolVersion>2.0</protocolVersion><adminEmail>nobody@example.org</adminEmail>"
            "<earliestDatestamp>2024-01-01T00:00:00Z</earliestDatestamp><deletedRecord>no</deletedRecord>"
            "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity></Identify>"
        )

    def _list(self, query: Mapping[str, str]) -> str:
        start = int(query.get("resumptionToken", "0"))
        after, total = start + self._size, len(self._records)
        token = str(after) if after < total else ""
        return (
            f"<ListRecords>{''.join(self._records[start:after])}"
            f'<resumptionToken completeListSize="{total}" cursor="{start}">{token}</resumptionToken>'
            "</ListRecords>"
        )


class Site(Replay):
    """A journal's site: robots.txt, sitemaps of at most 50,000 pages, and a page for each article."""

    def __init__(self, versions: Sequence[Version]) -> None:
        super().__init__(compressed=False)
        self._pages = {
            f"/article/{number}": _page(number, version, len(versions))
            for number, version in enumerate(versions, 1)
        }

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """A page of the site."""
        if request.path in self._pages:
            return Reply(self._pages[request.path], media_type="text/html; charset=utf-8")
        if request.path == "/robots.txt":
            return Reply(b"User-agent: *\nAllow: /\n\n", media_type="text/plain")
        rows = "".join(f"<url><loc>{self.base_url}{path}</loc></url>" for path in self._pages)
        body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>\n'
        return Reply(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode(), media_type="application/xml")


def open_server(source: str, pages: int, size: int) -> Replay:
    """The server of a source, with so many pages of so many records."""
    versions = [item.paper.primary for item in papers(pages * size)]
    if source == "pages":
        return Site(versions)
    if source == "oai":
        return Repository(versions, size)
    return Listed([_core_record(*numbered) for numbered in enumerate(versions, 1)], size)


def _core_record(number: int, version: Version) -> dict[str, Any]:
    """As Europe PMC writes it, as long as usual ones are."""
    authors = [
        {
            "lastName": author.family,
            "firstName": author.given,
            "authorAffiliationDetailsList": {
                "authorAffiliation": [{"affiliation": place.text} for place in author.affiliations]
            },
        }
        for author in version.authors
    ]
    return {
        "id": str(number),
        "source": "MED",
        "pmid": str(number),
        "doi": f"10.5555/invented.{number}",
        "title": version.title,
        "abstractText": _abstract(version),
        "authorList": {"author": authors},
        "journalInfo": {"journal": {"title": version.journal.title if version.journal else ""}},
        "pubYear": str(version.year or 2020),
        "isOpenAccess": "Y",
        "license": "cc by",
        "firstIndexDate": "2024-01-01",
        "firstPublicationDate": "2024-01-01",
    }


def _oai_record(number: int, version: Version) -> str:
    fields = [
        ("title", version.title),
        *(("creator", f"{author.family}, {author.given}") for author in version.authors),
        ("description", _abstract(version)),
        ("date", str(version.year or 2020)),
        ("type", "info:eu-repo/semantics/article"),
        ("identifier", f"https://doi.org/10.5555/invented.{number}"),
        ("rights", "https://creativecommons.org/licenses/by/4.0/"),
    ]
    metadata = "".join(f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in fields)
    return (
        f"<record><header><identifier>oai:invented.example.org:{number}</identifier>"
        f"<datestamp>2024-01-02T00:00:00Z</datestamp></header>"
        f"<metadata>{_DC}{metadata}</oai_dc:dc></metadata></record>"
    )


def _page(number: int, version: Version, count: int) -> bytes:
    metas = "".join(
        f'<meta name="{name}" content="{escape(value)}">\n' for name, value in _tags(number, version)
    )
    links = "".join(
        f"<a href='/article/{(number * 7919 + turn) % count + 1}'>follow</a><br>" for turn in range(_LINKS)
    )
    return (
        f"<!doctype html>\n<html lang=en><head><title>{escape(version.title)}</title>\n{metas}</head>\n"
        f"<body>{links}<p>{escape(_abstract(version))}</p></body></html>\n"
    ).encode()


def _tags(number: int, version: Version) -> Iterator[tuple[str, str]]:
    """The tags that scholarly search engines ask publishers for."""
    yield "citation_title", version.title
    for author in version.authors:
        yield "citation_author", f"{author.family}, {author.given}"
        for place in author.affiliations:
            yield "citation_author_institution", place.text
    yield "citation_journal_title", version.journal.title if version.journal else "Journal of Inventions"
    yield "citation_publication_date", f"{version.year or 2020}/01/02"
    yield "citation_doi", f"10.5555/invented.{number}"
    yield "citation_abstract", _abstract(version)


def _abstract(version: Version) -> str:
    main = version.abstract()
    return main.text if main else ""
