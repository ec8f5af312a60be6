"""A site on this machine, as an open-access journal's: robots.txt, sitemaps and pages, all invented.

Its index leads to a list of articles, a list of other pages, and itself. Like a real site it adds to each
page what differs every time it is asked for. EXPIRED: a page that is gone.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from crawler.replay import Fault, Replay, Reply, Request

ROBOTS = """# An invented journal
User-agent: *
Disallow: /admin/
Disallow: /article/closed
Allow: /

User-agent: OtherBot
Disallow: /

Sitemap: {base}/sitemap-index.xml
"""
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class PagesReplay(Replay):
    """Serves pages by path, each with the day it was changed; those in `bare` are no articles."""

    def __init__(
        self,
        pages: Mapping[str, str],
        faults: Iterable[Fault] = (),
        *,
        robots: str | None = ROBOTS,
        bare: Sequence[str] = ("/", "/about"),
        compressed: bool = True,
        port: int = 0,
    ) -> None:
        self.pages, self.robots, self.bare = dict(pages), robots, bare
        self.days = {path: f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}" for n, path in enumerate(pages)}
        self.gone: set[str] = set()
        self._visits = itertools.count()
        super().__init__(faults, compressed=compressed, port=port)

    def refusal(self) -> Reply:
        """As sites say that there is no such page, or not any more."""
        return Reply(b"<html><body>410 Gone</body></html>", 410, "text/html")

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """A page of the site."""
        path = request.path
        assert "Findings/" in request.headers["user-agent"]
        if path == "/robots.txt" and self.robots is not None:
            return Reply(self.robots.format(base=self.base_url).encode(), media_type="text/plain")
        if path == "/sitemap-index.xml":
            return self._index()
        if path == "/articles.xml":
            return self._list(self.pages)
        if path == "/others.xml":
            return self._list([*self.bare, "/figure.png", "/article/closed/1", "/admin/"])
        if path in self.gone:
            return self.refusal()
        if path in self.pages:
            token = f'<meta name="csrf-token" content="{next(self._visits)}">'
            return _html(self.pages[path].replace("</head>", f"{token}</head>"))
        if path in self.bare:
            return _html("<!doctype html><html><head><title>A journal</title></head><body></body></html>")
        if path == "/figure.png":
            return Reply(b"\x89PNG\r\n", media_type="image/png")
        return Reply(b"<html><body>Not found</body></html>", 404, "text/html")

    def _index(self) -> Reply:
        names = ("articles", "others", "sitemap-index")
        rows = "".join(f"<sitemap><loc>{self.base_url}/{name}.xml</loc></sitemap>" for name in names)
        return _xml(f'<sitemapindex xmlns="{NAMESPACE}">{rows}</sitemapindex>\n')

    def _list(self, paths: Iterable[str]) -> Reply:
        rows = []
        for path in paths:
            day = self.days.get(path)
            changed = f"<lastmod>{day}T08:00:00+00:00</lastmod>" if day else ""
            rows.append(f"<url><loc>{escape(self.base_url + path)}</loc>{changed}</url>")
        rows.append("<url><loc>https://elsewhere.example/article/1</loc></url>")
        return _xml(f'<urlset xmlns="{NAMESPACE}">{"".join(rows)}</urlset>\n')


_ports: list[int] = []
"""The site keeps its address, by which its records are known."""


def serve(count: int, faults: Iterable[Fault] = ()) -> PagesReplay:
    """A site of so many articles."""
    pages = {f"/article/{number}": article(number) for number in range(1, count + 1)}
    try:
        site = PagesReplay(pages, faults, port=_ports[0] if _ports else 0)
    except OSError:  # the last one is still open
        site = PagesReplay(pages, faults)
    _ports[:] = [int(site.base_url.rpartition(":")[2])]
    return site


def article(number: int, head: str = "") -> str:
    """The page of an invented article."""
    tags = {
        "citation_title": f"An invented trial of drug {number} in breast cancer",
        "citation_author": f"Invented, Ada {number}",
        "citation_author_institution": "Invented Hospital, Nairobi, Kenya",
        "citation_journal_title": "Journal of Invented Oncology",
        "citation_issn": "0000-0019",
        "citation_publication_date": "2024/03/06",
        "citation_doi": f"10.5555/invented.page.{number}",
    }
    metas = "".join(f'<meta name="{name}" content="{escape(value)}">\n' for name, value in tags.items())
    return (
        f"<!doctype html>\n<html lang=en><head><title>Article {number}</title>\n{metas}{head}</head>\n"
        f"<body><nav>menu</nav><p>Text of {number}.</p></body></html>\n"
    )


def _html(text: str) -> Reply:
    return Reply(text.encode(), media_type="text/html; charset=utf-8")


def _xml(text: str) -> Reply:
    return Reply(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode(), media_type="application/xml")
