"""Whatever a cancer is called, the same papers come first. They are of the benchmarks' invented corpus."""

import random
from dataclasses import replace
from itertools import combinations

import pytest

from benchmarks.corpus import papers
from domain.paper import Abstract, Section
from domain.query import Query

ALIKE = ("bowel cancer", "colorectal neoplasms", "colon tumour")
WRITTEN = (
    *("bowel cancer", "colorectal neoplasms", "colon tumours", "colorectal cancers", "colon cancer"),
    *("a tumour of the colon", "cancer of the bowel", "leukaemia", "leukemia", "tumor", "tumour", "lymphoma"),
)
PAPERS = 500


@pytest.fixture(scope="module")
def index(open_named, encoder):
    chance = random.Random(5)
    items = [_worded(item, chance) for item in papers(PAPERS)]
    opened = open_named("wordings", lambda: encoder)
    opened.write(items, [], 1)
    opened.vectors.write(items, [], 1)
    return opened


def _worded(item, chance):
    """The paper with a wording in its title, and with one or more in an abstract that is cut short."""
    version = item.paper.primary
    text = version.abstracts[0].sections[0].text.split()[: chance.randint(10, 30)]
    for wording in chance.choices(WRITTEN, k=chance.randint(0, 3)):
        text.insert(chance.randint(0, len(text)), wording)
    title = " ".join([*version.title.split()[: chance.randint(2, 10)], chance.choice(WRITTEN)])
    changed = replace(version, title=title, abstracts=(Abstract((Section(" ".join(text)),)),))
    return replace(item, paper=replace(item.paper, versions=(changed,)))


@pytest.mark.parametrize("meaning", [True, False])
@pytest.mark.parametrize(("first", "second"), list(combinations(ALIKE, 2)))
def test_names_of_one_cancer_share_their_best_papers(first, second, meaning, index):
    tops = [_top(index, text, meaning) for text in (first, second)]
    assert len(tops[0]) == len(tops[1]) == 100
    assert len(tops[0] & tops[1]) >= 95
    other = _top(index, "lymphoma", meaning)
    assert len(tops[0] & other) < 95, "the corpus tells one cancer from another"


def _top(index, text, meaning):
    query = Query(text, size=100, meaning=meaning, highlight=False)
    return {hit.paper_id for hit in index.search(query).hits}


@pytest.mark.parametrize(
    ("british", "american"), [("tumour", "tumor"), ("leukaemia", "leukemia"), ("tumours", "tumors")]
)
def test_both_spellings_find_as_many(british, american, index):
    counts = {index.search(Query(text, meaning=False)).total for text in (british, american)}
    assert len(counts) == 1
    assert counts.pop() > 50
