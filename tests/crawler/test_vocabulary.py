"""Cancer types in headings and in text. Titles are invented unless they come from shared data."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.telling.cancer_words import GENERAL
from crawler.telling.vocabulary import (
    _TOKEN,
    _bare,
    _plain_tokens,
    may_name_cancer,
    types_in,
    types_of_headings,
    with_parents,
)
from domain.paper import MeshHeading


def named(text):
    return {code for code in types_in(text) if code != GENERAL}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Breast and lung cancer in women", {"breast", "lung"}),
        ("Cancers of the breast, prostate and ovary", {"breast", "prostate", "ovary"}),
        ("Non-small-cell lung carcinoma", {"lung"}),
        ("Breast ductal carcinoma", {"breast"}),
        ("Malignant tumours of the small bowel", {"small-intestine"}),
        ("Squamous cell carcinoma of the head and neck", {"head-neck"}),
        ("Acute myelogenous leukaemia", {"acute-myeloid-leukaemia"}),
        ("Non-Hodgkin's disease", {"non-hodgkin-lymphoma"}),
        ("Hodgkin's disease", {"hodgkin-lymphoma"}),
        ("Cáncer de mama", {"breast"}),
        ("Cancers du sein", {"breast"}),
        ("Lungenkrebs und Brustkrebs", {"lung", "breast"}),
        ("Rak piersi", {"breast"}),
        ("乳腺癌患者的生存", {"breast"}),
        ("Oesophageal cancer", {"oesophagus"}),
        ("Esophageal cancer", {"oesophagus"}),
        ("Wilms' tumour", {"wilms-tumour"}),
    ],
)
def test_text_names_types(text, codes):
    assert codes <= named(text)
    assert types_in(text)[GENERAL] >= 1 or "癌" in text


@pytest.mark.parametrize(
    "text",
    [
        "Breast feeding and infant growth",
        "Lung transplantation, a patient's view of cancer",
        "Liver function under chemotherapy",
        "Cervical spine injury",
        "Bcl-2, a B-cell lymphoma 2 family protein",
        "The skin of the cancer patient's hand",
        "Oral contraceptives and cancer",
        "Metastases in the brain",
        "The stomach. Cancer is feared.",
    ],
)
def test_an_organ_alone_names_no_type(text):
    assert named(text) == set()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("An invented drug in anaplastic lymphoma kinase-positive lung cancer", {"lung"}),
        ("Kirsten rat sarcoma viral oncogene homolog in colorectal cancer", {"colorectal"}),
        ("Wilms' tumor 1 in acute myeloid leukaemia", {"acute-myeloid-leukaemia"}),
        ("Anaplastic large cell lymphoma", {"non-hodgkin-lymphoma"}),
        ("Resistance of breast cancer", {"breast"}),
        ("Wilms tumor of children", {"wilms-tumour"}),
        ("Breast cancer resistance protein (ABCG2) in the gut", set()),
        ("Human T-cell leukemia virus type 1", set()),
        ("Deleted in colorectal cancer (DCC) in axons", set()),
        ("Cancer pagurus, the edible crab", set()),
        ("Anaplastic lymphoma kinase-positive anaplastic large cell lymphoma", {"non-hodgkin-lymphoma"}),
        ("A microRNA that is deleted in liver cancer", {"liver"}),
        ("Deleted in liver cancer 1 (DLC1) in fibroblasts", set()),
        ("Neuroblastoma RAS pathway at relapse", {"neuroblastoma"}),
        ("Soft tissue sarcoma viral therapy", {"soft-tissue-sarcoma"}),
        ("Myeloid cell leukemia-1 (Mcl-1) in neurons", set()),
        ("Acute myeloid leukemia cells", {"acute-myeloid-leukaemia"}),
        ("Fused in sarcoma in motor neurons", set()),
        ("Metastasis-associated lung adenocarcinoma transcript 1 in diabetes", set()),
        ("The retinoblastoma protein in retinoblastoma", {"retinoblastoma"}),
    ],
)
def test_genes_and_viruses_are_not_the_cancer_that_they_are_called_after(text, codes):
    assert named(text) == codes


@pytest.mark.parametrize("text", ["Tumour necrosis factor", "Breast milk", "Bcl-2 (B cell lymphoma 2)"])
def test_what_is_not_about_cancer(text):
    assert not types_in(text)


@pytest.mark.parametrize(
    ("names", "types"),
    [
        (["Melanoma", "Skin Neoplasms"], ("melanoma",)),
        (["Skin Neoplasms", "Melanoma"], ("melanoma",)),
        (["Melanoma, Cutaneous Malignant"], ("melanoma",)),
        (["Skin Neoplasms"], ("skin",)),
        (["Skin Neoplasms", "Carcinoma, Basal Cell", "Melanoma"], ("skin", "melanoma")),
        (["Uveal Melanoma"], ("melanoma", "eye")),
    ],
)
def test_a_melanoma_is_no_other_cancer_of_the_skin(names, types):
    assert set(types_of_headings([MeshHeading(name) for name in names])) == set(types)


def test_headings_by_id_by_name_and_below():
    assert types_of_headings([MeshHeading("", "D001943")]) == ("breast",)
    assert types_of_headings([MeshHeading("Triple Negative Breast Neoplasms")]) == ("breast",)
    assert types_of_headings([MeshHeading("Anus Neoplasms")]) == ("anus",)
    assert types_of_headings([MeshHeading("Leukemia, Promyelocytic, Acute")]) == ("acute-myeloid-leukaemia",)
    assert types_of_headings([MeshHeading("Mesothelioma, Malignant")]) == ("mesothelioma",)
    assert types_of_headings([MeshHeading("Adenocarcinoma")]) == (GENERAL,)


@pytest.mark.parametrize(
    "name", ["Leiomyoma", "Lipoma", "Polycystic Ovary Syndrome", "Humans", "Myasthenia Gravis"]
)
def test_headings_that_are_no_cancer(name):
    assert types_of_headings([MeshHeading(name)]) == ()


def test_parents_follow_their_children():
    assert with_parents(["glioblastoma", "lung"]) == ("glioblastoma", "lung", "glioma", "brain")


ORDER = """
from crawler.telling.vocabulary import types_in
print(list(types_in("Lung, colon, breast, brain, liver and bladder cancer")))
"""


def test_the_order_is_the_same_in_every_process():
    """A reading that depended on how a process hashes text would count as updated each time."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", ORDER],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert outputs.pop().startswith("['cancer-general', 'lung', 'colorectal', 'breast', 'brain'")


