"""How harvests end: never "complete" with something missing, and never without an end. Invented data."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalog.sqlcatalog import SqlCatalog
from crawler.europepmc_replay import EuropePmcReplay
from crawler.fetching.page import Asked
from crawler.fetching.patience import Patience, source_table
from crawler.freshness import Memory
from crawler.harvest import HarvestReport, Wanted, harvest, harvest_sources
from crawler.health import source_health
from crawler.plan import to_plan
from crawler.replay import Fault, FaultKind, Reply, Request
from crawler.sources._oai_record import oai_key, own_id
from crawler.sources.europepmc import to_version
from domain.errors import CatalogError, ConfigError, Superseded
from domain.record import Counts
from tests.crawler.replay_europepmc import record
from tests.crawler.replay_oai import OaiReplay
from tests.crawler.replay_oai import serve as serve_oai
from tests.crawler.replay_retractionwatch import serve as serve_file
from tests.crawler.replay_unpaywall import UnpaywallReplay, known

QUICK = Patience(page_size=10, requests_per_second=500, retries=1, max_wait=30, first_wait=0.01)


def run(server: Any, catalog: SqlCatalog, source: str = "europepmc", **options: Any) -> HarvestReport:
    options.setdefault("patience", QUICK)
    return harvest(source, catalog, base_url=server.base_url, contact="tests@findings.example", **options)


@pytest.fixture
def papers() -> Iterator[EuropePmcReplay]:
    with EuropePmcReplay([record(n) for n in range(1, 26)], compressed=False) as server:
        yield server


def changed(server: Any, monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    """Let `change` have each answer of the server: (request, reply) -> reply."""
    told = server.answer
    monkeypatch.setattr(server, "answer", lambda request, fault: change(request, told(request, fault)))


# Look-ups


class Ailing(UnpaywallReplay):
    """Fails whenever it is asked for most of the identifiers, as long as it is ill."""

    ill = True

    def answer(self, request: Request, fault: Any) -> Reply:
        if self.ill and int(request.path.rsplit(".", 1)[1]) % 4:
            return Reply(b'{"oops": 1}', 500)
        return super().answer(request, fault)


def test_what_could_not_be_looked_up_is_asked_for_again_and_nothing_else(
    catalog: SqlCatalog, papers: EuropePmcReplay
) -> None:
    run(papers, catalog)
    dois = [f"10.5555/invented.{n}" for n in range(1, 26)]
    failing = sum(n % 4 != 0 for n in range(1, 26))
    with Ailing({doi: known(doi) for doi in dois}) as server:
        first, second = (run(server, catalog, "unpaywall") for _ in range(2))
        server.ill, asked = False, len(server.requests)
        third = run(server, catalog, "unpaywall")
        asked_again = len(server.requests) - asked
        fourth = run(server, catalog, "unpaywall")
    assert [r.outcome for r in (first, second, third, fourth)] == [
        "partial",
        "partial",
        "complete",
        "complete",
    ]
    assert f"{failing} could not be looked up, first 10.5555/invented.1;" in first.note
    assert (first.counts.new, third.counts.new, fourth.counts.total) == (25 - failing, failing, 0)
    assert asked_again == failing


# Lists


def test_a_gap_is_tolerated_only_where_the_table_says_so_and_is_told(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def announce(_: Request, reply: Reply) -> Reply:
        reply.body = reply.body.replace(b'"hitCount": 25', b'"hitCount": 26')
        return reply

    changed(papers, monkeypatch, announce)
    table: dict[str, Any] = {"base_url": papers.base_url, "query": "cancer"}
    monkeypatch.setattr("crawler.plan.source_table", lambda _: table)
    strict = run(papers, catalog)
    table["tolerated_gap"] = 0.05
    report = run(papers, catalog)
    assert (strict.outcome, strict.note) == ("partial", "the list ended 1 records short of the 26 announced")
    assert report.outcome == "complete"
    assert report.note == "1 of the 26 records announced did not come: so few are tolerated"


@pytest.mark.parametrize("times", [1, 99])
def test_a_page_that_comes_twice_is_asked_for_again_and_is_no_page(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    first: list[bytes] = []
    served: list[int] = []

    def repeat(request: Request, reply: Reply) -> Reply:
        first.append(reply.body.partition(b'"resultList"')[2])
        if request.query["cursorMark"] != "*" and len(served) < times:
            served.append(1)
            reply.body = reply.body.partition(b'"resultList"')[0] + b'"resultList"' + first[0]
        return reply

    changed(papers, monkeypatch, repeat)
    report = run(papers, catalog)
    if times == 1:
        assert (report.outcome, report.counts.new) == ("complete", 25)
        return
    assert (report.outcome, report.counts.new) == ("partial", 10)
    assert report.note == "the source sent one page twice, and so not another"
    times = 0
    served.extend([1] * 99)
    report = run(papers, catalog)
    assert (report.outcome, report.counts.new) == ("complete", 15)


def test_a_record_beyond_our_reader_holds_nothing_back(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(one: Any) -> Any:
        if one.native_id.endswith(":3"):
            raise ZeroDivisionError("a bug")
        return to_version(one)

    monkeypatch.setattr("crawler.sources.europepmc.to_version", faulty)
    broken_off = run(papers, catalog, query="q", limit=12)
    resumed = run(papers, catalog, query="q")
    following = run(papers, catalog, query="q")
    assert (broken_off.outcome, resumed.outcome) == ("partial", "partial")
    assert "1 records were beyond our reader" in resumed.note, "though it met that record in the run before"
    week_ago = datetime.now(UTC).date() - timedelta(days=7)
    assert f"UPDATE_DATE:[{week_ago} TO " in following.query
    assert catalog.counts()["rejected"] == 1


class Endless(OaiReplay):
    """Names a new token after every page, and never how many records there are."""

    fresh = False

    def _list(self, verb: str, asked: Any, fault: Any) -> str:
        self.records.reverse()  # no page is the one before
        body, number = super()._list(verb, {"metadataPrefix": "oai_dc"}, fault), len(self.requests)
        if self.fresh:
            body = body.replace("example.org:", f"example.org:{number}-")
        shown = body.removesuffix("</ListRecords>").partition("<resumptionToken")[0]
        return f"{shown}<resumptionToken>t{number}</resumptionToken></ListRecords>"


@pytest.mark.parametrize(("fresh", "pages"), [(False, 21), (True, 30)])
def test_a_list_without_an_end_is_left(catalog: SqlCatalog, *, fresh: bool, pages: int) -> None:
    with serve_oai(5) as model:
        records = model.records  # type: ignore[attr-defined]
    with Endless(records) as server:
        server.fresh = fresh
        report = run(server, catalog, "oai", patience=Patience(requests_per_second=500, max_pages=30))
    assert (report.outcome, report.pages) == ("partial", pages)
    assert "has no end" in report.note


# Lists that are said to be empty, as by a search that is out of order


NOTHING = Reply(
    b'{"version":"6.9","hitCount":0,"request":{},"resultList":{"result":[]}}', headers={"ETag": '"nothing"'}
)
LOST = Reply(b'{"version":"6.9","hitCount":25,"request":{},"resultList":{"result":[]}}')


def emptied(server: Any, monkeypatch: pytest.MonkeyPatch, reply: Reply, *numbers: int) -> None:
    """Let the answers of these numbers be `reply`."""
    changed(
        server,
        monkeypatch,
        lambda _, told: (
            replace(reply, headers={**reply.headers}) if len(server.requests) in numbers else told
        ),
    )


@pytest.mark.parametrize("reply", [NOTHING, LOST])
@pytest.mark.parametrize("at", [2, 3])
def test_a_page_that_is_empty_once_is_asked_for_again(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch, reply: Reply, at: int
) -> None:
    emptied(papers, monkeypatch, reply, at)
    report = run(papers, catalog)
    assert (report.outcome, report.counts.new) == ("complete", 25), report.note


@pytest.mark.parametrize("reply", [NOTHING, LOST])
def test_a_list_that_is_empty_from_its_middle_on_is_not_whole(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch, reply: Reply
) -> None:
    emptied(papers, monkeypatch, reply, *range(2, 99))
    report = run(papers, catalog)
    assert (report.outcome, report.counts.new) == ("partial", 10)
    assert "15 records short of the 25 announced" in report.note


def test_a_list_may_shrink_a_little_under_way(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fewer(_: Request, reply: Reply) -> Reply:
        less = str(200 - len(papers.requests)).encode()
        reply.body = reply.body.replace(b'"hitCount": 200', b'"hitCount": ' + less)
        return reply

    papers.records[:] = [record(n) for n in range(1, 201)]
    changed(papers, monkeypatch, fewer)
    report = run(papers, catalog, patience=replace(QUICK, page_size=100))
    assert (report.outcome, report.expected, report.counts.new) == ("complete", 198, 200)


def test_a_list_of_nothing_is_not_believed_where_there_was_something(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(papers, catalog).outcome == "complete"
    emptied(papers, monkeypatch, NOTHING, *range(1, 99))
    for _ in range(2):
        report = run(papers, catalog, everything=True)
        assert (report.outcome, "empty, where there were records before" in report.note) == ("partial", True)
    other = run(papers, catalog, query="a question never asked before", everything=True)
    assert other.outcome == "complete"


def test_a_window_with_nothing_in_it_moves_no_watermark(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or what came while the search was out of order would never be asked for again.

    Nor does the same nothing once more, which a server may call unchanged.
    """
    assert run(papers, catalog).outcome == "complete"
    plan = to_plan("europepmc", Wanted(base_url=papers.base_url, contact="tests@findings.example"), QUICK)
    mark = f"watermark:{plan.watermark}"
    before = (datetime.now(UTC) - timedelta(days=9)).date().isoformat()
    assert str(catalog.mark("europepmc", mark)) > before
    catalog.set_mark("europepmc", mark, before)
    begun = len(papers.requests)
    emptied(papers, monkeypatch, NOTHING, begun + 1, begun + 2)
    for _ in range(2):
        assert run(papers, catalog).outcome == "complete"
        assert catalog.mark("europepmc", mark) == before


