"""The key messages are the authors' conclusion and what they found; all texts are invented."""

import pytest

from domain.digest import Audience, Role
from domain.identifiers import Identifiers
from domain.licence import to_licence
from domain.paper import Abstract, Paper, Section, Version, VersionKind
from summarizer.choosing.thin import is_thin
from summarizer.extractive import ExtractiveDigester
from summarizer.plain import telling

TITLE = "Swimming for swollen arms after breast surgery: a randomised trial"
METHODS = (
    "We randomly assigned 240 women to swimming or to usual care. "
    "The primary outcome was the volume of the arm at six months."
)
RESULTS = (
    "The volume of the arm fell by 9.1% with swimming and by 2.0% with usual care "
    "(difference 7.1 percentage points, 95% CI 4.2 to 10.0). "
    "Infections of the skin were seen in 12 and 25 women (risk ratio 0.48, 95% CI 0.25 to 0.92)."
)
CONCLUSION = "Swimming eased swelling of the arm after breast surgery."


@pytest.fixture(scope="module")
def digester(encoder):
    return ExtractiveDigester()


@pytest.fixture
def sentences(digester):
    def told(*sections, title=TITLE, audience=Audience.PUBLIC):
        background = ("Background", "Many women have a swollen arm after breast surgery.")
        abstract = Abstract(
            tuple(Section(text, label) for label, text in (background, *sections)), language="en"
        )
        licence = to_licence("CC BY", "license")
        identifiers = Identifiers(doi="10.5555/keys")
        version = Version(VersionKind.ARTICLE, identifiers, title, abstracts=(abstract,), licence=licence)
        paper = Paper("p", (version,), "2026-01-01", "2026-01-01")
        return digester.digest(paper, audience).sentences

    return told


@pytest.fixture
def keys(sentences):
    def told(*sections, **asked):
        return [s.text for s in sentences(*sections, **asked) if s.role is Role.KEY]

    return told


def about_swimming(*concluding: str):
    return ("Methods", METHODS), ("Results", RESULTS), ("Conclusions", " ".join(concluding))


@pytest.mark.parametrize(
    "beside",
    [
        "A change of five per cent is close to the smallest that women notice.",
        "The open design may have influenced what women reported.",
        "The maker of the pool lent it and had no part in the analysis.",
        "Women with swollen arms deserve early attention.",
    ],
)
def test_the_conclusion_is_about_what_the_title_names(keys, beside):
    for concluding in ((CONCLUSION, beside), (beside, CONCLUSION)):
        assert "swimming eased" in keys(*about_swimming(*concluding))[0].lower()


def test_no_difference_in_the_plural_is_a_failure_but_between_the_sexes_or_to_begin_with(keys):
    methods = "We assigned 240 women and men at random to swimming or to usual care."
    failed = "There were no significant differences between the arms of the trial in swelling."
    sexes = "There were no significant differences between men and women in swelling."
    start = "There were no significant differences in baseline features of women with swelling."
    ages = "There were no significant differences in age or stage of swelling between the arms."
    other = "Swimming shortened the stay in hospital by 2 days."
    asked = {"title": "Swimming for swelling", "audience": Audience.PUBLIC}
    for text, first in ((failed, True), (sexes, False), (start, False), (ages, False)):
        sections = ("Methods", methods), ("Results", f"{other} {text}"), ("Conclusions", CONCLUSION)
        assert ("no significant difference" in keys(*sections, **asked)[0]) is first


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.POLICYMAKER])
def test_the_finding_is_of_the_primary_outcome(keys, audience):
    told = " ".join(keys(*about_swimming(CONCLUSION), audience=audience))
    assert "9.1%" in told
    assert "0.48" not in told


def test_a_primary_outcome_in_other_words_is_what_is_told_first(keys):
    methods = METHODS.replace("the volume of the arm", "change in limb size as measured by perometry")
    told = " ".join(keys(("Methods", methods), ("Results", RESULTS), ("Conclusions", CONCLUSION)))
    assert "9.1%" in told
    assert "0.48" not in told


