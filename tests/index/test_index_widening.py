"""Words that name a thing are read as all its names, and can be read as words again."""

from dataclasses import replace

import pytest

from domain.query import And, Node, Not, Or, Phrase, Preferring, Synonyms, Word
from index.language.parsing import parse_query
from index.language.widening import MAX_GROUPS


def unwritten(node: Node | None) -> Node | None:
    """The tree without what was typed for each group."""
    match node:
        case And(parts):
            return And(tuple(unwritten(part) for part in parts))
        case Or(parts):
            return Or(tuple(unwritten(part) for part in parts))
        case Not(part):
            return Not(unwritten(part))
        case Preferring(part, better):
            return Preferring(unwritten(part), tuple(map(unwritten, better)))
        case Synonyms():
            return replace(node, written="")
    return node


def shape(text: str, **options):
    """The tree, with each group as its key and field."""

    def of(node):
        match node:
            case And(parts):
                return ("and", *map(of, parts))
            case Or(parts):
                return ("or", *map(of, parts))
            case Not(part):
                return ("not", of(part))
            case Synonyms():
                return (node.key, node.field)
        return node

    return of(parse_query(text, **options).node)


@pytest.mark.parametrize(
    "wordings",
    [
        ("bowel cancer", "colorectal neoplasms", "colon tumour", "Cancer of the colon", "COLORECTAL CANCER"),
        ("tumour", "tumor", "Tumors"),
        ("bowel cancer surgery", "colon tumor surgery"),
        ("does aspirin prevent bowel cancer?", "does aspirin prevent colorectal neoplasms?"),
        ("what helps against bowel cancer that came back after surgery", "what helps against colon cancer "
         "that came back after surgery"),
        ("bowel cancer AND screening", "colorectal tumours AND screening"),
        ("bowel cancer[ti]", "TITLE:(colorectal neoplasm)"),
        ("screening NOT bowel cancer[tiab]", "screening -(colon tumour)[tiab]"),
    ],
)  # fmt: skip
def test_every_wording_is_read_alike_and_means_the_same(wordings):
    readings = [parse_query(wording) for wording in wordings]
    assert len({unwritten(reading.node) for reading in readings}) == 1
    assert len({reading.meaning for reading in readings}) == 1
    assert readings[0].synonyms


def test_a_group_says_what_it_is_and_what_was_written():
    (group,) = parse_query("Is bowel cancer rare").synonyms
    assert (group.key, group.label, group.written) == (
        "cancer:colorectal",
        "colorectal cancer",
        "bowel cancer",
    )
    assert "bowel cancer" in group.wordings
    assert group.source


def test_a_thing_counts_as_one_word_of_a_plain_list():
    assert shape("aspirin bowel cancer mortality")[0] == "and"
    assert shape("aspirin for bowel cancer mortality today")[0] == "or"
    assert shape("bowel cancer, colon cancer") == ("cancer:colorectal", None)


def test_only_loose_words_are_widened():
    assert parse_query('"bowel cancer"').node == Phrase("bowel cancer")
    assert parse_query("tumour*").node == Word("tumour", prefix=True)
    assert parse_query("AUTH:tumour").node == Word("tumour", "authors")
    assert parse_query("tumour[au]").node == Word("tumour", "authors")
    assert not parse_query('"bowel cancer" tumour* AUTH:tumour').synonyms


def test_words_on_both_sides_of_an_operator_name_no_thing_together():
    assert shape("bowel AND cancer") == ("and", *(shape(word) for word in ("bowel", "cancer")))
    assert shape("nurse AND bowel cancer home") == (
        "and",
        Word("nurse"),
        ("cancer:colorectal", None),
        Word("home"),
    )
    assert shape("NOT bowel cancer") == ("not", ("cancer:colorectal", None))


def test_fields_of_text_are_widened_in_each_field():
    assert shape("tumour[tiab]") == ("or", ("spelling:tumour", "title"), ("spelling:tumour", "abstract"))
    assert shape("title:tumor") == ("spelling:tumour", "title")
    assert shape("(bowel cancer OR nodule)[ti]") == (
        "or",
        ("cancer:colorectal", "title"),
        Word("nodule", "title"),
    )
    assert shape("(bowel cancer)[ad]") == Phrase("bowel cancer", "affiliation")


