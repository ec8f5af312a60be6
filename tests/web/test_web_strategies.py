"""Long queries on the page: strategies of systematic reviews, their lines, what is shown and what is told."""

from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient

from domain.query import Query
from findings.serving import LONGEST_ADDRESS
from tests.web.test_web_search import search, text_of
from web.params import MAX_TEXT, query_string


def long_strategy(size: int) -> str:
    """Numbered lines of so many characters in all, the last of which joins the first with a year."""
    lines = [
        "1. cancer.mp.",
        "2. (nurses or " + " or ".join(f'"no paper {n}"' for n in range(size // 17)) + ").mp.",
    ]
    rest = ["3. trials.mp.", "4. 1 and 2", "5. 4 not 3"]
    return "\n".join([*lines, *rest])


def test_a_long_strategy_is_read_whole_and_shown_part_by_part(client: FlaskClient) -> None:
    text = long_strategy(6_000)
    assert 5_000 < len(text) < MAX_TEXT
    page = search(client, f"/search?{query_string(Query(text=text))}")
    box = page.xpath("//form[@id='ask']//textarea[@name='q']")[0]
    assert box.text.removeprefix("\n") == text
    assert box.get("maxlength") == str(MAX_TEXT)
    told = [text_of(row) for row in page.xpath("//details[@class='how']//ul[1]/li")]
    assert told[0].startswith("“cancer”")
    assert told[1].startswith("any of ")
    assert "“nurses”" in told[1]
    assert told[1].endswith("…")
    assert told[2] == "not “trials”"
    assert not any("left out" in text_of(note) for note in page.xpath("//ul[@class='told']/li"))


def test_of_a_long_query_only_what_was_mended_is_shown(client: FlaskClient) -> None:
    text = long_strategy(2_000).replace("cancer", "radiotherpay")
    page = search(client, f"/search?{query_string(Query(text=text))}")
    offer = page.xpath("//p[@class='mean']/a")[0]
    assert text_of(offer) == "“radiotherapy” instead of “radiotherpay”"
    assert parse_qs(urlsplit(offer.get("href")).query)["q"] == [text.replace("therpay", "therapy")]


def test_a_short_query_stands_in_one_line_and_lines_stay_lines(client: FlaskClient) -> None:
    box = search(client, "/search?q=cancer").xpath("//form[@id='ask']//input[@name='q']")[0]
    assert box.get("maxlength") == str(MAX_TEXT)
    lines = search(client, "/search?q=1.+cancer%0D%0A%0D%0A2.+nurses%00%0A3.+1+and+2").xpath("//textarea")
    assert lines[0].text.removeprefix("\n") == "1. cancer\n2. nurses\n3. 1 and 2"
    assert search(client, "/search/help").xpath("//form[@id='ask']//textarea[@name='q']")


def test_what_a_box_has_cut_off_is_told(client: FlaskClient) -> None:
    for size in (MAX_TEXT - 1, MAX_TEXT, MAX_TEXT + 100):
        found = client.get("/search.json", query_string={"q": "a" * size}).json
        assert any("8,000 characters" in note for note in found["notes"]) == (size >= MAX_TEXT)


def test_what_a_box_has_cut_off_is_told_though_lines_without_words_are_left_out(client: FlaskClient) -> None:
    lines = ("cancer or nurses  \r\n\r\n" * 800).replace("\r\n", "\n")
    for size, told in ((MAX_TEXT - 1, False), (MAX_TEXT, True), (MAX_TEXT + 100, False)):
        typed = lines[:size].replace("\n", "\r\n")  # as a form sends them
        found = client.get("/search.json", query_string={"q": typed}).json
        assert len(found["query"]) < MAX_TEXT
        assert any("8,000 characters" in note for note in found["notes"]) == told


def test_an_address_may_hold_the_longest_query_of_any_script() -> None:
    for sign in ("a", "(", "é", "癌", "\U0001f622"):
        assert len(f"GET /search?{query_string(Query(text=sign * MAX_TEXT))} HTTP/1.1") < LONGEST_ADDRESS
