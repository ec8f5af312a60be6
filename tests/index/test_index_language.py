"""The query language as a function: total, bounded, the same every time."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.query import And, Node, Not, Or, Phrase, Range, Reading, Word
from index.fields import FIELD
from index.language import values
from index.language.parsing import MAX_TEXT, parse_query
from index.language.tidy import TOO_LONG

SAMPLES = (
    '( ) " [ ] AND OR NOT - + * & | : title: [ti] [dp] year: 2015-2020 [2015 TO 2020] >= immuno* breast IL-2 '
    "10.5555/x(1) 乳腺癌 PMC12 é foo: country: the has_digest:yes … 😀"
)
PIECES = st.sampled_from([*SAMPLES.split(), " ", "\n", "\0", "\ud800", "x" * 300])
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join), st.lists(PIECES).map(" ".join)
)


def depth(node: Node | None) -> int:
    match node:
        case And(parts) | Or(parts):
            return 1 + max(map(depth, parts))
        case Not(part):
            return 1 + depth(part)
    return 1


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("(" * 3000 + "a")
@example("NOT " * 3000 + "abc")
@example("(NOT " * 3000 + "abc")
@example("a OR (b AND " * 3000)
@example("word " * 13_000)
@example("x" * 65_536)
@example('"' * 65_536)
@example("[" * 65_536)
@example("[ " * 30_000 + "TO")
@example("10.1234/" + "(" * 60_000)
@example("10.1234/" + ")" * 60_000)
@example("title:" * 10_000)
@example("-" * 65_536)
@example("a*" * 30_000)
def test_any_text_is_read_and_always_alike(text):
    reading = parse_query(text)
    assert reading == parse_query(text)
    assert depth(reading.node) < 200
    assert all(note and "\n" not in note for note in reading.notes)


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_no_text_means_everything(text):
    assert parse_query(text) == Reading(None)


@pytest.mark.parametrize("text", ["???", "the of", "AND", "(((", '""', "NOT"])
def test_nothing_to_search_for_means_everything_and_says_so(text):
    reading = parse_query(text)
    assert reading.node is None
    assert "all papers are shown" in reading.notes[-1]


def test_three_words_must_all_occur_and_of_four_any_may():
    assert parse_query("nurse nodule growth").node == And((Word("nurse"), Word("nodule"), Word("growth")))
    assert isinstance(parse_query("nurse nodule growth rate").node, Or)
    assert isinstance(parse_query("the growth of a nurse nodule").node, And)


def test_of_a_question_any_word_may_occur():
    assert parse_query("how do nodules grow").node == Or((Word("nodules"), Word("grow")))


def test_capitals_tell_the_organisation_from_the_question():
    assert parse_query("WHO classification").node == And((Word("WHO"), Word("classification")))
    assert parse_query("who classification").node == Word("classification")
    assert parse_query("What do I do about shingles?").node == Word("shingles")


def test_not_binds_tighter_than_and_and_and_tighter_than_or():
    assert parse_query("apple OR berry AND NOT cherry damson").node == Or(
        (Word("apple"), And((Word("berry"), Not(And((Word("cherry"), Word("damson")))))))
    )


def test_a_sign_keeps_one_word_out_and_a_word_all_that_follow():
    assert parse_query("apple -cherry damson").node == And(
        (Word("apple"), Not(Word("cherry")), Word("damson"))
    )
    assert parse_query("apple NOT cherry damson OR elder").node == Or(
        (And((Word("apple"), Not(And((Word("cherry"), Word("damson")))))), Word("elder"))
    )
    assert parse_query("'red apple'/exp NOT 'cherry stone'/exp").node == And(
        (Word("red"), Word("apple"), Not(And((Word("cherry"), Word("stone")))))
    )


def test_a_tag_applies_back_to_the_last_operator():
    assert parse_query("xenon AND red nodules[ti] yarrow").node == And(
        (Word("xenon"), And((Word("red", "title"), Word("nodules", "title"))), Word("yarrow"))
    )
    assert parse_query("xenon NOT red nodules[ti]").node == And(
        (Word("xenon"), Not(And((Word("red", "title"), Word("nodules", "title")))))
    )
    assert parse_query("red nodules 2020[dp]").node == And(
        (Word("red"), Word("nodules"), Range("date", 20200000, 20209999))
    )
    assert parse_query("red nodules last 5 years[dp]").node.parts[:2] == (Word("red"), Word("nodules"))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2018", 2018, 2018),
        ("2018-2020", 2018, 2020),
        ("2018-", 2018, None),
        ("2018..2020", 2018, 2020),
        ("2018–2020", 2018, 2020),
        ("[2018 TO *]", 2018, None),
        ("[* TO 2018]", None, 2018),
        ("[2018 TO NOW]", 2018, None),
        ("[NULL TO 2018]", None, 2018),
        ("20180131", 2018, 2018),
        (">2018", 2019, None),
        (">=2018", 2018, None),
        ("<2018", None, 2017),
        ("<=2018", None, 2018),
        ('"2018"', 2018, 2018),
    ],
)
def test_years(text, low, high):
    assert parse_query(f"year:{text}").node == Range("year", low, high)


def test_a_prefix_needs_two_letters():
    assert parse_query("im*").node == Word("im", prefix=True)
    reading = parse_query("i*")
    assert reading.node == Word("i")
    assert reading.notes


def test_a_doi_leaves_the_punctuation_around_it():
    assert parse_query("(see 10.5555/Ab(1)c).").node == And((Word("see"), Word("10.5555/ab(1)c", "doi")))


def test_depth_and_length_are_bounded_and_said():
    assert "deeper" in " ".join(parse_query("(xenon OR " * 50 + "yarrow" + ")" * 50).notes)
    assert "left out" in " ".join(parse_query("word " * 300).notes)


@pytest.mark.parametrize(
    "text",
    [
        "melanoma " * 4000,
        "carcinoma" * 4000,
        '"bowel cancer" OR ' * 3200,
        "x" * (MAX_TEXT + 1),
        "These patients were in a trial of the drug. " * 700,
    ],
)
def test_what_was_cut_off_is_told_once(text):
    told = [note for note in parse_query(text).notes if note.startswith(TOO_LONG)]
    assert len(told) == 1
    assert len(told[0]) < 200


@pytest.mark.parametrize(("count", "told"), [(0, False), (1, True)])
def test_a_text_is_read_whole_up_to_a_length(count, told):
    text = "x" * (MAX_TEXT - 9) + " melanoma" + " y" * count
    assert any(note.startswith(TOO_LONG) for note in parse_query(text).notes) == told


@pytest.mark.parametrize("field", ["country", "cancer_type", "language", "data", "licence", "study_type"])
def test_every_name_of_a_value_is_found_among_others(field):
    row = FIELD[field]
    for name in values._named(field):
        words = name.split()
        if len(words) <= values._LONGEST and values.is_named(row, name):
            assert next(values.together(row, [*words, "melanoma"])) == name


def test_phrase_of_signs_is_nothing():
    assert parse_query('"--" nodule').node == Word("nodule")
    assert parse_query('title:"--" nodule').node == Word("nodule")
    assert parse_query('"lung cancer"').node == Phrase("lung cancer")


def test_a_field_is_asked_for_all_words_behind_a_single_quotation_mark():
    for text, same in (
        ('title:"red apple', "title:(red apple)"),
        ('title:"red apple AND berry', "title:(red apple) AND berry"),
        ('(title:"red apple) berry', "(title:(red apple)) berry"),
        ('nothing:"red apple', "nothing red apple"),
    ):
        assert parse_query(text).node == parse_query(same).node
        assert any("partner" in note for note in parse_query(text).notes)
