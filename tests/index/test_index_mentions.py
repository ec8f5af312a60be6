"""What papers are told to mention is what the phrases of its names find. All texts here are invented."""

import threading
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.query import Query, Sort, Synonyms
from index import open_index
from index.analysis import MARK
from index.embedded.telling import mentions
from index.language.mentions import _apart, is_told, token_of, version_of, versions
from index.language.synonyms import all_concepts

CONCEPTS = {concept.key: concept for concept in all_concepts() if is_told(concept)}
TEXTS = (
    "Screening for bowel cancer at home",
    "Colon tumours, and what became of them",
    "COLORECTAL NEOPLASMS",
    "colorectal-cancer screening",
    "colorectal (cancer) cells",
    "The bowel.\n   Cancer was looked for",
    "The bowel\u00a0\u2013 cancer",
    "carcinoma of the colon/rectum",
    "carcinomas of the\ncolon",
    "the colon's cancer",
    "colon cancer's cost",
    "large bowel cancer's cost",
    "the bowels; cancers",
    "bowelcancer colon-cancerous",
    "bowel_cancer",
    "bowel\x01cancer, \x01 lung\x01 cancer, lung \x02cancer",
    "NF-\u039aB AND TGF-\u0392 IN CANCER",
    "bowel\uffa0cancer, lung\ud800 cancer, breast\x00cancer",
    "cancer of the left colon",
    "\u0153sophageal cancer and \u00f6sophageal tumor",
    "Esophageal carcinom\u00e4s",
    "prostatic cancer",
    "breast tumoral tissue",
    "breast \u2265 cancer \u03b2-lung cancer\u2122",
    "triple\u2011negative breast cancer",
    "HER2+ breast cancer, HER2/neu-positive breast carcinoma",
    "non-small-cell lung cancer (NSCLC)",
    "Small   cell   lung    cancer",
    "\u80ba lung \u764c cancer",
    "\u80ba\u764c lung cancer \u80ba\u764c",
    "lung 1 cancer",
    "lungcancer lung cancerx",
    "\u0130lung cancer",
    f"breast cancer{'s' * 90} lung cancer {'acgt' * 200} small cell lung cancer",
    "ductal carcinoma in situ",
    "stopping smoking",
    "melanoma of the skin and of the eye",
    "head and neck cancer; head & neck cancers",
)
ACROSS = (("bowel", "cancer of nothing"), ("nothing of the bowel", "Cancer"), ("carcinoma of", "the colon"))


def asked(key, *, by_names=False, field=None, wordings=None):
    """A question for a thing; `by_names` under a key that no index tells of."""
    concept = CONCEPTS[key]
    told = key if not by_names else f"untold:{key}"
    return Synonyms(told, concept.label, wordings or concept.wordings, concept.label, field=field)


def found(index, node):
    total, matches = index._engine.find(node, Query(), Sort.RELEVANCE, 100)
    assert total == len(matches)
    return {match.paper_id for match in matches}


@pytest.fixture
def filled(open_engine, make):
    items = [make(number, text, "Invented.", text) for number, text in enumerate(TEXTS)]
    items += [make(1000 + number, title, first) for number, (title, first) in enumerate(ACROSS)]
    items += [_in_two_abstracts(make, 2000 + number, *pair) for number, pair in enumerate(ACROSS)]
    index = open_engine()
    index.write(items, [], 1)
    return index, {item.paper.id: item.paper for item in items}


def _in_two_abstracts(make, number, first, second):
    item = make(number, "Of two abstracts", first)
    version = item.paper.primary
    other = make(number, "Of two abstracts", second).paper.primary.abstracts
    changed = replace(version, abstracts=(*version.abstracts, *other))
    return replace(item, paper=replace(item.paper, versions=(changed,)))


def test_mentions_are_what_phrases_find(filled):
    """But for names that begin in one abstract and end in the next, which phrases may take for one."""
    index, papers = filled
    across = {paper for paper, one in papers.items() if one.title == "Of two abstracts"}
    differing, some = {}, 0
    for key in CONCEPTS:
        for field in (None, "title", "abstract"):
            told = found(index, asked(key, field=field))
            named = found(index, asked(key, field=field, by_names=True)) - across
            if told != named:
                differing[key, field] = [papers[paper].title for paper in told ^ named]
            some += len(told)
    assert not differing
    assert some > 100


def test_tokens_are_never_shown(filled):
    index, _ = filled
    hits = index.search(Query("bowel cancer", meaning=False)).hits
    assert hits
    for hit in hits:
        assert MARK not in hit.title.text
        assert hit.snippet is None or MARK not in hit.snippet.text
    assert index.search(Query(token_of("cancer:colorectal"), meaning=False)).total == 0


@pytest.mark.parametrize("title", [MARK, f"{MARK}Lung cancer", f"{MARK}{token_of('cancer:lung')[1:]}"])
def test_the_letter_of_tokens_means_nothing_in_texts(open_engine, make, title):
    index = open_engine()
    index.write([make(1, title, title, "Bowel cancer")], [], 1)
    hit = index.search(Query("bowel cancer", meaning=False)).hits[0]
    assert hit.title.text == title.replace(MARK, " ")
    assert len(found(index, asked("cancer:lung"))) == ("Lung" in title)


