"""The controls, the measures and the rows of `benchmarks.digests`."""

import json
import math
import tarfile

import numpy as np
import pytest

from benchmarks import digests_rankers as rankers
from benchmarks.digests_pairs import load_cases, to_pair
from benchmarks.digests_quality import CONTROLS, budgets, control, fill, quality_rows
from benchmarks.digests_rouge import Overlap, interval, rouge, stems
from benchmarks.digests_training import FOLDS, fold_of, learn, load_folds, to_example, to_table
from domain.paper import Abstract

# Invented.
ABSTRACT = (
    "Bowel cancer is common in many countries. Walking is cheap and safe for most people. "
    "We studied 420 people after surgery. More of them lived for five years when they walked. "
    "Falls were as common in both groups. Walking may help people with bowel cancer to live longer."
)
DIGEST = (
    "Bowel cancer is a common disease. Doctors studied whether walking helps people after surgery. "
    "People who walked lived longer than people who did not walk. Walking is cheap and safe."
)


def write_pairs(folder):
    folder.mkdir(parents=True)
    rows = [
        {"doi": f"10.5555/{n}", "title": f"Walking {n}", "abstract": [{"text": ABSTRACT}]} for n in range(4)
    ]
    rows = [
        {**row, "digest": [{"text": DIGEST}], "source_file": f"a/paper{i}.xml"} for i, row in enumerate(rows)
    ]
    lines = [json.dumps(row) for row in rows]
    (folder / "invented.jsonl").write_text("\n".join([*lines, "no json", "[]"]), "utf-8")
    (folder / "nothing.jsonl").write_text(json.dumps({"title": "x", "abstract": [], "digest": []}), "utf-8")
    plain = {"source": ABSTRACT, "target": DIGEST}
    (folder / "generic.jsonl").write_text(json.dumps(plain), "utf-8")


def write_article(folder):
    body = "".join(f"<p>{ABSTRACT} Part {n} of the tale.</p>" for n in range(8)) + f"<p>{DIGEST}</p>"
    text = (
        "<article><front><article-meta><article-id pub-id-type='doi'>10.5555/0</article-id><title-group>"
        f"<article-title>Walking</article-title></title-group></article-meta></front><body><sec><title>Results"
        f"</title>{body}</sec></body></article>"
    )
    path = folder / "paper0.xml"
    path.write_text(text, "utf-8")
    with tarfile.open(folder / "articles.tar.gz", "w:gz") as archive:
        archive.add(path, "paper0.xml")
    path.unlink()


def test_rows_have_the_names_that_were_agreed(tmp_path):
    folder = tmp_path / "jats-plain-language"
    write_pairs(folder)
    write_article(folder)
    cases = load_cases(tmp_path)
    assert set(cases) == {"invented/abstract", "invented/fulltext", "generic/abstract"}
    rows = quality_rows(cases, {"findings-selection": control("lead"), "findings": control("tail")})
    systems = {row.system for row in rows}
    assert systems == {"findings-selection", "findings", *CONTROLS}
    wanted = {"rouge1", "rouge2", "rougeL", "fkgl_median", "fkgl_p90", "dcrs_median", "words_median"}
    for case in cases:
        for system in systems:
            assert wanted <= {row.metric for row in rows if (row.case, row.system) == (case, system)}
    values = {(r.case, r.system, r.metric): r.value for r in rows}
    for case in cases:
        lengths = {values[case, system, "words_median"] for system in systems}
        assert len(lengths) == 1
        assert values[case, "oracle", "rouge1"] >= values[case, "random", "rouge1"]


def test_the_summary_itself_is_not_read_from_the_body(tmp_path):
    write_pairs(tmp_path / "x")
    write_article(tmp_path / "x")
    (pair,) = load_cases(tmp_path / "x")["invented/fulltext"]
    assert all(DIGEST not in passage.text for passage in pair.passages)
    assert pair.passages[0].text == ABSTRACT


@pytest.mark.parametrize(
    "row",
    [
        {"abstract": ABSTRACT, "digest": DIGEST},
        {"abstract": [ABSTRACT], "pls": [DIGEST]},
        {"abstract": [{"label": "METHODS", "text": ABSTRACT}], "digest": [{"text": DIGEST}]},
        {"abstract_and_excerpt": f"<elife> [TITLE] Walking\n[ABSTRACT] {ABSTRACT}", "lay_summary": DIGEST},
        {"text": ABSTRACT, "summary": DIGEST},
    ],
)
def test_pairs_in_any_usual_layout(row):
    pair = to_pair(row)
    assert pair is not None
    assert pair.abstract.text == ABSTRACT
    assert pair.reference == DIGEST


