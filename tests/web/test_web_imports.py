"""Forms filled in from pages and files, and pages that are watched from then on. All invented."""

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from werkzeug.test import TestResponse

from catalog.sqlcatalog import SqlCatalog
from conferences import reading
from conferences.fetching import Fetched, Fetcher
from conferences.watching import read_note
from domain.listing import Edition, State
from domain.listing_ports import Watch
from tests.web.organizers import HOST, Browser, Post, words
from web import Site, create_app
from web.organize.fetching_forms import LARGEST_FILE
from web.organize.left_out import WHY
from web.organize.sealing import seal, sealed_address, unseal

URL = "https://society.example/all.ics"
EVENT = """BEGIN:VEVENT
UID:{n}
SUMMARY:Invented Congress {n} of 2099
DESCRIPTION:{text}
DTSTART;VALUE=DATE:20990306
DTEND;VALUE=DATE:20990309
LOCATION:Nairobi\\, Kenya
URL:https://society.example/{n}
END:VEVENT
"""


def calendar(many: int = 1, text: str = "Invented.") -> bytes:
    events = "".join(EVENT.format(n=n + 1, text=text) for n in range(many))
    return f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n".encode()


class Calendar(Fetcher):
    """Answers with a calendar of two."""

    def get(self, url: str, *, etag: str = "", modified: str = "", accept: object = ()) -> Fetched:
        return Fetched(url, 200, "text/calendar", calendar(2), '"7"')


@pytest.fixture
def ada(listing_site: Site, post: Post) -> Browser:
    site = replace(listing_site, fetcher=Calendar("test@example.org"))
    return Browser(create_app(site).test_client(), post).sign_in("ada@society.example")


def upload(browser: Browser, name: str, body: bytes, **more: str) -> TestResponse:
    page = lxml.html.fromstring(browser.get("/organize/new").text)
    (form,) = (f for f in page.forms if (f.action or "").endswith("/organize/file"))
    assert form.get("enctype") == "multipart/form-data"
    given = {**dict(form.form_values()), "file": (io.BytesIO(body), name), **more}
    return browser.client.post(form.action, data=given, base_url=HOST, headers={"Origin": HOST})


def value(answer: TestResponse, name: str) -> str:
    (found,) = lxml.html.fromstring(answer.text).xpath(f"//*[@id='{name}']/@value")
    return str(found)


def handed_in(browser: Browser, answer: TestResponse, **values: str) -> str:
    """Send the form that fills the page; the id of what was listed."""
    html = lxml.html.fromstring(answer.text)
    (form,) = (f for f in html.forms if f.xpath(".//button[@value='hand-in']"))
    given = {**dict(form.form_values()), "act": "hand-in", **values}
    given = {name: text for name, text in given.items() if text}
    to = form.action or answer.request.path
    sent = browser.client.post(to, data=given, base_url=HOST, headers={"Origin": HOST})
    assert sent.status_code == 303, words(sent)
    return sent.headers["Location"].split("/")[-1].split("?")[0]


def test_a_page_is_watched_once_its_listing_is_saved(ada: Browser, catalog: SqlCatalog) -> None:
    answer = ada.send("/organize/new", "/fetch", address="society.example/all.ics")
    assert f"Read {URL} every day" in words(answer)
    listing_id = handed_in(ada, answer)
    watch = catalog.listings.watched(listing_id)
    assert watch
    assert (watch.url, watch.key, watch.etag, watch.read_at) == (URL, "1", '"7"', "")
    assert {"title", "days", "venue"} <= read_note(watch.told).keys()
    page = ada.get(f"/organize/{listing_id}")
    assert "Watched for changes" in words(page)
    assert ada.fill(page, "/unwatch").status_code == 303
    assert catalog.listings.watched(listing_id) is None
    assert "Watched for changes" not in words(ada.get(f"/organize/{listing_id}"))


def test_a_page_is_watched_only_by_whoever_had_it_read_and_wants_it(
    ada: Browser, catalog: SqlCatalog
) -> None:
    answer = ada.send("/organize/new", "/fetch", address=URL)
    assert catalog.listings.watched(handed_in(ada, answer, watch="")) is None
    forged = handed_in(
        ada, answer, **{"watch-token": seal("x" * 32, "ada", Watch("", "https://evil.example"))}
    )
    assert catalog.listings.watched(forged) is None


def test_another_of_the_same_page_can_be_taken(ada: Browser, catalog: SqlCatalog) -> None:
    answer = ada.send("/organize/new", "/fetch", address=URL)
    assert "There are 2 there; this is the first." in words(answer)
    other = ada.fill(answer, "/organize/new", act="fill")
    assert value(other, "title") == "Invented Congress 2 of 2099"
    watch = catalog.listings.watched(handed_in(ada, other))
    assert watch
    assert watch.key == "2"


FILES: dict[str, bytes] = {
    "all.ics": calendar(),
    "table.csv": b"title,start,end,city,country,url\n"
    b"Invented Congress 1 of 2099,2099-03-06,2099-03-08,Nairobi,Kenya,https://society.example/1\n",
    "indico.json": json.dumps(
        {
            "count": 1,
            "results": [
                {
                    "_type": "Conference",
                    "id": "1",
                    "title": "Invented Congress 1 of 2099",
                    "startDate": {"date": "2099-03-06", "time": "00:00:00", "tz": "Africa/Nairobi"},
                    "endDate": {"date": "2099-03-08", "time": "18:00:00", "tz": "Africa/Nairobi"},
                    "location": "Nairobi, Kenya",
                    "url": "https://society.example/1",
                }
            ],
        }
    ).encode(),
    "saved.html": b'<!doctype html><html><script type="application/ld+json">{"@context": "https://schema.org",'
    b'"@type": "Event", "name": "Invented Congress 1 of 2099", "startDate": "2099-03-06",'
    b'"endDate": "2099-03-08", "url": "https://society.example/1", "location": "Nairobi, Kenya"}'
    b"</script></html>",
}


