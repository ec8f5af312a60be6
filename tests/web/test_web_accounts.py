"""Signing in: links, passwords, codes, sessions, limits on guessing, and one's own data. All invented."""

import hashlib
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import lxml.html
import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.sqlcatalog import SqlCatalog
from domain.account import Permission
from domain.listing import State
from tests.web.organizers import HOST, Browser, Post, words
from web import Site, create_app
from web.forms import FormRefused
from web.people.accounts import (
    MOST_LETTERS,
    MOST_TRIES,
    Door,
    Purpose,
    safe_next,
    to_email,
    to_hash,
    to_network,
)
from web.people.passwords import hash_password, is_right, weakness
from web.people.qr import to_svg

ADA = "ada@society.example"
GOOD = "violet-otter-drums-7"


def password_in(browser: Browser, email: str, password: str) -> int:
    return browser.send("/account", "/password-sign-in", email=email, password=password).status_code


def guess(door: Door, email: str, network: str) -> object:
    """What comes of a guess: None, or the status of a refusal."""
    try:
        return door.by_password(email, "a guess", network)
    except FormRefused as refused:
        return refused.status


@pytest.fixture
def now() -> list[datetime]:
    return [datetime(2027, 1, 1, tzinfo=UTC)]


@pytest.fixture
def door(catalog: SqlCatalog, post: Post, now: list[datetime]) -> Door:
    def link(purpose: Purpose, token: str) -> str:
        return f"{HOST}/{purpose}/{token}"

    return Door(catalog.accounts, post, "s" * 32, "Findings", link, lambda: now[0])


def token_of(post: Post) -> str:
    return post.link().rpartition("/")[2]


def test_a_link_signs_up_and_in(browser: Browser, catalog: SqlCatalog) -> None:
    sent = browser.send("/account", "/link", email=" Ada@Society.example ")
    assert "on its way to ada@society.example" in words(sent)
    person = catalog.accounts.by_email(ADA)
    assert person
    assert not person.proven
    page = browser.get(browser.post.link())
    assert catalog.accounts.by_email(ADA) == person, "a program that looks at mail changes nothing"
    entered = browser.fill(page, "/sign-in")
    (cookie,) = entered.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-findings=")
    for part in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    account = browser.get("/account")
    assert account.headers["Cache-Control"] == "no-store"
    assert "Signed in as ada@society.example" in words(account)
    assert browser.fill(page, "/sign-in").status_code == 400, "good once"
    proven = catalog.accounts.by_email(ADA)
    assert proven
    assert proven.proven


def test_the_database_holds_no_key(browser: Browser, catalog: SqlCatalog) -> None:
    browser.sign_in(ADA)
    cookie = browser.client.get_cookie("__Host-findings", "findings.example")
    assert cookie
    assert len(cookie.value) >= 43
    assert catalog.accounts.session(cookie.value, datetime.now(UTC)) is None
    hashed = hashlib.sha256(cookie.value.encode()).hexdigest()
    assert catalog.accounts.session(hashed, datetime.now(UTC))


def test_the_same_is_said_to_known_and_unknown(browser: Browser, another: Browser) -> None:
    browser.sign_in(ADA)
    told = []
    for email in (ADA, "eve@evil.example"):
        answer = another.send("/account", "/link", email=email)
        told.append((answer.status_code, words(answer).replace(email, "")))
        wrong = another.send("/account", "/password-sign-in", email=email, password="not the password")
        told.append((wrong.status_code, words(wrong).replace(email, "")))
    assert told[:2] == told[2:]
    assert "ada" not in another.post.letters[-1][2]


def test_letters_to_one_address_are_few(browser: Browser, another: Browser) -> None:
    told = {words(another.send("/account", "/link", email=ADA)) for _ in range(MOST_LETTERS + 3)}
    assert len(told) == 1
    assert len(another.post.letters) == MOST_LETTERS
    first = another.post.letters[0][2]
    link = first.split(HOST)[1].split()[0]
    assert browser.fill(browser.get(link), "/sign-in").status_code == 303, "asking again ends none before"


def test_a_first_letter_holds_nothing_that_anybody_typed(browser: Browser) -> None:
    browser.send("/account", "/link", email=ADA, next="/organize/buy-now", name="Buy now")
    _, subject, text = browser.post.letters[0]
    assert "buy" not in (subject + text).lower()
    assert text.count("http") == 1


