"""Papers that have an identifier in common by mistake, and what goes to which of them. All is invented."""

from itertools import permutations

import pytest

from domain.paper import NoticeKind
from tests.catalog.invented import saved, version

DOI = "10.5555/letters"
ONE = saved(
    "1", version(DOI, pmid="1", title="Invented statins in ovarian cancer: a letter", authors=["Roe Ann"])
)
TWO = saved("2", version(DOI, pmid="2", title="Invented tamoxifen for men: a reply", authors=["Kim Bo"]))
AGAIN = saved("x", version(DOI, title="Invented tamoxifen for men: a reply", authors=["Kim Bo"]), "beta")
RETRACTION = saved(
    "r",
    version(DOI, title="", authors=(), abstract="", notices=[NoticeKind.RETRACTED], companion=True),
    "gamma",
)


def told(catalog) -> set[tuple[str, ...]]:
    changes = catalog.changes(0, 100)
    return {
        (paper.title, *(str(n.kind) for n in paper.notices))
        for paper in catalog.papers([c.paper_id for c in changes if not c.deleted])
    }


@pytest.mark.parametrize("order", list(permutations([ONE, TWO, AGAIN, RETRACTION])))
def test_two_letters_with_one_doi_are_two_papers(open_here, order):
    catalog = open_here()
    for record in order:
        catalog.save([record])
    assert told(catalog) == {(ONE[1].title,), (TWO[1].title, "retracted")}, "the DOI leads to the second"
    assert catalog.find("pmid:1") != catalog.find("pmid:2") == catalog.find(f"doi:{DOI}")
    for paper in catalog.papers([catalog.find("pmid:1"), catalog.find("pmid:2")]):
        assert paper.primary.identifiers.doi == DOI


@pytest.mark.parametrize("order", list(permutations([ONE, TWO, AGAIN])))
def test_a_retraction_that_names_one_of_them_by_pubmeds_id_too_is_of_that_one(open_here, order):
    catalog = open_here()
    row = version(DOI, pmid="1", title="", authors=(), notices=[NoticeKind.RETRACTED], companion=True)
    catalog.save([saved("r", row, "gamma")])
    for record in order:
        catalog.save([record])
    assert told(catalog) == {(ONE[1].title, "retracted"), (TWO[1].title,)}


def test_when_one_goes_the_other_has_what_they_shared(catalog):
    catalog.save([ONE, TWO, AGAIN, RETRACTION])
    catalog.delete("alpha", ["2"])
    catalog.delete("beta", ["x"])
    assert told(catalog) == {(ONE[1].title, "retracted")}
    assert catalog.find(f"doi:{DOI}") == catalog.find("pmid:1")


def test_an_operator_may_still_say_that_they_are_one(catalog):
    catalog.save([ONE, TWO])
    catalog.join("pmid:1", "pmid:2", "tester")
    (paper,) = catalog.papers([catalog.find("pmid:1")])
    assert {version.title for version in paper.versions} == {ONE[1].title, TWO[1].title}


def test_one_paper_with_two_ids_of_pubmed_is_one(catalog):
    catalog.save([ONE, saved("2", version(DOI, pmid="2", title=ONE[1].title, authors=["Roe A"]))])
    assert catalog.find("pmid:1") == catalog.find("pmid:2")
    assert len(catalog.paper(catalog.find("pmid:1")).versions) == 1


def test_a_preprint_that_names_the_doi_does_not_bring_them_together(catalog):
    catalog.save([ONE, TWO, saved("p", version(None, pmid="9", title="Invented", links=[f"doi:{DOI}"]))])
    assert catalog.find("pmid:1") != catalog.find("pmid:2")
    assert len(told(catalog)) == 2


def test_what_a_companion_calls_a_paper_is_no_identifier_of_it(catalog):
    """The DOI of one paper and the PubMed id of another, as Retraction Watch has them now and then."""
    catalog.save([saved("1", version("10.5555/a", pmid="1")), saved("2", version("10.5555/b", pmid="2"))])
    row = version("10.5555/a", pmid="2", title="", notices=[NoticeKind.RETRACTED], companion=True)
    catalog.save([saved("r", row, "Aaa")])
    first, second = catalog.papers([catalog.find("pmid:1"), catalog.find("pmid:2")])
    assert list(first.primary.identifiers.keys()) == ["doi:10.5555/a", "pmid:1"]
    assert (bool(first.notices), bool(second.notices)) == (True, False)


def test_columns_of_one_title_are_as_many_papers(catalog):
    def column(page: str):
        return saved(page, version(title="Letter from the invented editor in chief", pages=page))

    catalog.save([column(page) for page in ("1-2", "101-102", "207")])
    assert len(catalog.changes(0, 100)) == 3