# Repositories behind one table


def test_one_repository_neither_deletes_nor_overwrites_another_s_records() -> None:
    kept = asked_at("https://repository.example.org/oai", "oai:repository.example.org:1")
    for stranger in ("https://other.example.net/oai", "https://example.com/oai?x=repository.example.org"):
        copy = asked_at(stranger, "oai:repository.example.org:1")
        assert copy != kept
        assert oai_key(copy) == oai_key(kept), "it is still told to be the same paper"
    assert asked_at("https://oai.repository.example.org/", "oai:repository.example.org:1") == kept
    assert asked_at("https://www.ncbi.example/", "oai:arXiv.org:1", "arxiv") == "oai:arXiv.org:1"


def asked_at(base_url: str, identifier: str, source: str = "oai") -> str:
    return own_id(identifier, Asked(source, base_url, ""))


def test_repositories_are_paused_and_remembered_apart(catalog: SqlCatalog) -> None:
    with serve_oai(3) as fine, serve_oai(3, [Fault(1, FaultKind.STATUS, times=99, status=403)]) as closed:
        shut = run(closed, catalog, "oai")
        wanted = Wanted(base_url=fine.base_url, contact="tests@findings.example")
        (open_,) = harvest_sources(["oai"], catalog, wanted, insist=False)
        (again,) = harvest_sources(["oai"], catalog, replace(wanted, base_url=closed.base_url), insist=False)
        place = fine.base_url.split("/")[2]
    assert (shut.shut_out, open_.outcome, again.note[:6]) == (True, "complete", "paused")
    assert catalog.mark("oai", "fence") is None
    assert catalog.mark("oai", f"fence@{place}")
    (told,) = source_health(catalog)
    assert told.state == "complete"
    assert len(told.alarms) == 1
    assert "does not let us in" in told.alarms[0]