def test_a_primary_outcome_is_the_finding_where_no_fact_holds_its_measure(keys):
    methods = (
        "We assigned 52 children at random to ginger or placebo. The primary outcome was the nausea score."
    )
    results = (
        "The mean nausea score was 3.1 with ginger and 4.9 with placebo (difference 1.8, 95% CI 0.9 to 2.7). "
        "Vomiting was not reduced."
    )
    concluding = "Ginger eased nausea but not vomiting."
    told = keys(("Methods", methods), ("Results", results), ("Conclusions", concluding), title="Ginger")
    assert any("4.9" in text for text in told)


def test_a_finding_that_its_conclusion_holds_is_told_with_all_of_it(keys):
    results = "Incidence rose by 6.1% a year in women and 5.4% in men. Mortality did not change."
    concluding = "Incidence rose without a change in mortality, which suggests that too many were diagnosed."
    sections = (
        ("Methods", "Data came from four registers."),
        ("Results", results),
        ("Conclusions", concluding),
    )
    title = "Trends in incidence and mortality of thyroid tumours"
    told = keys(*sections, title=title, audience=Audience.POLICYMAKER)
    assert any("too many were diagnosed" in text for text in told)


def test_what_doctors_should_be_aware_of_is_a_conclusion(keys):
    results = "A biopsy showed a rare tumour of the skin. Within six weeks the nodule had vanished."
    concluding = "Doctors should be aware that such tumours may vanish after a biopsy."
    case = "A 78-year-old woman presented with a red nodule."
    told = keys(("Case report", f"{case} {results}"), ("Conclusions", concluding), title="A case report")
    assert any("vanished" in text for text in told)
    assert any("should be aware" in text for text in told)


def test_what_leans_on_a_conclusion_goes_where_it_goes(keys):
    told = keys(*about_swimming(CONCLUSION, "This lasted for a year after the last lesson."))
    first = next(place for place, text in enumerate(told) if "eased" in text.lower())
    assert "lasted for a year" in told[first + 1]


def test_what_leans_on_a_conclusion_and_says_nothing_is_left_out(keys):
    told = keys(*about_swimming(CONCLUSION, "This sheds new light on the care of swollen arms."))
    assert any("eased" in text for text in told)
    assert not any("light" in text for text in told)


@pytest.mark.parametrize(
    "text",
    [
        "Samples were cut into four pieces and egg locations from the front to the back were analyzed.",
        "The proposed method is compared with the existing methods.",
        "Previously, we demonstrated that the protein causes death of these cells.",
        "In the present study, we have tested the hypothesis that the two proteins interact.",
        "Identifying the pathways may be particularly important for developing new drugs.",
        "Our findings shed light not only on one mechanism but on several.",
    ],
)
def test_procedure_and_praise_are_thin(text):
    assert is_thin(text)


@pytest.mark.parametrize(
    "text",
    [
        "The drug may be useful in women whose cancer has spread.",
        "The gene is formed by two others in every tumour more often than in healthy tissue.",
        "The drug is important for survival of the cells.",
        "A valid result was obtained for 80 of 100 women (80%) at home and 40 of 100 (40%) in clinics.",
    ],
)
def test_outcomes_are_not(text):
    assert not is_thin(text)


def test_a_conclusion_that_tells_of_failure_is_told_once(keys):
    failure = "The primary outcome was not met by swimming for swollen arms after breast surgery."
    told = keys(*about_swimming(failure))
    assert sum("primary outcome was not" in text for text in told) == 1


LONG_WAY = (
    "Swimming eased swelling of the arm after breast surgery in women whose occupational, socioeconomic and "
    "geographical circumstances permitted uninterrupted participation."
)


def test_a_conclusion_that_is_hard_to_read_is_not_told_by_an_easier_one(keys):
    told = keys(*about_swimming(LONG_WAY, "Some women felt cold."), audience=Audience.PUBLIC)
    assert told
    assert not any("cold" in text for text in told)


