"""The search page over the real index; and over one that is down."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import CatalogError, SearchUnavailable
from domain.paper import Paper
from domain.ports import Catalog
from domain.query import Fragment, Query, SearchPage
from tests.web.conftest import Library
from web import Site, create_app
from web.figures import Kept
from web.params import MAX_OFFSET, MAX_TEXT, Params, query_string, to_asked


class FakeIndexDown:
    """An index that does not answer; only what the site calls."""

    vectors = None

    def search(self, query: Query) -> SearchPage:
        raise SearchUnavailable("the index at /secret/place does not answer")

    def position(self, *_: object) -> int:
        raise SearchUnavailable("the index at /secret/place does not answer")

    count = facets = similar = position


class FakeCatalogDown:
    """A catalog that does not answer."""

    def __getattr__(self, name: str) -> object:
        raise CatalogError("the database at /secret/place does not answer")


class FakeCatalogBroken:
    """A catalog with a fault nobody foresaw."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError("password=hunter2")


def search(client: FlaskClient, address: str) -> lxml.html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200
    return lxml.html.fromstring(answer.text)


def text_of(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_a_match_is_found_marked_and_labelled(client: FlaskClient, library: Library) -> None:
    page = search(client, "/search?q=vaccine")
    first = page.xpath("//ol[@class='list']/li")[0]
    assert first.xpath(".//h3/a/@href") == [f"/papers/{library.ids[2]}"]
    assert [mark.text.lower() for mark in first.xpath(".//h3//mark")] == ["vaccine"]
    assert [text_of(tag) for tag in first.xpath(".//li[contains(@class, 'tag')]")] == [
        "Retracted",
        "Open access",
    ]


def test_labels_are_words(client: FlaskClient, library: Library) -> None:
    page = search(client, "/search?q=nurses")
    words = text_of(page.xpath("//ol[@class='list']/li")[0])
    for label in ("In plain words", "Open access", "Trial report", "Read it in plain words", "2025"):
        assert label in words
    assert "Preprint" in text_of(search(client, "/search?q=withdrawn+prostate"))


def test_filters_narrow_and_can_be_taken_off(client: FlaskClient) -> None:
    page = search(client, "/search?q=cancer&cancer_type=lung")
    assert text_of(page.get_element_by_id("count")) == "1 paper has this word"
    assert page.xpath("//input[@type='checkbox' and @name='cancer_type' and @value='lung' and @checked]")
    chip = page.xpath("//ul[@class='chips']//a")[0]
    assert urlsplit(chip.get("href")).query == "q=cancer"
    wider = search(client, "/search" + chip.get("href"))
    assert int(text_of(wider.get_element_by_id("count")).split()[0]) > 10
    assert not wider.xpath("//ul[@class='chips']")


def test_each_facet_count_is_what_its_filter_finds(client: FlaskClient) -> None:
    boxes = search(client, "/search?q=cancer").xpath("//label[@class='tick']")
    assert len(boxes) > 8
    for box in boxes:
        field = box.xpath("input")[0]
        found = client.get(
            "/search.json", query_string={"q": "cancer", field.get("name"): field.get("value"), "size": 1}
        ).json
        assert str(found["total"]) == text_of(box.xpath("i")[0]), text_of(box)


def test_each_year_leads_to_what_it_counts(client: FlaskClient) -> None:
    rows = search(client, "/search?q=cancer&country=KE").xpath("//ul[@class='bars']/li[a]")
    assert len(rows) > 1
    for row in rows:
        found = client.get("/search.json?" + urlsplit(row.xpath("a")[0].get("href")).query).json
        assert str(found["total"]) == text_of(row.xpath("i")[0])
        assert found["filters"] == {"country": ["KE"]}
        assert {y["label"] for y in found["facets"]["year"]} == {text_of(r[0]) for r in rows}


def test_years_bound_the_result(client: FlaskClient) -> None:
    answer = client.get("/search.json?from=2024&to=2025&size=100").json
    assert answer["total"] > 0
    assert {result["published"][:4] for result in answer["results"]} <= {"2024", "2025"}


def test_years_named_in_words_are_offered_and_hide_nothing(client: FlaskClient) -> None:
    page = search(client, "/search?q=cancer+since+2024")
    [offer] = page.xpath("//p[@class='mean']/a")
    assert text_of(offer) == "only papers published from 2024 on"
    whole = client.get("/search.json?q=cancer+since+2024").json
    assert whole["period"]["words"] == "published from 2024 on"
    assert whole["period"]["address"].endswith("/search.json" + offer.get("href"))
    only = client.get("/search.json" + offer.get("href")).json
    assert only["period"] is None
    assert 0 < only["total"] < whole["total"]
    assert {result["published"][:4] for result in only["results"]} <= {"2024", "2025", "2026"}
    assert not search(client, "/search" + offer.get("href")).xpath("//p[@class='mean']")
    assert not search(client, "/search?q=cancer+since+2024&to=2025").xpath("//p[@class='mean']")
    nothing = search(client, "/search?q=zzyzx+since+2024&meaning=no")
    assert nothing.xpath("//h2[@id='count'][.='No papers found']")
    assert "of all years are listed" not in text_of(nothing), "as none are"


def test_a_result_says_what_kind_of_study_it_is(client: FlaskClient) -> None:
    lines = [text_of(line) for line in search(client, "/search?q=cancer").xpath("//li/p[@class='meta'][1]")]
    assert any(line.endswith("· Cohort or follow-up study") for line in lines)


def test_the_kind_of_study_may_be_told_by_another_version_as_filters_have_it(site: Site) -> None:
    class FakeMergingCatalog:
        def __getattr__(self, name: str) -> object:
            return getattr(site.catalog, name)

        def papers(self, ids: Sequence[str]) -> tuple[Paper, ...]:
            return tuple(
                replace(paper, versions=(replace(paper.primary, study_type=None), *paper.versions))
                for paper in site.catalog.papers(ids)
            )

    client = create_app(replace(site, catalog=FakeMergingCatalog())).test_client()  # type: ignore[arg-type]
    test_a_result_says_what_kind_of_study_it_is(client)


def test_dots_never_stand_alone_on_a_line(site: Site) -> None:
    class FakeCuttingIndex:
        def __getattr__(self, name: str) -> object:
            return getattr(site.index, name)

        def search(self, query: Query) -> SearchPage:
            page = site.index.search(query)
            cut = Fragment((("cut at both ", False), ("ends", True)))
            return replace(page, hits=tuple(replace(hit, snippet=cut) for hit in page.hits))

    client = create_app(replace(site, index=FakeCuttingIndex())).test_client()  # type: ignore[arg-type]
    snippets = search(client, "/search?q=cancer").xpath("//p[@class='snippet']")
    assert {one.text_content() for one in snippets} == {"…\xa0cut at both ends\xa0…"}


def test_pages_follow_each_other_without_gap_or_repeat(client: FlaskClient) -> None:
    seen, address = [], "/search?q=cancer"
    for _ in range(9):
        page = search(client, address)
        seen += page.xpath("//ol[@class='list']//h3/a/@href")
        following = page.xpath("//nav[@class='pager']/a[@rel='next']/@href")
        if not following:
            break
        address = "/search" + following[0]
    total = client.get("/search.json?q=cancer").json["total"]
    assert len(seen) == len(set(seen)) == total > 10


def test_html_and_json_tell_the_same(client: FlaskClient) -> None:
    page = search(client, "/search?q=cancer&sort=newest")
    answer = client.get("/search.json?q=cancer&sort=newest").json
    urls = [urlsplit(result["url"]).path for result in answer["results"]]
    assert page.xpath("//ol[@class='list']//h3/a/@href") == urls
    assert answer["next"].startswith("https://findings.example/search.json?q=cancer")


@pytest.mark.parametrize("text", ["PMID: 99999998", "99999998, 99999999", "https://doi.org/10.5555/none"])
def test_a_number_that_nobody_has_is_said_to_be_one(client: FlaskClient, text: str) -> None:
    words = client.get("/search", query_string={"q": text}).text
    assert "has this number" in words
    assert "What often helps" not in words
    assert "What often helps" in client.get("/search?q=year:1901").text


def test_an_empty_answer_helps(client: FlaskClient) -> None:
    words = text_of(search(client, "/search?q=zebrafish+unicorn&country=KE"))
    assert "No papers found" in words
    assert "Search again without the filters" in words
    assert "browse by cancer type" in words


@pytest.mark.parametrize(
    ("address", "note"),
    [
        ("/search?q=" + "a" * 9000, "first 8,000 characters"),
        ("/search?from=soon", "“soon” is not a year"),
        ("/search?from=2020&to=2010", "we swapped them"),
    ],
)
def test_what_was_changed_is_told(client: FlaskClient, address: str, note: str) -> None:
    assert note in text_of(search(client, address))


def test_the_query_stays_in_its_box(client: FlaskClient) -> None:
    page = search(client, "/search?q=%22nurses+and%22+*")
    assert page.get_element_by_id("q").get("value") == '"nurses and" *'


@pytest.fixture
def searchless(site: Site) -> FlaskClient:
    return create_app(replace(site, index=FakeIndexDown())).test_client()  # type: ignore[arg-type]


def test_without_search_the_rest_works(searchless: FlaskClient, library: Library) -> None:
    answer = searchless.get("/search?q=cancer")
    assert answer.status_code == 503
    assert "Search is unavailable" in answer.text
    assert "/secret" not in answer.text
    assert answer.headers["Retry-After"]
    page = lxml.html.fromstring(answer.text)
    assert page.get_element_by_id("q").get("value") == "cancer", "it can be tried again"
    assert "can be read at once" in text_of(page)
    assert searchless.get("/search.json").json["error"]["status"] == 503
    for address in (
        "/",
        "/digests",
        "/status",
        f"/papers/{library.ids[1]}",
        f"/papers/{library.ids[1]}/digest/public",
    ):
        assert searchless.get(address).status_code == 200, address
    health = searchless.get("/healthz")
    assert (health.status_code, health.json["search"], health.json["database"]) == (503, "unavailable", "ok")


def test_without_the_catalog_pages_say_so(site: Site) -> None:
    client = create_app(replace(site, catalog=FakeCatalogDown())).test_client()  # type: ignore[arg-type]
    for address in ("/", "/papers/f0000000000", "/digests"):
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert "/secret" not in answer.text
    status = client.get("/status")
    assert status.status_code == 200
    assert "None yet" not in status.text, "nobody knows"
    assert client.get("/about").status_code == 200
    assert client.get("/healthz").json["database"] == "unavailable"


def test_a_fault_shows_no_trace(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    client = create_app(replace(site, catalog=FakeCatalogBroken())).test_client()  # type: ignore[arg-type]
    for address in ("/digests", "/papers/f0000000000.json"):
        answer = client.get(address)
        assert answer.status_code == 500
        assert "Traceback" not in answer.text
        assert "hunter2" not in answer.text
    assert "hunter2" in caplog.text, "but the log has it"


def test_health_counts_and_lag(client: FlaskClient, library: Library) -> None:
    health = client.get("/healthz").json
    assert health["ok"] is True
    assert health["lag"] == 0
    assert health["indexed"] == library.index.count()


class CountingCatalog:
    """The invented catalog, and how often it was asked for its counts."""

    def __init__(self, own: Catalog) -> None:
        self._own = own
        self.asked = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._own, name)

    def counts(self) -> dict[str, int]:
        self.asked += 1
        return self._own.counts()


def test_visits_do_not_count_the_tables_again(site: Site) -> None:
    counting = CountingCatalog(site.catalog)
    client = create_app(replace(site, catalog=counting)).test_client()  # type: ignore[arg-type]
    for address in ("/healthz", "/", "/", "/status", "/healthz"):
        assert client.get(address).status_code == 200, address
    assert counting.asked == 1


def test_a_figure_is_made_anew_when_it_is_old_and_a_fault_is_not_kept() -> None:
    now, made = 0.0, 0

    def make() -> int:
        nonlocal made
        made += 1
        if made == 2:
            raise CatalogError("invented")
        return made

    kept = Kept(make, lambda: now, seconds=30)
    assert [kept.value(), kept.value()] == [1, 1]
    now = 29.9
    assert kept.value() == 1
    now = 30.0
    with pytest.raises(CatalogError):
        kept.value()
    assert kept.value() == 3


def test_nobody_waits_for_a_figure_that_another_visit_makes_anew() -> None:
    begun, told = threading.Event(), threading.Event()
    values = iter([1, 2])
    now = 0.0

    def make() -> int:
        value = next(values)
        if value == 2:
            begun.set()
            assert told.wait(10)
        return value

    kept = Kept(make, lambda: now, seconds=30)
    assert kept.value() == 1
    now = 30.0
    found: list[int] = []
    another = threading.Thread(target=lambda: found.append(kept.value()))
    another.start()
    assert begun.wait(10)
    assert kept.value() == 1, "while the other counts"
    told.set()
    another.join()
    assert found == [2]
    assert kept.value() == 2


def test_status_tells_the_runs(client: FlaskClient) -> None:
    page = lxml.html.fromstring(client.get("/status").text)
    row = [text_of(cell) for cell in page.xpath("//section[@aria-labelledby='runs']//tbody/tr[1]/*")]
    assert row[0] == "Europe PMC"
    assert row[2] == "complete"
    assert row[-1] == "1"
    assert "The search index is up to date." in text_of(page)


NAMES = (
    "q",
    "cancer_type",
    "country",
    "licence",
    "journal",
    "from",
    "to",
    "sort",
    "page",
    "size",
    "cursor",
    "meaning",
    "literal",
    "facets",
    "audience",
    "x",
)
WORDS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet='"*:()[]{}-+~^/\\&|! ANDORNOTto0123456789', max_size=60),
    st.sampled_from(["newest", "2020", "-1", "0", "99999999999999999999", "title:", "NOT", '"', "é" * 500]),
)
PARAMS = st.lists(st.tuples(st.sampled_from(NAMES), WORDS), max_size=8)


