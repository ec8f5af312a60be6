"""Every example of web/templates/guide/search.md, tried on the invented corpus of conftest.py."""

import re
from pathlib import Path

import pytest

from domain.query import Query

ALL = set(range(1, 41))
SERIES = set(range(10, 41))
REGISTRY = SERIES
BRAZIL = {1, *range(10, 41, 4)}
YEAR = {number: 2000 + number % 12 if number % 7 else None for number in SERIES}
CC_BY = {1, 4, *range(10, 41, 3)}
RCT = {2, 7, *range(11, 41, 5)}
DIGESTED = {1, 7, *(number for number in SERIES if number % 6 == 0)}

EXPECTED: dict[str, set[int]] = {
    "home test": {1},
    "what is the best way to find breast cancer in women at home": {1, 2, 3, 4, 8},
    "cafe elite": {5},
    "HER2-positive": {2},
    "IL-2": {2},
    "CD8+": {2},
    "5-FU BRCA1/2": {5},
    "melanoma 2016": {6},
    "melanoma since 2020": {6, 7},
    "since 2020": {1, 4, 7, 9},
    "melanoma vs nodules": {6, 7},
    "进展期": {4},
    "乳腺癌": {1, 2, 4},
    "câncer de mama": {1, 2, 4},
    "स्तन कैंसर": {1, 2, 4},
    "IFN-γ": set(),
    "breast tumour": {1, 2, 4},
    "mammary neoplasms": {1, 2, 4},
    "leukemia": {5},
    "leukemia[ti]": {5},
    "breast tumour AND trastuzumab": {2},
    '"breast tumour"': set(),
    "leuk*": {5},
    "melanma": set(),
    '"immune checkpoint"': {6, 7},
    "vaccinat*": {3},
    '"immune check*"': {6, 7},
    "melanoma AND chemotherapy": {7},
    "nodules OR papillomavirus": {3, 9},
    "melanoma NOT retracted": {7},
    "melanoma -retracted": {7},
    'immunotherapy -"checkpoint inhibitors"': {7},
    "(nodules OR melanoma) AND immune": {6, 7},
    "NOT registry": ALL - REGISTRY,
    "title:breast": {1, 2},
    'TITLE:"breast cancer"': {1},
    "title:(nodules OR checkpoint)": {7, 9},
    "immune checkpoint[ti]": {7},
    "title: immune checkpoint": {7},
    "country: Brazil screening": {1},
    "type: checkpoint": {6, 7},
    "intitle:checkpoint": {7},
    "vaccinat*[tiab]": {3},
    'AUTH:"Smith J"': {2},
    "Smith J[au]": {2},
    "AFF:Lagos": {3},
    'JOURNAL:"Fictional Oncology"': {2, 7},
    '"Breast Neoplasms"[mh]': {1},
    '"Breast Neoplasms/prevention & control"[mh]': {1},
    "filgrastim[nm]": {2},
    "KW:HPV": {3},
    "trial:NCT09999991": {2},
    "country:BR": BRAZIL,
    "country:Brazil": BRAZIL,
    "LICENSE:cc-by": CC_BY,
    "cancer_type:melanoma": {6, 7},
    "cancer_type:leukemia": {5},
    "cancer type:leukemia": {5},
    "melanoma AND hasabstract": {6, 7},
    "study_type:rct AND melanoma": {7},
    "OPEN_ACCESS:y": {1, 2, 7},
    "has_digest:yes": DIGESTED,
    "notice:retracted": {6},
    "kind:preprint": {9},
    "language:zh": {4},
    "chinese[la]": {4},
    "data:open": {1},
    "data:on-request": {2},
    "data:none AND vaccination": {3},
    "DATA_AVAILABILITY:y": {1, 2, 3},
    "melanoma AND HAS_DATA:y": {7},
    "melanoma AND hasassocdata": {7},
    "dataset:GSE99999": {7},
    "repository:geo": {7},
    "ACCESSION_ID:GSE99999": {7},
    "code:open": {1},
    "industry:funded": {2},
    'company:"Made-up Pharma"': {2},
    'meeting:"Congress of Gynaecology"': {3},
    "corresponding_country:Brazil": {1},
    "ror:0abcdef12": {1},
    "cites:10.5555/invented.1": {2, 7},
    "CITES:9000003_MED": {2},
    "year:2018": {2},
    "year:2018-2020": {2, 3},
    "PUB_YEAR:[2018 TO 2020]": {2, 3},
    "2018:2020[dp]": {2, 3},
    "year:>=2023": {7, 9},
    "date:2021-05": {1},
    "FIRST_PDATE:[2021-05-01 TO 2021-05-31]": {1},
    'melanoma AND "last 100 years"[dp]': {6, 7},
    "10.5555/invented.2": {2},
    "Souza A. Home tests. J Inv. 2020;7:1-9. doi:10.5555/invented.2": {2},
    "DOI:10.5555/invented.2": {2},
    "https://doi.org/10.5555/invented.2?utm_source=x": {2},
    "S0000-0001(20)30001-4": set(),
    "https://journal.example/x/immune-checkpoint-blockade-in-melanoma": {6, 7},
    "TI immune OR AB immune": {6, 7},
    "ti(melanoma) AND ab(immune)": {6},
    "limit:immune": {6, 7},
    "PMC9000006": {6},
    "9000003": {3},
    "EXT_ID:9000003": {3},
    "https://pubmed.ncbi.nlm.nih.gov/9000003/": {3},
    "9000003, PMC9000006": {3, 6},
    "melanoma after:2020": {7},
    "date:2021-02-30": set(),
    "colour:melanoma": {6, 7},
    "(melanoma": {6, 7},
    '"immune checkpoint': {6, 7},
    "melanoma AND": {6, 7},
    "year:soon": set(),
    "country:melanoma": {6, 7},
    "SRC:PPR": {9},
    "melanoma AND free full text[sb]": {7},
    "melanoma AND IN_EPMC:y": {6, 7},
    "melanoma AND english[filter]": {6, 7},
    "melanoma AND medline[sb]": {6, 7},
    "Souza AM[1au]": {1},
    "melanoma AND 2016[edat]": {6},
    "METHODS:tomography": {9},
    "melanoma sort_date:y": {6, 7},
    "melanoma.ti,ab.": {6, 7},
    "'melanoma':ti,ab,kw": {6, 7},
    "TITLE-ABS-KEY(melanoma AND immune)": {6, 7},
    "TS=(melanoma)": {6, 7},
    "melanoma adj3 immune": {6, 7},
    "nodul?s": {9},
    "exp Breast Neoplasms/ and women.ti,ab.": {1},
    '[mh "Breast Neoplasms"]': {1},
    "1. melanoma.ti. 2. nodules.ti. 3. 1 or 2": {6, 7, 9},
}
NOTED = {
    "Souza A. Home tests. J Inv. 2020;7:1-9. doi:10.5555/invented.2",
    "colour:melanoma",
    "(melanoma",
    '"immune checkpoint',
    "melanoma AND",
    "year:soon",
    "country:melanoma",
    "limit:immune",
    "type: checkpoint",
    "S0000-0001(20)30001-4",
    "https://journal.example/x/immune-checkpoint-blockade-in-melanoma",
    "melanoma AND IN_EPMC:y",
    "melanoma AND medline[sb]",
    "Souza AM[1au]",
    "melanoma AND 2016[edat]",
    "METHODS:tomography",
    "melanoma sort_date:y",
    '"Breast Neoplasms"[mh]',
    '"Breast Neoplasms/prevention & control"[mh]',
    "melanoma adj3 immune",
    "nodul?s",
    "melanoma vs nodules",
    '"immune check*"',
    "date:2021-02-30",
    "exp Breast Neoplasms/ and women.ti,ab.",
    '[mh "Breast Neoplasms"]',
    "1. melanoma.ti. 2. nodules.ti. 3. 1 or 2",
}

