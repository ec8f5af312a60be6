"""Words of a text are found where the analysers see them, without letting them read all of it."""

import re
import time
import tracemalloc
from string import ascii_lowercase

from hypothesis import given, settings
from hypothesis import strategies as st

from index.analysis import spaced
from index.embedded.analysers import Analysers
from index.fields import Kind
from index.language.spelling import parts
from index.language.synonyms import all_names
from index.placing import PLAIN, Placing, heads_of

analysers = Analysers()
placing = Placing(analysers.words, analysers.places)
ENDINGS = (
    "", "s", "es", "ed", "ing", "y", "ies", "ied", "er", "ation", "ational", "ator", "ization", "ally", "ity",
    "ability", "ibility", "iveness", "ivity", "fulness", "ously", "ently", "ement", "ical", "icate",
    "ogist", "ology",
)  # fmt: skip
IRREGULAR = (
    "dying",
    "lying",
    "tying",
    "skis",
    "skies",
    "idly",
    "gently",
    "ugly",
    "early",
    "only",
    "singly",
    "news",
)


def stem_of(word):
    found = analysers.words(Kind.TEXT, word)
    return found[0][1] if found else ""


def test_a_word_begins_as_its_stem_does():
    bare = {part for name in all_names() for part in parts(name) if part.isascii()} | set(IRREGULAR)
    words = [word + ending for word in bare for ending in ENDINGS]
    strays = [
        word for word in words if (stem := stem_of(word)) and not word.startswith(tuple(heads_of([stem])))
    ]
    assert not strays


def test_a_short_word_begins_like_few_others():
    assert heads_of(["rak", "rna", "die", "cri"]) == {"rak", "rna", "d", "cr"}
    stems = {f"{a}{b}{c}": stem_of(f"{a}{b}{c}") for a in "dlt" for b in ascii_lowercase for c in "eisxy"}
    assert not [word for word, stem in stems.items() if stem and not word.startswith(tuple(heads_of([stem])))]


@settings(max_examples=500, deadline=None)
@given(st.text("aeiouylstingd", min_size=1, max_size=9))
def test_a_word_of_any_letters_begins_as_its_stem_does(word):
    stem = stem_of(word)
    assert not stem or word.startswith(tuple(heads_of([stem])))


def test_what_is_no_wording_is_read_alike_and_not_kept_in_mind():
    tracemalloc.start()
    for number in range(100):
        text = f"Phrase {number} " + "of cancers " * 500
        assert list(analysers.wording(Kind.TEXT, text)) == analysers.words(Kind.TEXT, text)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 500_000


def test_of_plain_characters_words_are_made_as_analysers_make_them():
    for character in map(chr, range(0x2300)):
        if re.match(f"[{PLAIN}]", character):
            text = f"a{character}b"
            expected = [(start, end) for _, _, start, end in analysers.places(Kind.NAME, text)]
            assert [found.span() for found in re.finditer(r"[^\W_]+", text)] == expected, hex(ord(character))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "Cancers of the cancer canceré ÉLITE élite tumour β-cell 癌 癌症 x_y İstanbul".split()  # noqa: SIM905
        ),
        max_size=12,
    ),
    st.sampled_from((" ", "-", " ± ", ", ")),
)
def test_words_are_found_where_the_analysers_see_them(words, between):
    text = spaced(between.join(words))
    every = analysers.places(Kind.TEXT, text)
    at = {place: (word, end) for place, word, _, end in every}
    wanted = {"cancer", "elit", "癌"}
    found = {
        (one.word, one.start, one.end, one.after(1), one.after(2))
        for one in placing.placed(Kind.TEXT, text, heads_of(wanted))
        if one.word in wanted
    }
    assert found == {
        (word, start, end, at.get(place + 1), at.get(place + 2))
        for place, word, start, end in every
        if word in wanted
    }


def test_a_text_without_a_space_is_read_once():
    """To walk back to the start of the word from each of its letters took a quarter of a minute."""
    letters = "\u00e9" * 20_000
    before = time.process_time()
    found = [one.word for one in placing.placed(Kind.TEXT, f"{letters} lung", heads_of(["lung"]))]
    assert found[-1] == "lung"
    assert time.process_time() - before < 3
