"""Text as sources write it. All strings are invented."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.records import text as text_module
from crawler.records.sections import sections
from crawler.records.text import language_tag, partial_date, plain_text, title_text
from domain.paper import Section


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain words", "plain words"),
        ("  two \n lines\t", "two lines"),
        ("<p>One</p><p>two</p>", "One two"),
        ("the <i>BRCA1</i> gene", "the BRCA1 gene"),
        ("CO<sub>2</sub> and CD4<sup>+</sup>", "CO2 and CD4+"),
        ("10<sup>9</sup>/L, 10<sup>-3</sup>", "10⁹/L, 10⁻³"),
        ("less (<math><mi>p</mi>\n <mo>&lt;</mo>\n <mn>0.05</mn></math>) than", "less (p < 0.05) than"),
        (
            "all<mml:math><mml:mn>3</mml:mn><mml:mo>×</mml:mo><mml:msup><mml:mn>10</mml:mn>\n<mml:mrow>"
            "<mml:mo>−</mml:mo><mml:mn>4</mml:mn></mml:mrow></mml:msup></mml:math>-fold",
            "all 3×10⁻⁴-fold",
        ),
        ("in <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>.", "in 1/2."),
        ("TUMOURS&lt;subtitle&gt;A Report&lt;/subtitle&gt;", "TUMOURS A Report"),
        ("p &lt; 0.05", "p < 0.05"),
        ("p &amp;lt; 0.05", "p < 0.05"),
        ("&lt;i&gt;TP53&lt;/i&gt; loss", "TP53 loss"),
        ("a<b and c>d", "a<b and c>d"),
        ("below <LOD> in 3", "below <LOD> in 3"),
        ("R&D at AT&T; &notaname; x", "R&D at AT&T; &notaname; x"),
        ("a&nbsp;b", "a b"),
        ("x<!-- hidden -->y<script>alert(1)</script>z", "x y z"),
        ("<jats:p xml:lang='en'>Findings</jats:p>", "Findings"),
        ("cafe\u0301", "café"),
        ("a\u202eb\u0000c\ud800d\ufeffe", "abcde"),
        ("", ""),
    ],
)
def test_plain_text(html, text):
    assert plain_text(html) == text


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_plain_text_is_always_fit_for_xml(text):
    plain = plain_text(text)
    plain.encode("utf-8")
    assert plain == " ".join(plain.split())
    assert unicodedata.is_normalized("NFC", plain)
    assert not any(ord(c) < 32 or 0x202A <= ord(c) <= 0x202E or ord(c) in {0xFFFE, 0xFFFF} for c in plain)


@pytest.mark.parametrize("piece", ["<b ", "<!--", "<b a=1 ", "&", "1<sup>", "<h4>", "A ", "Aa, "])
def test_hostile_text_takes_linear_time(piece):
    started = time.process_time()
    sections(piece * 20_000)
    assert time.process_time() - started < 3


def test_headings_become_labels():
    html = "<h4>Background</h4>Why &lt; how.<h4>Methods: </h4>We <i>did</i> it."
    assert sections(html) == (Section("Why < how.", "Background"), Section("We did it.", "Methods"))


def test_the_word_abstract_is_no_label():
    assert sections("<jats:title>Abstract</jats:title><jats:p>All of it.</jats:p>") == (
        Section("All of it."),
    )


def test_labels_in_capitals():
    parts = sections("BACKGROUND: One. METHODS: Two. MAIN OUTCOME MEASURES: Three. CONCLUSIONS: Four.")
    assert [part.label for part in parts] == ["BACKGROUND", "METHODS", "MAIN OUTCOME MEASURES", "CONCLUSIONS"]
    assert [part.text for part in parts] == ["One.", "Two.", "Three.", "Four."]


@pytest.mark.parametrize(
    "text",
    [
        "We asked one question: does it work?",
        "Methods: are the point of this essay.",
        "DNA: what it is. RNA: what it does.",
        "It starts without a label. METHODS: Two. RESULTS: Three.",
    ],
)
def test_a_colon_alone_makes_no_label(text):
    assert sections(text) == (Section(text),)


def test_no_text_no_section():
    assert sections(" <p> </p> ") == ()


@pytest.mark.parametrize(
    ("code", "tag"),
    [("eng", "en"), ("ger", "de"), ("deu", "de"), ("chi", "zh"), ("pt_BR", "pt"), ("English", "en"),
     ("español", "es"), ("scr", "hr"), ("xx", "und"), ("", "und"), ("und", "und")],
)  # fmt: skip
def test_language_tag(code, tag):
    assert language_tag(code) == tag


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("2014", "Mar", "3"), "2014-03-03"),
        (("2014", "march"), "2014-03"),
        (("2014", "12", "31"), "2014-12-31"),
        (("2014", "Spring"), "2014"),
        (("2014", "Mar-Apr"), "2014"),
        (("2014", "2", "30"), "2014-02"),
        (("2014", "13"), "2014"),
        (("2013 Dec-2014 Jan",), "2013"),
        (("2014-03-06T10:00:00Z",), "2014-03-06"),
        ((2014, 3, 6), "2014-03-06"),
        ((None,), None),
        (("in press",), None),
        (("20145",), None),
    ],
)
def test_partial_date(parts, expected):
    assert partial_date(*parts) == expected


def test_letters_that_are_passed_over_are_seen_and_stand_as_they_are() -> None:
    letters = [chr(code) for code in range(0x80, 0x11000) if text_module._COMMON.fullmatch(chr(code))]
    assert len(letters) > 700
    for letter in letters:
        assert letter.isprintable(), hex(ord(letter))
        assert unicodedata.normalize("NFC", f"a{letter}b") == f"a{letter}b", hex(ord(letter))


@given(st.text("ab c é\u0301\n\x7f\u00ad\xa0α≥–\ufffd한\u1161\u2003", max_size=90))
def test_tidy_text_is_on_one_line_seen_and_normalised(text: str) -> None:
    tidied = text_module.tidy(text)
    assert tidied.isprintable()
    assert tidied == unicodedata.normalize("NFC", tidied).strip(" ")
    assert "  " not in tidied


@pytest.mark.parametrize(
    "given",
    ["-", "N/A", "n/a.", "No abstract available.", "[Not available]", "<h4>Abstract</h4>Not available"],
)
def test_words_that_there_is_no_abstract_are_none(given: str) -> None:
    assert sections(given) == ()


def test_what_was_not_available_may_be_told() -> None:
    assert sections("Treatment was not available in the invented district.") != ()


def test_what_older_records_say_of_a_translation_is_no_part_of_the_title() -> None:
    assert title_text("[An invented lymphoma (author's transl)].") == "An invented lymphoma"


def test_small_capitals_and_lowered_letters_are_markup() -> None:
    assert plain_text("<scp>DNA</scp> and CO<inf>2</inf>") == "DNA and CO2"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("Abstract: We invented forty.", "We invented forty."),
        ("Abstract The tumours were invented.", "The tumours were invented."),
        ("<p>Abstract</p><p>We invented forty.</p>", "We invented forty."),
        ("Resumen. Inventamos cuarenta.", "Inventamos cuarenta."),
        ("Resumen Objetivo: inventar cuarenta.", "Objetivo: inventar cuarenta."),
        ("Resumo Introdução: quarenta.", "Introdução: quarenta."),
        ("We invented forty. Keywords: colon; tumour.", "We invented forty."),
        ("Inventamos quarenta.Palavras-chave: cólon, tumor", "Inventamos quarenta."),
        # Words of the abstract itself stay.
        ("Abstract reasoning was tested in forty.", "Abstract reasoning was tested in forty."),
        ("Summary measures were invented.", "Summary measures were invented."),
        ("Summary measures: forty.", "Summary measures: forty."),
        ("In summary: forty. Abstract: none.", "In summary: forty. Abstract: none."),
        ("We searched for keywords: colon. Then all.", "We searched for keywords: colon. Then all."),
        ("Forty. Keywords: colon. Resumen: cuarenta.", "Forty. Keywords: colon. Resumen: cuarenta."),
    ],
)
def test_what_frames_an_abstract_is_no_part_of_it(given, text):
    assert [section.text for section in sections(given)] == [text]


@pytest.mark.parametrize(
    "given",
    [
        "(1) Background: One; (2) Methods: Two. (3) Results: Three.",
        "Background\nOne\n\nMethods:\r\nTwo.\nResults \nThree.",
        "<p><b>Background</b></p><p>One</p><p><b>Methods</b><br>Two.</p><p><b>Results:</b> Three.</p>",
        "<strong>Background:</strong> One. <strong>Methods</strong>: Two. <strong>Results</strong> Three.",
    ],
)
def test_labels_that_are_only_set_apart_are_labels(given: str) -> None:
    parts = sections(given)
    assert [part.label for part in parts] == ["Background", "Methods", "Results"]
    assert [part.text.rstrip(".") for part in parts] == ["One", "Two", "Three"]


@pytest.mark.parametrize(
    "given",
    [
        "Background\nOne cell grew.\nResults",
        "(1) Background: one cell; (2) stones.",
        "<p>We call it <b>results</b>, <b>Methods</b> and <b>Findings</b>.</p>",
        "One\nTwo\nThree cells grew.",
    ],
)
def test_single_words_apart_are_no_labels(given: str) -> None:
    assert [part.label for part in sections(given)] == [""]
