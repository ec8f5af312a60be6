"""Marks in titles and snippets mark what was found, and the text is the paper's own."""

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.paper import Abstract, AbstractKind, Section
from domain.query import Query, Word
from index.analysis import clean, spaced, spaced_offsets
from index.embedded.analysers import Analysers
from index.highlight import WINDOW, Marker
from index.placing import Placing


def marked(fragment):
    return [text for text, matches in fragment.pieces if matches]


def only(index, text):
    page = index.search(Query(text))
    assert page.total == 1, page
    return page.hits[0]


@pytest.mark.parametrize(
    ("text", "title", "snippet"),
    [
        ("breast test", ["Breast"], ["test"]),
        ("breast screening", ["Breast", "screening"], ["Screening"]),
        ("mammary tumor screened", ["Breast cancer", "screening"], ["Screening"]),
        ("leukemia", ["leukaemia"], []),
        ("cafe elite", ["Café", "élite"], []),
        ("HER2-positive", ["HER2-positive"], ["HER2-positive"]),
        ("trastuzumab AND patient", ["Trastuzumab"], ["Patients"]),
        ("IL-2", [], ["IL-2"]),
        ("CD8+", [], ["CD8"]),
        ("进展期", ["进展期"], []),
        ("乳腺癌 进展期", ["进展期乳腺癌"], []),
        ("vaccinat*", ["Vaccination"], ["Vaccinated"]),
        ("title:vaccination women", ["Vaccination"], ["women"]),
        ('"immune checkpoint" NOT retracted', ["Immune checkpoint"], []),
        ("checkpoint NOT retracted", ["checkpoint"], []),
        ("AUTH:Okafor women", [], ["women"]),
        ("10.5555/invented.2", [], []),
    ],
)
def test_marks(text, title, snippet, index):
    hit = only(index, text)
    assert marked(hit.title) == title
    assert marked(hit.snippet) == snippet


def test_a_phrase_marks_only_the_phrase(open_engine, make):
    index = open_engine()
    index.write([make(1, "Lung cancer and cancer of the lung", "Cancer. The lung cancers.")], [], 1)
    hit = only(index, '"lung cancer"')
    assert marked(hit.title) == ["Lung cancer"]
    assert marked(hit.snippet) == ["lung cancers"]
    assert marked(only(index, '"cancer of the lung"').title) == ["cancer of the lung"]


def test_a_snippet_shows_the_window_with_most_matches(index, corpus):
    hit = only(index, "visiting nurse families")
    assert marked(hit.snippet) == ["Families", "visiting", "nurse"]
    assert hit.snippet.text in corpus[7].paper.primary.abstract().text
    assert len(hit.snippet.text) <= WINDOW


def test_a_match_in_another_summary_is_shown(open_engine, make):
    index = open_engine()
    plain = Abstract((Section("In short: goblins help."),), AbstractKind.PLAIN)
    main = Abstract((Section("The main words. " * 40),))
    index.write([make(1, "A title", abstracts=(main, plain))], [], 1)
    assert only(index, "goblin").snippet.pieces == (
        ("In short: ", False),
        ("goblins", True),
        (" help.", False),
    )


def test_a_paper_without_abstract_has_no_snippet(open_engine, make):
    index = open_engine()
    index.write([make(1, "Alone")], [], 1)
    assert only(index, "alone").snippet is None


WORDS = st.lists(
    st.sampled_from(
        ["tumours", "tumour", "the", "IL-2", "乳腺癌", "Café", "x\n", "é́", "😀", "a" * 60, "mice.", "ﬁn"]
    )
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS, title=st.text(max_size=60), asked=WORDS)
def test_marks_never_change_the_text_or_cut_a_word(words, title, asked, open_engine, make):
    index = open_engine()
    abstract = " ".join(words)
    index.write([make(1, title, abstract)], [], 1)
    for hit in index.search(Query(" OR ".join(asked))).hits:
        assert hit.title.text == clean(title)
        source = clean(abstract)
        if hit.snippet is None:
            assert source == ""
            continue
        start = source.find(hit.snippet.text)
        assert start >= 0
        assert len(hit.snippet.text) <= WINDOW
        end = start + len(hit.snippet.text)
        if "乳" not in source:
            assert not re.match(r"\w\w", source[end - 1 : end + 1]) or source.count(hit.snippet.text) > 1


@given(st.text() | st.text(alphabet="a乳 腺癌é"))
def test_offsets_of_spaced_text_lead_back(text):
    space, offsets = spaced_offsets(text)
    assert space == spaced(text)
    assert len(offsets) == len(space) + 1
    assert "".join(text[offsets[i]] for i in range(len(space)) if space[i] == text[offsets[i]]).replace(
        " ", ""
    ) == (text.replace(" ", ""))


def test_the_best_window_of_a_long_text_takes_no_look_at_all_of_it_for_each_match():
    analysers = Analysers()
    marker = Marker(
        Word("gene", prefix=True), analysers.words, Placing(analysers.words, analysers.places).placed
    )
    text = " ".join(f"gene{number}" for number in range(25_000))
    before = time.process_time()
    assert len(marked(marker.snippet([text]))) > 20
    assert time.process_time() - before < 5  # it was a quarter of a minute
