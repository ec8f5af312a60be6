"""Fact tables of invented abstracts of every kind of study, read with the real encoder."""

import pytest

from domain.body import Body, Passage, Place
from domain.evidence import BODY, is_anchored
from domain.facts import Direction, FactKind, Quantity, StudyKind
from domain.identifiers import Identifiers
from domain.paper import (
    Abstract,
    Affiliation,
    Author,
    Grant,
    Notice,
    NoticeKind,
    Section,
    Trial,
    TrialRole,
    Version,
    VersionKind,
)
from summarizer.choosing.reading import read
from summarizer.choosing.roles import RoleReader
from summarizer.facts import extract, main_result
from summarizer.facts.countries import named_countries


@pytest.fixture(scope="module")
def table_of(encoder):
    reader = RoleReader(encoder)

    def extracted(version, body=None):
        table = extract(version, read(version, version.abstract(), encoder, reader), body)
        assert all(is_anchored(fact.evidence, version, body) for fact in table.facts)
        return table

    return extracted


def version(title, *sections, **fields):
    """A version of an invented paper; sections are (label, text)."""
    abstract = Abstract(tuple(Section(text, label) for label, text in sections))
    return Version(
        fields.pop("kind", VersionKind.ARTICLE), Identifiers(), title, abstracts=(abstract,), **fields
    )


# All of these papers are invented.
TRIAL = version(
    "Brisk walking versus usual care in patients with early bowel cancer: a randomised trial",
    ("AIM", "We aimed to learn whether walking lengthens survival after surgery."),
    (
        "METHODS",
        "Between 2004 and 2012, we randomly assigned 420 patients with early bowel cancer to brisk "
        "walking or "
        "usual care in Denmark and Norway. The primary outcome was overall survival at five years.",
    ),
    (
        "RESULTS",
        "Median follow-up was 5.2 years. Overall survival was significantly longer with brisk walking "
        "than with "
        "usual care (62·1 vs 55·0 months; hazard ratio 0·73, 95% CI 0·60–0·89; p=0·002). "
        "Quality of life did not differ between the groups. "
        "Serious adverse events were reported by 12% of those who walked and by 11% of the others.",
    ),
    ("CONCLUSION", "Brisk walking may lengthen survival after surgery for bowel cancer."),
    study_type="randomised-trial",
    trials=(Trial("clinicaltrials-gov", "NCT00000000", TrialRole.REPORTS),),
    grants=(Grant("Invented Cancer Fund", "1"), Grant("Invented Cancer Fund", "2")),
    authors=(Author("A B", affiliations=(Affiliation("Clinic, Oslo, Norway", "NO"),)),),
    competing_interests="The authors declare no competing interests.",
)
MICE = version(
    "Loss of gene Abc1 slows tumours",
    (
        "",
        "The gene Abc1 is known to drive growth in patients with liver cancer. "
        "Here we show that mice lacking Abc1 had smaller tumours than controls. "
        "In human liver cancer cells, knockdown of Abc1 reduced growth by 40%. "
        "These findings suggest that blocking Abc1 could slow liver cancer.",
    ),
)
YEAST = version(
    "A kinase orders the copying of DNA in budding yeast",
    ("", "How cells order the copying of DNA is unclear. We found that the kinase Xyz1 phosphorylates Def2 "
         "in vitro. Mutants lacking Xyz1 copied DNA late."),
)  # fmt: skip
VIRUS = version(
    "A murine leukaemia virus in tired people",
    ("", "We looked for murine leukemia virus and mouse mammary tumour virus in the DNA of 40 human cell "
         "lines. The kinase Xyz1 was active in vitro. None held the virus."),
)  # fmt: skip
COHORT = version(
    "Night work and breast cancer in nurses: a cohort study",
    (
        "METHODS",
        "We followed 78,586 nurses in Sweden from 1990 to 2010. Data were taken from the national register.",
    ),
    (
        "RESULTS",
        "Night work was associated with a higher risk of breast cancer (adjusted HR, 1.21; 95% CI, 1.05 "
        "to 1.39). "
        "The risk of bowel cancer was similar in both groups.",
    ),
    ("LIMITATIONS", "We had no data on the length of each shift."),
    ("CONCLUSION", "Night work was linked to breast cancer."),
    study_type="cohort",
)
REVIEW = version(
    "Yoga for tiredness after cancer treatment: a systematic review and meta-analysis",
    ("METHODS", "We searched three databases up to 2020 and found 1,204 possible records."),
    (
        "RESULTS",
        "Twenty-four trials involving 2,183 participants were included. "
        "Yoga reduced tiredness (SMD −0.45, 95% CI −0.80 to −0.10; I2 = 45%).",
    ),
    study_type="systematic-review",
)
TALKS = version(
    "How people live with a stoma: a qualitative study",
    ("METHODS", "Semi-structured interviews were conducted with 20 adults with a stoma, followed by "
    "thematic analysis."),
    ("RESULTS", "People told of shame at first and of pride later."),
)  # fmt: skip
MODEL = version(
    "A mathematical model of screening every two years",
    ("", "Screening saves lives, but how often is best is unclear. We built a mathematical model of "
    "screening. "
         "We simulated three schedules. The model predicts 12% fewer deaths with screening every two years."),
)  # fmt: skip
VAGUE = version(
    "Thoughts on tiredness", ("", "Tiredness is common. Much is unclear. More thought is needed.")
)


