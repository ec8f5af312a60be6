"""Walks through an invented site on this machine: robots.txt, sitemaps, and pages that are gone."""

import gzip
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from catalog.sqlcatalog import SqlCatalog
from crawler.fetching.patience import load_patience
from crawler.fetching.robots import may_be_cut, parse_rules
from crawler.fetching.sitemaps import MAX_ENTRIES, Entry, own_address, parse_sitemap
from crawler.harvest import HarvestReport, harvest
from crawler.replay import Fault, FaultKind, Reply, Request
from domain.errors import SourceChanged
from tests.crawler.damage import damaged
from tests.crawler.replay_pages import NAMESPACE, ROBOTS, PagesReplay, article

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine makes examples slowly."""

QUICK = replace(
    load_patience("pages"), requests_per_second=1000, timeout=5, retries=2, first_wait=0.001, max_wait=30
)


def site(count: int, faults: tuple[Fault, ...] = (), **options: Any) -> PagesReplay:
    return PagesReplay({f"/article/{n}": article(n) for n in range(1, count + 1)}, faults, **options)


def run(catalog: SqlCatalog, server: PagesReplay, **options: Any) -> HarvestReport:
    options.setdefault("base_url", server.base_url)
    options.setdefault("patience", QUICK)
    return harvest("pages", catalog, **options)


def asked(server: PagesReplay) -> list[str]:
    return [request.path for request in server.requests]


def held(catalog: SqlCatalog) -> set[str]:
    records = catalog.records("pages", limit=1000)
    return {record.native_id.partition("/article/")[2] for record in records}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would be waited for, in place of waiting."""
    found: list[float] = []

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr("crawler.fetching.exchange._sleep", sleep)
    return found


def replied(server: PagesReplay, path: str, reply: Reply) -> None:
    """Let the server answer for one path as given, always."""
    answer = server.answer

    def other(request: Request, fault: Fault | None) -> Reply:
        return replace(reply) if request.path == path else answer(request, fault)

    server.answer = other  # type: ignore[method-assign]


@pytest.mark.usefixtures("waits")
class TestRobots:
    """RFC 9309."""

    def test_what_is_closed_is_never_asked_for(self, catalog: SqlCatalog) -> None:
        with site(5, robots=ROBOTS + "\nUser-agent: findings\nDisallow: /article/3\n") as server:
            report = run(catalog, server, base_url=f"{server.base_url}/articles.xml")
        assert (report.outcome, held(catalog)) == ("complete", {"1", "2", "4", "5"})
        assert asked(server)[0] == "/robots.txt"
        assert "/article/3" not in asked(server)
        assert "1 pages are closed to robots" in report.note

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 418])
    def test_a_client_s_error_allows_all(self, catalog: SqlCatalog, status: int) -> None:
        with site(3) as server:
            replied(server, "/robots.txt", Reply(b"no", status))
            report = run(catalog, server, base_url=f"{server.base_url}/articles.xml")
        assert (report.outcome, report.counts.new) == ("complete", 3), report.note

    @pytest.mark.parametrize("status", [500, 503, 429, 301])
    def test_without_an_answer_nothing_is_asked(self, catalog: SqlCatalog, status: int) -> None:
        with site(3) as server:
            replied(server, "/robots.txt", Reply(b"no", status))
            report = run(catalog, server)
        assert report.outcome == "failed"
        assert set(asked(server)) == {"/robots.txt"}
        assert f"HTTP {status}" in report.note

    def test_a_site_may_be_closed_as_a_whole(self, catalog: SqlCatalog) -> None:
        with site(3, robots="User-agent: *\nDisallow: /\n") as server:
            report = run(catalog, server)
        assert (report.outcome, asked(server)) == ("failed", ["/robots.txt"])
        assert "robots.txt closes the sitemap" in report.note

    def test_an_empty_file_allows_all(self, catalog: SqlCatalog) -> None:
        with site(3) as server:
            replied(server, "/robots.txt", Reply(b"\n"))
            assert run(catalog, server, base_url=f"{server.base_url}/articles.xml").counts.new == 3

    def test_what_may_be_cut_short_is_asked_for_twice(self, catalog: SqlCatalog) -> None:
        with site(3, robots="User-agent: *\nDisallow: /admin", compressed=False) as server:
            report = run(catalog, server, base_url=f"{server.base_url}/articles.xml")
        assert (report.counts.new, asked(server).count("/robots.txt")) == (3, 2)

    def test_its_delay_is_kept(self, catalog: SqlCatalog, waits: list[float]) -> None:
        with site(3, robots=ROBOTS + "\nUser-agent: findings\nCrawl-delay: 20\n") as server:
            report = run(catalog, server, base_url=f"{server.base_url}/articles.xml")
        assert report.counts.new == 3
        assert len(waits) == len(server.requests) - 1
        assert all(19 < wait <= 20 for wait in waits)

    def test_a_delay_beyond_patience_ends_the_run(self, catalog: SqlCatalog) -> None:
        with site(3, robots="User-agent: *\nCrawl-delay: 86400\n") as server:
            report = run(catalog, server, base_url=f"{server.base_url}/articles.xml")
        assert (report.outcome, len(server.requests)) == ("partial", 1)

    def test_the_usual_place_is_tried_where_no_sitemap_is_named(self, catalog: SqlCatalog) -> None:
        with site(3, robots="User-agent: *\nAllow: /\n") as server:
            report = run(catalog, server)
        assert asked(server)[1] == "/sitemap.xml"
        assert report.outcome == "failed"


