"""Sentences that say that something was done or found, and not what; all invented."""

import pytest

from summarizer.choosing.thin import is_thin


@pytest.mark.parametrize(
    "text",
    [
        "Our study provides a new paradigm of growth control.",
        "These findings provide insights into how cells move.",
        "Here we describe previously unappreciated phenotypes of the mutant.",
        "Outcomes were compared between the three cohorts.",
        "Here we evaluate how lifestyle affects growth.",
        "Pain was assessed for one year by a score.",
        "These findings have important implications for the care of cough.",
        "Our work sheds new light on the making of bone.",
        "These results highlight the importance of early care.",
    ],
)
def test_a_sentence_without_substance_is_thin(text: str) -> None:
    assert is_thin(text)


@pytest.mark.parametrize(
    "text",
    [
        "Loss of the gene halved the number of tumours.",
        "We used mice and found that the drug slowed growth.",
        "Survival was longer with the drug than without it.",
        "Pain was recorded in 30% of patients.",
        "Bright light on the skin lowered the pain.",
        "Loss of sleep highlights the need for sugar in these mice.",
    ],
)
def test_a_finding_is_not(text: str) -> None:
    assert not is_thin(text)


@pytest.mark.parametrize(
    ("text", "thin"),
    [
        ("This paper conducts a first exploration of cough.", True),
        ("We quantified deaths as years of life.", True),
        ("The system was developed with broad advice.", True),
        ("This study provides evidence that cough is rare.", False),
        ("Using pupils as a model, we have studied the scope of cough.", True),
        ("Using pupils as a model, we showed that song eases cough.", False),
        ("We developed a theory of cough based on the hypothesis that throats keep time.", True),
        ("We developed a theory and found that throats keep time.", False),
        ("We report the discovery of a new way to choose pupils.", True),
        ("We report the discovery that song eases cough.", False),
        ("These peptides may shed new insights into cough.", True),
        ("Sheds with lights made hens lay more eggs.", False),
        ("Cough has profound clinical and social implications.", True),
        ("Surgery was followed by cough.", False),
        ("Doses were converted to grams of syrup.", True),
        ("Sugar was converted to fat in the cells.", False),
        ("Honey was chosen as model substance.", True),
        ("Several ways to prevent cough are proposed.", True),
        ("Vaccines are proposed by experts and paid for by the state.", False),
        ("Honey was chosen by most of the pupils.", False),
        ("We will also highlight how song may help.", True),
        ("We show how song helps.", False),
        ("This approach offers unique, detailed insight into cough.", True),
        ("We have recently developed a song for coughing pupils.", True),
        ("We have recently developed a song and found that it eases cough.", False),
        ("In this review, published songs are compiled and appraised.", True),
        ("In this review, we will describe the songs of pupils.", True),
        ("We present a case of a pupil whose cough went away.", False),
        ("We present a tool for songs of pupils.", True),
        ("The present study revealed the magnitude of cough among 435 pupils.", True),
        ("The present study revealed the magnitude of cough, 12% of 435 pupils.", False),
        ("The present study revealed the gene of cough.", False),
        ("They reveal a need for song in coughing pupils, and give further insight into cough.", False),
        ("Songs of pupils were noted and used generally against cough.", False),
        ("Songs of pupils were noted and used.", True),
        ("They reveal insights into cough, and give further insight into song.", True),
    ],
)
def test_that_something_was_done_is_no_finding(text: str, thin: bool) -> None:
    assert is_thin(text) is thin


def test_who_was_looked_at_in_time_is_thin():
    assert is_thin("Children with coughs were prospectively evaluated by a new test.")
    assert not is_thin("Children with coughs were rarely evaluated by a test.")
