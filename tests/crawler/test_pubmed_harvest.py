"""PubMed over E-utilities: every citation that is listed comes, or the harvest says that it is not whole."""

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fetching.page import Asked, Page, RequestRefused
from crawler.fetching.patience import Patience
from crawler.harvest import HarvestReport, harvest
from crawler.replay import Fault, FaultKind, Request
from crawler.sources import pubmed
from domain.errors import ConfigError, FindingsError, SourceChanged
from domain.ports import Catalog
from tests.crawler.damage import damaged
from tests.crawler.replay_pubmed import Citation, Oddities, PubmedReplay, serve

NOW = datetime(2026, 1, 1, tzinfo=UTC)
QUICK = Patience(
    page_size=10,
    requests_per_second=500,
    retries=3,
    timeout=5,
    max_wait=30,
    first_wait=0.02,
    max_page_bytes=1 << 22,
)
LISTED = (
    "<eSearchResult><Count>{count}</Count><RetMax>0</RetMax><RetStart>0</RetStart><IdList>{ids}</IdList>"
    "</eSearchResult>"
)


def run(server: PubmedReplay, catalog: Catalog, **options: Any) -> HarvestReport:
    options.setdefault("patience", QUICK)
    with server:
        return harvest("pubmed", catalog, base_url=server.base_url, contact="tests@example.org", **options)


def walk(server: PubmedReplay, size: int = 200, **days: str | None) -> Iterator[Page]:
    """All pages of a list, read without a network."""
    asked = Asked(
        "pubmed", "http://x", pubmed.window("cancer", days.get("since"), days.get("until")), size=size
    )
    for _ in range(5000):
        page = pubmed.parse_page(server.answer(_request(asked), None).body, NOW, asked)
        yield page
        if page.next_cursor is None:
            return
        asked = dataclasses.replace(asked, cursor=page.next_cursor)
    raise AssertionError("a list without end")


def _request(asked: Asked) -> Request:
    parts = urlsplit(pubmed.page_url(asked))
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return Request(
        0.0, parts.path.replace("//", "/entrez/eutils/").replace("/e", "/entrez/eutils/e", 1), query, {}
    )


def came(pages: Sequence[Page]) -> list[str]:
    return [record.native_id for page in pages for record in page.records]


def many(count: int, **days: str) -> list[Citation]:
    return [Citation(str(10_000_000 + number), **days) for number in range(count)]


def test_a_whole_harvest_equals_the_list(catalog: Catalog) -> None:
    first = run(serve(45), catalog)
    assert (first.outcome, first.note, first.counts.new) == ("complete", "", 45)
    assert (first.seen, first.expected, catalog.counts()["records"]) == (45, 45, 45)


def test_what_is_asked_for_and_who_asks(catalog: Catalog) -> None:
    server = serve(5)
    report = run(server, catalog, query="melanoma", since="2024-01-02", until="2024-01-04", key=" abc ")
    search, fetch = server.requests[0].query, server.requests[1].query
    assert report.query == "(melanoma) AND 2024/01/02:2024/01/04[mdat]"
    assert search["term"] == "melanoma"
    assert (search["datetype"], search["mindate"], search["maxdate"]) == ("mdat", "2024/01/02", "2024/01/04")
    assert {search["tool"], fetch["tool"]} == {"findings"}
    assert {search["email"], fetch["email"]} == {"tests@example.org"}
    assert {search["api_key"], fetch["api_key"]} == {"abc"}
    assert fetch["id"].count(",") == 2
    assert report.counts.new == 3


def test_a_web_address_is_no_email() -> None:
    asked = Asked("pubmed", "http://x", "cancer", contact="https://user@example.org/contact")
    assert "email" not in pubmed.page_url(asked)


@pytest.mark.parametrize("count", [9_998, 9_999, 10_000, 25_000])
def test_nothing_is_lost_past_the_first_9999_hits(count: int) -> None:
    citations = [
        Citation(
            str(10_000_000 + number), edat=f"20{number % 24:02}/{number % 12 + 1:02}/{number % 28 + 1:02}"
        )
        for number in range(count)
    ]
    pages = list(walk(PubmedReplay(citations)))
    assert sorted(came(pages)) == [one.pmid for one in citations]
    assert not pages[-1].doubt
    assert {page.total for page in pages} == {count}


