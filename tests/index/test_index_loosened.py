"""A short list of words that no paper has all of: papers with some of them are better than nothing."""

from dataclasses import replace

import pytest

from domain.query import Query, Sort


def test_papers_with_some_of_the_words_are_listed_and_the_page_says_so(index, name_of):
    asked = Query("nodules papillomavirus", meaning=False)
    page = index.search(asked)
    assert {name_of[hit.paper_id] for hit in page.hits} == {3, 9}
    assert page.total == 2
    assert any("some of them" in note for note in page.reading.notes)
    years = next(facet for facet in index.facets(asked) if facet.field == "year")
    assert sum(bucket.count for bucket in years.buckets) == 2


def test_a_list_that_some_paper_has_whole_is_not_loosened(index):
    page = index.search(Query("palliative nurse", meaning=False))
    assert page.total == 1
    assert not page.reading.notes


def test_what_was_asked_for_strictly_stays_as_asked(index):
    assert index.search(Query("nodules AND papillomavirus")).total == 0


@pytest.mark.parametrize("sort", Sort)
def test_in_every_order_the_same_papers_are_listed(sort, index):
    assert index.search(Query("nodules papillomavirus", sort=sort, meaning=False)).total == 2


def test_a_filter_does_not_change_what_was_asked_for(index):
    """One paper has both words; its year is not stated."""
    asked = Query("palliative nurse", meaning=False)
    narrowed = replace(asked, year_from=2023)
    assert index.search(asked).total == 1
    assert index.search(narrowed).total == 0
    assert index.search(narrowed).reading.notes == ()
    assert index.facets(narrowed)[0] == index.facets(asked)[0]


def test_words_of_nearly_every_paper_rank_and_do_not_choose(index):
    """A question's telling words say which papers are listed; without any, its general ones have to."""
    telling = index.search(Query("what helps patients with nodules after treatment", meaning=False))
    alone = index.search(Query("nodules helps", literal=frozenset("*"), meaning=False))
    assert 0 < telling.total < index.search(Query("patients OR treatment OR after", meaning=False)).total
    assert {hit.paper_id for hit in alone.hits} <= {hit.paper_id for hit in telling.hits}
    general = index.search(Query("what treatment do patients with cancer have after therapy", meaning=False))
    assert general.total > telling.total
    unknown = index.search(Query("what treatment do zzyzx patients have after this", meaning=False))
    assert unknown.total > 0


def test_a_year_in_which_there_is_nothing_is_left_out(index, name_of):
    page = index.search(Query("melanoma 1999", meaning=False))
    assert {name_of[hit.paper_id] for hit in page.hits} == {6, 7}
    assert any("some of them" in note for note in page.reading.notes)
    assert {name_of[hit.paper_id] for hit in index.search(Query("melanoma 2016")).hits} == {6}
