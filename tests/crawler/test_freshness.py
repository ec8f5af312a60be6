"""What a harvest remembers: where to go on, what was spent, who shut us out, which run may save."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from crawler.europepmc_replay import EuropePmcReplay
from crawler.fetching.budget import Budget, BudgetSpent
from crawler.fetching.pace import Pace
from crawler.fetching.page import Answer
from crawler.fetching.patience import Patience
from crawler.freshness import Memory, Tally, earlier_day
from crawler.harvest import HarvestReport, Wanted, harvest, harvest_sources
from crawler.health import source_health
from crawler.plan import harvestable
from crawler.replay import Fault, FaultKind
from domain.errors import FindingsError, Superseded
from domain.record import Checkpoint, Counts
from tests.crawler.replay_europepmc import record
from tests.crawler.replay_retractionwatch import serve as serve_file
from tests.crawler.replay_unpaywall import UnpaywallReplay, known

QUICK = Patience(page_size=10, requests_per_second=500, retries=1, max_wait=30, first_wait=0.01)
NOW = datetime.now(UTC)
TODAY = NOW.date()


def run(server: Any, catalog: SqlCatalog, source: str = "europepmc", **options: Any) -> HarvestReport:
    options.setdefault("patience", QUICK)
    return harvest(source, catalog, base_url=server.base_url, contact="tests@findings.example", **options)


def days(report: HarvestReport) -> str:
    """The window that was asked for."""
    return report.query.partition(" AND UPDATE_DATE:")[2]


@pytest.fixture
def papers() -> Iterator[EuropePmcReplay]:
    with EuropePmcReplay([record(n) for n in range(1, 26)]) as server:
        yield server


def test_a_harvest_asks_for_all_until_it_was_complete_once(
    catalog: SqlCatalog, papers: EuropePmcReplay
) -> None:
    papers.faults.append(Fault(2, FaultKind.STATUS, times=2, status=503))
    assert [run(papers, catalog, query="q").outcome for _ in range(2)] == ["partial", "complete"]
    assert {request.query["query"] for request in papers.requests} == {"q"}
    week_ago = TODAY - timedelta(days=7)
    assert days(run(papers, catalog, query="q")).startswith(f"[{week_ago} TO ")
    assert days(run(papers, catalog, query="other")) == "", "each question has a watermark of its own"
    assert days(run(papers, catalog, query="q", everything=True)) == ""
    assert days(run(papers, catalog, query="q", since="2024-01-05")).startswith("[2024-01-05 TO ")
    assert days(run(papers, catalog, query="q", until="2024-01-05")).endswith(" TO 2024-01-05]")


@pytest.mark.parametrize("options", [{"limit": 12}, {"since": "2024-01-02"}, {"until": "2030-01-01"}])
def test_what_was_not_all_moves_no_watermark(
    catalog: SqlCatalog, papers: EuropePmcReplay, options: dict[str, Any]
) -> None:
    assert run(papers, catalog, query="q", **options).outcome == "complete"
    assert days(run(papers, catalog, query="q")) == ""


CLOCKS = [
    timedelta(days=-1),
    timedelta(days=-365),
    timedelta(hours=-1),
    timedelta(hours=1),
    timedelta(days=1),
]


@pytest.mark.parametrize("wrong", [*CLOCKS, timedelta(days=365)], ids=str)
@pytest.mark.parametrize("when", ["2026-11-21T12:00", "2024-02-29T23:59", "2026-03-29T01:30"])
def test_a_wrong_clock_skips_no_day(catalog: SqlCatalog, wrong: timedelta, when: str) -> None:
    """The list is begun by a wrong clock; the next window reaches back to when that truly was."""
    true = datetime.fromisoformat(when).replace(tzinfo=UTC)
    memory = Memory(catalog, "s")
    for headers in ({"date": true.strftime("%a, %d %b %Y %H:%M:%S GMT")}, {}):
        memory.begin("scope", Answer(200, b"x", headers), true + wrong)
        memory.complete("scope", "mark", true + wrong)
        since = memory.since("mark", 7, true)
        assert since is None or since <= true.date().isoformat(), f"{headers}: {since}"
        if headers and wrong > timedelta(0):
            assert since == (true.date() - timedelta(days=7)).isoformat()
        catalog.set_mark("s", "watermark:mark", None)


def test_a_watermark_of_next_year_is_not_believed(catalog: SqlCatalog) -> None:
    memory = Memory(catalog, "s")
    catalog.set_mark("s", "watermark:m", (TODAY + timedelta(days=365)).isoformat())
    assert memory.since("m", 7, NOW) is None
    memory.begin("scope", None, NOW)
    memory.complete("scope", "m", NOW)
    assert memory.since("m", 7, NOW) == (TODAY - timedelta(days=7)).isoformat()


def test_the_day_is_the_earlier_of_two_clocks() -> None:
    answer = Answer(200, b"", {"date": "Fri, 20 Nov 2026 23:59:59 GMT"})
    assert earlier_day(answer, datetime(2026, 11, 21, tzinfo=UTC)) == "2026-11-20"
    assert earlier_day(answer, datetime(2026, 11, 19, tzinfo=UTC)) == "2026-11-19"
    assert (
        earlier_day(Answer(200, b"", {"date": "yesterday"}), datetime(2026, 1, 1, tzinfo=UTC)) == "2026-01-01"
    )


def test_a_file_that_has_not_changed_is_not_sent_again(catalog: SqlCatalog) -> None:
    with serve_file(12) as server:
        first, second = (run(server, catalog, "retractionwatch") for _ in range(2))
        sent = [request.headers.get("if-none-match") for request in server.requests]
        third = run(server, catalog, "retractionwatch", everything=True)
    assert (first.counts.new, second.counts.total, third.counts.unchanged) == (12, 0, 12)
    assert sent == [None, '"invented"']
    assert (second.outcome, second.note) == ("complete", "nothing has changed since the last harvest")


def test_a_list_is_saved_in_portions(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.gathering.AT_ONCE", 3)
    assert run(papers, catalog).counts.new == 25
    assert catalog.holdings() == {"europepmc": 25}


def test_records_that_are_not_about_cancer_are_left_out_where_the_table_says_so(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, words in ((3, "An invented survey of bridges"), (7, "Invented notes on tides")):
        papers.records[number] = {**record(number + 1), "title": words, "abstractText": ""}
    table = {"base_url": papers.base_url, "query": "cancer", "cancer_only": True}
    monkeypatch.setattr("crawler.plan.source_table", lambda _: table)
    report = run(papers, catalog)
    assert (report.outcome, report.counts.new, report.counts.skipped) == ("complete", 23, 2)
    papers.records[0] = {**record(1), "title": "An invented tale", "abstractText": ""}
    report = run(papers, catalog, everything=True)
    assert (report.counts.updated, report.counts.unchanged, report.counts.skipped) == (1, 22, 2)
    assert sum(b"An invented tale" in held.payload for held in catalog.records("europepmc")) == 1


# Look-ups


@pytest.fixture
def looked_up(catalog: SqlCatalog, papers: EuropePmcReplay) -> SqlCatalog:
    run(papers, catalog, query="cancer")
    return catalog


def answers(*without: int) -> dict[str, Any]:
    dois = [f"10.5555/invented.{n}" for n in range(1, 40) if n not in without]
    return {doi: known(doi) for doi in dois}


def test_every_known_paper_is_looked_up_once_and_new_ones_later(
    looked_up: SqlCatalog, papers: EuropePmcReplay
) -> None:
    with UnpaywallReplay(answers(4, 9)) as server:
        first = run(server, looked_up, "unpaywall")
        asked = len(server.requests)
        second = run(server, looked_up, "unpaywall")
        again = len(server.requests)
        papers.records.append(record(30))
        run(papers, looked_up, query="cancer", everything=True)
        third = run(server, looked_up, "unpaywall")
    assert (first.outcome, first.counts.new, asked) == ("complete", 23, 25)
    assert "2 identifiers are not known there" in first.note
    assert (second.outcome, second.counts.new) == ("complete", 0)
    assert again - asked <= 2, "those not known there, at most"
    assert (third.outcome, third.counts.new) == ("complete", 1)


def test_one_bad_identifier_stops_nothing_and_a_bad_source_costs_none(looked_up: SqlCatalog) -> None:
    with UnpaywallReplay(answers(), [Fault(3, FaultKind.GARBAGE, times=2, size=9)]) as server:
        report = run(server, looked_up, "unpaywall")
        asked = len(server.requests)
        again = run(server, looked_up, "unpaywall")
    assert (report.outcome, report.counts.new) == ("partial", 24)
    assert "1 could not be looked up" in report.note
    assert (again.outcome, again.counts.new) == ("complete", 1)
    assert len(server.requests) == asked + 1, "only what failed is asked for again"


def test_an_address_that_is_not_taken_shuts_us_out(looked_up: SqlCatalog) -> None:
    with UnpaywallReplay(answers(), [Fault(3, FaultKind.EXPIRED, times=999)]) as server:
        report = run(server, looked_up, "unpaywall")
        assert len(server.requests) == 3
    assert (report.outcome, report.counts.new, report.shut_out) == ("partial", 2, True)
    assert "the e-mail address given as contact: Please use your own email" in report.note
    assert "are not known there" not in report.note
    (told,) = [health for health in source_health(looked_up) if health.source == "unpaywall"]
    assert told.state == "paused"
    with UnpaywallReplay(answers()) as server:
        assert run(server, looked_up, "unpaywall").counts.new == 23


def test_look_ups_go_on_after_the_source_was_down(looked_up: SqlCatalog) -> None:
    with UnpaywallReplay(answers(), [Fault(13, FaultKind.STATUS, times=999, status=503)]) as server:
        first = run(server, looked_up, "unpaywall")
        server.faults.clear()
        second = run(server, looked_up, "unpaywall")
    assert (first.outcome, second.outcome) == ("partial", "complete")
    assert first.counts.new + second.counts.new == 25


# Budgets and paces


def test_a_budget_outlives_a_restart_and_opens_the_next_day(catalog: SqlCatalog) -> None:
    days = ["2026-11-21"]
    for _ in range(3):
        Budget(catalog, "s", 3, day=lambda: days[0]).begin()
    with pytest.raises(BudgetSpent, match="spent \\(3 of 3\\); it goes on tomorrow"):
        Budget(catalog, "s", 3, day=lambda: days[0]).begin()
    days[0] = "2026-11-22"
    Budget(catalog, "s", 3, day=lambda: days[0]).begin()
    Budget(catalog, "s", None).begin()


def test_a_metered_source_counts_what_it_says(catalog: SqlCatalog) -> None:
    budget = Budget(catalog, "s", 1.0, lambda answer: float(answer.headers["cost"]), lambda: "2026-11-21")
    for _ in range(2):
        budget.begin()
        budget.settle(Answer(200, b"", {"cost": "0.5"}))
    with pytest.raises(BudgetSpent):
        budget.begin()


def test_a_spent_budget_ends_the_run_as_partial(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = {"base_url": papers.base_url, "query": "cancer", "daily_budget": 2}
    monkeypatch.setattr("crawler.plan.source_table", lambda _: table)
    first, second = run(papers, catalog), run(papers, catalog)
    assert (first.outcome, second.outcome, len(papers.requests)) == ("partial", "partial", 2)
    assert "today's budget is spent (2 of 2)" in second.note


@pytest.mark.parametrize(
    ("headers", "gap", "closed"),
    [
        ({"x-rate-limit-limit": "2", "x-rate-limit-interval": "1s"}, 0.5, 0),
        ({"x-rate-limit-limit": "1", "x-rate-limit-interval": "2m"}, 120, 0),
        ({"x-rate-limit-limit": "0", "x-rate-limit-interval": "1s"}, 0, 0),
        ({"x-rate-limit-limit": "many", "x-rate-limit-interval": "soon"}, 0, 0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "90"}, 0, 90),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2000000090"}, 0, 90),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "-5"}, 0, 0),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "90"}, 0, 0),
        ({"x-ratelimit-remaining": "0"}, 0, 0),
    ],
)
def test_what_a_source_says_of_its_limits(headers: dict[str, str], gap: float, closed: float) -> None:
    pace = Pace(clock=lambda: 1000.0, now=lambda: 2_000_000_000.0)
    pace.begin()
    pace.heed(Answer(200, b"x", headers))
    assert (pace.gap(), pace.closed()) == (gap, closed)


def test_what_a_source_dates_is_told_by_its_own_clock() -> None:
    pace = Pace(clock=lambda: 1000.0, now=lambda: 2_000_000_000.0)
    date = format_datetime(datetime.fromtimestamp(1_999_996_400, UTC), usegmt=True)
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1999996430", "date": date}
    pace.heed(Answer(200, b"x", headers))
    assert pace.closed() == 30


# Who may save, and who hangs


def test_only_the_harvest_that_began_last_may_save(catalog: SqlCatalog) -> None:
    catalog.set_mark("s", "fence", "2")
    with pytest.raises(Superseded):
        catalog.save([], checkpoint=Checkpoint("s", "x", "older", fence="1"))
    assert catalog.checkpoint("s", "x") is None
    catalog.save([], checkpoint=Checkpoint("s", "x", "newer", fence="2"))


def test_two_harvests_of_one_source_at_once(papers: EuropePmcReplay, tmp_path: Path) -> None:
    """The one that was paused finds that another has begun, and ends without saving over it."""
    catalog = open_catalog(f"sqlite:///{tmp_path}/two.db")
    papers.faults.append(Fault(2, FaultKind.DELAY, seconds=2))
    ends: list[str] = []

    def older() -> None:
        try:
            run(papers, catalog)
        except Superseded as error:
            ends.append(str(error))

    thread = threading.Thread(target=older)
    thread.start()
    while len(papers.requests) < 2:
        time.sleep(0.01)
    report = run(papers, catalog)
    thread.join(20)
    assert report.outcome == "complete"
    assert ends == ["another harvest of europepmc has begun; this one ends"]
    assert catalog.holdings() == {"europepmc": 25}
    catalog.close()


def test_a_source_that_hangs_delays_no_other(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: dict[str, float] = {}
    tables = {"europepmc": papers}
    with serve_file(12, [Fault(1, FaultKind.DELAY, times=9, seconds=3)]) as hanging:
        tables["retractionwatch"] = hanging
        from crawler.fetching.patience import source_table

        monkeypatch.setattr(
            "crawler.plan.source_table",
            lambda name: {**source_table(name), "base_url": tables[name].base_url},
        )
        monkeypatch.setattr("crawler.plan.load_patience", lambda *_, **__: replace(QUICK, timeout=1))
        reports = harvest_sources(
            ["retractionwatch", "europepmc"],
            catalog,
            Wanted(),
            progress=lambda p: ended.__setitem__(p.source, time.monotonic()),
        )
    assert [(r.source, r.outcome) for r in reports] == [
        ("retractionwatch", "failed"),
        ("europepmc", "complete"),
    ]
    assert ended["europepmc"] < ended["retractionwatch"]


def test_a_server_that_another_harvest_is_asking_is_left_alone(
    catalog: SqlCatalog, papers: EuropePmcReplay
) -> None:
    def taken(server: str) -> Any:
        raise FindingsError(f"another harvest of {server} is running")

    (report,) = harvest_sources(["europepmc"], catalog, Wanted(base_url=papers.base_url), turn=taken)
    assert (report.outcome, papers.requests) == ("failed", [])
    assert "another harvest of 127.0.0.1" in report.note


# What is told


def test_what_is_told_of_each_source(catalog: SqlCatalog, papers: EuropePmcReplay) -> None:
    run(papers, catalog)
    (told,) = source_health(catalog)
    assert (told.state, told.announced, told.seen, told.held) == ("complete", 25, 25, 25)
    assert told.newest == "2024-01-01"
    assert ["its newest record is" in alarm for alarm in told.alarms] == [True]
    papers.faults.append(Fault(len(papers.requests) + 1, FaultKind.STATUS, times=9, status=401))
    run(papers, catalog)
    (told,) = source_health(catalog)
    assert told.state == "paused"
    assert "does not let us in (HTTP 401)" in told.alarms[0]


def test_a_run_that_says_nothing_for_long_is_stuck_and_the_next_one_ends_it(
    catalog: SqlCatalog, papers: EuropePmcReplay
) -> None:
    number = catalog.start_run("europepmc", "elsewhere")
    Memory(catalog, "europepmc").beat(NOW, silence=60)
    assert source_health(catalog, NOW)[0].state == "running"
    later = source_health(catalog, NOW + timedelta(hours=1))[0]
    assert (later.state, len(later.alarms)) == ("stuck", 1)
    run(papers, catalog)
    (dead,) = [r for r in catalog.runs() if r.id == number]
    assert (dead.outcome, dead.note) == ("failed", "stopped without finishing; its process is gone")


@pytest.mark.parametrize(
    ("expected", "seen", "held", "words"),
    [
        (1000, 1000, 1000, ""),
        (1000, 991, 985, ""),
        (1000, 900, 900, "of 1,000 records that it announced, 900 came"),
        (1000, 1000, 900, "of 1,000 records that it announced, 95 are not here"),
        (None, 5, 0, ""),
    ],
)
def test_what_was_announced_and_is_not_here_is_told(
    catalog: SqlCatalog,
    monkeypatch: pytest.MonkeyPatch,
    expected: int | None,
    seen: int,
    held: int,
    words: str,
) -> None:
    tables: dict[str, Any] = {"doaj": {"title": "DOAJ"}}
    monkeypatch.setattr("crawler.health.load_table", lambda _: tables)
    monkeypatch.setattr(catalog, "holdings", lambda: {"doaj": held})
    monkeypatch.setattr(catalog, "rejected", lambda: {"doaj": 5})
    catalog.finish_run(catalog.start_run("doaj", "x"), "complete", Counts())
    Memory(catalog, "doaj").tally(Tally(TODAY.isoformat(), expected, seen, True))
    assert source_health(catalog, NOW)[0].alarms == ((words,) if words else ())
    tables["doaj"]["cancer_only"] = True
    assert bool(source_health(catalog, NOW)[0].alarms) is words.endswith("came")


def test_a_list_that_ended_short_is_tallied_and_told_when_it_goes_on(
    catalog: SqlCatalog, papers: EuropePmcReplay
) -> None:
    told_of, more = papers.answer, (b'"hitCount": 25', b'"hitCount": 40')

    def answer(*asked: Any) -> Any:
        reply = told_of(*asked)
        assert more[0] in reply.body
        reply.body = reply.body.replace(*more)
        return reply

    papers.answer = answer  # type: ignore[method-assign]
    for _ in range(3):
        assert run(papers, catalog, everything=True).outcome == "partial"
    (told,) = source_health(catalog)
    assert (told.announced, told.seen) == (40, 25)
    assert any("did not come to the end" in alarm for alarm in told.alarms)
    assert any("25 came" in alarm for alarm in told.alarms)


def test_an_import_that_hangs_is_told(catalog: SqlCatalog, tmp_path: Path) -> None:
    number = catalog.start_run("import", "large.xml.gz")
    Memory(catalog, "import").beat(NOW)
    assert source_health(catalog, NOW) == []
    (told,) = source_health(catalog, NOW + timedelta(hours=1))
    assert (told.source, told.state) == ("import", "stuck")
    assert "the import of large.xml.gz has said nothing for long" in told.alarms[0]
    catalog.finish_run(number, "failed", Counts())
    assert source_health(catalog, NOW + timedelta(hours=1)) == []


def test_a_source_that_answers_but_has_gone_stale_is_told(
    catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = {"europepmc": {"title": "Europe PMC", "stale_days": 10, "daily_budget": 5}}
    monkeypatch.setattr("crawler.health.load_table", lambda _: tables)
    catalog.finish_run(catalog.start_run("europepmc", "x"), "complete", Counts())
    memory = Memory(catalog, "europepmc")
    memory.tally(Tally(TODAY.isoformat(), 5, 5, True))
    memory.see((TODAY - timedelta(days=10)).isoformat())
    assert source_health(catalog, NOW)[0].alarms == ()
    (alarm,) = source_health(catalog, NOW + timedelta(days=3))[0].alarms
    assert alarm == "it answers, but its newest record is 13 days old, where 10 would be much"
    (alarm,) = source_health(catalog, NOW + timedelta(days=60))[0].alarms
    assert alarm == "it was last asked 60 days ago: does `findings schedule` run?", "it had nobody to answer"
    assert source_health(catalog, NOW)[0].budget == "0 of 5"
    catalog.start_run("europepmc", "x")
    memory.beat(NOW + timedelta(days=60))
    (told,) = source_health(catalog, NOW + timedelta(days=60))
    assert (told.state, told.alarms) == ("running", ()), "a long harvest asks all the time"


@pytest.mark.parametrize(
    ("outcome", "told"), [("complete", 1), ("failed", 0), ("partial", 0), ("limited", 0)]
)
def test_only_what_came_to_its_end_has_gone_stale(
    catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch, outcome: str, told: int
) -> None:
    monkeypatch.setattr("crawler.health.load_table", lambda _: {"europepmc": {"stale_days": 10}})
    Memory(catalog, "europepmc").see((TODAY - timedelta(days=40)).isoformat())
    catalog.finish_run(catalog.start_run("europepmc", "x"), outcome, Counts())
    alarms = source_health(catalog, NOW)[0].alarms
    assert sum("it answers, but" in alarm for alarm in alarms) == told


@pytest.mark.parametrize(
    ("rejected", "alarm"),
    [
        (
            {"no-title": 30, "malformed": 21},
            "of 100 records in its last harvest, 51 could not be taken, most as no-title",
        ),
        ({"no-title": 30, "not-a-paper": 60}, ""),
        ({"no-title": 50}, ""),
    ],
)
def test_a_source_of_which_most_cannot_be_taken_is_told(
    catalog: SqlCatalog, rejected: dict[str, int], alarm: str
) -> None:
    counts = Counts(new=100 - sum(rejected.values()), rejected=rejected)
    catalog.finish_run(catalog.start_run("europepmc", "x"), "complete", counts)
    assert source_health(catalog, NOW)[0].alarms == ((alarm,) if alarm else ())


def test_a_few_that_cannot_be_taken_alarm_nobody(catalog: SqlCatalog) -> None:
    catalog.finish_run(catalog.start_run("europepmc", "x"), "complete", Counts(rejected={"malformed": 9}))
    assert source_health(catalog, NOW)[0].alarms == ()


def test_some_sources_are_harvested_once_the_node_has_what_they_want() -> None:
    usual = harvestable()
    assert set(harvestable({"openalex"})) - set(usual) == {"openalex"}
    assert set(harvestable(contact="me@findings.example")) - set(usual) == {"unpaywall"}
    assert harvestable(contact="https://findings.example") == usual
