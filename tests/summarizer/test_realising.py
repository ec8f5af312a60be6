"""Facts told in our own short sentences."""

from dataclasses import replace

import pytest

from config import load_table
from domain.digest import Audience, DigestSentence, Role
from domain.evidence import Evidence, is_anchored
from domain.facts import Fact, FactKind, FactTable, Quantity, StudyKind
from summarizer.choosing.plans import load_plan
from summarizer.gate.realised import realised_faults
from summarizer.plain.realising import Realiser, _funder


def fact(kind: FactKind, value: str, *quantities: Quantity, place: str = "abstract", negated: bool = False):
    return Fact(kind, value, Evidence("v", 0, 9, "words", place), quantities, negated=negated)


@pytest.fixture
def tell(make_version):
    def texts(*facts: Fact, audience: Audience = Audience.PUBLIC, published: str = "2026") -> list[str]:
        version = replace(make_version(), published=published)
        table = FactTable("v", facts)
        told = Realiser(table, load_plan(audience), version).sentences()
        return [s.text for s in told if s.role is not Role.LIMIT]

    return texts


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        ("345", "women", "345 women took part."),
        ("1250", "patients", "1,250 patients took part."),
        ("1", "patient", "1 patient took part."),
    ],
)
def test_how_many_took_part(tell, number, unit, said):
    kind = fact(FactKind.KIND, StudyKind.TRIAL)
    assert said in tell(kind, fact(FactKind.SIZE, f"{number} {unit}", Quantity(number, unit)))


def test_a_number_in_words_is_left_to_the_sentence_that_holds_it(tell):
    kind = fact(FactKind.KIND, StudyKind.REVIEW)
    size = fact(FactKind.SIZE, "Sixty-nine papers", Quantity("69", "papers"))
    assert not any("papers" in text for text in tell(kind, size))


def test_those_who_stand_beside_others_are_told_with_them(tell):
    kind = fact(FactKind.KIND, StudyKind.OBSERVATIONAL)
    women = Quantity("1084", "women")
    beside = fact(FactKind.SIZE, "1,084 women with gout and 79 controls", women, Quantity("79", "controls"))
    assert "The study compared 1,084 women with 79 controls." in tell(kind, beside)
    alike = fact(FactKind.SIZE, "1,084 women and 79 women", women, Quantity("79", "women"))
    assert not any("1,084" in text for text in tell(kind, alike))
    whole = "In all, 12 women with mumps, 1,084 women with gout and 79 controls were asked."
    third = replace(beside, evidence=Evidence("v", 0, len(whole), whole))
    assert not any("1,084" in text for text in tell(kind, third))


def test_where_it_was_done_and_where_its_authors_work_are_two_things(tell):
    kenya, us = fact(FactKind.COUNTRY, "KE"), fact(FactKind.COUNTRY, "US", place="authors/0/affiliations/0")
    assert tell(kenya, us) == ["The study was done in Kenya."]
    assert tell(us) == ["The researchers work in the United States."]


def test_income_groups_are_those_of_the_year_of_publication_or_none(tell):
    kenya = fact(FactKind.COUNTRY, "KE")
    told = {
        year: tell(kenya, audience=Audience.POLICYMAKER, published=year) for year in ("2026-03", "2019", "")
    }
    assert told["2026-03"] == ["The study was done in Kenya (a lower-middle-income country)."]
    assert told["2019"] == told[""] == ["The study was done in Kenya."]


def test_who_paid_and_who_gains(tell):
    grants = [fact(FactKind.FUNDING, f"Fund {name}", place=f"grants/{n}") for n, name in enumerate("ABCD")]
    assert tell(*grants) == ["It was paid for by Fund A, Fund B, Fund C and other funders."]
    interest = fact(FactKind.INTEREST, "None declared", place="competing_interests", negated=True)
    assert tell(interest, audience=Audience.PROFESSIONAL) == ["The authors declare no competing interests."]
    assert "no competing" not in " ".join(tell(replace(interest, negated=False)))


