"""A page is asked for while the one before is saved: nothing is lost, and no more than a page had twice."""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import crawler.ahead
from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from crawler.europepmc_replay import EuropePmcReplay
from crawler.fetching.kept import Kept, pack, unpack
from crawler.fetching.patience import Patience
from crawler.harvest import HarvestReport, harvest
from crawler.records.alone import Reading
from crawler.records.readers import Begun, Readers
from crawler.replay import Fault, FaultKind, Replay, Reply, Request
from domain.errors import CatalogError
from domain.ports import Catalog
from domain.record import Checkpoint, HarvestedRecord
from tests.crawler import replay_europepmc, replay_oai

QUICK = Patience(page_size=5, requests_per_second=1000.0, retries=2, first_wait=0.01)
PAGES = 9


class Killed(SqlCatalog):
    """A catalog whose harvest is at its end with the save of that number, before or after it is done."""

    saves_left = -1
    after = False
    ended = True

    def save(self, *given: Any, **named: Any) -> Any:
        self.saves_left -= 1
        self.ended &= self.saves_left != 0
        if self.saves_left == 0 and not self.after:
            raise CatalogError("killed")
        counts = super().save(*given, **named)
        if self.saves_left == 0:
            raise CatalogError("killed")
        return counts


@contextmanager
def fresh(folder: Path, empty: Path) -> Iterator[Killed]:
    """An empty catalog in the place of the one before."""
    for path in folder.glob("fresh.db*"):
        path.unlink()
    shutil.copy(empty, folder / "fresh.db")
    opened = open_catalog(f"sqlite:///{folder}/fresh.db")
    yield Killed(opened._database)
    opened.close()


@pytest.fixture
def killed(catalog: SqlCatalog) -> Killed:
    return Killed(catalog._database)


@pytest.fixture(autouse=True)
def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine of the test is, asking ahead is worth while."""
    monkeypatch.setattr(crawler.ahead, "_WORTH", float("inf"))


@pytest.fixture
def papers() -> Iterator[EuropePmcReplay]:
    with replay_europepmc.serve(5 * PAGES) as server:
        yield server


def run(server: Replay, catalog: Catalog, source: str = "europepmc", **options: Any) -> HarvestReport:
    options.setdefault("patience", QUICK)
    return harvest(source, catalog, base_url=server.base_url, **options)


def state(catalog: Catalog, source: str = "europepmc") -> dict[str, bytes]:
    return {record.native_id: record.payload for record in catalog.records(source)}


def answers(catalog: SqlCatalog) -> list[str]:
    with catalog._database.read() as connection:
        query = "SELECT value FROM marks WHERE name LIKE 'answer:%'"
        return list(connection.exec_driver_sql(query).scalars())


def test_the_next_page_is_asked_for_before_this_one_is_saved(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    save = SqlCatalog.save

    def noted(self: SqlCatalog, records: Any, *given: Any, **named: Any) -> Any:
        if records:
            asked.append(len(papers.requests))
        return save(self, records, *given, **named)

    monkeypatch.setattr(SqlCatalog, "save", noted)
    assert run(papers, catalog).outcome == "complete"
    assert asked[2:-1] == [number + 1 for number in range(3, PAGES)]
    assert answers(catalog) == []


def test_the_next_page_is_handed_over_before_this_one_is_read_to_its_end(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    begin, finish = Readers.begin, Begun.finish

    def begun(self: Readers, records: Sequence[HarvestedRecord]) -> Begun:
        done.append(f"begin {records[0].native_id}")
        return begin(self, records)

    def finished(self: Begun) -> list[Reading]:
        done.append(f"finish {self.records[0].native_id}")
        return finish(self)

    monkeypatch.setattr(Readers, "begin", begun)
    monkeypatch.setattr(Begun, "finish", finished)
    assert run(papers, catalog).outcome == "complete"
    first = [one.split()[1] for one in done if one.startswith("begin")]
    assert len(set(first)) == PAGES
    pages = list(pairwise(first))[1:]  # before the second, nothing is known of how quick answers are
    assert all(done.index(f"begin {after}") < done.index(f"finish {page}") for page, after in pages)


@pytest.mark.parametrize("after", [False, True])
def test_wherever_it_dies_one_page_is_asked_for_again_at_most(
    tmp_path: Path, empty_database: Path, after: bool
) -> None:
    again = []
    for number in range(1, PAGES + 3):
        with replay_europepmc.serve(5 * PAGES) as papers, fresh(tmp_path, empty_database) as killed:
            killed.after, killed.saves_left = after, number
            with suppress(CatalogError):
                run(papers, killed)
            if killed.ended:  # it was not killed at all
                break
            assert run(papers, killed).outcome == "complete"
            assert len(state(killed)) == 5 * PAGES
            again.append(len(papers.requests) - PAGES)
    assert len(again) > PAGES
    if after:
        assert again.pop() == PAGES, "it was whole, and so it is all asked for again"
    assert set(again) <= {0, 1}, again
    assert 0 in again, "what was kept was asked for again"


def test_a_token_that_is_good_for_once_loses_nothing(
    tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some repositories forget a token once it was used: what came is kept, or found by its datestamp."""
    used: set[str] = set()
    answer = replay_oai.OaiReplay.answer

    def once(self: replay_oai.OaiReplay, request: Request, fault: Fault | None) -> Reply:
        token = request.query.get("resumptionToken", "")
        if token and token in used:
            return self.refusal()
        used.add(token)
        return answer(self, request, fault)

    monkeypatch.setattr(replay_oai.OaiReplay, "answer", once)
    for after in (False, True):
        for number in range(2, 8):
            used.clear()
            with replay_oai.serve(60) as server, fresh(tmp_path, empty_database) as killed:
                killed.after, killed.saves_left = after, number
                with pytest.raises(CatalogError):
                    run(server, killed, "oai")
                assert run(server, killed, "oai").outcome == "complete"
                assert len(state(killed, "oai")) == 60


