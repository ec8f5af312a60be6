"""Kinds of study that words alone tell, where no index does; all papers are invented."""

import pytest

from domain.facts import FactKind, StudyKind
from domain.identifiers import Identifiers
from domain.paper import Abstract, Section, Version, VersionKind
from summarizer.choosing.reading import read
from summarizer.choosing.roles import RoleReader
from summarizer.facts import extract

PAPERS = [
    (
        "Household members share the germs of their skin with their dogs",
        "Germs of the skin differ between people. We surveyed the skin of people in 60 families with dogs. "
        "Dog ownership increased the germs that adults shared.",
        StudyKind.OBSERVATIONAL,
    ),
    (
        "Screening for lung cancer in Freedonia: a modelling study",
        "A Markov model simulated a cohort of 10,000 smokers aged 55 to 70 years. Screening saved 40 lives. "
        "Screening may be worth its cost.",
        StudyKind.MODEL,
    ),
    (
        "A skin cancer that went away by itself: a case report",
        "We report the case of an 81-year-old woman with a lump on her cheek. "
        "The lump was gone after six weeks. "
        "The reason is unknown.",
        StudyKind.OBSERVATIONAL,
    ),
    (
        "Forks restart within minutes",
        "Forks may stall. We show that forks restart within ten minutes in fission yeast. "
        "The restarted fork often collapses again.",
        StudyKind.LABORATORY,
    ),
    (
        "Self-sampling in Freedonia",
        "We offered self-sampling to women in villages. Of 5,217 women who came, most accepted. "
        "Most women with a positive test were treated.",
        StudyKind.OBSERVATIONAL,
    ),
    (
        "Cough among dairymen",
        "Cough is common. We began the epidemiological surveillance of all patients with cough in 1970. "
        "Cough was commoner among patients with occupational exposure to cattle.",
        StudyKind.OBSERVATIONAL,
    ),
    (
        "Song for old voices",
        "We asked whether song helps old persons. Eighty old persons were randomised to song or to silence. "
        "Voices were louder after song.",
        StudyKind.TRIAL,
    ),
    (
        "FIX77 across cancers",
        "FIX77 may shape immunity. We analysed its expression in 33 kinds of tumour with data from TCGA. "
        "FIX77 was overexpressed in 12 of them and went along with the Wnt signalling pathway.",
        StudyKind.UNKNOWN,
    ),
    (
        "FIX77 in bowel cancer",
        "FIX77 may drive growth. We screened TCGA data and silenced FIX77 with siRNA in vitro. "
        "Transfected cells grew less, and their signalling pathways were blocked.",
        StudyKind.LABORATORY,
    ),
    (
        "Late effects of treatment in childhood",
        "Most children with leukaemia are cured. Drugs damage the heart of survivors who received much. "
        "Survivors need lifelong care.",
        StudyKind.UNKNOWN,
    ),
    (
        "Velorin in patients with weak kidneys",
        "Velorin leaves by the kidneys. Twenty-four patients received a single oral dose of velorin. "
        "Levels were twice as high in patients with weak kidneys.",
        StudyKind.UNKNOWN,
    ),
    (
        "Ten years of screening in Freedonia",
        "Screening began in 2013. We analysed routine data of the programme. Most women were screened once.",
        StudyKind.OBSERVATIONAL,
    ),
    (
        "Ginger against nausea: a double-blind crossover trial",
        "Nausea is common. We gave 40 adults ginger and placebo in turn. Nausea was as strong with either.",
        StudyKind.TRIAL,
    ),
    (
        "One dose against cancer of the cervix in Freedonia",
        "Vaccination is common. This retrospective cohort study has 4,210 women. "
        "Women who received a single dose had cancer less often than others.",
        StudyKind.OBSERVATIONAL,
    ),
    (
        "Yoga for tired pupils: a feasibility study",
        "Many pupils are tired. Of 41 adolescents, 26 took part and 21 finished. They were less tired.",
        StudyKind.UNKNOWN,
    ),
    (
        "Chewing on an island: a pilot study",
        "Many people chew. Of 41 adolescents who were interviewed, 26 chewed every day. They began young.",
        StudyKind.OBSERVATIONAL,
    ),
    (
        "Velorin in men: a window-of-opportunity trial",
        "Velorin slows tumours. Forty men took velorin before surgery. Growth fell by 29%.",
        StudyKind.TRIAL,
    ),
    (
        "Lumps of the neck in Freedonia",
        "Lumps are common. We analysed national registry data. Lumps rose 15-fold in women.",
        StudyKind.OBSERVATIONAL,
    ),
    (
        "Song for a hoarse voice: case series and review of published songs",
        "Hoarseness is common. We report three cases of pupils who sang. They were less hoarse after a week.",
        StudyKind.OBSERVATIONAL,
    ),
    (
        "Cough and cows",
        "Smoke makes calves cough. We kept cattle in a shed after exposure to smoke in winter. "
        "The cattle coughed more than others.",
        StudyKind.ANIMAL,
    ),
    (
        "Spending on syrup after a reform: a difference-in-differences analysis of costs",
        "Syrup is dear. We compared what 9,874 adults spent before and after the reform. Costs fell by 23%.",
        StudyKind.OBSERVATIONAL,
    ),
    (
        "Deep coughs after syrup in old singers: four cases",
        "Syrup is common. We report four women aged 72 to 84 years who coughed after syrup. One died.",
        StudyKind.OBSERVATIONAL,
    ),
    (
        "Outcomes for trials of cough: a Delphi study",
        "Trials of cough differ. A list of outcomes came from a systematic review. Experts rated each one.",
        StudyKind.UNKNOWN,
    ),
    (
        "Syrup for cough: findings from a systematic review",
        "Cough is common. Pain fell by a fifth with syrup.",
        StudyKind.REVIEW,
    ),
    (
        "A lamp of bacteria",
        "The lamp is an enzyme. We purified the enzyme and studied its kinetic properties. "
        "The lamp yields two lights.",
        StudyKind.LABORATORY,
    ),
    (
        "Syrups and songs",
        "We asked whether syrups spoil songs. MEDLINE searches for 1966 to 1999 gave 167 articles. "
        "No syrup spoiled a song.",
        StudyKind.REVIEW,
    ),
]


