"""Going on by cursor while papers come, change and go: of those that stay each comes once, on one page."""

import random
from dataclasses import replace

import numpy as np
import pytest

from domain.query import Query, Sort
from index.cursor import Cursor, read_cursor, write_cursor

SIZE = 8


class Nearness:
    """An encoder to which texts are alike that say "nodule"."""

    name = "invented"

    def encode(self, texts):
        vectors = np.stack([np.random.default_rng(len(text)).normal(size=384) for text in texts])
        vectors[:, 0] += [14 * (1 + text.count("nodule")) for text in texts]
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype("float32")


@pytest.fixture(params=[("words", Sort.RELEVANCE), ("both", Sort.RELEVANCE), ("words", Sort.NEWEST)])
def asked(request):
    halves, sort = request.param
    return Query("nodule OR growth", size=SIZE, sort=sort, meaning=halves == "both", highlight=False)


@pytest.fixture
def paper(make):
    def written(number, seed):
        chosen = random.Random(seed)
        words = ["nodule"] * chosen.choice((1, 1, 2, 3)) + ["growth"] * chosen.choice((0, 0, 1, 2))
        words += [f"word{chosen.randrange(40)}" for _ in range(chosen.randrange(5, 60))]
        chosen.shuffle(words)
        return make(number, f"Report {number}", " ".join(words), published=str(2000 + seed % 20))

    return written


def write(index, upserts, deletes, position):
    index.write(upserts, deletes, position)
    index.vectors.write(upserts, deletes, position)


def ids(index, query):
    return [hit.paper_id for hit in index.search(query).hits]


def onwards(index, query, cursor):
    """All papers behind a cursor, a page at a time."""
    found = []
    while cursor:
        page = index.search(replace(query, cursor=cursor))
        found += [hit.paper_id for hit in page.hits]
        cursor = page.cursor
    return found


@pytest.mark.parametrize("change", ["add", "delete", "change", "all", "delete the last"])
def test_papers_that_stay_come_once(change, asked, paper, open_named, request):
    name = f"paging-{change.replace(' ', '-')}-{asked.sort}-{asked.meaning}".lower()
    index = open_named(name, Nearness)
    papers = [paper(number, number) for number in range(100, 160)]
    write(index, papers, [], 1)
    first = index.search(asked)
    second = index.search(replace(asked, cursor=first.cursor))
    seen = [hit.paper_id for hit in (*first.hits, *second.hits)]
    listed = ids(index, replace(asked, size=100))
    assert seen == listed[: 2 * SIZE]

    added = [paper(number, number) for number in range(200, 220) if change in ("add", "all")]
    gone = listed[3:30:5] if change in ("delete", "all") else listed[15:16] if "last" in change else []
    others = [item for item in papers if item.paper.id in {*listed[1::9]} - {*gone}]
    changed = [paper(papers.index(item) + 100, 7) for item in others if change in ("change", "all")]
    touched = {item.paper.id for item in (*added, *changed)} | {*gone}
    write(index, [*added, *changed], gone, 2)

    later = onwards(index, asked, second.cursor)
    stayed = [paper_id for paper_id in ids(index, replace(asked, size=100)) if paper_id not in touched]
    split = max(stayed.index(paper_id) for paper_id in seen if paper_id not in touched) + 1
    assert len(later) == len(set(later))
    assert not {*stayed[:split]} & {*later} & {*seen}
    assert {*stayed[split:]} <= {*later}


def test_a_cursor_from_before_a_rebuild_goes_on(asked, paper, open_named):
    index = open_named(f"paging-rebuilt-{asked.sort}-{asked.meaning}".lower(), Nearness)
    papers = [paper(number, number) for number in range(100, 160)]
    write(index, papers, [], 1)
    page = index.search(asked)
    whole = ids(index, replace(asked, size=100))
    with index.replacement() as fresh:
        assert onwards(index, asked, page.cursor) == whole[SIZE:], "the old one answers meanwhile"
        fresh.write(papers[::-1], [], 1)
    later = onwards(index, asked, page.cursor)
    assert sorted(later) == sorted(whole[SIZE:])
    known = read_cursor(replace(asked, cursor=page.cursor))
    older = write_cursor(asked, Cursor(known.seen, known.last))
    assert sorted(onwards(index, asked, older)) == sorted(later), "one without papers, as they once were"


def test_behind_a_cursor_of_papers_that_are_all_gone_there_is_nothing(asked, paper, open_named):
    index = open_named(f"paging-gone-{asked.sort}-{asked.meaning}".lower(), Nearness)
    papers = [paper(number, number) for number in range(100, 120)]
    write(index, papers, [], 1)
    page = index.search(asked)
    write(index, [], [item.paper.id for item in papers], 2)
    left = index.search(replace(asked, cursor=page.cursor))
    assert (left.total, left.hits, left.cursor) == (0, (), "")