def test_a_kept_answer_is_read_as_it_came(killed: Killed, papers: EuropePmcReplay) -> None:
    killed.saves_left, killed.after = 5, True
    begin = datetime.now(UTC)
    with pytest.raises(CatalogError):
        run(papers, killed)
    [kept] = answers(killed)
    found = unpack(kept)
    assert found is not None
    end = datetime.now(UTC)
    time.sleep(1.1)  # as fine as the catalog tells time
    requests = len(papers.requests)
    assert run(papers, killed).outcome == "complete"
    cursors = [request.query["cursorMark"] for request in papers.requests]
    assert found.cursor in cursors[:requests]
    assert found.cursor not in cursors[requests:]
    records = killed.records("europepmc")
    told = {record.fetched_at.timestamp() for record in records}
    assert begin.timestamp() - 1 <= found.fetched_at.timestamp() <= end.timestamp()
    assert min(abs(moment - found.fetched_at.timestamp()) for moment in told) <= 1


@pytest.mark.parametrize("damaged", ["", "no such thing", "AAAA", "of another place", "of other bytes"])
def test_an_answer_that_cannot_be_used_is_asked_for(
    killed: Killed, papers: EuropePmcReplay, damaged: str
) -> None:
    killed.saves_left, killed.after = 5, True
    with pytest.raises(CatalogError):
        run(papers, killed)
    kept = unpack(answers(killed)[0])
    assert kept is not None
    strange = {
        "of another place": pack(replace(kept, cursor="another", body=b"{}")),
        "of other bytes": pack(replace(kept, body=kept.body[:-100])),
    }
    with killed._database.write() as connection:
        query = "UPDATE marks SET value = ? WHERE name LIKE 'answer:%'"
        connection.exec_driver_sql(query, (strange.get(damaged, damaged),))
    assert run(papers, killed).outcome == "complete"
    assert len(state(killed)) == 5 * PAGES
    assert answers(killed) == []


@pytest.mark.parametrize("days", [-2, 2])
def test_an_answer_of_another_day_is_asked_for_anew(
    killed: Killed, papers: EuropePmcReplay, days: int
) -> None:
    """Another harvest may have saved since what replaced its records; or the clock was wrong."""
    killed.saves_left, killed.after = 5, True
    with pytest.raises(CatalogError):
        run(papers, killed)
    kept = unpack(answers(killed)[0])
    assert kept is not None
    aged = pack(replace(kept, fetched_at=kept.fetched_at + timedelta(days=days)))
    with killed._database.write() as connection:
        connection.exec_driver_sql("UPDATE marks SET value = ? WHERE name LIKE 'answer:%'", (aged,))
    requests = len(papers.requests)
    assert run(papers, killed).outcome == "complete"
    assert kept.cursor in [request.query["cursorMark"] for request in papers.requests[requests:]]
    assert len(state(killed)) == 5 * PAGES
    assert answers(killed) == []


