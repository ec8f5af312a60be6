"""The bundled sample keeps its promises: plainly invented, with one of everything the demo shows."""

import json
import re
from collections import Counter
from importlib.resources import files

import pytest

RECORDS = [
    json.loads(line)
    for line in files("crawler.sample").joinpath("europepmc.jsonl").read_text("utf-8").splitlines()
]
BY_ID = {record["id"]: record for record in RECORDS}
COUNTRIES = set(
    """Argentina Bangladesh Bolivia Brazil Cameroon Chile China Colombia Egypt Ethiopia Finland France
Germany Ghana India Indonesia Italy Japan Kenya Malawi Mexico Morocco Mozambique Nepal Nigeria Pakistan Peru
Poland Rwanda Senegal Tanzania Thailand Uganda Ukraine Zambia""".split()  # noqa: SIM905
)


def types(record):
    return record["pubTypeList"]["pubType"]


def relations(record):
    corrections = record.get("commentCorrectionList", {}).get("commentCorrection", [])
    return {correction["type"]: correction["id"] for correction in corrections}


def affiliations(record):
    return [
        affiliation["affiliation"]
        for author in record["authorList"]["author"]
        for affiliation in author.get("authorAffiliationDetailsList", {}).get("authorAffiliation", [])
    ]


def words(record):
    return len(re.sub(r"<[^>]+>", " ", record.get("abstractText", "")).split())


def test_there_are_about_sixty_records_each_with_its_own_id():
    assert 60 <= len(RECORDS) <= 70
    assert len(BY_ID) == len(RECORDS)
    assert len({record["doi"] for record in RECORDS}) == len(RECORDS)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["id"])
def test_every_identifier_is_one_that_no_real_record_can_have(record):
    assert "invented sample" in record["keywordList"]["keyword"]
    assert record["doi"].startswith("10.5555/")
    assert re.fullmatch(r"99000\d{3}|PMC99000\d{3}|PPR99\d{3}", record["id"])
    assert record.get("pmid", "99000").startswith("99000")
    assert record.get("pmcid", "PMC99000").startswith("PMC99000")
    text = json.dumps(record, ensure_ascii=False)
    assert all(number.startswith("99") for number in re.findall(r"\b(?:NCT|ISRCTN|GSE)(\d+)", text))
    assert all(doi.startswith("10.5555/") for doi in re.findall(r"\b10\.\d{4,9}/", text))
    assert set(re.findall(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", text)) <= {"0000-0002-1825-0097"}, (
        "only the fictitious one"
    )


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["id"])
def test_what_links_records_leads_to_a_test_id(record):
    assert all(re.fullmatch(r"99000\d{3}|PPR99\d{3}", target) for target in relations(record).values())


def test_exactly_one_record_must_be_rejected_for_want_of_a_title():
    assert [record["id"] for record in RECORDS if not record.get("title")] == ["99000041"]


def test_authors_work_in_many_countries_and_across_borders():
    told = [affiliations(record) for record in RECORDS]
    ends = {text.rstrip(".").rsplit(", ", 1)[-1] for texts in told for text in texts}
    assert ends >= COUNTRIES
    assert {"South Africa", "Sri Lanka", "Viet Nam", "United Kingdom", "United States"} <= ends
    assert sum(len({text.rsplit(", ", 1)[-1] for text in texts}) > 1 for texts in told) >= 35


def test_most_are_openly_licensed_and_every_case_is_there():
    licences = Counter(record.get("license") for record in RECORDS)
    assert licences["cc by"] > len(RECORDS) / 2
    assert {"cc by", "cc by-nc", "cc by-nc-nd", "cc0", None} < set(licences)
    assert len(set(licences) - {"cc by", "cc by-nc", "cc by-nc-nd", "cc0", None}) == 1, "one in unusual words"
    assert {record["isOpenAccess"] for record in RECORDS} == {"Y", "N"}