def test_a_single_day_with_too_many_hits_is_divided_by_another_date() -> None:
    citations = [
        Citation(
            str(10_000_000 + number), mdat="2024/12/10", edat=f"20{number % 24:02}/03/{number % 28 + 1:02}"
        )
        for number in range(12_000)
    ]
    pages = list(walk(PubmedReplay(citations), since="2024-12-10", until="2024-12-10"))
    assert sorted(came(pages)) == [one.pmid for one in citations]
    assert not pages[-1].doubt


def test_what_no_date_divides_is_said_to_be_missing() -> None:
    pages = list(walk(PubmedReplay(many(10_050))))
    assert len(set(came(pages))) == 9_999
    assert pages[-1].doubt == "51 citations that PubMed listed did not come"


def test_citations_without_the_other_date_are_said_to_be_missing() -> None:
    undated = [Citation(str(20_000_000 + n), pdat="") for n in range(3)]
    dated = [Citation(str(10_000_000 + n), pdat=f"20{n % 24:02}/01/01") for n in range(10_000)]
    pages = list(walk(PubmedReplay(dated + undated)))
    assert len(came(pages)) == 10_000
    assert pages[-1].doubt == "PubMed announced 10003 citations, and listed 10000"


def test_a_citation_that_comes_late_is_asked_for_again(catalog: Catalog) -> None:
    server = PubmedReplay(many(25), oddities=Oddities(late={"10000003", "10000024"}))
    report = run(server, catalog)
    assert (report.outcome, report.counts.new) == ("complete", 25)


def test_a_citation_that_never_comes_makes_the_harvest_partial(catalog: Catalog) -> None:
    server = PubmedReplay(many(25), oddities=Oddities(missing=frozenset({"10000012"})))
    report = run(server, catalog)
    assert (report.outcome, report.counts.new) == ("partial", 24)
    assert report.note == "1 citations that PubMed listed did not come"


@pytest.mark.parametrize("left", ["10000005", "90000001"])
def test_a_merged_citation_is_not_missed(catalog: Catalog, left: str) -> None:
    server = PubmedReplay(many(12), oddities=Oddities(merged={"10000004": left}))
    server.citations.append(Citation("90000001", edat="1400/01/01"))
    assert run(server, catalog).outcome == "complete"


def test_an_empty_list_is_complete(catalog: Catalog) -> None:
    report = run(serve(20), catalog, query="nothing")
    assert (report.outcome, report.counts.total, report.expected) == ("complete", 0, 0)


FAULTS = [
    Fault(at, kind, status=status, size=size)
    for at in (1, 2, 3, 4)
    for kind, status, size in [
        (FaultKind.STATUS, 429, 0),
        (FaultKind.STATUS, 503, 0),
        (FaultKind.RESET, 0, 0),
        (FaultKind.EMPTY, 0, 0),
        (FaultKind.HTML, 0, 0),
        (FaultKind.GARBAGE, 0, 999),
        (FaultKind.CUT, 0, 200),
        (FaultKind.CUT_UNNOTICED, 0, 300),
        (FaultKind.CUT_COMPRESSED, 0, 90),
        (FaultKind.NO_RECORDS, 0, 0),
    ]
] + [Fault(at, FaultKind.EXPIRED) for at in (2, 3, 4)]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.kind}-{f.status}-at-{f.at}")
def test_every_passing_fault_is_outlived(catalog: Catalog, fault: Fault) -> None:
    server = serve(25, [fault])
    report = run(server, catalog)  # type: ignore[arg-type]
    assert report.outcome == "complete", report.note
    assert catalog.counts()["records"] == 25


