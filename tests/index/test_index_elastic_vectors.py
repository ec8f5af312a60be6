"""Vectors in Elasticsearch: close to exact, filtered, encoded once, and of one model. All are invented."""

from hashlib import sha256

import numpy as np
import pytest

from domain.query import Query
from index import ElasticOptions
from index.elastic.door import Cluster
from index.elastic.options import parse_address
from index.elastic.vectors import open_vectors
from index.meaning import text_of
from index.quantise import cosines, quantise
from index.questions import Questions

MANY = 3000


class InventedEncoder:
    """Vectors around thirty centres, drawn by the hash of the text; keeps what it was asked."""

    def __init__(self, name="invented/1"):
        self.name = name
        self.asked = []

    def encode(self, texts):
        self.asked += texts
        return np.stack([self._one(text) for text in texts])

    def _one(self, text):
        seed = int.from_bytes(sha256((self.name + text).encode()).digest()[:8])
        centre = np.random.default_rng(seed % 30).standard_normal(384)
        drawn = centre + np.random.default_rng(seed).standard_normal(384)
        return (drawn / np.linalg.norm(drawn)).astype(np.float32)


@pytest.fixture
def encoder():
    return InventedEncoder()


@pytest.fixture
def open_store(elasticsearch_url, elasticsearch_prefix, encoder):
    def opened(given=None):
        options = ElasticOptions(name=elasticsearch_prefix, replicas=0, shards=2, search_timeout=30)
        cluster = Cluster(parse_address(elasticsearch_url), options)
        return open_vectors(cluster, Questions(lambda: given or encoder))

    return opened


def vector(encoder, text):
    return quantise(encoder.encode([text]))[0]


def test_the_nearest_are_those_of_an_exact_scan(open_store, encoder, make):
    items = [make(n, f"Paper {n}", published=str(2000 + n % 20)) for n in range(MANY)]
    store = open_store()
    with store.replacement() as fresh:
        fresh.write(items, [], 5)
    assert (store.position(), store.count()) == (5, MANY)
    assert set(store.ids()) == {item.paper.id for item in items}
    rows = np.stack([vector(encoder, text_of(item.paper)) for item in items])
    found, wanted = 0, 0
    for query, keeps in (
        (Query(), lambda n: True),
        (Query(filters={"year": ("2003", "2011")}), lambda n: n % 20 in (3, 11)),
        (Query(year_from=2019), lambda n: n % 20 == 19),
    ):
        for text in ("one", "two", "three"):
            question = vector(encoder, text)
            passing = [n for n in range(MANY) if keeps(n)]
            scores = dict(zip(passing, cosines(question, rows[passing]), strict=True))
            best = sorted(passing, key=lambda n: -scores[n])[:100]
            matches = store.nearest(question, query, 100)
            exact = {items[n].paper.id: scores[n] for n in passing}
            assert [m.score for m in matches] == pytest.approx([exact[m.paper_id] for m in matches], abs=1e-6)
            assert matches == sorted(matches, key=lambda match: (-match.score, -match.order))
            found += len({match.paper_id for match in matches} & {items[n].paper.id for n in best})
            wanted += len(best)
    assert found / wanted >= 0.98


def test_only_texts_that_changed_are_encoded(open_store, encoder, make):
    store = open_store()
    store.write([make(1, "One"), make(2, "Two")], [], 1)
    encoder.asked.clear()
    store.write([make(1, "One", published="1999"), make(2, "Changed"), make(3, "Three")], [], 2)
    assert set(encoder.asked) == {"Changed", "Three"}
    near = store.nearest(vector(encoder, "One"), Query(year_to=1999), 5)
    assert [match.paper_id for match in near] == [make(1, "").paper.id]
    assert store.stored([make(2, "").paper.id])[make(2, "").paper.id] == pytest.approx(
        vector(encoder, "Changed")
    )


def test_deleted_papers_and_those_without_a_text_have_no_vector(open_store, make):
    store = open_store()
    store.write([make(1, "One"), make(2, "Two"), make(3, "Three")], [], 1)
    store.write([make(2, "")], [make(1, "").paper.id], 2)
    assert set(store.ids()) == {make(3, "").paper.id}
    assert set(store.stored([make(n, "").paper.id for n in range(5)])) == {make(3, "").paper.id}


def test_vectors_of_another_model_are_not_used_and_are_made_anew(open_store, encoder, make):
    store = open_store()
    store.write([make(1, "One")], [], 7)
    assert store.position() == 7
    other = InventedEncoder("invented/2")
    later = open_store(other)
    assert later.position() == 0
    assert later.nearest(vector(other, "One"), Query(), 5) == []
    later.write([make(1, "One")], [], 7)
    assert other.asked.count("One") == 2
    assert [match.score for match in later.nearest(vector(other, "One"), Query(), 5)] == [pytest.approx(1)]


def test_a_new_one_is_empty_and_an_encoder_is_not_opened_to_show_what_is_stored(open_store, encoder, make):
    assert open_store().nearest(vector(encoder, "x"), Query(), 5) == []
    assert open_store().stored([make(1, "").paper.id]) == {}
    open_store().write([make(1, "One")], [], 1)

    def broken():
        raise AssertionError("opened")

    store = open_store()
    store._questions._open = broken
    assert set(store.stored([make(1, "").paper.id])) == {make(1, "").paper.id}
    assert store.count() == 1
