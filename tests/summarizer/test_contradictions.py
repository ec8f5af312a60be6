"""The kind of study that is told, against what the abstract says. All studies are invented."""

from dataclasses import replace

import pytest

from domain.digest import Audience
from domain.errors import DigestRefused
from domain.facts import StudyKind
from summarizer.gate.contradictions import kind_faults

RANDOMISED = "We randomly assigned 420 patients with bowel cancer to supervised walking or to usual care."
COHORT = "In this prospective cohort study we followed 900 women for ten years."
INJECTED = "Mice were injected with tumour cells and weighed each week."


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (StudyKind.LABORATORY, RANDOMISED),
        (StudyKind.REVIEW, "Patients were randomly assigned (1:1) to the drug or placebo."),
        (StudyKind.OBSERVATIONAL, "In this double-blind, randomised, controlled trial, pain was less."),
        (StudyKind.ANIMAL, COHORT),
        (StudyKind.TRIAL, INJECTED),
        (StudyKind.TRIAL, "We performed a systematic review of 12 studies."),
    ],
)
def test_a_kind_that_the_abstract_denies_is_a_fault(kind: StudyKind, text: str) -> None:
    assert list(kind_faults(kind, ["Cancer is common.", text]))


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (StudyKind.TRIAL, [RANDOMISED]),
        (StudyKind.UNKNOWN, [RANDOMISED, INJECTED]),
        (StudyKind.OBSERVATIONAL, [COHORT]),
        (StudyKind.ANIMAL, [INJECTED, "Mice were randomly assigned to a diet."]),
        # The work of others, or what is to come.
        (StudyKind.LABORATORY, ["Patients should be randomly assigned to one of both drugs."]),
        (StudyKind.OBSERVATIONAL, ["This secondary analysis is of patients who were randomised to walking."]),
        (StudyKind.MODEL, ["Simulated patients were randomly assigned to screening."]),
        # Both may be true.
        (StudyKind.TRIAL, [RANDOMISED, "Mice were injected with the patients’ cells."]),
        (StudyKind.ANIMAL, [COHORT, "We then gave the diet to mice."]),
    ],
)
def test_what_does_not_deny_it_is_none(kind: StudyKind, texts: list[str]) -> None:
    assert list(kind_faults(kind, texts)) == []


def test_a_digest_with_a_wrong_first_line_waits_for_a_person(digester, make_version, make_paper) -> None:
    trial = make_version()
    assert digester.digest(make_paper(trial), Audience.PUBLIC).sentences
    wrong = make_paper(replace(trial, study_type="review"), paper_id="p2")
    with pytest.raises(DigestRefused) as refused:
        digester.digest(wrong, Audience.PUBLIC)
    assert (refused.value.reason, refused.value.draft is None) == ("study-kind", False)
    assert refused.value.detail == "review told, a randomised trial in people said"
