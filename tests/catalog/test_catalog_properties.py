"""What holds for any records whatever: the order and the pages in which they come do not matter.

`FINDINGS_TEST_SOAK=1` makes it a thousand overlapping harvests instead of 200.
"""

import os
import shutil
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from catalog import open_catalog, tables
from catalog.sqlcatalog import SqlCatalog
from catalog.tables import METADATA, counters
from catalog.works.rows import parse_keys
from domain.errors import Gone
from domain.identity import own_keys
from domain.paper import NoticeKind, Version, VersionKind
from domain.record import Counts
from tests.catalog.invented import Saved, saved, version

KEYS = [f"10.5555/k{n}" for n in range(6)]
LINKS = [f"doi:{key}" for key in KEYS] + ["pmid:1"]
LONG = "Invented outcomes of imaginarib in glioma"
QUICK = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

versions = st.builds(
    version,
    st.sampled_from([*KEYS, None]),
    pmid=st.sampled_from([None, None, None, "1", "2"]),
    title=st.sampled_from(
        ["Invented one", "Invented two", LONG, LONG + ": an invented cohort", LONG.upper()]
    ),
    year=st.sampled_from(["2024", "2025-03", "2027"]),
    pages=st.sampled_from(["", "", "7-9", "11"]),
    authors=st.sampled_from([["Invented Ada"], ["Invented Ada", "Other Bo", "Third Cy"], []]),
    companion=st.sampled_from([False, False, False, True]),
    kind=st.sampled_from(VersionKind),
    links=st.lists(st.sampled_from(LINKS), max_size=2, unique=True),
    notices=st.lists(st.sampled_from(NoticeKind), max_size=1),
    abstract=st.sampled_from(["", "Invented text."]),
    keywords=st.lists(st.sampled_from("xyz"), max_size=1),
)


@st.composite
def records(draw: st.DrawFn) -> list[Saved]:
    told = draw(st.lists(st.tuples(versions, st.sampled_from(["alpha", "beta", "gamma"])), max_size=9))
    return [saved(f"r{number}", what, source) for number, (what, source) in enumerate(told)]


@st.composite
def page_splits(draw: st.DrawFn, given_records: list[Saved]) -> list[list[Saved]]:
    shuffled = draw(st.permutations(given_records))
    cuts = sorted(draw(st.sets(st.integers(0, len(shuffled)), max_size=4)) | {0, len(shuffled)})
    return [list(shuffled[a:b]) for a, b in pairwise(cuts)]


def wipe(catalog: SqlCatalog) -> None:
    with catalog._database.write() as connection:
        for table in reversed(METADATA.sorted_tables):
            if table is not counters:
                connection.execute(delete(table))
        connection.execute(update(counters).values(value=0))


def works(catalog: SqlCatalog) -> set[tuple[Version, ...]]:
    """Every live work as its versions, ids and times aside."""
    ids = [change.paper_id for change in catalog.changes(0) if not change.deleted]
    assert_each_knows_its_keys(catalog)
    papers = catalog.papers(ids)
    assert len(papers) == len(ids) == catalog.counts()["papers"], "the change log tells of every live work"
    return {tuple(map(_hashable, paper.versions)) for paper in papers}


def assert_each_knows_its_keys(catalog: SqlCatalog) -> None:
    """No key leads to a work that is not there, and each work knows those that lead to it."""
    with catalog._database.read() as connection:
        rows = {tuple(row) for row in connection.execute(select(tables.work_keys))}
        known = connection.execute(select(tables.works.c.id, tables.works.c.work_keys)).all()
    assert rows == {(key, name, own) for name, text in known for key, own in parse_keys(text).items()}


def _hashable(told: Version) -> tuple[object, ...]:
    return repr(told), tuple(sorted(told.provenance.items(), key=lambda item: item[0]))


def save_all(catalog: SqlCatalog, pages: Sequence[Sequence[Saved]]) -> None:
    for page in pages:
        catalog.save(page)


@QUICK
@given(st.data())
def test_neither_order_nor_pages_matter(catalog, data):
    given_records = data.draw(records())
    wipe(catalog)
    catalog.save(given_records)
    at_once = works(catalog)
    wipe(catalog)
    save_all(catalog, data.draw(page_splits(given_records)))
    assert works(catalog) == at_once


@QUICK
@given(st.data())
def test_saving_again_in_any_way_changes_and_logs_nothing(catalog, data):
    given_records = data.draw(records())
    wipe(catalog)
    save_all(catalog, data.draw(page_splits(given_records)))
    before = (catalog.changes(0), catalog.outbox(), works(catalog), catalog.counts())
    for page in data.draw(page_splits(given_records)):
        assert catalog.save(page) == Counts(unchanged=len(page))
    assert (catalog.changes(0), catalog.outbox(), works(catalog), catalog.counts()) == before


