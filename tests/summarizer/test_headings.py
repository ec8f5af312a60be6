"""Headings that a source glued to the words after them; the texts are invented."""

from domain.paper import Abstract, Section
from summarizer.choosing.headings import parted
from summarizer.choosing.roles import section_labels
from summarizer.text.sentences import read_sentences


def read(*texts, label=""):
    abstract = Abstract(tuple(Section(text, label) for text in texts))
    return abstract, parted(read_sentences(abstract, section_labels()))


def test_glued_headings_become_labels_and_every_sentence_stays_where_it_stood():
    abstract, sentences = read(
        "BackgroundCough is common. It is a burden. ObjectiveTo study 3 syrups. MethodsWe asked 40 pupils. "
        "O_ST_ABSResultsC_ST_ABSTwelve coughed less. Added value of this studyUsing a model, we counted."
    )
    assert [(s.label, s.text) for s in sentences] == [
        ("Background", "Cough is common."),
        ("Background", "It is a burden."),
        ("Objective", "To study 3 syrups."),
        ("Methods", "We asked 40 pupils."),
        ("Results", "Twelve coughed less."),
        ("Results", "Using a model, we counted."),
    ]
    assert all(abstract.text[s.start : s.end] == s.text for s in sentences)


def test_one_such_word_is_no_heading():
    _, sentences = read("MethodsX is a journal. Cough is common.")
    assert [s.text for s in sentences] == ["MethodsX is a journal.", "Cough is common."]


def test_where_the_source_has_headings_nothing_is_taken_for_one():
    _, sentences = read("MethodsX is a journal. ResultsX is none.", label="Background")
    assert [s.text for s in sentences] == ["MethodsX is a journal.", "ResultsX is none."]


def test_a_heading_of_several_words_is_one_by_itself():
    _, sentences = read("Significance statementPlants cough. We asked 40 pupils.")
    assert [(s.label, s.text) for s in sentences] == [
        ("Background", "Plants cough."),
        ("Background", "We asked 40 pupils."),
    ]


def test_a_heading_that_stands_as_a_sentence_labels_what_follows():
    _, sentences = read("Background. Cough is common. Methods. We asked 40 pupils. Conclusions. Song helps.")
    assert [(s.label.lower(), s.text) for s in sentences] == [
        ("background", "Cough is common."),
        ("methods", "We asked 40 pupils."),
        ("conclusions", "Song helps."),
    ]
    _, sentences = read("Pupils cough. Headaches. We asked 40 pupils.")
    assert [s.text for s in sentences] == ["Pupils cough.", "Headaches.", "We asked 40 pupils."]


def test_the_word_abstract_before_the_whole_is_no_part_of_it():
    abstract, sentences = read("Abstract Here we ask about cough. Abstract art is common.")
    assert [s.text for s in sentences] == ["Here we ask about cough.", "Abstract art is common."]
    assert all(abstract.text[s.start : s.end] == s.text for s in sentences)
    _, sentences = read("Abstract art is common.")
    assert [s.text for s in sentences] == ["Abstract art is common."]


def test_headings_without_colons_are_known_where_there_are_several():
    _, sentences = read("Background Dyes are old. Methods Dye was put on 4 cells. Results Blue cells died.")
    assert [(s.label, s.text) for s in sentences] == [
        ("Background", "Dyes are old."),
        ("Methods", "Dye was put on 4 cells."),
        ("Results", "Blue cells died."),
    ]
    _, sentences = read(
        "Aims Dyes are old. Methods and results We dyed 4 cells. Conclusions Dye kills cells."
    )
    assert [s.label for s in sentences] == ["Aims", "Methods and results", "Conclusions"]
    _, sentences = read("Results Incorporated makes dyes. Methods Magazine wrote of them.")
    assert [s.text for s in sentences] == [
        "Results Incorporated makes dyes.",
        "Methods Magazine wrote of them.",
    ]


def test_conclusions_may_be_headed_with_implications():
    _, sentences = read("RESULTS Dyed cells died. CONCLUSIONS AND IMPLICATIONS DYE(2) kills cells.")
    assert sentences[-1].text == "DYE(2) kills cells."
