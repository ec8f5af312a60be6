"""The table of synonyms is edited by hand: these are its promises."""

import json
import re
import unicodedata

import pytest

from config import load_table

TABLE = load_table("synonyms")
KINDS = ("cancer", "term", "gene", "drug")
ROWS = [(kind, code, row) for kind in KINDS for code, row in TABLE[kind].items()]
FIELDS = {"label", "wordings", "organs", "sites", "carcinoma", "typed", "capitals", "source"} | {
    "organs_typed",
    "benign",
    "european",
    "abroad",
    "narrower",
}
SOURCES = {"MeSH", "Disease Ontology", "NCI Dictionary of Cancer Terms", "Findings", "spelling"}
EVERYDAY = {
    "all",
    "fit",
    "met",
    "kit",
    "cat",
    "pet",
    "rat",
    "gist",
    "cup",
    "aids",
    "ends",
    "trail",
    "prom",
    "pro",
}
"""Words that are short forms of something when written in capitals."""


ENGLISH_TOO = {"anal", "cerebral", "hepatic", "ocular", "oral", "renal", "tumor", "tumors"}
"""Words of other languages that English texts have, whether or not an English wording holds them."""


def names(row):
    return [
        row["label"],
        *row.get("wordings", []),
        *row.get("typed", []),
        *row.get("capitals", []),
        *row.get("european", []),
        *row.get("abroad", []),
    ]


def folded(text):
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def test_a_row_is_whole():
    assert set(TABLE) == {"forms", "spelling", *KINDS}
    for kind, code, row in ROWS:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code), code
        assert set(row) <= FIELDS, code
        assert {"label", "source"} <= set(row), code
        assert row.get("source") in SOURCES, code
        assert {"wordings", "typed", "organs", "capitals", "narrower"} & set(row), (
            f"{kind}.{code} says nothing"
        )
        assert all(value != [] for value in row.values()), f"{code}: leave a field out rather than empty"
        assert all(name == name.strip() and "  " not in name for name in names(row)), code


def test_what_is_narrower_has_a_row_and_is_not_wider_too():
    for kind, code, row in ROWS:
        for path in row.get("narrower", []):
            below, name = path.split(".")
            assert f"{kind}.{code}" not in TABLE[below][name].get("narrower", []), path


def test_a_name_stands_once():
    owner = {}
    for kind, code, row in ROWS:
        listed = [folded(name) for name in [row["label"], *row.get("wordings", []), *row.get("typed", [])]]
        assert len(listed) == len(set(listed)), f"{code} says something twice"
        for name in listed:
            assert owner.setdefault(name, (kind, code)) == (kind, code), name


def plain_words(text):
    """Its words as the index folds them, without accents; letters of other scripts stay."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return set(re.findall(r"[^\W\d_]+", bare))


def test_a_name_abroad_is_not_of_english_words_alone():
    """Such a name is read where one English sentence ends and the next begins."""
    english = set(ENGLISH_TOO)
    for _, _, row in ROWS:
        for field in ("wordings", "typed", "organs", "sites"):
            english.update(*map(plain_words, row.get(field, [])))
        english |= plain_words(row["label"])
    abroad = [name for _, _, row in ROWS for name in row.get("abroad", [])]
    assert abroad
    assert [name for name in abroad if plain_words(name) <= english] == []


def test_everyday_words_count_in_capitals_only():
    for _, code, row in ROWS:
        for name in names(row):
            assert name.lower() not in EVERYDAY or name in row.get("capitals", []), code
        assert all(name.isupper() for name in row.get("capitals", [])), code


def test_capitals_the_index_cannot_tell_from_common_words_are_not_searched_for():
    searched = {name.lower() for _, _, row in ROWS for name in [row["label"], *row.get("wordings", [])]}
    assert searched & {"all", "fit", "met", "kit", "cat", "ends", "cup", "aids"} == set()


@pytest.mark.parametrize("part", ["alike", "starts", "plurals"])
def test_a_spelling_stands_once(part):
    listed = [written for group in TABLE["spelling"][part] for written in group]
    assert len(listed) == len(set(listed))
    assert all(len(group) > 1 for group in TABLE["spelling"][part])
    assert all(re.fullmatch("[a-z]+", written) for written in listed)
    assert all(len(written) >= 4 for written in listed) or part != "starts"


def test_verbs_stand_once():
    verbs = TABLE["spelling"]["verbs"]
    assert [verb for verb in set(verbs) if verbs.count(verb) > 1] == []


def test_facts_from_the_dictionary_are_in_it(shared_data):
    """Each name of a drug or gene, and one of a cancer or term, stands beside another of its names."""
    path = shared_data / "plain-language" / "nci-glossary" / "cancer_gov_glossary.json"
    entries = [squeezed(f"{e['term']} {e['plain_alternative']}") for e in json.loads(path.read_text("utf-8"))]
    for kind, code, row in ROWS:
        if row["source"] != "NCI Dictionary of Cancer Terms":
            continue
        own = [squeezed(name) for name in [row["label"], *row.get("wordings", []), *row.get("capitals", [])]]
        told = [any(name in text and other_than(name, own, text) for text in entries) for name in own]
        assert all(told) if kind in ("gene", "drug") else any(told), (code, own, told)


def squeezed(text):
    """British and American, joined and apart alike."""
    text = re.sub(r"[^a-z0-9]+", "", text.lower())
    for british, american in (("leuc", "leuk"), ("ae", "e"), ("oe", "e"), ("our", "or"), ("is", "iz")):
        text = text.replace(british, american)
    return text


def other_than(name, own, text):
    rest = text.replace(name, " ")
    return any(other in rest or (name in other and other in text) for other in own if other != name)
