"""What sentences are worth: learned weights, and how they are used."""

import json
import time
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from domain.body import Place
from domain.errors import ModelUnavailable
from summarizer.choosing import salience
from summarizer.choosing.salience import Source, open_salience, sentence_features, tokens, word_features
from summarizer.text.trimming import trim

# Invented sentences.
TEXTS = [
    "Cancer cells can spread from one organ to other parts of the body.",
    "Densitometry of the lysates was done with the software of the manufacturer.",
    "Cancer cells can spread from one organ to other parts of the body.",
]
PLACES = [Place.ABSTRACT] * 3

HOSTILE = [
    "",
    " ",
    "\ud800 lone",
    "((((((((" * 4000,
    "(a" * 20_000,
    "However, " * 5_000,
    "this x " * 15_000,
    "a" * 100_000,
    "1,234.5 " * 5_000,
    "ß İ ﬁ 癌症",
]


def test_words_that_plain_summaries_use_are_worth_more():
    scores = open_salience().scores(TEXTS, PLACES, "How cancer spreads")
    assert scores[0] > scores[1]


def test_words_that_are_often_taken_are_worth_more():
    weights = open_salience()
    texts = ["Genes zebra.", "Genes gnu."]
    favoured = replace(weights, taken={**weights.taken, "zebra": 2.0, "gnu": -2.0})
    scores = favoured.scores(texts, [Place.ABSTRACT] * 2)
    assert scores[0] > scores[1]


def test_what_has_been_told_is_worth_little():
    worth = open_salience().worth(TEXTS, PLACES)
    told: Counter[int] = Counter()
    before = worth.density(2, told)
    worth.tell(0, told)
    assert worth.density(2, told) < before
    assert worth.is_told(2, told)
    assert not worth.is_told(1, told)


def test_scores_are_finite_whatever_is_read():
    start = time.process_time()
    scores = open_salience().scores([trim(text) for text in HOSTILE], [Place.OTHER] * len(HOSTILE), "")
    assert np.isfinite(scores).all()
    assert time.process_time() - start < 5
    assert open_salience().scores([], [], "").shape == (0,)


def test_every_time_a_word_stands_is_a_row_up_to_a_limit():
    source = Source(["gene gene gene", "cell " * 40], [Place.ABSTRACT, Place.RESULTS], "Gene")
    rows, owners, times = word_features(source, {"cell": 0.01}, {"gene": 1.5})
    assert np.isfinite(rows).all()
    assert Counter(owners.tolist()) == {0: 3, 1: salience.MOST_TIMES}
    assert times.tolist()[:3] == [1, 2, 3]


def test_weights_fit_the_features():
    weights = open_salience()
    source = Source(TEXTS, PLACES, "")
    assert word_features(source, weights.rates, weights.taken)[0].shape[1] == len(weights.words)
    assert sentence_features(source).shape == (3, len(weights.sentences))


def test_the_weights_say_what_they_were_learned_on():
    path = salience.files("summarizer").joinpath("weights/salience.json")
    table = json.loads(path.read_text("utf-8"))
    assert "CC BY" in table["learned_on"]
    assert table["command"] == "python -m benchmarks.digests_training"


def test_missing_weights_are_told_as_such(monkeypatch, tmp_path):
    monkeypatch.setattr(salience, "files", lambda _: tmp_path)
    with pytest.raises(ModelUnavailable, match="install the product again"):
        open_salience.__wrapped__()


def test_endings_do_not_part_words():
    assert tokens("Studies of a study") == ["study", "of", "a", "study"]
    assert tokens("cells cell cancers cancer") == ["cell", "cell", "cancer", "cancer"]
    assert tokens("virus analysis loss") == ["virus", "analysis", "loss"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("However, tumours (n = 12) grew [3].", "Tumours grew."),
        ("Walking (20 min (SD 3)) helped.", "Walking helped."),
        ("First we looked.", "First we looked."),
        ("An open (bracket stays.", "An open (bracket stays."),
    ],
)
def test_trimming_only_leaves_words_out(text, left):
    assert trim(text) == left
