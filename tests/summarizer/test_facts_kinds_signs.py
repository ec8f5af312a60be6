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
]


@pytest.mark.parametrize(("title", "text", "kind"), PAPERS, ids=[title for title, *_ in PAPERS])
def test_kinds_by_words(encoder, title: str, text: str, kind: StudyKind) -> None:
    version = Version(VersionKind.ARTICLE, Identifiers(), title, abstracts=(Abstract((Section(text, ""),)),))
    table = extract(version, read(version, version.abstract(), encoder, RoleReader(encoder)))
    assert table.study_kind is kind
    assert "dogs" not in {fact.value for fact in table.of(FactKind.SPECIES)}
