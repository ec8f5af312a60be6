"""bioRxiv, DOAJ, OpenAlex and DataCite over loopback: all of a list comes, or we are told what did not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from config import load_table
from crawler.fetching.patience import Patience
from crawler.harvest import HarvestReport, harvest
from crawler.replay import Fault, FaultKind, Replay, Reply, Request
from domain.errors import ConfigError
from domain.paper import NoticeKind
from domain.ports import Catalog
from tests.crawler import (
    replay_biorxiv,
    replay_datacite,
    replay_doaj,
    replay_medrxiv,
    replay_openalex,
)

QUICK = Patience(
    page_size=10,
    requests_per_second=1000,
    retries=3,
    timeout=5,
    max_wait=30,
    first_wait=0.02,
    max_page_bytes=1 << 22,
)
SERVERS: dict[str, Callable[[int, Iterable[Fault]], Replay]] = {
    "biorxiv": replay_biorxiv.serve,
    "medrxiv": replay_medrxiv.serve,
    "doaj": replay_doaj.serve,
    "openalex": replay_openalex.serve,
    "datacite": replay_datacite.serve,
}


def run(source: str, server: Replay, catalog: Catalog, **options: Any) -> HarvestReport:
    options.setdefault("patience", QUICK)
    return harvest(source, catalog, base_url=server.base_url, **options)


def stored(catalog: Catalog) -> int:
    return int(catalog.counts()["records"])


@pytest.mark.parametrize("source", SERVERS)
def test_a_whole_harvest_equals_the_list(source: str, catalog: Catalog) -> None:
    with SERVERS[source](35, ()) as server:
        report = run(source, server, catalog)
    assert (report.outcome, report.note) == ("complete", "")
    assert (report.counts.new, stored(catalog)) == (35, 35)


def test_what_a_source_counts_are_its_own_records(catalog: Catalog) -> None:
    """A dataset with several papers is several of our records, and still one of DataCite's."""
    records = [replay_datacite.dataset(n, *(f"10.5555/{n}.{m}" for m in range(3))) for n in range(1, 31)]
    with replay_datacite.DataciteReplay(records) as server:
        report = run("datacite", server, catalog)
    assert (report.outcome, report.seen, report.expected, report.counts.new) == ("complete", 30, 30, 90)
    with replay_datacite.DataciteReplay(records, [Fault(2, FaultKind.NO_CURSOR)]) as server:
        report = run("datacite", server, catalog, everything=True)
    assert (report.outcome, report.seen, report.expected) == ("partial", 20, 30)
    assert "10 records short of the 30 announced" in report.note


@pytest.mark.parametrize("source", SERVERS)
def test_an_empty_list_is_complete(source: str, catalog: Catalog) -> None:
    with SERVERS[source](0, ()) as server:
        report = run(source, server, catalog)
    assert (report.outcome, stored(catalog)) == ("complete", 0)


@pytest.mark.parametrize("source", ["biorxiv", "doaj"])
@pytest.mark.parametrize(
    "kind", [FaultKind.SAME_CURSOR, FaultKind.FIRST_CURSOR, FaultKind.NO_CURSOR, FaultKind.NO_RECORDS]
)
def test_a_fault_anywhere_in_a_list_of_slices_loses_nothing(
    source: str, kind: FaultKind, catalog: Catalog
) -> None:
    days = {"since": "2022-02-20", "until": "2022-03-04"}
    if source == "biorxiv":
        days = {"since": "2021-01-01", "until": "2021-01-28"}
    with SERVERS[source](25, ()) as server:
        asked = len(server.requests) if run(source, server, catalog, **days).seen == 25 else 0
    assert asked
    for at in range(1, asked + 1):
        with SERVERS[source](25, [Fault(at, kind)]) as server:
            report = run(source, server, catalog, **days)
        assert report.outcome == "complete", (at, report.note)
        assert report.seen >= 25, at


@pytest.mark.parametrize("source", ["openalex", "datacite"])
@pytest.mark.parametrize("kind", [FaultKind.SAME_CURSOR, FaultKind.NO_CURSOR])
def test_a_list_that_ends_too_soon_is_told(source: str, kind: FaultKind, catalog: Catalog) -> None:
    with SERVERS[source](35, [Fault(2, kind)]) as server:
        report = run(source, server, catalog)
    assert report.outcome == "partial"
    assert "short of the 35" in report.note


