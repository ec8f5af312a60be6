"""The reviewers’ desk: closed without a key, its cookie, its forms, what reviewers decide. All invented."""

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
from domain.ports import Catalog
from domain.record import HarvestedRecord
from domain.review import QueueItem, Verdict
from tests.web.invented import NASTY, WHEN, nasty_digests, versions, write_digests
from tests.web.strict import StrictPage
from web import Site, create_app
from web.digests.moderation import _detail
from web.forms import LIMITS

KEY = "an invented review key"
PUBLIC = Audience.PUBLIC
DESK = "/moderate/digests"


@pytest.fixture
def catalog(tmp_path: Path, empty_database: Path) -> Iterator[Catalog]:
    shutil.copy(empty_database, tmp_path / "findings.db")
    opened = open_catalog(f"sqlite:///{tmp_path}/findings.db")
    told = [v for v in versions() if str(v.identifiers.doi).endswith(("invented.1", "invented.13"))]
    opened.save(
        [
            (HarvestedRecord("europepmc", f"MED:{n}", WHEN, "application/json", b"invented"), version)
            for n, version in enumerate(told)
        ]
    )
    opened.save_digests(write_digests(opened.paper(opened.find("doi:10.5555/invented.1"))))
    opened.save_digests(nasty_digests(opened.paper(opened.find("doi:10.5555/invented.13"))))
    yield opened
    opened.close()


@pytest.fixture
def paper(catalog: Catalog) -> str:
    return catalog.find("doi:10.5555/invented.1")


@pytest.fixture
def site(catalog: Catalog) -> Site:
    return Site(catalog, None, url="https://findings.example", secret="s" * 32, review_key=KEY)  # type: ignore[arg-type]


@pytest.fixture
def stranger(site: Site) -> FlaskClient:
    return create_app(site).test_client()


@pytest.fixture
def client(stranger: FlaskClient) -> FlaskClient:
    assert sign_in(stranger).status_code == 303
    return stranger


def sign_in(client: FlaskClient, key: str = KEY, name: str = "Ada Invented", **more: str) -> TestResponse:
    page = lxml.html.fromstring(client.get(DESK, base_url="https://findings.example").text)
    given = dict(page.forms[0].form_values()) | {"key": key, "name": name} | more
    return client.post(f"{DESK}/sign-in", data=given, base_url="https://findings.example")


def get(client: FlaskClient, address: str) -> TestResponse:
    return client.get(address, base_url="https://findings.example")


def decide(client: FlaskClient, address: str, verdict: str, /, **values: str) -> TestResponse:
    page = lxml.html.fromstring(get(client, address).text)
    forms = [form for form in page.forms if form.xpath(f".//button[@value='{verdict}']")]
    given = dict(forms[0].form_values()) | {"verdict": verdict} | values
    return client.post(address, data=given, base_url="https://findings.example")


def words(answer: TestResponse) -> str:
    page = StrictPage(answer.text)
    assert page.complaints == []
    return " ".join(page.text.split())


def test_without_a_key_there_is_no_desk(site: Site, paper: str) -> None:
    client = create_app(replace(site, review_key="")).test_client()
    for address in (DESK, f"{DESK}/{paper}/public"):
        assert client.get(address).status_code == 404
    assert client.post(f"{DESK}/sign-in", data={"key": ""}).status_code == 404
    assert KEY not in repr(site)


def test_a_stranger_sees_the_door_only(stranger: FlaskClient, paper: str) -> None:
    door = get(stranger, DESK)
    assert (door.status_code, door.headers["Cache-Control"]) == (200, "no-store")
    assert "Review key" in words(door)
    assert not door.headers.getlist("Set-Cookie")
    for answer in (
        get(stranger, f"{DESK}/{paper}/public"),
        stranger.post(f"{DESK}/{paper}/public", data={"verdict": "approve"}),
    ):
        assert (answer.status_code, answer.headers["Location"]) == (303, DESK)


