"""Records that share no identifier: joined where they are alike, and never through a third that fits both."""

from itertools import permutations

import pytest

from catalog.works.joining import MOST_ALIKE
from domain.paper import VersionKind
from tests.catalog.invented import saved, version

TITLE = "Invented outcomes of imaginarib in glioma"
TEAM = ("Invented Ada", "Other Bo", "Third Cy")


def told(name, source="alpha", **facts):
    return saved(name, version(**({"title": TITLE, "authors": TEAM} | facts)), source)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_record_that_fits_two_papers_joins_one_and_not_both_together(catalog, order):
    records = [told("a", doi="10.5555/a"), told("b", "beta", pmid=None), told("c", doi="10.5555/c")]
    for number in order:
        catalog.save([records[number]])
    assert catalog.find("doi:10.5555/a") != catalog.find("doi:10.5555/c")
    assert catalog.counts()["papers"] == 2
    (first,) = catalog.papers([catalog.find("doi:10.5555/a")])
    assert len(catalog.makeup(first.id).records) == 2, (
        "of two that fit alike, the first by name, whatever came first"
    )


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_preprint_and_article_of_several_sources_are_one_work(catalog, order):
    records = [
        told("pre", doi="10.5555/pre", kind=VersionKind.PREPRINT, year="2024"),
        told("art", doi="10.5555/art", pages="7-9"),
        told("med", "beta", pmid="5", pages="7-9"),
    ]
    for number in order:
        catalog.save([records[number]])
    (paper,) = catalog.papers([catalog.find("doi:10.5555/pre")])
    assert [v.kind for v in paper.versions] == [VersionKind.ARTICLE, VersionKind.PREPRINT]
    assert paper.primary.identifiers.pmid == "5"
    assert catalog.find("pmid:5") == catalog.find("doi:10.5555/art") == paper.id


def test_what_joined_them_may_go_again(catalog):
    catalog.save([told("a", doi="10.5555/a"), told("b", "beta", pmid="5")])
    assert catalog.counts()["papers"] == 1
    catalog.save([told("b", "beta", pmid="5", title="Invented outcomes of fictitinib in melanoma")])
    assert catalog.counts()["papers"] == 2
    assert catalog.find("pmid:5") != catalog.find("doi:10.5555/a")


def test_a_title_that_very_many_share_compares_nobody(catalog):
    catalog.save(
        [told(f"a{n}", doi=f"10.5555/a{n}", authors=(f"Invented{n} Ada",)) for n in range(2 * MOST_ALIKE)]
    )
    assert catalog.counts()["papers"] == 2 * MOST_ALIKE
    catalog.save([told("late", "beta", pmid="5", authors=("Invented3 Ada",))])
    assert catalog.counts()["papers"] == 2 * MOST_ALIKE + 1