@pytest.mark.parametrize("source", SERVERS)
def test_a_harvest_goes_on_where_it_was_stopped(source: str, catalog: Catalog) -> None:
    with SERVERS[source](35, [Fault(4, FaultKind.STATUS, times=99, status=503)]) as server:
        assert run(source, server, catalog, patience=replace(QUICK, retries=1)).outcome == "partial"
        server.faults.clear()
        before = len(server.requests)
        report = run(source, server, catalog)
    first = server.requests[before]
    assert first.path + str(first.query) == server.requests[3].path + str(server.requests[3].query)
    assert (report.outcome, stored(catalog)) == ("complete", 35)


def test_what_a_preprint_server_promised_and_did_not_give_is_told(catalog: Catalog) -> None:
    preprints = [replay_biorxiv.preprint(number) for number in range(12)]
    with replay_biorxiv.BiorxivReplay(preprints, excess=2) as server:
        report = run("biorxiv", server, catalog)
    assert (report.outcome, stored(catalog)) == ("partial", 12)
    assert "announced that did not come" in report.note


def test_of_a_preprint_the_latest_version_is_kept_and_a_withdrawal_beside_it(catalog: Catalog) -> None:
    first = replay_biorxiv.preprint(1)
    second = first | {"version": "2", "date": "2021-05-05", "title": "An invented title on lung cancer"}
    third = first | {"version": "3", "date": "2021-06-06", "type": "withdrawn", "title": "WITHDRAWN: It"}
    with replay_biorxiv.BiorxivReplay([second, third, first]) as server:
        run("biorxiv", server, catalog)
        run("biorxiv", server, catalog, until="2021-03-31")
    version = catalog.paper(catalog.find("doi:10.1101/invented.1")).primary
    assert version.title == "An invented title on lung cancer"
    assert [notice.kind for notice in version.notices] == [NoticeKind.WITHDRAWN]


def test_preprints_are_asked_for_between_days_and_in_one_category(catalog: Catalog) -> None:
    preprints = [replay_biorxiv.preprint(n, date=f"2024-01-{n + 1:02}") for n in range(20)]
    preprints[5]["category"] = "genomics"
    with replay_biorxiv.BiorxivReplay(preprints) as server:
        report = run(
            "biorxiv",
            server,
            catalog,
            since="2024-01-03",
            until="2024-01-12",
            query="category:cancer biology",
        )
    assert (report.outcome, report.seen) == ("complete", 9)
    days = [part for request in server.requests for part in request.path.split("/")[3:5]]
    assert (min(days), max(days)) == ("2024-01-03", "2024-01-12")


