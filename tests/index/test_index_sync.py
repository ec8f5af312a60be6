"""Draining a change log. The catalog here keeps only a log and papers: what the two functions may use."""

import pytest

from domain.digest import Audience
from domain.ports import Change
from domain.query import Query
from index import open_index
from index.sync import rebuild, sync


class FakeCatalog:
    """A change log over papers in memory."""

    def __init__(self):
        self.kept = {}
        self.log = {}
        self.digests = {}
        self.last = 0

    def put(self, item):
        self.last += 1
        self.kept[item.paper.id] = item.paper
        self.log[item.paper.id] = Change(self.last, item.paper.id, False)

    def withdraw(self, paper_id):
        self.last += 1
        del self.kept[paper_id]
        self.log[paper_id] = Change(self.last, paper_id, True)

    def changes(self, after, limit=500):
        return sorted((c for c in self.log.values() if c.sequence > after), key=lambda c: c.sequence)[:limit]

    def last_change(self):
        return self.last

    def counts(self):
        return {"papers": len(self.kept), "deleted": sum(change.deleted for change in self.log.values())}

    def papers(self, paper_ids):
        return [self.kept[paper_id] for paper_id in paper_ids if paper_id in self.kept]

    def published_audiences(self, paper_ids):
        return {paper_id: self.digests[paper_id] for paper_id in paper_ids if paper_id in self.digests}


@pytest.fixture
def catalog(corpus):
    catalog = FakeCatalog()
    for item in corpus:
        catalog.put(item)
        if item.digests:
            catalog.digests[item.paper.id] = item.digests
    return catalog


def test_an_index_ahead_of_its_catalog_is_made_anew(catalog, open_engine, corpus):
    """A catalog restored from an older backup counts the same numbers again, for other changes."""
    opened = open_engine()
    sync(catalog, opened)
    older = FakeCatalog()
    for item in corpus[:5]:
        older.put(item)
    assert sync(older, opened).words == 5
    assert set(opened.ids()) == {item.paper.id for item in corpus[:5]}
    assert opened.position() == 5


def test_sync_drains_in_batches_and_then_has_nothing_to_do(catalog, open_engine, corpus, index):
    opened, told = open_engine(), []
    assert sync(catalog, opened, batch=7, progress=lambda *done: told.append(done)).words == 40
    assert told == [("papers", done, 40) for done in (7, 14, 21, 28, 35, 40)]
    assert sync(catalog, opened).words == 0
    assert opened.position() == 40
    assert set(opened.ids()) == {item.paper.id for item in corpus}
    assert opened.facets(Query()) == index.facets(Query())


def test_sync_follows_changes_withdrawals_and_digests(catalog, open_engine, make):
    opened = open_engine()
    sync(catalog, opened)
    catalog.put(make(1, "A new title altogether"))
    catalog.withdraw(make(2, "").paper.id)
    catalog.put(make(50, "A newcomer"))
    catalog.digests[make(50, "").paper.id] = (Audience.PUBLIC,)
    assert sync(catalog, opened).words == 3
    assert opened.count() == 40
    assert opened.search(Query("altogether")).total == 1
    assert opened.search(Query("trastuzumab")).total == 0
    assert opened.search(Query("newcomer", filters={"has_digest": ("public",)})).total == 1


def test_a_paper_that_vanished_after_its_change_was_logged_is_deleted(catalog, open_engine, make):
    opened = open_engine()
    sync(catalog, opened)
    paper_id = make(7, "").paper.id
    catalog.put(make(7, "About to vanish"))
    del catalog.kept[paper_id]
    sync(catalog, opened)
    assert paper_id not in set(opened.ids())


def test_rebuild_equals_an_unbroken_sync(catalog, open_engine):
    opened = open_engine()
    sync(catalog, opened)
    before = set(opened.ids())
    assert rebuild(catalog, opened, batch=9).words == 40
    assert set(opened.ids()) == before
    assert opened.position() == 40


def test_readers_have_answers_during_a_rebuild(catalog, tmp_path):
    opened, reader = open_index("embedded:", tmp_path), open_index("embedded:", tmp_path)
    sync(catalog, opened)
    seen = []
    rebuild(catalog, opened, batch=5, progress=lambda *_: seen.append(reader.count()))
    assert seen == [40] * 8
    assert reader.count() == 40


def test_rebuild_mends_a_damaged_index(catalog, tmp_path):
    opened = open_index("embedded:", tmp_path)
    sync(catalog, opened)
    (tmp_path / "CURRENT").write_text("{}")
    assert rebuild(catalog, open_index("embedded:", tmp_path)).words == 40
    assert open_index("embedded:", tmp_path).count() == 40