@pytest.mark.parametrize(
    "aside",
    [
        "There was no difference in side effects between the groups.",
        "Age and weight at baseline did not differ.",
        "There was no difference in the use of radios.",
    ],
)
def test_what_did_not_differ_aside_is_no_failure(keys, aside):
    results = f"{aside} {RESULTS}"
    methods = METHODS.split(". ")[0] + "."
    told = keys(("Methods", methods), ("Results", results), ("Conclusions", CONCLUSION))
    assert "swimming eased" in told[0].lower()
    assert not any("differ" in text and "9.1" not in text for text in told)


def test_a_failure_in_what_was_asked_is_told_first(keys):
    results = "Women felt warmer by 12%. The volume of the arm did not differ with swimming for swollen arms."
    told = keys(("Methods", METHODS), ("Results", results), ("Conclusions", "Swimming felt good."))
    assert "did not differ" in told[0]


@pytest.mark.parametrize(
    ("interval", "failed"),
    [("4.2 to 10.0", False), ("-4.2 to 10.0", True), ("\N{MINUS SIGN}2 to 10.0", True)],
)
def test_what_did_not_differ_besides_the_outcome_is_no_failure(keys, interval, failed):
    results = f"{RESULTS.replace('4.2 to 10.0', interval)} The volume of the hand did not differ."
    told = keys(("Methods", METHODS), ("Results", results), ("Conclusions", CONCLUSION))
    assert ("did not differ" in told[0]) is failed


def test_what_authors_say_they_found_is_the_finding(keys):
    results = (
        "Water was warm in the small pool. We found that swimming emptied the swollen arms of women. "
        "Hands became strong."
    )
    sections = ("Methods", METHODS.split(". ")[0] + "."), ("Results", results), ("Conclusions", CONCLUSION)
    told = keys(*sections, audience=Audience.POLICYMAKER)
    assert any("emptied" in text for text in told)


def test_what_is_hoped_for_is_a_message_where_there_is_no_other(keys):
    text = "In this review, we will discuss pools. Future pools could be warm. Arms should be kept in water."
    assert keys(("", text), title="Pools")


def test_who_lent_what_is_told_with_who_paid(sentences):
    lent = "The maker of the pool lent it and had no part in the analysis."
    made = "The company of women made swimming easier."
    told = sentences(*about_swimming(CONCLUSION, lent, made), audience=Audience.POLICYMAKER)
    roles = {s.role for s in told if "pool" in s.evidence.text}
    assert roles <= {Role.FUNDING}
    assert Role.FUNDING not in {s.role for s in told if "easier" in s.text}


def test_a_conclusion_that_points_to_a_result_stays_a_conclusion(sentences):
    results = "The volume of the arm fell by 9.1% with swimming and by 2.0% with usual care."
    leaning = "This fall in volume may let women wear their own sleeves."
    sections = ("Methods", METHODS), ("Results", results), ("Conclusions", leaning)
    told = sentences(*sections, audience=Audience.POLICYMAKER)
    assert {s.role for s in told if "sleeves" in s.text} <= {Role.MEANING, Role.KEY}
    joined = ("", f"{METHODS} {results} They did so by a wider sleeve in 12%.")
    assert {s.role for s in sentences(joined) if "wider" in s.text} <= {Role.RESULT, Role.KEY}


def test_what_was_known_is_no_finding_for_what_leans_on_it(sentences):
    text = (
        "Water can hold up a swollen arm. We show that this water empties the arms of women. "
        "Their arms were thin after a month. These findings suggest that women should swim."
    )
    told = sentences(("", text), audience=Audience.POLICYMAKER)
    assert not {s.role for s in told if "hold up" in s.evidence.text} & {Role.RESULT, Role.MEANING, Role.KEY}


def test_a_finding_that_the_conclusion_repeats_is_one_message(keys):
    results = "The volume of the swollen arm fell with swimming after breast surgery in women."
    for concluding, many in (
        ("After breast surgery the volume of the swollen arm fell with swimming.", 1),
        ("Swimming may replace sleeves after breast surgery.", 2),
    ):
        sections = ("Methods", METHODS), ("Results", results), ("Conclusions", concluding)
        assert len(keys(*sections, audience=Audience.POLICYMAKER)) == many