@pytest.mark.parametrize(
    ("paper", "kind", "design", "species"),
    [
        (TRIAL, StudyKind.TRIAL, "randomised trial", []),
        (MICE, StudyKind.ANIMAL, None, ["mice", "human cells"]),
        (YEAST, StudyKind.LABORATORY, None, ["yeast"]),
        (VIRUS, StudyKind.LABORATORY, None, ["human cells"]),
        (COHORT, StudyKind.OBSERVATIONAL, "cohort study", []),
        (REVIEW, StudyKind.REVIEW, "review of earlier studies that pools their results", []),
        (TALKS, StudyKind.QUALITATIVE, "interviews with people", []),
        (MODEL, StudyKind.MODEL, "calculation with a model", []),
        (VAGUE, StudyKind.UNKNOWN, None, []),
    ],
)
def test_kind_design_and_species(table_of, paper, kind, design, species):
    table = table_of(paper)
    assert table.study_kind is kind
    told = table.first(FactKind.DESIGN)
    assert (told.value if told else None) == design
    assert [fact.value for fact in table.of(FactKind.SPECIES)] == species


def test_a_mouse_study_is_not_told_of_people(table_of):
    table = table_of(MICE)
    assert table.first(FactKind.POPULATION) is None
    assert table.first(FactKind.SIZE) is None


@pytest.mark.parametrize(
    ("title", "study_type", "kind"),
    [
        ("Walking and survival: a retrospective analysis", "clinical-trial", StudyKind.OBSERVATIONAL),
        ("Walking and survival: a retrospective analysis", None, StudyKind.OBSERVATIONAL),
        ("Walking and survival: retrospective analysis of a randomised trial", None, StudyKind.TRIAL),
        ("Walking and survival", "clinical-trial", StudyKind.TRIAL),
    ],
)
def test_a_look_back_at_patients_of_a_trial_is_no_trial(table_of, title, study_type, kind):
    methods = (
        "We followed 82 patients with bowel cancer who had been enrolled in the phase 1 trial of walking."
    )
    results = "Survival at 2 years was 54% with walking."
    walkers = version(title, ("METHODS", methods), ("RESULTS", results), study_type=study_type)
    assert table_of(walkers).study_kind is kind


@pytest.mark.parametrize("study_type", ["randomised-trial", "cohort"])
def test_dogs_in_a_trial_are_animals(table_of, study_type):
    dogs = version(
        "Laser therapy and the healing of bone",
        ("METHODS", "Ten male beagles were randomly allocated to laser therapy or to none."),
        ("RESULTS", "Bone healed sooner with laser therapy."),
        study_type=study_type,
    )
    assert table_of(dogs).study_kind is StudyKind.ANIMAL


def test_a_cohort_by_its_record_that_drew_lots_is_a_trial(table_of):
    lots = version(
        "Two anaesthetics compared",
        (
            "METHODS",
            "Two hundred patients were randomly divided into two groups to receive drug A or drug B.",
        ),
        ("RESULTS", "The block lasted longer with drug A."),
        study_type="cohort",
    )
    assert table_of(lots).study_kind is StudyKind.TRIAL