@pytest.mark.usefixtures("waits")
class TestPages:
    """Pages that come, go and fail."""

    def test_a_page_that_is_gone_is_withdrawn(self, catalog: SqlCatalog) -> None:
        with site(4) as server:
            assert run(catalog, server).counts.new == 4
            server.gone.add("/article/2")
            report = run(catalog, server, everything=True)
        assert (report.outcome, held(catalog)) == ("complete", {"1", "3", "4"})
        assert "1 pages are gone" in report.note

    def test_a_page_that_fails_costs_itself_only(self, catalog: SqlCatalog) -> None:
        with site(6) as server:
            replied(server, "/article/2", Reply(b"", 500))
            replied(server, "/article/3", Reply(b"", 302, headers={"Location": "/elsewhere"}))
            replied(server, "/article/4", Reply(b"no", 403))
            report = run(catalog, server)
            assert (report.outcome, held(catalog)) == ("partial", {"1", "5", "6"})
            assert "a page could not be had" in report.note
            assert "2 pages were moved, closed or too large" in report.note
            assert "/elsewhere" not in asked(server)

    def test_a_site_where_all_is_gone_has_changed(self, catalog: SqlCatalog) -> None:
        with site(40) as server:
            server.gone.update(server.pages)
            report = run(catalog, server)
        assert report.outcome == "partial"
        assert len(server.requests) < 30

    def test_a_silent_site_is_left_soon(self, catalog: SqlCatalog) -> None:
        with site(40, (Fault(5, FaultKind.RESET, times=999),)) as server:
            report = run(catalog, server)
        assert report.outcome == "partial"
        assert len(server.requests) < 25

    def test_a_page_cut_anywhere_is_not_taken(self, catalog: SqlCatalog) -> None:
        page = article(1)
        sizes = range(1, len(page.rstrip()) - len("</html>"), 23)
        faults = [Fault(4 + n, FaultKind.CUT_UNNOTICED, size=size) for n, size in enumerate(sizes)]
        with site(1, tuple(faults)) as server:
            report = run(catalog, server, patience=replace(QUICK, retries=len(faults), first_wait=1e-9))
        (record,) = catalog.records("pages", limit=2)
        assert (report.outcome, report.counts.new) == ("complete", 1)
        assert b"10.5555/invented.page.1" in record.payload

    def test_a_page_without_an_end_is_believed_the_second_time(self, catalog: SqlCatalog) -> None:
        with site(1) as server:
            body = article(1).removesuffix("</html>\n").encode()
            replied(server, "/article/1", Reply(body, media_type="text/html"))
            assert run(catalog, server).counts.new == 1
        assert asked(server).count("/article/1") == 2

    def test_a_page_that_asks_not_to_be_listed_is_not(self, catalog: SqlCatalog) -> None:
        with site(2) as server:
            server.pages["/article/1"] = article(1, '<meta name="robots" content="NOINDEX, follow">')
            hidden = Reply(article(2).encode(), media_type="text/html", headers={"X-Robots-Tag": "noindex"})
            replied(server, "/article/2", hidden)
            assert run(catalog, server).counts.total == 0

    def test_what_changes_around_an_article_is_no_change(self, catalog: SqlCatalog) -> None:
        with site(3) as server:
            first = run(catalog, server)
            again = run(catalog, server, everything=True)
            server.pages["/article/2"] = article(20)
            changed = run(catalog, server, everything=True)
        assert (first.counts.new, again.counts.unchanged) == (3, 3)
        assert (changed.counts.updated, changed.counts.unchanged) == (1, 2)

    def test_days_and_paths_choose_pages(self, catalog: SqlCatalog) -> None:
        with site(6) as server:
            server.days["/article/6"] = "2025-05-05"
            report = run(catalog, server, since="2025-01-01", query="/article/*")
            assert (report.outcome, held(catalog)) == ("complete", {"6"})
            assert [path for path in asked(server) if "article/" in path] == ["/article/6"]
            run(catalog, server, until="2024-02-28", query="/article/*")
            assert held(catalog) == {"6", "1", "2"} - (
                {"1"} if server.days["/article/1"] > "2024-02" else set()
            )