@pytest.mark.parametrize("name", FILES)
def test_a_form_is_filled_in_from_a_file(ada: Browser, catalog: SqlCatalog, name: str) -> None:
    answer = upload(ada, name, FILES[name])
    assert "This is what we found in that file" in words(answer)
    assert catalog.listings.queue()[0] == 0, "nothing is saved before it was looked over"
    listing_id = handed_in(ada, answer)
    listed = catalog.listings.listed(listing_id)
    assert isinstance(listed.latest, Edition)
    assert (listed.state, listed.latest.title) == (State.IN_REVIEW, "Invented Congress 1 of 2099")
    assert (listed.latest.starts.at[:10], listed.latest.venue.country) == ("2099-03-06", "KE")
    assert catalog.listings.watched(listing_id) is None, "a file is read once"


def test_of_a_long_file_as_many_are_offered_as_there_is_room_for(ada: Browser) -> None:
    told = words(upload(ada, "all.ics", calendar(300, "Long words. " * 50)))
    assert "There are 300 there" in told
    assert "more, for which there is no room here" in told


@pytest.mark.parametrize(
    ("name", "body", "status", "told"),
    [
        ("x.ics", b"", 422, "We found no meeting in that file"),
        ("x.png", bytes(range(256)), 422, "We found no meeting in that file"),
        ("x.html", b"<html><body>Nothing</body></html>", 422, "We found no meeting in that file"),
        ("", b"x", 422, "Choose a file first."),
        ("x.ics", b"x" * (LARGEST_FILE + 1), 413, "That file is larger than 3 MB"),
        ("x.ics", b"x" * (LARGEST_FILE + 200_000), 413, "That file is larger than 3 MB"),
    ],
)
def test_what_cannot_be_read_is_told_beside_the_field(
    ada: Browser, name: str, body: bytes, status: int, told: str
) -> None:
    answer = upload(ada, name, body)
    assert (answer.status_code, told in words(answer)) == (status, True)
    (field,) = lxml.html.fromstring(answer.text).xpath("//input[@id='file']")
    assert field.get("aria-invalid") == "true"


def test_what_is_left_out_of_a_file_is_told_with_its_reason(ada: Browser) -> None:
    table = b"title,start\nInvented Congress,2099-03-06\nOther Congress,04/05/2099\nThird,\n"
    told = words(upload(ada, "x.csv", table))
    assert "This is what we found in that file" in told
    assert "04/05/2099: that could be two days" in told
    assert "Third: it has no first day" in told
    nothing = upload(ada, "x.csv", b"title,start\nOther Congress,soon\n")
    assert (nothing.status_code, "soon: its day or time cannot be read" in words(nothing)) == (422, True)
    assert "has to name the columns" in words(upload(ada, "x.csv", b"a,b\n1,2\n"))


def test_every_rule_of_reading_has_its_reason() -> None:
    folder = Path(reading.__file__).parent
    text = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    assert set(re.findall(r'(?:Refused|Refusal)\(\s*"([a-z-]+)"', text)) == set(WHY)


def test_a_file_is_taken_from_our_own_form_alone(ada: Browser, browser: Browser) -> None:
    assert upload(ada, "x.ics", calendar(), csrf="x").status_code == 400
    data = {"file": (io.BytesIO(calendar()), "x.ics")}
    stranger = browser.client.post("/organize/file", data=data, base_url=HOST, headers={"Origin": HOST})
    assert stranger.status_code == 403
    for _ in range(11):
        last = upload(ada, "x.ics", calendar())
    assert last.status_code == 429


def test_other_forms_stay_short(ada: Browser) -> None:
    sent = ada.client.post("/organize/new", data={"title": "x" * 200_000}, base_url=HOST)
    assert sent.status_code == 413


@pytest.mark.parametrize(
    "change",
    [lambda s: s[:-2], lambda s: ("1" if s[0] == "0" else "0") + s[1:], lambda s: "", lambda s: "é." + s],
)
def test_a_seal_holds_for_one_person_and_one_page(change: Callable[[str], str]) -> None:
    watch = Watch("", URL, "1", "title 12345678", '"7"', "")
    sealed = seal("s" * 32, "ada", watch)
    assert unseal("s" * 32, "ada", sealed) == watch
    assert sealed_address(sealed) == URL
    assert unseal("s" * 32, "eve", sealed) is None
    assert unseal("t" * 32, "ada", sealed) is None
    assert unseal("s" * 32, "ada", change(sealed)) is None
    sealed_address(change(sealed))


def test_every_event_of_the_shared_calendars_fits_a_form(ada: Browser, shared_data: Path) -> None:
    files = sorted((shared_data / "events" / "icalendar-tests").rglob("*.ics"))[:8]
    assert files
    for path in files:
        assert upload(ada, path.name, path.read_bytes()).status_code in (200, 422), path.name


def test_nothing_that_is_filled_in_is_folded_away(ada: Browser) -> None:
    empty = lxml.html.fromstring(ada.get("/organize/new").text)
    assert not empty.xpath("//details[@open]")
    filled = lxml.html.fromstring(upload(ada, "x.ics", calendar(text="Three days.")).text)
    assert [one.findtext("summary") for one in filled.xpath("//details[@open]")] == ["About it"]