def test_a_run_of_another_repository_is_not_taken_for_dead(catalog: SqlCatalog) -> None:
    elsewhere = catalog.start_run("oai", "elsewhere")
    Memory(catalog, "oai", "b.example").begin_run(elsewhere)
    with serve_oai(3) as server:
        run(server, catalog, "oai")
    assert [r.outcome for r in catalog.runs(10, "oai") if r.id == elsewhere] == ["running"]


@pytest.mark.parametrize("source", ["oai", "pages"])
def test_a_source_without_an_address_says_what_it_wants(catalog: SqlCatalog, source: str) -> None:
    with pytest.raises(ConfigError, match="give its address with --base-url"):
        harvest(source, catalog)


# The catalog


def test_who_was_superseded_neither_deletes_nor_saves(catalog: SqlCatalog, papers: EuropePmcReplay) -> None:
    run(papers, catalog)
    (one, *_) = catalog.records("europepmc")
    for fence in ("0", "0@b.example"):
        with pytest.raises(Superseded):
            catalog.save([], source="europepmc", deleted=[one.native_id], fence=fence)
    assert catalog.holdings() == {"europepmc": 25}


def test_an_error_of_the_catalog_in_one_source_hides_no_other_s_report(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = catalog.save

    def save(*args: Any, **others: Any) -> Any:
        if others["source"] == "oai":
            raise CatalogError("the disk is full")
        return saved(*args, **others)

    monkeypatch.setattr(catalog, "save", save)
    with serve_oai(3) as server:
        addresses = {"oai": server.base_url, "europepmc": papers.base_url}
        monkeypatch.setattr(
            "crawler.plan.source_table", lambda name: {**source_table(name), "base_url": addresses[name]}
        )
        reports = harvest_sources(["oai", "europepmc"], catalog)
        assert [(r.source, r.outcome) for r in reports] == [("oai", "failed"), ("europepmc", "complete")]
        assert "the disk is full" in reports[0].note
        with pytest.raises(CatalogError, match="disk is full"):
            harvest_sources(["oai"], catalog)


def test_a_source_is_told_of_however_many_runs_others_had(catalog: SqlCatalog) -> None:
    catalog.finish_run(catalog.start_run("doaj", "x"), "partial", Counts())
    for _ in range(210):
        catalog.start_run("crossref", "y")
    assert {"doaj", "crossref"} == {told.source for told in source_health(catalog)}


def test_a_list_that_has_not_changed_leaves_the_tally(catalog: SqlCatalog) -> None:
    with serve_file(12) as server:
        run(server, catalog, "retractionwatch")
        before = Memory(catalog, "retractionwatch").tallied()
        assert "nothing has changed" in run(server, catalog, "retractionwatch").note
    assert Memory(catalog, "retractionwatch").tallied() == before
