"""What is taken for a country's name out of a repository of names; the names are invented, or countries'."""

import json

import pytest

from benchmarks import country_names


@pytest.fixture
def folder(tmp_path):
    for one in (*country_names._LANGUAGES.split(), *country_names._AT_HOME.split()):
        write(tmp_path, one.partition(":")[0], {})
    return tmp_path


def write(folder, language, territories):
    told = {"localeDisplayNames": {"territories": territories}}
    (folder / language).mkdir(exist_ok=True)
    path = folder / language / "territories.json"
    path.write_text(json.dumps({"main": {language: told}}), "utf-8")


def names(folder, language, territories, cities=()):
    write(folder, language, territories)
    return country_names.telling_names(folder, cities)


def test_names_are_those_of_one_country_in_any_variant(folder):
    given = {"FR": "Exemplien", "FR-alt-short": "Exem", "001": "Welt", "DE": "Zweit", "AT": "Zweit"}
    assert names(folder, "de", given) == {"exemplien": "FR", "exem": "FR"}


def test_small_languages_name_only_their_own_country(folder):
    assert names(folder, "fi", {"FI": "Esimerkki", "SE": "Toinen"}) == {"esimerkki": "FI"}


def test_what_means_something_else_is_left_out(folder):
    given = {
        "FR": "France",
        "SH": "Sveta Helena",
        "OM": "عمان",
        "DE": "Kur",
        "NL": "Bigtown",
        "BE": "Smalltown",
    }
    cities = [
        {"name": "Bigtown", "population": 20_000, "countrycode": "US"},
        {"name": "Smalltown", "population": 2_000, "countrycode": "US"},
    ]
    assert names(folder, "hr", given, cities) == {"smalltown": "BE"}
