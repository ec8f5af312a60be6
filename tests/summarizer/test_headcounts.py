"""Sentences that only say who took part or what was gathered; all are invented."""

import pytest

from summarizer.choosing.headcounts import is_head_count, tells_outcome


@pytest.mark.parametrize(
    "text",
    [
        "Fifteen studies comprising 3,400 women were pooled.",
        "Nineteen publications describing 16 cohorts fulfilled our criteria.",
        "We found 23 relevant studies with 12,004 patients.",
        "Most studies (n=18) were from Asia.",
        "Sample sizes ranged between 18 and 2,174.",
        "University students (N = 177, 61% women) were recruited from courses.",
        "Between March and June, 340 nurses completed the questionnaire.",
        "The mean age was 63 years and 52% were women.",
        "Thirteen centres (93%) replied.",
        "Of 43 women enrolled, 41 were evaluable for response.",
        "The median follow-up among patients still alive (n = 8) was 35 months.",
    ],
)
def test_what_was_gathered_is_no_finding(text):
    assert is_head_count(text)


@pytest.mark.parametrize(
    "text",
    [
        "Fifteen studies reported longer survival with exercise.",
        "Most studies (n=18) found no benefit.",
        "We found that 23 studies were at high risk of bias.",
        "Of 812 women screened, 24 had cancer.",
        "The search for mutations yielded 31 variants in FIX1.",
        "Nineteen patients fulfilled criteria of response.",
        "The response rate was 62%.",
        "The median age at menopause was 51 years.",
        "Vaccination was completed by 340 nurses.",
        "Of 27 men enrolled, 24 were eligible and assessable: harms were mostly mild.",
        "At a median follow-up of 30 months 12 of them had a stroke.",
        "Data from 12 trials suggest that velorin prevents strokes.",
        "Data from community studies were used.",
        "Of 50 men enrolled, 48 were evaluable and the response rate was 40%.",
        "Of 27 men enrolled, 24 were evaluable, and 12 responded.",
        "The median follow-up was 5 years, at which 80% were alive.",
        "The mean age at diagnosis was 12 years earlier in carriers.",
    ],
)
def test_what_was_found_of_them_is(text):
    assert not is_head_count(text)


def test_different_things_are_no_outcome_and_a_difference_is():
    assert not tells_outcome("The studies used different questionnaires.")
    assert tells_outcome("Scores were different from those of others.")
    assert tells_outcome("Scores differed.")
