"""Who may apply: facts with sources decide, nothing else does; closed to the minute, in every zone."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.eligibility import (
    INCOME_GROUPS,
    Fit,
    Verdict,
    fits,
    income_group,
    income_year,
)
from domain.listing import AOE, CareerStage, Eligibility, Moment, Opportunity, OpportunityKind

SOURCE = "https://fellowships.example.org/rules"
YEAR = 2026
COUNTRIES = ("KE", "UG", "BR", "DE", "JP", "AI")
"""Kenya lower-middle, Uganda low, Brazil upper-middle, two high; Anguilla has no class."""
ZONES = (*sorted(available_timezones()), AOE)


def fact(
    *,
    countries: tuple[str, ...] = (),
    groups: tuple[str, ...] = (),
    stages: tuple[CareerStage, ...] = (),
    excluded: bool = False,
    source: str = SOURCE,
) -> Eligibility:
    return Eligibility(
        countries=countries,
        income_groups=groups,
        career_stages=stages,
        excluded=excluded,
        text="As invented for a test.",
        source=source,
        read_on="2026-11-01",
    )


def opportunity(*facts: Eligibility, closes: Moment | None = None) -> Opportunity:
    return Opportunity(
        id="opp-1",
        kind=OpportunityKind.FELLOWSHIP,
        title="Invented fellowship",
        provider="Invented foundation",
        url="https://fellowships.example.org/",
        closes=closes,
        eligibility=facts,
    )


def told(*facts: Eligibility, country: str = "KE", stage: CareerStage | None = CareerStage.POSTDOC) -> Fit:
    return fits(opportunity(*facts), country, stage, YEAR)


LMIC = fact(groups=("L", "LM"))
POSTDOCS = fact(stages=(CareerStage.POSTDOC,))


def test_nothing_said_is_not_stated() -> None:
    assert told() == Fit(Verdict.NOT_STATED, (), ("country", "career stage"))


def test_a_text_alone_is_not_stated() -> None:
    assert told(Eligibility(text="Members only", source=SOURCE)).verdict is Verdict.NOT_STATED


def test_the_income_group_of_the_year_decides() -> None:
    assert told(LMIC) == Fit(Verdict.YES, (LMIC,), ("career stage",))
    assert told(LMIC, country="DE") == Fit(Verdict.NO, (LMIC,), ("career stage",))
    assert fits(opportunity(LMIC), "KE", None, 1999).verdict is Verdict.NOT_STATED
    assert told(LMIC, country="AI").verdict is Verdict.NOT_STATED


def test_place_and_stage_add_up() -> None:
    assert told(LMIC, POSTDOCS) == Fit(Verdict.YES, (LMIC, POSTDOCS))
    assert told(LMIC, POSTDOCS, country="JP") == Fit(Verdict.NO, (LMIC,))
    assert told(LMIC, POSTDOCS, stage=CareerStage.SENIOR) == Fit(Verdict.NO, (POSTDOCS,))


def test_several_of_one_sort_are_alternatives() -> None:
    german = fact(countries=("DE",))
    assert told(german, LMIC) == Fit(Verdict.YES, (LMIC,), ("career stage",))
    assert told(german, LMIC, country="JP").verdict is Verdict.NO


def test_a_fact_of_both_names_only_who_is_both() -> None:
    both = fact(countries=("KE",), stages=(CareerStage.DOCTORAL,))
    assert told(both, stage=CareerStage.DOCTORAL).verdict is Verdict.YES
    assert told(both, stage=CareerStage.SENIOR) == Fit(Verdict.NO, (both,))
    assert told(both, country="DE", stage=CareerStage.DOCTORAL).verdict is Verdict.NO


def test_an_exclusion_beats_whatever_includes() -> None:
    out = fact(countries=("KE",), excluded=True)
    assert told(LMIC, out) == Fit(Verdict.NO, (out,), ("career stage",))
    assert told(LMIC, out, country="UG").verdict is Verdict.YES


def test_who_is_not_excluded_is_not_thereby_included() -> None:
    assert told(fact(countries=("DE",), excluded=True)).verdict is Verdict.NOT_STATED


def test_an_exclusion_that_may_hit_leaves_it_open() -> None:
    out = fact(stages=(CareerStage.EARLY,), excluded=True)
    assert told(LMIC, out).verdict is Verdict.NOT_STATED
    assert told(LMIC, out) == Fit(Verdict.NOT_STATED, (out,))


def test_without_a_source_a_fact_decides_nothing() -> None:
    assert told(fact(groups=("LM",), source="")).verdict is Verdict.NOT_STATED
    assert told(fact(countries=("DE",), source="")).verdict is Verdict.NOT_STATED
    assert told(LMIC, fact(countries=("KE",), excluded=True, source="")).verdict is Verdict.NOT_STATED


@pytest.mark.parametrize(
    ("own", "named", "verdict"),
    [
        (CareerStage.POSTDOC, CareerStage.POSTDOC, Verdict.YES),
        (CareerStage.POSTDOC, CareerStage.SENIOR, Verdict.NO),
        (CareerStage.SENIOR, CareerStage.ANYONE, Verdict.YES),
        (None, CareerStage.ANYONE, Verdict.YES),
        (None, CareerStage.POSTDOC, Verdict.NOT_STATED),
        (CareerStage.ANYONE, CareerStage.POSTDOC, Verdict.NOT_STATED),
        (CareerStage.DOCTORAL, CareerStage.STUDENT, Verdict.NOT_STATED),
        (CareerStage.EARLY, CareerStage.POSTDOC, Verdict.NOT_STATED),
        (CareerStage.NURSE, CareerStage.STUDENT, Verdict.NOT_STATED),
        (CareerStage.NURSE, CareerStage.PATIENT, Verdict.NO),
    ],
)
def test_stages_that_a_person_may_have_at_once_are_left_open(
    own: CareerStage | None, named: CareerStage, verdict: Verdict
) -> None:
    assert told(fact(stages=(named,)), stage=own).verdict is verdict


def test_income_groups_come_from_the_table() -> None:
    assert [income_group(code, YEAR) for code in COUNTRIES] == ["LM", "L", "UM", "H", "H", ""]
    assert income_group("us-states", YEAR) == ""
    assert income_year(2031) == YEAR
    assert income_year(1999) == 0


FACTS = st.builds(
    fact,
    countries=st.lists(st.sampled_from(COUNTRIES), max_size=2).map(tuple),
    groups=st.lists(st.sampled_from(list(INCOME_GROUPS)), max_size=2).map(tuple),
    stages=st.lists(st.sampled_from(CareerStage), max_size=2).map(tuple),
    excluded=st.booleans(),
    source=st.sampled_from((SOURCE, SOURCE, "")),
)
READERS = st.tuples(st.sampled_from(("", *COUNTRIES)), st.none() | st.sampled_from(CareerStage))


@given(st.lists(FACTS, max_size=4), READERS)
def test_yes_and_no_always_stand_on_sourced_facts(
    facts: list[Eligibility], who: tuple[str, CareerStage | None]
) -> None:
    fit = fits(opportunity(*facts), *who, YEAR)
    if fit.verdict is not Verdict.NOT_STATED:
        assert fit.facts
        assert all(one.source for one in fit.facts)
    if fit.verdict is Verdict.YES:
        assert not any(one.excluded for one in fit.facts)


@given(st.lists(FACTS, max_size=4), READERS, st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(
    facts: list[Eligibility],
    who: tuple[str, CareerStage | None],
    random: Random,
) -> None:
    mixed = list(facts)
    random.shuffle(mixed)
    assert fits(opportunity(*facts), *who, YEAR).verdict is fits(opportunity(*mixed), *who, YEAR).verdict


@given(st.lists(FACTS, max_size=3), FACTS, READERS)
def test_one_more_exclusion_never_lets_anybody_in(
    facts: list[Eligibility], more: Eligibility, who: tuple[str, CareerStage | None]
) -> None:
    out = fact(countries=more.countries, groups=more.income_groups, stages=more.career_stages, excluded=True)
    if fits(opportunity(*facts), *who, YEAR).verdict is not Verdict.YES:
        assert fits(opportunity(*facts, out), *who, YEAR).verdict is not Verdict.YES


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2027, 1, 1), datetime(2028, 12, 31)),
    st.booleans(),
)
def test_it_is_gone_the_minute_it_closes_in_its_zone(zone: str, at: datetime, whole_day: bool) -> None:
    closes = Moment(f"{at:%Y-%m-%d}" if whole_day else f"{at:%Y-%m-%dT%H:%M}", zone)
    one = opportunity(LMIC, closes=closes)
    end, minute = closes.ends(), timedelta(minutes=1)
    assert one.is_open(end - minute)
    assert not one.is_open(end)
    assert not one.is_open(end + minute)


def test_anywhere_on_earth_closes_at_noon_in_utc_the_day_after() -> None:
    one = opportunity(LMIC, closes=Moment("2027-03-06"))
    assert one.is_open(datetime(2027, 3, 7, 11, 59, 59, tzinfo=UTC))
    assert not one.is_open(datetime(2027, 3, 7, 12, tzinfo=UTC))
