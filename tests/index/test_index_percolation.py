"""Searches asked of a few papers find what the site's index finds, and nothing that was not asked for."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from domain.query import Query, Sort
from index import open_index
from index.embedded.percolation import Percolation

QUERIES = [
    Query("breast cancer"),
    Query('title:"breast cancer screening"'),
    Query("melanoma NOT retracted"),
    Query("immunotherapy melanoma", filters={"study_type": ("randomised-trial",)}),
    Query("", filters={"country": ("BR", "KE")}),
    Query("registry", filters={"has_digest": ("policymaker",)}),
    Query("survival", year_from=2005, year_to=2008),
    Query("bowel tumours OR cervical cancer"),
    Query("nsclc", literal=frozenset({"*"})),
    Query("((("),
    Query("", sort=Sort.NEWEST),
]


@pytest.fixture(scope="module")
def both(corpus, tmp_path_factory) -> Iterator[tuple[Percolation, object]]:
    folder = tmp_path_factory.mktemp("percolation")
    with (
        closing(Percolation(folder / "few")) as few,
        closing(open_index("embedded:", folder / "site")) as site,
    ):
        few.write(corpus)
        site.write(corpus, [], 1)
        yield few, site


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.text or str(query.filters))
def test_it_finds_what_the_site_finds(both, query: Query) -> None:
    few, site = both
    page = site.search(Query(**{name: getattr(query, name) for name in Query.__slots__} | {"size": 100}))
    assert [hit.paper_id for hit in few.search(query)] == [hit.paper_id for hit in page.hits]


def test_it_asks_for_no_less_than_it_was_asked(both) -> None:
    few, site = both
    query = Query("melanoma rowers")
    assert site.search(query).hits
    assert not list(few.search(query))


def test_of_many_words_it_takes_more_than_half(both, corpus) -> None:
    few, site = both
    query = Query("does coffee prevent leukaemia in elite rowers or melanoma", size=100)
    found = {hit.paper_id for hit in few.search(query)}
    assert corpus[4].paper.id in found  # all but "prevent" and "melanoma"
    assert found < {hit.paper_id for hit in site.search(query).hits}
    written = Query("coffee OR leukaemia OR melanoma OR mice", size=100)
    assert len(list(few.search(written))) == site.search(written).total


def test_all_are_found_however_many(both, monkeypatch: pytest.MonkeyPatch, corpus) -> None:
    monkeypatch.setattr("index.embedded.percolation._PAGE", 7)
    found = [hit.paper_id for hit in both[0].search(Query(""))]
    assert len(found) == len(set(found)) == len(corpus)