def test_the_cookie_is_kept_from_scripts_and_other_sites(stranger: FlaskClient, paper: str) -> None:
    (cookie,) = sign_in(stranger).headers.getlist("Set-Cookie")
    for part in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/moderate", "Expires="):
        assert part in cookie, part
    assert KEY not in cookie
    assert "Review key" not in words(get(stranger, DESK))
    assert not get(stranger, f"/papers/{paper}/digest/public").headers.getlist("Set-Cookie")


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"key": "wrong"}, 403),
        ({"key": ""}, 403),
        ({"key": "é\ud7ff"}, 403),
        ({"name": " "}, 400),
        ({"name": "x" * 81}, 400),
        ({"token": "stale"}, 400),
    ],
)
def test_who_is_not_let_in(stranger: FlaskClient, values: dict[str, str], status: int) -> None:
    answer = sign_in(stranger, **values)
    assert answer.status_code == status
    assert not answer.headers.getlist("Set-Cookie")
    assert "Review key" in words(get(stranger, DESK))


def test_guessing_is_slowed_down(stranger: FlaskClient) -> None:
    codes = [sign_in(stranger, key=str(n)).status_code for n in range(LIMITS["sign-in"].most + 1)]
    assert codes == [403] * LIMITS["sign-in"].most + [429]
    assert sign_in(stranger).status_code == 429


def test_another_key_or_secret_shuts_everybody_out(client: FlaskClient, site: Site) -> None:
    cookie = client.get_cookie("findings_review", "localhost", "/moderate") or client.get_cookie(
        "findings_review", "findings.example", "/moderate"
    )
    assert cookie
    for changed in (replace(site, review_key="a new review key"), replace(site, secret="t" * 32)):
        other = create_app(changed).test_client()
        other.set_cookie("findings_review", cookie.value, domain="findings.example", path="/moderate")
        assert "Review key" in words(get(other, DESK))


def test_a_reviewer_signs_out(client: FlaskClient) -> None:
    page = lxml.html.fromstring(get(client, DESK).text)
    given = dict(page.forms[0].form_values())
    forged = client.post(f"{DESK}/sign-out", data={"csrf": "x"}, base_url="https://findings.example")
    assert forged.status_code == 400
    client.post(f"{DESK}/sign-out", data=given, base_url="https://findings.example")
    assert "Review key" in words(get(client, DESK))


def test_the_queue_says_why(client: FlaskClient, catalog: Catalog, paper: str) -> None:
    assert "Nothing waits" in words(get(client, DESK))
    catalog.suggest(paper, PUBLIC, NASTY, f"It was 63%. {NASTY}")
    told = words(get(client, DESK))
    assert "1 digest waits for a reviewer" in told
    assert "A reader suggests a correction" in told
    page = lxml.html.fromstring(get(client, DESK).text)
    assert page.xpath("//ul[@class='list']//h2/a/@href") == [f"{DESK}/{paper}/public"]


def test_a_digest_lies_beside_its_evidence(client: FlaskClient, catalog: Catalog, paper: str) -> None:
    answer = get(client, f"{DESK}/{paper}/public")
    assert answer.headers["Cache-Control"] == "no-store"
    told = words(answer)
    for part in ("88 women needed a biopsy.", "Biopsy was needed in 88 women.", "Flesch–Kincaid grade"):
        assert part in told
    assert get(client, f"{DESK}/f0000000000/public").status_code == 404
    assert get(client, f"{DESK}/{paper}/martian").status_code == 404


def test_hostile_words_do_nothing_on_the_desk(client: FlaskClient, catalog: Catalog) -> None:
    hostile = catalog.find("doi:10.5555/invented.13")
    catalog.suggest(hostile, PUBLIC, NASTY, NASTY * 20)
    catalog.review(hostile, PUBLIC, Verdict.WITHDRAW, NASTY, NASTY)
    for address in (DESK, f"{DESK}/{hostile}/public"):
        page = StrictPage(get(client, address).text)
        assert page.complaints == []
        assert {"script", "img"}.isdisjoint(tag for tag, _ in page.elements)


def test_approval_is_public_under_the_name(client: FlaskClient, catalog: Catalog, paper: str) -> None:
    address = f"{DESK}/{paper}/public"
    answer = decide(client, address, "approve", note="Read it twice.")
    assert answer.status_code == 303
    assert "Checked against the paper by Ada Invented" in words(get(client, f"{address}?done=1"))
    shown = words(client.get(f"/papers/{paper}/digest/public"))
    assert "Checked against the paper by Ada Invented on" in shown
    assert "Read it twice." in words(client.get(f"/papers/{paper}/digest/public/changes"))
    listed = client.get("/digests.json").json["results"]
    assert {entry["reviewer"] for entry in listed} == {"Ada Invented", None}
    assert "Checked against the paper by Ada Invented" in words(client.get("/digests"))


