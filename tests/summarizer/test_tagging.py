"""The part-of-speech tagger: what the splitter needs of it; nothing makes it fail. Texts are invented."""

import time

import pytest
from HanTa.HanoverTagger import HanoverTagger
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.text.tagging import Tagger, open_tagger


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


def test_words_get_the_tags_of_their_place(tagger: Tagger) -> None:
    sentence = "The acid binds to the wall of the cell and slows its growth ."
    tags = "AT0 NN1 VVZ PRP AT0 NN1 PRF AT0 NN1 CJC VVZ DPS NN1 PUN"
    assert " ".join(tagger.tag(tuple(sentence.split()))) == tags


def test_a_word_is_judged_by_its_neighbours(tagger: Tagger) -> None:
    verb = tagger.tag(("The", "results", "show", "that", "it", "works", "."))[2]
    noun = tagger.tag(("The", "show", "was", "long", "."))[1]
    assert (verb, noun) == ("VVB", "NN1")


def test_the_same_model_is_opened_once() -> None:
    assert open_tagger() is open_tagger()


@pytest.mark.parametrize(
    "tokens",
    [
        (),
        ("",),
        ("a" * 10_000, "is", "b" * 10_000),
        ("\ud800", "\x00", "🧬" * 500, "日本語", "ﷺ", "''", "`"),
        tuple(".,;:()[]"),
        ("the",) * 5_000,
    ],
    ids=["none", "empty", "long", "odd", "signs", "many"],
)
def test_nothing_makes_it_fail(tagger: Tagger, tokens: tuple[str, ...]) -> None:
    started = time.process_time()
    assert len(tagger.tag(tokens)) == len(tokens)
    assert time.process_time() - started < 2  # CPU time: a square of 10,000 letters would take minutes


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=20))
def test_there_is_a_tag_for_each_token(tokens: list[str]) -> None:
    assert len(open_tagger().tag(tuple(tokens))) == len(tokens)


WORDS = "chemoattractants lto1 β-catenin 14c x 'tis glioblastomas zzzz é ﷺ unwalkability 5 p53-null aaaaaa"


@pytest.mark.parametrize("word", WORDS.split())
def test_an_unknown_word_is_judged_as_hanta_judges_it(tagger: Tagger, word: str) -> None:
    quick = tagger._hanover
    expected = HanoverTagger.analyze_forward(quick, word)
    found = quick.analyze_forward(word)
    assert [tag for tag, _ in found] == [tag for tag, _ in expected]
    assert [chance for _, chance in found] == pytest.approx([chance for _, chance in expected])


@settings(max_examples=60, deadline=None)
@given(word=st.text("abeginorst'-.3é", max_size=12))
def test_any_word_is_judged_as_hanta_judges_it(word: str) -> None:
    quick = open_tagger()._hanover
    assert dict(quick.analyze_forward(word)) == pytest.approx(
        dict(HanoverTagger.analyze_forward(quick, word))
    )
