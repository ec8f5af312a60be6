"""What is read from real papers is as good as promised, by the rows of `python -m benchmarks.extraction`."""

import pytest

from benchmarks import extraction
from benchmarks.extraction_labels import invented

_PROMISED = {
    ("country", "precision"): 0.97,
    ("country", "recall"): 0.97,
    ("country-unnamed", "precision"): 0.97,
    ("country-unnamed", "recall"): 0.9,
    ("trial-id", "precision"): 0.99,
    ("trial-id", "recall"): 0.99,
    ("trial-reports", "precision"): 0.95,
    ("availability", "precision"): 0.9,
    ("availability", "recall"): 0.9,
    ("notices", "precision"): 0.95,
    ("notices", "recall"): 0.9,
    ("trial-id-invented", "recall"): 0.99,
    ("trial-reports-invented", "precision"): 0.95,
    ("country-invented", "recall"): 0.97,
    ("country-listed-invented", "precision"): 0.99,
    ("country-listed-invented", "recall"): 0.97,
    ("sample-invented", "precision"): 0.95,
    ("cancer-types-chosen", "f1"): 0.85,
    ("cancer-types-kept", "f1"): 0.85,
}


@pytest.fixture(scope="module")
def rows(shared_data):
    return {(row.case, row.metric): row.value for row in extraction.measure(shared_data)}


@pytest.mark.parametrize(("case", "metric"), _PROMISED)
def test_a_promise_is_kept(rows, case, metric):
    assert rows[case, metric] >= _PROMISED[case, metric]


def test_the_labels_are_as_many_as_promised(rows, shared_data):
    from benchmarks.extraction_labels import affiliations, documents

    assert len(affiliations(shared_data)) >= 150
    assert len(documents(shared_data)) >= 100


def test_a_folder_without_the_files_leaves_them_out(tmp_path):
    found = {row.case for row in extraction.measure(tmp_path)}
    assert "country" in found


def test_invented_sentences_say_what_they_say():
    for rows in invented().values():
        texts = [row["text"] for row in rows]
        assert len(texts) == len(set(texts)) >= 30