def test_a_slice_of_doaj_is_halved_until_it_fits(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.sources.doaj._MOST", 30)
    articles = [replay_doaj.article(number) for number in range(140)]
    with replay_doaj.DoajReplay(articles, most=30) as server:
        report = run("doaj", server, catalog)
    assert (report.outcome, stored(catalog)) == ("complete", 140)
    assert all(int(request.query["page"]) <= 3 for request in server.requests)


def test_more_changes_in_a_second_than_doaj_gives_are_told(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.sources.doaj._MOST", 30)
    at_once = [replay_doaj.article(number, last_updated="2023-01-01T00:00:00Z") for number in range(33)]
    with replay_doaj.DoajReplay(at_once, most=30) as server:
        report = run("doaj", server, catalog)
    assert (report.outcome, stored(catalog)) == ("partial", 30)
    assert "3 records" in report.note


def test_a_record_that_changes_under_way_hides_none_that_moves_up(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    with replay_doaj.serve(25) as server:
        assert isinstance(server, replay_doaj.DoajReplay)
        plain = server.answer

        def changing(request: Request, fault: Fault | None) -> Reply:
            reply = plain(request, fault)
            if request.query["page"] == "2" and server.articles[-1]["last_updated"] < "2023":
                server.articles.append({**server.articles.pop(0), "last_updated": "2025-01-01T00:00:00Z"})
                reply = plain(request, fault)
            return reply

        monkeypatch.setattr(server, "answer", changing)
        report = run("doaj", server, catalog)
    assert (report.outcome, stored(catalog)) == ("complete", 25), report.note


@pytest.mark.parametrize(
    ("said", "outcome"), [(20, "partial"), (3, "partial"), (0, "partial"), (24, "complete")]
)
def test_a_total_that_falls_is_no_end_of_doajs(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, said: int, outcome: str
) -> None:
    """A record or two may have moved to a later slice."""
    with replay_doaj.serve(25) as server:
        plain = server.answer

        def falling(request: Request, fault: Fault | None) -> Reply:
            reply = plain(request, fault)
            if any(one.query["page"] == "2" for one in server.requests):
                reply.body = reply.body.replace(b'"total": 25', b'"total": %d' % said)
            return reply

        monkeypatch.setattr(server, "answer", falling)
        assert run("doaj", server, catalog).outcome == outcome


@pytest.mark.parametrize("said", [0, 7])
def test_a_preprint_server_that_says_fewer_than_it_gives_is_read_to_its_end(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, said: int
) -> None:
    with replay_biorxiv.BiorxivReplay(
        [replay_biorxiv.preprint(number, date="2024-01-05") for number in range(25)]
    ) as server:
        plain = server.answer

        def less(request: Request, fault: Fault | None) -> Reply:
            reply = plain(request, fault)
            reply.body = reply.body.replace(b'"total": "25"', b'"total": "%d"' % said)
            return reply

        monkeypatch.setattr(server, "answer", less)
        report = run("biorxiv", server, catalog)
    assert (report.outcome, stored(catalog)) == ("complete", 25), report.note


def test_doaj_is_asked_between_days(catalog: Catalog) -> None:
    with replay_doaj.serve(100) as server:
        report = run("doaj", server, catalog, since="2022-03-02", until="2022-03-03")
    assert (report.outcome, report.seen) == ("complete", 48)


@pytest.mark.parametrize("key", ["", "  ", " a-key ", "a-key"])
def test_a_key_is_sent_bare_or_not_at_all(key: str, catalog: Catalog) -> None:
    works = [replay_openalex.work(number) for number in range(5)]
    with replay_openalex.OpenAlexReplay(works, key="a-key") as server:
        assert run("openalex", server, catalog, key=key).outcome == "complete"
    sent: Sequence[str | None] = [request.query.get("api_key") for request in server.requests]
    assert set(sent) == ({"a-key"} if key.strip() else {None})


def test_a_wrong_key_ends_the_run_and_is_not_told_to_anyone(catalog: Catalog) -> None:
    with replay_openalex.OpenAlexReplay([], key="a-key") as server:
        report = run("openalex", server, catalog, key="secret-of-ours")
    assert report.outcome == "failed"
    assert "secret-of-ours" not in report.note


def test_a_spent_budget_ends_the_run_as_partial(catalog: Catalog) -> None:
    works = [replay_openalex.work(number) for number in range(35)]
    with replay_openalex.OpenAlexReplay(works, allowance=0.00025) as server:
        report = run("openalex", server, catalog)
    assert (report.outcome, stored(catalog)) == ("partial", 20)


def test_what_a_run_cost_is_counted_and_ends_it_before_the_day_is_spent(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = {**load_table("sources")["openalex"], "daily_budget": 0.0002}
    monkeypatch.setattr("crawler.plan.source_table", lambda _: table)
    with replay_openalex.serve(35) as server:
        report = run("openalex", server, catalog)
    assert (report.outcome, stored(catalog), len(server.requests)) == ("partial", 20, 2)
    assert "budget" in report.note


def test_data_are_added_to_the_papers_they_belong_to(catalog: Catalog) -> None:
    with replay_openalex.serve(2) as server:
        run("openalex", server, catalog)
    records = [
        replay_datacite.dataset(7, "10.5555/openalex.1", "10.5555/OpenAlex.2", "10.5555/not.known.yet"),
        replay_datacite.dataset(8),
    ]
    with replay_datacite.DataciteReplay(records) as server:
        report = run("datacite", server, catalog)
    assert report.outcome == "complete"
    assert report.counts.rejected == {"not-a-paper": 1}
    for number in (1, 2):
        version = catalog.paper(catalog.find(f"doi:10.5555/openalex.{number}")).primary
        assert [link.accession for link in version.data] == ["10.5072/invented.7"]
        assert version.kind == "article"
        assert version.title == f"Invented work {number} on cancer"


@pytest.mark.parametrize("source", SERVERS)
def test_a_day_that_is_none_is_refused(source: str, catalog: Catalog) -> None:
    with pytest.raises(ConfigError, match="not a day"), SERVERS[source](1, ()) as server:
        run(source, server, catalog, since="2024-02-30")


@pytest.mark.parametrize(("source", "query"), [("biorxiv", "lung cancer"), ("doaj", "neoplas*")])
def test_a_query_that_the_source_cannot_answer_is_refused(source: str, query: str, catalog: Catalog) -> None:
    with pytest.raises(ConfigError, match="--query"), SERVERS[source](1, ()) as server:
        run(source, server, catalog, query=query)