def test_who_and_how_many(table_of):
    table = table_of(TRIAL)
    assert table.first(FactKind.POPULATION).value == "patients with early bowel cancer"
    assert table.first(FactKind.SIZE).quantities == (Quantity("420", "patients"),)
    assert table_of(COHORT).first(FactKind.SIZE).quantities == (Quantity("78586", "nurses"),)
    review = [fact.quantities[0] for fact in table_of(REVIEW).of(FactKind.SIZE)]
    assert review == [Quantity("24", "trials"), Quantity("2183", "participants")]
    assert table_of(TALKS).first(FactKind.SIZE).quantities == (Quantity("20", "adults"),)


def test_what_was_compared_and_measured(table_of):
    table = table_of(TRIAL)
    assert table.first(FactKind.INTERVENTION).value == "brisk walking"
    assert table.first(FactKind.COMPARATOR).value == "usual care"
    assert table.first(FactKind.OUTCOME).value == "overall survival at five years"


def test_times(table_of):
    found = [fact.quantities for fact in table_of(TRIAL).of(FactKind.TIME)]
    assert found == [
        (Quantity("2004", "year"), Quantity("2012", "year")),
        (Quantity("5.2", "years", "median"),),
    ]


def test_results_with_numbers_and_direction(table_of):
    table = table_of(TRIAL)
    main = main_result(table)
    assert main.direction is Direction.UP
    assert Quantity("0.73", "", "hazard ratio", "0.60", "0.89", "95", "=0.002") in main.quantities
    assert [(one.value, one.unit) for one in main.quantities[:2]] == [("62.1", "months"), ("55.0", "months")]
    same = next(fact for fact in table.of(FactKind.RESULT) if "Quality" in fact.value)
    assert same.direction is Direction.SAME
    assert same.negated
    harm = table.first(FactKind.HARM)
    assert [one.value for one in harm.quantities] == ["12", "11"]
    assert harm.direction is Direction.UNKNOWN


def test_what_is_associated_goes_one_way_or_none(table_of):
    up, same = table_of(COHORT).of(FactKind.RESULT)
    assert up.direction is Direction.UP
    assert up.quantities[0].measure == "hazard ratio"
    assert same.direction is Direction.SAME


def test_hedges_of_the_conclusion(table_of):
    assert table_of(TRIAL).first(FactKind.CONCLUSION).hedged
    assert not table_of(COHORT).first(FactKind.CONCLUSION).hedged


def test_where_the_study_was_and_where_its_authors_are(table_of):
    found = [(fact.value, fact.evidence.place) for fact in table_of(TRIAL).of(FactKind.COUNTRY)]
    assert found == [("DK", "abstract"), ("NO", "abstract"), ("NO", "authors/0/affiliations/0")]


def test_facts_of_the_record(table_of):
    table = table_of(TRIAL)
    assert [fact.value for fact in table.of(FactKind.FUNDING)] == ["Invented Cancer Fund"]
    registered = table.first(FactKind.REGISTRATION)
    assert registered.quantities[0].measure == "reports"
    assert table.first(FactKind.INTEREST).negated
    assert table.first(FactKind.PREPRINT) is None
    preprint = version(
        "A preprint", ("", "We asked. We found an answer in 12 patients."), kind=VersionKind.PREPRINT,
        notices=(Notice(NoticeKind.CONCERN),), competing_interests="AB received fees from Invented Pharma.",
    )  # fmt: skip
    table = table_of(preprint)
    assert table.first(FactKind.PREPRINT).evidence.place == "kind"
    assert table.first(FactKind.NOTICE).value == "concern"
    assert not table.first(FactKind.INTEREST).negated


def test_limits_and_costs(table_of):
    assert "no data on the length" in table_of(COHORT).first(FactKind.LIMIT).value
    assert table_of(COHORT).first(FactKind.COST) is None
    costly = version(
        "The price of a drug", ("RESULTS", "Treatment with the drug cost US$ 12,500 a year for each patient.")
    )
    assert table_of(costly).first(FactKind.COST).quantities == (Quantity("12500", "US$"),)
    reckoned = version("The price of a drug", ("METHODS", "Costs were discounted at 3% per year."))
    assert table_of(reckoned).first(FactKind.COST) is None
    saved = version(
        "The price of a drug", ("RESULTS", "It was cost-effective where benefits were discounted.")
    )
    assert table_of(saved).first(FactKind.COST)


