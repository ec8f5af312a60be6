"""Whose view a conclusion is. All sentences and the study are invented."""

import pytest

from domain.digest import Audience, Role
from domain.evidence import Evidence
from summarizer.choosing.choice import Choice
from summarizer.gate import faults
from summarizer.plain.attribution import attributed, is_conclusion, standing


def choice(text: str, label: str = "", role: Role = Role.MEANING, origin: Role | None = None) -> Choice:
    return Choice(text, Evidence("v", 0, len(text), text), role, label, origin=origin)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Walking improves sleep after surgery.", "CONCLUSIONS"),
        ("Walking improves sleep after surgery.", "Conclusions and relevance:"),
        ("In conclusion, walking improves sleep.", ""),
        ("Thus, walking improves sleep.", ""),
        ("Walking therefore improves sleep.", ""),
    ],
)
def test_what_authors_head_or_open_as_a_conclusion_is_one(text: str, label: str) -> None:
    assert is_conclusion(choice(text, label))
    assert is_conclusion(choice(text, label, Role.KEY, Role.MEANING))
    assert not is_conclusion(choice(text, label, Role.RESULT))


def test_what_only_stands_last_may_be_a_result() -> None:
    assert not is_conclusion(choice("Walking improves sleep after surgery."))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Walking improves sleep.", "The researchers conclude that walking improves sleep."),
        ("So walking improves sleep.", "The researchers conclude that walking improves sleep."),
        ("The p53 gene is lost.", "The researchers conclude that the p53 gene is lost."),
        ("KRAS drives growth.", "The researchers conclude that KRAS drives growth."),
        ("Medicare pays for walking.", "The researchers conclude: Medicare pays for walking."),
        ("5 of 10 people slept better.", "The researchers conclude: 5 of 10 people slept better."),
    ],
)
def test_a_bare_conclusion_is_told_as_the_researchers_view(text: str, told: str) -> None:
    assert attributed(text, ["In Kenya, walking helps patient’s sleep."]) == told
    assert faults(told, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The results suggest that walking improves sleep.",
        "The researchers think that walking improves sleep.",
        "This study shows that walking improves sleep.",
        "Does walking improve sleep?",
        "A new way of walking is described.",
    ],
)
def test_no_second_view_is_put_on_top(text: str) -> None:
    assert attributed(text, ["In Kenya, walking helps patient’s sleep."]) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Helps are few.", "The researchers conclude that helps are few."),
        ("Kenya pays for walking.", "The researchers conclude: Kenya pays for walking."),
        ("S is a letter.", "The researchers conclude: S is a letter."),
    ],
)
def test_words_seen_small_are_no_names(text: str, told: str) -> None:
    assert attributed(text, ["Sleep is good.", "In Kenya, walking helps patient’s sleep."]) == told


def test_these_results_can_stand_first() -> None:
    assert standing("These results show that it grew.") == "The results show that it grew."
    assert standing("These mice grew.") == "These mice grew."


ABSTRACT = (
    ("BACKGROUND", "Many people sleep badly after surgery. Whether walking helps is unclear."),
    ("METHODS", "We randomly assigned 200 patients to walking or to usual care."),
    ("RESULTS", "After 4 weeks, sleep was better with walking than with usual care. Falls were rare."),
    (
        "CONCLUSIONS",
        "Supervised exercise restores the nights of patients. Larger studies are needed.",
    ),
)


def test_a_digest_says_once_who_concludes(digester, make_paper) -> None:
    paper = make_paper(sections=ABSTRACT)
    for audience in (Audience.PUBLIC, Audience.POLICYMAKER):
        lines = digester.digest(paper, audience).prose.split("\n")
        told = [line for line in lines if "exercise restores the nights" in line]
        assert [line.partition(" exercise")[0] for line in told] == ["The researchers conclude: Supervised"]
        assert sum("conclude" in line for line in lines) == 1


def test_a_conclusion_keeps_the_words_that_say_whose_it_is(digester, make_paper) -> None:
    conclusion = "These results show that walking improves sleep after surgery."
    paper = make_paper(sections=(*ABSTRACT[:3], ("CONCLUSIONS", conclusion)))
    prose = digester.digest(paper, Audience.PUBLIC).prose
    assert "The results show that walking improves sleep after surgery." in prose
