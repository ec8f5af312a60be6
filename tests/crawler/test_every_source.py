"""One contract for every source that is harvested, each over a server on this machine that speaks as it does.

A source's server is `replay_<table>.py` or `replay_<module>.py` beside this file; a source without one fails.
`FINDINGS_TEST_SOAK=1` cuts a page at every byte instead of at every 97th, and tries all that is common to
sources with each of them, not only with one of each kind and by turns with the others.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib import import_module, util
from itertools import pairwise
from typing import Any, TypeVar

import pytest

from catalog.sqlcatalog import SqlCatalog
from config import load_table
from crawler.fetching.patience import Patience, load_patience, module_name
from crawler.harvest import HarvestProgress, HarvestReport, Wanted, harvest, harvest_sources
from crawler.replay import Fault, FaultKind, Replay, Reply
from crawler.sources import LookupSource, PagedSource, load_source
from tests.crawler.replay_europepmc import serve as serve_papers

T = TypeVar("T")
COUNT = 25
SOAK = bool(os.environ.get("FINDINGS_TEST_SOAK"))
STEP, MOST_CUTS, LAST = (1, 20_000, 30) if SOAK else (97, 20, 4)
CONTACT = "tests@findings.example"

TABLES = sorted(name for name in load_table("sources") if isinstance(load_source(name), PagedSource))
LOOKUPS = [name for name in TABLES if isinstance(load_source(name), LookupSource)]
KINDS = {"europepmc", "oai", "unpaywall", "pages"}
"""Lists in JSON and in XML, look-ups, and sites: each with a way of its own through the engine."""
Serve = Callable[..., Replay]


def by_turns(table: str, cases: Sequence[T]) -> Sequence[T]:
    """A third of the cases, another for each neighbour; all of them for one source of each kind."""
    return cases if SOAK or table in KINDS else cases[TABLES.index(table) % 3 :: 3]


def quick(table: str, **limits: Any) -> Patience:
    """A source's patience, without the waits."""
    known = load_patience(table)
    limits = {"requests_per_second": 1000, "timeout": 30, "retries": 2, "max_wait": 30, **limits}
    size = min(10, known.page_size)
    return replace(known, page_size=size, first_wait=0.001, max_page_bytes=1 << 20, **limits)


def run(table: str, catalog: SqlCatalog, server: Replay, **options: Any) -> HarvestReport:
    options.setdefault("patience", quick(table))
    return harvest(table, catalog, base_url=server.base_url, contact=CONTACT, **options)


def contents(catalog: SqlCatalog, table: str) -> dict[str, bytes]:
    """Native id → payload of all that the catalog has of a source."""
    return {record.native_id: record.payload for record in catalog.records(table, limit=1000)}