def test_words_without_end_are_not_kept_in_mind():
    """A page of letters without a space, as of a genome, that begins as a name does."""
    finder = mentions()
    tracemalloc.start()
    for number in range(50):
        text = f"bowel cancer{'s' * 100_000}{number} {'t' * 100_000}{number} of the colon"
        finder.found([[text]], versions())
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1_000_000


@pytest.mark.parametrize("text", ["squamous cell carcinoma of the lung", "invasive lobular carcinoma"])
def test_a_word_without_end_hides_nothing_that_stands_beside_it(text):
    """Papers are looked through together, so it may stand in another one."""
    endless, finder = "acgt" * 2_000, mentions()
    (alone,) = finder.found([[text]], versions())
    assert alone
    assert finder.found([[endless], [text], [endless]], versions()) == [[], alone, []]
    assert finder.found([[f"{endless} {text} {endless}"]], versions()) == [alone]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("large bowel cancer", ["cancer:colorectal"]),
        ("bowel cancer, colon cancer", ["cancer:colorectal"] * 2),
        ("colon cancer colon cancer", ["cancer:colorectal"] * 2),
        ("Triple-negative breast cancer", ["cancer:triple-negative-breast", "cancer:breast"]),
        ("\u80ba\u764c", ["cancer:lung"]),
        ("bowel", []),
    ],
)
def test_each_mention_counts_once(text, keys):
    names = {token_of(key): key for key in CONCEPTS}
    lots = [], ["the bowel"], ["cancer of the", "the bowel"], [text], ["cancer", "of the"], ["colon"]
    told = [[names[token] for token in tokens] for tokens in mentions().found(lots, names)]
    assert [len(keys) for keys in told if keys] == [len(told[3])] * bool(told[3])
    assert [key for key in told[3] if key.startswith("cancer:")] == keys


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12), st.integers(0, 2)), max_size=20))
def test_of_mentions_of_one_thing_that_overlap_the_first_counts(
    mentioned: list[tuple[int, int, int]],
) -> None:
    mentioned.sort()
    counting, free = [], [0, 0, 0]
    for start, length, name in mentioned:
        counting.append(start >= free[name])
        if counting[-1]:
            free[name] = start + length
    starts, lengths, names = np.array(mentioned, np.intp).reshape(-1, 3).T
    assert _apart(starts, starts + lengths, names).tolist() == counting


def test_wordings_that_changed_are_looked_for_by_names(open_engine, make):
    """An operator adds a wording and searches before the next rebuild."""
    index = open_engine()
    index.write([make(1, "A gut growth"), make(2, "Bowel cancer")], [], 1)
    wordings = (*CONCEPTS["cancer:colorectal"].wordings, "gut growth")
    assert len(found(index, asked("cancer:colorectal"))) == 1
    assert len(found(index, asked("cancer:colorectal", wordings=wordings))) == 2


def test_papers_written_after_a_change_are_found_when_it_is_taken_back(open_engine, make, monkeypatch):
    open_engine().write([make(1, "Bowel cancer"), make(2, "Lung cancer")], [], 1)
    with monkeypatch.context() as edited:
        table = dict(versions()) | {token_of("cancer:colorectal"): version_of(("gut growth",))}
        for place in ("index.embedded.telling", "index.elastic.telling"):
            edited.setattr(f"{place}.versions", lambda: table)
        writer = open_engine()
        writer.position()
        writer.write([make(3, "Bowel cancer again"), make(4, "Lung cancer again")], [], 2)
    index = open_engine()
    assert len(found(index, asked("cancer:colorectal"))) == 2
    assert len(found(index, asked("cancer:lung"))) == 2
    with index.replacement() as fresh:
        fresh.write([make(5, "Bowel cancer")], [], 3)
    assert len(found(open_engine(), asked("cancer:colorectal"))) == 1


def test_a_reader_asks_each_generation_by_what_that_one_tells(tmp_path, make, monkeypatch):
    """While one thread reads, another moves on to what a process with a newer table has built."""
    reader = open_index("embedded:", tmp_path)
    with monkeypatch.context() as edited:
        edited.setattr("index.embedded.opening.versions", dict)
        reader.write([make(1, "Bowel cancer")], [], 1)
    assert len(found(reader, asked("cancer:colorectal"))) == 1
    with open_index("embedded:", tmp_path).replacement() as fresh:
        fresh.write([make(2, "Bowel cancer"), make(3, "Bowel cancer")], [], 2)
    opening = reader._engine._opening
    other = threading.Thread(target=reader.count)

    def overtaken():
        monkeypatch.setattr(opening, "_latest", latest)
        return _Overtaken(opening._index, other)

    latest = opening._latest
    monkeypatch.setattr(opening, "_latest", overtaken)
    assert len(found(reader, asked("cancer:colorectal"))) == 1
    other.join()
    assert len(found(reader, asked("cancer:colorectal"))) == 2


class _Overtaken:
    """An index that another thread leaves, if it may, before anything is asked of it."""

    def __init__(self, index, other):
        self._index, self._other = index, other

    def __getattr__(self, name):
        if not self._other.ident:
            self._other.start()
            self._other.join(1)
        return getattr(self._index, name)