@pytest.mark.parametrize(("title", "text", "kind"), PAPERS, ids=[title for title, *_ in PAPERS])
def test_kinds_by_words(encoder, title: str, text: str, kind: StudyKind) -> None:
    version = Version(VersionKind.ARTICLE, Identifiers(), title, abstracts=(Abstract((Section(text, ""),)),))
    table = extract(version, read(version, version.abstract(), encoder, RoleReader(encoder)))
    assert table.study_kind is kind
    assert "dogs" not in {fact.value for fact in table.of(FactKind.SPECIES)}


def test_what_is_cut_across_is_no_survey(encoder) -> None:
    def designs(text: str) -> set[str]:
        abstract = Abstract((Section(f"We followed 40 children for two years. {text}", ""),))
        version = Version(VersionKind.ARTICLE, Identifiers(), "Jaws of children", abstracts=(abstract,))
        table = extract(version, read(version, abstract, encoder, RoleReader(encoder)))
        return {fact.value for fact in table.of(FactKind.DESIGN)}

    assert "cross-sectional study" not in designs("Their jaws grew in cross-sectional area.")
    assert "cross-sectional study" in designs("This was a cross-sectional study of jaws.")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (
            "We retrospectively collected and analyzed the data of all hospitalized patients.",
            StudyKind.OBSERVATIONAL,
        ),
        ("We retrospectively analysed published trials of patients with coughs.", StudyKind.REVIEW),
        ("Patients with coughs were seen in spring.", StudyKind.REVIEW),
    ],
)
def test_own_patients_are_no_review_of_earlier_studies(encoder, said, kind):
    text = f"Coughs are common. {said} Most coughs went away by themselves. Coughs may be left alone."
    version = Version(
        VersionKind.ARTICLE,
        Identifiers(doi="10.5555/own"),
        "Causes of coughs",
        abstracts=(Abstract((Section(text),), language="en"),),
        study_type="review",
    )
    facts = extract(version, read(version, version.abstracts[0], encoder, RoleReader(encoder)))
    assert facts.study_kind is kind


@pytest.mark.parametrize(
    ("title", "said", "animals"),
    [
        ("Songs for cough", "Animal models will allow others to learn more.", False),
        ("Songs for cough", "We searched MEDLINE and included 12 animal studies.", True),
        ("Songs for cough", "We searched MEDLINE and included clinical and preclinical studies.", False),
        ("Songs for cough in animal models: a review", "All agreed.", True),
    ],
)
def test_a_review_is_of_animals_only_where_it_gathered_them(encoder, title, said, animals) -> None:
    abstract = Abstract((Section(f"We review recent findings on songs. {said} Songs ease cough.", ""),))
    version = Version(VersionKind.ARTICLE, Identifiers(), title, abstracts=(abstract,))
    table = extract(version, read(version, abstract, encoder, RoleReader(encoder)))
    assert table.study_kind is StudyKind.REVIEW
    assert ("animals" in {fact.value for fact in table.of(FactKind.SPECIES)}) is animals


@pytest.mark.parametrize(
    ("title", "said", "design"),
    [
        ("Walking and cancer: an umbrella review", "We included 19 reviews.", "review of earlier reviews"),
        (
            "Walking and cancer: a systematic review and meta-analysis",
            "We included 19 trials, and earlier umbrella reviews disagree.",
            "review of earlier studies that pools their results",
        ),
    ],
)
def test_reviews_of_reviews_say_so(encoder, title, said, design):
    text = f"Walking may help. {said} Risk was lower in those who walked."
    version = Version(
        VersionKind.ARTICLE,
        Identifiers(doi="10.5555/umbrella"),
        title,
        abstracts=(Abstract((Section(text),), language="en"),),
        study_type="systematic-review",
    )
    reading = read(version, version.abstracts[0], encoder, RoleReader(encoder))
    assert [fact.value for fact in extract(version, reading).of(FactKind.DESIGN)] == [design]