def test_a_group_that_is_switched_off_is_read_as_words():
    for keys in ({"cancer:colorectal"}, {"*"}, {"*", "cancer:colorectal"}):
        reading = parse_query("bowel cancer", frozenset(keys))
        assert reading.node == And((Word("bowel"), Word("cancer")))
        assert [group.key for group in reading.synonyms] == ["cancer:colorectal"]
        assert reading.literal == {"cancer:colorectal"}
        assert reading.meaning == "bowel cancer"
    reading = parse_query("bowel cancer tumours", frozenset({"cancer:colorectal", "unknown"}))
    assert [group.key for group in reading.synonyms] == ["cancer:colorectal", "spelling:tumour"]
    assert reading.literal == {"cancer:colorectal"}


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("what is the Best test for bowel cancer?", "what is the Best test for colorectal cancer"),
        ("Tumors", "tumour"),
        ("AUTH:Souza AND year:2020", ""),
        ("10.5555/invented.2", ""),
        ("NCT09999991", ""),
        ("9000003", ""),
        ("PMC9000006", ""),
        ("vaccinat*", ""),
        ("the of", ""),
        ("", ""),
        ("country:BR AND (title:nodules OR growth) NOT mice", "nodules growth"),
        ("nodules[tiab] AND 2020[dp]", "nodules"),
        ('"immune checkpoint" AND tumors', "immune checkpoint tumour"),
        ("NCT09999991 melanoma", "melanoma"),
    ],
)
def test_meaning_is_the_subject_alone(text, meaning):
    assert parse_query(text).meaning == meaning


@pytest.mark.parametrize(
    "text", ["nodules AND growth", '"lung nodules"', "nodules[ti]", "ti:nodules", "-mice x1"]
)
def test_whoever_uses_operators_quotes_or_fields_is_strict(text):
    assert parse_query(text).strict


def test_a_plain_list_is_not_strict():
    assert not parse_query("what is (colon) cancer?").strict


def test_widening_is_bounded_and_said():
    reading = parse_query(" AND ".join(["tumour"] * (MAX_GROUPS + 3)))
    assert sum(isinstance(node, Synonyms) for node in reading.node.parts) == MAX_GROUPS
    assert len(reading.notes) == 1


@pytest.mark.parametrize(
    "wordings",
    [("HER2", "HER-2", "her-2"), ("IL2", "IL-2"), ("BRCA1", "BRCA-1"), ("x7", "X-7"), ("K-ras", "KRAS")],
)
def test_a_code_is_one_thing_with_its_hyphen_and_without(wordings):
    keys = {parse_query(text).synonyms[0].key for text in wordings}
    assert len(keys) == 1
    assert len({tuple(map(str.lower, parse_query(text).synonyms[0].wordings)) for text in wordings}) == 1


@pytest.mark.parametrize("text", ["phase-3", "week-12", "exon-20", "2019", "T-cell", "anti-PD"])
def test_a_number_after_an_everyday_word_makes_no_code(text):
    assert not any(group.key.startswith("code:") for group in parse_query(text).synonyms)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        *(("肺癌的治疗", "肺癌 治疗"), ("什么是肺癌", "什么是 肺癌"), ("肺がんの治療", "肺がん 治療")),
        *(("폐암의 치료", "폐암 치료"), ("폐암치료", "폐암 치료"), ("폐암", "lung cancer")),
        *(("फेफड़ों का कैंसर।", "lung cancer"), ("KANKER PAYUDARA", "breast cancer")),
        *(("पेट के कैंसर", "पेट का कैंसर"), ("पेट कैंसर", "stomach cancer")),
        *(("乳がん／治療", "乳がん 治療"), ("肺癌／胃癌", "肺癌 胃癌")),
        *(("kanker mulut rahim", "cervical cancer"), ("kanker mulut", "mouth cancer")),
        *(("ung thư phổi", "lung cancer"), ("prostat kanseri", "prostate cancer")),
        *(("结节和肺癌", "结节 肺癌"), ("肺癌", "lung cancer"), ("HER2阳性乳腺癌", "HER2阳性 乳腺癌")),
    ],
)
def test_a_name_within_a_script_without_spaces_is_known(text, same):
    found, wanted = parse_query(text), parse_query(same)
    assert [group.key for group in found.synonyms] == [group.key for group in wanted.synonyms] != []
    assert len(getattr(found.node, "parts", "x")) == len(getattr(wanted.node, "parts", "x"))


@pytest.mark.parametrize("text", ["进展期", "的治疗", "もの", "인간암", "의", '"肺癌的治疗"'])
def test_other_words_of_such_scripts_stay_whole(text):
    assert parse_query(text).node in (Word(text), Phrase(text.strip('"')))


@pytest.mark.parametrize(
    ("text", "field", "behind"),
    [
        ("melanoma NOT breast cancer", None, ()),
        ("melanoma -breast cancer screening", None, (Word("screening"),)),
        ("melanoma AND NOT breast cancer AND screening", None, (Word("screening"),)),
        ("title:(melanoma NOT breast cancer)", "title", ()),
    ],
)
def test_a_thing_behind_not_is_kept_out_whole_where_its_names_are_switched_off(text, field, behind):
    out = Not(And((Word("breast", field), Word("cancer", field))))
    assert parse_query(text, frozenset("*")).node == And((Word("melanoma", field), out, *behind))


def test_a_thing_behind_not_is_kept_out_whole_before_years():
    node = parse_query("retraction AND NOT breast cancer since 2020", frozenset("*")).node
    assert Not(And((Word("breast"), Word("cancer")))) in node.parts