@pytest.mark.usefixtures("waits")
class TestResuming:
    """A run goes on where the last was stopped."""

    def test_stopped_after_each_page_no_page_is_asked_for_twice(self, catalog: SqlCatalog) -> None:
        with site(6) as server:
            for _ in range(6):
                run(catalog, server, limit=1, query="/article/*")
            last = run(catalog, server, query="/article/*")
            pages = [path for path in asked(server) if path.startswith("/article/")]
        assert (last.outcome, held(catalog)) == ("complete", set("123456"))
        assert sorted(pages) == sorted(set(pages))

    def test_entries_that_come_in_before_are_not_in_the_way(self, catalog: SqlCatalog) -> None:
        with site(4) as server:
            run(catalog, server, limit=2, query="/article/*")
            server.pages = {"/article/9": article(9), **server.pages}
            last = run(catalog, server, query="/article/*")
            assert (last.outcome, held(catalog)) == ("complete", set("1234"))
            run(catalog, server, everything=True, query="/article/*")
            assert held(catalog) == set("12349")

    def test_an_entry_that_has_gone_means_its_list_from_the_start(self, catalog: SqlCatalog) -> None:
        with site(4) as server:
            run(catalog, server, limit=2, query="/article/*")
            del server.pages["/article/2"]
            last = run(catalog, server, query="/article/*")
        assert (last.outcome, held(catalog)) == ("complete", set("1234"))


