"""Numbers with their measures, units, intervals and p-values, in the forms that journals print."""

import pytest

from domain.facts import Quantity
from summarizer.facts.quantities import quantities
from summarizer.facts.told import plain

RATIO = Quantity("0.73", "", "hazard ratio", "0.65", "0.81", "95", "<0.001")


def told(text: str) -> list[Quantity]:
    return [one.quantity for one in quantities(plain(text))]


@pytest.mark.parametrize(
    "text",
    [
        "hazard ratio 0.73 (95% CI 0.65-0.81; p<0.001)",
        "hazard ratio [HR] 0·73 [95% CI 0·65–0·81]; p<0·001",
        "(HR, 0.73; 95% CI, 0.65 to 0.81; P < 0.001)",
        "HR = 0.73 (95% CI = 0.65, 0.81), p < 0.001",
        "HR: 0.73 [95% CI: 0.65; 0.81], P<0.001",
        "an adjusted hazard ratio (aHR) of 0.73 with a 95% confidence interval (CI) of 0.65 to 0.81 "
        "(P<0.001)",
        "HR for death was 0.73 (95 per cent CI 0.65 to 0.81, P\u2009<\u20090.001)",
    ],
)
def test_one_ratio_in_many_forms(text):
    assert told(text) == [RATIO]


@pytest.mark.parametrize(
    ("text", "unit", "values"),
    [
        ("in 1,250 patients", "patients", ["1250"]),
        ("in 20\u202f437 women", "women", ["20437"]),
        ("of 20 437 women", "women", ["20437"]),
        ("Of 20 437 women", "women", ["20437"]),
        ("5.2 per 100 000 person-years", "person-years", ["100000"]),
        ("and involved 17 708 people; 5% smoked", "%", ["5"]),
        ("in ２８％", "%", ["28"]),
        ("in 34/120 (28%)", "%", ["28"]),
        ("28 % [n = 176/629] vs. 31.7 % [n = 1289/4065]", "%", ["28", "31.7"]),
        ("fell from 34 to 28%", "%", ["34", "28"]),
        ("12.3 vs 9.1 months", "months", ["12.3", "9.1"]),
        ("were 85, 90 and 79%, respectively", "%", ["85", "90", "79"]),
        ("a change of −2.5 kg", "kg", ["-2.5"]),
        ("a mean of 5.2 ± 1.3 mg", "mg", ["5.2"]),
        ("a 3-fold increase", "fold", ["3"]),
        ("28 per cent", "%", ["28"]),
    ],
)
def test_values_with_their_unit(text, unit, values):
    found = told(text)
    assert [one.value for one in found] == values
    assert {one.unit for one in found} == {unit}


@pytest.mark.parametrize(
    "text",
    [
        "in a phase 3 trial at stage 2 with IL-6 and p53 in 2019",
        "aged 18-65 years and at least 5 years after surgery",
        "five-year survival and 5-year survival",
        "a ratio of 2:1 and 3:11 h",
        "COVID-19, CA 19-9 and [4, 12]",
        "the 95% confidence interval was wide",
        "(n = 120)",
        "OR, ICU and HR departments",
        "51 X 6 months",
        "once a day, 5 times a week",
        "10 per 0.28 mm(2)",
        "women with density in 75% or more",
    ],
)
def test_what_is_no_quantity(text):
    assert told(text) == []


def test_two_medians_with_their_intervals():
    text = "Median survival was 12.3 months (95% CI 10.1–14.5) with A versus 9.1 months (8.0–10.3) (P = .04)."
    assert told(text) == [
        Quantity("12.3", "months", "median", "10.1", "14.5", "95", "=.04"),
        Quantity("9.1", "months", "median", "8.0", "10.3", "", "=.04"),
    ]


def test_two_measures_named_before_two_numbers():
    found = told("sensitivity and specificity were 85% and 92%")
    assert [(one.measure, one.value) for one in found] == [("sensitivity", "85"), ("specificity", "92")]
    found = told("positive and negative predictive values of 97% and 86%")
    assert [one.measure for one in found] == ["positive predictive value", "negative predictive value"]


def test_an_interval_that_does_not_hold_its_number_is_left_out():
    assert told("HR 0.73 (95% CI 1.10-1.90)") == [Quantity("0.73", "", "hazard ratio")]


def test_a_p_value_of_another_finding_is_not_taken():
    assert told("After 5 years, 12 patients had died, which was more than expected (P<0.01).")[0].p == ""


def test_a_ratio_per_step_is_not_the_step():
    assert "1" not in [one.value for one in told("HR per 1 standard deviation: HR = 1.29")]


def test_ratios_of_a_list_share_their_name():
    found = told(
        "The risk ratio was 0·88 (95 % CI 0·77, 1·00, P=0·05) in men, "
        "0·94 (95 % CI 0·58, 1·54, P=0·82) in women."
    )
    assert found == [
        Quantity("0.88", "", "risk ratio", "0.77", "1.00", "95", "=0.05"),
        Quantity("0.94", "", "risk ratio", "0.58", "1.54", "95", "=0.82"),
    ]
    found = told(
        "men (odds ratio 9.80, 95% CI 2.43 to 39.44, P=0.001) and clerks (4.28, 1.52 to 12.09, P=0.006)"
    )
    assert found[1] == Quantity("4.28", "", "odds ratio", "1.52", "12.09", "", "=0.006")


def test_a_number_with_another_name_does_not_share_it():
    found = told("(OR 0.20 95% CI 0.16-0.26) and density (ratio of means 0.35 95% CI 0.31-0.41)")
    assert [one.value for one in found] == ["0.20"]


@pytest.mark.parametrize(
    ("text", "p"),
    [
        (
            "were 9.2% and 40.8% in Group A (tea) and Group B (water) respectively (P = 0.04)",
            ["=0.04", "=0.04"],
        ),
        ("fell from 48.6% to 46.1% (p = 0.6)", ["=0.6", "=0.6"]),
        ("were 100% versus 46.7% and 35.7% versus 0% (all P < .05)", ["<.05"] * 4),
        ("was 12% higher (P ≤ 10−8)", ["≤10-8"]),
        ("was 12% (P less than 0.05)", ["<0.05"]),
        ("30% responded and survival was longer in women (P=0.02)", [""]),
        ("30% responded, and more so in women (P=0.02)", [""]),
        ("were 5%, 7% and 9% (P = 0.01, 0.02 and 0.03, respectively)", ["", "", ""]),
    ],
)
def test_whose_a_p_value_is(text, p):
    assert [one.p for one in told(text)] == p


@pytest.mark.parametrize(
    ("text", "value", "unit", "measure"),
    [
        ("(27 l/min)", "27", "l/min", ""),
        ("46.7 ml/min/1.73 m2", "46.7", "ml/min/1.73 m2", ""),
        ("at 80 mg/m² once daily", "80", "mg/m²", ""),
        ("a mean of 9 (5-20) mm was gained", "9", "mm", "mean"),
        ("with a median of 59%", "59", "%", "median"),
        ("reductions were 26.99 (sd 1.91) %", "26.99", "%", ""),
        ("I 2 = 71%", "71", "%", "heterogeneity"),
    ],
)
def test_units_made_of_units_and_spreads(text, value, unit, measure):
    assert [(one.value, one.unit, one.measure) for one in told(text)] == [(value, unit, measure)]


def test_density_per_area_in_brackets_is_no_unit():
    assert told("was 1.135 ± 0.010 g/cm(2)") == []
