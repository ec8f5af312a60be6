"""The relevance benchmark: its measures, the collections it reads, and a whole run on an invented one."""

import gzip
import json
import random
from pathlib import Path

import ir_measures
import numpy as np
import pytest

from benchmarks import beir, measures, plain, relevance
from benchmarks.kept import KeptEncoder

DOCUMENTS = {
    1: "Invented text: a stool test at home found bowel tumours early.",
    2: "Invented text: trastuzumab was given to women after surgery of the breast.",
    3: "Invented text: rowers who drank coffee slept less well.",
    4: "Invented text: screening by post reached more villages than clinics did.",
}
QUESTIONS = {
    "a": "Can a test at home find bowel cancer?",
    "b": 'breast AND (surgery "',
    "c": "nobody judged this",
}


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """An invented collection with what other people's copies may have."""
    folder = tmp_path / "retrieval" / "invented"
    (folder / "qrels").mkdir(parents=True)
    rows = [{"_id": key, "text": text} for key, text in DOCUMENTS.items()]
    rows += [rows[0], {"_id": "5", "title": "Invented title alone"}, {"_id": "6", "text": None, "more": [1]}]
    with gzip.open(folder / "corpus.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    asked = "\n".join(json.dumps({"_id": key, "text": text, "x": 1}) for key, text in QUESTIONS.items())
    (folder / "queries.jsonl").write_text(f"{asked}\n\n")
    judged = "query-id\tcorpus-id\tscore\tsplit\na\t1\t2\ttest\na\t4\t1\ttest\nb\t2\t1\ttest\nz\t3\t1\ttest\n"
    (folder / "qrels" / "test.tsv").write_text(judged)
    (folder / "qrels" / "train.tsv").write_text("c\t3\t1\n")
    return folder


@pytest.mark.parametrize("seed", range(5))
def test_measures_agree_with_ir_measures(seed):
    chance = random.Random(seed)
    judged = {
        str(q): {str(d): chance.choice((0, 0, 1, 2, 3)) for d in chance.sample(range(300), 40)}
        for q in range(30)
    }
    run = {
        q: [str(d) for d in chance.sample(range(300), chance.randrange(1, 150))] for q in judged if q != "7"
    }
    scored = [
        ir_measures.ScoredDoc(q, d, 1 / (place + 1))
        for q, found in run.items()
        for place, d in enumerate(found)
    ]
    qrels = [ir_measures.Qrel(q, d, grade) for q, grades in judged.items() for d, grade in grades.items()]
    theirs = ir_measures.calc_aggregate([ir_measures.nDCG @ 10, ir_measures.R @ 100], qrels, scored)
    ours = measures.measure(run, judged)
    assert ours["ndcg@10"] == pytest.approx(theirs[ir_measures.nDCG @ 10], abs=5e-5)
    assert ours["recall@100"] == pytest.approx(theirs[ir_measures.R @ 100], abs=5e-5)


def test_measures_by_hand():
    grades = {"x": 3, "y": 1, "z": 0}
    assert measures.ndcg(["z", "y", "x"], grades) == pytest.approx(
        (1 / 1.58496 + 3 / 2) / (3 + 1 / 1.58496), abs=1e-4
    )
    assert measures.recall(["z"] * 99 + ["y", "x"], grades) == 0.5
    assert measures.ndcg([], {"z": 0}) == measures.recall(["z"], {"z": 0}) == 0


def test_a_gain_is_sure_only_if_most_questions_gain():
    judged = {str(q): {"x": 1} for q in range(40)}
    best, none = {q: ["x"] for q in judged}, {q: ["y"] for q in judged}
    mixed = {q: best[q] if int(q) % 2 else none[q] for q in judged}
    assert measures.gain(best, none, judged) == (1, 1, 1)
    found = measures.gain(mixed, none, judged)
    assert 0.3 < found.low < found.value == 0.5 < found.high < 0.7


def test_a_collection_is_read_tolerantly(collection):
    assert beir.find_collections(collection.parents[1]) == beir.find_collections(collection) == [collection]
    found = beir.read_collection(collection)
    assert list(found.documents) == ["1", "2", "3", "4", "5", "6"]
    assert found.documents["5"].whole == "Invented title alone"
    assert dict(found.questions) == {key: QUESTIONS[key] for key in "ab"}
    assert found.judged == {"a": {"1": 2, "4": 1}, "b": {"2": 1}}
    papers = {item.paper.id: item.paper.primary for item in found.papers()}
    assert len(papers) == 6
    assert papers[found.paper_id("1")].abstracts[0].text == DOCUMENTS[1]


def test_judgements_without_a_heading(collection):
    (collection / "qrels.tsv").write_text("a 3 1\n")
    assert beir.read_collection(collection).judged == {"a": {"3": 1}}


def test_no_collection(tmp_path):
    assert beir.find_collections(tmp_path) == beir.find_collections(tmp_path / "absent") == []


class Counting:
    """Counts what it encodes."""

    name = "counting"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts):
        self.encoded += texts
        return np.array([[len(text), 1] for text in texts], np.float32)


def test_vectors_are_kept(tmp_path):
    first, second = Counting(), Counting()
    encoder = KeptEncoder(first, tmp_path)
    encoder.encode(["one", "three", "one"])
    encoder.save()
    again = KeptEncoder(second, tmp_path)
    assert again.encode(["three", "four", "one"]).tolist() == [[5, 1], [4, 1], [3, 1]]
    assert (first.encoded, second.encoded) == (["one", "three"], ["four"])


def test_controls_find():
    texts = {str(key): text for key, text in DOCUMENTS.items()}
    for ranker in (plain.bm25s_ranker(texts), plain.lucene_ranker(texts)):
        assert ranker("coffee")[0] == "3"
        assert ranker("nothing like it") == []


def test_the_rebuilt_lucene_is_near_the_real_one(elasticsearch_url):
    texts = {str(key): text for key, text in DOCUMENTS.items()}
    with plain.raw_rankers(elasticsearch_url, texts) as raw:
        for question in ("the women's surgeries", "villages screened by post", "homes", "2.5"):
            assert raw["lucene"](question) == plain.lucene_ranker(texts)(question)
        assert raw["lucene-default"]("home")[0] == "1"


def test_a_whole_run(collection, monkeypatch, capsys, tmp_path):
    cache = str(tmp_path / "cache")
    asked = ["--data", str(collection), "--engine", "embedded", "--json", "--cache", cache]
    monkeypatch.setattr("sys.argv", ["relevance", *asked])
    relevance.main()
    rows = json.loads(capsys.readouterr().out)
    found = {
        (row["system"], row["metric"]): row["value"] for row in rows if row["case"] == "invented/embedded"
    }
    systems = ("findings-lexical", "findings-semantic", "findings-hybrid", "bm25s", "lucene")
    assert all(0 < found[system, "ndcg@10"] <= 1 for system in systems)
    assert found["findings-hybrid", "recall@100"] >= 0.75
    assert found["findings-hybrid", "ndcg@10 − bm25s"] == pytest.approx(
        found["findings-hybrid", "ndcg@10"] - found["bm25s", "ndcg@10"]
    )


def test_tuning_compares(collection, monkeypatch, capsys, tmp_path):
    asked = ["--data", str(collection), "--cache", str(tmp_path / "cache"), "--tune"]
    monkeypatch.setattr("sys.argv", ["relevance", *asked])
    monkeypatch.setattr("benchmarks.tuning.kept_aside", lambda key: key == "a")
    relevance.main()
    shown = capsys.readouterr().out
    assert "best on other folds" in shown
    assert "0.45" in shown
