"""What authors hold against their own study, what is only planned, and what tells nothing; all invented."""

import pytest

from domain.digest import Role
from domain.facts import FactKind, StudyKind
from domain.identifiers import Identifiers
from domain.paper import Abstract, Section, Version, VersionKind
from summarizer.choosing.reading import read
from summarizer.choosing.roles import RoleReader, _no_finding
from summarizer.choosing.selection import follows_on, is_chore
from summarizer.facts import extract


@pytest.fixture(scope="module")
def table_of(encoder):
    reader = RoleReader(encoder)

    def told(title, *sections):
        abstract = Abstract(tuple(Section(text, label) for label, text in sections), language="en")
        version = Version(VersionKind.ARTICLE, Identifiers(), title, abstracts=(abstract,))
        return extract(version, read(version, abstract, encoder, reader))

    return told


@pytest.mark.parametrize(
    ("said", "limits"),
    [
        ("The overall quality of the evidence was rated as very low.", True),
        ("Certainty of evidence was low for most comparisons.", True),
        ("Unmeasured confounding is possible.", True),
        ("Information on smoking and diet was not available.", True),
        ("Spontaneous reports cannot give rates.", True),
        ("Missing data on diet limited our analysis.", True),
        ("Volunteers may have been healthier than others.", True),
        ("Risk of bias was low in 11 trials.", False),
        ("There was low-certainty evidence that honey eases cough more than syrup does.", False),
        ("The quality of life was low in both groups.", False),
    ],
)
def test_what_authors_hold_against_their_evidence_limits_it(table_of, said, limits):
    table = table_of(
        "Honey for cough",
        ("Methods", "We searched two databases for trials of honey."),
        ("Results", f"Cough was rarer with honey than with syrup. {said}"),
        ("Conclusions", "Honey eases cough."),
    )
    assert any(fact.value == said for fact in table.of(FactKind.LIMIT)) is limits


def test_a_study_that_is_only_planned_is_of_no_kind_yet(table_of):
    title = "Swimming for children with asthma: the SWIM cohort study"
    plan = "In this cohort study 400 children will be included. Their cough will be noted for two years."
    done = "In this cohort study 400 children were included. Their cough was noted for two years."
    hope = ("Discussion", "The study offers a view of sport in children with asthma.")
    assert table_of(title, ("Methods", plan), hope).study_kind is StudyKind.UNKNOWN
    assert table_of(title, ("Methods", done), hope).study_kind is StudyKind.OBSERVATIONAL


def test_a_review_whose_advice_will_be_renewed_is_none_that_is_planned(table_of):
    searched = "A panel of experts searched three databases for trials of honey. "
    plan = "The advice will be updated every year. Patients will be asked to comment on it."
    for methods, kind in ((searched, StudyKind.REVIEW), ("", StudyKind.UNKNOWN)):
        table = table_of(
            "Honey for cough: a systematic review",
            ("Methods", f"{methods}We graded all advice. It was agreed by vote. {plan}" if methods else plan),
            ("Recommendations", "Honey should be offered to children with a cough."),
        )
        assert table.study_kind is kind


def test_a_survey_of_livestock_is_no_laboratory_study(table_of):
    table = table_of(
        "Worms in livestock of the island",
        (
            "",
            "Worms are common. In total 898 sheep and 483 goats were examined. Worms were found in 30%.",
        ),
    )
    assert table.study_kind is StudyKind.ANIMAL
    assert [fact.value for fact in table.of(FactKind.DESIGN)] == ["field study"]


def test_mice_that_stand_for_livestock_live_in_no_field(table_of):
    table = table_of(
        "A livestock vaccine against worms in mice",
        ("", "To find a vaccine for livestock, we vaccinated 40 mice. Vaccinated mice had fewer worms."),
    )
    assert table.study_kind is StudyKind.ANIMAL
    assert not list(table.of(FactKind.DESIGN))


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Here we report a prespecified analysis by sex.", Role.QUESTION),
        ("Here we report a planned analysis: song eased cough in girls.", Role.RESULT),
        ("As a mark of song, loudness and its slope were studied.", Role.METHOD),
        ("Cough fell by 30% when singers were studied.", Role.RESULT),
        ("No harms were recorded.", Role.RESULT),
        ("Three deaths were recorded.", Role.RESULT),
        ("A fall in cough of 12 bouts a day was recorded.", Role.RESULT),
        ("Higher levels of lead in blood were measured.", Role.RESULT),
        ("Two ways of counting coughs were compared.", Role.METHOD),
        ("An electrocardiogram was recorded.", Role.METHOD),
    ],
)
def test_what_is_reported_without_its_outcome_is_no_result(text, role):
    assert _no_finding(text) is role


@pytest.mark.parametrize(
    ("said", "who"),
    [
        (
            "We followed 300 women who took herbal tea for ten years.",
            "women who took herbal tea for ten years",
        ),
        ("In this cohort study adults with severe asthma answered questions.", "adults with severe asthma"),
    ],
)
def test_people_are_told_by_what_they_did_and_not_what_the_study_had_them_do(table_of, said, who):
    table = table_of("Tea and cough", ("Methods", said), ("Results", "Cough was rarer with tea."))
    assert table.first(FactKind.POPULATION).value == who


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("Acute cough was seen in 2.4% and 7.8%, respectively.", True),
        ("Deaths fell by 11% and 15%, respectively.", True),
        ("Sensitivity and specificity were 80% and 90%, respectively.", False),
        ("Deaths fell by 11% and 15% with song and dance, respectively.", False),
        ("Median survival was 19, 27, 22 and 41 days, respectively.", True),
        ("Median survival was 8.9 months (95% CI, 6.8 to 11.4) and 9.1 months, respectively.", True),
        ("Cough was seen in 29% and 17%, and deaths in 7% and 3% of patients.", True),
        ("Cough was reported by 9% and 2% of women, respectively.", True),
        ("Cough was seen in 29% and 17% in the two groups.", False),
        ("Song and dance cut deaths by 10% and 20%.", False),
        ("Cough was seen in 29% and nausea in 3%.", False),
        ("Three countries had none.", True),
        ("The protective effect was tied to the care of cells.", True),
        ("The difference was not significant.", True),
        ("After the bans it fell by 4.4% per year.", True),
        ("In mice it is known that song eases cough.", False),
        ("The effect of song on cough was small.", False),
        ("The response was complete.", False),
        ("Median survival was 10.3 and 9.9 months.", True),
        ("Median survival with song and dance was 10.3 and 9.9 months.", False),
        ("Cough was alike after song and dance (61.5% and 64.4%, respectively).", False),
        ("We asked if they can be omitted in children.", True),
        ("We asked whether children can do without pulses.", False),
        ("We tested whether this trial was feasible.", False),
    ],
)
def test_numbers_and_questions_without_their_subject_lean(text, leans):
    assert follows_on(text) is leans


@pytest.mark.parametrize(
    ("text", "chore"),
    [
        ("Analysis was by intention to treat and accounted for clustering.", True),
        ("Costs were discounted at 3% a year.", True),
        ("Survival and tumour volume were recorded.", True),
        ("Meanwhile, the process was studied.", True),
        ("We randomly allocated 60 villages, with analysis by intention to treat.", False),
    ],
)
def test_how_numbers_were_handled_is_a_chore(text, chore):
    assert is_chore(text) is chore