def test_rows_without_a_pair():
    assert to_pair({"abstract": ABSTRACT}) is None
    assert to_pair({"abstract": [], "digest": DIGEST}) is None
    assert to_pair({"abstract": "Short.", "digest": DIGEST}) is None


def test_lexrank_by_hand():
    # The first two share one word of two, the third shares none: a walk stays with it or jumps.
    scores = rankers.lexrank_scores(["liver cancer", "lung cancer", "mice sleep"])
    assert scores.sum() == pytest.approx(1)
    assert scores == pytest.approx([1 / 3] * 3)
    # One that shares a word with both others is the most central. By hand: w = ln(1 + 3/1) for a word of one
    # sentence, v = ln(1 + 3/2) for one of two.
    texts = ["liver cancer", "cancer lung", "lung mice"]
    w, v = math.log(4), math.log(2.5)
    near = v * v / (math.hypot(w, v) * math.hypot(v, v))
    ends, middle = 1 + near, 1 + 2 * near
    expected = np.array([ends, middle, ends]) / (2 * ends + middle)
    steps = np.array([[1, near, 0], [near, 1, near], [0, near, 1]])
    steps /= steps.sum(axis=1, keepdims=True)
    fixed = np.linalg.solve(np.eye(3) - 0.85 * steps.T, np.full(3, 0.05))
    assert rankers.lexrank_scores(texts) == pytest.approx(fixed, abs=1e-6)
    assert rankers.lexrank(texts)[0] == int(expected.argmax()) == 1


def test_textrank_by_hand():
    # Shared words: 1-2 one of two and two (1 / (ln 2 + ln 2)), 2-3 one; nothing between 1 and 3.
    texts = ["liver cancer", "cancer lung", "lung mice"]
    steps = np.array([[0, 1, 0], [0.5, 0, 0.5], [0, 1, 0]])
    fixed = np.linalg.solve(np.eye(3) - 0.85 * steps.T, np.full(3, 0.05))
    assert rankers.textrank_scores(texts) == pytest.approx(fixed, abs=1e-6)
    assert rankers.textrank(texts)[0] == 1


def test_the_oracle_takes_what_the_reference_says():
    texts = ["Mice sleep all day.", "People who walked lived longer.", "Walking is cheap and safe."]
    assert rankers.oracle(texts, DIGEST, 10)[:2] in ([1, 2], [2, 1])


def test_overlap_agrees_with_rouge_score():
    both = "Walking is cheap.\nPeople walked."
    scores = rouge(both, DIGEST)
    alone = Overlap(DIGEST).with_more(stems(both))
    assert alone == pytest.approx(scores["rouge1"] + scores["rouge2"])
    wanted = Overlap("a b c d")
    wanted.add(["a", "b"])
    # Of four words told three are wanted, of two pairs (a b, b c) both; the reference has four and three.
    assert wanted.with_more(["b", "c"]) == pytest.approx(2 * 3 / (4 + 4) + 2 * 2 / (3 + 2))


def test_all_systems_are_cut_alike():
    texts = ["one two three", "four five", "six seven eight nine"]
    told = fill([2, 0, 1], texts, 5)
    assert told.cut == ["one", "six seven eight nine"]
    assert told.whole == ["one two three", "six seven eight nine"]


def test_an_abstract_is_never_told_whole():
    pair = to_pair({"abstract": ABSTRACT, "digest": DIGEST})
    assert budgets([pair]) == [min(len(DIGEST.split()), len(ABSTRACT.split()) // 2)]
    assert isinstance(pair.abstract, Abstract)


def test_intervals_hold_the_mean():
    mean, low, high = interval([0.1, 0.2, 0.3, 0.4])
    assert mean == pytest.approx(0.25)
    assert low < mean < high


def test_no_paper_is_told_by_weights_that_met_it():
    titles = [f"Walking {n}" for n in range(40)]
    assert {fold_of(title) for title in titles} == set(range(FOLDS))
    assert fold_of("Walking  1!") == fold_of("walking 1")
    folds = load_folds()
    assert len(folds) == FOLDS
    assert len({json.dumps(to_table(fold)) for fold in folds}) == FOLDS


def test_what_is_left_out_changes_nothing():
    odd = {"title": "Odd", "abstract": ABSTRACT, "digest": DIGEST.replace("walking", "zebrafish")}
    pairs = [to_pair({"title": f"Walking {n}", "abstract": ABSTRACT, "digest": DIGEST}) for n in range(6)]
    with_it = [to_example(pair) for pair in (*pairs, to_pair(odd))]
    left = [example for example in with_it if example.fold != fold_of("Odd")]
    assert "zebrafish" not in learn(left).rates
    assert "zebrafish" in learn(with_it).rates
