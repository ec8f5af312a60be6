"""What is passed over for want of hints is what nothing would be found in. All texts are invented."""

import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from config import load_table
from crawler.telling import (
    affiliations,
    availability,
    cancer_words,
    industry,
    institutions,
    samples,
    study_types,
    trials,
    vocabulary,
)
from crawler.telling import sample_phrases as phrases
from crawler.telling.hints import Hints

_FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
_STUDY_TYPES = load_table("study_types")
_WORDS = sorted(
    {
        word.rstrip("*")
        for row in load_table("cancer_types").values()
        for phrase in (*row.get("words", ()), *row.get("organs", ()), *row.get("exclusions", ()))
        for word in phrase.split()
    }
)
_BETWEEN = [
    " ",
    "  ",
    "-",
    " - ",
    ", ",
    ". ",
    "? ",
    " of the ",
    "\n",
    "_",
    "–",
    "\u00a0",
    "é",
    "β",
    "İ",
    "\ud800",
    "癌",
]


@given(st.lists(st.text("ab x", min_size=1, max_size=4), max_size=6), st.text("ab xé\ud800", max_size=20))
def test_hints_are_found_as_pieces_are_looked_for(pieces: list[str], text: str) -> None:
    hints = Hints({"even": pieces[::2], "odd": pieces[1::2]})
    wanted = {
        name for name, own in (("even", pieces[::2]), ("odd", pieces[1::2])) if any(p in text for p in own)
    }
    assert hints.within(text) == wanted
    assert Hints({True: pieces}).within(text) == ({True} if wanted else set())


@pytest.mark.parametrize("code", [code for code, row in _STUDY_TYPES.items() if "title" in row])
@_FEW
@given(data=st.data())
def test_no_title_that_tells_a_kind_of_study_is_passed_over(code: str, data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(_STUDY_TYPES[code]["title"]))
    title = data.draw(st.from_regex(pattern, fullmatch=True)).lower()
    assume(re.search(pattern, title))
    assert Hints({code: _STUDY_TYPES[code]["title_hints"]}).within(title), pattern


_IN_TEXTS = [
    (pattern, hints) for row in _STUDY_TYPES.values() for pattern, hints in row.get("text", {}).items()
]


@pytest.mark.parametrize(("pattern", "hints"), _IN_TEXTS)
@_FEW
@given(data=st.data())
def test_no_abstract_that_tells_a_kind_of_study_is_passed_over(
    pattern: str, hints: list[str], data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True)).lower()
    assume(re.search(pattern, text))
    assert Hints({True: hints}).within(text)
    assert re.search(study_types._behind_a_mark(pattern), f"\n{text}")


@_FEW
@given(st.from_regex(cancer_words.NOUN, fullmatch=True))
def test_no_word_for_cancer_is_passed_over(word: str) -> None:
    assert vocabulary.may_name_cancer(f"({word})")


@settings(_FEW, max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from(_BETWEEN)), max_size=7))
def test_cancer_types_are_the_same_whether_or_not_a_text_is_sieved(pieces: list[tuple[str, str]]) -> None:
    text = "".join(word + between for word, between in pieces)
    whole = vocabulary.types_in(text + " . cancer")  # is read for its last word
    assert vocabulary.types_in(text + " . ") == whole - Counter([cancer_words.GENERAL])
    assert vocabulary.may_name_cancer(text) or not vocabulary.types_in(text)


_TRIAL_PIECES = [*(hint for one in trials.registries() for hint in one.hints), "1234", "56", " ", "é", "\n"]


@_FEW
@given(st.lists(st.sampled_from(_TRIAL_PIECES), max_size=6), st.booleans())
def test_registers_are_named_where_their_hints_stand(pieces: list[str], upper: bool) -> None:
    text = "".join(pieces).upper() if upper else "".join(pieces)
    named = [one for one in trials.registries() if any(hint in text.lower() for hint in one.hints)]
    long = re.search("[0-9]{4} ?[0-9]", text)
    assert trials._named_in(text) == tuple(one for one in named if long or one.short)


