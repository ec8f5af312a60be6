"""How many were studied, in hard sentences: the whole or groups that are the whole, never a part."""

import pytest

from domain.digest import Role
from domain.facts import FactKind, StudyKind
from domain.identifiers import Identifiers
from domain.paper import SampleSize, Version, VersionKind
from summarizer.facts.sizes import sizes
from summarizer.facts.told import Page, Told, plain

METHOD, RESULT, QUESTION = Role.METHOD, Role.RESULT, Role.QUESTION


def counted(*sentences, kind=StudyKind.OBSERVATIONAL, stated=None):
    """The numbers of the size told of invented sentences, each with its role."""
    told, at = [], 0
    for role, text in sentences:
        told.append(Told(at, at + len(text), text, plain(text), role=role))
        at += len(text) + 1
    version = Version(VersionKind.ARTICLE, Identifiers(), "", sample_size=stated)
    page = Page(version, "hash", None, told)
    facts = list(sizes(page, kind))
    assert all(fact.kind is FactKind.SIZE and fact.value in fact.evidence.text for fact in facts)
    return [[quantity.value for quantity in fact.quantities] for fact in facts]


# All of these sentences are invented.
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("We measured walking speed in 213 older adults with knee pain.", "213"),
        ("Data came from a study of 7,120 (62% black and 61% female) participants.", "7120"),
        ("Adults aged 60 years or more (n=123) were asked about sleep.", "123"),
        ("Seven hundred and twelve surveys were completed.", "712"),
        (
            "Two hundred patients aged 40 to 70 years, with asthma of any degree (or not) were enrolled.",
            "200",
        ),
        ("Forty-one eyes of 27 children had a complete follow-up of two years.", "27"),
        ("In total 101 patients met criteria including 81 late and 20 early responders.", "101"),
        ("407 391 workers were followed.", "407391"),
        ("We enrolled ５０ patients with gout.", "50"),
        ("Previously, 500 patients were seen elsewhere; here we enrolled 30 patients.", "30"),
        ("We randomly assigned 1167 adults, 1136 (97%) of whom were included in the analysis.", "1167"),
        ("In all, 812 men were assigned to short (n=405) or long treatment (n=407).", "812"),
        ("This study of virtual reality included 60 children.", "60"),
    ],
)
def test_the_whole_in_many_forms(text, number):
    assert counted((METHOD, text)) == [[number]]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (
            "Cases (n = 310) were women with the disease, and controls (n = 727) were women without.",
            ["310", "727"],
        ),
        (
            "The study of 463 and 497 postmenopausal cases and controls, respectively, was nested.",
            ["463", "497"],
        ),
        ("We examined 93 patients with migraine and 95 healthy controls.", ["93", "95"]),
        ("We recorded sleep of patients with mild (n=18) or severe (n=19) apnoea.", ["18", "19"]),
    ],
)
def test_groups_that_are_the_whole_together(text, numbers):
    assert counted((METHOD, text)) == [numbers]


@pytest.mark.parametrize(
    "text",
    [
        "In Utrecht, 13 343 people were asked by telephone.",
        "We tested 25 adults with psychosis, 13 unaffected relatives of patients, and 28 healthy controls.",
        "Twenty patients were switched to tablets, and 19 patients were treated as before.",
        "A sample of 1530 women will be interviewed.",
        "Stage 1 comprised 32 eyes of 32 patients.",
        "The drug was given to over 1 million patients.",
        "Reading was tested in children (n = 10 per group).",
        "The sample held adults with data on diet and work (n = 7431, n = 8142 and n = 7459, respectively).",
        "In 2015 patients were enrolled at one hospital.",
        "We enrolled stage 3 patients and 5 controls.",
        "Fewer than 30 patients were included.",
        "Up to 500 patients were enrolled.",
        "We enrolled 50 patients per group.",
        "Ten patients in each group were studied.",
        "A previous trial included 500 patients.",
        "Of 1000 questionnaires, 400 were returned.",
        "The records of 300 of 500 patients were reviewed.",
        "We compared 50 patients with asthma, 45 with bronchitis and 60 healthy controls.",
        "Samples of 30 patients with gout were compared with samples of 25 patients without.",
        "We built a Markov model of 100,000 women aged 30 years.",
        "Costs were worked out for a hypothetical cohort of 10,000 men.",
        "In this trial, 405 men were assigned to short treatment.",
    ],
)
def test_parts_plans_and_pieces_are_no_size(text):
    assert counted((METHOD, text)) == []