def test_the_full_text_adds_limits_funding_and_interests(table_of):
    body = Body(
        COHORT.source_hash,
        (
            Passage("Shifts were long.", Place.INTRODUCTION),
            Passage("A limitation of our study is that shifts were told by memory.", Place.DISCUSSION),
            Passage("This work was funded by the Invented Fund.", Place.FUNDING),
            Passage("None declared.", Place.INTERESTS),
        ),
    )
    table = table_of(COHORT, body)
    assert table.full_text
    assert any("by memory" in fact.value for fact in table.of(FactKind.LIMIT))
    assert "Invented Fund" in table.first(FactKind.FUNDING).value
    assert table.first(FactKind.INTEREST).negated
    within = {fact.evidence.place: fact.evidence for fact in table.facts if fact.evidence.text_of == BODY}
    assert within.keys() == {"body/discussion", "body/funding", "body/interests"}
    assert all(is_anchored(evidence, COHORT, body) for evidence in within.values())
    assert not any(is_anchored(evidence, COHORT) for evidence in within.values())
    assert not table_of(COHORT, Body("another", body.passages)).full_text


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Patients in the Netherlands, Norway and Denmark took part.", ["NL", "NO", "DK"]),
        ("Practices in the United Kingdom (384), Australia (94), and New Zealand (24).", ["GB", "AU", "NZ"]),
        ("Women in rural South Africa were asked.", ["ZA"]),
        ("Prince of Wales Hospital, Hong Kong.", ["HK"]),
        (
            "University of Ghent, Ghent, Belgium, and Town Hospital, Bern, Switzerland.",
            ["BE", "CH"],
        ),
        ("Hospital of France Street, Rome, Italy.", ["IT"]),
        ("University Hospital, Lille, France, and Town Clinic, Nowhere.", []),
        ("Invented GmbH, Bonn, Germany.", []),
        ("The kit (Invented GmbH, Germany) was used.", []),
        ("Patients in New Mexico, in Georgia and in Jordan wards were asked.", []),
        ("Chinese hamster cells and guinea pigs were used.", []),
        ("Nurses in the Netherlands, Viet Nam and Zambia were asked.", ["NL", "VN", "ZM"]),
        ("Children in Côte d'Ivoire, the Democratic Republic of the Congo and Togo.", ["CI", "CD", "TG"]),
        ("Clinics in France, Spain, and Milan, Italy, took part.", ["FR", "ES", "IT"]),
        ("Women in Peru and in Niger were asked.", ["PE", "NE"]),
        ("Villages in Niger Delta, in Jordan River valley and in Guinea Bay were seen.", []),
        ("Men in Norway, Utopia and Denmark took part.", []),
        ("Men in Norway, Denmark and Utopia.", []),
        ("Women in Norway and Denmark. Mammography was free.", ["NO", "DK"]),
        ("In Norway, Utopia was known to few.", ["NO"]),
    ],
)
def test_countries_in_running_text(text, codes):
    assert list(named_countries(text)) == codes


def test_a_country_that_a_sentence_compares_with_is_not_the_study_s(table_of):
    paper = version(
        "Kidney damage in people with diabetes",
        (
            "METHODS",
            "We followed 40 patients with diabetes in Norway. Rates were compared with those in Sweden.",
        ),
        ("RESULTS", "Kidney damage was found in 12% of the patients."),
        study_type="cohort",
    )
    assert [fact.value for fact in table_of(paper).of(FactKind.COUNTRY)] == ["NO"]


def test_one_declared_interest_is_enough(table_of):
    body = Body(
        COHORT.source_hash,
        (
            Passage("The authors declare no competing interests.", Place.INTERESTS),
            Passage("AB is employed by Invented Pharma.", Place.INTERESTS),
        ),
    )
    assert not any(fact.negated for fact in table_of(COHORT, body).of(FactKind.INTEREST))


def test_what_took_part_in_a_trial_are_people(table_of):
    paper = version(
        "A cream for warts: a randomised trial",
        ("METHODS", "We randomised 46 lesions to cream or placebo in patients with warts."),
        ("RESULTS", "The cream cleared more warts than placebo did."),
        study_type="randomised-trial",
    )
    assert table_of(paper).first(FactKind.SIZE) is None