@pytest.mark.parametrize(
    ("said", "design"),
    [
        ("The records of 67 dogs treated between 2014 and 2020 were reviewed.", "veterinary study"),
        ("Velorin was injected into 12 beagle dogs, and their blood was taken.", None),
    ],
)
def test_dogs_that_were_treated_are_not_kept_in_a_laboratory(encoder, said, design):
    text = f"Tumours are common in dogs. {said} Tumours shrank in 21% of dogs. It may help dogs."
    abstract = Abstract((Section(text),), language="en")
    version = Version(VersionKind.ARTICLE, Identifiers(), "Velorin in dogs", abstracts=(abstract,))
    table = extract(version, read(version, abstract, encoder, RoleReader(encoder)))
    assert table.study_kind is StudyKind.ANIMAL
    assert next((fact.value for fact in table.of(FactKind.DESIGN)), None) == design


def facts_of(encoder, title, text, study_type=None):
    abstract = Abstract((Section(text),), language="en")
    version = Version(VersionKind.ARTICLE, Identifiers(), title, abstracts=(abstract,), study_type=study_type)
    return extract(version, read(version, abstract, encoder, RoleReader(encoder)))


def test_tumours_of_patients_beside_mice_are_told(encoder):
    said = "Velorin slowed tumours in mice. Tumours shrank by a third. It may help."
    alone = facts_of(encoder, "Velorin in mice", f"Tumours grow. {said}")
    both = facts_of(encoder, "Velorin in mice", f"We stained tumours of 296 patients. {said}")
    share = facts_of(encoder, "Velorin in mice", f"Tumours shrink in a few patients. {said}")
    told = [[fact.value for fact in table.of(FactKind.SPECIES)] for table in (alone, both, share)]
    assert told == [["mice"], ["mice", "samples from people"], ["mice"]]


def test_inherited_genes_are_no_cases_and_controls(encoder):
    text = (
        "Fat may cause cancer. We used a Mendelian randomisation design with 2,079 cases and 2,869 controls. "
        "A higher weight was associated with fewer cancers. Weight may matter."
    )
    facts = facts_of(encoder, "Weight and cancer", text, "case-control")
    assert [fact.value for fact in facts.of(FactKind.DESIGN)] == ["study of inherited genes"]
    others = text.replace("a Mendelian randomisation design with", "records of").replace(
        "Weight may matter", "Mendelian randomisation studies found the same"
    )
    facts = facts_of(encoder, "Weight and cancer", others, "case-control")
    assert [fact.value for fact in facts.of(FactKind.DESIGN)] == ["case-control study"]


def test_girls_who_took_part_make_a_trial(encoder):
    text = (
        "Few girls are vaccinated. We randomly assigned 48 villages to visits or to usual care. "
        "Vaccination of girls was higher with visits. Visits may help."
    )
    facts = facts_of(encoder, "Visits and vaccination: a cluster-randomised trial", text, "randomised-trial")
    assert facts.study_kind is StudyKind.TRIAL


def test_trials_that_a_review_tells_of_do_not_make_it_one(encoder):
    text = (
        "Aches of bones are common. In a placebo-controlled trial, velorin eased them in women. In a "
        "double-blind trial it was better than song (p<0.001). Its place is discussed. Harms are a concern."
    )
    assert facts_of(encoder, "Velorin for bones", text, "review").study_kind is StudyKind.REVIEW


@pytest.mark.parametrize(
    ("said", "design"),
    [
        ("We enrolled 40 patients, who used seven inhalers in randomized order.", "crossover trial"),
        ("In this crossover trial, patients were randomised to song or rest.", "crossover trial"),
        (
            "In a stepped-wedge trial, patients of 8 clinics began song in random order.",
            "stepped-wedge trial",
        ),
        ("Patients were randomised to song or rest; crossover to song was allowed.", "randomised trial"),
        (
            "Patients were randomised to song or rest; crossover to the study drug was allowed.",
            "randomised trial",
        ),
        (
            "Patients were randomised to song or rest and completed questionnaires in random order.",
            "randomised trial",
        ),
    ],
)
def test_who_gets_all_treatments_in_turn(encoder, said, design):
    text = f"Cough is common. {said} Cough was rarer with song. Song may help."
    facts = facts_of(encoder, "Song for cough", text, "randomised-trial")
    assert [fact.value for fact in facts.of(FactKind.DESIGN)] == [design]


def test_what_experts_agree_on_was_not_observed(encoder):
    text = "Outcomes differ. {} A total of 194 patients completed both rounds. Six outcomes were agreed."
    for said, kind in (
        ("We held two Delphi rounds.", "unknown"),
        ("We held two rounds.", "observational"),
        ("Frailty was told by a Delphi-derived index in two rounds.", "observational"),
    ):
        assert facts_of(encoder, "Outcomes of trials", text.format(said)).study_kind == StudyKind(kind)
