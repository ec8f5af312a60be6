"""Patterns behind a sieve find what they find without it."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import load_table
from summarizer.text import sieve
from summarizer.text.sieve import SievedTable, alternatives, needed, sieved

_COMPILE = re.compile
# Invented sentences.
TEXTS = (
    "We AIMED to find out whether walking helps.",
    "It is one of the most common causes of death worldwide.",
    "No significant difference was found (p = 0.04; 95% CI, 1.1 to 2.3).",
    "Long ſ and the Kelvin sign \u212a are letters too: \u212ainase aſſay.",
    "Wİ AIMED, wı aimed to fınd out whether this İs one of them.",
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


def test_a_table_finds_what_its_patterns_find_one_by_one():
    # One of them has no word that it cannot do without, and is asked of every text.
    patterns = [sieved(pattern, re.I) for pattern in (*cues(), r"\b\d+\b|\.$")]
    table = SievedTable(patterns)
    sieved("a pattern that came later", re.I)
    examples = [text for role in load_table("roles")["examples"].values() for text in role]
    for text in (*TEXTS, *examples):
        assert table.found(text) == [i for i, pattern in enumerate(patterns) if pattern.search(text)]


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
    assert needed(pattern, re.I) == words


@given(st.text("aimedKſ\u212akSs İiı wetsoßẞ", max_size=30))
def test_no_capital_and_no_odd_letter_slips_through(text):
    for pattern in (r"\bwe (?:aimed|asked)\b", r"kiss|ask", r"straße|we"):
        assert bool(sieved(pattern, re.I).search(text)) == bool(re.search(pattern, text, re.I))


class _Strange:
    """A parser of patterns that gives what no one knows."""

    def __init__(self, parsed):
        self._parsed = parsed

    def parse(self, pattern, flags):
        return self._parsed


@pytest.mark.parametrize("parser", [None, object(), _Strange(None), _Strange([1, 2]), _Strange([("?", ())])])
def test_where_python_does_not_take_patterns_apart_they_are_searched_for_as_they_are(monkeypatch, parser):
    monkeypatch.setattr(sieve, "parser", parser)
    assert needed(r"\bwe aimed\b", re.I) == frozenset()
    quick = sieved(r"\bwe aimed\b", re.I)
    assert quick.search(TEXTS[0]).span() == (0, 8)
    assert quick.search(TEXTS[1]) is None


def test_where_the_modules_are_gone_none_is_needed(monkeypatch):
    assert sieve._private("re._no_such_module") is None
    monkeypatch.setattr(sieve, "code", None)
    assert needed(r"\bwe aimed\b") == frozenset()
    assert sieved(r"\bwe aimed\b").search("Here we aimed high.")


def test_an_alternative_is_compiled_when_one_of_its_words_is_seen(monkeypatch):
    made = []

    def compiled(source, flags=0):
        made.append(source)
        return _COMPILE(source, flags)

    monkeypatch.setattr(sieve.re, "compile", compiled)
    quick = sieved(r"\bwe (?:aimed|asked)\b|\bmost common\b", re.I)
    quick.search("Nothing of the kind.")
    assert made == []
    assert quick.search(TEXTS[1])[0] == "most common"
    assert made == [r"\bmost common\b"]


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        (r"a|b(?:c|d)|[|(]|\||q", ["a", "b(?:c|d)", "[|(]", r"\|", "q"]),
        (r"\b(?:a|b(?:c|d))\b", [r"\b(?:a)\b", r"\b(?:b(?:c|d))\b"]),
        (r"^(?:[]|]x|[^]|]y)$", ["^(?:[]|]x)$", "^(?:[^]|]y)$"]),
        (r"(?:a|b)(?:c|d)", [r"(?:a|b)(?:c|d)"]),
        (r"(?:a|b)+", [r"(?:a|b)+"]),
        (r"x(?:a|b)", [r"x(?:a|b)"]),
        (r"(?<=a|b)c(?!d|e)", [r"(?<=a|b)c(?!d|e)"]),
        (r"(a|b)|c", [r"(a|b)|c"]),
        (r"(?i)a|b", [r"(?i)a|b"]),
        (r"(?P<name>a)|c", [r"(?P<name>a)|c"]),
    ],
)
def test_the_alternatives_of_a_pattern(pattern, parts):
    assert alternatives(pattern) == parts


@given(st.text("abc ", max_size=12))
def test_of_several_alternatives_the_first_that_stands_leftmost_is_found(text):
    for pattern in (r"\b(?:ab|a|abc|b c)", r"bc|abc|a|c b", r"c$|\bab|^b|ca|b", r"\b(?:ab|a|b|cc)\b"):
        expected, found = re.search(pattern, text), sieved(pattern).search(text)
        assert (found and found.span()) == (expected and expected.span())
        all_found = [match.span() for match in sieved(pattern).finditer(text)]
        assert all_found == [match.span() for match in re.finditer(pattern, text)]


def test_a_broken_pattern_is_an_error_at_once():
    with pytest.raises(re.error):
        sieved(r"(we aimed", re.I)


def test_patterns_that_come_later_are_looked_for_in_texts_seen_before():
    text = "A wholly invented sentence of quibbledash, half a \ud800 letter and all."
    assert sieved(r"\bwe aimed\b").search(text) is None
    assert sieved(r"\bquibbledash\b").search(text).group() == "quibbledash"
    assert sieved(r"\bquibbledot\b").search(text) is None


def test_patterns_that_several_threads_make_at_once_are_all_found(monkeypatch):
    class Slow(sieve._Lazy):
        def __init__(self, *given):
            time.sleep(1e-4)  # others go on meanwhile
            super().__init__(*given)

    monkeypatch.setattr(sieve, "_Lazy", Slow)
    words = [f"song{letter}" for letter in "abcdefghij"]
    with ThreadPoolExecutor(3) as threads:
        made = list(threads.map(lambda _: [sieved(word) for word in words], range(3)))
    assert all(pattern.search(word) for some in made for word, pattern in zip(words, some, strict=True))
