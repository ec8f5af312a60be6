"""Names with numbers, Greek letters, hyphens and strokes: every way to write one means the same."""

import pytest

from domain.query import And, Not, Or, Phrase, Range, Synonyms, Word
from index.language.parsing import parse_query
from index.language.synonyms import find_concepts


def wordings(text):
    return {word for _, _, concept in find_concepts(text.split()) for word in concept.wordings}


@pytest.mark.parametrize(
    ("alike", "searched"),
    [
        (("IFN-γ", "IFNγ", "IFN-gamma", "IFNgamma", "interferon-γ", "interferon gamma"), "IFNγ"),
        (("TGF-β", "TGFβ", "TGF-beta", "TGFbeta"), "transforming growth factor-beta"),
        (("NF-κB", "NFκB", "NF-kappaB", "NFkB"), "NFκB"),
        (("TNFα", "TNF-α", "TNF-alpha"), "TNFalpha"),
        (("IL-1β", "IL1β", "IL-1beta", "IL1-beta"), "IL-1-beta"),
        (("β-catenin", "beta-catenin", "Beta-Catenin"), "β-catenin"),
        (("α-fetoprotein", "alpha-fetoprotein", "AFP"), "α-fetoprotein"),
        (("αSMA", "α-SMA", "alpha-SMA"), "alpha-SMA"),
        (("c-Myc", "MYC"), "c-Myc"),
        (("5-FU", "5FU", "fluorouracil"), "5FU"),
        (("anti-PD-1", "anti-PD1", "Anti-PD-1"), "anti-PD1"),
        (("tumour-associated", "tumor-associated"), "tumor-associated"),
    ],
)
def test_all_ways_to_write_a_name_find_the_same(alike, searched):
    assert len({frozenset(wordings(text)) for text in alike}) == 1
    assert searched in wordings(alike[0])


@pytest.mark.parametrize(
    "text", ["theta", "THETA", "Atlanta", "phase-3", "24/7", "and/or", "PET/CT", "T1/2", "a/"]
)
def test_words_that_only_look_alike_stay(text):
    assert len(wordings(text)) in (0, 2)
    assert not any(f"{part}" in wordings(text) for part in ("TH-eta", "PET", "CT", "and", "or"))


def test_what_a_stroke_puts_together_is_any_of_it():
    assert wordings("BRCA1/2") >= {"BRCA1/2", "BRCA1", "BRCA2"}
    assert wordings("PD-1/PD-L1") >= {"PD-1/PD-L1", "programmed death 1", "programmed death ligand 1"}
    assert wordings("FGFR1/2/3") >= {"FGFR1", "FGFR2", "FGFR3"}
    assert [c.key for _, _, c in find_concepts(["HER2/neu"])] == ["gene:erbb2"]


def test_medicines_with_a_stroke_between_them_are_both_asked_for():
    node = parse_query("5-FU/leucovorin").node
    assert isinstance(node, And)
    assert [part.key for part in node.parts] == ["drug:fluorouracil", "drug:leucovorin"]
    signed = parse_query("HR+/HER2-").node
    assert isinstance(signed, And)
    assert signed.parts[0] == Word("HR+")
    assert signed.parts[1].key == "gene:erbb2"


@pytest.mark.parametrize("text", ["I can't smoke", "what's smoke", "don’t smoke", "isn't it smoke"])
def test_small_words_drawn_together_are_small(text):
    assert parse_query(text).node == Word("smoke")


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("nodule 2016", And((Word("nodule"), Or((Range("year", 2016, 2016), Word("2016")))))),
        ("nodule 2015..2016", And((Word("nodule"), Or((Range("year", 2015, 2016), Word("2015..2016")))))),
        ("nodule AND 2015-2016", And((Word("nodule"), Or((Range("year", 2015, 2016), Word("2015-2016")))))),
        ("nodule NOT 2016", And((Word("nodule"), Not(Word("2016"))))),
        ("2016", Word("2016")),
        ("nodule 1648", And((Word("nodule"), Word("1648")))),
        ("nodule AND title:2016", And((Word("nodule"), Word("2016", "title")))),
        ("nodule vs growth", And((Word("nodule"), Word("growth")))),
        ("Smith et al", Word("Smith")),
        ("nódulo de pulmón", And((Word("nódulo"), Word("pulmón")))),
        ("nodule type I", And((Word("nodule"), Word("type"), Word("I")))),
        ("can I smoke", Word("smoke")),
        ('"nodule grow*"', And((Word("nodule"), Word("grow", prefix=True)))),
        (
            'NOT "a nodule grow*"[ti]',
            Not(And((Phrase("a nodule", "title"), Word("grow", "title", prefix=True)))),
        ),
    ],
)
def test_years_small_words_and_stars(text, node):
    assert parse_query(text).node == node


@pytest.mark.parametrize("text", ["date:2021-13", "date:2021-02-30", "2021/00[dp]", '"2023/02/29"[dp]'])
def test_a_day_that_never_was_is_no_date(text):
    reading = parse_query(text)
    assert isinstance(reading.node, Word | Phrase)
    assert "not a year or a date" in reading.notes[0]


def test_a_range_may_end_on_the_31st_of_any_month_or_never():
    assert parse_query("2020/02/01:2020/02/31[dp]").node == Range("date", 20200201, 20200231)
    assert parse_query('"2019/01/01"[dp] : "3000"[dp]').node == Range("date", 20190101, None)
    assert parse_query("3000:2019[dp]").node == Range("date", 20190000, None)


@pytest.mark.parametrize(
    "text", ["nodule[Title/Abstract] and growth[Title/Abstract]", "nodule[Title] and (growth[MeSH Terms])"]
)
def test_small_operators_beside_any_field(text):
    assert isinstance(parse_query(text).node, And)
    assert "and" not in [part.text for part in parse_query(text).node.parts if isinstance(part, Word)]
    assert not isinstance(parse_query("mice [see below] and rats").node, Synonyms)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("stage 3 nodules", "stage III nodules"), ("stage iiib nodules", "stage 3B nodules")),
        *(("phase 1/2 nodules", "phase I/II nodules"), ("grade 4 nodules", "grade IV nodules")),
        *(("phase 1b knots", "phase Ib knots"), ("stages II-III", "stages 2-3")),
    ],
)
def test_a_number_of_a_stage_is_one_by_roman_and_by_arabic_letters(one, other):
    (first,), (second,) = parse_query(one).synonyms, parse_query(other).synonyms
    assert (first.key, first.wordings) == (second.key, second.wordings)


@pytest.mark.parametrize(
    "text",
    [
        "3 nodules",
        "what stage i am in",
        "stage 10 nodules",
        "nodules III",
        "phase 2020",
        "stage b nodules",
        "type 2",
    ],
)
def test_other_numbers_are_left_as_they_are(text):
    assert not parse_query(text).synonyms


@pytest.mark.parametrize("text", ["stage I nodules", "phase I", "grade I"])
def test_such_a_number_is_a_word_where_it_is_to_be_read_as_written(text):
    assert "Word(text='I'" in repr(parse_query(text, frozenset("*")).node)
