"""Where a short form is used: as a word of its own, singular or plural, and in no longer name."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text import abbreviations
from summarizer.text.abbreviations import Speller, _use, find_abbreviations, find_definition


def pattern(short):
    """What is looked for, as a pattern."""
    stem = short.removesuffix("s") if short[-1] == "s" and short[:-1].isupper() else short
    return re.compile(rf"(?<![\w/.-]){re.escape(stem)}s?(?![\w/])(?!-?\d)")


@pytest.mark.parametrize(
    ("short", "text", "span"),
    [
        ("OS", "OS was longer", (0, 2)),
        ("HRs", "two HR and HRs", (4, 6)),
        ("HR", "HRs", (0, 3)),
        ("HR", "HR-1, DHR, HR/OR, HR2", None),
        ("IL", "IL-6 and IL-rich", (9, 11)),
    ],
)
def test_uses(short, text, span):
    assert _use(short, text) == span


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("VAS scores fell.", "Visual analogue scores fell."),
        ("VAS scores fell and VAS rose.", "Visual analogue score (VAS) scores fell and VAS rose."),
        ("VAS fell.", "Visual analogue score fell."),
        ("VAS values fell.", "Visual analogue score values fell."),
    ],
)
def test_no_word_is_spelt_out_that_follows(text, spelt):
    known = find_abbreviations("The visual analogue score (VAS) was used.")
    assert Speller(known).spell(text, "")[0] == spelt


@given(
    st.text("ABs1-", min_size=1, max_size=3),
    st.text("ABs -/.1_(é²٣", max_size=8),
    st.text("ABs -/.1_)é²٣", max_size=5),
    st.integers(0, 4),
)
def test_the_same_is_found_as_by_a_pattern(short, before, after, start):
    text = before + short + after
    match = pattern(short).search(text, start)
    assert _use(short, text, start) == (match and match.span())


PIECES = (
    "(",
    "[",
    ")",
    "]",
    " ",
    "  ",
    "-1",
    "-a",
    "x",
    "DSH",
    "dsh",
    "Deep sea",
    "deep SEA (",
    "ß",
    "ı",
    "–",
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In Deep sea hepsol (DSH), as told", (3, 24, "Deep sea hepsol")),
        ("DSH [deep sea hepsol] helps", (0, 21, "deep sea hepsol")),
        ("deep sea hepsol (DSH)-2", None),
        ("ADSH (deep sea hepsol)", None),
        ("DEEP SEA HEPSOL  [dsh]", (0, 22, "DEEP SEA HEPSOL")),
        ("deep sea hepsol, DSH", None),
    ],
)
def test_definitions(text, found):
    assert find_definition(text, "DSH", "deep sea hepsol") == found


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), st.sampled_from(["DSH", "ßX", "S1"]))
def test_the_same_definition_is_found_as_by_a_pattern(text, short):
    for long in ("deep sea", "Deep sea (", "große"):
        match = abbreviations._definition(short, long).search(text)
        told = (match.start(), match.end(), match[1] or long) if match else None
        assert find_definition(text, short, long) == (told if long.lower() in text.lower() else None)


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("Songs were sung on days 1 and 15 every 28 days (EE).", None),
        ("They sang to the Society for Verses (SV).", "Society for Verses"),
        ("They sang the recommended phase II dose (RP2D).", "recommended phase II dose"),
        ("They sang the recommended phase III dose (RP2D).", None),
        ("The tune of songs factor receptor (TSF) was loud.", "tune of songs factor receptor"),
        ("They study the control of regulatory T cells (Tregs) in mice.", None),
        ("They read The Cancer Word Atlas (TCWA) aloud.", "The Cancer Word Atlas"),
        ("They " + "sang and " * 90 + "used a VAS  (visual analogue score) too.", "visual analogue score"),
    ],
)
def test_letters_of_one_word_do_not_stand_for_those_after_it(text, long):
    assert next((pair.long for pair in find_abbreviations(text).values()), None) == long