def test_those_beside_others_are_called_as_they_are():
    text = "We measured iron in 84 women with gout and 79 healthy controls."
    told = Told(0, len(text), text, text, role=METHOD)
    page = Page(Version(VersionKind.ARTICLE, Identifiers(), ""), "hash", None, [told])
    (fact,) = sizes(page, StudyKind.OBSERVATIONAL)
    assert [quantity.unit for quantity in fact.quantities] == ["women", "controls"]


def test_what_is_not_the_most_is_not_the_whole():
    found = counted((METHOD, "We measured pain in 45 patients."), (RESULT, "Of 56 patients, 12 had none."))
    assert found != [["45"]]


def test_another_group_leaves_the_whole_open():
    first = (METHOD, "Thirty consecutive patients with gout underwent scans.")
    assert counted(first, (METHOD, "Scans were also done in another 20 patients without gout.")) == []


def test_a_trial_s_whole_are_those_chosen_by_lot():
    sentences = (
        (METHOD, "We screened 900 adults."),
        (METHOD, "We randomly assigned 321 adults to tea or water."),
    )
    assert counted(*sentences, kind=StudyKind.TRIAL) == [["321"]]


def test_studies_of_a_review_are_those_that_were_left():
    text = "The search gave 784 studies, of which 22 studies described relevant data."
    assert counted((RESULT, text), kind=StudyKind.REVIEW) == [["22"]]
    text = "Including the original 69 studies, we analysed 106 studies."
    assert counted((METHOD, text), kind=StudyKind.REVIEW) == [["106"]]
    text = "We included 12 randomised trials and 5 cohort studies."
    assert counted((METHOD, text), kind=StudyKind.REVIEW) == []


def test_those_who_were_searched_are_not_those_who_were_studied():
    assert counted((METHOD, "After we reviewed 14,758 adults, those who had two scans were selected.")) == []
    assert counted((METHOD, "We reviewed 14,758 adults, most of those who had two scans.")) == [["14758"]]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("We included 12 trials with between 40 and 310 patients.", "12"),
        ("Thirty-one studies, including 18 to 2,174 patients, were included.", "31"),
        ("We included 31 studies with 18-2174 participants each.", "31"),
    ],
)
def test_the_most_that_one_study_had_is_no_whole(text, number):
    assert counted((RESULT, text), kind=StudyKind.REVIEW) == [[number]]


@pytest.mark.parametrize(
    "text",
    [
        "Each centre enrolled between 12 and 310 patients.",
        "By 2022, 1,846 carriers from 612 families had joined.",
        "A score was developed in 3,102 patients and validated in 540 patients.",
        "Tumours from 18 to 24 patients were studied with each antibody.",
        "We trained the network on images from 3,102 patients and validated it on videos of 540 patients.",
        "The training set comprised 500 patients and the validation set 210 patients.",
    ],
)
def test_ranges_and_sets_of_data_are_no_whole(text):
    assert counted((METHOD, text)) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Between 2011 and 2015, 2,048 women were enrolled.", "2048"),
        ("In all, 1,846 women from 612 families were enrolled.", "1846"),
        ("We compared 2 doses of velorin in 310 patients.", "310"),
        (
            "We analysed 412 patients, divided into a training set of 288 and a validation set of 124.",
            "412",
        ),
    ],
)
def test_years_are_no_range_and_sets_make_a_whole(text, number):
    assert counted((METHOD, text)) == [[number]]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("In May, 1,846 patients were screened and 1,402 were randomly assigned: 703 to velorin.", "1402"),
        ("Of 2,190 eligible children, 1,744 were randomised (872 in each arm).", "1744"),
        ("Of 940 women assessed for eligibility, 212 (22.6%) were enrolled in the study.", "212"),
        ("Thirty of 71 eligible men (42%) agreed to take part and were randomised.", "30"),
        ("54 patients were treated, 31 with cancer of the pancreas.", "54"),
        ("Of 900 women screened, 640 were randomised to velorin (n=321) or placebo (n=319).", "640"),
        ("Of 900 women invited, 640 were included and 260 were excluded.", "640"),
        ("We recruited 1,402 patients, and 703 were allocated to velorin.", "1402"),
        ("A survey was mailed to 2,300 nurses, and 1,104 (48%) responded.", "1104"),
        ("We wrote to 900 nurses; 412 replied.", "412"),
        ("We enrolled 900 men; in the validation cohort of 400 men, 120 were enrolled.", "900"),
        (
            "Of 2,310 men who were eligible, 1,204 underwent randomization: 603 to song and 601 to rest.",
            "1204",
        ),
        ("A questionnaire was posted to 2,400 nurses; 1,065 (44%) returned it.", "1065"),
        ("We wrote to 2,400 nurses, of whom 1,065 (44%) responded.", "1065"),
        ("In all, 3,912 girls were enrolled (1,988 in song villages and 1,924 in control villages).", "3912"),
    ],
)
def test_those_who_were_kept_of_others_are_the_whole(text, number):
    assert counted((METHOD, text)) == [[number]]


