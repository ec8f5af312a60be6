"""Words and meaning together over both engines, with the real encoder. The papers are invented."""

from itertools import cycle

import pytest

from domain.errors import ModelUnavailable
from domain.identifiers import Identifiers, work_id
from domain.paper import Abstract, Paper, Section, Version, VersionKind
from domain.ports import Indexable
from domain.query import Query
from index import open_index

SUBJECTS = (
    ("Stool tests posted to homes", "People returned a kit for bowel cancer screening by post."),
    ("Sunburn and melanoma", "Skin cancer was more common after childhood sunburn."),
    ("Walking and fatigue", "Exercise lessened tiredness in people treated with chemotherapy."),
    ("Asbestos at shipyards", "Workers who breathed dust developed mesothelioma of the pleura."),
    ("Wigs and scalp cooling", "Hair loss was prevented by cooling the scalp during treatment."),
    ("Fares to the clinic", "The cost of travel kept families away from radiotherapy."),
)
SERIES = 320


def invented(number, title, text, published):
    version = Version(
        VersionKind.ARTICLE,
        Identifiers(),
        title,
        language="en",
        abstracts=(Abstract((Section(text),)),),
        published=published,
    )
    return Indexable(Paper(work_id(f"invented:{number}"), (version,), "", ""))


@pytest.fixture(scope="module")
def papers():
    subjects = [invented(n, title, text, published="2015") for n, (title, text) in enumerate(SUBJECTS, 1)]
    places = cycle(("a hospital", "a village", "a city", "an island", "a school"))
    return [
        *subjects,
        *(
            invented(
                n,
                f"Registry report {n}",
                f"Lymphoma was counted in {next(places)} in year {n}.",
                published=str(2000 + n % 20),
            )
            for n in range(100, 100 + SERIES)
        ),
    ]


@pytest.fixture(scope="module")
def hybrid(papers, encoder, open_named):
    index = open_named("hybrid", lambda: encoder)
    index.write(papers, [], 1)
    index.vectors.write(papers, [], 1)
    return index


def numbers(papers):
    return {item.paper.id: item.paper.title for item in papers}


def paged(hybrid, query, size, by_cursor):
    """Every hit, a page at a time."""
    hits, offset, cursor = [], 0, ""
    while True:
        page = hybrid.search(
            Query(**query, size=size, **({"cursor": cursor} if by_cursor else {"offset": offset}))
        )
        hits += page.hits
        offset, cursor = offset + size, page.cursor
        if not (cursor if by_cursor else page.hits):
            return page, hits


@pytest.mark.parametrize("by_cursor", [True, False])
@pytest.mark.parametrize("size", [7, 100, 1000])
def test_each_listed_paper_is_on_one_page(hybrid, size, by_cursor):
    """More papers have the word than the two halves rank together, and some lack it."""
    page, hits = paged(hybrid, {"text": "lymphoma survey"}, size, by_cursor)
    ids = [hit.paper_id for hit in hits]
    assert len(ids) == len(set(ids)) == page.total + page.related
    page, hits = paged(hybrid, {"text": "lymphoma"}, size, by_cursor)
    ids = [hit.paper_id for hit in hits]
    assert page.total == SERIES
    assert len(ids) == len(set(ids)) == page.total + page.related
    assert sum(hit.by_meaning for hit in hits) == page.related


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("can I check for colon tumours at home with a faeces sample", SUBJECTS[0][0]),
        ("does jogging help exhausted patients", SUBJECTS[2][0]),
        ("baldness from chemo drugs", SUBJECTS[4][0]),
        ("money for transport to irradiation", SUBJECTS[5][0]),
    ],
)
def test_a_question_in_other_words_finds_the_paper(hybrid, papers, text, title):
    page = hybrid.search(Query(text))
    assert title in [numbers(papers)[hit.paper_id] for hit in page.hits[:3]]
    lexical = hybrid.search(Query(text, meaning=False))
    having = {hit.paper_id for hit in lexical.hits}
    for hit in page.hits:
        assert hit.by_meaning == (hit.paper_id not in having)
    assert page.total == lexical.total


def test_filters_hold_for_both_halves(hybrid, papers):
    years = {item.paper.id: item.paper.primary.year for item in papers}
    asked = "lymphoma among villagers"
    _, hits = paged(hybrid, {"text": asked, "year_from": 2004, "year_to": 2006}, 50, by_cursor=True)
    assert hits
    assert {years[hit.paper_id] for hit in hits} == {2004, 2005, 2006}
    page = hybrid.search(Query("baldness from chemo drugs", year_to=2014, size=1000))
    assert all(years[hit.paper_id] <= 2014 for hit in page.hits)
    page = hybrid.search(Query("baldness from chemo drugs", year_from=2015, year_to=2015))
    assert numbers(papers)[page.hits[0].paper_id] == SUBJECTS[4][0]


