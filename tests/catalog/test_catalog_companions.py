"""Records that only add to a paper: they wait for it, become part of it, and are left behind by it."""

from dataclasses import replace
from itertools import permutations

import pytest

from domain.digest import Audience
from domain.errors import Gone, NotFound
from domain.identifiers import Identifiers
from domain.licence import Licence
from domain.paper import DataLink, Link, LinkKind, Notice, NoticeKind, Version, VersionKind
from tests.catalog.invented import saved, version

RETRACTED = Notice(NoticeKind.RETRACTED, "doi:10.5555/notice", "Invented reason")


def companion(native_id, doi=None, source="beta", *, pmid=None, **facts):
    told = Version(VersionKind.ARTICLE, Identifiers(doi=doi, pmid=pmid), "", companion=True, **facts)
    return saved(native_id, told, source)


def retraction(doi="10.5555/a1", **keys):
    return companion("row", doi, notices=(RETRACTED,), **keys)


def dataset(doi="10.5555/a1"):
    return companion("set", doi, "gamma", data=(DataLink("Zenodo", "10.5555/data"),))


def real(doi="10.5555/a1", **facts):
    return saved("a1", version(doi, title="Invented paper 1", **facts))


def topics(catalog):
    return [entry.topic for entry in catalog.outbox()]


def test_companions_alone_are_no_paper(catalog):
    catalog.save([retraction()])
    catalog.save([dataset()])
    for key in ("doi:10.5555/a1", "f0"):
        with pytest.raises(NotFound):
            catalog.find(key)
    assert (catalog.changes(0), catalog.outbox(), catalog.keys("doi")) == ([], [], [])
    assert catalog.pending_digests(Audience.PUBLIC, "extractive/1", 9) == []
    counts = catalog.counts()
    assert [counts[n] for n in ("papers", "versions", "deleted", "changes", "records")] == [0, 0, 0, 0, 2]


def test_where_companions_wait_is_not_found_rather_than_gone(catalog):
    catalog.save([retraction(), real()])
    name = catalog.find("doi:10.5555/a1")
    other = catalog.__class__(catalog._database)  # the same catalog, as another process has it
    catalog.delete("alpha", ["a1"])
    with pytest.raises(Gone):
        other.paper(name)
    catalog.save([companion("x", "10.5555/x")])
    with catalog._database.read() as connection:
        waiting = connection.exec_driver_sql("SELECT id FROM works WHERE born = 0").scalars().all()
    assert len(waiting) == 1
    with pytest.raises(NotFound) as caught:
        catalog.paper(waiting[0])
    assert not isinstance(caught.value, Gone)


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("apart", [True, False])
def test_whatever_comes_first_the_paper_is_the_same(catalog, order, apart):
    told = [retraction(), dataset(), real(pmid="1")]
    ordered = [told[n] for n in order]
    for page in [[r] for r in ordered] if apart else [ordered]:
        catalog.save(page)
    paper = catalog.paper(catalog.find("doi:10.5555/a1"))
    assert (paper.title, paper.notices) == ("Invented paper 1", (RETRACTED,))
    assert paper.primary.data == (DataLink("Zenodo", "10.5555/data"),)
    assert not paper.primary.companion
    assert len(paper.versions) == catalog.counts()["papers"] == 1
    assert paper.aliases == ()
    assert topics(catalog).count("paper.added") == topics(catalog).count("paper.retracted") == 1
    (facts,) = [entry.facts for entry in catalog.outbox() if entry.topic == "paper.retracted"]
    assert facts["notice"] == "doi:10.5555/notice"
    assert [c.paper_id for c in catalog.changes(0)] == [paper.id]


def test_a_companion_that_came_first_gives_the_paper_no_other_address(open_here):
    first = open_here()
    first.save([retraction(None, pmid="1")])
    first.save([real(pmid="1")])
    paper = first.paper(first.find("pmid:1"))
    first.delete("beta", ["row"])
    assert first.paper(paper.id).id == paper.id
    from domain.identifiers import work_id

    assert paper.id == work_id("doi:10.5555/a1")


def test_companions_stay_behind_when_the_last_real_record_goes(catalog):
    catalog.save([retraction(), real()])
    name = catalog.find("doi:10.5555/a1")
    assert catalog.delete("alpha", ["a1"]) == 1
    with pytest.raises(Gone):
        catalog.paper(name)
    with pytest.raises(NotFound):
        catalog.find("doi:10.5555/a1")
    assert catalog.papers([name]) == []
    assert catalog.counts() | {"papers": 0, "records": 1, "deleted": 1} == catalog.counts()
    assert [c.deleted for c in catalog.changes(0)] == [True]
    catalog.save([saved("again", version("10.5555/a1"), "gamma")])
    assert catalog.find("doi:10.5555/a1") == name
    assert catalog.paper(name).notices == (RETRACTED,)


def test_a_withdrawn_companion_takes_back_what_it_said(catalog):
    catalog.save([retraction(), real()])
    assert catalog.delete("beta", ["row"]) == 0
    assert catalog.paper(catalog.find("doi:10.5555/a1")).notices == ()
    catalog.save([companion("x", "10.5555/x")])
    assert catalog.delete("beta", ["x"]) == 0, "it never was a paper"
    assert catalog.counts()["deleted"] == 0


