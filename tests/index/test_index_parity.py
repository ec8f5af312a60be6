"""The engines answer alike: the same papers in the same order, scores, counts, facets and marks."""

import re
import uuid
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from domain.paper import Abstract, AbstractKind, Affiliation, Author, Journal, MeshHeading, Section
from domain.query import Query, Sort
from index import open_index
from index.elastic.options import ElasticOptions
from tests.elasticsearch.cluster import ask

DOCUMENT = Path(__file__).parents[2] / "web" / "templates" / "guide" / "search.md"
DOCUMENTED = re.findall(r"^\| `(.+?)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)
MORE = (
    "",
    "invented registry report",
    "registry OR melanoma",
    "survival in imaginary registry of patients with melanoma",
    "cancer OR patients OR women OR test",
    "regist* OR melanoma",
    "cancer*",
    'title:registry OR abstract:"imaginary registry"',
    "registry AND year:2003-2005",
    "(breast OR lung) AND NOT (screening OR preprint)",
    "Person12 OR Smith OR Souza",
    "Annals",
    "melanoma OR year:2018-2020",
    "regist* OR date:2005-2010",
    "immune OR cancer_type:breast OR country:BR",
    "melanoma doi:10.5555/invented.7",
    "cancer AND study_type:rct",
    "patients OR doi:10.5555*",
    "invented-regist* report",
    'authors:"Smith J" OR authors:Souza',
    "mesh:neoplasms OR mesh:prevention",
    "keywords:HPV OR keywords:made",
    "journal:oncology OR affiliation:hospital",
    "title:report OR abstract:places",
    "plain:nobody OR plain:words",
    "İZMİR report",
    "title:izmir",
)
FILTERS = ({}, {"cancer_type": ("breast", "lung")}, {"country": ("BR",), "licence": ("cc-by", "unknown")})
CLOSE = 1e-3
"""How much scores may differ."""


@pytest.fixture(scope="module")
def both(corpus, elasticsearch_url, tmp_path_factory, make):
    """The same papers in both, written in one go: papers that were replaced still count in averages."""
    prefix = f"findings-test-{uuid.uuid4().hex[:12]}"
    options = ElasticOptions(name=prefix, replicas=0, shards=3, search_timeout=30)
    folder = tmp_path_factory.mktemp("parity")
    opened = (open_index("embedded:", folder), open_index(elasticsearch_url, folder, elastic=options))
    more = [_rich(make, number) for number in range(100, 1500)]
    for index in opened:
        index.write([*corpus, *more], [], 1)
    yield opened
    for name in ask(f"{elasticsearch_url}/{prefix}*/_settings"):
        ask(f"{elasticsearch_url}/{name}", method="DELETE")


def _rich(make, number):
    """A paper with something in every field, as most real ones have: averages are taken over all papers."""
    place = Affiliation(f"Department {number % 30} of an invented university in a made-up town", "SE")
    text = f"Colon and {'lung' if number % 3 else 'skin'} " + "in places " * (number % 9)
    plain = Abstract((Section("Nobody needs many words here. " * (1 + number % 5)),), AbstractKind.PLAIN)
    return make(
        number,
        f"Further invented report {number}{' of İzmir' if number % 100 == 0 else ''}",
        abstracts=(Abstract((Section(text),)), *((plain,) if number % 10 == 0 else ())),
        authors=(Author(f"Nobody Number{number}", f"Number{number}", "Nobody", affiliations=(place,)),) * 3,
        journal=Journal(f"Journal {number % 40} of Things That Do Not Exist at All"),
        mesh=tuple(MeshHeading(f"Invented Heading {n}") for n in range(number % 7, 9)),
        keywords=tuple(f"keyword{n} made up" for n in range(number % 5, 8)),
    )


def grouped(hits, close):
    """Hits in runs whose scores cannot be told apart."""
    runs = []
    for hit in hits:
        if runs and runs[-1][-1].score == pytest.approx(hit.score, rel=close):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    return [{hit.paper_id for hit in run} for run in runs]


@pytest.mark.parametrize(("text", "filters"), [*((text, {}) for text in DOCUMENTED), *product(MORE, FILTERS)])
def test_both_engines_answer_alike(text, filters, both):
    query = Query(text, filters=filters, size=100)
    embedded, elastic = (index.search(query) for index in both)
    assert elastic.total == embedded.total
    assert grouped(elastic.hits, CLOSE) == grouped(embedded.hits, CLOSE)
    scores = {hit.paper_id: hit.score for hit in embedded.hits}
    assert {hit.paper_id: hit.score for hit in elastic.hits} == pytest.approx(scores, rel=CLOSE)
    marks = {hit.paper_id: (hit.title, hit.snippet) for hit in embedded.hits}
    assert {hit.paper_id: (hit.title, hit.snippet) for hit in elastic.hits} == marks
    assert elastic.suggestion == embedded.suggestion
    first, second = (index.facets(query) for index in both)
    assert second == first


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
def test_dates_put_both_in_the_same_order(sort, both):
    query = Query("registry OR melanoma", sort=sort, size=7)
    for _ in range(3):
        pages = [index.search(query) for index in both]
        first, second = ([hit.paper_id for hit in page.hits] for page in pages)
        assert second == first
        query = replace(query, cursor=pages[0].cursor)


@pytest.mark.parametrize("words", [["melonoma"], ["registr", "zzzz", "cancer"]])
def test_both_know_the_same_spellings(words, both):
    first, second = (index._engine.spellings(words) for index in both)
    assert {word: set(found) for word, found in second.items()} == {
        word: set(found) for word, found in first.items()
    }