_NUMBERED = ["12", "twelve", "a", "hundred", "(n = 7)", "of", "were", "assigned to A and", "screened", "kept"]
_NUMBERED += [
    "enrolled",
    "included",
    "records",
    "among",
    ",",
    "é",
    "ſ",
    "-",
    "Women",
    "PATIENTS",
    *phrases._patterns().unit_of,
]


@_FEW
@given(st.lists(st.sampled_from(_NUMBERED), max_size=14))
def test_no_number_of_a_sample_is_passed_over(words: list[str]) -> None:
    sentence = " ".join(words)
    hints = phrases.hinted(samples._words(sentence.lower().encode("ascii", "replace")))
    everything = frozenset({"unit", "screened", "assigned", "kept", "number"})
    assert phrases.phrases(sentence, hints) == phrases.phrases(sentence, everything)


@_FEW
@given(st.from_regex(samples._SKIPPED, fullmatch=True), st.text("ab é", max_size=5))
def test_no_heading_of_what_is_not_read_is_passed_over(words: str, text: str) -> None:
    label = f"{text} {words} {text}"
    skipped = samples._SKIPPED.search(label) and not samples._TOLD.search(label)
    assert samples._is_skipped(label) == bool(skipped)


@_FEW
@given(st.sampled_from(availability._HINTS), st.text("ab é", max_size=5))
def test_no_hint_of_sharing_is_passed_over(hint: str, text: str) -> None:
    assert availability._hinted(f"{text}{hint.upper()}{text}")


_COMPANY_PIECES = [
    "Novartis",
    "Invented",
    " Inc",
    " GmbH",
    " S.A.",
    " Pharma",
    "-",
    "_",
    ", ",
    "; ",
    "é",
    " of ",
]


@_FEW
@given(st.lists(st.sampled_from(_COMPANY_PIECES), max_size=7))
def test_no_company_is_passed_over(pieces: list[str]) -> None:
    text = "".join(pieces)
    hinted = industry._hints().within(industry._bare(text))
    assert "form" in hinted or not industry._HINT.search(text)
    assert "listed" in hinted or not any(industry._find_listed(text))
    listed = industry._listed(industry._names()).finditer(text)
    assert [match[0] for match in industry._find_listed(text)] == [match[0] for match in listed]


@_FEW
@given(
    st.lists(
        st.sampled_from(["Email: ", "E-MAIL", "corresponding", "&amp;", "Electronic address", "ſ", " x "])
    )
)
def test_no_noise_of_an_affiliation_is_kept(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert affiliations._without_noise(text) == affiliations._NOISE.sub(" ", text)


@_FEW
@given(st.text("a1.,;|(\n \t\u00a0é", max_size=12))
def test_parts_of_an_affiliation_are_told_alike(text: str) -> None:
    plain = institutions._PARTS.sub("/", text)
    found = institutions._words(institutions._in_parts(text), institutions._PARTED)
    assert found == re.findall("[a-z0-9]+|/", plain)


@_FEW
@given(st.lists(st.sampled_from(["we", "data", "İ", "ſ", *load_table("sharing")["hints"]["deposit"]])))
def test_a_sentence_that_tells_of_a_deposit_is_read(words: list[str]) -> None:
    sentence = " have been ".join(words)
    assert availability._tells("deposit", sentence) == bool(availability._cue("deposit").search(sentence))


@pytest.mark.parametrize(
    ("cue", "pattern"),
    [(cue, one) for cue in load_table("sharing")["hints"] for one in load_table("sharing")[cue]],
)
@_FEW
@given(data=st.data())
def test_no_cue_is_passed_over(cue: str, pattern: str, data: st.DataObject) -> None:
    sentence = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE), fullmatch=True))
    assert availability._tells(cue, sentence) or not availability._cue(cue).search(sentence)