@given(PARAMS)
def test_any_parameters_make_a_bounded_query(pairs: list[tuple[str, str]]) -> None:
    params: dict[str, list[str]] = {}
    for name, value in pairs:
        params.setdefault(name, []).append(value)
    query = to_asked(params).query
    assert len(query.text) <= MAX_TEXT
    assert 0 <= query.offset <= MAX_OFFSET
    assert 1 <= query.size <= 20
    assert to_asked(_parsed(query_string(query))).query == replace(query, offset=0, cursor="")


def _parsed(address: str) -> Params:
    return parse_qs(address, keep_blank_values=True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=PARAMS, path=st.sampled_from(["/search", "/search.json", "/search/facets", "/digests", "/"]))
def test_no_query_string_breaks_a_page(client: FlaskClient, pairs: list[tuple[str, str]], path: str) -> None:
    answer = client.get(path, query_string=[(n, v.encode("utf-8", "surrogatepass")) for n, v in pairs])
    assert answer.status_code in ({200, 302} if path == "/search" else {200})


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=80))
def test_no_raw_bytes_break_a_page(client: FlaskClient, raw: bytes) -> None:
    encoded = "".join(f"%{byte:02X}" for byte in raw)
    for path in (
        f"/search?q={encoded}",
        f"/search?{encoded}",
        f"/papers/{encoded}",
        f"/papers/{encoded}/digest/public",
    ):
        assert client.get(path).status_code in {200, 301, 308, 404}, path


def test_where_nothing_is_left_there_is_nothing_to_narrow(client: FlaskClient) -> None:
    for words, address in (("Change the filters", "q=zzyzx"), ("Narrow these results", "q=cancer")):
        page = search(client, f"/search?{address}&country=KE&meaning=no")
        assert text_of(page.get_element_by_id("narrow")) == words
        assert page.xpath("//a[@href='#filters']/text()") == [words]
