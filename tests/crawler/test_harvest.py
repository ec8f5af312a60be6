"""Whole harvests with Scrapy over loopback: nothing lost, no request too early, every end told truly."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from catalog import open_catalog
from crawler.europepmc_replay import EuropePmcReplay
from crawler.fetching.patience import Patience
from crawler.harvest import HarvestProgress, HarvestReport, harvest, harvest_sources
from crawler.replay import Fault, FaultKind
from crawler.sources.europepmc import to_version
from domain.errors import CatalogError, ConfigError, NotFound
from domain.ports import Catalog

QUICK = Patience(
    page_size=10,
    requests_per_second=200,
    retries=3,
    timeout=2,
    max_wait=30,
    first_wait=0.02,
    max_page_bytes=1 << 20,
)
Records = Callable[[int], list[dict[str, Any]]]


def run(server: EuropePmcReplay, catalog: Catalog, **options: Any) -> HarvestReport:
    options.setdefault("patience", QUICK)
    return harvest("europepmc", catalog, base_url=server.base_url, contact="tests@example.org", **options)


def cursors(server: EuropePmcReplay) -> list[str]:
    return [request.query["cursorMark"] for request in server.requests]


def held(catalog: Catalog, records: Sequence[dict[str, Any]]) -> bool:
    """Whether the catalog holds these records and no other."""
    for record in records:
        try:
            paper = catalog.paper(catalog.find(f"pmid:{record['pmid']}"))
        except NotFound:
            return False
        if paper.title != record["title"]:
            return False
    return catalog.counts()["records"] == len(records)


def test_a_whole_harvest_equals_the_list(catalog: Catalog, core_records: Records) -> None:
    records = core_records(35)
    with EuropePmcReplay(records) as server:
        first, second = run(server, catalog), run(server, catalog, everything=True)
    assert (first.outcome, first.note, first.counts.new, first.pages) == ("complete", "", 35, 4)
    assert held(catalog, records)
    assert (second.outcome, second.counts.unchanged, second.counts.new) == ("complete", 35, 0)
    assert [run.outcome for run in catalog.runs()] == ["complete", "complete"]


def test_what_is_asked_for_and_who_asks(catalog: Catalog, core_records: Records) -> None:
    with EuropePmcReplay(core_records(5)) as server:
        report = run(server, catalog, query="melanoma", since="2024-01-02", until="2024-01-04")
    asked = server.requests[0]
    assert asked.path.endswith("/rest/search")
    assert asked.query["query"] == report.query == "(melanoma) AND UPDATE_DATE:[2024-01-02 TO 2024-01-04]"
    assert asked.query["resultType"] == "core"
    assert asked.headers["user-agent"].startswith("Findings/")
    assert "tests@example.org" in asked.headers["user-agent"]
    assert report.counts.new == 3


FAULTS = [
    Fault(2, FaultKind.STATUS, status=429, retry_after="0"),
    Fault(2, FaultKind.STATUS, status=503),
    Fault(2, FaultKind.STATUS, status=500, times=3),
    Fault(2, FaultKind.STATUS, status=429, retry_after="soon"),
    Fault(2, FaultKind.STATUS, status=429, retry_after="-5"),
    Fault(2, FaultKind.RESET),
    Fault(2, FaultKind.EMPTY),
    Fault(2, FaultKind.HTML),
    Fault(2, FaultKind.GARBAGE, size=3000),
    Fault(2, FaultKind.DEEP, size=100_000),
    Fault(2, FaultKind.CUT, size=700),
    Fault(2, FaultKind.CUT_UNNOTICED, size=700),
    Fault(2, FaultKind.CUT_UNNOTICED, size=1),
    Fault(2, FaultKind.CUT_COMPRESSED, size=200),
    Fault(2, FaultKind.NO_RECORDS),
    Fault(2, FaultKind.EXPIRED),
    Fault(3, FaultKind.STATUS, status=400),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"{f.kind}-{f.status}-{f.retry_after}-{f.size}")
def test_every_passing_fault_is_outlived(catalog: Catalog, core_records: Records, fault: Fault) -> None:
    records = core_records(25)
    with EuropePmcReplay(records, [fault]) as server:
        report = run(server, catalog)
    assert report.outcome == "complete", report.note
    assert held(catalog, records)
    assert len(server.requests) > 3


def test_a_slow_answer_is_given_up_and_asked_for_again(catalog: Catalog, core_records: Records) -> None:
    with EuropePmcReplay(core_records(15), [Fault(2, FaultKind.DELAY, seconds=5)]) as server:
        report = run(server, catalog, patience=replace(QUICK, timeout=0.5))
    assert (report.outcome, report.counts.new) == ("complete", 15)


@pytest.mark.parametrize(
    ("fault", "outcome", "words"),
    [
        (Fault(1, FaultKind.STATUS, times=99, status=503), "failed", "gave up after 4 tries: HTTP 503"),
        (Fault(2, FaultKind.STATUS, times=99, status=503), "partial", "gave up after 4 tries: HTTP 503"),
        (Fault(2, FaultKind.GARBAGE, times=99, size=9), "partial", "not the JSON we know"),
        (Fault(2, FaultKind.RESET, times=99), "partial", "gave up"),
        (Fault(1, FaultKind.STATUS, times=99, status=403), "failed", "does not let us in (HTTP 403)"),
        (Fault(2, FaultKind.STATUS, times=99, status=401), "partial", "does not let us in (HTTP 401)"),
        (Fault(1, FaultKind.STATUS, times=99, status=404), "failed", "refuses the request (404)"),
        (Fault(1, FaultKind.STATUS, times=99, status=302), "failed", "answers with HTTP 302"),
        (Fault(2, FaultKind.STATUS, status=429, retry_after="1000000000"), "partial", "asks us to wait"),
        (Fault(2, FaultKind.HUGE, times=99, size=1 << 21), "partial", "larger than 1,048,576 bytes"),
        (Fault(2, FaultKind.BOMB, times=99, size=1 << 24), "partial", "larger than 1,048,576 bytes"),
        (Fault(2, FaultKind.SAME_CURSOR, times=99), "partial", "15 records short of the 35"),
        (Fault(2, FaultKind.FIRST_CURSOR, times=99), "partial", "15 records short of the 35"),
        (Fault(3, FaultKind.FIRST_CURSOR, times=99), "partial", "a page we had already seen"),
        (Fault(2, FaultKind.NO_CURSOR), "partial", "15 records short of the 35"),
        (Fault(2, FaultKind.NO_RECORDS, times=99), "partial", "an empty page that is not the last"),
    ],
    ids=lambda value: f"{value.kind}-{value.at}-{value.status}" if isinstance(value, Fault) else None,
)
def test_every_lasting_fault_ends_the_run_and_says_so(
    catalog: Catalog, core_records: Records, fault: Fault, outcome: str, words: str
) -> None:
    with EuropePmcReplay(core_records(35), [fault]) as server:
        report = run(server, catalog)
        asked = len(server.requests)
        assert (report.outcome, words in report.note) == (outcome, True), report.note
        assert asked <= 8
        assert catalog.runs()[0].outcome == outcome
        server.faults.clear()
        assert run(server, catalog).outcome == "complete"
    assert held(catalog, core_records(35))


def test_a_run_that_was_broken_off_goes_on_where_it_was(catalog: Catalog, core_records: Records) -> None:
    with EuropePmcReplay(core_records(35), [Fault(3, FaultKind.STATUS, times=4)]) as server:
        assert run(server, catalog).outcome == "partial"
        broken_off = server.requests[-1].query["cursorMark"]
        second = run(server, catalog)
    assert cursors(server)[6] == broken_off
    assert (second.counts.new, second.seen, second.expected) == (15, 35, 35)


def test_a_cursor_too_old_to_go_on_from(catalog: Catalog, core_records: Records) -> None:
    """Whether the server says so or breaks down over it, the list is begun again, once."""
    for fault in (Fault(7, FaultKind.EXPIRED), Fault(7, FaultKind.STATUS, times=4, status=500)):
        other = f"cancer {fault.kind}"
        with EuropePmcReplay(core_records(35), [Fault(3, FaultKind.STATUS, times=4), fault]) as server:
            assert run(server, catalog, query=other).outcome == "partial"
            report = run(server, catalog, query=other)
        assert (report.outcome, report.seen) == ("complete", 35)
        assert "began again from the start" in report.note
        assert cursors(server).count("*") == 2


def test_a_limit_is_kept_and_the_next_run_takes_the_next(catalog: Catalog, core_records: Records) -> None:
    with EuropePmcReplay(core_records(35)) as server:
        first, second, third = (run(server, catalog, limit=12) for _ in range(3))
    assert [r.counts.new for r in (first, second, third)] == [12, 12, 11]
    assert [r.limited for r in (first, second, third)] == [True, True, False]
    assert [r.outcome for r in (first, second, third)] == ["complete"] * 3, "of what was asked for"
    assert [r.outcome for r in catalog.runs(3)] == ["complete", "limited", "limited"], "of what there is"
    assert "stopped after 12 records as asked; the source has 35" in first.note
    assert held(catalog, core_records(35))


def test_a_record_that_cannot_be_read_is_kept_and_reported(catalog: Catalog, core_records: Records) -> None:
    records = core_records(12)
    records[3]["title"] = ""
    records[7] = {"id": "EP1", "source": "PAT", "title": "A patent", "isOpenAccess": "Y"}
    with EuropePmcReplay(records) as server:
        report = run(server, catalog)
    assert (report.outcome, report.counts.new, report.counts.rejected) == (
        "complete",
        10,
        {"no-title": 1, "not-a-paper": 1},
    )
    assert catalog.counts()["rejected"] == 2


def test_a_fault_of_our_own_reader_is_not_a_complete_harvest(
    catalog: Catalog, core_records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(record: Any) -> Any:
        if record.native_id == "MED:3":
            raise ZeroDivisionError("a bug")
        return to_version(record)

    monkeypatch.setattr("crawler.sources.europepmc.to_version", faulty)
    with EuropePmcReplay(core_records(12)) as server:
        report = run(server, catalog)
    assert (report.outcome, report.counts.new) == ("partial", 11)
    assert report.counts.rejected == {"unreadable": 1}


def test_the_end_as_it_was_told_before_version_6_6(catalog: Catalog, core_records: Records) -> None:
    with EuropePmcReplay(core_records(25), [Fault(3, FaultKind.SAME_CURSOR)]) as server:
        report = run(server, catalog)
    assert (report.outcome, report.counts.new, report.pages) == ("complete", 25, 3)


def test_a_list_of_nothing_is_complete(catalog: Catalog) -> None:
    with EuropePmcReplay([]) as server:
        report = run(server, catalog)
    assert (report.outcome, report.expected, report.counts.total) == ("complete", 0, 0)


def test_a_list_that_announces_a_little_more_than_it_has(catalog: Catalog, core_records: Records) -> None:
    class Boasting(EuropePmcReplay):
        extra = 1

        def reply(self, request: Any) -> Any:
            reply = super().reply(request)
            reply.body = reply.body.replace(b'"hitCount": 200', b'"hitCount": %d' % (200 + self.extra))
            return reply

    patience = replace(QUICK, page_size=100)
    with Boasting(core_records(200), compressed=False) as server:
        assert run(server, catalog, patience=patience).outcome == "complete"
        server.extra = 5
        report = run(server, catalog, patience=patience, everything=True)
    assert (report.outcome, report.note) == ("partial", "the list ended 5 records short of the 205 announced")


def test_never_faster_than_the_limit(catalog: Catalog, core_records: Records) -> None:
    patience = replace(QUICK, requests_per_second=10, page_size=2)
    with EuropePmcReplay(core_records(16), [Fault(3, FaultKind.RESET), Fault(6, FaultKind.EMPTY)]) as server:
        assert run(server, catalog, patience=patience).outcome == "complete"
    moments = [request.at for request in server.requests]
    gaps = [after - before for before, after in pairwise(moments)]
    assert len(gaps) >= 9
    # A busy machine notes a request late, which shortens the gap after it; a hidden retry leaves none.
    assert min(gaps) > 0.03
    assert moments[-1] - moments[0] >= 0.1 * len(gaps) - 0.07


def test_retry_after_is_waited_for(catalog: Catalog, core_records: Records) -> None:
    waits: list[HarvestProgress] = []
    with EuropePmcReplay(
        core_records(15), [Fault(2, FaultKind.STATUS, status=429, retry_after="1")]
    ) as server:
        run(server, catalog, progress=lambda p: waits.append(p) if p.waiting else None)
    assert server.requests[2].at - server.requests[1].at >= 0.9
    assert [(w.waiting, w.reason) for w in waits] == [(1.0, "HTTP 429")]


def test_progress_is_told(catalog: Catalog, core_records: Records) -> None:
    told: list[HarvestProgress] = []
    with EuropePmcReplay(core_records(25)) as server:
        run(server, catalog, progress=told.append)
    assert [(p.pages, p.seen, p.expected) for p in told] == [(1, 10, 25), (2, 20, 25), (3, 25, 25)]


def test_an_error_of_the_catalog_is_the_error_of_the_run(core_records: Records, tmp_path: Path) -> None:
    class Full:
        """A catalog whose second save finds the disk full."""

        def __init__(self, inner: Catalog) -> None:
            self.inner, self.saves = inner, 0

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

        def save(self, *args: Any, **others: Any) -> Any:
            self.saves += 1
            if self.saves == 2:
                raise CatalogError("the disk is full")
            return self.inner.save(*args, **others)

    inner = open_catalog(f"sqlite:///{tmp_path}/c.db")
    with EuropePmcReplay(core_records(35)) as server:
        with pytest.raises(CatalogError, match="disk is full"):
            run(server, Full(inner))  # type: ignore[arg-type]
        assert inner.runs()[0].outcome == "failed"
        report = run(server, inner)
    assert (report.outcome, report.counts.new) == ("complete", 25)
    inner.close()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"since": "2024-13-01"}, "--since"),
        ({"since": "2024-03-02", "until": "2024-03-01"}, "2024-03-02 is later than --until 2024-03-01"),
        ({"since": "2999-01-01"}, "2999-01-01 has not come yet"),
        ({"limit": 0}, "--limit"),
        ({"base_url": "ftp://example.org"}, "--base-url"),
    ],
)
def test_wrong_options_are_told_before_anything_is_fetched(
    catalog: Catalog, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        harvest("europepmc", catalog, **({"base_url": "http://127.0.0.1:9"} | options))
    assert catalog.runs() == []


def test_a_source_that_is_not_one(catalog: Catalog) -> None:
    with pytest.raises(ConfigError, match="europepmc"):
        harvest_sources(["europepmc", "nowhere"], catalog)


def test_a_harvest_works_in_a_thread(core_records: Records, tmp_path: Path) -> None:
    reports: list[HarvestReport] = []

    def work(server: EuropePmcReplay) -> None:
        own = open_catalog(f"sqlite:///{tmp_path}/thread.db")
        reports.append(run(server, own))
        own.close()

    with EuropePmcReplay(core_records(15)) as server:
        thread = threading.Thread(target=work, args=(server,))
        thread.start()
        thread.join(20)
    assert reports[0].outcome == "complete"


SCRIPT = """
import sys
from catalog import open_catalog
from crawler.harvest import harvest
from crawler.fetching.patience import Patience
catalog = open_catalog(f"sqlite:///{sys.argv[2]}")
patience = Patience(page_size=10, requests_per_second=200, max_wait=600, first_wait=0.02)
report = harvest("europepmc", catalog, base_url=sys.argv[1], patience=patience)
print(report.outcome, report.note)
"""


def started(server: EuropePmcReplay, database: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SCRIPT, server.base_url, str(database)]
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=root)


def wait_for_requests(server: EuropePmcReplay, count: int) -> None:
    until = time.monotonic() + 60
    while len(server.requests) < count and time.monotonic() < until:
        time.sleep(0.005)
    assert len(server.requests) >= count, "the process asked for too little in a minute"


def test_kill_9_costs_at_most_one_page(core_records: Records, tmp_path: Path) -> None:
    database = tmp_path / "killed.db"
    with EuropePmcReplay(core_records(200)) as server:
        for more in (4, 9):
            process = started(server, database)
            wait_for_requests(server, len(server.requests) + more)
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        last = started(server, database)
        assert last.communicate(timeout=30)[0].split()[0] == "complete"
        time.sleep(0.1)
        sent = cursors(server)
    assert len(sent) - len(set(sent)) <= 2
    catalog = open_catalog(f"sqlite:///{database}")
    assert held(catalog, core_records(200))
    assert catalog.changes(0, 1000)[-1].sequence == catalog.counts()["papers"]
    catalog.close()


@pytest.mark.parametrize(
    ("fault", "number"),
    [
        (Fault(3, FaultKind.STATUS, status=429, retry_after="300"), signal.SIGINT),
        (Fault(3, FaultKind.DELAY, seconds=120), signal.SIGTERM),
    ],
    ids=["waiting", "fetching"],
)
def test_ctrl_c_ends_in_good_order(
    core_records: Records, tmp_path: Path, fault: Fault, number: signal.Signals
) -> None:
    with EuropePmcReplay(core_records(50), [fault]) as server:
        process = started(server, tmp_path / "stopped.db")
        wait_for_requests(server, 3)
        time.sleep(0.2)
        process.send_signal(number)
        began = time.monotonic()
        out = process.communicate(timeout=60)[0]
        ended = time.monotonic()
    assert ended - began < 30
    assert out.strip() == "partial interrupted; the next run goes on from here"
    assert process.returncode == 0
