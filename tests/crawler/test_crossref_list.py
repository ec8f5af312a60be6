"""Walking Crossref's lists over loopback, with a cursor that the server moves on at every request."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fetching.page import Asked, RequestRefused
from crawler.fetching.patience import Patience
from crawler.harvest import HarvestReport, harvest
from crawler.replay import Fault, FaultKind
from crawler.sources import _crossref_list, crossref
from crawler.sources._crossref_list import Part, Position, again, follow, parse_position
from domain.errors import NotFound, SourceChanged
from domain.paper import NoticeKind, VersionKind
from domain.ports import Catalog
from tests.crawler.replay_crossref import CrossrefReplay, serve, work, works

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TODAY = date(2026, 1, 1)
QUICK = Patience(
    page_size=10,
    requests_per_second=200,
    retries=3,
    timeout=2,
    max_wait=30,
    first_wait=0.02,
    max_page_bytes=1 << 20,
)


def run(server: CrossrefReplay, catalog: Catalog, **options: Any) -> HarvestReport:
    options.setdefault("patience", QUICK)
    return harvest("crossref", catalog, base_url=server.base_url, contact="tests@example.org", **options)


def missing(catalog: Catalog, count: int) -> list[str]:
    known = set(catalog.keys("doi", limit=10_000))
    return [doi for number in range(1, count + 1) if (doi := f"10.5555/invented.{number}") not in known]


@pytest.fixture
def short_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_crossref_list, "SLICE", 12)


def test_a_list_whose_cursor_never_changes_is_read_to_its_end(catalog: Catalog) -> None:
    with CrossrefReplay(works(35)) as server:
        report = run(server, catalog)
    assert (report.outcome, report.counts.new, report.seen, report.expected) == ("complete", 35, 35, 35)
    assert missing(catalog, 35) == []
    cursors = [request.query["cursor"] for request in server.requests]
    assert cursors[0] == "*"
    assert len(cursors) == 4, "no page is asked for beyond the last"
    assert len(set(cursors[1:])) == 1
    assert {request.query["mailto"] for request in server.requests} == {"tests@example.org"}


def test_a_list_that_ends_with_a_full_page_ends_there(catalog: Catalog) -> None:
    with CrossrefReplay(works(20)) as server:
        report = run(server, catalog)
    assert (report.outcome, report.counts.new, len(server.requests)) == ("complete", 20, 2)


def test_nothing_found_is_a_whole_list(catalog: Catalog) -> None:
    with CrossrefReplay(works(5)) as server:
        report = run(server, catalog, query="unheard")
    assert (report.outcome, report.counts.total) == ("complete", 0)


@pytest.mark.parametrize("steady", [False, True])
@pytest.mark.parametrize(
    ("kind", "at"),
    [
        (FaultKind.CUT, 1),
        (FaultKind.CUT_UNNOTICED, 2),
        (FaultKind.RESET, 3),
        (FaultKind.STATUS, 4),
        (FaultKind.EXPIRED, 3),
        (FaultKind.SAME_CURSOR, 1),
        (FaultKind.SAME_CURSOR, 2),
        (FaultKind.FIRST_CURSOR, 3),
        (FaultKind.NO_RECORDS, 1),
        (FaultKind.NO_RECORDS, 3),
    ],
)
def test_a_page_lost_on_its_way_is_noticed_and_fetched(
    catalog: Catalog, kind: FaultKind, at: int, steady: bool
) -> None:
    """The server may have moved on when the page is asked for again: only the count shows the hole."""
    fault = Fault(at, kind, size=300, status=503)
    with CrossrefReplay(works(35), [fault], steady=steady) as server:
        report = run(server, catalog)
    assert missing(catalog, 35) == []
    assert (report.outcome, report.counts.new) == ("complete", 35)


@pytest.mark.parametrize("at", [1, 3])
def test_a_missing_cursor_ends_the_run_as_partial(catalog: Catalog, at: int) -> None:
    with CrossrefReplay(works(35), [Fault(at, FaultKind.NO_CURSOR)]) as server:
        report = run(server, catalog)
        assert (report.outcome, report.counts.new) == ("partial", 10 * at)
        assert "no page follows" in report.note
        report = run(server, catalog)
    assert (report.outcome, missing(catalog, 35)) == ("complete", [])


def test_a_list_that_always_has_a_hole_is_partial(catalog: Catalog) -> None:
    class Holed(CrossrefReplay):
        def answer(self, request: Any, fault: Fault | None) -> Any:
            reply = super().answer(request, fault)
            reply.body = reply.body.replace(b'"total-results": 35', b'"total-results": 40')
            return reply

    with Holed(works(35)) as server:
        report = run(server, catalog)
    assert missing(catalog, 35) == []
    assert report.outcome == "partial"
    assert "35 of 40" in report.note


@pytest.mark.usefixtures("short_slices")
def test_a_long_list_is_cut_into_days_that_leave_nothing_out(catalog: Catalog) -> None:
    listed = [*works(40), work(41, created={"date-time": "1999-01-01T00:00:00Z"})]
    listed += [work(n, created={"date-time": "2030-01-01T00:00:00Z"}) for n in (42, 43)]
    with CrossrefReplay(listed) as server:
        report = run(server, catalog)
    assert missing(catalog, 43) == []
    assert (report.outcome, report.counts.new, report.expected) == ("complete", 43, 43)


@pytest.mark.usefixtures("short_slices")
def test_a_day_that_cannot_be_cut_is_walked_whole(catalog: Catalog) -> None:
    listed = [work(n, created={"date-time": "2015-06-01T00:00:00Z"}) for n in range(1, 31)]
    with CrossrefReplay(listed) as server:
        report = run(server, catalog)
    assert (report.outcome, missing(catalog, 30)) == ("complete", [])


@pytest.mark.usefixtures("short_slices")
@pytest.mark.parametrize(
    ("kind", "at"), [(FaultKind.EXPIRED, 12), (FaultKind.CUT, 14), (FaultKind.NO_RECORDS, 16)]
)
def test_in_a_long_list_only_the_slice_is_begun_again(catalog: Catalog, kind: FaultKind, at: int) -> None:
    with CrossrefReplay(works(60), [Fault(at, kind, size=200)]) as server:
        report = run(
            server, catalog, patience=Patience(page_size=4, requests_per_second=200, first_wait=0.02)
        )
    assert (report.outcome, missing(catalog, 60)) == ("complete", [])
    assert report.counts.unchanged <= 12


@pytest.mark.usefixtures("short_slices")
def test_a_run_resumes_in_its_slice_though_the_cursor_is_long_forgotten(catalog: Catalog) -> None:
    quick = Patience(page_size=4, requests_per_second=200, first_wait=0.02)
    with CrossrefReplay(works(60)) as server:
        first = run(server, catalog, limit=30, patience=quick)
        assert first.limited
        server.open.clear()
        second = run(server, catalog, patience=quick)
    assert (second.outcome, missing(catalog, 60)) == ("complete", [])
    assert second.counts.unchanged <= 12


def test_a_filter_on_the_same_date_is_not_undone_by_ours() -> None:
    query = crossref.window("filter=from-created-date:2020-01-01", None, None)
    position = Position()
    part = Part(("a",), 50_000, "c", 1)
    step = follow("crossref", position, part, TODAY, divisible="created-date" not in query)
    assert step.taken
    assert step.following is not None
    assert step.following.low == ""


def test_a_notice_marks_its_paper_and_is_none_itself(catalog: Catalog) -> None:
    notice = work(
        3,
        title=["Retraction: Invented paper 1 on cancer"],
        **{
            "update-to": [
                {"DOI": "10.5555/invented.1", "type": "retraction", "label": "Retraction"},
                {"DOI": "10.5555/unheard.of", "type": "erratum", "label": "Erratum"},
            ]
        },
    )
    for order in ([notice, work(1), work(2)], [work(2), work(1), notice]):
        with CrossrefReplay(order) as server:
            report = run(server, catalog, everything=True)
        assert (report.outcome, report.counts.rejected) == ("complete", {"not-a-paper": 1})
        fallen = catalog.paper(catalog.find("doi:10.5555/invented.1"))
        assert [n.kind for n in fallen.notices] == [NoticeKind.RETRACTED]
        assert (fallen.title, fallen.primary.kind) == ("Invented paper 1 on cancer", VersionKind.ARTICLE)
        assert not catalog.paper(catalog.find("doi:10.5555/invented.2")).notices
        for doi in ("10.5555/invented.3", "10.5555/unheard.of"):
            with pytest.raises(NotFound):
                catalog.find(f"doi:{doi}")


def test_too_many_requests_are_waited_out(catalog: Catalog) -> None:
    with CrossrefReplay(works(35), rate=3) as server:
        report = run(
            server, catalog, patience=Patience(page_size=10, requests_per_second=200, first_wait=1.1)
        )
    assert (report.outcome, missing(catalog, 35)) == ("complete", [])


def test_the_server_minds_what_it_is_asked(catalog: Catalog) -> None:
    with serve(3) as server:
        report = run(server, catalog, query="query.bibliographic=cancer&colour=red")
        assert (report.outcome, "colour" in report.note) == ("failed", True)
        report = run(server, catalog, since="2015-01-03", until="2015-01-04")
    assert report.counts.new == 2


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
DAYS = st.dates(date(2002, 1, 1), date(2030, 1, 1)).map(date.isoformat)


@settings(max_examples=200, deadline=None)
@given(
    st.builds(
        Position,
        cursor=TEXT.filter(bool),
        low=DAYS | st.just(""),
        high=DAYS | st.just(""),
        rest=st.lists(DAYS | st.just(""), max_size=4).map(tuple),
        seen=st.integers(0, 10**8),
        announced=st.none() | st.integers(0, 10**8),
        marks=st.text("0123456789abcdef", max_size=18),
        tries=st.integers(0, 3),
        doubt=st.text("abc ", max_size=5).map(str.strip),
    )
)
def test_a_position_is_read_as_it_was_written(position: Position) -> None:
    assert parse_position(position.write()) == position


@settings(max_examples=200, deadline=None)
@given(TEXT | st.text("=&%+*,cursorlowseen", max_size=40))
def test_any_text_is_a_position(text: str) -> None:
    asked = Asked("crossref", "https://api.crossref.org/v1", "query=x", cursor=text)
    assert crossref.page_url(asked)
    assert crossref.fall_back(asked)


def test_a_slice_is_not_begun_again_for_ever() -> None:
    position, seen = Position("c", seen=10), set()
    while position.write() not in seen:
        seen.add(position.write())
        position = again(position)
    assert len(seen) <= 5


def test_what_is_wrong_with_a_first_page_is_asked_for_again_at_once() -> None:
    with pytest.raises(SourceChanged):
        follow("crossref", Position(), Part((), 7, "c", 10), TODAY, divisible=True)
    with pytest.raises(RequestRefused, match="2 of 7"):
        follow("crossref", Position("c", seen=2), Part((), 7, "c", 10), TODAY, divisible=True)
