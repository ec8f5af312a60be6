"""Abstracts and meetings. Papers and people are invented; the forms of DOIs are those of real supplements."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config import load_table
from crawler.sources import crossref
from crawler.telling.enrich import enrich
from crawler.telling.meetings import meeting, place, series_name, series_of
from domain.errors import RecordRejected
from domain.identifiers import Identifiers
from domain.paper import Journal, Version, VersionKind
from domain.statements import Meeting


def version(doi: str, title: str = "An invented trial in breast cancer", pages: str = "", **more) -> Version:
    journal = Journal("An invented journal", pages=pages)
    return Version(VersionKind.ARTICLE, Identifiers(doi=doi), title, journal=journal, **more)


@pytest.mark.parametrize(
    ("doi", "series", "year", "number"),
    [
        ("10.1200/jco.2021.39.15_suppl.4068", "asco", 2021, "4068"),
        ("10.1200/jco.2007.25.18_suppl.9072", "asco", 2007, "9072"),
        ("10.1200/jco.2019.37.15_suppl.e14069", "asco", 2019, "e14069"),
        ("10.1200/jco.2019.37.18_suppl.lba4", "asco", 2019, "LBA4"),
        ("10.1200/jco.2024.42.16_suppl.tps123", "asco", 2024, "TPS123"),
        ("10.1200/jco.2023.41.4_suppl.lba661", "asco-gi", 2023, "LBA661"),
        ("10.1200/jco.2024.42.4_suppl.lba360", "asco-gu", 2024, "LBA360"),
        ("10.1158/1538-7445.am2018-312", "aacr", 2018, "312"),
        ("10.1158/1538-7445.am10-lb-12", "aacr", 2010, "LB-12"),
        ("10.1158/1538-7445.sabcs19-p1-02-03", "sabcs", 2019, "P1-02-03"),
        ("10.1158/0008-5472.sabcs-09-4001", "sabcs", 2009, "4001"),
        ("10.1158/1535-7163.targ-19-a001", "ena", 2019, "A001"),
        ("10.1182/blood.v128.22.1234.1234", "ash", 2016, "1234"),
        ("10.1182/blood.v130.suppl_1.55.55", "ash", 2017, "55"),
        ("10.1182/blood-2018-99-112233", "ash", 2018, ""),
        ("10.1182/blood-2021-150001", "ash", 2021, ""),
        ("10.1093/neuonc/noz175.123", "sno", 2019, ""),
        ("10.1136/ijgc-2021-esgo.55", "esgo", 2021, "55"),
        ("10.1136/jitc-2020-sitc2020.0123", "sitc", 2020, "0123"),
        ("10.1200/jgo.18.36400", "uicc", 2018, ""),
    ],
)
def test_a_doi_that_only_abstracts_have_makes_one(doi: str, series: str, year: int, number: str) -> None:
    placed = place(version(doi))
    assert placed.kind is VersionKind.ABSTRACT
    assert placed.meeting == Meeting(series_name(series), series, year, number=number)
    assert meeting(version(doi)) == placed.meeting


@pytest.mark.parametrize(
    "doi",
    [
        "10.1200/jco.2019.37.30_suppl.12",
        "10.1200/jco.2016.34.3_suppl.92",
        "10.1200/op.2023.19.11_suppl.123",
        "10.1093/annonc/mdy269.045",
        "10.1093/neuonc/noz126.010",
    ],
)
def test_an_abstract_of_an_uncertain_meeting_has_none(doi: str) -> None:
    placed = place(version(doi))
    assert (placed.kind, placed.meeting) == (VersionKind.ABSTRACT, None)


@pytest.mark.parametrize(
    "doi",
    [
        "10.1200/jco.2019.37.15.4068",
        "10.1200/jco.19.00123",
        "10.1200/jco.2012.46.2523",
        "10.1200/jgo.18.00123",
        "10.1158/0008-5472.can-19-1234",
        "10.1158/1078-0432.ccr-18-2000",
        "10.1158/1535-7163.mct-19-0001",
        "10.1182/blood.2019001234",
        "10.1182/blood-2017-03-735639",
        "10.1182/blood-2003-11-3820",
        "10.1182/blood.v92.4.1308",
        "10.1182/blood.v94.3.1101.415k32_1101_1106",
        "10.1093/annonc/mdy269",
        "10.1093/neuonc/noz175",
        "10.1136/ijgc-2021-002500",
        "10.1136/jitc-2020-001234",
        "10.1016/j.annonc.2020.08.123",
        "10.1016/j.jtho.2019.08.004",
        "10.1097/01.hs9.0000821000.11111.aa",
        "10.1016/s0167-8140(19)30423-1",
        None,
    ],
)
def test_a_full_paper_of_the_same_journals_stays_one(doi: str | None) -> None:
    assert place(version(doi, pages="1234-1242")) == version(doi, pages="1234-1242")


def test_elsevier_s_abstracts_want_their_coded_titles_and_pages() -> None:
    doi, title = "10.1016/j.annonc.2020.08.123", "1234P Invented drug in breast cancer"
    assert place(version(doi, title, "S812")).meeting == Meeting(
        "ESMO Congress", "esmo", 2020, number="1234P"
    )
    assert place(version(doi, title, "812-820")).kind is VersionKind.ARTICLE
    assert place(version(doi, "Invented drug", "S812")).kind is VersionKind.ARTICLE
    other = place(version("10.1016/j.annonc.2020.10.123", title, "S1300-S1301"))
    assert (other.kind, other.meeting) == (VersionKind.ABSTRACT, None)
    lung = place(version("10.1016/j.jtho.2021.01.004", "P12.05 An invented drug", "S300"))
    assert lung.meeting == Meeting("IASLC World Conference on Lung Cancer", "wclc", 2020, number="P12.05")
    blood = place(version("10.1097/01.hs9.0000821000.11111.aa", "P1213: AN INVENTED DRUG"))
    assert (blood.meeting and blood.meeting.series, blood.meeting and blood.meeting.number) == (
        "eha",
        "P1213",
    )


@pytest.mark.parametrize(
    ("doi", "printed", "pages", "title"),
    [
        ("10.1016/j.annonc.2020.08.123", "LBA12_PR - An invented trial", "S812", "An invented trial"),
        ("10.1016/j.annonc.2020.10.123", "45MO An invented trial", "S812", "An invented trial"),
        ("10.1016/j.jtho.2021.08.123", "P12.05 An invented trial", "S300", "An invented trial"),
        ("10.1158/1538-7445.am2018-312", "Abstract 312: An invented trial", "", "An invented trial"),
        ("10.1158/1538-7445.sabcs19-p1-02-03", "P1-02-03: An invented trial", "", "An invented trial"),
        ("10.1158/1538-7445.am2018-312", "312 patients in a trial", "", "312 patients in a trial"),
        ("10.1200/jco.2021.39.15_suppl.12", "120 invented patients", "", "120 invented patients"),
        ("10.1200/jco.2021.39.15.12", "12 An invented trial", "", "12 An invented trial"),
    ],
)
def test_an_abstract_s_number_is_no_part_of_its_title(doi: str, printed: str, pages: str, title: str) -> None:
    assert place(version(doi, printed, pages)).title == title


def test_what_a_source_states_stays() -> None:
    stated = Meeting("2019 ASCO Annual Meeting I", place="Chicago, IL", number="7")
    placed = place(version("10.1200/jco.2019.37.15_suppl.4068", meeting=stated))
    assert placed.meeting == Meeting("2019 ASCO Annual Meeting I", "asco", 2019, "Chicago, IL", number="7")
    alone = place(version("10.5555/invented.1", meeting=Meeting("ESMO Asia Virtual Congress 2020")))
    assert (alone.kind, alone.meeting) == (
        VersionKind.ARTICLE,
        Meeting("ESMO Asia Virtual Congress 2020", "esmo-asia", 2020),
    )
    book = Meeting("Invented Society 49th Meeting: Abstracts of Completed Research 2021")
    assert place(version("10.5555/invented.1", meeting=book)).kind is VersionKind.ABSTRACT


@pytest.mark.parametrize("title", ["Erratum: an invented trial", "Correction to: an invented trial"])
def test_notices_and_companions_are_no_abstracts(title: str) -> None:
    doi = "10.1200/jco.2021.39.15_suppl.4068"
    assert place(version(doi, title)).kind is VersionKind.ARTICLE
    assert place(version(doi, companion=True)) == version(doi, companion=True)


@pytest.mark.parametrize(
    ("name", "series"),
    [
        ("2024 ASCO Annual Meeting I", "asco"),
        ("54th Annual Meeting of the American Society of Clinical Oncology", "asco"),
        ("ASCO Gastrointestinal Cancers Symposium 2023", "asco-gi"),
        ("Proceedings: AACR Annual Meeting 2019; March 29-April 3, 2019; Atlanta, GA", "aacr"),
        ("Thirty-Seventh Annual CTRC-AACR San Antonio Breast Cancer Symposium", "sabcs"),
        ("61st ASH Annual Meeting and Exposition", "ash"),
        ("IASLC 2019 World Conference on Lung Cancer", "wclc"),
        ("ESMO Virtual Congress 2020", "esmo"),
        ("2016 ESMO Asia Congress", "esmo-asia"),
        ("UICC World Cancer Congress", "uicc"),
        ("AORTIC 11th International Conference on Cancer in Africa", "aortic"),
        ("Best of ASCO in Nowhere", None),
        ("A meeting on esmology and congresses", None),
        ("", None),
    ],
)
def test_names_as_printed_tell_the_series(name: str, series: str | None) -> None:
    assert series_of(name) == series


def test_the_table_is_sound() -> None:
    table = load_table("meetings")
    assert all(row["name"] and series_of(row["name"]) == code for code, row in table["series"].items())
    assert all(row.get("series", "asco") in table["series"] for row in table["supplement"])
    aliases = [alias.casefold() for row in table["series"].values() for alias in row["aliases"]]
    assert len(aliases) == len(set(aliases))


def test_recorded_works_of_crossref(shared_data: Path) -> None:
    """An abstract of ASCO's is one; no other of the recorded works becomes one by its DOI."""
    became, abstracts = [], {}
    with (shared_data / "api-crossref" / "crossref_works_extracted.jsonl").open("rb") as stream:
        for record in crossref.parse_records(stream, datetime.now(UTC)):
            try:
                read = crossref.to_version(record)
            except RecordRejected:
                continue
            placed = place(read)
            if placed.kind is not read.kind and not (read.meeting and "bstracts" in read.meeting.name):
                became.append(record.native_id)
            if placed.meeting and placed.meeting.series:
                abstracts[json.loads(record.payload)["DOI"].lower()] = enrich(read)
    assert became == []
    asco = abstracts["10.1200/jco.2021.39.15_suppl.4068"]
    assert (asco.kind, asco.meeting) == (
        VersionKind.ABSTRACT,
        Meeting("ASCO Annual Meeting", "asco", 2021, number="4068"),
    )