@pytest.mark.usefixtures("waits")
class TestSitemaps:
    """Lists of pages, and of lists."""

    def test_addresses_in_a_text(self, catalog: SqlCatalog) -> None:
        with site(3) as server:
            text = f"{server.base_url}/article/1\r\n{server.base_url}/article/3\r\n"
            replied(server, "/list.txt", Reply(text.encode(), media_type="text/plain"))
            run(catalog, server, base_url=f"{server.base_url}/list.txt")
        assert held(catalog) == {"1", "3"}

    def test_addresses_in_the_table(self, catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch) -> None:
        with site(3) as server:
            addresses = [f"{server.base_url}/article/{n}" for n in (1, 2)]
            monkeypatch.setattr("crawler.fetching.sites.source_table", lambda _: {"addresses": addresses})
            report = run(catalog, server)
        assert (report.outcome, held(catalog)) == ("complete", {"1", "2"})
        assert asked(server) == ["/robots.txt", "/article/1", "/article/2"]

    def test_lists_of_lists_end(self, catalog: SqlCatalog) -> None:
        with site(1) as server:

            def answer(request: Request, _: Fault | None) -> Reply:
                if request.path == "/robots.txt":
                    return Reply(b"", 404)
                row = f"<sitemap><loc>{server.base_url}{request.path}x</loc></sitemap>"
                return Reply(f'<sitemapindex xmlns="{NAMESPACE}">{row}</sitemapindex>'.encode())

            server.answer = answer  # type: ignore[method-assign]
            report = run(catalog, server, base_url=f"{server.base_url}/a")
        assert (report.outcome, len(server.requests)) == ("partial", 4)
        assert "without end" in report.note

    def test_a_list_that_is_missing_is_told(self, catalog: SqlCatalog) -> None:
        with site(2) as server:
            replied(server, "/others.xml", Reply(b"no", 404))
            report = run(catalog, server)
        assert (report.outcome, held(catalog)) == ("partial", {"1", "2"})
        assert "a sitemap could not be had" in report.note

    def test_a_packed_list(self) -> None:
        body = f'<urlset xmlns="{NAMESPACE}"><url><loc>https://a.example/1</loc></url></urlset>'.encode()
        assert parse_sitemap(gzip.compress(body), "pages").entries == (Entry("https://a.example/1"),)
        for bad in (gzip.compress(body)[:-9], gzip.compress(body[:-3]), gzip.compress(b" " * (60 << 20))):
            with pytest.raises(SourceChanged):
                parse_sitemap(bad, "pages")

    def test_a_list_is_cut_at_the_protocol_s_limit(self) -> None:
        rows = "<url><loc>https://a.example/1</loc></url>" * (MAX_ENTRIES + 1)
        found = parse_sitemap(f"<urlset>{rows}</urlset>".encode(), "pages")
        assert (len(found.entries), found.more) == (MAX_ENTRIES, True)

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("2024-03-06", "2024-03-06"),
            ("2024-03-06T10:00:00+02:00", "2024-03-06"),
            ("2024-03", "2024-03"),
            ("yesterday", None),
            ("2024-99-99", None),
            ("", None),
        ],
    )
    def test_days_are_read_as_precisely_as_they_are_given(self, given: str, kept: str | None) -> None:
        body = f"<urlset><url><loc>https://a.example/</loc><lastmod>{given}</lastmod></url></urlset>"
        assert parse_sitemap(body.encode(), "pages").entries[0].changed == kept

    @pytest.mark.parametrize(
        ("address", "kept"),
        [
            ("https://a.example/1?x=2#top", "https://a.example/1?x=2"),
            ("http://a.example/1", "https://a.example/1"),
            ("https://A.EXAMPLE", "https://a.example/"),
            ("https://b.example/1", None),
            ("https://a.example:8443/1", None),
            ("https://a.example@b.example/", None),
            ("https://x:y@a.example/", None),
            ("file:///etc/passwd", None),
            ("//a.example/1", None),
            ("https://a.example/\n1", None),
            ("https://a.example:99999/", None),
            ("https://[::1/", None),
            ("https://a.example/" + "x" * 3000, None),
        ],
    )
    def test_only_the_same_host_is_asked(self, address: str, kept: str | None) -> None:
        assert own_address(address, "https://a.example/sitemap.xml") == kept


SITEMAP = (
    f'<?xml version="1.0"?>\n<urlset xmlns="{NAMESPACE}"><url><loc>https://a.example/1</loc>'
    "<lastmod>2024-03-06</lastmod></url><url><loc>https://a.example/2</loc></url></urlset>"
).encode()


def test_a_list_cut_anywhere_is_none() -> None:
    for size in range(len(SITEMAP)):
        with pytest.raises(SourceChanged):
            parse_sitemap(SITEMAP[:size], "pages")


@UNHURRIED
@given(damaged(SITEMAP, [b"<", b">", b"&x;", b"<!ENTITY", b"\xff", b"\x1f\x8b", b"<url>", b"]]>"]))
def test_damage_never_breaks_the_reader_of_lists(body: bytes) -> None:
    try:
        found = parse_sitemap(body, "pages")
    except SourceChanged:
        return
    assert all(
        isinstance(own_address(entry.address, "https://a.example/"), str | None) for entry in found.entries
    )


@UNHURRIED
@given(damaged(ROBOTS.encode(), [b"*", b"$", b"\xff", b"\0", b"Disallow: /\n", b"Crawl-delay: -1\n"]))
def test_damage_never_breaks_the_reader_of_rules(body: bytes) -> None:
    rules = parse_rules(body)
    may_be_cut(body)
    assert rules.gap >= 0
    assert rules.allow("https://a.example/article/1") in (True, False)


def test_rules_with_many_stars_are_read_in_time() -> None:
    start = time.process_time()
    rules = parse_rules(b"User-agent: *\n" + b"Disallow: " + b"/*a" * 12 + b"$\n" * 1)
    rules.allow("https://a.example/" + "/a" * 60 + "b")
    assert time.process_time() - start < 5
