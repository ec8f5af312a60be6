"""Words as numbers: all that a mention rests on."""

import random

import numpy as np
import pytest

from index.embedded.telling import mentions
from index.language.lexicon import Sieve, Table, Text
from index.language.mentions import token_of, versions

ALIKE = [
    "a",
    "b",
    "ab",
    "a" * 7,
    "a" * 8,
    "a" * 9,
    "a" * 16,
    "a" * 17,
    f"{'a' * 16}b",
    f"{'a' * 8}b",
    "\u80ba",
]


@pytest.mark.parametrize("longest", [0, 8, 16, 17, 31])
def test_words_have_numbers_of_their_own(longest):
    known = [word for word in ALIKE if len(word.encode()) <= longest]
    text = Text.of([*ALIKE, *reversed(ALIKE)])
    keys = dict(zip([*ALIKE, *reversed(ALIKE)], text.keys(longest).tolist(), strict=True))
    assert [keys[word] for word in (*ALIKE, *reversed(ALIKE))] == text.keys(longest).tolist()
    assert 0 not in keys.values()
    for word in known:
        assert [other for other in ALIKE if keys[other] == keys[word]] == [word]


@pytest.mark.parametrize("longest", [0, 8, 16, 31])
@pytest.mark.parametrize("at", [[], [3], [5, 0, 0, 2]])
def test_some_words_have_the_numbers_that_they_have_among_all(longest, at):
    text = Text.of(ALIKE)
    assert text.keys(longest, np.array(at, np.intp)).tolist() == text.keys(longest)[at].tolist()


def test_spaces_only_part_words():
    text = Text(b"  one   two three ")
    words = [text.text[start:end] for start, end in zip(text.starts, text.ends, strict=True)]
    assert words == [b"one", b"two", b"three"]
    assert not Text(b"").keys(8).size


@pytest.mark.parametrize("count", [0, 1, 2, 1_000, 20_000])
def test_what_is_put_in_a_table_is_found_and_nothing_else(count):
    """Of twenty thousand, some hundreds have the slot of another."""
    chance = random.Random(count)
    numbers = chance.sample(range(1, 1 << 40), 2 * count + 5)
    values = {key: place for place, key in enumerate(numbers[:count])}
    keys = np.array([*values], np.uint64)
    table, sieve = Table(keys, np.array([*values.values()], np.intp)), Sieve(keys, 16)
    asked = np.array(chance.sample(numbers, len(numbers)), np.uint64)
    known, found = table.find(asked)
    for key, is_known, value in zip(asked.tolist(), known.tolist(), found.tolist(), strict=True):
        assert (value if is_known else None) == values.get(key)
    assert set(np.flatnonzero(known).tolist()) <= set(sieve.passing(asked).tolist())


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("bowel canceredly", True),  # an ending that no list of ours has
        ("canceredly bowel", False),
        ("bowel cancerx", False),
        ("cancer of the, the the bowel", False),
    ],
)
def test_a_mention_has_words_with_the_stems_of_a_wording_at_their_distances(text, named):
    for lots in ([[text]], [["of the bowel"], [text], ["bowel cancer of the"]]):
        told = mentions().found(lots, versions())
        assert (token_of("cancer:colorectal") in told[len(lots) // 2]) is named


@pytest.mark.parametrize("other", ["hidden commonly", f"{'acgt' * 400} of"])
def test_any_word_will_do_in_place_of_one_that_is_not_indexed(other):
    lots = [[f"medullary carcinoma {between} thyroid"] for between in ("of the", other, f"of {other}")]
    told = mentions().found(lots, versions())
    assert [token_of("cancer:medullary-thyroid") in tokens for tokens in told] == [True, True, False]


def test_papers_without_texts_mention_nothing():
    assert mentions().found([], versions()) == []
    assert mentions().found([[], [""], ["", " "]], versions()) == [[], [], []]
