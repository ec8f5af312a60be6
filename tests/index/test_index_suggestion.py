"""Did you mean: words that hardly occur are mended, and nothing else of the query is touched."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.query import Query
from index.language.slips import alike, are_two_drugs, distance, is_known, slips_between


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("nodule", "nodule", 0),
        ("nodul", "nodule", 1),
        ("noddule", "nodule", 1),
        ("nosule", "nodule", 1),
        ("noudle", "nodule", 1),
        ("ndoulee", "nodule", 2),
        ("nodule", "nurse", 3),
        ("a", "abcdef", 3),
    ],
)
def test_distance_counts_slips_up_to_a_limit(one, other, slips):
    assert distance(one, other, 2) == slips
    assert distance(other, one, 2) == slips


def test_words_that_sound_alike_are_one_slip_apart():
    assert slips_between("lymfoma", "lymphoma") == 1
    assert slips_between("diarhea", "diarrhoea") == 1


@pytest.mark.parametrize(
    ("slip", "right"),
    [
        *(("kemotherapy", "chemotherapy"), ("osofageal", "oesophageal"), ("newropathy", "neuropathy")),
        *(("servical", "cervical"), ("esofagus", "oesophagus"), ("cervicle", "cervical")),
    ],
)
def test_words_written_by_ear_are_known(slip, right):
    assert alike(slip)[right] in (1, 2)
    assert not is_known(slip)


def test_names_in_other_languages_are_not_offered():
    assert "cervice" not in alike("cervicle")
    assert not is_known("brustkrebs")


def test_a_slip_that_has_two_spellings_is_mended_and_a_spelling_is_not(index):
    assert index.search(Query("leukaemai in children")).suggestion == "leukaemia in children"
    assert index.search(Query("oesophagael")).suggestion in ("oesophageal", "esophageal")
    assert index.search(Query("oestrogenicity")).suggestion == ""


@pytest.mark.parametrize(
    ("slip", "right"),
    [
        ("colerectal", "colorectal"),
        ("leukeamia", "leukaemia"),
        ("mamogram", "mammogram"),
        ("chemotherpy", "chemotherapy"),
        ("lymfoma", "lymphoma"),
    ],
)
def test_our_own_tables_know_the_right_word(slip, right):
    assert alike(slip)[right] == 1
    assert is_known(right)
    assert not is_known(slip)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("melanma", "melanoma"),
        ("Melanma treatment", "Melanoma treatment"),
        ("MELANMA", ""),
        ("colerectal cancer", "colorectal cancer"),
        ("leukaemai", "leukaemia"),
        ("mamogram at home", "mammogram at home"),
        ("chemotherpy", "chemotherapy"),
        ("papilomavirus AND vacination", "papillomavirus AND vaccination"),
        (
            '"imune checkpoint" NOT (retracted OR year:2020)',
            '"immune checkpoint" NOT (retracted OR year:2020)',
        ),
        ("title:melanma", "title:melanoma"),
        ("melanma[ti] AND 2020[dp]", "melanoma[ti] AND 2020[dp]"),
    ],
)
def test_likely_slips_are_mended_and_the_rest_is_kept(text, suggestion, index):
    assert index.search(Query(text)).suggestion == suggestion


@pytest.mark.parametrize(
    "text",
    [
        "melanoma",
        "melanomas in patients",
        "vaccinates women",
        "registri report",
        "AUTH:Soua",
        "Soua[au]",
        "Souza",
        "Okafor melanoma",
        "TP54",
        "BRCA9",
        "XMELANMA",
        "HER2-positiv1",
        "melanm*",
        "10.5555/melanma",
        "9000093",
        "NCT09999981",
        "乳腺瘤",
        "zzzzqqqq",
        "tumor",
        "the and of",
        "",
        "DOI:10.5555/invented.2",
        "JOURNAL:Fictionl",
        "home",
    ],
)
def test_no_suggestion_where_all_is_well_or_nothing_is_like_it(text, index):
    assert index.search(Query(text)).suggestion == ""


def test_only_the_first_page_suggests(index):
    assert index.search(Query("melanma", offset=10)).suggestion == ""


def test_a_rare_word_is_a_slip_only_beside_a_far_more_frequent_one(open_engine, make):
    index = open_engine()
    papers = [make(n, f"Invented nodule {n}") for n in range(1, 102)]
    titles = ("An invented nodle", "Module and modulf", "Module", "A module")
    index.write([*papers, *(make(200 + n, title) for n, title in enumerate(titles))], [], 1)
    assert index.search(Query("nodle")).suggestion == "nodule"
    assert index.search(Query("modulf")).suggestion == ""
    assert index.search(Query("module")).suggestion == ""


@pytest.mark.parametrize(
    ("typed", "common"),
    [
        ("rape victims cancer", "rate"),
        ("tits cancer", "its"),
        ("chemo port", "post"),
        ("flot regimen", "foot"),
        ("nivo ipi", "vivo"),
        ("xrate", "rate"),
    ],
)
def test_short_words_are_not_turned_into_other_subjects(typed, common, open_engine, make):
    index = open_engine()
    index.write([make(n, f"Invented {common} of victims with a regimen {n}") for n in range(1, 302)], [], 1)
    assert index.search(Query(typed)).suggestion == ""


def test_a_common_word_is_no_match_for_one_of_ours(open_engine, make):
    index = open_engine()
    index.write([make(n, f"Invented Hodgkins lymphoma {n}") for n in range(1, 30)], [], 1)
    assert index.search(Query("hogkins")).suggestion == "hodgkins"


def test_a_word_in_few_papers_is_not_offered(open_engine, make):
    index = open_engine()
    index.write([make(n, f"Invented thurngau {n}") for n in range(1, 16)], [], 1)
    assert index.search(Query("thurngua")).suggestion == ""


WORDS = st.text("aeht", max_size=7)


@given(WORDS, WORDS, st.integers(0, 3))
@example("abab", "baba", 2)
def test_the_distance_is_that_of_a_whole_table(one, other, limit):
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        rows.append([i])
        for j, against in enumerate(other, 1):
            costs = [rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (letter != against)]
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                costs.append(rows[i - 2][j - 2] + 1)
            rows[i].append(min(costs))
    assert distance(one, other, limit) == min(rows[-1][-1], limit + 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("icotinib", "imatinib"), ("apatinib", "afatinib"), ("telatinib", "tucatinib")),
        ("sapacitabine", "capecitabine"),
    ],
)
def test_two_medicines_of_a_class_are_no_slips_of_each_other(index, one, other):
    assert are_two_drugs(one, other)
    assert are_two_drugs(other, one)
    assert index.search(Query(one)).suggestion == ""


@pytest.mark.parametrize(
    ("slip", "right"),
    [
        *(("imatnib", "imatinib"), ("crisotinib", "crizotinib"), ("gefetinib", "gefitinib")),
        *(("pembrolizamab", "pembrolizumab"), ("letrazole", "letrozole"), ("lymfoma", "lymphoma")),
    ],
)
def test_a_slip_in_the_name_of_a_medicine_is_mended(index, slip, right):
    assert not are_two_drugs(slip, right)
    assert index.search(Query(slip)).suggestion == right


@pytest.mark.parametrize(
    "text",
    [
        "tratamiento del cancer de mama metastasico",
        "Brustkrebs melanma",
        "metastásico",
        "melanma chimiothérapie",
        "quimioterapia efectoz melanma",
    ],
)
def test_words_of_another_language_are_not_mended(index, text):
    assert index.search(Query(text)).suggestion == ""


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        *(("ovariancancer", "ovarian cancer"), ("Skincancer in children", "Skin cancer in children")),
        *(("brustkrebs", ""), ("nonnodule", ""), ("lung cancer", "")),
    ],
)
def test_a_name_without_its_spaces_is_offered_with_them(index, text, mended):
    assert index.search(Query(text)).suggestion == mended


@pytest.mark.parametrize("text", ["Müller melanma", "Hanahan melanma", "naive melanma"])
def test_names_of_people_keep_no_word_from_being_mended(index, text):
    assert index.search(Query(text)).suggestion == text.replace("melanma", "melanoma")