def test_a_correction_that_fails_comes_back_and_is_published_despite_it_with_a_note(
    client: FlaskClient, catalog: Catalog, paper: str
) -> None:
    address = f"{DESK}/{paper}/public"
    standing = catalog.digest(paper, PUBLIC)
    assert standing
    text = lxml.html.fromstring(get(client, address).text).get_element_by_id("edited").text
    wrong = text.replace("88 women", "98 women")
    answer = decide(client, address, "correct", text=wrong)
    assert answer.status_code == 422
    assert "This correction was not published" in words(answer)
    assert "98 women needed a biopsy." in words(answer), "what was typed is not lost"
    assert decide(client, address, "correct", text=wrong, despite="yes").status_code == 422, "why?"
    assert decide(client, address, "correct", text="x").status_code == 422
    assert catalog.digest(paper, PUBLIC) == standing
    answer = decide(client, address, "correct", text=wrong, despite="yes", note="Table 2 has 98.")
    assert answer.status_code == 303
    corrected = catalog.digest(paper, PUBLIC)
    assert corrected
    assert [s.writer for s in corrected.sentences] == ["", "", "", "Ada Invented", "", ""]
    assert decide(client, address, "correct", text=text).status_code == 422, "of the text before"


def test_a_suggestion_is_taken_up_or_declined(client: FlaskClient, catalog: Catalog, paper: str) -> None:
    address = f"{DESK}/{paper}/public"
    first = catalog.suggest(paper, PUBLIC, "", "One may say “checks”.")
    catalog.suggest(paper, PUBLIC, "", "It was 63%, surely.")
    text = lxml.html.fromstring(get(client, address).text).get_element_by_id("edited").text
    answer = decide(client, address, "correct", text=text, suggestion=str(first.id))
    assert answer.status_code == 303
    assert decide(client, address, "decline", note="The paper says 62%.").status_code == 303
    assert catalog.review_queue()[0] == 0


def test_what_is_withdrawn_needs_a_reason(client: FlaskClient, catalog: Catalog, paper: str) -> None:
    address = f"{DESK}/{paper}/public"
    assert decide(client, address, "withdraw").status_code == 400
    assert decide(client, address, "withdraw", note="It cannot stand.").status_code == 303
    standing = catalog.digest(paper, PUBLIC)
    assert standing
    assert standing.status is DigestStatus.RECALLED
    assert client.get(f"/papers/{paper}/digest/public").status_code == 410


@pytest.mark.parametrize(
    "values", [{"csrf": ""}, {"csrf": "x" * 32}, {"seen": "another"}, {"verdict": "burn"}]
)
def test_a_form_that_is_forged_or_stale_changes_nothing(
    client: FlaskClient, catalog: Catalog, paper: str, values: dict[str, str]
) -> None:
    assert decide(client, f"{DESK}/{paper}/public", "approve", **values).status_code in (400, 409)
    standing = catalog.digest(paper, PUBLIC)
    assert standing
    assert standing.reviewer == ""


def test_the_grade_of_what_is_too_hard_is_called_so() -> None:
    item = QueueItem("f0000000000", PUBLIC, "failed", "2026-01-01T00:00:00Z", "too-hard: 11.8")
    assert _detail(item).endswith("(reading grade 11.8)")
    assert _detail(replace(item, detail="too-hard")).endswith(".")


def test_the_desk_leads_to_a_log_where_there_is_one(
    client: FlaskClient, catalog: Catalog, paper: str
) -> None:
    standing, other = catalog.digest(paper, PUBLIC), catalog.paper(catalog.find("doi:10.5555/invented.13"))
    assert standing
    never = replace(standing, audience=Audience.POLICYMAKER, status=DigestStatus.REFUSED, reason="too-hard")
    catalog.save_digests([replace(never, paper_id=other.id, source_hash=other.source_hash)])
    for name, logged in ((f"{paper}/public", [200]), (f"{other.id}/policymaker", [])):
        page = lxml.html.fromstring(get(client, f"{DESK}/{name}").text)
        logs = page.xpath("//article/header//a[contains(@href, '/changes')]/@href")
        assert [get(client, log).status_code for log in logs] == logged