def test_bed_nets_are_no_tumours_and_pancreatic_nets_are():
    assert not types_in("Nets treated with insecticide; bed nets")
    assert named("Pancreatic NETs") == {"pancreas", "neuroendocrine"}


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("Nelarabine for T-ALL", {"acute-lymphoblastic-leukaemia"}),
        ("Of group B all patients recovered; BLOT-ALLELE", set()),
        ("GEP-NETs and PanNET", {"neuroendocrine"}),
        ("cSCC after transplantation", {"skin"}),
        ("Cutaneous SCC", {"skin"}),
        ("Oral SCCs", {"mouth"}),
        ("Compression of the cord (SCC)", set()),
        ("Keratinocyte cancers", {"skin"}),
        ("Keratinocyte culture", set()),
        ("Uveal melanoma", {"eye", "melanoma"}),
        ("Рак молочной железы", {"breast"}),
        ("РАКА ЖЕЛУДКА", {"stomach"}),
        ("Язва желудка", set()),
        ("위암 환자의 생존율", {"stomach"}),
        ("سرطان الثدي في الأردن", {"breast"}),
        ("Kanker payudara di Indonesia", {"breast"}),
        ("Meme kanseri taraması", {"breast"}),
        ("An internet meme", set()),
        ("Ung thư vú ở Việt Nam", {"breast"}),
        ("Bröstcancer hos unga kvinnor", {"breast"}),
        ("Brystkræft hos kvinder", {"breast"}),
        ("Karcinom prsu", {"breast"}),
        ("Cancerul de col uterin", {"cervix"}),
        ("Nowotwory jelita grubego", {"colorectal"}),
        ("Operace prsu", set()),
        ("Sebaceous carcinoma", {"skin"}),
        ("Sebaceous glands", set()),
    ],
)
def test_acronyms_and_other_languages(text, types):
    assert named(text) == types
    assert may_name_cancer(text) or not types


@pytest.mark.parametrize(
    "text",
    [
        "Cancer/of_the (breast)",
        "a.b,c;d:e!f?g",
        "snake_case word-with-dash's 5%",
        "tab\tnew\nline",
        "a, (b); {c} ~ A1",
    ],
)
def test_the_quick_way_to_split_words_is_the_exact_one(text):
    exact = _TOKEN.findall(text.lower())
    assert _plain_tokens(_bare(text)) == ["." if token in ";:.?!()" else token for token in exact]
