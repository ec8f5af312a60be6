"""The Elasticsearch that the tests run has what the search engine asks of one."""

import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
import tantivy
from elasticsearch import ConflictError, Elasticsearch, helpers

from index.analysis import STOP_WORDS
from tests.elasticsearch.cluster import Cluster

SETTINGS = {
    "index": {
        "number_of_shards": 1,
        "number_of_replicas": 0,
        "similarity": {"flat": {"type": "BM25", "k1": 0.9, "b": 0.4}},
    },
    "analysis": {
        "tokenizer": {"words": {"type": "pattern", "pattern": "[^\\p{IsAlphabetic}\\p{N}]+"}},
        "filter": {
            "short": {"type": "length", "max": 255},
            "passed_over": {"type": "stop", "stopwords": sorted(STOP_WORDS)},
            "irregular": {"type": "stemmer_override", "rules": ["mice, micelike => mouse"]},
            "porter2": {"type": "stemmer", "language": "porter2"},
        },
        "analyzer": {
            "prose": {
                "tokenizer": "words",
                "filter": ["short", "lowercase", "asciifolding", "passed_over", "irregular", "porter2"],
            },
            "names": {"tokenizer": "words", "filter": ["short", "lowercase", "asciifolding"]},
        },
        "normalizer": {"folded": {"type": "custom", "filter": ["lowercase", "asciifolding"]}},
    },
}
MAPPINGS = {
    "dynamic": "strict",
    "properties": {
        "title": {
            "type": "text",
            "analyzer": "prose",
            "fields": {"exact": {"type": "text", "analyzer": "names"}},
        },
        "flat": {"type": "text", "analyzer": "english", "similarity": "flat"},
        "country": {"type": "keyword", "normalizer": "folded"},
        "year": {"type": "integer"},
        "vector": {
            "type": "dense_vector",
            "element_type": "byte",
            "dims": 4,
            "similarity": "cosine",
            "index_options": {"type": "hnsw", "m": 16, "ef_construction": 100},
        },
    },
}
TITLES = (
    "The patients' HER2-positive tumours, café",
    "Screening for tumours of the bowel at home",
    "A home test of the bowel",
    "Nothing of the kind",
)


def _vector(number: int) -> list[int]:
    return [127, number * 10, 0, -1]


@pytest.fixture
def client(elasticsearch_url):
    with Elasticsearch(elasticsearch_url, request_timeout=30) as opened:
        yield opened


@pytest.fixture
def filled(client, elasticsearch_prefix):
    """An index of four invented papers, reached by an alias."""
    client.indices.create(
        index=f"{elasticsearch_prefix}-1",
        settings=SETTINGS,
        mappings=MAPPINGS,
        aliases={f"{elasticsearch_prefix}-read": {}},
    )
    actions = (
        {
            "_index": f"{elasticsearch_prefix}-1",
            "_id": f"p{number}",
            "_version": 5,
            "_version_type": "external_gte",
            "title": title,
            "flat": title,
            "country": "BÉ" if number % 2 else "br",
            "year": 2018 + number,
            "vector": _vector(number),
        }
        for number, title in enumerate(TITLES)
    )
    assert helpers.bulk(client, actions, refresh=True) == (4, [])
    return f"{elasticsearch_prefix}-read"


def _ids(answer):
    return [hit["_id"] for hit in answer["hits"]["hits"]]


def _tokens(client, index, analyzer, text):
    answer = client.indices.analyze(index=index, analyzer=analyzer, text=text)
    return [(token["token"], token["position"]) for token in answer["tokens"]]


def test_analysis(client, filled):
    prose = _tokens(client, filled, "prose", TITLES[0])
    assert prose == [("patient", 1), ("her2", 2), ("posit", 3), ("tumour", 4), ("cafe", 5)]
    assert [word for word, _ in _tokens(client, filled, "names", "The patients' CAFÉ")] == [
        *("the", "patients", "cafe"),
    ]
    assert [word for word, _ in _tokens(client, filled, "english", "the patient's tumours")] == [
        "patient",
        "tumour",
    ]
    assert _tokens(client, filled, "prose", "x" * 300 + " mice") == [("mouse", 1)]


def test_words_phrases_prefixes_and_ranges(client, filled):
    def found(query):
        return sorted(_ids(client.search(index=filled, query=query)))

    assert found({"match": {"title": {"query": "tumour home", "operator": "and"}}}) == ["p1"]
    assert found({"match_phrase": {"title": "test of the bowel"}}) == ["p2"]
    assert found({"match_phrase": {"title": "test bowel"}}) == []
    assert found({"prefix": {"title.exact": "screen"}}) == ["p1"]
    assert found({"range": {"year": {"gte": 2019, "lt": 2021}}}) == ["p1", "p2"]
    assert found({"ids": {"values": ["p3", "p0"]}}) == ["p0", "p3"]
    assert found({"term": {"country": "bé"}}) == ["p1", "p3"]


def test_bm25_is_set_for_each_field(client, filled):
    def factors(field):
        answer = client.search(index=filled, query={"match": {field: "home"}}, explain=True)
        return _explained(answer["hits"]["hits"][0]["_explanation"])

    assert factors("title")["k1"] == pytest.approx(1.2)
    assert factors("title")["b"] == pytest.approx(0.75)
    assert factors("flat")["k1"] == pytest.approx(0.9)
    assert factors("flat")["b"] == pytest.approx(0.4)


def _explained(part):
    found = {name: part["value"] for name in ("k1", "b") if part["description"].startswith(f"{name}, ")}
    for deeper in part["details"]:
        found |= _explained(deeper)
    return found