def test_where_the_gate_lets_no_message_pass_another_sentence_is_the_message(keys, monkeypatch):
    objects = telling._objects

    def strict(texts, source, permitted):
        return "9.1%" in source or "eased" in source or objects(texts, source, permitted)

    monkeypatch.setattr(telling, "_objects", strict)
    told = keys(*about_swimming(CONCLUSION), audience=Audience.POLICYMAKER)
    assert any("Infections" in text for text in told)


def test_efforts_that_are_required_are_no_message(keys):
    required = "Efforts are required to open more pools for swimming after breast surgery."
    assert "swimming eased" in keys(*about_swimming(required, CONCLUSION))[0].lower()
    found = "Warm water is required for swimming to ease swelling of the arm after breast surgery."
    assert "warm water" in keys(*about_swimming(found))[0].lower()


def test_who_came_is_not_what_was_found(keys):
    came = "A 34 year-old woman, who swam, was planned for breast surgery as her arm was swollen."
    found = "The volume of the arm fell with swimming. The skin of the arm healed."
    sections = ("Results", f"{came} {found}"), ("Conclusions", CONCLUSION)
    told = keys(*sections, title="Swimming for one woman", audience=Audience.POLICYMAKER)
    assert not any("34" in text for text in told)


def test_a_secondary_outcome_comes_after_the_primary(keys):
    results = (
        "Secondary outcome: infections were rarer after swimming (risk ratio 0.48, 95% CI 0.25 to 0.92). "
        "The volume of the arm fell by 9.1% with swimming and by 2.0% with usual care."
    )
    sections = ("Methods", METHODS.split(". ")[0] + "."), ("Results", results), ("Conclusions", CONCLUSION)
    told = keys(*sections, audience=Audience.POLICYMAKER)
    assert any("9.1" in text for text in told)
    assert not any("infections" in text for text in told)


@pytest.mark.parametrize(
    "none", ["no", "no statistically significant", "no clinically relevant", "no significant"]
)
def test_what_failed_is_told_first_however_it_is_said(keys, none):
    results = (
        f"There was {none} difference in the volume of the arm (4.1% against 4.0%, p = 0.81). "
        "Weight fell by 9.1% with swimming and by 2.0% with usual care (p = 0.01)."
    )
    sections = ("Methods", METHODS), ("Results", results), ("Conclusions", CONCLUSION)
    assert "difference in the volume" in keys(*sections)[0]


@pytest.mark.parametrize(
    "results",
    [
        "The volume of the arm was significantly lower with swimming than with usual care. "
        "Fewer fell ill in spring; however, no significant difference was seen in the volume in winter.",
        "The volume of the arm was lower with swimming than with usual care. "
        "Significant differences were seen in spring; however, no significant difference in the volume was "
        "seen in winter.",
    ],
)
def test_what_differed_in_one_thing_did_not_fail(keys, results):
    told = keys(("Methods", METHODS), ("Results", results), ("Conclusions", CONCLUSION))
    assert not any("winter" in text for text in told)


def test_alike_in_old_and_young_is_no_failure(keys):
    results = (
        "The volume of the arm fell by 9.1% with swimming and by 2.0% with usual care. "
        "The volume of the arm did not differ based on age, sex or smoking."
    )
    sections = ("Methods", METHODS.split(". ")[0] + "."), ("Results", results), ("Conclusions", CONCLUSION)
    assert "did not differ" not in keys(*sections, audience=Audience.POLICYMAKER)[0]


def test_what_is_hoped_for_may_follow_what_was_found(keys):
    hoped = "Our results suggest that further pools should be opened for swimming after breast surgery."
    found = (
        "We show that swimming eased swelling of the arm after breast surgery, which warrants further work."
    )
    assert "eased" in keys(*about_swimming(hoped, found))[0].lower()


KINETICS = "Pharmacokinetic profiles in women with swollen arms after breast surgery rose with the dose."