def test_with_a_record_goes_what_it_told_of_other_papers(catalog):
    other = saved("a2", version("10.5555/a2", title="Invented paper 2"))
    third = saved("a3", version("10.5555/a3", title="Invented paper 3"))
    told = {"row": "10.5555/a1", "row#doi:10.5555/a2": "10.5555/a2", "row2#doi:10.5555/a3": "10.5555/a3"}
    notices = [companion(native_id, doi, notices=(RETRACTED,)) for native_id, doi in told.items()]
    elsewhere = companion("row#doi:10.5555/a3", "10.5555/a3", "gamma", notices=(RETRACTED,))
    plain = saved("row#2", version("10.5555/a4", title="Invented paper 4"), "beta")
    catalog.save([real(), other, third, plain, *notices, elsewhere])

    def marked():
        dois = (f"10.5555/a{n}" for n in range(1, 5))
        return [bool(catalog.paper(catalog.find(f"doi:{doi}")).notices) for doi in dois]

    assert marked() == [True, True, True, False]
    assert catalog.delete("beta", ["row"]) == 0
    assert marked() == [False, False, True, False]
    assert catalog.delete("beta", ["row"]) == 0
    catalog.save([notices[1]])
    assert marked() == [False, True, True, False], "what is told again counts again"


def test_a_companion_joins_two_records_of_one_paper(catalog):
    catalog.save([real(), saved("b", version(None, pmid="1", title="Invented paper 1"), "beta")])
    assert catalog.counts()["papers"] == 2
    catalog.save([retraction(pmid="1")])
    assert catalog.counts()["papers"] == 1
    catalog.delete("beta", ["row"])
    assert catalog.counts()["papers"] == 2


def test_a_companion_of_a_preprint_that_only_its_article_names_is_no_version(catalog):
    catalog.save([real(links=["doi:10.5555/pre"]), retraction("10.5555/pre")])
    paper = catalog.paper(catalog.find("doi:10.5555/a1"))
    assert (len(paper.versions), paper.notices) == (1, ())
    catalog.save([saved("pre", version("10.5555/pre", kind=VersionKind.PREPRINT), "gamma")])
    paper = catalog.paper(paper.id)
    assert [v.notices for v in paper.versions] == [(), (RETRACTED,)]


def test_a_less_trusted_licence_does_not_win(open_here):
    catalog = open_here(trust=("alpha", "beta", "gamma"))
    by, nc = Licence("cc-by", "CC BY", "license"), Licence("cc-by-nc", "CC BY-NC", "license")
    record, told = real()
    catalog.save([(record, replace(told, licence=None)), companion("u", "10.5555/a1", "gamma", licence=nc)])
    name = catalog.find("doi:10.5555/a1")
    assert catalog.paper(name).primary.licence == nc
    catalog.save([saved("b1", version("10.5555/a1"), "beta")])
    assert catalog.paper(name).primary.licence == by


def test_a_trusted_companion_decides_neither_kind_nor_title_nor_authors(open_here):
    catalog = open_here(trust=("beta", "alpha"))
    record, told = real(kind=VersionKind.PREPRINT)
    row, added = retraction()
    catalog.save([(record, replace(told, authors=(), published=None, language="und"))])
    catalog.save([(row, replace(added, title="Shouted", authors=told.authors, published="1999"))])
    paper = catalog.paper(catalog.find("doi:10.5555/a1"))
    assert (paper.title, paper.primary.kind) == ("Invented paper 1", VersionKind.PREPRINT)
    assert (paper.primary.authors, paper.primary.published) == ((), None)
    assert paper.notices == (RETRACTED,)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_companion_that_names_two_papers_brings_them_not_together(catalog, order):
    """A row of a list with one paper's DOI and, by mistake, another's PubMed id."""
    other = saved("b1", Version(VersionKind.ARTICLE, Identifiers(pmid="999"), "Another invented paper"))
    every = [real(), other, retraction(pmid="999")]
    for number in order:
        catalog.save([every[number]])
    one, two = (catalog.paper(catalog.find(key)) for key in ("doi:10.5555/a1", "pmid:999"))
    assert one.id != two.id
    assert (one.title, two.title) == ("Invented paper 1", "Another invented paper")
    assert [bool(paper.notices) for paper in (one, two)] == [True, False]
    assert len(one.versions) == len(two.versions) == 1


def test_a_companion_adds_to_one_version_of_a_work(catalog):
    """The preprint and the article stay two versions, whatever a row says of both."""
    preprint = Version(VersionKind.PREPRINT, Identifiers(pmid="999"), "Invented paper 1")
    linked = replace(preprint, links=(Link(LinkKind.ARTICLE, "doi:10.5555/a1"),))
    catalog.save([real(), saved("p", linked), retraction(pmid="999")])
    paper = catalog.paper(catalog.find("doi:10.5555/a1"))
    assert [version.kind for version in paper.versions] == [VersionKind.ARTICLE, VersionKind.PREPRINT]
    assert [bool(version.notices) for version in paper.versions] == [True, False]
