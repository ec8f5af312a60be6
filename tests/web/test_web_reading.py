"""The page says how a query was read, what the words found and what meaning, and undoes what it added."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from flask.testing import FlaskClient

from domain.errors import ModelUnavailable
from domain.ports import Encoder, SearchIndex
from domain.query import And, Hit, Or, Preferring, Query, Reading, SearchPage, Synonyms, Word
from index import open_index
from index.language.parsing import parse_query
from summarizer.encoder import open_encoder
from tests.web.conftest import Library, fill
from tests.web.strict import StrictPage
from web import Site, create_app
from web.params import ALL
from web.search.reading import found_words, understood
from web.search.wording import describe

NAMES = ("breast cancer", "breast tumour")
BREAST = Synonyms("cancer:breast", "breast cancer", NAMES, "breast tumour", "MeSH")
SMOKING = Synonyms("term:smoking", "smoking", ("smoking", "tobacco use"), "smoking", "Findings")
WIDE = Reading(And((BREAST, SMOKING)), synonyms=(BREAST, SMOKING), meaning="breast cancer smoking")


class FakeMeaning:
    """The real index, where papers can be compared by meaning: `papers` are close to all."""

    def __init__(self, own: SearchIndex, papers: tuple[str, ...]) -> None:
        self._own = own
        self.vectors = own
        self._papers = papers

    def __getattr__(self, name: str) -> object:
        return getattr(self._own, name)

    def search(self, query: Query) -> SearchPage:
        page = self._own.search(query)
        if not query.meaning or not page.reading.meaning:
            return page
        near = tuple(Hit(paper_id, 0.1, by_meaning=True) for paper_id in self._papers)
        return replace(page, related=len(near), hits=page.hits + near)


@pytest.fixture
def meaningful(site: Site, library: Library) -> FlaskClient:
    near = (library.ids[2], library.ids[14])
    return create_app(replace(site, index=FakeMeaning(site.index, near))).test_client()  # type: ignore[arg-type]


def page_of(client: FlaskClient, address: str) -> lxml.html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200
    assert StrictPage(answer.text).complaints == []
    return lxml.html.fromstring(answer.text)


def text_of(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def follow(client: FlaskClient, page: lxml.html.HtmlElement, words: str) -> lxml.html.HtmlElement:
    links = [link for link in page.xpath("//main//a") if text_of(link).startswith(words)]
    assert len(links) == 1, [text_of(link) for link in page.xpath("//main//a")]
    return page_of(client, "/search" + links[0].get("href"))


def panel(page: lxml.html.HtmlElement) -> str:
    return text_of(page.xpath("//details[@class='how']")[0])


def titles(page: lxml.html.HtmlElement) -> list[str]:
    return [text_of(title) for title in page.xpath("//ol[@class='list']//h3")]


def test_other_names_are_shown_with_their_source_and_can_be_switched_off_and_on(client: FlaskClient) -> None:
    page = page_of(client, "/search?q=mammary+carcinoma&country=KE")
    assert "“mammary carcinoma” also finds breast cancer" in panel(page)
    assert "names from" in panel(page)
    assert "under any of its" in panel(page)
    assert titles(page), "papers that call it breast cancer"
    mine = follow(client, page, "Search only my words")
    assert not titles(mine)
    assert "“mammary carcinoma” was searched for as you wrote it" in panel(mine)
    assert mine.xpath("//details[@class='how' and @open]"), "what is switched off is not hidden"
    assert mine.xpath("//ul[@class='chips']"), "the filters stay"
    assert mine.get_element_by_id("q").get("value") == "mammary carcinoma"
    again = follow(client, mine, "Also find other names for “mammary")
    assert titles(again) == titles(page)


def test_the_json_tells_the_names_too(client: FlaskClient) -> None:
    answer = client.get("/search.json?q=mammary+carcinoma").json
    group = answer["synonyms"][0]
    assert group["written"] == "mammary carcinoma"
    assert group["on"] is True
    assert "breast cancer" in group["wordings"]
    off = client.get(f"/search.json?q=mammary+carcinoma&literal={group['key']}&literal=unheard-of").json
    assert [g["on"] for g in off["synonyms"]] == [False]
    assert off["total"] < answer["total"]
    assert off["literal"] == [group["key"]], "a key of no group is not carried on"
    every = client.get("/search.json?q=mammary+carcinoma&literal=*").json
    assert every["total"] == off["total"]


def test_each_group_has_its_own_switch() -> None:
    query = Query(text="breast tumour smoking", filters={"country": ("KE",)})
    told = understood(WIDE, query, able=True)
    assert told.words == ("“breast tumour” under any of its 2 names and “smoking” under any of its 2 names")
    assert [group.others for group in told.groups] == [("breast cancer",), ("tobacco use",)]
    switch = parse_qs(told.groups[0].switch)
    assert switch == {"q": [query.text], "country": ["KE"], "literal": [BREAST.key]}
    assert parse_qs(told.all_off)["literal"] == [ALL]
    assert (told.any_on, told.any_off) == (True, False)
    off = understood(WIDE, replace(query, literal=frozenset({ALL})), able=True)
    assert (off.any_on, off.any_off) == (False, True)
    assert parse_qs(off.groups[0].switch)["literal"] == [SMOKING.key], "on again without the other"
    assert "literal" not in parse_qs(off.all_on)


def test_where_nothing_matches_exactly_the_words_alone_are_a_click_away(client: FlaskClient) -> None:
    asked = '/search?q=title:"zzyzx+cancer"+AND+(cancer+OR+lump)+NOT+mice+AND+author:"Doe+J"&country=KE'
    page = page_of(client, asked)
    assert not titles(page)
    alone = follow(client, page, "search for the words alone")
    assert alone.get_element_by_id("q").get("value") == "zzyzx cancer lump"
    assert alone.xpath("//ul[@class='chips']"), "the filters stay"
    for other in ("author:zzyzx", "NOT " + "cancer", " OR ".join(f"zz{n}zz" for n in range(30))):
        nothing = page_of(client, f"/search?q={other}&country=KE&meaning=no&from=1700&to=1701")
        assert not titles(nothing)
        assert not nothing.xpath("//a[.='search for the words alone']")


@pytest.mark.parametrize(
    ("asked", "alone"),
    [
        ("title:immuno*", "immuno*"),
        ('"p53 (TP53)" AND zzyzx', "p53 (TP53) zzyzx"),
        ('"signs AND symptoms"', None),
        ('"triple -negative" AND lung', None),
        ('"author:smith"', None),
    ],
)
def test_the_words_alone_keep_their_ends_and_ask_for_nothing_exact(asked: str, alone: str | None) -> None:
    told = understood(parse_query(asked), Query(text=asked), able=True).alone
    assert parse_qs(told).get("q") == (alone and [alone])


def test_names_that_are_wanted_too_are_not_said_to_keep_out() -> None:
    asked = "breast cancer screening NOT title:(mammary carcinoma)"
    (group,) = understood(parse_query(asked), Query(text=asked), able=True).groups
    assert not group.unwanted


def test_names_of_what_is_not_wanted_are_said_to_keep_out(client: FlaskClient) -> None:
    page = page_of(client, "/search?q=screening+NOT+mammary+carcinoma")
    assert "“mammary carcinoma” also keeps out breast cancer" in panel(page)
    assert "also finds" not in panel(page)
    assert "Put it in quotation marks to keep out only that." in panel(page)
    assert "only my words" not in panel(page), "each word would be one that is asked for, but the first"
    quoted = page_of(client, '/search?q=screening+NOT+"mammary+carcinoma"')
    assert "keeps out" not in panel(quoted)


@pytest.mark.parametrize(
    ("query", "able", "meaning"),
    [
        (Query("breast"), True, "on"),
        (Query("breast"), False, "missing"),
        (Query("breast", meaning=False), True, "off"),
    ],
)
def test_meaning_is_on_off_or_missing(query: Query, able: bool, meaning: str) -> None:
    assert understood(WIDE, query, able=able).meaning == meaning
    assert understood(Reading(None), replace(query, meaning=True), able=able).meaning == ""


@pytest.mark.parametrize(
    ("total", "reading", "words"),
    [
        (1, Reading(Word("a"), meaning="a"), "paper has this word"),
        (2, Reading(And((Word("a"), Word("b"))), meaning="a b"), "papers have these words"),
        (1, Reading(BREAST, meaning="breast"), "paper has these words"),
        (2, Reading(Or((Word("a"), Word("b"))), meaning="a b"), "papers have some of these words"),
        (
            2,
            Reading(Preferring(BREAST, (Word("b"),)), meaning="a b"),
            "papers have some of these words",
        ),
        (2, Reading(Or((Word("a"), Word("b"))), meaning="a b", strict=True), "papers"),
        (1, Reading(None), "paper"),
        (2, parse_query("nodules since 2015"), "papers have this word"),
        (2, parse_query("nodules lumps since 2015"), "papers have these words"),
        (2, parse_query("what helps people with nodules since 2015"), "papers have some of these words"),
        (3, Reading(Word("1234567", "pmid")), "papers"),
    ],
)
def test_what_was_found_is_said_as_it_is(total: int, reading: Reading, words: str) -> None:
    assert found_words(total, reading) == words


def test_a_query_is_told_in_words() -> None:
    assert describe(BREAST) == "“breast tumour” under any of its 2 names"
    assert describe(replace(BREAST, field="title")) == "“breast tumour” under any of its 2 names in the title"


def test_papers_close_in_meaning_are_counted_and_labelled_apart(meaningful: FlaskClient) -> None:
    page = page_of(meaningful, "/search?q=nurses")
    words = text_of(page.xpath("//main")[0])
    assert "have this word" in text_of(page.get_element_by_id("count")) or "has this word" in words
    assert "2 more are close in meaning" in words
    labelled = [li for li in page.xpath("//ol[@class='list']/li") if "Close in meaning" in text_of(li)]
    assert len(labelled) == 2
    first = [text_of(tag) for tag in labelled[0].xpath(".//li[contains(@class, 'tag')]")]
    assert first[0] == "Retracted", "what calls for caution comes first"
    without = follow(meaningful, page, "Leave meaning out")
    assert "Close in meaning" not in text_of(without.xpath("//ol[@class='list']")[0])
    assert "left out" in panel(without)
    assert titles(follow(meaningful, without, "Look for papers close in meaning")) == titles(page)


def test_only_papers_close_in_meaning(meaningful: FlaskClient) -> None:
    page = page_of(meaningful, "/search?q=zebrafish")
    assert text_of(page.get_element_by_id("count")) == "No paper has these words"
    assert "2 are close in meaning" in text_of(page.xpath("//main")[0])
    assert len(titles(page)) == 2
    answer = meaningful.get("/search.json?q=zebrafish").json
    assert (answer["total"], answer["related"], answer["pages"]) == (0, 2, 1)
    assert [result["by_meaning"] for result in answer["results"]] == [True, True]
    assert "<entry>" not in meaningful.get("/search.atom?q=zebrafish").text, "they are no news of it"


def indexed(library: Library, folder: Path, open_encoder: Callable[[], Encoder]) -> SearchIndex:
    index = open_index("embedded:", folder / "index", open_encoder)
    fill(library.catalog, index)
    return index


def test_a_model_that_cannot_be_opened_is_told_and_costs_no_result(
    site: Site, library: Library, tmp_path: Path
) -> None:
    def unavailable() -> Encoder:
        raise ModelUnavailable("no model at /secret/place")

    index = indexed(library, tmp_path, unavailable)
    client = create_app(replace(site, index=index)).test_client()
    page = page_of(client, "/search?q=nurses")
    assert titles(page)
    assert "Search by meaning is not available here at the moment" in text_of(page.xpath("//main")[0])
    assert "are looked for too" not in panel(page)
    assert client.get(f"/papers/{library.ids[1]}").status_code == 200
    index.close()


def test_the_real_model_finds_what_no_word_finds(
    site: Site, library: Library, tmp_path: Path, encoder_cache: Path
) -> None:
    index = indexed(library, tmp_path, lambda: open_encoder(encoder_cache))
    assert index.vectors is not None
    fill(library.catalog, index.vectors)
    client = create_app(replace(site, index=index)).test_client()
    page = page_of(client, "/search?q=detecting+tumours+early")
    near = [li for li in page.xpath("//ol[@class='list']/li") if "Close in meaning" in text_of(li)]
    assert near
    assert not any({"detecting", "early"} & set(text_of(li).lower().split()) for li in near)
    assert "are looked for too" in panel(page)
    alike = lxml.html.fromstring(client.get(f"/papers/{library.ids[1]}").text)
    assert alike.xpath("//section[@aria-labelledby='similar']//h3")
    index.close()


def test_a_site_without_meaning_says_so(client: FlaskClient) -> None:
    assert "This site cannot search by meaning" in panel(page_of(client, "/search?q=nurses"))
    assert client.get("/search.json?q=nurses").json["meaning"] is False


def test_did_you_mean_keeps_the_filters(client: FlaskClient) -> None:
    page = page_of(client, "/search?q=radiotherpay&from=2001")
    mended = page.xpath("//p[@class='mean']/a")[0]
    assert text_of(mended) == "radiotherapy"
    assert parse_qs(urlsplit(mended.get("href")).query) == {"q": ["radiotherapy"], "from": ["2001"]}
    assert titles(page_of(client, "/search" + mended.get("href")))
    assert client.get("/search.json?q=radiotherpay").json["suggestion"] == "radiotherapy"


def test_an_empty_answer_offers_what_was_switched_off(client: FlaskClient) -> None:
    page = page_of(client, "/search?q=mammary+carcinoma&literal=*&meaning=no")
    words = text_of(page.xpath("//div[contains(@class, 'empty')]")[0])
    for offer in ("Look for papers close in meaning", "Also find other names", "Use fewer words"):
        assert offer in words


def test_pages_go_on_by_cursor_to_the_very_end(client: FlaskClient) -> None:
    seen: list[str] = []
    address = "/search.json?q=cancer&size=7&facets=no"
    for number in range(1, 20):
        answer = client.get(address)
        assert answer.json["page"] == number
        seen += [result["id"] for result in answer.json["results"]]
        links = answer.headers["Link"]
        assert '/search.json?q=cancer&size=7>; rel="first"' in links
        if not answer.json["next"]:
            assert 'rel="next"' not in links
            break
        assert f'<{answer.json["next"]}>; rel="next"' in links
        assert "cursor=" in answer.json["next"]
        address = answer.json["next"].removeprefix("https://findings.example") + "&facets=no"
    total = client.get("/search.json?q=cancer").json["total"]
    assert len(seen) == len(set(seen)) == total > 10


def test_beyond_the_numbered_pages_the_next_link_goes_on(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.params.MAX_OFFSET", 20)  # as if the catalogue had over 10 000 papers
    seen: list[str] = []
    address = "/search?q=cancer&size=5"
    for number in range(1, 20):
        page = page_of(client, address)
        assert f"Page {number} of" in text_of(page.xpath("//nav[@class='pager']")[0])
        seen += page.xpath("//ol[@class='list']//h3/a/@href")
        assert page.xpath("//link[@rel='canonical']/@href") == [
            "https://findings.example/search?q=cancer&size=5"
        ]
        assert bool(page.xpath("//nav[@class='pager']/a[@rel='first']")) is (number > 5)
        following = page.xpath("//nav[@class='pager']/a[@rel='next']/@href")
        if not following:
            break
        assert ("cursor=" in following[0]) is (number >= 4)
        address = "/search" + following[0]
    assert len(seen) == len(set(seen)) == client.get("/search.json?q=cancer").json["total"] > 20


def test_whoever_has_many_to_look_through_gets_more_on_a_page(client: FlaskClient) -> None:
    page = page_of(client, "/search?q=cancer&sort=newest")
    (more,) = page.xpath("//nav[@class='pager']/a[.='Show 20 on a page']/@href")
    larger = page_of(client, f"/search{more}")
    assert 10 == len(page.xpath("//ol[@class='list']/li")) < len(larger.xpath("//ol[@class='list']/li")) <= 20
    assert larger.xpath("//select[@name='sort']/option[@selected]/@value") == ["newest"]
    assert set(larger.xpath("//input[@name='size']/@value")) == {"20"}, "the next search has as many"
    third = page_of(client, "/search?q=cancer&sort=newest&page=3")
    (further,) = third.xpath("//nav[@class='pager']/a[.='Show 20 on a page']/@href")
    first = "(//ol[@class='list']/li)[1]//h3/a/@href"
    assert page_of(client, f"/search{further}").xpath(first) == third.xpath(first), "the place is kept"
    for full in (larger, page_of(client, "/search?q=zebrafish")):
        assert not full.xpath("//a[starts-with(., 'Show ')]")


def test_a_very_long_query_has_no_link_header(client: FlaskClient) -> None:
    answer = client.get("/search.json", query_string={"q": "癌 " * 900})
    assert "Link" not in answer.headers


@pytest.mark.parametrize("cursor", ["x", "AAAA", "%00", "é", "A" * 3000])
def test_a_cursor_that_is_none_does_no_harm(client: FlaskClient, cursor: str) -> None:
    assert client.get(f"/search?q=cancer&cursor={cursor}").status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        *(("cursor=AAAA", "cursor"), ("sort=cited", "“cited”"), ("size=0", "“0”"), ("size=5000", "1 to 100")),
        *(("page=first", "“first”"), ("page=-1", "“-1”")),
    ],
)
def test_what_a_program_asks_for_in_vain_is_told(client: FlaskClient, given: str, said: str) -> None:
    notes = client.get(f"/search.json?q=cancer&facets=no&{given}").json["notes"]
    assert len(notes) == 1
    assert said in notes[0]


def test_a_cursor_of_another_search_is_told(client: FlaskClient) -> None:
    cursor = parse_qs(urlsplit(client.get("/search.json?q=cancer&size=2").json["next"]).query)["cursor"][0]
    assert "cursor" in client.get(f"/search.json?q=tumour&size=2&cursor={cursor}").json["notes"][0]


@pytest.mark.parametrize("given", ["sort=newest", "size=100", "page=1", "sort=", "size=", "page=", "cursor="])
def test_what_is_asked_for_well_needs_no_word(client: FlaskClient, given: str) -> None:
    assert client.get(f"/search.json?q=cancer&facets=no&{given}").json["notes"] == []


def test_filters_go_by_the_names_of_values_too(client: FlaskClient) -> None:
    ask = "/search.json?facets=no&"
    assert client.get(f"{ask}country=Brazil").json["filters"] == {"country": ["BR"]}
    assert client.get(f"{ask}data=available&country=unknown").json["filters"] == {
        "country": ["unknown"],
        "data": ["open"],
    }
    assert client.get(f"{ask}cancer_type=nonsense&journal=Brazil").json["filters"] == {
        "cancer_type": ["nonsense"],
        "journal": ["Brazil"],
    }


def test_a_name_with_one_wording_is_told_plainly() -> None:
    one = Synonyms("term:x", "clinical trial", ("clinical trial",), "Clinical Trial", "Findings")
    assert describe(one) == "“Clinical Trial”"
    assert describe(replace(one, written="trial run")) == "“trial run” by its name “clinical trial”"