def test_a_trial_that_is_only_mentioned_is_not_the_papers_own(tell):
    for role, said in (("reports", ["It is registered as NCT01234567."]), ("mentions", [])):
        number = Quantity("NCT01234567", "clinicaltrials-gov", role)
        one = fact(FactKind.REGISTRATION, "clinicaltrials-gov NCT01234567", number, place="trials/0")
        assert tell(one, audience=Audience.PROFESSIONAL) == said


def test_animals_are_named_once_each(tell):
    kind = fact(FactKind.KIND, StudyKind.ANIMAL)
    told = tell(kind, *(fact(FactKind.SPECIES, name) for name in ("mice", "rats", "mice")))
    assert told[:2] == [
        "This was a lab study in mice and rats.",
        "What happens in mice and rats may not happen in people.",
    ]


def test_chance_decided_in_randomised_trials_alone():
    """A stepped-wedge trial may be none: its clinics began when their staff were ready."""
    designs = load_table("realised")["designs"]
    assert [name for name, said in designs.items() if "chance" in str(said).lower()] == ["randomised trial"]


def test_what_is_not_known_is_not_said(tell):
    assert tell() == []
    assert tell(fact(FactKind.SIZE, "345", Quantity("345"))) == []
    assert tell(fact(FactKind.COUNTRY, "ZZ")) == []


def test_a_paper_of_unknown_kind_is_one_among_others(make_version):
    told = Realiser(FactTable("v", ()), load_plan(Audience.PUBLIC), make_version()).sentences()
    assert [(s.text, s.evidence.place) for s in told] == [
        ("This is one paper.", "title"),
        ("Others may find something else.", "title"),
    ]


@pytest.mark.parametrize("kind", [kind for kind in StudyKind if kind is not StudyKind.UNKNOWN])
def test_every_kind_of_study_is_told_with_what_it_cannot_show(make_version, kind):
    table = FactTable("v", (fact(FactKind.KIND, kind),))
    told = Realiser(table, load_plan(Audience.PUBLIC), make_version()).sentences()
    assert {sentence.role for sentence in told} == {Role.KIND, Role.LIMIT}
    assert all(realised_faults(sentence.text, sentence.evidence.text, table) == [] for sentence in told)


@pytest.mark.parametrize("audience", list(Audience))
def test_every_role_told_has_a_heading(audience):
    plan, headings = load_plan(audience), load_table("digests")[audience.value]["headings"]
    assert {role.value for role in plan.order} == set(headings)
    assert set(plan.facts.values()) <= set(plan.order)
    assert {role for role, most in plan.most.items() if most} <= set(plan.order)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("National Cancer Institute", "the National Cancer Institute"),
        ("Wellcome Trust", "the Wellcome Trust"),
        ("Cancer Research UK", "Cancer Research UK"),
        ("Institut national de la santé", "Institut national de la santé"),
        ("The Invented Fund", "The Invented Fund"),
        ("Invented University (iu)", "Invented University"),
        ("HHS | National Institutes of Health (NIH)", "the National Institutes of Health (NIH)"),
    ],
)
def test_a_funder_stands_as_in_a_sentence(name: str, told: str) -> None:
    assert _funder(name) == told


@pytest.mark.parametrize(
    ("sources", "audience", "said"),
    [
        (2, Audience.PUBLIC, True),
        (3, Audience.PUBLIC, False),
        (2, Audience.POLICYMAKER, True),
        (2, Audience.PROFESSIONAL, False),
    ],
)
def test_a_digest_of_few_sentences_says_that_it_is_short(make_version, sources, audience, said):
    version, table = make_version(), FactTable("v", ())
    # Two sentences of ours may rest on one of the paper.
    told = [
        DigestSentence(f"It grew {n}.", Role.RESULT, Evidence("v", n // 2, n // 2 + 3, "It grew."))
        for n in range(2 * sources)
    ]
    brief = Realiser(table, load_plan(audience), version).brief(told)
    assert [s.text for s in brief] == (load_table("realised")["brief"] if said else [])
    assert all(is_anchored(s.evidence, version) for s in brief)
    assert all(realised_faults(s.text, s.evidence.text, table) == [] for s in brief)
