"""Draining a change log into words and vectors. Papers and vectors are invented; so is the log."""

import numpy as np
import pytest

from domain.errors import ModelUnavailable
from domain.identifiers import Identifiers, work_id
from domain.paper import Paper, Version, VersionKind
from domain.ports import Change
from domain.query import Query
from index import sync as sync_module
from index.quantise import quantise
from index.sync import rebuild, sync


class Log:
    """A catalog of numbered papers, each changed once, in order."""

    def __init__(self, *numbers):
        self.ids = {work_id(f"invented:{n}"): n for n in numbers}

    def changes(self, after, limit=500):
        rows = [Change(place, paper_id, False) for place, paper_id in enumerate(self.ids, 1)]
        return [row for row in rows if row.sequence > after][:limit]

    def last_change(self):
        return len(self.ids)

    def counts(self):
        return {"papers": len(self.ids), "deleted": 0}

    def papers(self, paper_ids):
        return [
            Paper(i, (Version(VersionKind.ARTICLE, Identifiers(), f"Invented {self.ids[i]}"),), "", "")
            for i in paper_ids
            if i in self.ids
        ]

    def published_audiences(self, paper_ids):
        return {}

    def add(self, number):
        self.ids[work_id(f"invented:{number}")] = number


class CountingEncoder:
    name = "invented/1"

    def __init__(self, on_encode=lambda: None):
        self.asked = []
        self.on_encode = on_encode

    def encode(self, texts):
        papers = [text for text in texts if text.startswith("Invented")]  # not to tell how long a vector is
        self.asked += papers
        if papers:
            self.on_encode()
        return np.eye(384, dtype=np.float32)[[len(text) for text in texts]]


@pytest.fixture
def open_with(open_named, request):
    name = request.node.originalname.replace("_", "-")
    return lambda encoder: open_named(name, lambda: encoder)


def test_new_papers_get_their_words_while_vectors_are_made(open_with, monkeypatch):
    monkeypatch.setattr(sync_module, "_ENCODED", 3)
    log = Log(*range(10))
    encoder = CountingEncoder(lambda: log.add(10) if len(encoder.asked) == 3 else None)
    index, counts = open_with(encoder), []
    late = encoder.on_encode

    def note():
        late()
        counts.append(index.count())

    encoder.on_encode = note
    done = sync(log, index, batch=4)
    assert counts == [10, 11, 11, 11]
    assert (done.words, done.vectors, done.note) == (11, 11, "")
    assert (index.vectors.count(), index.vectors.position()) == (11, 11)
    assert sync(log, index).vectors == 0


def test_a_restored_catalog_keeps_the_vectors_of_unchanged_texts(open_with):
    encoder = CountingEncoder()
    index = open_with(encoder)
    sync(Log(*range(10)), index)
    older = Log(3, 4, 5)
    sync(older, index)
    assert set(index.vectors.ids()) == set(index.ids()) == set(older.ids)
    assert index.vectors.position() == 3
    assert len(encoder.asked) == 10
    older.add(77)
    sync(older, index)
    assert set(index.vectors.ids()) == set(older.ids)


def test_until_vectors_fit_a_restored_catalog_the_old_ones_answer(open_with):
    encoder, counts = CountingEncoder(), []
    index = open_with(encoder)
    sync(Log(*range(10)), index)
    encoder.on_encode = lambda: counts.append(index.vectors.count())
    sync(Log(3, 77, 5), index)
    assert counts == [10]
    assert encoder.asked[10:] == ["Invented 77"]
    assert (index.vectors.count(), index.vectors.position()) == (3, 3)
    for number in (3, 5, 77):
        (row,) = quantise(encoder.encode([f"Invented {number}"]))
        stored = index.vectors.stored([work_id(f"invented:{number}")])
        assert [list(codes) for codes in stored.values()] == [list(row)]


def test_a_rebuild_encodes_again_only_when_asked(open_with):
    encoder = CountingEncoder()
    index, log = open_with(encoder), Log(*range(5))
    sync(log, index)
    assert rebuild(log, index).vectors == 0
    assert len(encoder.asked) == 5
    assert rebuild(log, index, vectors=True).vectors == 5
    assert len(encoder.asked) == 10
    assert (index.count(), index.vectors.count(), index.vectors.position()) == (5, 5, 5)


def test_vectors_are_made_in_pieces_no_larger_than_asked(open_with):
    """Between two pieces whoever fills the index may rest."""
    told = []
    index = open_with(CountingEncoder())
    rebuild(Log(*range(5)), index, batch=2, progress=lambda *now: told.append(now), vectors=True)
    assert told == [(what, done, 5) for what in ("papers", "vectors") for done in (2, 4, 5)]


def test_what_changes_during_a_rebuild_is_in_it(open_with):
    log = Log(*range(5))
    index, other = (open_with(CountingEncoder()) for _ in range(2))
    sync(log, index)

    def meanwhile(what, done, total):
        assert (what, total) in {("papers", 5), ("papers", 6), ("vectors", 1)}
        if done == 2:
            log.add(99)
            sync(log, other)  # into the old one, which still answers

    rebuild(log, index, batch=2, progress=meanwhile)
    assert set(index.ids()) == set(index.vectors.ids()) == set(log.ids)
    assert other.search(Query("99", meaning=False)).total == 1


def test_without_an_encoder_words_are_synced_and_a_note_says_why(open_named):
    def missing():
        raise ModelUnavailable("the encoder is not installed")

    index = open_named("no-encoder", missing)
    done = sync(Log(1, 2), index)
    assert (done.words, done.vectors, done.note) == (2, 0, "the encoder is not installed")
    assert index.vectors.count() == 0