def test_one_network_is_slowed_down(browser: Browser) -> None:
    codes = [
        browser.send("/account", "/link", email=f"{n}@society.example").status_code
        for n in range(MOST_TRIES + 1)
    ]
    assert codes == [200] * MOST_TRIES + [429]


def test_guessing_is_stopped_and_the_owner_still_gets_in(door: Door, now: list[datetime], post: Post) -> None:
    door.send_link(ADA, "192.0.2.1", Purpose.SIGN_IN)
    found = door.redeem(Purpose.SIGN_IN, token_of(post))
    assert found
    person = door.prove(found[0])
    door.accounts.set_password(person.id, hash_password(GOOD))
    guesses = [guess(door, ADA, f"198.51.100.{n}") for n in range(60)]
    assert guesses == [None] * MOST_TRIES + [429] * (60 - MOST_TRIES)
    with pytest.raises(FormRefused):
        door.by_password(ADA, GOOD, "203.0.113.9")
    door.send_link(ADA, "203.0.113.9", Purpose.SIGN_IN)
    assert door.redeem(Purpose.SIGN_IN, token_of(post)), "a link lets the owner in meanwhile"
    now[0] += timedelta(minutes=16)
    assert door.by_password(ADA, GOOD, "203.0.113.9")


def test_one_network_guesses_at_few_accounts(door: Door) -> None:
    answers = [guess(door, f"{n}@society.example", f"2001:db8::{n:x}") for n in range(30)]
    assert answers == [None] * MOST_TRIES + [429] * (30 - MOST_TRIES), "all of a /64 is one network"


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_token_is_good_for_one_purpose_once_for_half_an_hour(
    door: Door, post: Post, now: list[datetime], purpose: Purpose
) -> None:
    def issued() -> str:
        person = door.accounts.create(ADA, "")
        if purpose is Purpose.CODE:
            return door.second_step(person, "/account", "link")
        door.issue(person, purpose, ADA, {})
        return token_of(post)

    token = issued()
    for other in set(Purpose) - {purpose}:
        assert door.redeem(other, token) is None
    for n, sign in enumerate(token):
        bad = token[:n] + ("A" if sign != "A" else "B") + token[n + 1 :]
        assert door.redeem(purpose, bad) is None
    for bad in ("", token[:-1], token + "A", to_hash(token), token.upper() + "x"):
        assert door.redeem(purpose, bad) is None
    assert door.redeem(purpose, token)
    assert door.redeem(purpose, token) is None
    late = issued()
    now[0] += timedelta(minutes=30, seconds=1)
    assert door.redeem(purpose, late) is None


def test_a_password_and_a_code(browser: Browser, another: Browser, catalog: SqlCatalog) -> None:
    browser.sign_in(ADA)
    weak = browser.send("/account", "/account/password", **{"new-password": "password1234"})
    assert weak.status_code == 422
    assert "first that others would try" in words(weak)
    old = browser.client.get_cookie("__Host-findings", "findings.example")
    assert browser.send("/account", "/account/password", **{"new-password": GOOD}).status_code == 303
    assert old
    assert catalog.accounts.session(to_hash(old.value), datetime.now(UTC)) is None, "signed out elsewhere"
    assert GOOD not in browser.get("/account").text
    assert password_in(another, ADA, GOOD + "x") == 422
    assert password_in(another, ADA, GOOD) == 303
    page = browser.get("/account/codes")
    secret = lxml.html.fromstring(page.text).xpath("//input[@name='secret']/@value")[0]
    assert browser.fill(page, "/codes", code="000000").status_code == 422
    used = pyotp.TOTP(secret).at(datetime.now(UTC))
    assert browser.fill(page, "/codes", code=used).status_code == 303
    another.send("/account", "/sign-out")
    asked = another.send("/account", "/password-sign-in", email=ADA, password=GOOD)
    assert "one-time code" in words(asked)
    assert "Sign in, or sign up" in words(another.get("/account")), "not in yet"
    again = another.fill(asked, "/code", code=used)
    assert again.status_code == 422, "no code is good twice"
    later = pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30))
    assert another.fill(again, "/code", code=f"{later[:3]} {later[3:]}").status_code == 303
    assert "Signed in as" in words(another.get("/account"))