DOCUMENT = Path(__file__).parents[2] / "web" / "templates" / "guide" / "search.md"


def documented() -> list[str]:
    return re.findall(r"^\| `(.+?)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)


def test_every_documented_example_is_tried_and_no_other():
    assert sorted(documented()) == sorted(EXPECTED)


@pytest.mark.parametrize("text", EXPECTED)
def test_example_finds_what_the_document_says(text, index, name_of):
    page = index.search(Query(text, size=100))
    assert {name_of[hit.paper_id] for hit in page.hits} == EXPECTED[text]
    assert page.total == len(EXPECTED[text])
    assert bool(page.reading.notes) == (text in NOTED)


def test_the_best_match_of_a_long_question_comes_first(index, name_of):
    page = index.search(Query("what is the best way to find breast cancer in women at home"))
    assert name_of[page.hits[0].paper_id] == 1


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("MELANOMA", "melanoma"),
        ("tumour", "tumours"),
        ("Tumors", "tumour"),
        ("breast tumour", "breast cancer"),
        ("breast tumour", "Mammary Carcinoma"),
        ("leukaemia risk", "leukemia risk"),
        ("Muller", "Müller"),
        ("melanoma & chemotherapy", "melanoma AND chemotherapy"),
        ("nodules | papillomavirus", "nodules OR papillomavirus"),
        ("“immune checkpoint”", '"immune checkpoint"'),
        ('("2018/01/01"[Date - Publication] : "2020/12/31"[Date - Publication])', "year:2018-2020"),
        ("year:2020-2018", "year:2018-2020"),
        ("title:breast[foo", "title:breast foo"),
        ("(nodules OR checkpoint)[ti]", "title:(nodules OR checkpoint)"),
        ("NOT (NOT melanoma)", "melanoma"),
    ],
)
def test_two_ways_to_ask_the_same(text, same_as, index):
    def found(query):
        return {hit.paper_id for hit in index.search(Query(query, size=100)).hits}

    assert found(text) == found(same_as)


def test_every_wording_finds_the_same_papers_in_the_same_order(index):
    wordings = ("bowel cancer", "colorectal neoplasms", "colon tumour", "Cancer of the colon")
    for question in (
        "{}",
        "does aspirin prevent {}?",
        "{} in a registry of patients at home",
        "{}[tiab] OR melanoma",
    ):
        pages = [index.search(Query(question.format(wording), size=100)) for wording in wordings]
        assert len({page.hits for page in pages}) == 1
        assert len({page.total for page in pages}) == 1