def test_nearest_vectors_under_a_filter(client, filled):
    nearest = {"field": "vector", "query_vector": _vector(3), "k": 2, "num_candidates": 10}
    answer = client.search(index=filled, knn=nearest)
    assert _ids(answer) == ["p3", "p2"]
    assert answer["hits"]["hits"][0]["_score"] == pytest.approx(1.0)
    kept = client.search(index=filled, knn=nearest | {"filter": {"range": {"year": {"lte": 2019}}}})
    assert _ids(kept) == ["p1", "p0"]


def test_an_older_write_never_wins(client, filled):
    def write(version):
        client.index(
            index=filled, id="p0", document={"year": version}, version=version, version_type="external_gte"
        )

    write(5)
    write(7)
    with pytest.raises(ConflictError):
        write(6)
    assert client.get(index=filled, id="p0")["_source"] == {"year": 7}


def test_counts_under_other_filters(client, filled):
    answer = client.search(
        index=filled,
        size=0,
        track_total_hits=True,
        query={"match": {"title": "bowel"}},
        aggs={
            "all": {"global": {}, "aggs": {"country": {"terms": {"field": "country"}}}},
            "late": {
                "filter": {"range": {"year": {"gte": 2020}}},
                "aggs": {"country": {"terms": {"field": "country", "missing": "unknown"}}},
            },
        },
    )
    found = answer["aggregations"]
    assert answer["hits"]["total"] == {"value": 2, "relation": "eq"}
    assert {b["key"]: b["doc_count"] for b in found["all"]["country"]["buckets"]} == {"be": 2, "br": 2}
    assert {b["key"]: b["doc_count"] for b in found["late"]["country"]["buckets"]} == {"br": 1}


def test_paging_by_cursor_and_a_point_in_time(client, filled):
    sort = [{"year": "desc"}]
    with_time = {"id": client.open_point_in_time(index=filled, keep_alive="1m")["id"], "keep_alive": "1m"}
    first = client.search(pit=with_time, size=2, sort=sort)
    then = client.search(pit=with_time, size=2, sort=sort, search_after=first["hits"]["hits"][-1]["sort"])
    assert _ids(first) + _ids(then) == ["p3", "p2", "p1", "p0"]
    client.close_point_in_time(id=with_time["id"])


def test_several_questions_at_once(client, filled):
    bodies = [{"index": filled}, {"query": {"match": {"title": "home"}}}, {"index": filled}, {"size": 0}]
    answers = client.msearch(searches=bodies)["responses"]
    assert [answer["hits"]["total"]["value"] for answer in answers] == [2, 4]
    got = client.mget(index=filled, ids=["p2", "none"])["docs"]
    assert [document["found"] for document in got] == [True, False]


def test_an_alias_moves_in_one_step(client, filled, elasticsearch_prefix):
    client.indices.create(index=f"{elasticsearch_prefix}-2", settings=SETTINGS, mappings=MAPPINGS)
    client.indices.update_aliases(
        actions=[
            {"remove": {"index": f"{elasticsearch_prefix}-1", "alias": filled}},
            {"add": {"index": f"{elasticsearch_prefix}-2", "alias": filled, "is_write_index": True}},
        ]
    )
    assert client.count(index=filled)["count"] == 0


def test_words_are_those_of_the_embedded_engine(client, filled):
    """The same chain in both engines, on invented words of Latin, Greek and Cyrillic letters and signs."""
    apart = {
        "İ",
        *map(chr, range(0x300, 0x370)),
    }  # lowercased or split otherwise; the index composes marks first
    chance = random.Random(7)
    ends = ("", "s", "ing", "ed", "ly", "ness", "ational", "fulness", "ization", "ies", "eed", "'s", "-like")
    letters = [chr(c) for c in range(0x21, 0x530) if chr(c).isprintable() and chr(c) not in apart]
    words = ["".join(chance.choices("abcdefghilmnoprstuvy", k=4)) + chance.choice(ends) for _ in range(500)]
    text = " ".join(words + ["".join(chance.choices(letters, k=5)) for _ in range(500)])
    embedded = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.custom_stopword(sorted(STOP_WORDS)))
        .filter(tantivy.Filter.stemmer("English"))
        .build()
    )
    expected = [(token.text, token.position) for token in embedded.pre_tokenize(text).tokens]
    assert _tokens(client, filled, "prose", text) == expected


def test_a_cluster_outlives_a_killed_node(elasticsearch_command, tmp_path):
    with Cluster(elasticsearch_command("512m"), tmp_path, 2) as cluster:
        first, second = cluster.nodes
        with Elasticsearch(first.url) as client:
            client.index(index="kept", id="1", document={"a": 1}, refresh=True)
        cluster.wait("green")
        second.kill()
        assert not second.alive
        second.start()
        cluster.wait("green", nodes=2)
        with Elasticsearch(second.url) as client:
            assert client.count(index="kept")["count"] == 1


def test_no_node_outlives_a_killed_test_run(elasticsearch_command, tmp_path):
    code = """
        import sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[1])
        from cluster import Cluster
        with Cluster(sys.argv[3:], Path(sys.argv[2])) as cluster:
            print(cluster.nodes[0].pid, flush=True)
            sys.stdin.read()
    """
    run = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(code),
            Path(__file__).parent,
            tmp_path,
            *elasticsearch_command(),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    pid = int(run.stdout.readline())
    run.send_signal(signal.SIGKILL)
    run.wait()
    end = time.monotonic() + 10
    while _runs(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not _runs(pid)


def _runs(pid):
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(state) and not state.startswith("Z")
