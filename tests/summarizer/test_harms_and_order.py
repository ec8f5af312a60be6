"""Harms are told as harms, policymakers read first what was found; all texts are invented."""

import pytest

from domain.digest import Audience, Role
from domain.identifiers import Identifiers
from domain.licence import to_licence
from domain.paper import Abstract, Paper, Section, Version, VersionKind
from summarizer.choosing.outline import _NO_HARM
from summarizer.extractive import ExtractiveDigester
from summarizer.facts.results import _HARM

TEXT = (
    ("Background", "Nobody knows whether the new drug helps people with stomach cancer."),
    ("Methods", "We randomly assigned 614 adults to the new drug or a placebo in Japan and Italy."),
    (
        "Findings",
        "Median overall survival was 14.2 months with the drug and 11.3 months with placebo. "
        "Four deaths in the drug group were judged to be treatment-related.",
    ),
    ("Interpretation", "The new drug may lengthen the lives of people with stomach cancer."),
)


@pytest.fixture(scope="module")
def digests(encoder):
    abstract = Abstract(tuple(Section(text, label) for label, text in TEXT), language="en")
    version = Version(
        VersionKind.ARTICLE,
        Identifiers(doi="10.5555/harms"),
        "A new drug for stomach cancer: a randomised trial",
        abstracts=(abstract,),
        licence=to_licence("CC BY", "license"),
    )
    paper = Paper("p", (version,), "2026-01-01", "2026-01-01")
    digester = ExtractiveDigester()
    return {audience: digester.digest(paper, audience) for audience in Audience}


@pytest.mark.parametrize("audience", list(Audience))
def test_deaths_from_treatment_are_harms(digests, audience):
    harms = [s.text for s in digests[audience].sentences if s.role is Role.HARM]
    assert any("deaths" in text for text in harms)


def test_policymakers_read_first_what_was_found_and_its_limits(digests):
    first = digests[Audience.POLICYMAKER].sentences[0]
    assert first.role is Role.KEY
    assert "14.2" in first.text
    assert any(s.role is Role.LIMIT for s in digests[Audience.POLICYMAKER].sentences)
    assert "14.2" not in digests[Audience.PUBLIC].sentences[0].text


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize(
    ("text", "harm"),
    [
        ("There was one postoperative death due to shock on the third day.", True),
        ("Postoperative mortality was lower with the new drug than with placebo.", False),
        ("The death of a hero was sung after the operation.", False),
    ],
)
def test_deaths_after_operations_are_harms(encoder, text, harm, audience):
    sections = [*TEXT[:2], ("Findings", f"{TEXT[2][1].split('. F')[0]}. {text}"), TEXT[3]]
    abstract = Abstract(tuple(Section(words, label) for label, words in sections), language="en")
    licence = to_licence("CC BY", "license")
    identifiers = Identifiers(doi="10.5555/deaths")
    version = Version(VersionKind.ARTICLE, identifiers, "A new drug", abstracts=(abstract,), licence=licence)
    paper = Paper("p", (version,), "2026-01-01", "2026-01-01")
    told = ExtractiveDigester().digest(paper, audience).sentences
    assert any(s.role is Role.HARM and s.evidence.text == text for s in told) is harm


@pytest.mark.parametrize(
    ("text", "harm"),
    [
        ("The safety evaluations were recorded and the levels of the drug were analyzed.", False),
        ("Toxicity was graded according to a common scale.", False),
        ("Costs linked with adverse events were the same.", False),
        ("Adverse events were recorded in 6 of 291 adults.", True),
        ("Adverse events were analyzed and no deaths occurred.", True),
    ],
)
def test_what_was_looked_for_is_no_harm(text, harm):
    assert (_NO_HARM.search(text) is None) is harm


@pytest.mark.parametrize(
    ("text", "harm"),
    [
        ("Grade 3 or worse immune-related events were more common with the drug.", True),
        ("The commonest grade 3-4 events were swelling and fatigue.", True),
        ("Grade 3 tumours were more common in men.", False),
        ("Grade 3 or higher tumours had more events.", False),
        ("Cardiac events were rarer with the drug.", False),
    ],
)
def test_events_with_a_grade_are_harms(text, harm):
    assert (_HARM.search(text) is not None) is harm