@pytest.mark.parametrize("stop", range(1, 7))
def test_a_harvest_that_was_stopped_goes_on(catalog: Catalog, stop: int) -> None:
    broken = Fault(stop, FaultKind.STATUS, status=403, times=1)
    server = serve(25, [broken])
    with server:
        ends = [
            harvest("pubmed", catalog, base_url=server.base_url, patience=QUICK).outcome for _ in range(2)
        ]
    assert ends[1] == "complete"
    assert catalog.counts()["records"] == 25
    assert len(server.requests) <= 7


def test_a_wrong_key_is_told(catalog: Catalog) -> None:
    report = run(serve(5), catalog, key="wrong")
    assert (report.outcome, report.pages) == ("failed", 0)
    assert "400" in report.note


def test_a_list_that_changes_meanwhile_is_begun_again() -> None:
    server, pages = PubmedReplay(many(30)), []
    for page in walk(server, size=10):
        pages.append(page)
        if len(pages) == 3:
            del server.citations[2]  # an offset would now skip one
    assert set(came(pages)) == {one.pmid for one in server.citations} | set(came(pages[:3]))
    assert not pages[-1].doubt, "the last count is the one that holds"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"error":"API rate limit exceeded","api-key":"1.2.3.4","count":"4","limit":"3"}', 429),
        (b'{"error":"API key invalid"}', 400),
        (b"<eSearchResult><ERROR>Search Backend failed: x</ERROR></eSearchResult>", 503),
        (b"<eFetchResult><ERROR>Cannot retrieve history data</ERROR></eFetchResult>", 400),
        (
            b"<?xml version='1.0'?>\n<eSearchResult><ERROR>Invalid db name</ERROR></eSearchResult>",
            400,
        ),
    ],
)
@pytest.mark.parametrize(
    "cursor", [None, '["2024-01-01","2024-01-02","1500-01-01","3000-12-31",1,1,0,1,0,0,0,["7"]]']
)
def test_refusals_are_told_from_answers(body: bytes, status: int, cursor: str | None) -> None:
    with pytest.raises(RequestRefused) as refusal:
        pubmed.parse_page(body, NOW, asked(cursor))
    assert refusal.value.status == status


def asked(cursor: str | None) -> Asked:
    return Asked("pubmed", "http://x", pubmed.window("cancer", None, None), cursor)


@pytest.mark.parametrize("cursor", ["", "*", "{}", "[1]", '["2024-13-01","x"]', "null", "\ud800"])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(RequestRefused):
        pubmed.page_url(asked(cursor))
    assert pubmed.fall_back(asked(cursor)) is None


@pytest.mark.parametrize("days", [("2024", None), (None, "2024-02-30"), ("x", None)])
def test_a_day_that_is_none_is_told(days: tuple[str | None, str | None]) -> None:
    with pytest.raises(ConfigError):
        pubmed.window("cancer", *days)


def _page_of(kind: str) -> tuple[bytes, Asked]:
    server = serve(3)
    at = asked(None)
    search = server.answer(_request(at), None).body
    if kind == "search":
        return search, at
    at = asked(pubmed.parse_page(search, NOW, at).next_cursor)
    return server.answer(_request(at), None).body, at


@pytest.mark.parametrize("kind", ["search", "fetch"])
def test_a_page_cut_at_any_byte_is_never_a_shorter_page(kind: str) -> None:
    body, at = _page_of(kind)
    whole = pubmed.parse_page(body, NOW, at)
    for end in range(len(body)):
        try:
            page = pubmed.parse_page(body[:end], NOW, at)
        except (SourceChanged, RequestRefused):
            continue
        assert page == whole, f"cut at byte {end}"


@pytest.mark.parametrize("kind", ["search", "fetch"])
@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_damage_is_told_or_harmless(kind: str, data: st.DataObject) -> None:
    body, at = _page_of(kind)
    broken = data.draw(damaged(body, [b"<ERROR>", b"</IdList>", b"<Id>0</Id>", b"<!DOCTYPE", b"&lol;"]))
    try:
        page = pubmed.parse_page(broken, NOW, at)
    except FindingsError:
        return
    assert page.next_cursor or page.doubt or page.total == 0 or len(page.records) >= 3  # or what is no record
