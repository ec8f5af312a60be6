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
