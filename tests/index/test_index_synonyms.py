"""Concepts are found whatever their wording, and narrower terms are shielded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedded.analysers import Analysers
from index.fields import Kind
from index.language.spelling import parts, singular, spellings
from index.language.synonyms import Concept, all_concepts, find_concepts, run

CONCEPTS = all_concepts()


def keys(text):
    return [concept.key for _, _, concept in find_concepts(text.split())]


def only(text) -> Concept:
    (start, end, concept), *others = find_concepts(text.split())
    assert (start, end, others) == (0, len(text.split()), []), text
    return concept


@pytest.mark.parametrize(
    "text",
    [
        *("bowel cancer", "colorectal neoplasms", "colon tumour", "large bowel cancer", "Colon Tumors"),
        *("cancer of the bowel", "Cancers of the colon", "malignant colorectal neoplasm", "bowel-cancer"),
    ],
)
def test_the_wordings_of_bowel_cancer_are_one_concept(text):
    assert only(text) == only("colorectal cancer")
    assert only(text).label == "colorectal cancer"


@pytest.mark.parametrize(
    ("narrower", "wider"),
    [
        ("rectal cancer", "colon cancer"),
        ("Lynch syndrome", "colorectal cancer"),
        ("hereditary nonpolyposis colorectal cancer", "colorectal cancer"),
        ("triple negative breast cancer", "breast cancer"),
        ("breast cancer resistance protein", "breast cancer"),
        ("non-small cell lung cancer", "lung cancer"),
        ("non small cell lung cancer", "small cell lung cancer"),
        ("small-cell lung cancer", "lung cancer"),
        ("adenocarcinoma of lung", "lung cancer"),
        ("hepatocellular carcinoma", "liver cancer"),
        ("renal cell carcinoma", "kidney cancer"),
        ("non-Hodgkin lymphoma", "Hodgkin lymphoma"),
        ("acute myeloid leukaemia", "leukaemia"),
        ("second-hand smoke", "smoking"),
        ("watchful waiting", "active surveillance"),
        ("tumour necrosis factor", "tumour"),
    ],
)
def test_a_narrower_term_is_not_read_as_the_wider_one(narrower, wider):
    assert only(narrower) != only(wider)
    assert not set(only(narrower).wordings) & set(only(wider).wordings)


@pytest.mark.parametrize(
    ("lay", "clinical"),
    [
        ("womb cancer", "uterine cancer"),
        ("womb lining cancer", "endometrial carcinoma"),
        ("gullet cancer", "esophageal neoplasms"),
        ("smear test", "cervical screening"),
        ("home stool test", "fecal immunochemical test"),
        ("mammograms", "mammography"),
        ("chemo", "chemotherapy"),
        ("side effects", "adverse events"),
        ("keyhole surgery", "laparoscopic surgery"),
        ("heart attack", "myocardial infarction"),
        ("Herceptin", "trastuzumab"),
        ("5-FU", "fluorouracil"),
        ("HER2/neu", "ERBB2"),
        ("nsclc", "carcinoma, non-small-cell lung"),
    ],
)
def test_what_people_say_is_what_papers_write(lay, clinical):
    assert only(lay) == only(clinical)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("tumour", "tumor"),
        ("tumours", "Tumors"),
        ("oesophagectomy", "esophagectomies"),
        ("haematoma", "hematomas"),
        ("randomised", "randomized"),
        ("hospitalisation", "hospitalizations"),
        ("paediatric", "pediatric"),
        ("faeces", "feces"),
        ("centre", "centers"),
        ("metastases", "metastasis"),
        ("diagnoses", "diagnosis"),
    ],
)
def test_spellings_and_irregular_plurals_are_one_concept(british, american):
    assert only(british) == only(american)
    assert only(british).source == "spelling"


@pytest.mark.parametrize("word", ["organism", "colorectal", "exercise", "metastatic", "laboratory", "cancer"])
def test_words_with_one_spelling_are_left_alone(word):
    assert spellings(word) == (word,)
    assert keys(word) == []


def test_wordings_have_every_spelling():
    found = only("oesophageal tumour").wordings
    assert {"oesophageal tumour", "oesophageal tumor", "esophageal tumour", "esophageal tumor"} <= set(found)
    assert {"brain metastasis", "brain metastases"} <= set(only("secondary brain cancer").wordings)


@pytest.mark.parametrize(
    "text", ["Hodgkin's disease", "Hodgkin\u2019s lymphoma", "HODGKINS LYMPHOMA", "hodgkin-lymphoma"]
)
def test_possessives_capitals_and_hyphens_do_not_matter(text):
    assert only(text).key == "cancer:hodgkin-lymphoma"


def test_accents_do_not_matter():
    assert only("Waldenstrom macroglobulinemia") == only("Waldenström macroglobulinaemia")


def test_short_forms_that_are_words_count_in_capitals_only():
    assert keys("FIT at home") == ["term:faecal-immunochemical-test"]
    assert only("PET").key == "term:pet"
    assert only("GISTs").key == "cancer:gastrointestinal-stromal"
    assert keys("a fit pet gets the gist of it all") == []
    assert keys("FIT AND ALL THE PETS") == [], "where everything is in capitals they tell nothing"


def test_concepts_lie_side_by_side_in_a_question():
    text = "does 5-FU after bowel cancer surgery cause side effects"
    assert [(a, b, c.key) for a, b, c in find_concepts(text.split())] == [
        (1, 2, "drug:fluorouracil"),
        (3, 5, "cancer:colorectal"),
        (7, 9, "term:adverse-effect"),
    ]


def test_a_concept_begins_and_ends_where_words_do():
    assert keys("tumour-free") == ["spelling:tumour-free"]
    assert keys("thymoma-free") == []
    assert keys("breast cancer-free") == []


def test_nothing_is_found_in_nothing():
    assert find_concepts([]) == ()
    assert find_concepts(["", "the", "…", "-"]) == ()


def test_every_wording_finds_its_concept():
    for concept in CONCEPTS:
        assert concept.wordings[0].lower() == concept.label.lower()
        for wording in concept.wordings:
            found = only(wording)
            assert found is concept or set(found.wordings) < set(concept.wordings), wording


def test_no_two_wordings_of_a_concept_are_the_same_to_the_index():
    """Each would cost a look-up and count twice."""
    analysers = Analysers()
    for concept in CONCEPTS:
        stems = [analysers.words(Kind.TEXT, wording) for wording in concept.wordings]
        assert all(stems), concept.key
        assert len({tuple(found) for found in stems}) == len(stems), concept.key


def test_no_wording_is_searched_for_by_two_concepts():
    """Except that a wider one brings all of a narrower one."""
    owner = {}
    for concept in sorted(CONCEPTS, key=lambda concept: len(concept.wordings)):
        for wording in concept.wordings:
            other = owner.setdefault(run(wording), concept)
            assert other is concept or set(other.wordings) < set(concept.wordings), wording


def test_concepts_are_few_words_and_many():
    assert len(CONCEPTS) >= 500
    assert max(len(concept.wordings) for concept in CONCEPTS) <= 60
    assert len({concept.key for concept in CONCEPTS}) == len(CONCEPTS)


SNIPPETS = [
    *sorted({w for c in CONCEPTS for w in c.wordings[:2]}),
    "tumours",
    "the",
    "ALL",
    "randomized",
    "x",
]


@given(st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=12), max_size=12))
def test_any_words_give_ordered_concepts_without_overlap(texts):
    words = [word for text in texts for word in text.split()]
    found = find_concepts(words)
    assert found == find_concepts(list(words))
    ends = [0]
    for start, end, concept in found:
        assert ends[-1] <= start < end <= len(words)
        assert concept.wordings
        ends.append(end)


@given(st.from_regex(r"[a-z]{1,12}", fullmatch=True))
def test_all_spellings_of_a_word_lead_to_the_same(word):
    written = spellings(word)
    assert len(set(written)) == len(written)
    assert all(spellings(other) == written for other in written if len(written) > 1)


def test_folding():
    assert parts("Müller's Non-Small+cell") == ["muller", "non", "small", "cell"]
    plurals = ["biopsies", "boxes", "viruses", "analysis", "mass", "gas", "nodes"]
    assert [*map(singular, plurals)] == ["biopsy", "box", "virus", "analysis", "mass", "gas", "node"]


@pytest.mark.parametrize(
    ("narrower", "wider"),
    [
        ("secondary cancer", "metastatic cancer"),
        ("stage IV cancer", "metastatic cancer"),
        ("relapse-free survival", "disease-free survival"),
        ("recurrence-free survival", "disease-free survival"),
        ("gestational trophoblastic neoplasia", "gestational trophoblastic disease"),
        ("ampullary cancer", "periampullary cancer"),
        ("DIPG", "diffuse midline glioma"),
        ("endometrial cancer", "uterine cancer"),
        ("endometrial cancer", "uterine neoplasm"),
        ("soft tissue sarcoma", "soft tissue tumour"),
        ("bone cancer", "bone tumour"),
        ("parathyroid cancer", "parathyroid neoplasm"),
        ("neuroendocrine tumour", "neuroendocrine neoplasm"),
        ("neuroendocrine tumour", "neuroendocrine cancer"),
        ("pituitary cancer", "pituitary adenoma"),
        ("pituitary cancer", "pituitary tumour"),
        ("antibody-drug conjugate", "immunoconjugate"),
        ("clinical trial", "clinical study"),
        ("peripheral neuropathy", "nerve damage"),
        ("thymic carcinoma", "thymic tumour"),
        ("neutropenia", "low white blood cell count"),
        ("glioblastoma", "grade 4 astrocytoma"),
        ("bone marrow transplant", "stem cell transplant"),
        ("chronic lymphocytic leukaemia", "leukaemia"),
    ],
)
def test_who_asks_for_the_narrower_is_not_given_the_wider(narrower, wider):
    searched = {run(wording) for _, _, found in find_concepts(narrower.split()) for wording in found.wordings}
    assert run(wider) not in searched


def test_who_asks_for_the_wider_is_given_the_narrower():
    assert set(only("endometrial cancer").wordings) < set(only("womb cancer").wordings)
    assert "DIPG" in only("diffuse midline glioma").wordings


def test_words_of_outlook_and_damage_are_left_alone():
    assert keys("immunotherapy outlook") == ["term:immunotherapy"]
    assert keys("facial nerve damage") == []


@pytest.mark.parametrize(
    ("name", "drug"), [("Glivec", "imatinib"), ("MabThera", "rituximab"), ("leuprorelin", "leuprolide")]
)
def test_european_names_of_drugs_are_known(name, drug):
    assert only(name) == only(drug)
    assert "EMA" in only(name).source


def test_irregular_plurals_stand_only_at_the_end_of_a_name():
    for concept in CONCEPTS:
        for wording in concept.wordings:
            assert "stomata" not in wording
            assert "child with" not in wording


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("câncer de mama", "cancer:breast"),
        ("Cancer du sein", "cancer:breast"),
        ("BRUSTKREBS", "cancer:breast"),
        ("\u4e73\u817a\u764c", "cancer:breast"),
        ("cancer de l’estomac", "cancer:stomach"),
        ("рак молочной железы", "cancer:breast"),
        ("سرطان الثدي", "cancer:breast"),
        ("cancer in the pancreas", "cancer:pancreatic"),
        ("tumour in the lung", "cancer:lung"),
    ],
)
def test_cancers_by_their_names_elsewhere(text, key):
    assert only(text).key == key


def test_what_a_wider_thing_brings_is_brought_in_other_languages_too():
    assert "Endometriumkarzinom" in only("womb cancer").wordings
    assert only("Endometriumkarzinom").key == "cancer:endometrial"
    assert not any("tumoure" in name or "cancros" in name for name in only("womb cancer").wordings)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *(("rak zoladka", "stomach cancer"), ("rak pluc", "lung cancer"), ("bialaczka", "leukaemia")),
        *(("ung thu dai trang", "bowel cancer"), ("Gebaermutterhalskrebs", "cervical cancer")),
        *(
            ("Waldenstroem macroglobulinemia", "Waldenström macroglobulinemia"),
            ("brystkraeft", "breast cancer"),
        ),
        *(("tumore al fegato", "liver cancer"), ("cancer de colo do utero", "cervical cancer")),
        *(("cancro al pancreas", "pancreatic cancer"), ("cancer del pulmon", "lung cancer")),
        *(("cancer of my womb", "womb cancer"), ("blood in my pee", "blood in urine")),
        *(("linfoma no Hodgkin", "non-Hodgkin lymphoma"), ("बच्चेदानी के मुंह का कैंसर", "cervical cancer")),
    ],
)
def test_names_typed_without_marks_or_with_other_small_words(typed, name):
    assert only(typed).key == only(name).key


@pytest.mark.parametrize(
    ("noun", "adjective"),
    [
        *(("oesophagus neoplasms", "oesophageal cancer"), ("vulva carcinoma", "vulvar neoplasms")),
        *(("testicle tumour", "testicular cancer"), ("malignant cervix tumour", "cervical cancer")),
        *(("colon malignancy", "colonic malignancy"), ("prostate malignancy", "prostatic malignancy")),
    ],
)
def test_an_organ_by_its_noun_is_as_good_as_by_its_adjective(noun, adjective):
    assert only(noun) == only(adjective)


@pytest.mark.parametrize(
    "text",
    [
        *("bone tumour", "uterine tumour", "parathyroid neoplasm", "my womb", "cancer da"),
        *("cancer San Francisco registry", "effects of cancer on the brain"),
    ],
)
def test_what_is_mostly_benign_and_small_words_name_no_cancer(text):
    assert not [key for key in keys(text) if key.startswith("cancer:")]


def test_either_test_for_failed_repair_is_asked_for_where_both_are_named():
    either = only("dMMR/MSI-H")
    assert {"dMMR", "MSI-H"} <= set(either.wordings)
    assert "MSI-H" not in only("dMMR").wordings


def test_a_name_that_other_languages_have_for_other_words_is_understood_and_not_searched_for():
    assert only("u não").key == "cancer:brain"
    assert "u não" not in only("u não").wordings