@pytest.fixture
def restless(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What would be waited for, in place of waiting."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("crawler.fetching.exchange._sleep", sleep)
    return waits


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def serve(table: str) -> Serve:
    for name in (table, module_name(table)):
        module = f"tests.crawler.replay_{name}"
        if util.find_spec(module):
            return import_module(module).serve
    pytest.fail(f"{table} has no server: write tests/crawler/replay_{module_name(table)}.py")


@pytest.fixture
def known(catalog: SqlCatalog, table: str) -> SqlCatalog:
    """A catalog with the papers that a source of look-ups is asked about."""
    if table in LOOKUPS:
        with serve_papers(COUNT) as papers:
            run("europepmc", catalog, papers, query="cancer")
    return catalog


@pytest.mark.usefixtures("restless")
def test_a_whole_harvest_equals_the_list(known: SqlCatalog, table: str, serve: Serve) -> None:
    with serve(COUNT) as server:
        first = run(table, known, server)
        held = contents(known, table)
        second = run(table, known, server, everything=True)
        third = run(table, known, server)
    assert (first.outcome, first.counts.new) == ("complete", COUNT), first.note
    assert known.holdings()[table] == len(held) == COUNT
    assert (second.outcome, second.counts.unchanged) == ("complete", COUNT), second.note
    assert (third.outcome, third.counts.new, third.counts.updated) == ("complete", 0, 0), third.note
    assert contents(known, table) == held


PASSING = (
    Fault(0, FaultKind.STATUS, status=429, retry_after="0"),
    Fault(0, FaultKind.STATUS, status=503),
    Fault(0, FaultKind.STATUS, status=500),
    Fault(0, FaultKind.RESET),
    Fault(0, FaultKind.EMPTY),
    Fault(0, FaultKind.HTML),
    Fault(0, FaultKind.GARBAGE, size=3000),
    Fault(0, FaultKind.DEEP, size=50_000),
    Fault(0, FaultKind.CUT, size=150),
    Fault(0, FaultKind.CUT_UNNOTICED, size=1),
    Fault(0, FaultKind.CUT_UNNOTICED, size=150),
    Fault(0, FaultKind.CUT_COMPRESSED, size=60),
)


@pytest.mark.parametrize("first", [1, 3])
@pytest.mark.usefixtures("restless")
def test_every_passing_fault_is_outlived(known: SqlCatalog, table: str, serve: Serve, first: int) -> None:
    faults = [replace(fault, at=first + number) for number, fault in enumerate(PASSING)]
    with serve(COUNT, faults) as server:
        report = run(table, known, server, patience=quick(table, retries=len(faults)))
        asked = len(server.requests)
    assert (report.outcome, report.counts.new) == ("complete", COUNT), report.note
    if asked >= first + len(faults):
        assert len(contents(known, table)) == COUNT
    else:
        assert asked < first, "the harvest ended amid the faults"


LASTING = (
    (Fault(1, FaultKind.STATUS, times=999, status=503), "HTTP 503"),
    (Fault(1, FaultKind.STATUS, times=999, status=401), "does not let us in (HTTP 401)"),
    (Fault(1, FaultKind.STATUS, times=999, status=403), "does not let us in (HTTP 403)"),
    (Fault(1, FaultKind.STATUS, times=999, status=302), "HTTP 302"),
    (Fault(1, FaultKind.RESET, times=999), "gave up"),
    (Fault(1, FaultKind.HTML, times=999), ""),
    (Fault(1, FaultKind.GARBAGE, times=999, size=9), ""),
    (Fault(1, FaultKind.HUGE, times=999, size=1 << 21), "larger than"),
    (Fault(1, FaultKind.BOMB, times=999, size=1 << 24), "larger than"),
    (Fault(2, FaultKind.STATUS, times=999, status=503), "HTTP 503"),
    (Fault(2, FaultKind.STATUS, times=999, status=403), "does not let us in (HTTP 403)"),
    (Fault(2, FaultKind.CUT, times=999, size=100), "gave up"),
)


@pytest.mark.usefixtures("restless")
def test_every_lasting_fault_ends_the_run_and_says_so(known: SqlCatalog, table: str, serve: Serve) -> None:
    for fault, words in by_turns(table, LASTING):
        with serve(COUNT, [fault]) as server:
            report = run(table, known, server)
            reached = len(server.requests) >= fault.at
            assert len(server.requests) < COUNT + 25
        if reached:
            assert report.outcome in ("partial", "failed"), f"{fault}: {report}"
            assert words in report.note, f"{fault}: {report.note}"
            assert known.runs(1)[0].outcome == report.outcome
    with serve(COUNT) as server:
        assert run(table, known, server).outcome == "complete"
    assert known.holdings()[table] == COUNT


@pytest.mark.usefixtures("restless")
def test_a_source_that_shuts_us_out_is_left_alone_until_its_key_changes(
    known: SqlCatalog, table: str, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.plan.load_patience", lambda name, keyed: quick(name))
    with serve(COUNT, [Fault(1, FaultKind.STATUS, times=999, status=401)]) as server:

        def again(key: str) -> HarvestReport:
            wanted = Wanted(base_url=server.base_url, contact=CONTACT, keys={table: key}, limit=1)
            return harvest_sources([table], known, wanted, insist=False)[0]

        first = again("revoked")
        asked = len(server.requests)
        second = again("  revoked ")
        assert (first.shut_out, second.shut_out, len(server.requests)) == (True, True, asked)
        assert "paused" in second.note
        server.faults.clear()
        assert again("new").counts.new == 1


RETRY_AFTER: Sequence[tuple[str | None, float | None]] = (
    ("5", 5.0),
    ("date", 5.0),
    ("0", 0.0),
    ("-3", 0.0),
    ("1000000000", None),
    ("soon", 0.0),
    (None, 0.0),
)


@pytest.mark.parametrize(
    ("table", "value", "waited"),
    [(table, *form) for table in TABLES for form in by_turns(table, RETRY_AFTER)],
    indirect=["table"],
)
def test_retry_after_in_seven_forms(
    known: SqlCatalog,
    table: str,
    serve: Serve,
    value: str | None,
    waited: float | None,
    restless: list[float],
) -> None:
    """The waits are asserted, not sat through: nothing is asked before the one that was wanted is over."""
    if value == "date":
        value = format_datetime(datetime.now(UTC) + timedelta(seconds=6), usegmt=True)
    fault = Fault(1, FaultKind.STATUS, status=429, retry_after=value)
    with serve(COUNT, [fault]) as server:
        asked = server.answer

        def answer(*args: Any) -> Reply:
            restless.append(-1)
            return asked(*args)

        server.answer = answer  # type: ignore[method-assign]
        patience = quick(table, max_wait=3600)
        report = run(table, known, server, patience=replace(patience, first_wait=0.5), limit=1)
    if waited is None:
        assert (report.outcome, restless) == ("partial", [-1])
        assert "asks us to wait 1000000000 s" in report.note
    else:
        assert report.outcome == "complete", report.note
        assert restless[0] == -1
        assert waited - 1.01 <= sum(restless[1 : restless.index(-1, 1)]) <= waited + 1


@pytest.mark.parametrize("skew", [-3600, 3600])
@pytest.mark.parametrize("table", ["europepmc"], indirect=True)
def test_a_date_to_come_back_on_is_one_of_the_server_s_clock(
    known: SqlCatalog, table: str, serve: Serve, skew: int, restless: list[float]
) -> None:
    theirs = datetime.now(UTC) + timedelta(seconds=skew)
    dates = {"Date": theirs, "Retry-After": theirs + timedelta(seconds=20)}
    with serve(COUNT) as server:
        plain = server.answer

        def answer(*asked: Any) -> Reply:
            reply = plain(*asked)
            if len(server.requests) == 1:
                reply.status = 503
                reply.headers |= {name: format_datetime(date, usegmt=True) for name, date in dates.items()}
            return reply

        server.answer = answer  # type: ignore[method-assign]
        assert run(table, known, server, limit=1).outcome == "complete"
    assert max(restless) == 20


def shorter_wholes(table: str, body: bytes) -> set[int]:
    """Where a cut leaves what nobody can tell from a whole answer: in a table, behind each of its rows."""
    if table != "retractionwatch":
        return set()
    ends = [place for place, byte in enumerate(body, 1) if byte == ord("\n")]
    return {end for end in ends[1:] if body.count(b'"', 0, end) % 2 == 0}


@pytest.mark.usefixtures("restless")
def test_a_page_cut_anywhere_is_never_taken_for_whole(known: SqlCatalog, table: str, serve: Serve) -> None:
    """Each cut arrives with a Content-Length that vouches for it, the last bytes one by one."""
    with serve(COUNT) as server:
        server.compressed = False
        bodies, send = [], server.reply

        def reply(*args: Any) -> Reply:
            answer = send(*args)
            bodies.append(answer.body)
            return answer

        server.reply = reply  # type: ignore[method-assign]
        first = run(table, known, server, everything=True)
        assert first.outcome == "complete", first.note
        plain, held = len(server.requests), contents(known, table)
    at = 1 if len(bodies) == 1 else 2
    body = bodies[at - 1]
    end = len(body.rstrip())
    step = max(STEP, end // MOST_CUTS)
    cuts = sorted({*range(1, end, step), *range(max(1, end - LAST), end)} - shorter_wholes(table, body))
    faults = [Fault(at + n, FaultKind.CUT_UNNOTICED, size=cut) for n, cut in enumerate(cuts)]
    with serve(COUNT, faults) as server:
        patience = quick(table, retries=len(cuts))
        report = run(table, known, server, patience=replace(patience, first_wait=1e-9), everything=True)
        asked = len(server.requests)
    assert (report.outcome, report.counts.new + report.counts.updated) == ("complete", 0), report.note
    assert report.counts.unchanged >= COUNT
    assert contents(known, table) == held
    assert asked >= plain + len(cuts), "an answer that was cut short passed for a page"


XINCLUDE = "http://www.w3.org/2001/XInclude"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><x>&l11;</x>',
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><x>{"&a;" * 5_000}</x>',
    "external entity": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
    "parameter entity": '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:9/a"> %a;]><x/>',
    "document type elsewhere": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
    "inclusion": f'<x xmlns:i="{XINCLUDE}"><i:include href="/etc/passwd" parse="text"/></x>',
    "deep": "<x>" * 100_000,
}


@pytest.mark.usefixtures("restless")
def test_hostile_answers_are_turned_away(known: SqlCatalog, table: str, serve: Serve) -> None:
    with serve(COUNT) as server:
        for what, body in by_turns(table, list(HOSTILE.items())):
            text = f'<?xml version="1.0"?>{body}'.encode()
            server.answer = lambda *_, text=text: Reply(text, media_type="text/xml")  # type: ignore[misc]
            report = run(table, known, server)
            assert (report.outcome != "complete", report.counts.total) == (True, 0), f"{what}: {report}"


def test_never_faster_than_the_limit(known: SqlCatalog, table: str, serve: Serve) -> None:
    with serve(COUNT, [Fault(2, FaultKind.RESET), Fault(4, FaultKind.EMPTY)]) as server:
        report = run(table, known, server, patience=quick(table, requests_per_second=25), limit=COUNT)
    moments = [request.at for request in server.requests]
    assert report.outcome == "complete", report.note
    assert moments[-1] - moments[0] >= 0.04 * (len(moments) - 1) - 0.03
    # A busy machine notes a request late, which shortens the gap after it and lengthens the one before; a
    # hidden retry leaves none behind a usual one.
    gaps = [after - before for before, after in pairwise(moments)]
    assert not [gap for before, gap in pairwise(gaps) if gap < 0.01 and before + gap < 0.06], gaps


@pytest.mark.usefixtures("restless")
def test_progress_is_told_of_each_page(known: SqlCatalog, table: str, serve: Serve) -> None:
    told: list[HarvestProgress] = []
    with serve(COUNT) as server:
        report = run(table, known, server, progress=told.append)
    assert [p.pages for p in told] == list(range(1, report.pages + 1))
    assert told[-1].counts.new == COUNT