@pytest.mark.parametrize(
    ("title", "concluding", "told"),
    [
        (TITLE, KINETICS, False),
        (TITLE.replace("Swimming", "Pharmacokinetics of hepsol"), KINETICS, True),
        (TITLE, "Hepsol was safe in swollen arms, with favourable pharmacokinetics after surgery.", True),
    ],
)
def test_what_the_body_does_to_a_drug_comes_after_what_the_drug_does(keys, title, concluding, told):
    sections = about_swimming(concluding, "The skin of the arm healed after swimming.")
    assert any("armacokinetic" in text for text in keys(*sections, title=title)) is told


@pytest.mark.parametrize(("said", "told"), [("integral for opening", False), ("lost without", True)])
def test_what_results_will_be_for_is_no_message(keys, said, told):
    hope = f"Given the swimming after breast surgery, our findings will be {said} more pools."
    assert any("pools" in text for text in keys(*about_swimming(hope, CONCLUSION))) is told


COUGH = (
    "The incidences of cough were 9.2% and 40.8% with velorin and placebo (P = 0.04). "
    "Blood pressure was similar, and there was no significant difference in pulse after velorin or placebo."
)


def test_what_did_not_differ_besides_is_no_failure_where_p_tells_a_difference_before(keys):
    methods = ("Methods", "We randomly assigned 240 patients to velorin or placebo.")
    told = keys(methods, ("Results", COUGH), title="Velorin against cough: a randomised trial")
    assert any("cough" in text for text in told)
    assert not any("Blood pressure" in text for text in told)


def test_what_did_not_differ_by_its_p_is_told(keys):
    methods = ("Methods", "We randomly assigned 240 patients to velorin or placebo.")
    results = ("Results", COUGH.replace("0.04", "0.40").replace("pulse", "cough"))
    told = keys(methods, results, title="Velorin against cough: a randomised trial")
    assert any("no significant difference" in text for text in told)


def test_that_nothing_is_needed_is_a_finding(keys):
    concluding = "No change of swimming times is needed. Data on diving are limited."
    assert any("No change" in text or "no change" in text for text in keys(*about_swimming(concluding)))


def test_a_change_told_first_comes_before_a_part_of_it_with_an_interval(keys):
    results = (
        "Survival after five years rose from 63% to 74%. "
        "Survival was lower in the north (adjusted hazard ratio 1.22, 95% CI 1.04 to 1.43)."
    )
    methods = ("Methods", "We identified all 1,907 patients with sarcoma in the registry.")
    concluding = ("Conclusion", "Survival of patients with sarcoma has improved.")
    told = keys(methods, ("Results", results), concluding, title="Survival of patients with sarcoma")
    assert any("63%" in text for text in told)
    assert not any("north" in text for text in told)


def test_that_there_is_no_evidence_of_an_effect_is_no_empty_word():
    assert not is_thin("This study gives no evidence of a causal effect of coffee.")
    assert is_thin("This study gives an overview of coffee.")
    assert is_thin("Limits of the published studies are noted and discussed.")


def test_of_one_patient_it_is_told_what_became_of_them(keys):
    case = (
        "A 79-year-old man presented with a nodule on the temple. Biopsy showed Merkel cell carcinoma. "
        "He was given velorin. After four months imaging showed a complete response."
    )
    title = "Complete response of a Merkel cell carcinoma to velorin: a case report"
    told = keys(("Case", case), ("Conclusion", "Velorin may help such patients."), title=title)
    assert any("complete response" in text for text in told)
    assert not any("Biopsy" in text for text in told)


def test_a_conclusion_that_also_asks_for_more_is_a_message(keys):
    concluding = "Swimming improved swelling of the arm, but larger trials are needed."
    assert any("swelling of the arm" in text for text in keys(*about_swimming(concluding)))


