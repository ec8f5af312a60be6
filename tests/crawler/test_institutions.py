"""Institutions of affiliations. Strings and the dump are invented unless they come from shared data."""

import json
import zipfile

import pytest

from config import load_table
from crawler.telling.affiliations import country
from crawler.telling.institutions import curated, fold, load_ror, use_dump
from domain.errors import SourceChanged


@pytest.fixture
def _dump_in_use(tmp_path):
    path = tmp_path / "dump.json"
    path.write_text(json.dumps([record("r1", "Example Clinic", "CH", "Basel")]), "utf-8")
    use_dump(path)
    yield
    use_dump(None)


def record(number, name, code, town, status="active", *others):
    place = {"geonames_details": {"country_code": code, "name": town}}
    names = [{"value": value, "types": ["label"]} for value in (name, *others)]
    return {"id": f"https://ror.org/{number}", "names": names, "locations": [place], "status": status}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Faculty of Medicine, Ain Shams University", "EG"),
        ("Department of Medicine, McGill University", "CA"),
        ("National Cancer Institute, Cairo University", "EG"),
        ("Universiteit Gent", "BE"),
        ("Old Dominion University", "US"),
        ("Uganda Cancer Institute", "UG"),
        ("北京大学", "CN"),
        ("НИИ онкологии, Москва", "RU"),
        ("Klinik X, D-80331", "DE"),
        ("Hospital X, DK-2100 Y", "DK"),
        ("Anhui Agricultural University", "CN"),
        ("Unit X, London, ON", "CA"),
        ("Unit X, Nairobi", "KE"),
        ("Catholic University of X", None),
        ("Anhui Smith, painter", None),
        ("Unit E-1234", None),
    ],
)
def test_countries_without_a_countrys_name(text, code):
    assert country(text) == code


def test_ids_stand_only_where_the_name_is_whole():
    known = curated()
    assert known.find("Division X, University of Oxford, Oxford, UK").ror == "https://ror.org/052gg0110"
    assert known.find("University of Oxford Hospital") is None
    assert known.find("Catholic University of Campinas") is None
    assert known.find("University of Cambridge", "US") is None


def test_curated_ids_are_those_of_rors_own_tests(shared_data):
    texts = [path.read_text("utf-8") for path in sorted((shared_data / "ror").glob("*.json"))]
    for rows in load_table("institutions").values():
        for row in rows:
            ror = "" if isinstance(row, str) else row.get("ror", "")
            assert any(ror in text for text in texts), row["name"]


def test_a_name_inside_a_longer_one_tells_where_it_is_and_gives_no_id():
    hospital = "University of Oxford Hospital"
    assert curated().find(hospital) is None
    assert curated().find(hospital, within=True).country == "GB"


def test_an_institution_without_an_id_may_be_passed_over():
    text = "Invented Ward, Zhujiang Hospital, Southern Medical University, Guangzhou, China"
    assert curated().find(text, "CN").ror == ""
    assert curated().find(text, "CN", identified=True).ror == "https://ror.org/01vjw4z39"
    assert curated().find("Zhujiang Hospital", "CN", identified=True) is None


def test_found_ids_agree_with_rors_labels(shared_data):
    right = wrong = 0
    for name in ("crossref_2024_02_19", "springer_2023_10_31"):
        rows = json.loads((shared_data / "ror" / f"dataset_affiliations_{name}.json").read_text("utf-8"))
        for row in rows:
            place = country(row["affiliation"])
            if found := curated().find(row["affiliation"], place, identified=True):
                right += found.ror in row["ror_ids"]
                wrong += found.ror not in row["ror_ids"]
    print(
        f"institutions: {right / (right + wrong):.4f} of {right + wrong} ids are those that ROR's tests give"
    )
    assert right > 1500
    assert right / (right + wrong) >= 0.95


def test_a_dump_gives_ids_and_countries(tmp_path):
    rows = [
        record("r1", "Example Clinic", "CH", "Basel", "active", "Klinik Beispiel", "EC"),
        record("r2", "Twin Institute", "FR", "Lyon"),
        record("r3", "Twin Institute", "FR", "Nice"),
        record("r4", "Closed Institute", "FR", "Nice", "withdrawn"),
    ]
    archive = tmp_path / "v1-ror-data.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("v1-ror-data.json", "[]")
        packed.writestr("v1-ror-data_schema_v2.json", json.dumps(rows))
    known = load_ror(archive)
    assert known.find("Ward 1, Klinik Beispiel, Basel").ror == "https://ror.org/r1"
    assert known.find("Twin Institute, Nice").ror == "https://ror.org/r3"
    assert known.find("Twin Institute") is None
    assert known.find("Closed Institute") is None
    assert known.find("Example Clinic", "DE") is None
    assert known.country_of("https://ror.org/r1") == "CH"


def test_a_name_in_a_dump_is_found_as_others_spell_it(tmp_path):
    rows = [
        record("r1", "MD Example Center", "US", "Houston"),
        record("r2", "A.B. Invented Centre", "BR", "Recife"),
        record("r3", "Exemplar (Switzerland)", "CH", "Basel"),
        record("r4", "Exemplar (Sweden)", "SE", "Lund"),
        record("r5", "National Cancer Center", "KR", "Goyang-si"),
        record("r6", "Invented Institute (Lund)", "SE", "Lund"),
        record("r7", "Second Exemplar (Sweden)", "SE", "Lund"),
    ]
    path = tmp_path / "dump.json"
    path.write_text(json.dumps(rows), "utf-8")
    known = load_ror(path)
    assert known.find("M.D. Example Centre, Houston").ror == "https://ror.org/r1"
    assert known.find("AB Invented Center, Recife").ror == "https://ror.org/r2"
    assert known.find("Oncology, Exemplar, Lund, Sweden", "SE").ror == "https://ror.org/r4"
    assert known.find("Exemplar, Medical Affairs, Lund, Sweden", "SE").ror == "https://ror.org/r4"
    assert known.find("Exemplar, Second Exemplar").ror == "https://ror.org/r7"
    assert known.find("Exemplar", "DE") is None
    assert known.find("Exemplar Street, Lund", "SE") is None
    assert known.find("Invented Institute", "SE") is None
    assert known.find("National Cancer Center, Goyang, Korea", "KR").ror == "https://ror.org/r5"


@pytest.mark.usefixtures("_dump_in_use")
def test_a_dump_in_use_tells_countries():
    assert country("Example Clinic") == "CH"
    assert country("Faculty of Medicine, Ain Shams University") == "EG"


@pytest.mark.parametrize("text", ["{}", "[{]", '[{"id": 1}]', "[1]", "", '[{"status": "active"}]'])
def test_what_is_no_dump_is_refused(tmp_path, text):
    path = tmp_path / "dump.json"
    path.write_text(text, "utf-8")
    with pytest.raises(SourceChanged):
        load_ror(path)


def test_rors_own_records_are_read(tmp_path, shared_data):
    answer = json.loads((shared_data / "ror" / "test_data_search_es7_v2.json").read_text("utf-8"))
    rows = [hit["_source"] for hit in answer["hits"]["hits"]]
    for row, hit in zip(rows, answer["hits"]["hits"], strict=True):
        row.setdefault("id", hit["_id"])
    path = tmp_path / "dump.json"
    path.write_text(json.dumps(rows), "utf-8")
    found = load_ror(path).find("School of X, Monash University, Clayton")
    assert (found.ror, found.country) == ("https://ror.org/02bfwt286", "AU")


def test_fold():
    assert fold("The Université d’Example & Co.") == "universite dexample and co"