@pytest.mark.parametrize("text", ['"lymphoma"', "title:melanoma", "lymphoma AND village", "sunburn NOT bus"])
def test_strict_queries_list_only_papers_that_match(hybrid, text):
    page, hits = paged(hybrid, {"text": text}, 100, by_cursor=True)
    _, lexical = paged(hybrid, {"text": text, "meaning": False}, 100, by_cursor=True)
    assert page.related == 0
    assert hits
    assert {hit.paper_id for hit in hits} == {hit.paper_id for hit in lexical}


def test_without_meaning_it_is_the_lexical_index(hybrid, papers, open_named):
    plain = open_named("plain")
    plain.write(papers, [], 1)
    assert plain.vectors is None
    for text in ("lymphoma village", "melanoma", "does jogging help"):
        asked = Query(text, meaning=False, size=50)
        assert hybrid.search(asked) == plain.search(asked)
        assert plain.search(asked).hits == plain.search(Query(text, size=50)).hits


@pytest.mark.parametrize("text", ["xqzzv wplk brrt", "asdfgh qwertz", "blargh foobarbaz"])
def test_nonsense_finds_nothing(hybrid, text):
    page = hybrid.search(Query(text))
    assert (page.total, page.related, page.hits) == (0, 0, ())


def test_similar_papers_are_close_in_meaning_and_not_the_paper_itself(hybrid, papers):
    lymphoma = papers[10].paper.id
    similar = hybrid.similar(lymphoma, 5)
    assert len(similar) == 5
    assert lymphoma not in {hit.paper_id for hit in similar}
    assert all(numbers(papers)[hit.paper_id].startswith("Registry report") for hit in similar)
    assert [hit.score for hit in similar] == sorted((hit.score for hit in similar), reverse=True)
    assert hybrid.similar("f0000000000") == ()


def test_a_paper_whose_words_went_is_not_listed_for_its_vector(papers, encoder, open_named):
    index = open_named("words-went", lambda: encoder)
    index.write(papers[:6], [], 1)
    index.vectors.write(papers[:6], [], 1)
    gone = papers[4].paper.id
    index.write([], [gone], 2)
    assert gone not in {hit.paper_id for hit in index.search(Query("baldness from chemo drugs")).hits}
    assert gone not in {hit.paper_id for hit in index.similar(papers[2].paper.id)}


def test_papers_gone_since_their_vectors_were_made_leave_room_for_others(papers, encoder, open_named):
    index = open_named("gone-since", lambda: encoder)
    index.write(papers[:30], [], 1)
    index.vectors.write(papers[:30], [], 1)
    first = [hit.paper_id for hit in index.similar(papers[10].paper.id)]
    index.write([], first, 2)
    others = [hit.paper_id for hit in index.similar(papers[10].paper.id)]
    assert len(others) == 5
    assert not {*others} & {papers[10].paper.id, *first}


def test_no_paper_far_in_meaning_is_similar_while_vectors_are_made(papers, encoder, open_named):
    """Of the few papers that have vectors by then none may be close; words of titles say more."""
    index = open_named("few-vectors", lambda: encoder)
    index.write(papers[:30], [], 1)
    index.vectors.write([papers[1], papers[10]], [], 1)
    similar = index.similar(papers[10].paper.id)
    assert len(similar) == 5
    assert {hit.paper_id for hit in similar} <= {item.paper.id for item in papers[6:30]} - {
        papers[10].paper.id
    }
    assert index.similar(papers[1].paper.id) == ()  # no other title has its words


def test_without_an_encoder_words_are_searched_and_a_note_says_so(hybrid, papers, open_named):
    def missing():
        raise ModelUnavailable("the sentence encoder is not installed")

    index = open_named("no-encoder", missing)
    index.write(papers, [], 1)
    page = index.search(Query("lymphoma village"))
    assert page.notes
    assert page.related == 0
    lexical = hybrid.search(Query("lymphoma village", meaning=False))
    assert [hit.paper_id for hit in page.hits] == [hit.paper_id for hit in lexical.hits]
    with pytest.raises(ModelUnavailable):
        index.vectors.position()
    assert index.vectors.count() == 0
    assert len(index.similar(papers[10].paper.id)) == 5


def test_vectors_that_cannot_be_read_leave_the_words_and_a_note(papers, encoder, tmp_path):
    index = open_index("embedded:", tmp_path / "index", lambda: encoder)
    index.write(papers[:20], [], 1)
    index.vectors.write(papers[:20], [], 1)
    whole = index.search(Query("lymphoma village"))
    assert not whole.notes
    (manifest,) = tmp_path.rglob("manifest.json")
    manifest.unlink()
    manifest.mkdir()  # reading it fails, whoever reads
    page = index.search(Query("lymphoma village"))
    assert page.notes
    assert page.total == whole.total > 0
    assert page.hits
    assert page.related == 0