@pytest.mark.parametrize(
    "text",
    [
        "Of 640 patients in care, 80 were included in a further analysis.",
        "At 61 hospitals in nine countries, patients were randomly assigned to velorin or placebo.",
        "We identified 1,019 patients starting velorin and 5,377 starting gandorin.",
        "Thirty of 71 eligible men (42%) were unwell.",
        "Two types were confirmed in an independent cohort of 122 patients.",
        "Of 1,402 patients, 703 were assigned to velorin and 699 to placebo.",
        "1,846 patients were screened and 700 were randomised to surgery and 702 to watchful waiting.",
        "Of 900 patients, 310 were recruited from clinics and 590 from hospitals.",
        "Of 5,000 patients, 2,000 were randomly assigned to the training set.",
        "Thirty of 71 eligible men were randomly assigned to velorin.",
        "Of 200 patients with asthma, 54 patients were treated at home.",
        "We wrote to 2,400 nurses, of whom 1,065 (44%) were men.",
        "We treated 120 patients with velorin, of whom 45 (38%) responded.",
        "We discharged 900 men; 300 returned the next day with cough.",
        "Seventy-five patients were randomly selected from each of three groups.",
        "We studied 25 adults with asthma, 13 relatives and 28 controls.",
    ],
)
def test_what_is_left_out_or_counted_beside_them_is_no_whole(text):
    assert counted((METHOD, text)) == []


def test_a_number_that_opens_the_section_about_participants_is_the_whole():
    who = "46 postmenopausal women with early breast cancer."
    told = Told(0, len(who), who, who, label="Participants", role=METHOD)
    done = "Forty-one women completed both periods."
    then = Told(len(who) + 1, len(who) + 1 + len(done), done, done, label="Results", role=RESULT)
    page = Page(Version(VersionKind.ARTICLE, Identifiers(), ""), "hash", None, [told, then])
    assert [fact.value for fact in sizes(page, StudyKind.TRIAL)] == ["46 postmenopausal women"]


def test_what_a_review_screened_is_not_what_it_reviewed():
    text = "Of 2,914 records screened, 14 trials with 8,760 patients were included."
    assert counted((METHOD, text), kind=StudyKind.REVIEW) == [["14"], ["8760"]]
    searched = "Of 2,914 records screened, 35 studies were potentially relevant."
    assert counted((METHOD, searched), kind=StudyKind.REVIEW) == []


def test_a_model_counts_others_or_nobody():
    told = (METHOD, "Chances came from a randomised trial of 1,019 patients.")
    assert counted(told, kind=StudyKind.MODEL) == []
    assert counted(told) == [["1019"]]


def test_persons_took_part_in_a_trial():
    assert counted(
        (METHOD, "One hundred and ninety-one older persons participated."), kind=StudyKind.TRIAL
    ) == [["191"]]


@pytest.mark.parametrize(("control", "number"), [("in another 20", []), ("in all", [["30"]])])
def test_what_the_record_counts_is_no_whole_beside_another_group(control, number):
    first = "Thirty consecutive patients had a test of the heart."
    told = (METHOD, first), (METHOD, f"The test was repeated {control} patients with asthma.")
    assert counted(*told, stated=SampleSize(30, "patients", first)) == number