def test_how_they_were_at_the_start_is_no_finding(keys):
    results = (
        "At baseline, women with swelling had significantly lower strength than healthy women (P < 0.001). "
        "The volume of the arm fell by 9.1% with swimming and rose by 2.0% with usual care."
    )
    methods = ("Methods", "We randomly assigned 240 women to swimming or to usual care.")
    told = keys(methods, ("Results", results), title=TITLE)
    assert not any("baseline" in text for text in told)


def test_what_the_start_foretold_is_a_finding(keys):
    results = (
        "At admission, swelling above 9% was associated with death. "
        "The women spent 31% of their days with swimming."
    )
    methods = ("Methods", "We read the records of 240 women.")
    told = keys(methods, ("Results", results), title="What foretells death of women with swelling")
    assert any("admission" in text for text in told)


def test_harm_is_the_finding_where_it_is_the_primary_outcome(keys):
    told = keys(
        (
            "Methods",
            "We randomly assigned 402 women to a test of hearts. The primary outcome was severe toxicity.",
        ),
        (
            "Results",
            "Severe toxicity was seen in 98 of 201 women (49%) with the test, in 121 of 201 (60%) without. "
            "Survival at one year was similar (72% and 71%).",
        ),
        ("Conclusions", "A test of hearts made chemotherapy safer."),
        title="A test of hearts before chemotherapy: a randomised trial",
    )
    assert any("98 of 201" in text for text in told)


def test_where_numbers_were_alike_for_the_outcome_what_is_said_of_another_is_no_failure_first(keys):
    methods = METHODS.replace("the volume of the arm", "infection of the swollen arm")
    results = (
        "Infection of the swollen arm was seen in 41 and 39 women (hazard ratio 1.05, 95% CI 0.68 to 1.62). "
        "Swimming did not improve the mood of women with a swollen arm."
    )
    meant = ("Conclusions", "Swimming did not prevent infection.")
    told = keys(("Methods", methods), ("Results", results), meant)
    assert "41 and 39" in told[0]


def test_that_none_had_the_outcome_is_the_finding(keys):
    methods = METHODS.replace("the volume of the arm at six months", "severe harm to the arm")
    results = "No severe harm to the arm was seen. Cough was seen in 41% of women with song and 20% without."
    told = keys(("Methods", methods), ("Results", results), ("Conclusions", CONCLUSION))
    assert any("No severe harm" in text for text in told)
    assert not any("Cough" in text for text in told)


def test_a_conclusion_before_a_caution_is_a_message(keys):
    told = keys(*about_swimming("Swimming makes infection unlikely, but fever should still be looked into."))
    assert any("unlikely" in text for text in told)


def test_a_case_s_course_is_told_although_the_conclusion_points_to_it(keys):
    case = (
        "A 34-year-old man presented with many nodules in the lung. He was given velorin with song. "
        "After four months all nodules had disappeared. He remains well three years later."
    )
    told = keys(
        ("Case", case),
        ("Conclusion", "This combination may be worth a trial."),
        title="Response of a sarcoma to velorin and song: a case report",
    )
    assert any("disappeared" in text for text in told)
    assert not any("presented" in text for text in told)


def test_what_is_hoped_for_is_left_out_where_it_leans_on_a_message(keys):
    told = keys(*about_swimming(CONCLUSION, "The cost of this simple treatment requires further study."))
    assert told
    assert not any("study" in text for text in told)


def test_what_did_not_differ_beside_what_the_conclusion_calls_significant_is_no_failure(keys):
    methods = METHODS.split(". ")[0] + "."
    results = (
        "The arm was 11 cm thick in 4 of 120 women. There was no difference in swelling of the other arm."
    )
    told = keys(
        ("Methods", methods),
        ("Results", results),
        ("Conclusions", "Swimming significantly eased pain after breast surgery."),
    )
    assert "pain" in told[0]


def test_a_missed_outcome_comes_first_although_the_conclusion_calls_something_else_significant(keys):
    results = "The volume of the arm did not differ between the groups. Mood was better in 30 and 12 women."
    spun = "Swimming significantly improved the mood of women after breast surgery."
    told = keys(("Methods", METHODS), ("Results", results), ("Conclusions", spun))
    assert "did not differ" in told[0]