@QUICK
@given(st.data())
def test_history_leaves_no_trace(catalog, data):
    """Records that said something else, or were withdrawn: what is left equals what never knew of it."""
    final = data.draw(records())
    gone = data.draw(st.lists(versions, max_size=4))
    wipe(catalog)
    catalog.save(final)
    expected = works(catalog)
    wipe(catalog)
    earlier = [saved(r.native_id, data.draw(versions), r.source) for r, _ in final]
    passing = [saved(f"gone{n}", what) for n, what in enumerate(gone)]
    save_all(catalog, data.draw(page_splits([*earlier, *passing])))
    save_all(catalog, data.draw(page_splits(final)))
    catalog.delete("alpha", [r.native_id for r, _ in passing])
    assert works(catalog) == expected


def _leads_somewhere(catalog: SqlCatalog, address: str) -> bool:
    """To a paper; or it is gone, with companions left behind at most."""
    try:
        return bool(catalog.paper(address).versions)
    except Gone:
        return True


@QUICK
@given(st.data())
def test_every_address_ever_given_leads_somewhere(catalog, data):
    wipe(catalog)
    addresses: set[str] = set()
    for _ in range(3):
        save_all(catalog, data.draw(page_splits(data.draw(records()))))
        addresses |= {c.paper_id for c in catalog.changes(0)}
        for address in addresses:
            assert _leads_somewhere(catalog, address)
    for record in ("alpha", "beta", "gamma"):
        catalog.delete(record, [f"r{n}" for n in range(9)])
    assert catalog.counts()["papers"] == 0
    assert all(change.deleted for change in catalog.changes(0))


@QUICK
@given(st.data())
def test_every_own_key_finds_its_paper(catalog, data):
    given_records = data.draw(records())
    wipe(catalog)
    save_all(catalog, data.draw(page_splits(given_records)))
    for _, told in given_records:
        if told.companion:
            continue
        homes = catalog.papers(sorted({catalog.find(key) for key in own_keys(told)}))
        pubmed = [{version.identifiers.pmid for version in paper.versions} - {None} for paper in homes]
        assert all(paper.versions for paper in homes)
        # Where two papers have one DOI by mistake, it leads to one of them; PubMed tells them apart.
        assert len(homes) == 1 or (all(pubmed) and not set.intersection(*pubmed))


SOURCES = ("alpha", "beta", "gamma", "delta", "epsilon")


@st.composite
def overlapping_pages(draw: st.DrawFn) -> tuple[list[Saved], list[list[Saved]]]:
    """Papers told by up to five sources each, and pages that repeat them in any order."""
    papers = draw(st.integers(1, 4))
    told = [
        saved(f"{source}-{n}", version(f"10.5555/r{n}", title=f"Invented paper {n}"), source)
        for n in range(papers)
        for source in draw(st.lists(st.sampled_from(SOURCES), min_size=1, unique=True))
    ]
    again = draw(st.lists(st.sampled_from(told), max_size=8))
    return told, draw(page_splits([*told, *again]))


@given(overlapping_pages())
@settings(QUICK, max_examples=1000 if os.environ.get("FINDINGS_TEST_SOAK") else 200)
def test_each_record_is_there_once_with_its_provenance(five_sources, given_pages):
    """R4: duplicated, reordered, overlapping pages, and one DOI from five sources."""
    told, pages = given_pages
    wipe(five_sources)
    save_all(five_sources, pages)
    for source in SOURCES:
        expected = sorted(record.native_id for record, _ in told if record.source == source)
        assert [record.native_id for record in five_sources.records(source)] == expected
    works = {told_version.identifiers.doi: set() for _, told_version in told}
    for record, told_version in told:
        works[told_version.identifiers.doi].add(f"record:{record.source}/{record.native_id}")
    assert five_sources.counts()["papers"] == len(works)
    for doi, records_of in works.items():
        made = five_sources.makeup(f"doi:{doi}")
        assert {record.record for record in made.records} == records_of
        (paper,) = five_sources.papers([made.paper])
        (merged,) = paper.versions
        best = min((ref.split(":")[1].split("/")[0] for ref in records_of), key=SOURCES.index)
        assert {origin.source for origin in merged.provenance.values()} == {best}


@pytest.fixture
def five_sources(empty_database, tmp_path):
    """A catalog on SQLite that trusts the five sources in their order."""
    shutil.copy(empty_database, tmp_path / "five.db")
    catalog = open_catalog(f"sqlite:///{tmp_path}/five.db", SOURCES)
    yield catalog
    catalog.close()