def test_a_retracted_paper_and_its_notice_name_each_other():
    [paper] = [record for record in RECORDS if "Retracted Publication" in types(record)]
    [notice] = [record for record in RECORDS if "Retraction of Publication" in types(record)]
    assert relations(paper) == {"Retraction in": notice["id"]}
    assert relations(notice) == {"Retraction of": paper["id"]}


def test_one_is_corrected_and_one_is_in_doubt():
    kinds = Counter(kind for record in RECORDS for kind in relations(record))
    assert kinds["Erratum in"] == kinds["Expression of concern in"] == 1


def test_a_preprint_and_its_article_name_each_other_under_different_titles():
    [preprint] = [record for record in RECORDS if "Preprint of" in relations(record)]
    article = BY_ID[relations(preprint)["Preprint of"]]
    assert relations(article) == {"Preprint in": preprint["id"]}
    assert preprint["title"] != article["title"]


def test_there_is_a_withdrawn_preprint_a_lone_preprint_and_a_meeting_abstract():
    preprints = [record for record in RECORDS if record["source"] == "PPR"]
    assert sum("preprint-withdrawal" in types(record) for record in preprints) == 1
    assert (
        sum("preprint-withdrawal" not in types(record) and not relations(record) for record in preprints) == 1
    )
    assert sum("Meeting Abstract" in types(record) for record in RECORDS) == 1


def test_languages_scripts_and_shapes_of_abstract():
    assert {record["language"] for record in RECORDS} == {"eng", "spa", "por", "fre", "chi", "ara"}
    assert sum(record.get("title", "").startswith("[") for record in RECORDS) == 2, "translated titles"
    assert any("<i>" in record.get("title", "") for record in RECORDS)
    assert {"abstractText" in record for record in RECORDS} == {True, False}
    structured = Counter("<h4>" in record["abstractText"] for record in RECORDS if "abstractText" in record)
    assert structured[True] > structured[False] >= 4
    assert any("collectiveName" in author for record in RECORDS for author in record["authorList"]["author"])


def test_abstracts_are_as_long_as_abstracts_are():
    lengths = [
        words(record) for record in RECORDS if "abstractText" in record and record["language"] != "chi"
    ]
    assert min(lengths) >= 140
    assert max(lengths) <= 260


def test_counts_agree_with_their_percentages():
    wrong = [
        (record["id"], found.group())
        for record in RECORDS
        for found in re.finditer(
            r"([\d,]+) of (?:the )?([\d,]+)[^.;()]{0,60}\((\d+\.\d)%", record.get("abstractText", "")
        )
        if abs(100 * number(found[1]) / number(found[2]) - float(found[3])) > 0.0501
    ]
    assert wrong == []


def test_estimates_lie_within_their_intervals():
    interval = r"95% CI (-?[\d.]*\d) to (-?[\d.]*\d)"
    pattern = r"(-?\d[\d.]*)(?:%| points?| percentage points)?(?:,| \(|; )\s?" + interval
    triples = [
        tuple(map(float, triple))
        for record in RECORDS
        for triple in re.findall(pattern, record.get("abstractText", ""))
    ]
    assert len(triples) > 50
    assert [triple for triple in triples if not triple[1] < triple[0] < triple[2]] == []


def number(text):
    return int(text.replace(",", ""))


def test_years_studies_and_cancers_vary():
    years = {int(record["pubYear"]) for record in RECORDS}
    assert min(years) == 2015
    assert max(years) == 2026
    kinds = {kind for record in RECORDS for kind in types(record)}
    assert {
        "Randomized Controlled Trial",
        "Systematic Review",
        "Case Reports",
        "Practice Guideline",
        "Editorial",
    } <= kinds
    descriptors = {
        heading["descriptorName"]
        for record in RECORDS
        for heading in record.get("meshHeadingList", {}).get("meshHeading", [])
    }
    cancers = re.compile(r"Neoplasms|[Cc]arcinoma|oma\b|Leukemia|Lymphoma|Sarcoma|Hodgkin|Wilms|blastoma")
    assert len({name for name in descriptors if cancers.search(name)}) >= 20
