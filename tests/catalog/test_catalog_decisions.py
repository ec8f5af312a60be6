"""An operator's word on which records are one work: kept over harvests, above every rule, taken back."""

import pytest

from catalog.works.decisions import Decision
from domain.errors import CatalogError, NotFound
from domain.paper import VersionKind
from tests.catalog.invented import article, saved, version

ONE, TWO = "doi:10.5555/a1", "doi:10.5555/a2"


def find(catalog, *keys):
    return [catalog.find(key) for key in keys]


def test_joined_papers_stay_joined_over_every_harvest(catalog):
    catalog.save([article(1), article(2)])
    first, second = find(catalog, ONE, TWO)
    decision = catalog.join("10.5555/A2", ONE, "ada", "Invented reason")
    assert (decision.one, decision.other, decision.same, decision.made_by) == (TWO, ONE, True, "ada")
    assert find(catalog, ONE, TWO) == [first, first]
    assert catalog.paper(second).id == first
    assert {c.paper_id: c.deleted for c in catalog.changes(2)} == {first: False, second: True}
    catalog.save([article(1, keywords=("new",)), article(2, keywords=("new",))])
    assert find(catalog, ONE, TWO) == [first, first]
    catalog.delete("alpha", ["a2"])
    catalog.save([saved("late", version("10.5555/a2"), "beta")])
    assert find(catalog, ONE, TWO) == [first, first]
    assert catalog.decisions() == [decision]


def test_a_decision_is_taken_back_by_number_or_paper(catalog):
    catalog.save([article(1), article(2)])
    before = find(catalog, ONE, TWO)
    for what in (lambda d: str(d.number), lambda _: before[0], lambda _: before[1], lambda _: "10.5555/a2"):
        decision = catalog.join(ONE, TWO, "ada")
        (undone,) = catalog.undo(what(decision), "bo")
        assert undone.number == decision.number
        assert find(catalog, ONE, TWO) == before, "each has its old address again"
    assert all(d.undone_at for d in catalog.decisions())
    with pytest.raises(NotFound, match="standing decision"):
        catalog.undo("1", "ada")


def test_what_a_link_joined_is_parted_and_stays_apart(catalog):
    catalog.save([article(1)])
    catalog.save([article(2, links=[ONE])])
    name = catalog.find(TWO)
    assert [r.why for r in catalog.makeup(name).reasons] == ["link"]
    (decision,) = catalog.split(name, TWO, "ada", "another trial")
    assert not decision.same
    first, second = find(catalog, ONE, TWO)
    assert first == name != second
    catalog.save([article(2, links=[ONE], keywords=("again",))])
    catalog.save([saved("b", version("10.5555/a2", links=[ONE]), "beta")])
    assert find(catalog, ONE, TWO) == [first, second]
    catalog.undo(str(decision.number), "ada")
    assert catalog.find(ONE) == catalog.find(TWO)


def test_the_last_join_of_a_paper_is_undone(catalog):
    catalog.save([article(1)])
    catalog.save([article(2, links=[ONE])])
    (decision,) = catalog.undo(catalog.find(ONE), "ada")
    assert not decision.same
    assert catalog.find(ONE) != catalog.find(TWO)
    catalog.undo(str(decision.number), "ada")
    assert catalog.find(ONE) == catalog.find(TWO)


def test_what_only_likeness_joined_is_told_and_undone(catalog):
    catalog.save([saved("a", version("10.5555/a", pages="7-9"))])
    catalog.save([saved("b", version(None, pmid="5", pages="7-9"), "beta")])
    name = catalog.find("pmid:5")
    assert name == catalog.find("doi:10.5555/a")
    (paper,) = catalog.papers([name])
    assert len(paper.versions) == 1, "one version, told twice"
    (reason,) = catalog.makeup(name).reasons
    assert (reason.one, reason.other, reason.why) == ("record:alpha/a", "record:beta/b", "match")
    assert reason.reasons[:2] == ("the same title", "1 of 1 authors")
    catalog.undo(name, "ada")
    assert catalog.find("pmid:5") != catalog.find("doi:10.5555/a")


def test_a_record_with_a_wrong_identifier_is_parted_from_the_paper(catalog):
    """Both name the DOI; it stays with one of them, and the record has its other key."""
    catalog.save([article(1), saved("wrong", version("10.5555/a1", pmid="9", title="Other"), "beta")])
    name = catalog.find(ONE)
    catalog.split(name, "record:beta/wrong", "ada")
    assert catalog.find(ONE) == name
    other = catalog.find("pmid:9")
    assert other != name
    assert catalog.paper(other).title == "Other"
    catalog.save([saved("third", version("10.5555/a1", title="Invented paper 1"), "gamma")])
    assert catalog.counts()["papers"] == 2
    assert catalog.paper(name).title == "Invented paper 1"


