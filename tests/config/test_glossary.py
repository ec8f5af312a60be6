"""The glossary is a table that people edit by hand: these are its promises."""

import re
from collections import Counter

import pytest

from config import load_table
from summarizer.text.readability import count_syllables, flesch_kincaid_grade
from summarizer.text.sentences import words

TERMS = load_table("glossary")["term"]
# Shorter than eight words, a grade says nothing; these two cannot be told in easier words without loss.
FEW = 8
HARDER = {"preclinical", "artificial intelligence"}
FIELDS = {"word", "forms", "meaning", "brief", "plain", "plain_forms", "quiet", "only", "unless"}


def written(term):
    return [term["word"], *term.get("forms", [])]


def test_there_are_enough_words_to_be_of_use():
    assert len(TERMS) >= 350
    assert sum("plain" in term for term in TERMS) >= 40


def test_each_word_or_form_stands_once_whatever_its_case():
    counts = Counter(form.casefold() for term in TERMS for form in written(term))
    assert [form for form, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term["word"])
def test_a_row_is_whole(term):
    assert set(term) <= FIELDS
    assert {"word", "meaning"} <= set(term)
    assert all(term.values()), "leave a field out rather than empty"
    texts = [
        *written(term),
        term["meaning"],
        term.get("brief", "-"),
        term.get("plain", "-"),
        *term.get("plain_forms", {"-": "-"}).values(),
    ]
    assert all(text and text == text.strip() and "  " not in text for text in texts)


@pytest.mark.parametrize("term", [t for t in TERMS if {"only", "unless"} & set(t)], ids=lambda t: t["word"])
def test_patterns_of_context_can_be_read(term):
    for key in {"only", "unless"} & set(term):
        assert not re.compile(term[key], re.I).search(""), "would hold for every sentence"


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term["word"])
def test_a_meaning_is_short_and_in_sentences(term):
    assert term["meaning"].endswith(".")
    assert term["meaning"][0].isupper() or term["meaning"][0].isdigit()
    assert len(term["meaning"].split()) <= 20


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term["word"])
def test_what_stands_beside_a_sentence_is_a_few_easy_words(term):
    if term.get("quiet"):
        assert "brief" not in term, "is never explained beside a sentence"
        return
    brief = term.get("brief", term["meaning"])
    assert len(brief.split()) <= FEW
    assert brief.endswith(".")
    assert brief[0].isupper()
    assert term.get("brief") != term["meaning"], "leave it out where the meaning is as short"
    hard = [word for word in words(brief) if count_syllables(word) > 2]
    assert len(hard) <= 2 or term["word"] in HARDER


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term["word"])
def test_a_meaning_is_easy_to_read(term):
    if term.get("quiet") or term["word"] in HARDER:
        return
    hard = [word for word in words(term["meaning"]) if count_syllables(word) > 2]
    if len(term["meaning"].split()) < FEW:
        assert len(hard) <= 1
    else:
        assert flesch_kincaid_grade(term["meaning"]) <= 6.1


@pytest.mark.parametrize("term", [t for t in TERMS if "plain_forms" in t], ids=lambda term: term["word"])
def test_plain_forms_are_forms_of_the_word(term):
    assert set(term["plain_forms"]) <= set(written(term))
    assert term["word"] not in term["plain_forms"], "the word itself has `plain`"


def test_nothing_is_replaced_by_itself_or_by_a_word_that_needs_replacing():
    swaps = {}
    for term in TERMS:
        swaps |= {term["word"]: term["plain"]} if "plain" in term else {}
        swaps |= term.get("plain_forms", {})
    assert [
        word for word, plain in swaps.items() if plain in swaps or word.casefold() == plain.casefold()
    ] == []


def test_a_kind_of_cancer_never_becomes_plain_cancer():
    """Only the general word may: the kind matters to whoever has it."""
    plain = {term["word"]: term.get("plain") for term in TERMS}
    assert plain["malignancy"] == "cancer"
    assert all(
        plain[kind] is None for kind in ("carcinoma", "sarcoma", "lymphoma", "melanoma", "adenocarcinoma")
    )
