"""Patterns behind a sieve find what they find without it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import load_table
from summarizer.text.sieve import needed, sieved

# Invented sentences.
TEXTS = (
    "We AIMED to find out whether walking helps.",
    "It is one of the most common causes of death worldwide.",
    "No significant difference was found (p = 0.04; 95% CI, 1.1 to 2.3).",
    "Long ſ and the Kelvin sign \u212a are letters too: \u212ainase aſſay.",
    "",
)


def cues():
    return [pattern for rows in load_table("roles")["cues"].values() for pattern, _ in rows]


@pytest.mark.parametrize("pattern", cues())
def test_a_sieve_lets_through_whatever_the_pattern_finds(pattern):
    bare, quick = re.compile(pattern, re.I), sieved(pattern, re.I)
    examples = [text for role in load_table("roles")["examples"].values() for text in role]
    for text in (*TEXTS, *examples):
        expected, found = bare.search(text), quick.search(text)
        assert (found and found.span()) == (expected and expected.span())


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bcats? and (?:dogs|hens)\b", {"dogs", "hens"}),
        (r"(?:very )?small", {"small"}),
        (r"(?:tumou?r){2}", {"tumo"}),
        (r"(?:trial|\d+)", set()),
        (r"(?<=no )evidence(?! of)", {"evidence"}),
        (r"STRASSE|straße", {"strasse"}),
    ],
)
def test_what_a_match_cannot_do_without(pattern, words):
    assert needed(re.compile(pattern, re.I)) == words


@given(st.text("aimedKſ\u212akSs İi wetsoßẞ", max_size=30))
def test_no_capital_and_no_odd_letter_slips_through(text):
    for pattern in (r"\bwe (?:aimed|asked)\b", r"kiss|ask", r"straße|we"):
        assert bool(sieved(pattern, re.I).search(text)) == bool(re.search(pattern, text, re.I))
