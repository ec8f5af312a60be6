"""The tables that enrichment reads are sound, and their codes are those of the vocabularies they name."""

import csv
import json
import re

import pytest

from config import load_table


def test_cancer_types_have_labels_and_known_parents():
    table = load_table("cancer_types")
    assert 45 <= len(table) <= 70
    for code, row in table.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
        assert row["label"]
        assert "parent" not in row or row["parent"] in table
        assert row.get("words") or row.get("organs")


def test_words_are_folded():
    for row in load_table("cancer_types").values():
        for word in (*row.get("organs", ()), *row.get("words", ())):
            assert re.fullmatch(r"[a-z0-9]+( [a-z0-9]+)*\*?", word), word


def test_mesh_ids_are_real(shared_data):
    path = shared_data / "vocab-cancer" / "mesh-c04" / "data" / "mesh" / "mesh_c04_complete.csv"
    known = {row["mesh_id"]: row["mesh_name"] for row in csv.DictReader(path.open(encoding="utf-8"))}
    crosswalk = (
        shared_data / "vocab-cancer" / "mesh-c04" / "data" / "mondo" / "mondo_mesh_crosswalk.csv"
    ).read_text("utf-8")
    for row in load_table("cancer_types").values():
        for ui, name in row.get("mesh", {}).items():
            assert known.get(ui, name) == name
            assert ui in known or f",{ui}" in crosswalk


def test_oncotree_and_ontology_codes_are_real(shared_data):
    tree = (shared_data / "vocab-cancer" / "oncotree" / "trees" / "oncotree_2025_10_03.json").read_text(
        "utf-8"
    )
    folder = shared_data / "vocab-cancer" / "disease-ontology" / "src" / "ontology" / "subsets"
    ontology = "".join(
        (folder / f"{name}.obo").read_text("utf-8") for name in ("DO_cancer_slim", "TopNodes_DOcancerslim")
    )
    for row in load_table("cancer_types").values():
        assert all(f'"code":{json.dumps(code)}' in tree for code in row.get("oncotree", ()))
        assert all(f"xref: ICD10CM:{code}\n" in ontology for code in row.get("icd10", ()))
        assert all(f"xref: NCI:{code}\n" in ontology for code in row.get("ncit", ()))


def test_no_alias_means_two_countries():
    seen = {}
    for code, row in load_table("countries").items():
        for name in (*row.get("names", ()), *row.get("places", ())):
            assert seen.setdefault(name, code) == code, name


def test_income_groups_are_the_world_banks(shared_data):
    folder = shared_data / "countries-income"
    codes = list(csv.DictReader((folder / "country-codes.csv").open(encoding="utf-8-sig")))
    path = folder / "worldbank_income_levels_2026-01-04.csv"
    income = {row["iso3"]: row["income_code"] for row in csv.DictReader(path.open(encoding="utf-8"))}
    groups = {"HIC": "high", "UMC": "upper-middle", "LMC": "lower-middle", "LIC": "low"}
    table = load_table("countries")
    for row in codes:
        if alpha2 := row["ISO3166-1-Alpha-2"]:
            stated = table[alpha2].get("income", {}).get("2026")
            assert stated == groups.get(income.get(row["ISO3166-1-Alpha-3"], ""))


@pytest.mark.parametrize("name", ["study_types", "registries"])
def test_every_row_has_a_name_and_sound_patterns(name):
    for row in load_table(name).values():
        assert row.get("label") or row.get("title")
        patterns = [row["pattern"]] if name == "registries" else [*row.get("title", ()), *row.get("text", ())]
        for pattern in patterns:
            re.compile(pattern)
