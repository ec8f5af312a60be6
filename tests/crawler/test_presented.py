"""Conference abstracts and the papers that follow them, as they are read: when the two are surely one work.

All papers, people and numbers are invented.
"""

from dataclasses import replace

import pytest

from crawler.telling.enrich import enrich
from domain.identifiers import Identifiers
from domain.matching import match_keys, same_work
from domain.paper import Abstract, Author, Journal, Section, Version, VersionKind
from domain.statements import Meeting

TITLE = (
    "Imaginarib with or without radiotherapy in older women with early breast cancer: the INVENTED-7 trial"
)
TEXT = (
    "We invented four hundred and twelve women aged seventy or over with hormone receptor positive early "
    "breast cancer and randomly assigned them to imaginarib with or without radiotherapy. At five years "
    "recurrence was three percent in both groups and quality of life was better without radiotherapy."
)
OTHER_TEXT = (
    "Wholly other words are written here about biomarkers of imaginary cells in plasma and how they changed "
    "in a subgroup that was followed with scans and blood samples each month by nurses at their homes."
)
NAMES = ("Ada Invented", "Bo Other", "Cleo Third", "Dia Fourth", "Eve Fifth", "Flo Sixth")


def version(kind: VersionKind, title: str = TITLE, text: str = TEXT, year: str = "2023", **more) -> Version:
    names = more.pop("names", NAMES)
    authors = tuple(Author(name, name.split()[-1], name.split()[0]) for name in names)
    abstracts = (Abstract((Section(text),)),) if text else ()
    ids = Identifiers(doi=more.pop("doi", None))
    return enrich(
        Version(kind, ids, title, "en", abstracts=abstracts, authors=authors, published=year, **more)
    )


PAPER = version(
    VersionKind.ARTICLE, year="2024", doi="10.5555/paper", journal=Journal("An invented journal", pages="1-9")
)


def told(title: str = TITLE, **more) -> Version:
    return version(VersionKind.ABSTRACT, title, **more)


@pytest.mark.parametrize(
    "abstract",
    [
        told(),
        told(TITLE.upper()),
        told(text=""),
        told(names=NAMES[:4]),
        told(year="2021"),
        version(VersionKind.ARTICLE, f"Abstract 312: {TITLE}", doi="10.1158/1538-7445.am2023-312"),
        version(VersionKind.ARTICLE, TITLE, doi="10.1200/jco.2023.41.15_suppl.512"),
        version(
            VersionKind.ARTICLE,
            f"LBA12_PR - {TITLE}",
            doi="10.1016/j.annonc.2023.09.1234",
            journal=Journal("Annals of Oncology", pages="S1234-S1235"),
        ),
    ],
)
def test_an_abstract_is_a_version_of_the_paper_that_follows(abstract: Version) -> None:
    assert abstract.kind is VersionKind.ABSTRACT
    assert set(match_keys(abstract)) & set(match_keys(PAPER))
    match = same_work(abstract, PAPER)
    assert match is not None
    assert not match.same_version


@pytest.mark.parametrize(
    "abstract",
    [
        told(text=OTHER_TEXT),
        told(TITLE.replace("breast", "lung")),
        told(f"Trial in progress: {TITLE}"),
        told(f"{TITLE}: biomarker analysis"),
        told(names=("Gus New", *NAMES[1:])),
        told(names=NAMES[:1]),
        told(year="2025"),
        told(year="2018"),
    ],
)
def test_in_doubt_an_abstract_stays_alone(abstract: Version) -> None:
    assert same_work(abstract, PAPER) is None


def test_two_analyses_of_one_trial_are_two_works() -> None:
    abstract, paper = told(f"{TITLE}: 3-year results"), replace(PAPER, title=f"{TITLE}: 5-year results")
    assert same_work(abstract, paper) is None


def test_one_abstract_from_its_supplement_and_from_its_organizer_is_told_twice() -> None:
    meeting = Meeting("ASCO Annual Meeting", "asco", 2023, number="512")
    sent = told(meeting=meeting)
    printed = version(VersionKind.ARTICLE, doi="10.1200/jco.2023.41.15_suppl.512")
    match = same_work(sent, printed)
    assert match is not None
    assert match.same_version
    elsewhere = told(year="2024", meeting=replace(meeting, year=2024))
    assert same_work(sent, elsewhere) is None
