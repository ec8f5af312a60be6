"""The speed of search is measured in a small way, so that the command works when it is needed."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.children import quantile
from benchmarks.search_queries import KINDS, mixed
from benchmarks.search_vectors import SyntheticEncoder, block_of, exact_nearest

ROOT = Path(__file__).parents[2]
FORM = {"case": str, "system": str, "metric": str, "value": float, "unit": str}


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    command = [sys.executable, "-m", "benchmarks.search", "--size", "300", "--rounds", "1"]
    done = subprocess.run(
        [*command, "--only", "embedded", "--json"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_every_row_has_the_form_of_all_benchmarks(rows):
    assert all({name: type(row[name]) for name in row} == FORM for row in rows)


def test_every_control_is_measured_beside_ours(rows):
    added = {row["system"] for row in rows if row["case"] == "add/300"}
    asked = {row["system"] for row in rows if row["case"] == "words/300"}
    bare = {"tantivy-same-documents", "tantivy-same-values", "tantivy-plain"}
    assert added == {"findings", "fts5", "bm25s"} | bare
    assert asked == {"findings", "tantivy", "fts5", "bm25s"}


def test_what_is_promised_is_measured(rows):
    found = {(row["case"], row["metric"]): row["value"] for row in rows if row["system"] == "findings"}
    for case in ("hybrid", "hybrid-concept", "lexical", "facets", "filter-10%", "filter-1%", "years"):
        assert 0 < found[f"{case}/300", "p50_ms"] <= found[f"{case}/300", "p99_ms"]
    assert found["recall-topics/300", "recall@100"] == pytest.approx(1, abs=0.05)
    assert found["cold/300", "first_answer_s"] > 0
    assert found["memory/300", "private_mb"] < found["memory/300", "rss_mb"]


def test_invented_vectors_are_the_same_in_whatever_portions_they_are_written():
    whole = SyntheticEncoder("invented", None).encode(["text"] * 2_500)
    parts = SyntheticEncoder("invented", None)
    again = np.concatenate([parts.encode(["text"] * size) for size in (700, 800, 1_000)])
    assert np.array_equal(whole, again)
    assert np.allclose(np.linalg.norm(whole, axis=1), 1, atol=1e-5)


def test_the_truth_is_every_vector_compared():
    question, rows = block_of(None, 999)[:3], np.concatenate([block_of(None, 0), block_of(None, 1)])[:1_500]
    expected = [set(np.argsort(-rows @ one)[:10].tolist()) for one in question]
    assert exact_nearest(None, 1_500, question, 10) == expected


def test_no_question_is_asked_twice():
    texts = [asked.text for asked in mixed(2_000, 3)]
    assert len(set(texts)) > 1_990
    assert {asked.kind for asked in mixed(200, 3)} == set(KINDS)


def test_a_quantile_is_the_value_that_so_many_do_not_exceed():
    assert quantile(range(1, 101), 0.99) == 99
    assert quantile(range(1, 101), 0.5) == 50
    assert quantile([7.0], 0.99) == 7