def test_a_list_that_is_begun_anew_takes_nothing_from_the_last(
    killed: Killed, papers: EuropePmcReplay
) -> None:
    """Its pages have the same names, and what they hold has changed."""
    killed.saves_left, killed.after = 5, True
    with pytest.raises(CatalogError):
        run(papers, killed)
    [name] = {mark for mark in marks(killed) if mark.startswith("answer:")}
    scope = name.removeprefix("answer:")
    killed.save((), (), Checkpoint("europepmc", scope, None, complete=True))
    killed.saves_left, killed.after = 1, True
    with pytest.raises(CatalogError):
        run(papers, killed, everything=True)
    assert answers(killed) == []


def marks(catalog: SqlCatalog) -> list[str]:
    with catalog._database.read() as connection:
        return list(connection.exec_driver_sql("SELECT name FROM marks").scalars())


def test_what_was_read_is_saved_though_the_next_page_is_not_to_be_had(catalog: Catalog) -> None:
    faults = [Fault(number, FaultKind.STATUS, status=503) for number in range(6, 20)]
    with replay_europepmc.serve(5 * PAGES, faults) as server:
        report = run(server, catalog)
    assert (report.outcome, report.counts.new) == ("partial", 25)


def test_what_was_read_is_saved_while_the_next_page_is_waited_for(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawler.ahead, "_GRACE", 0.05)
    held: list[int] = []
    answer = EuropePmcReplay.answer

    def slow(self: EuropePmcReplay, request: Request, fault: Fault | None) -> Reply:
        if len(self.requests) == 6:
            time.sleep(1.5)
            held.append(len(state(catalog)))
        return answer(self, request, fault)

    monkeypatch.setattr(EuropePmcReplay, "answer", slow)
    with replay_europepmc.serve(5 * PAGES) as server:
        assert run(server, catalog).outcome == "complete"
    assert held == [25]


@pytest.mark.parametrize("limit", [11, 15, 16, 20, 45])
def test_no_page_is_asked_for_beyond_the_limit(catalog: Catalog, papers: EuropePmcReplay, limit: int) -> None:
    report = run(papers, catalog, limit=limit)
    assert report.counts.new == limit
    assert len(papers.requests) == -(-limit // 5)


def test_pages_asked_for_ahead_keep_to_the_rate(catalog: Catalog, papers: EuropePmcReplay) -> None:
    assert run(papers, catalog, patience=replace(QUICK, requests_per_second=10)).outcome == "complete"
    moments = [request.at for request in papers.requests]
    # A busy server notes a request late, which shortens the gap after it.
    assert min(later - sooner for sooner, later in pairwise(moments)) > 0.03
    assert moments[-1] - moments[0] >= 0.1 * (len(moments) - 1) - 0.07


def test_where_answers_are_slow_nothing_is_asked_for_ahead(
    catalog: SqlCatalog, papers: EuropePmcReplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawler.ahead, "_WORTH", 0.0)
    noted: list[object] = []
    save = SqlCatalog.save

    def seen(self: SqlCatalog, *given: Any, **named: Any) -> Any:
        noted.append(named.get("noted"))
        return save(self, *given, **named)

    monkeypatch.setattr(SqlCatalog, "save", seen)
    assert run(papers, catalog).outcome == "complete"
    assert not any(noted)


def test_an_answer_is_kept_whole() -> None:
    kept = Kept(
        "c", 5, datetime(2026, 1, 1, 1, 2, 3, 4, UTC), "Thu, 01 Jan 2026 01:02:03 GMT", b"\0\xff<>", 404
    )
    found = unpack(pack(kept))
    assert found is not None
    assert [getattr(found, name) for name in Kept.__slots__] == [getattr(kept, n) for n in Kept.__slots__]
    assert found.answer().headers == {"date": kept.date}
