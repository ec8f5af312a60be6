"""A short list of words that no paper has all of: papers with some of them are better than nothing."""

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


def test_what_was_asked_for_strictly_or_by_date_stays_as_asked(index):
    assert index.search(Query("nodules AND papillomavirus")).total == 0
    assert index.search(Query("nodules papillomavirus", sort=Sort.NEWEST)).total == 0
