import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.paper import Abstract, Section
from summarizer.choosing.roles import section_labels
from summarizer.text.sentences import read_sentences, split_sentences


def split(text):
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "The median was 3.5 months (95% CI 0.6-0.8; p < 0.05).",
        "E. coli was grown, e.g. in Fig. 1 vs. controls.",
        "Smith et al. found it (P = .03).",
        "We sang at the U.S.The place was small.",
        "Song eases cough [Song, A. B., and Verse, C. (2005) Cough. Rev. 105, 395-424; Song, A. B. (2009) "
        "J. Song. Chem. 286, 38].",
        "The gene SONG.Alpha was found.",
        "The U.S. trial gave 2 i.v. doses of 1.5 mg/kg.Day by day.",
        "We saw no. 5 in S. pombe.",
        "About approx. 30 patients were seen by Dr. J. K. Smith's group.",
        "Results were as follows (see below. They are new) for all.",
        "Is it safe at 0.5% vs. 1.5%?",
        "It was sequenced at the J. David Invented Institute.",
        "Mice from the J. A. Smith colony were used.",
        "Our data suggest that it plays two roles: (1) It joins Axin, and (2) It frees it.",
        "Three things matter: speed; Cost; and trust.",
    ],
)
def test_one_sentence_stays_whole(text):
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It was so (P = .03). The rest was not.", 2),
        ("Patients had stage I. Others had stage III.", 2),
        ("They took vitamin D. Nobody fell.", 2),
        ("They took 3 mg in 24 h. There was less pain.", 2),
        ("They rested for 30 min. Patients then sang.", 2),
        ("They grew for 3 h. E. coli did not.", 1),
        ("The mean (6 s. d. of it) was low.", 1),
        ("It binds at the base of the V. The N-terminus of the other arm lives above.", 2),
        ("The arms form the Y. In mice they are shorter.", 2),
        ("Most were near the DC. Unexpectedly, others were not.", 2),
        ("The ratio was below 30 mg/g. Kidney function fell.", 2),
        ("Is it so? Yes! p53 is the key. mTOR was found.", 4),
        ("α-Synuclein aggregates. 5-FU was given. In mice it failed.", 3),
        ("It was seen.The rest was 50%.Then we went.", 3),
        ("Pupils came to the INH.This was a study of cough.", 2),
        ("Song eased cough．Then it fell，too．", 2),
        ("Half-open [brackets stay. They end nothing. Others end.", 3),
        ("Before it was done [3]. Likewise, it was done again.", 2),
        ("It does two things, (1) it joins, and (2) it leads to destruction. We propose a new model.", 2),
        ("It beat miR-1/C. Analysis went on. Both, and/or A. Smith, agreed with miR-1/G. Later, it rose.", 4),
        ("A line without a stop\nAnother line", 2),
        ("", 0),
        (" \n \n", 0),
    ],
)
def test_sentences_are_counted_right(text, count):
    assert len(split(text)) == count


@given(st.text(alphabet=st.one_of(st.sampled_from(" .?!()\n,;0123aAbBé'%"), st.characters()), max_size=120))
def test_spans_are_in_order_and_hold_everything_but_space(text):
    spans = split_sentences(text)
    end = 0
    for start, stop in spans:
        assert end <= start < stop <= len(text)
        assert not text[end:start].strip()
        assert text[start:stop] == text[start:stop].strip()
        end = stop
    assert not text[end:].strip()


def test_sentences_carry_their_label_and_place():
    abstract = Abstract((Section("One is here. Two is here.", "Aim"), Section("Results: Three is here.")))
    sentences = read_sentences(abstract, frozenset({"results"}))
    assert [(s.label, s.text) for s in sentences] == [
        ("Aim", "One is here."),
        ("Aim", "Two is here."),
        ("Results", "Three is here."),
    ]
    assert all(abstract.text[s.start : s.end] == s.text for s in sentences)


def test_labels_that_lost_their_colon_are_known():
    text = (
        "Results From 2009 to 2013 it grew. Conclusions This shows that it grows. "
        "Results varied. Design Rs won."
    )
    sentences = read_sentences(Abstract((Section(text),)), section_labels())
    assert [(s.label, s.text) for s in sentences] == [
        ("Results", "From 2009 to 2013 it grew."),
        ("Conclusions", "This shows that it grows."),
        ("Conclusions", "Results varied."),
        ("Conclusions", "Design Rs won."),
    ]


def test_broken_unicode_from_a_source_is_split_like_any_other():
    text = "Cells grew \ud800 fast. They spread."
    assert [text[a:b] for a, b in split_sentences(text)] == ["Cells grew \ud800 fast.", "They spread."]


def test_a_shouted_label_and_a_unit_of_time_end_a_sentence():
    text = (
        "Protein was </=5.0 g/dL. INTERVENTIONS Song or rest. MEASUREMENTS AND MAIN RESULTS Cough "
        "was rarer with song (n = 19; control, n = 18), after 300 ms. We met Ms. Weber and E. COLI."
    )
    assert [text[a:b].split()[0] for a, b in split_sentences(text)] == [
        "Protein",
        "INTERVENTIONS",
        "MEASUREMENTS",
        "We",
    ]