def test_a_code_can_be_read_from_the_screen(browser: Browser) -> None:
    browser.sign_in(ADA)
    page = browser.get("/account/codes")
    words(page)
    html = lxml.html.fromstring(page.text)
    (address,) = html.xpath("//main//a[starts-with(@href, 'otpauth:')]/@href")
    assert html.xpath("//input[@name='secret']/@value")[0] in address
    assert str(to_svg(address, "QR code of the secret")) in page.text
    (drawn,) = html.xpath("//main//svg[@role='img']")
    assert drawn.xpath("./title/text()") == ["QR code of the secret"]
    assert not html.xpath("//main//img | //main//@style"), "nothing is fetched, nothing is forbidden"


def test_who_reviews_is_asked_for_codes_where_the_node_wants_that(
    listing_site: Site, post: Post, catalog: SqlCatalog
) -> None:
    site = replace(listing_site, codes_required=True)
    ada, ben = (Browser(create_app(site).test_client(), post) for _ in range(2))
    ada.sign_in(ADA)
    person = catalog.accounts.by_email(ADA)
    assert person
    catalog.accounts.grant(person.id, Permission.MODERATE, "test")
    answer = ada.get("/moderate")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/codes")
    own = lxml.html.fromstring(ada.get("/account").text).xpath("//input[@name='csrf']/@value")[0]
    sent = ada.client.post("/moderate/several", data={"csrf": own}, base_url=HOST)
    assert (sent.status_code, "Turn one-time codes on" in sent.text) == (403, True)
    page = ada.get("/account/codes")
    assert "Turn it on, and the reviewers’ desk opens." in words(page)
    secret = lxml.html.fromstring(page.text).xpath("//input[@name='secret']/@value")[0]
    assert ada.fill(page, "/codes", code=pyotp.TOTP(secret).at(datetime.now(UTC))).status_code == 303
    assert ada.get("/moderate").status_code == 200
    assert "stays closed" in words(ada.get("/account/codes"))
    ben.sign_in("ben@society.example")
    assert ben.get("/organize").status_code == 200, "who lists needs none"
    assert "desk" not in words(ben.get("/account/codes"))
    assert ben.get("/moderate").status_code == 404


def test_codes_cannot_be_guessed(door: Door) -> None:
    person = door.accounts.create(ADA, "")
    door.accounts.set_totp(person.id, pyotp.random_base32())
    answers = [door.is_code(person, f"{n:06}", after="password") for n in range(MOST_TRIES)]
    assert len(answers) == MOST_TRIES
    with pytest.raises(FormRefused):
        door.is_code(person, "123456", after="password")
    right = pyotp.TOTP(door.accounts.totp(person.id)).at(door.clock())
    assert door.is_code(person, right, after="link"), "who reads the mail is not shut out by that"


def test_signing_out_everywhere(browser: Browser, another: Browser) -> None:
    browser.sign_in(ADA)
    another.sign_in(ADA)
    assert browser.send("/account", "/sign-out", everywhere="yes").status_code == 303
    for one in (browser, another):
        assert "Sign in, or sign up" in words(one.get("/account"))


def test_a_session_ends(door: Door, now: list[datetime]) -> None:
    key = door.enter(door.accounts.create(ADA, ""))
    assert door.person_of(key)
    now[0] += timedelta(days=14, seconds=1)
    assert door.person_of(key) is None


def test_a_locked_account_is_out(browser: Browser, catalog: SqlCatalog) -> None:
    browser.sign_in(ADA)
    person = catalog.accounts.by_email(ADA)
    assert person
    catalog.accounts.update(replace(person, locked=True))
    assert "Sign in, or sign up" in words(browser.get("/account"))
    browser.send("/account", "/link", email=ADA)
    assert browser.fill(browser.get(browser.post.link()), "/sign-in").status_code == 400


def test_another_address_counts_once_it_is_proven(browser: Browser, catalog: SqlCatalog) -> None:
    browser.sign_in(ADA)
    browser.send("/account", "/address", email="ada@institute.example")
    assert catalog.accounts.by_email(ADA)
    to, _, _ = browser.post.letters[-1]
    assert to == "ada@institute.example"
    assert browser.fill(browser.get(browser.post.link()), "/links/address").status_code == 303
    assert catalog.accounts.by_email(ADA) is None
    assert catalog.accounts.by_email("ada@institute.example")
    assert browser.post.letters[-1][0] == ADA, "the old address is told"
    assert "Sign in, or sign up" in words(browser.get("/account"))


