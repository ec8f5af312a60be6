"""Words that a word may be a slip for, out of titles and abstracts. All papers are invented."""

import pytest

from index.embedded.engine import EmbeddedEngine


@pytest.fixture
def engine(tmp_path, make):
    opened = EmbeddedEngine(tmp_path)
    many = [make(n, f"Chemotherapy report {n}", "Lymphoma and chemotherapy were counted.") for n in range(60)]
    opened.write(
        [*many, make(90, "Thoracoscopy, once", authors=()), make(91, "A lymfoma of one word")], [], 1
    )
    return opened


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("chemoterapy", "chemotherapy"),
        ("hcemotherapy", "chemotherapy"),
        ("hemotherapy", "chemotherapy"),
        ("kchemotherapy", "chemotherapy"),
        ("shemotherapy", "chemotherapy"),
        ("cemotherapy", "chemotherapy"),
        ("clhemotherapy", "chemotherapy"),
        ("limphoma", "lymphoma"),
        ("thoracoskopi", "thoracoscopy"),
    ],
)
def test_a_slip_finds_the_word(typed, right, engine):
    assert right in [spelling.word for spelling in engine.spellings([typed])[typed]]


def test_papers_are_counted_once_and_the_most_frequent_comes_first(engine):
    found = engine.spellings(["lymfoma"])["lymfoma"]
    assert [(spelling.word, spelling.papers) for spelling in found] == [("lymphoma", 60), ("lymfoma", 1)]


def test_a_frequent_word_is_told_alone(engine):
    found = engine.spellings(["chemotherapy"])["chemotherapy"]
    assert [(spelling.word, spelling.papers) for spelling in found] == [("chemotherapy", 60)]


@pytest.mark.parametrize("word", ["x", "zzzzzz", "乳腺癌", "a.*b", "(", "regex\\"])
def test_what_is_like_nothing_has_no_spellings(word, engine):
    assert engine.spellings([word]) == {word: []}
