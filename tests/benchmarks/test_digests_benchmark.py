"""The controls, the measures and the rows of `benchmarks.digests`."""

import gzip
import json
import math
import random
import tarfile

import numpy as np
import pytest
from rouge_score import rouge_scorer

from benchmarks import digests
from benchmarks import digests_rankers as rankers
from benchmarks.digests_ours import readable
from benchmarks.digests_pairs import load_cases, to_pair
from benchmarks.digests_quality import CONTROLS, budgets, case_rows, control, fill
from benchmarks.digests_rouge import Candidate, Overlap, interval, rouge, share_interval
from benchmarks.digests_training import FOLDS, Takings, fold_of, learn, load_folds, to_example, to_table
from benchmarks.rows import Row, print_rows
from domain.digest import DigestSentence, Role
from domain.evidence import Evidence
from domain.paper import Abstract
from summarizer.choosing.choice import Choice
from summarizer.plain.steering import Load
from summarizer.plain.telling import Told

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
    ours = {"findings-selection": control("lead"), "findings": control("tail")}
    rows = [row for case, pairs in cases.items() for row in case_rows(case, pairs, ours, budgets(pairs))]
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
        assert (case, "oracle", "rouge1_minus_lexrank_low") in values


def test_a_file_that_cannot_be_read_is_left_out_with_a_line(tmp_path, capsys):
    write_pairs(tmp_path / "x")
    (tmp_path / "x" / "torn.tar.gz").write_bytes(b"no archive")
    (tmp_path / "x" / "torn.zip").write_bytes(b"no archive")
    (tmp_path / "x" / "torn.json").write_text('{"abstract": ', "utf-8")
    (tmp_path / "x" / "torn.csv.gz").write_bytes(b"no csv")
    assert set(load_cases(tmp_path / "x")) == {"invented/abstract", "generic/abstract"}
    told = capsys.readouterr().err
    assert [line.split(":")[0] for line in told.splitlines()] == [
        f"skipped {name}" for name in ("torn.tar.gz", "torn.zip", "torn.csv.gz", "torn.json")
    ]


def write_layouts(folder):
    """The same invented pair in every layout that a file of pairs may have."""
    folder.mkdir()
    row = {"Abstract": ABSTRACT, "layTitle": "Walking", "Plain Language Summary": DIGEST}
    (folder / "list.json").write_text(json.dumps([row]), "utf-8")
    (folder / "by_id.json").write_text(json.dumps({"a1": row}), "utf-8")
    (folder / "parts.json").write_text(json.dumps({"train": [row], "test": []}), "utf-8")
    columns = {"source": [ABSTRACT], "target": [DIGEST]}
    (folder / "columns.json").write_text(json.dumps(columns), "utf-8")
    (folder / "lines.json").write_text(f"{json.dumps(row)}\n{json.dumps(row)}\n", "utf-8")
    (folder / "rows.jsonl.gz").write_bytes(gzip.compress(json.dumps(row).encode()))
    (folder / "table.tsv").write_text(f"id\tabstract\tpls\n1\t{ABSTRACT}\t{DIGEST}\n", "utf-8")
    (folder / "test.source").write_text(ABSTRACT + "\n", "utf-8")
    (folder / "test.target").write_text(DIGEST + "\n", "utf-8")
    numbered = {"abstract": {"1": ABSTRACT}, "adaptations": {"adaptation1": {"1": DIGEST}}}
    (folder / "numbered.jsonl").write_text(json.dumps(numbered), "utf-8")


def test_files_of_pairs_in_any_usual_layout(tmp_path):
    write_layouts(tmp_path / "pairs")
    cases = load_cases(tmp_path)  # also where the files lie in a folder below
    stems = {"list", "by_id", "parts", "columns", "lines", "rows", "table", "test", "numbered"}
    assert set(cases) == {f"{stem}/abstract" for stem in stems}
    for pairs in cases.values():
        assert {(pair.abstract.text, pair.reference) for pair in pairs} == {(ABSTRACT, DIGEST)}


def test_a_row_may_have_its_body_itself(tmp_path):
    body = [f"{ABSTRACT} Part {n} of the tale." for n in range(8)]
    headings = ["Abstract", *["Results"] * 4, *["Discussion"] * 4]
    row = {"article": "\n".join([ABSTRACT, *body]), "section_headings": headings, "summary": DIGEST}
    (tmp_path / "whole.jsonl").write_text(json.dumps(row), "utf-8")
    cases = load_cases(tmp_path)
    assert cases["whole/abstract"][0].abstract.text == ABSTRACT
    places = [passage.place.value for passage in cases["whole/fulltext"][0].passages]
    assert places == ["abstract", *["results"] * 4, *["discussion"] * 4]


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
    alone = Overlap(DIGEST).with_more(Candidate(both))
    assert alone == pytest.approx(scores["rouge1"] + scores["rouge2"])
    cut = Overlap(DIGEST).with_more(Candidate(both), 4)
    assert cut == pytest.approx(
        sum(rouge("Walking is cheap. People", DIGEST)[m] for m in ("rouge1", "rouge2"))
    )
    wanted = Overlap("a b c d")
    wanted.add(Candidate("a b"))
    # Of four words told three are wanted, of two pairs (a b, b c) both; the reference has four and three.
    assert wanted.with_more(Candidate("b c")) == pytest.approx(2 * 3 / (4 + 4) + 2 * 2 / (3 + 2))