def test_everything_is_given_out_and_erased(browser: Browser, catalog: SqlCatalog) -> None:
    browser.sign_in(ADA)
    browser.send("/organize/resources/new", "/new", title="Invented biobank", act="save")
    given = browser.get("/account/export.json")
    assert given.headers["Cache-Control"] == "no-store"
    told = given.json
    assert told
    assert told["account"]["email"] == ADA
    assert told["listings"][0]["listing"]["state"] == State.DRAFT
    assert told["listings"][0]["acts"][0]["act"] == "created"
    assert browser.send("/account", "/erase").status_code == 422
    browser.send("/account", "/erase", sure="yes")
    assert catalog.accounts.by_email(ADA), "not before the link is followed"
    assert browser.fill(browser.get(browser.post.link()), "/links/erase").status_code == 303
    assert catalog.accounts.by_email(ADA) is None
    assert "Sign in, or sign up" in words(browser.get("/account"))


@pytest.mark.parametrize(
    "address",
    [
        *(
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/account//evil.example",
        ),
        *(
            "javascript:alert(1)",
            "/organize@evil.example",
            "/organize/../../x",
            "/%2f/evil.example",
            " /organize",
        ),
        *(
            "/organize\r\nLocation: https://evil.example",
            "/organize?next=//evil.example",
            "/papers/x",
            "",
            "x" * 999,
        ),
        *(
            "/organize\t",
            "/account/links/erase#x",
            "///organize",
            "https:/organize",
            "/organize?x=https://evil",
        ),
    ],
)
def test_nobody_is_led_astray(address: str) -> None:
    assert safe_next(address) == "/account"


@pytest.mark.parametrize(
    "address", ["/organize", "/organize/new", "/organize/aB3/edit", "/moderate/listings?page=2"]
)
def test_pages_of_ours_are_gone_on_to(address: str) -> None:
    assert safe_next(address) == address


@given(st.text(max_size=60))
def test_any_text_for_an_address_goes_to_a_page_of_ours(text: str) -> None:
    found = safe_next(text)
    assert found.startswith(("/account", "/organize", "/moderate"))
    assert "//" not in found


def test_addresses_and_networks() -> None:
    assert to_email("Ada@Society.Example") == ADA
    assert [
        to_email(bad) for bad in ("", "ada", "a@b", "a b@c.d", "a@b.c\nBcc: x@y.z", "<a@b.c>", "x" * 300)
    ] == [""] * 7
    assert to_network("2001:db8::1") == to_network("2001:db8::ffff") != to_network("2001:db9::1")


@pytest.mark.parametrize(
    "bad",
    [
        *(
            "short",
            "x" * 200,
            "111111111111",
            "abcabcabcabc",
            "abcdefghijklmnop",
            "qwertyuiop12",
            "Password123456",
        ),
        *("1234567890123", "findings2026findings", "ada@society.example", "society1234567"),
    ],
)
def test_passwords_that_others_would_try(bad: str) -> None:
    assert weakness(bad, ADA, "Findings")


@pytest.mark.parametrize("good", [GOOD, "correct horse battery", "kT9$wq!x2Zr0pL", "мама мыла раму2"])
def test_passwords_that_they_would_not(good: str) -> None:
    assert not weakness(good, ADA, "Findings")
    assert is_right(hash_password(good), good)


def test_an_unknown_account_costs_as_much_as_a_known_one() -> None:
    hashed = hash_password(GOOD)
    is_right("", "warm")

    def cost(stored: str) -> float:
        began = time.process_time()
        for _ in range(4):
            is_right(stored, "not the password")
        return time.process_time() - began

    known, unknown = min(cost(hashed) for _ in range(3)), min(cost("") for _ in range(3))
    assert 0.5 < known / unknown < 2


def test_without_mail_there_are_no_accounts(listing_site: Site) -> None:
    client = create_app(replace(listing_site, mailer=None)).test_client()
    assert client.get("/account").status_code == 404
    assert client.get("/organize").status_code == 404
