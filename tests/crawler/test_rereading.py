"""Raw records are read again by today's readers, in lots, and a run that was cut short goes on."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from crawler import rereading
from crawler.rereading import reread
from crawler.sources import read
from domain.errors import ConfigError
from domain.ports import Rejection
from domain.record import HarvestedRecord

WHEN = datetime(2026, 1, 2, tzinfo=UTC)


def record(number: int, **fields: object) -> HarvestedRecord:
    told = {"id": str(number), "source": "MED", "title": f"Invented trial {number} in lung cancer"} | fields
    return HarvestedRecord("europepmc", f"MED:{number}", WHEN, "application/json", json.dumps(told).encode())


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqlCatalog]:
    """Of 200 records, 20 were read with another title, and one is kept that is no paper."""
    opened = open_catalog(f"sqlite:///{tmp_path}/catalog.db")
    page = [(one, read(one)) for one in (record(n) for n in range(10_000, 10_200))]
    page[:20] = [(one, replace(reading, title="Misread")) for one, reading in page[:20]]
    patent = record(10_199, source="PAT")
    page[-1] = (patent, page[-1][1])
    opened.save(page, [Rejection(record(n), "malformed") for n in (20_000, 20_001)])
    yield opened
    opened.close()


def titles(catalog: SqlCatalog) -> dict[str, str]:
    held = [one.native_id for one in catalog.records("europepmc")]
    return {name: reading.title for name, reading in catalog.readings("europepmc", held).items()}


def test_what_is_read_otherwise_is_saved_and_told(catalog: SqlCatalog) -> None:
    (told,) = reread([], catalog)
    assert (told.counts.new, told.counts.updated, told.counts.unchanged) == (2, 20, 179)
    assert told.counts.rejected == {"not-a-paper": 1}
    assert told.changed == {"title": 20}
    assert "Misread" not in titles(catalog).values()
    assert len(titles(catalog)) == 202
    last = catalog.last_change()
    (again,) = reread(["europepmc"], catalog)
    assert (again.counts.unchanged, again.counts.rejected) == (201, {"not-a-paper": 1})
    assert not again.changed
    assert catalog.last_change() == last
    assert catalog.mark("europepmc", "reread") is None


def test_a_dry_run_saves_nothing(catalog: SqlCatalog) -> None:
    before = titles(catalog), catalog.last_change(), catalog.rejected()
    (told,) = reread([], catalog, dry_run=True, drop=True)
    assert (told.counts.new, told.counts.updated, told.counts.rejected) == (2, 20, {"not-a-paper": 1})
    assert (titles(catalog), catalog.last_change(), catalog.rejected()) == before


def test_what_is_no_paper_is_withdrawn_where_that_is_asked_for(catalog: SqlCatalog) -> None:
    (told,) = reread([], catalog, drop=True)
    assert told.counts.rejected == {"not-a-paper": 1}
    assert "MED:10199" not in titles(catalog)


def test_a_fault_of_our_reader_withdraws_nothing(
    catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr("crawler.records.alone._to_version", fail)
    monkeypatch.setattr("crawler.records.readers._processors", lambda: 1)
    before = titles(catalog)
    (told,) = reread([], catalog, drop=True)
    assert told.counts.rejected == {"unreadable": 202}
    assert titles(catalog) == before


def test_a_run_that_was_cut_short_goes_on(catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(source: str, done: int) -> None:
        if done == 2 * rereading._LOT:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reread([], catalog, progress=cut)
    assert "Misread" not in titles(catalog).values()
    (rest,) = reread([], catalog)
    assert rest.counts.total == 202 - 2 * rereading._LOT
    with pytest.raises(KeyboardInterrupt):
        reread([], catalog, progress=cut)
    monkeypatch.setattr(rereading, "EDITION", "of a newer Findings")
    (anew,) = reread([], catalog)
    assert anew.counts.total == 202


def test_who_is_to_withdraw_does_not_go_on_behind_one_that_did_not(
    catalog: SqlCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(source: str, done: int) -> None:
        if done == 202 - 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reread([], catalog, progress=cut)
    reread([], catalog, drop=True)
    assert "MED:10199" not in titles(catalog)


def test_an_identifier_with_a_number_sign_names_a_paper(catalog: SqlCatalog) -> None:
    """As DOIs of the nineties do, whose last sign is a check on the others."""
    old = replace(record(30_000), native_id="MED:(SICI)1097-0142(19960501)77:9<1788::AID-CNCR5>3.0.CO;2-#")
    catalog.save([(old, replace(read(old), title="Misread"))])
    (told,) = reread([], catalog)
    assert told.counts.updated == 21
    assert "Misread" not in titles(catalog).values()


def test_what_came_later_is_tried_when_what_stands_is_withdrawn(catalog: SqlCatalog) -> None:
    later = replace(record(10_199), fetched_at=WHEN + timedelta(days=1))
    catalog.save([], [Rejection(later, "malformed")])
    (told,) = reread([], catalog, drop=True)
    assert told.counts.rejected == {"not-a-paper": 1}
    assert titles(catalog)["MED:10199"] == "Invented trial 10199 in lung cancer"


def test_a_name_that_is_no_source(catalog: SqlCatalog) -> None:
    with pytest.raises(ConfigError):
        reread(["nosuch"], catalog)
