"""Pages of the embedded engine by relevance, among papers that mostly tie. All are invented."""

import pytest

from domain.query import Query, Sort, Word
from index.embedded import engine as embedded
from index.embedded import matching
from index.engine import After

MANY, NODE = 900, Word("invented")


@pytest.fixture(scope="module")
def engine(tmp_path_factory, make):
    engine = embedded.EmbeddedEngine(tmp_path_factory.mktemp("ties"))
    papers = (
        make(n, "Invented " + "filler " * (n % 4 + n // 300), published=str(1900 + n % 90))
        for n in range(MANY)
    )
    engine.write(papers, [], 1)
    return engine


@pytest.fixture(scope="module")
def ranking(engine):
    total, found = engine.find(NODE, Query(), Sort.RELEVANCE, MANY)
    assert total == len(found) == len({match.paper_id for match in found}) == MANY
    assert found == sorted(found, key=lambda match: (-match.score, -match.order))
    assert 3 < len({match.score for match in found}) < 10
    return found


@pytest.mark.parametrize("size", [1, 7, 64, 250])
def test_any_page_is_the_same_by_number_and_by_the_one_before(size, engine, ranking):
    for offset in (0, 1, 99, 298, 449, 640, MANY - size, MANY - 1, MANY, MANY + 5):
        right = ranking[offset : offset + size]
        assert engine.find(NODE, Query(), Sort.RELEVANCE, size, offset) == (MANY, right)
        if 0 < offset <= MANY:
            after = After(ranking[offset - 1].score, ranking[offset - 1].order)
            assert engine.find(NODE, Query(), Sort.RELEVANCE, size, after=after) == (MANY, right)


def test_no_more_papers_are_looked_at_than_tie_with_those_of_the_page(engine, ranking, monkeypatch):
    looked, real = [], matching.matches
    monkeypatch.setattr(
        matching, "matches", lambda searcher, hits: looked.append(len(hits)) or real(searcher, hits)
    )
    last = ranking[MANY - 30]
    ties = sum(match.score in {last.score, ranking[MANY - 29].score} for match in ranking)
    engine.find(NODE, Query(), Sort.RELEVANCE, 3, after=After(last.score, last.order))
    engine.find(NODE, Query(), Sort.RELEVANCE, 3, MANY - 29)
    assert len(looked) == 2
    assert max(looked) <= ties + 3 < MANY
