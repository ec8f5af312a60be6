"""What every engine promises about answers: counts, facets, filters, order, paging, marks."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.query import UNKNOWN, Not, Or, Query, Sort, Word
from index.fields import FACET_LIMIT, FACETS, FIELD
from index.language.mentions import versions
from index.language.parsing import parse_query

SAMPLES = (
    '( ) " [ ] AND OR NOT - * title: [ti] [dp] year: 2015-2020 [2015 2020] >= immuno* breast IL-2 10.5555/x '
    "乳腺癌 country:BR é doi:a* has_digest:yes country:* the regist* AUTH: cancer date:2020-13 TO & |"
)
PIECES = st.sampled_from([*SAMPLES.split(), "\ud800", "x" * 300])
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join))
REQUIRED = {"year", "cancer_type", "country", "licence", "study_type", "journal", "has_digest", "data"}


def ids(page):
    return [hit.paper_id for hit in page.hits]


def facet_values(name, item):
    """What the paper is counted under; a journal by its title alone, though its short title is searched."""
    if name == "journal":
        journal = item.paper.primary.journal
        return {journal.title} if journal else {UNKNOWN}
    return {FIELD[name].code(str(value)) for value in FIELD[name].values(item)} or {UNKNOWN}


def test_names_changed_since_the_index_was_built_are_counted(index, monkeypatch):
    assert index.changed_names() == 0
    now = dict(versions())
    first, second = list(now)[:2]
    monkeypatch.setattr("index.hybrid.versions", lambda: now | {first: "other", "new": "1"})
    assert index.changed_names() == 2
    monkeypatch.setattr("index.hybrid.versions", lambda: {key: now[key] for key in now if key != second})
    assert index.changed_names() == 0, "what is no longer asked for waits for nothing"


def matching(corpus, filters):
    return [
        item
        for item in corpus
        if all(set(values) & facet_values(name, item) for name, values in filters.items())
    ]


def test_empty_query_finds_everything_newest_first(index, corpus):
    page = index.search(Query(size=100))
    assert page.total == len(corpus) == index.count() == len(page.hits)
    assert set(index.ids()) == {item.paper.id for item in corpus}
    assert index.position() == len(corpus)


FILTERS = [
    {},
    {"cancer_type": ("breast",)},
    {"cancer_type": ("breast", "lung"), "country": ("BR",)},
    {"licence": (UNKNOWN,), "year": ("2003", "2004", UNKNOWN)},
    {"has_digest": ("policymaker",), "study_type": (UNKNOWN, "randomised-trial")},
    {"journal": ("Fictional Oncology",), "year": ("2018",)},
    {"country": ("ZZ",)},
    {"data": ("open", "none")},
]


@pytest.mark.parametrize("filters", FILTERS)
def test_filters_and_facets_equal_brute_force(filters, index, corpus):
    page = index.search(Query(filters=filters, size=100))
    assert set(ids(page)) == {item.paper.id for item in matching(corpus, filters)}
    facets = index.facets(Query(filters=filters))
    assert {facet.field for facet in facets} == REQUIRED == {row.name for row in FACETS}
    for facet in facets:
        others = {name: values for name, values in filters.items() if name != facet.field}
        counts = Counter(
            value for item in matching(corpus, others) for value in facet_values(facet.field, item)
        )
        assert {bucket.value: bucket.count for bucket in facet.buckets} == counts


def test_buckets_come_most_frequent_first_and_years_newest_first(index):
    for facet in index.facets(Query()):
        found = [(bucket.count, bucket.value) for bucket in facet.buckets]
        if facet.field == "year":
            years = [value for _, value in found if value != UNKNOWN]
            assert years == sorted(years, reverse=True)
            assert found[-1][1] == UNKNOWN
        else:
            assert found == sorted(found, key=lambda bucket: (-bucket[0], bucket[1]))


def test_a_long_facet_is_cut_but_keeps_unknown(open_engine, make):
    index = open_engine()
    papers = [make(n, f"Paper {n}", authors=()) for n in range(80)]
    many = [
        replace(p, paper=replace(p.paper, versions=(replace(p.paper.primary, study_type=f"type-{n}"),)))
        for n, p in enumerate(papers)
    ]
    index.write([*many, *(make(n, f"Paper {n}") for n in range(100, 101))], [], 1)
    facet = next(f for f in index.facets(Query()) if f.field == "study_type")
    assert len(facet.buckets) == FACET_LIMIT + 1
    assert UNKNOWN in {bucket.value for bucket in facet.buckets}


def test_years_filter_the_hits_but_not_the_years_facet(index):
    between = Query(year_from=2018, year_to=2020, size=100)
    everything = years(index.facets(Query()))
    assert index.search(between).total == 2
    assert years(index.facets(between)) == everything
    assert index.search(Query(year_from=2023)).total == 2
    assert index.search(Query(year_from=-5, year_to=2**80)).total == sum(
        bucket.count for bucket in everything.buckets if bucket.value != UNKNOWN
    )


def years(facets):
    return next(facet for facet in facets if facet.field == "year")


def test_order_by_date_is_the_same_forwards_and_backwards_and_ends_with_what_has_none(index, corpus):
    newest = ids(index.search(Query(sort=Sort.NEWEST, size=100)))
    oldest = ids(index.search(Query(sort=Sort.OLDEST, size=100)))
    dates = {item.paper.id: item.paper.primary.published or "" for item in corpus}
    assert [dates[paper] for paper in newest] == sorted(dates.values(), reverse=True)
    tied = [paper for paper in newest if dates[paper] == ""]
    assert len(tied) > 2
    assert tied == sorted(tied)
    count = len(newest) - len(tied)
    assert newest[:count] == oldest[:count][::-1]
    assert oldest[count:] == tied[::-1]


@pytest.mark.parametrize("size", [1, 7, 39])
@pytest.mark.parametrize("text", ["", "invented registry", "cancer OR imaginary"])
def test_the_oldest_first_by_cursor_is_the_whole_too(index, size, text):
    query = Query(text, sort=Sort.OLDEST, size=size, highlight=False)
    whole = index.search(replace(query, size=100))
    seen: list[str] = []
    page = index.search(query)
    for _ in range(100):
        assert page.total == whole.total
        seen += ids(page)
        if not page.cursor:
            break
        page = index.search(replace(query, cursor=page.cursor))
    assert seen == ids(whole)


@pytest.mark.parametrize("text", ["", "invented registry", "cancer OR imaginary", "regist*"])
@pytest.mark.parametrize("sort", Sort)
def test_pages_put_together_are_the_whole(text, sort, index):
    query = Query(text, sort=sort, highlight=False)
    whole = ids(index.search(replace(query, size=100)))
    parts = [ids(index.search(replace(query, offset=n, size=7))) for n in range(0, 49, 7)]
    assert [paper for part in parts for paper in part] == whole
    assert len(set(whole)) == len(whole) > 30


@pytest.mark.parametrize(
    ("offset", "size", "expected"), [(39, 10, 1), (40, 10, 0), (10**12, 10, 0), (0, 0, 0), (-3, -3, 0)]
)
def test_pages_beyond_the_end_are_empty_and_counted(offset, size, expected, index):
    page = index.search(Query(offset=offset, size=size))
    assert page.total == 40
    assert len(page.hits) == expected


def test_equal_scores_come_newest_first_whatever_the_order_of_writing(open_engine, make, tmp_path):
    index = open_engine()
    papers = [make(n, "The same words", published=f"20{n:02d}") for n in range(30)]
    index.write(papers[::2], [], 1)
    index.write(papers[1::2], [], 2)
    assert ids(index.search(Query("same words", size=30))) == [p.paper.id for p in reversed(papers)]


def test_a_match_in_the_title_counts_more(open_engine, make):
    index = open_engine()
    index.write([make(1, "Other things", "glioma glioma"), make(2, "On glioma", "Other words")], [], 1)
    assert ids(index.search(Query("glioma")))[0] == make(2, "").paper.id


def test_marks_are_left_out_when_not_wanted(index):
    page = index.search(Query("breast", highlight=False))
    assert page.hits[0].title is None
    assert page.hits[0].snippet is None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS)
def test_any_text_is_answered(text, index):
    page = index.search(Query(text, size=5))
    assert 0 <= len(page.hits) == min(5, page.total) <= index.count()
    for facet in index.facets(Query(text)):
        assert sum(bucket.count for bucket in facet.buckets) >= page.total


def test_threads_share_an_index(index):
    texts = ["breast", "invented registry", "", "immun*", '"immune checkpoint"'] * 8
    alone = [index.search(Query(text)) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: index.search(Query(text)), texts)) == alone


JUDGED = [
    "breast",
    "trial OR breast",
    "the",
    "cancer NOT lung",
    "year:2003-2010",
    "what helps breast cancer patients",
]


@pytest.mark.parametrize("filters", [{}, {"country": ("BR",)}], ids=["all", "filtered"])
@pytest.mark.parametrize("text", JUDGED)
def test_papers_are_judged_as_they_are_found(index, corpus, text, filters):
    query, node = Query(filters=filters), parse_query(text).node
    some = [item.paper.id for item in corpus[::2]] + ["f0000000000", "nonsense"]
    total, found = index._engine.find(node, query, Sort.RELEVANCE, len(corpus))
    having, lacking = index._engine.judged(node, query, some)
    assert {m.paper_id: m.score for m in found if m.paper_id in some} == pytest.approx(
        {paper: match.score for paper, match in having.items()}, abs=1e-3
    )
    passing = {item.paper.id for item in matching(corpus, filters)}
    assert set(lacking) == passing & set(some) - set(having)
    assert total == len(found)


def test_an_alternative_that_excludes_is_judged_too(index, corpus):
    node = Or((Word("breast"), Not(Word("lung"))))
    every = [item.paper.id for item in corpus]
    having, lacking = index._engine.judged(node, Query(), every)
    assert set(having) == {m.paper_id for m in index._engine.find(node, Query(), Sort.NEWEST, len(every))[1]}
    assert not set(having) & set(lacking)
