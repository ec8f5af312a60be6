"""What readers send about a digest: tokens, traps, limits; nothing else is kept. Papers are invented."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog import open_catalog
from domain.digest import Audience, DigestStatus
from domain.errors import NotFound
from domain.ports import Catalog
from domain.record import HarvestedRecord
from domain.review import Act, Clarity, Verdict
from tests.web.invented import NASTY, WHEN, versions, write_digests
from tests.web.strict import StrictPage
from web import Site, create_app
from web.forms import LIMITS, FormRefused, Forms, to_client

PUBLIC = Audience.PUBLIC
YES = {"found": "yes", "meaning": "yes", "limits": "no"}


@pytest.fixture
def catalog(tmp_path: Path, empty_database: Path) -> Iterator[Catalog]:
    shutil.copy(empty_database, tmp_path / "findings.db")
    opened = open_catalog(f"sqlite:///{tmp_path}/findings.db")
    record = HarvestedRecord("europepmc", "MED:1", WHEN, "application/json", b"invented")
    opened.save([(record, versions()[0])])
    opened.save_digests(write_digests(opened.paper(opened.find("doi:10.5555/invented.1"))))
    yield opened
    opened.close()


@pytest.fixture
def paper(catalog: Catalog) -> str:
    return catalog.find("doi:10.5555/invented.1")


@pytest.fixture
def client(catalog: Catalog) -> FlaskClient:
    return create_app(Site(catalog, None, secret="s" * 32)).test_client()  # type: ignore[arg-type]


def address(paper: str, form: str = "") -> str:
    return f"/papers/{paper}/digest/public{form}"


def send(client: FlaskClient, paper: str, form: str, who: str = "192.0.2.1", **values: str) -> TestResponse:
    page = lxml.html.fromstring(client.get(address(paper)).text)
    (found,) = page.xpath(f"//form[contains(@action, '/{form}')]")
    given = dict(found.form_values()) | values
    return client.post(found.action, data=given, environ_base={"REMOTE_ADDR": who})


def test_answers_are_added_up_and_thanked_for(client: FlaskClient, catalog: Catalog, paper: str) -> None:
    answer = send(client, paper, "clear", **YES)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address(paper)}?thanks=clear#thanks")
    assert not answer.headers.getlist("Set-Cookie")
    assert catalog.clarity(paper, PUBLIC) == Clarity(1, (1, 1, 0))
    page = client.get(f"{address(paper)}?thanks=clear")
    assert StrictPage(page.text).complaints == []
    assert "Thank you. Your answers were added" in " ".join(StrictPage(page.text).text.split())
    assert "1 reader has answered" in page.text
    send(client, paper, "clear", **YES)
    assert catalog.clarity(paper, PUBLIC).answers == 1, "one reader is counted once a day"
    for n in range(4):
        send(client, paper, "clear", who=f"192.0.2.{n + 2}", **YES)
    assert "<strong>67 out of 100</strong> for clarity, in 5 answers" in client.get(address(paper)).text


def test_an_answer_to_some_questions_only_is_sent_back(
    client: FlaskClient, catalog: Catalog, paper: str
) -> None:
    for values in ({}, {"found": "yes"}, YES | {"limits": "perhaps"}):
        assert send(client, paper, "clear", **values).status_code == 400
    assert catalog.clarity(paper, PUBLIC).answers == 0


def test_a_suggestion_waits_for_reviewers_and_is_not_shown(
    client: FlaskClient, catalog: Catalog, paper: str
) -> None:
    answer = send(client, paper, "suggest", note=f"It was 63%.\r\n{NASTY}", name=" Ada\x00 ")
    assert answer.headers["Location"] == f"{address(paper)}?thanks=suggestion#thanks"
    (item,) = catalog.review_queue()[1]
    assert (item.reason, item.detail) == ("suggested", f"It was 63%.\n{NASTY}")
    (entry,) = [e for e in catalog.digest_log(paper, PUBLIC) if e.act is Act.SUGGESTED]
    assert entry.by == "Ada"
    for page in (address(paper), address(paper, "/changes")):
        assert "63%" not in client.get(page).text
    assert "extractive/1" in client.get(address(paper, "/changes")).text


@pytest.mark.parametrize("note", ["", "short", "x" * 2_001])
def test_a_suggestion_has_a_length(client: FlaskClient, catalog: Catalog, paper: str, note: str) -> None:
    assert send(client, paper, "suggest", note=note).status_code == 400
    assert catalog.review_queue()[0] == 0


@pytest.mark.parametrize(("form", "values"), [("suggest", {"note": "It was 63%, not 62%."}), ("clear", YES)])
def test_a_machine_is_thanked_and_forgotten(
    client: FlaskClient, catalog: Catalog, paper: str, form: str, values: dict[str, str]
) -> None:
    assert send(client, paper, form, website="https://example.org", **values).status_code == 303
    assert catalog.review_queue()[0] == 0
    assert catalog.clarity(paper, PUBLIC).answers == 0


@pytest.mark.parametrize("token", ["", "0" * 40, "é", NASTY])
def test_a_form_without_our_token_is_refused(
    client: FlaskClient, catalog: Catalog, paper: str, token: str
) -> None:
    answer = send(client, paper, "clear", token=token, **YES)
    assert answer.status_code == 400
    assert StrictPage(answer.text).complaints == []
    assert catalog.clarity(paper, PUBLIC).answers == 0


def test_a_token_is_good_for_one_digest_and_one_form(client: FlaskClient, paper: str) -> None:
    page = lxml.html.fromstring(client.get(address(paper)).text)
    token = page.xpath("//form[contains(@action, '/suggest')]//input[@name='token']/@value")[0]
    for form in (address(paper, "/clear"), f"/papers/{paper}/digest/policymaker/suggest"):
        data = YES | {"token": token, "note": "It was 63%, not 62%."}
        assert client.post(form, data=data).status_code == 400


def test_haste_is_slowed_down(client: FlaskClient, catalog: Catalog, paper: str) -> None:
    most = LIMITS["suggest"].most
    codes = [
        send(client, paper, "suggest", note=f"It was 6{n}%, not 62%.").status_code for n in range(most + 2)
    ]
    assert codes == [303] * most + [429] * 2
    assert catalog.review_queue()[0] == most
    assert send(client, paper, "suggest", who="192.0.2.9", note="Somebody else says so.").status_code == 303


def test_a_huge_form_is_not_read(client: FlaskClient, paper: str) -> None:
    answer = client.post(address(paper, "/suggest"), data={"note": "x" * 500_000})
    assert (answer.status_code, "shorten it" in answer.text) == (413, True)


def test_there_is_nothing_to_answer_where_nothing_is_published(client: FlaskClient, catalog: Catalog) -> None:
    assert client.post("/papers/f0000000000/digest/public/clear", data={}).status_code == 400
    assert client.post("/papers/f0000000000/digest/martian/clear", data={}).status_code == 404
    with pytest.raises(NotFound):
        catalog.tell_clarity("f0000000000", PUBLIC, (True, True, True))


def test_a_token_ends_and_pages_keep_theirs_for_a_while() -> None:
    now = [1_000_000.0]
    forms = Forms("secret", clock=lambda: now[0])
    token = forms.token("clear/f1")
    now[0] += 30
    assert forms.token("clear/f1") == token, "so that the page can be cached"
    Forms("secret", clock=lambda: now[0]).check("clear/f1", {"token": token})
    now[0] += 2 * 3_600
    forms.check("clear/f1", {"token": token})
    now[0] += 2 * 3_600
    with pytest.raises(FormRefused):
        forms.check("clear/f1", {"token": token})
    with pytest.raises(FormRefused):
        Forms("another", clock=lambda: now[0]).check("clear/f1", {"token": forms.token("clear/f1")})


def test_limits_end_and_hold_no_address() -> None:
    now = [0.0]
    forms = Forms("secret", clock=lambda: now[0])
    assert [forms.is_hasty("clear-once", "192.0.2.1", "f1") for _ in range(2)] == [False, True]
    assert not forms.is_hasty("clear-once", "192.0.2.1", "f2")
    now[0] += LIMITS["clear-once"].seconds + 1
    assert not forms.is_hasty("clear-once", "192.0.2.1", "f1")
    assert "192.0.2.1" not in repr(forms._seen)
    for n in range(20_100):
        forms.is_hasty("clear", str(n))
    assert len(forms._seen) == 20_000


def test_a_proxy_is_believed_only_beside_us() -> None:
    assert to_client("127.0.0.1", "203.0.113.7, 198.51.100.1") == "198.51.100.1"
    assert to_client("8.8.8.8", "198.51.100.1") == "8.8.8.8"
    assert to_client("10.0.0.3", "") == "10.0.0.3"
    assert to_client(None, "198.51.100.1") == ""


def test_the_change_log_is_public(client: FlaskClient, catalog: Catalog, paper: str) -> None:
    standing = catalog.digest(paper, PUBLIC)
    assert standing
    first = replace(standing.sentences[0], text=f"Country clinics {NASTY}", writer="Ada")
    corrected = replace(standing, sentences=(first, *standing.sentences[1:]))
    catalog.review(paper, PUBLIC, Verdict.CORRECT, "Ada", f"Plainer. {NASTY}", corrected)
    page = client.get(address(paper, "/changes"))
    read = StrictPage(page.text)
    assert read.complaints == []
    assert [tag for tag, _ in read.elements].count("script") == 0
    words = " ".join(read.text.split())
    assert "Corrected by Ada" in words
    assert f"Was: {standing.sentences[0].text}" in words
    assert words.index("Corrected by Ada") < words.index("Written by extractive/1"), "newest first"
    shown = " ".join(StrictPage(client.get(address(paper)).text).text.split())
    assert "Checked and corrected by Ada on" in shown
    assert "This wording is by Ada" in shown
    catalog.review(paper, PUBLIC, Verdict.WITHDRAW, "Ben", "It is unclear.")
    gone = client.get(address(paper))
    assert (gone.status_code, "A reviewer took it back" in gone.text) == (410, True)
    assert "Taken back by Ben" in " ".join(
        StrictPage(client.get(address(paper, "/changes")).text).text.split()
    )
    assert client.get(f"/papers/{paper}/digest/martian/changes").status_code == 404


def test_what_was_published_once_is_gone_and_keeps_its_log(
    client: FlaskClient, catalog: Catalog, paper: str
) -> None:
    standing = catalog.digest(paper, PUBLIC)
    assert standing
    refused = replace(standing, status=DigestStatus.REFUSED, reason="retracted", sentences=())
    catalog.save_digests([refused])
    page = client.get(address(paper))
    assert (page.status_code, "This digest has been taken back" in page.text) == (410, True)
    assert address(paper, "/changes") in page.text
    assert client.get(address(paper, "/changes")).status_code == 200


def test_a_sentence_whose_anchor_does_not_hold_is_not_shown(
    client: FlaskClient, catalog: Catalog, paper: str
) -> None:
    standing = catalog.digest(paper, PUBLIC)
    assert standing
    moved = replace(standing.sentences[2], evidence=replace(standing.sentences[2].evidence, start=1, end=9))
    also = replace(standing.sentences[3], also=(replace(standing.sentences[3].evidence, text="Other"),))
    told = (*standing.sentences[:2], moved, also, *standing.sentences[4:])
    catalog.review(paper, PUBLIC, Verdict.CORRECT, "Ada", "", replace(standing, sentences=told))
    words = " ".join(StrictPage(client.get(address(paper)).text).text.split())
    assert standing.sentences[2].text not in words
    assert standing.sentences[3].text not in words
    assert standing.sentences[4].text.split(" ")[0] in words
    catalog.review(paper, PUBLIC, Verdict.CORRECT, "Ada", "", replace(standing, sentences=(moved,)))
    assert client.get(address(paper)).status_code == 410, "nothing is left of it"


def test_places_are_named(client: FlaskClient, catalog: Catalog, paper: str) -> None:
    version = catalog.paper(paper).primary
    standing = catalog.digest(paper, PUBLIC)
    assert standing
    spots = {
        "title": version.title[:20],
        "grants/0": "Imaginary Research Fund IRF-77",
        "body": "These words stand in the full text.",
    }
    told = [
        replace(
            standing.sentences[n],
            evidence=replace(standing.sentences[n].evidence, place=place, start=0, end=len(text), text=text),
        )
        for n, (place, text) in enumerate(spots.items())
    ]
    both = replace(told[0], also=(standing.sentences[1].evidence,))
    catalog.review(paper, PUBLIC, Verdict.CORRECT, "Ada", "", replace(standing, sentences=(both, *told[1:])))
    page = client.get(address(paper)).text
    assert StrictPage(page).complaints == []
    words = " ".join(StrictPage(page).text.split())
    for place in ("the title", "the paper’s record: funding", "the full text", "under “Methods”"):
        assert f"From {place}" in words or place in words, place
