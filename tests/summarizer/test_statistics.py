"""Statistics in words: right, only where sure, and no number from nowhere. Every sentence is invented."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.plain.statistics import CHANCE, LINK_BY_CHANCE, derived_numbers, plain_statistics
from summarizer.plain.wording import drop_statistics

SAID = [
    # A ratio whose interval shows an effect, and words that agree with it.
    (
        "Treated patients had a lower risk of death (HR 0.73, 95% CI 0.65-0.81).",
        "Treated patients had a lower risk of death (rate about 27% lower).",
        {("27", "%")},
    ),
    (
        "Treated patients had a lower risk of death (hazard ratio [HR], 0.73; 95% CI, 0.65 to 0.81; P<.001).",
        "Treated patients had a lower risk of death (rate about 27% lower).",
        {("27", "%")},
    ),
    (
        "Smokers had higher odds of relapse (OR = 2.40; 95% CI: 1.20–4.80).",
        "Smokers had higher odds of relapse (odds 2.40 times as high).",
        {("2.40", "times")},
    ),
    (
        "Walking was linked to a reduced incidence of falls (adjusted relative risk 0·80, 95% CI 0·70–0·92).",
        "Walking was linked to a reduced incidence of falls (risk about 20% lower).",
        {("20", "%")},
    ),
    (
        "Night work came with a higher risk of asthma (comparing extremes, OR 1.72; 95% CI 1.07 to 2.78).",
        "Night work came with a higher risk of asthma (comparing extremes; odds about 72% higher).",
        {("72", "%")},
    ),
    (
        "The hazard ratio for death was 0.73 (95% CI 0.65 to 0.81).",
        "The rate of death was about 27% lower.",
        {("27", "%")},
    ),
    # No effect is never told as one.
    (
        "The diet lowered the risk of falls (RR 0.91, 95% CI 0.75 to 1.10).",
        f"The diet lowered the risk of falls ({CHANCE}).",
        set(),
    ),
    (
        "The pain score improved (mean difference -1.2; 95% CI -3.0 to 0.6).",
        f"The pain score improved (mean difference -1.2; {CHANCE}).",
        set(),
    ),
    (
        "Survival was longer with the drug (p = 0.21).",
        f"Survival was longer with the drug ({CHANCE}).",
        set(),
    ),
    (
        "The hazard ratio for death was 0.93 (95% CI 0.65 to 1.31).",
        f"The hazard ratio for death was 0.93 ({CHANCE}).",
        set(),
    ),
    (
        "Higher intake was associated with lower weight (p = 0.21).",
        f"Higher intake was associated with lower weight ({LINK_BY_CHANCE}).",
        set(),
    ),
    (
        "Survival was longer in HIV-associated lymphoma (p = 0.21).",
        f"Survival was longer in HIV-associated lymphoma ({CHANCE}).",
        set(),
    ),
    # Percentages, comparisons, folds, p-values.
    (
        "Fever was seen in 45.7% of children and in 32.1% of adults, P < .001.",
        "Fever was seen in about 46% of children and in about 32% of adults.",
        {("46", "%"), ("32", "%")},
    ),
    (
        "Median survival was 12.3 vs 9.1 months.",
        "Median survival was 12.3 months compared with 9.1 months.",
        {("12.3", "months")},
    ),
    (
        "Rash occurred in 41% versus 18% of patients.",
        "Rash occurred in 41% compared with 18% of patients.",
        set(),
    ),
    ("There was a 2-fold increase in the dose.", "There was a doubling of the dose.", {("2", "times")}),
    ("The signal increased three-fold in tumours.", "The signal tripled in tumours.", {("3", "times")}),
    (
        "Levels were 2.5-fold higher than in controls.",
        "Levels were 2.5 times as high as in controls.",
        {("2.5", "times")},
    ),
    ("30.2% of all nets were old.", "About 30% of all nets were old.", {("30", "%")}),
    ("Cure was reached in 80.0% of the rats.", "Cure was reached in 80% of the rats.", {("80", "%")}),
]

LEFT = [
    # What was lowered is not named, or the words do not agree.
    "Overall survival was longer with treatment (HR 0.73, 95% CI 0.65-0.81).",
    "Treated patients had a higher risk of death (HR 0.73, 95% CI 0.65-0.81).",
    "The risk was lower for men and higher for women (HR 0.73, 95% CI 0.65-0.81).",
    # Nothing shows that there is an effect.
    "Treated patients had a lower risk of death (HR 0.73).",
    # A ratio for each step of a scale.
    "Each cup was associated with a reduced risk (RR 0.91 per cup, 95% CI 0.85 to 0.97).",
    # The sentence itself tells that nothing was shown.
    "There was no difference in the risk of death (HR 0.91, 95% CI 0.75 to 1.10).",
    # Two ratios in one bracket.
    "The risk of death was lower (HR 0.7, 95% CI 0.6-0.8 and HR 0.6, 95% CI 0.5-0.7).",
    # Percentages that would become equal, bounds, ranges, small ones, nearly all.
    "Fever was seen in 45.7% of children and in 46.1% of adults.",
    "More than 45.7% of the children had a fever.",
    "Between 20.3–45.7% of the children had a fever.",
    "Of 340 patients, 12 (3.5%) died.",
    "The test found 99.7% of the cases.",
    "Fever was seen in 81.5% of girls and in 18.5% of boys.",
    "A 5-fold increase in dose was needed.",
    "The score rose by 12.3 points.",
]


@pytest.mark.parametrize(("source", "plain", "numbers"), SAID, ids=[row[0][:40] for row in SAID])
def test_a_statistic_is_said_in_words(source: str, plain: str, numbers: set[tuple[str, str]]) -> None:
    assert plain_statistics(source) == plain
    assert derived_numbers(source) == numbers


@pytest.mark.parametrize("source", LEFT)
def test_what_is_not_sure_is_left_alone(source: str) -> None:
    assert plain_statistics(source) == source
    assert derived_numbers(source) == frozenset()


@pytest.mark.parametrize(("source", "plain", "_"), SAID, ids=[row[0][:40] for row in SAID])
def test_the_next_step_leaves_the_words_alone(source: str, plain: str, _: object) -> None:
    assert drop_statistics(plain) == plain
    assert plain_statistics(plain) == plain


_PARTS = st.sampled_from(
    [
        "the risk of death was lower",
        "(HR 0.73, 95% CI 0.65-0.81)",
        "(OR 1.9; 95% CI 0.8 to 4.1)",
        "12.3 vs 9.1 months",
        "45.7%",
        "10.4%",
        "P < .001",
        ", p = 0.2",
        "3-fold higher than",
        "a 2-fold increase in",
        "(",
        ")",
        "[",
        "12 of 340",
        "n = 12",
        "higher odds of relapse",
        "and",
        ",",
        "95% CI",
        "hazard ratio",
        "0.5",
        "1·25",
        "−2.1",
        "±",
        "to",
        "(p<0.05)",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(_PARTS, max_size=20).map(" ".join))
def test_every_number_is_the_papers_or_told_as_derived(text: str) -> None:
    derived = {number for number, _ in derived_numbers(text)}
    assert set(_numbers(plain_statistics(text))) <= set(_numbers(text)) | derived


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_nothing_makes_it_fail(text: str) -> None:
    plain_statistics(text)
    derived_numbers(text)


@pytest.mark.parametrize(
    "part", ["(HR 0.7 ", "1 vs ", "(a", "45.7% ", "95% CI ", "((((", "p<0.0", "2-fold ", "9"]
)
def test_hostile_length_is_no_burden(part: str) -> None:
    started = time.process_time()
    plain_statistics(part * (100_000 // len(part)))
    plain_statistics(part * (4_990 // len(part)))
    assert time.process_time() - started < 1


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.·]\d+)?", text)


def test_what_the_words_before_a_bracket_say_is_not_said_again():
    said = plain_statistics("The odds of cough were 78% higher (OR 1.78, 95% CI 1.36 to 2.33) with smoke.")
    assert " ".join(said.split()) == "The odds of cough were 78% higher with smoke."


def test_a_correlation_by_chance_is_a_link():
    told = plain_statistics("Height (r = 0.10, P = 0.30) was lower.")
    assert "this link may be due to chance" in told
    assert "this difference may be due to chance" in plain_statistics("Height (P = 0.30) was lower.")


def test_what_became_of_a_difference_is_not_the_difference():
    told = plain_statistics(
        "Deaths declined in the first year and became null later (HR 0.98, 95% CI 0.90 to 1.10)."
    )
    assert "chance" not in told, "it would be said of the decline too"
    told = plain_statistics("Deaths declined in the second year (HR 0.98, 95% CI 0.90 to 1.10).")
    assert "may be due to chance" in told