def test_a_part_is_told_by_its_key_however_many_share_the_rest(catalog):
    pages = [article(n, links=[ONE]) for n in (2, 3)]
    catalog.save([article(1), *pages, saved("x", version("10.5555/a3", pmid="3"), "beta")])
    name = catalog.find(ONE)
    assert catalog.counts()["papers"] == 1
    catalog.split(name, "pmid:3", "ada")
    assert catalog.find("doi:10.5555/a3") == catalog.find("pmid:3") or catalog.counts()["papers"] == 2
    assert catalog.find(TWO) == catalog.find(ONE) != catalog.find("pmid:3")


def test_decisions_hold_whatever_comes_first(catalog):
    """The same records and decisions give the same works, though all else is harvested anew."""
    catalog.save([article(1), article(2), article(3)])
    catalog.join(ONE, "doi:10.5555/a3", "ada")
    catalog.delete("alpha", ["a1", "a2", "a3"])
    assert catalog.counts()["papers"] == 0
    catalog.save([article(3)])
    catalog.save([article(2)])
    catalog.save([article(1)])
    assert catalog.find(ONE) == catalog.find("doi:10.5555/a3") != catalog.find(TWO)


def test_the_later_of_two_decisions_about_the_same_keys_stands(catalog):
    catalog.save([article(1), article(2)])
    catalog.join(ONE, TWO, "ada")
    catalog.split(catalog.find(ONE), TWO, "bo")
    assert catalog.find(ONE) != catalog.find(TWO)
    catalog.join(TWO, ONE, "cy")
    assert catalog.find(ONE) == catalog.find(TWO)
    standing = [d for d in catalog.decisions() if not d.undone_at]
    assert [(type(d), d.made_by) for d in standing] == [(Decision, "cy")]


def test_what_cannot_be_done_says_so_and_changes_nothing(catalog):
    catalog.save([article(1), article(2, links=[ONE]), saved("b", version("10.5555/a9"), "beta")])
    name = catalog.find(ONE)
    before = catalog.last_change()
    with pytest.raises(NotFound):
        catalog.join(ONE, "10.5555/never-seen", "ada")
    with pytest.raises(NotFound):
        catalog.split("f0000000000", ONE, "ada")
    with pytest.raises(NotFound):
        catalog.join("record:beta/none", ONE, "ada")
    with pytest.raises(CatalogError, match="itself"):
        catalog.join(ONE, "10.5555/a1", "ada")
    with pytest.raises(CatalogError, match="no record of"):
        catalog.split(name, "doi:10.5555/a9", "ada")
    with pytest.raises(CatalogError, match="nothing to part"):
        catalog.split("doi:10.5555/a9", "doi:10.5555/a9", "ada")
    with pytest.raises(CatalogError, match="share their identifiers"):
        catalog.undo("doi:10.5555/a9", "ada")
    assert catalog.decisions() == []
    assert catalog.last_change() == before


def test_joining_what_another_decision_keeps_apart_names_it(catalog):
    catalog.save([article(1), saved("p", version("10.5555/a1", pmid="1", title="Invented paper 1"), "beta")])
    catalog.save([article(2, links=[ONE])])
    (apart,) = catalog.split(catalog.find(ONE), TWO, "ada")
    other = "pmid:1" if apart.other == ONE else ONE
    with pytest.raises(CatalogError, match=f"decision {apart.number}"):
        catalog.join(TWO, other, "ada")
    assert [d.number for d in catalog.decisions()] == [apart.number]


def test_review_puts_works_together_by_todays_rules(catalog):
    from sqlalchemy import delete, update

    from catalog.tables import match_keys, works

    catalog.save([saved("a", version("10.5555/a", pages="7-9"))])
    with catalog._database.write() as connection:  # as if it had been there before there were such keys
        connection.execute(delete(match_keys))
        connection.execute(update(works).values(match_keys=None))
    catalog.save([saved("b", version(None, pmid="5", pages="7-9", kind=VersionKind.ARTICLE), "beta")])
    assert catalog.counts()["papers"] == 2
    after = ""
    while last := catalog.rejoin(after, 1):
        after = last
    assert catalog.counts()["papers"] == 1
    before = catalog.last_change()
    assert catalog.rejoin() is not None
    assert catalog.last_change() == before