def test_rouge_is_that_of_the_library():
    scorer = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeLsum"], use_stemmer=True)
    chance = random.Random(3)
    words = [
        "cell",
        "cells",
        "mouse",
        "walked",
        "walking",
        "the",
        "the",
        "of",
        "a-b",
        "4.5",
        "Tumours",
        "tumour",
        "is",
    ]
    for _ in range(200):
        text, reference = (
            "\n".join(
                " ".join(chance.choices(words, k=chance.randrange(9))) for _ in range(chance.randrange(1, 6))
            )
            for _ in range(2)
        )
        theirs = scorer.score(reference, text)
        wanted = [theirs[name].fmeasure for name in ("rouge1", "rouge2", "rougeLsum")]
        assert list(rouge(text, reference).values()) == pytest.approx(wanted)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_rows_are_one_list_however_they_come(count, capsys):
    rows = [Row("case", "findings", "rouge1", n / 10, "F1") for n in range(count)]
    print_rows(iter(rows), as_json=True)
    assert [Row(**row) for row in json.loads(capsys.readouterr().out)] == rows


def test_a_folder_without_pairs_gives_no_rows_and_a_line(tmp_path, capsys):
    assert not list(digests.quality(tmp_path, 0, None))
    assert "no pairs" in capsys.readouterr().err


def test_a_share_and_where_it_lies():
    share, low, high = share_interval(np.array([0.1, 0.3]), np.array([0.2, 0.6]))
    assert (share, low, high) == pytest.approx((0.5, 0.5, 0.5))


def test_all_systems_are_cut_alike():
    texts = ["one two three", "four five", "six seven eight nine"]
    told = fill([2, 0, 1], texts, 5)
    assert told.cut == ["one", "six seven eight nine"]
    assert told.whole == ["one two three", "six seven eight nine"]


def test_an_abstract_is_never_told_whole():
    pair = to_pair({"abstract": ABSTRACT, "digest": DIGEST})
    assert budgets([pair]) == [min(len(DIGEST.split()), len(ABSTRACT.split()) // 2)]
    assert isinstance(pair.abstract, Abstract)


def retold(index, text):
    evidence = Evidence("v", 0, len(text), text)
    choice = Choice(text, evidence, Role.RESULT, index=index)
    return Told(choice, (DigestSentence(text, Role.RESULT, evidence),))


def test_long_texts_are_told_dearly_and_easily():
    hard = retold(
        1, "Heterogeneous immunological considerations notwithstanding, proliferation deteriorated."
    )
    easy = [retold(n, "The drug made the lumps shrink.") for n in range(2, 9)]
    dearest = [[hard], *([one] for one in easy)]
    # What is easy enough with it keeps the dearest; else easier ones take its place, the dearest first.
    assert readable(dearest, 12, Load(100, 300, 300)) == [hard, easy[0]]
    assert readable(dearest, 12, Load()) == easy[:2]
    # Nothing is told without what it leans on, and what is hard is told where there is nothing else.
    assert readable([[hard, easy[0]], [easy[1]]], 100, Load()) == [hard, easy[0], easy[1]]
    # The easiest of all prices where none reads well: the dearest price would buy the long sentence.
    short = retold(20, "Specialised immunotherapy afterwards generally succeeded somewhat.")
    long = retold(21, "The drug made the little lumps shrink " + "and the people recover " * 9 + "sooner.")
    assert readable([[short], [easy[0]], [long]], 12, Load()) == [short, easy[0]]


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


def test_no_word_tells_its_own_answer():
    told, untold = (
        to_pair({"title": f"Walking {n}", "abstract": ABSTRACT, "digest": text})
        for n, text in enumerate((DIGEST, DIGEST.replace("cheap", "dear").replace("common", "usual")))
    )
    examples = [to_example(pair) for pair in (told, *[untold] * 9)]
    takings = Takings(examples)
    # "cheap" stands in ten sources and one summary: the only one that took it sees that nobody else did.
    assert takings.without(examples[0])["cheap"] < takings.without(examples[1])["cheap"]
    assert takings.all()["cheap"] < 0 < takings.all()["walk"]
