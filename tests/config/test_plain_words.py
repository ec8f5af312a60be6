"""The table of plain words is edited by hand: these are its promises."""

import re

import pytest

from config import load_table
from summarizer.plain.plain_words import load_senses, load_shields, load_swaps
from summarizer.text.readability import count_syllables

TABLE = load_table("plain_words")
SWAPS = [(hard, plain) for _, forms in load_swaps() for hard, plain in forms.items()]


def syllables(text):
    return sum(count_syllables(word) for word in re.findall(r"[^\W_]+", text))


def density(text):
    return syllables(text) / len(text.split())


def test_there_are_enough_rows_to_be_of_use():
    assert sum(len(TABLE[part]) for part in ("verbs", "nouns", "words")) >= 450


@pytest.mark.parametrize("part", ["verbs", "nouns", "words"])
def test_rows_stand_in_alphabetical_order(part):
    rows = [word.removeprefix("{be} ").lower() for word in TABLE[part]]
    assert rows == sorted(rows)


def test_a_form_stands_once_and_in_no_other_table():
    forms = [hard.lower() for hard, _ in SWAPS]
    explained = {
        form.lower()
        for term in load_table("glossary")["term"]
        for form in [term["word"], *term.get("forms", [])]
    }
    assert sorted({form for form in forms if forms.count(form) > 1}) == []
    assert sorted(set(forms) & explained) == []
    assert sorted(set(load_shields()) & set(forms)) == []


def test_nothing_is_replaced_by_itself_or_by_a_word_that_is_replaced():
    hard = {word.lower() for word, _ in SWAPS}
    assert [(word, plain) for word, plain in SWAPS if plain in hard or plain == word] == []


def test_plain_words_are_easier():
    """Fewer syllables a word, or fewer words of as many; "melanocyte" is shorter than what explains it."""
    rows = {hard: plain for part in ("verbs", "nouns", "words") for hard, plain in TABLE[part].items()}
    assert [
        hard
        for hard, plain in rows.items()
        if density(plain) > density(hard) and syllables(plain) >= syllables(hard)
    ] == ["melanocyte"]


def test_no_row_brings_in_what_a_digest_may_not_claim():
    banned = load_table("gate")["banned"]
    assert [plain for _, plain in SWAPS if plain in banned] == []


@pytest.mark.parametrize("key", ["only", "unless"])
def test_senses_belong_to_rows(key):
    rows = {word for part in ("verbs", "nouns", "words") for word in TABLE[part]}
    assert set(TABLE[key]) <= rows
    assert all(not pattern.search("") for pattern in load_senses()[key].values())


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("utilise", {"utilise": "use", "utilizes": "uses", "utilised": "used", "utilizing": "using"}),
        (
            "inhibit",
            {"inhibits": "holds back", "was inhibited": "was held back", "inhibiting": "holding back"},
        ),
        ("demonstrate", {"has demonstrated": "has shown", "researchers demonstrated": "researchers showed"}),
        ("conformational change", {"conformational changes": "changes of shape"}),
        ("possess", {"possesses": "has"}),
        ("modification", {"modifications": "changes"}),
    ],
)
def test_forms_agree(word, forms):
    made = dict(load_swaps())[word]
    assert {form: made[form] for form in forms} == forms


def test_a_phrasal_verb_never_stands_before_a_noun():
    made = dict(load_swaps())["inhibit"]
    assert "inhibited" not in made
    assert made["inhibited the"] == "held back the"
