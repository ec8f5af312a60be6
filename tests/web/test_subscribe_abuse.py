"""Nobody is bothered by way of the form, and nothing but its owner acts on a link (S8, S9, S10). Invented."""

import os
import random
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.sqlcatalog import SqlCatalog
from config import load_table
from domain.addresses import address_hash
from domain.subscription import LetterKind, LetterState, SubscriptionState
from domain.subscription_ports import Settlement, Suppression
from subscriptions.tokens import Purpose, Tokens
from tests.web.organizers import words
from tests.web.subscribers import HOST, SECRET, Clock, Readers, opened_readers
from web import create_app

DAY = 86_400
SOAK = bool(os.environ.get("FINDINGS_TEST_SOAK"))
FLOOD, TRIES = (1_000, 500) if SOAK else (120, 60)
"""How many forms a flood has, and how many tampered links of each kind are tried."""
LIMITS = load_table("subscribing")
SCANNERS = (
    {},
    {"User-Agent": "Mozilla/5.0 (compatible; InventedMailScanner/1.0)"},
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
    {"X-Purpose": "preview"},
    {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"},
    {"Referer": "https://mail.example/"},
    {"User-Agent": "curl/8"},
)
"""Each of them tries five methods, at each link of a letter."""
SAFE = {"GET", "HEAD", "OPTIONS"}
METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE")


@pytest.fixture
def readers(catalog: SqlCatalog, tmp_path: Path) -> Iterator[Readers]:
    with opened_readers(catalog, tmp_path, Clock()) as found:
        yield found


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "findings.db"


def dump(database: Path) -> list[str]:
    """All that the database holds."""
    with sqlite3.connect(database) as connection:
        return list(connection.iterdump())


def one_click(readers: Readers, subscriber: str, subscription: str = "") -> str:
    """The path in the `List-Unsubscribe` header of a letter."""
    subject = f"{subscriber}/{subscription}" if subscription else subscriber
    return f"/unsubscribe/{tokens_of(readers).sign(Purpose.UNSUBSCRIBE, subject)}"


def tokens_of(readers: Readers) -> Tokens:
    return Tokens(SECRET, lambda: readers.clock().timestamp())


def test_fifty_scanners_change_nothing(readers: Readers, database: Path) -> None:
    preferences = readers.subscribed()
    readers.clock.pass_(days=1, minutes=5)
    readers.ask(cancer_type="lung")
    (waiting,) = [x for x in readers.queued(LetterKind.CONFIRM) if x.created_at > "2026-11-21"]
    confirm = readers.link(waiting, "subscribe/confirm")
    paths = [confirm, preferences, f"{preferences}/erase", f"{preferences}/export"]
    paths += [one_click(readers, waiting.subscriber)]
    before = dump(database)
    tried = 0
    for headers in SCANNERS:
        for method in METHODS:
            for path in paths:
                answer = readers.client.open(path, method=method, base_url=HOST, headers=headers)
                assert answer.status_code in ({200} if method in SAFE else {403, 405})
                assert "Set-Cookie" not in answer.headers
            tried += 1
    assert tried == 50
    assert dump(database) == before
    assert readers.post(confirm, {}).status_code == 303, "and the link still works"


@pytest.mark.parametrize("body", [{"List-Unsubscribe": "One-Click"}, {}])
def test_one_click_needs_no_cookie_no_origin_and_no_form(readers: Readers, body: dict[str, str]) -> None:
    readers.subscribed()
    own = readers.catalog.subscribers.by_email("ada@readers.example")
    assert own
    (one,) = readers.catalog.subscribers.subscriptions(own.id)
    path = one_click(readers, own.id, one.id)
    readers.clock.pass_(days=60)
    assert "End these letters?" in words(readers.get(path))
    for _ in range(3):
        for headers in ({}, {"Origin": "null"}, {"Origin": "https://mail.example"}):
            answer = readers.client.post(path, data=body, base_url=HOST, headers=headers)
            assert answer.status_code == 200
    told = words(answer)
    assert "You get no more of these letters" in told
    (one,) = readers.catalog.subscribers.subscriptions(own.id)
    assert one.state is SubscriptionState.ENDED
    acts = [entry.act for entry in readers.catalog.subscribers.consents(own.id)]
    assert acts.count("one-click" if body else "unsubscribed") == 1, "said once, however often it is asked"
    many = readers.client.post(path, data=body, base_url=HOST, content_type="multipart/form-data")
    assert many.status_code == 200


def test_unsubscribing_works_for_ever_and_after_erasure(readers: Readers) -> None:
    readers.subscribed()
    own = readers.catalog.subscribers.by_email("ada@readers.example")
    assert own
    path = one_click(readers, own.id)
    readers.clock.pass_(days=3_650)
    assert readers.client.post(path, base_url=HOST).status_code == 200
    assert readers.catalog.subscribers.subscriptions(own.id)[0].state is SubscriptionState.ENDED
    readers.catalog.subscribers.erase(own.id, readers.clock())
    assert readers.client.post(path, base_url=HOST).status_code == 200
    assert readers.get(path).status_code == 200


def test_links_outlive_the_secret_that_signed_them(readers: Readers) -> None:
    preferences = readers.subscribed()
    own = readers.catalog.subscribers.by_email("ada@readers.example")
    assert own
    path = one_click(readers, own.id)
    changed = replace(readers.site, secret="t" * 32)
    for site, code in ((changed, 404), (replace(changed, former_secret=SECRET), 200)):
        client = create_app(site).test_client()
        assert client.get(preferences, base_url=HOST).status_code == code
        assert client.post(path, base_url=HOST).status_code == code
        assert readers.catalog.subscribers.counts()["active"] == (code == 404)


def test_a_question_can_be_answered_for_seven_days(readers: Readers) -> None:
    readers.ask()
    (letter,) = readers.queued()
    path = readers.link(letter, "subscribe/confirm")
    readers.clock.pass_(days=7, seconds=1)
    for answer in (readers.get(path), readers.post(path, {})):
        assert answer.status_code == 410
        assert "they are over" in words(answer)
        assert "/subscribe?kind=topic&amp;cancer_type=breast" in answer.text, "it says how to ask again"
    (one,) = readers.catalog.subscribers.subscriptions(letter.subscriber)
    assert one.state is SubscriptionState.PENDING


def test_who_never_asked_can_stop_every_question(readers: Readers) -> None:
    readers.ask()
    readers.ask(cancer_type="lung")
    (letter,) = readers.queued()
    path = readers.link(letter, "subscribe/confirm")
    assert '<button class="quiet" name="never" value="yes">Never write to this address</button>' in (
        readers.get(path).text
    )
    assert readers.post(path, {"never": "yes"}).status_code == 303
    assert "Nothing is sent to you" in words(readers.get(path))
    assert "Ask for them again" not in words(readers.get(path))
    known = readers.catalog.subscribers.subscriptions(letter.subscriber)
    assert {one.state for one in known} == {SubscriptionState.ENDED}
    hashed = address_hash("ada@readers.example")
    suppressed = readers.catalog.subscribers.suppression(hashed)
    assert suppressed
    assert suppressed.reason == "asked"
    assert readers.queued() == []
    readers.post(path, {})
    readers.clock.pass_(days=2)
    assert readers.ask().data == readers.ask(email="bo@readers.example").data, "whoever asks is told the same"
    assert [one.subscriber == letter.subscriber for one in readers.queued()] == [False]
    assert readers.catalog.subscribers.lift(hashed)
    readers.ask()
    assert len(readers.queued()) == 2


def test_a_link_that_was_answered_holds_nobody_back(readers: Readers) -> None:
    readers.ask()
    (letter,) = readers.queued()
    path = readers.link(letter, "subscribe/confirm")
    readers.post(path, {})
    assert readers.post(path, {"never": "yes"}).status_code == 303
    assert readers.catalog.subscribers.counts()["suppressed"] == 0
    assert readers.catalog.subscribers.counts()["active"] == 1


def test_confirming_again_brings_nothing_back(readers: Readers) -> None:
    readers.ask()
    (letter,) = readers.queued()
    path = readers.link(letter, "subscribe/confirm")
    readers.post(path, {})
    readers.client.post(one_click(readers, letter.subscriber), base_url=HOST)
    for _ in range(3):
        assert readers.post(path, {}).status_code == 303
    (one,) = readers.catalog.subscribers.subscriptions(letter.subscriber)
    assert one.state is SubscriptionState.ENDED
    assert "These letters have ended" in words(readers.get(path))


def test_tampered_links_act_for_nobody(readers: Readers, database: Path) -> None:
    """S8: each kind of link: changed, swapped, cut, of another purpose or another secret."""
    preferences = readers.subscribed()
    own = readers.catalog.subscribers.by_email("ada@readers.example")
    assert own
    (one,) = readers.catalog.subscribers.subscriptions(own.id)
    tokens, other = tokens_of(readers), Tokens("another secret", lambda: readers.clock().timestamp())
    right = preferences.rpartition("/")[2]
    stop = tokens.sign(Purpose.UNSUBSCRIBE, own.id)
    confirm = tokens.sign(Purpose.CONFIRM, one.id)
    kinds = {
        "/subscribe/confirm/{}": (confirm, [right, stop]),
        "/subscribe/preferences/{}": (right, [confirm, stop]),
        "/subscribe/preferences/{}/erase": (right, [confirm, stop]),
        "/subscribe/preferences/{}/export": (right, [confirm, stop]),
        "/unsubscribe/{}": (stop, [confirm, right]),
    }
    before, dice = dump(database), random.Random(8)
    for path, (token, others) in kinds.items():
        wrong = [*others, other.sign(Purpose.PREFERENCES, own.id), other.sign(Purpose.UNSUBSCRIBE, own.id)]
        while len(wrong) < TRIES:
            at, letter = dice.randrange(len(token)), dice.choice("abcXYZ019-_.~")
            changed = dice.choice([token[:at] + letter + token[at + 1 :], token[:at], token + letter])
            if changed not in ("", token) and not changed.startswith("."):
                wrong.append(changed)
        for n, text in enumerate(wrong):
            method = "POST" if n % 2 and not path.endswith("export") else "GET"
            form = {"sure": "yes", "act": "stop-all"} if method == "POST" else None
            answer = readers.client.open(path.format(text), method=method, data=form, base_url=HOST)
            assert answer.status_code in (404, 308), (path, text)
    assert dump(database) == before


def test_a_flood_on_one_address_sends_one_letter_a_day(readers: Readers) -> None:
    bodies = set()
    spellings = (
        "ada@gmail.com",
        "a.d.a@gmail.com",
        "ada+{}@gmail.com",
        "ADA@googlemail.com",
        "a.da+{}@Gmail.com",
    )
    form = readers.form()
    for n in range(FLOOD):
        email, token = spellings[n % len(spellings)].format(n), readers.token()
        readers.clock.pass_(seconds=4)
        # Each from another network, as the limit of networks would end it at once.
        near = f"198.{n // 250}.{n % 250}.1"
        answer = readers.post("/subscribe", {**form, "email": email, "token": token}, near)
        bodies.add((answer.status_code, answer.data))
    assert len(readers.queued()) == 1
    assert len(bodies) == 1, "whoever asks is told the same"
    readers.clock.pass_(days=1, minutes=1)
    readers.ask(email="ada@gmail.com", cancer_type="lung")
    assert len(readers.queued()) == 2


def test_who_never_answers_is_asked_three_times(readers: Readers) -> None:
    answers = set()
    for n in range(5):
        answers.add(readers.ask(email="ada@gmail.com" if n % 2 else "a.da+x@googlemail.com").data)
        readers.clock.pass_(days=1, minutes=1)
        for letter in readers.catalog.letters.claim("sender", readers.clock(), 9, 60):
            readers.catalog.letters.step("sender", None, letter.id, readers.clock())
            done = Settlement(letter.id, LetterState.SENT)
            readers.catalog.letters.step("sender", done, None, readers.clock())
    assert readers.catalog.letters.letter_counts() == {(LetterKind.CONFIRM, LetterState.SENT): 3}
    assert len(answers) == 1, "whoever asks is told the same"


def test_a_flood_from_one_network_ends_soon(readers: Readers) -> None:
    answers = []
    form = readers.form()
    for n in range(FLOOD):
        sent = {**form, "email": f"reader{n}@readers.example", "token": readers.token()}
        readers.clock.pass_(seconds=3)
        answers.append(readers.post("/subscribe", sent, f"203.0.113.{n % 250}"))
    assert len(readers.queued()) == LIMITS["network_an_hour"]
    assert {answer.status_code for answer in answers} == {200, 429}
    assert len({answer.data for answer in answers if answer.status_code == 429}) == 1
    for n in range(60):
        readers.clock.pass_(minutes=20)
        readers.ask(email=f"later{n}@readers.example")
    assert len(readers.queued()) == LIMITS["network_a_day"]


def test_all_together_there_is_a_cap(readers: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "all_a_day", 5)
    codes = [readers.ask(f"198.51.{n}.1", email=f"reader{n}@readers.example").status_code for n in range(12)]
    assert codes == [200] * 5 + [429] * 7
    assert len(readers.queued()) == 5
    readers.clock.pass_(days=1)
    assert readers.ask(email="next@readers.example").status_code == 200


def test_a_flood_that_is_refused_uses_up_nothing_of_others(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "domain_a_day", 2)
    monkeypatch.setitem(LIMITS, "all_a_day", 4)
    codes = [readers.ask(f"198.51.{n}.1", email=f"reader{n}@flooded.example").status_code for n in range(9)]
    assert codes == [200] * 2 + [429] * 7
    assert readers.ask("203.0.113.1", email="reader@readers.example").status_code == 200


def test_a_flood_on_all_addresses_of_somebodys_domain_ends(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever catches all mail of a domain would get a letter for each name that is thought up."""
    monkeypatch.setitem(LIMITS, "domain_a_day", 4)
    emails = [f"name{n}@{'' if n % 2 else f'below{n}.'}victim.example" for n in range(10)]
    codes = [readers.ask(f"198.51.{n}.1", email=email).status_code for n, email in enumerate(emails)]
    assert codes == [200] * 4 + [429] * 6
    assert len(readers.queued()) == 4
    assert readers.ask("198.51.99.1", email="ada@other.example").status_code == 200
    shared = [readers.ask(f"198.52.{n}.1", email=f"name{n}@gmail.com").status_code for n in range(6)]
    assert shared == [200] * 6


def test_known_unknown_suppressed_and_trapped_get_the_same_answer(readers: Readers) -> None:
    readers.subscribed(email="known@readers.example")
    blocked = Suppression(address_hash("blocked@readers.example"), "complained", "2026-11-01T00:00:00Z")
    readers.catalog.subscribers.suppress(blocked)
    readers.clock.pass_(days=1, minutes=1)
    before = len(readers.queued())
    answers = [
        readers.ask("198.51.1.1", email="known@readers.example"),
        readers.ask("198.51.2.1", email="unknown@readers.example"),
        readers.ask("198.51.3.1", email="blocked@readers.example"),
        readers.ask("198.51.4.1", email="trapped@readers.example", website="https://spam.example"),
    ]
    assert len({(a.status_code, a.data, str(a.headers)) for a in answers}) == 1
    assert [letter.kind for letter in readers.queued()[before:]].count(LetterKind.CONFIRM) <= 1
    kinds = sorted(letter.kind for letter in readers.queued() if letter.created_at > "2026-11-21")
    assert kinds == [LetterKind.CONFIRM, LetterKind.KNOWN]


def test_a_form_is_good_once_and_neither_at_once_nor_after_an_hour(readers: Readers) -> None:
    form = readers.form()
    readers.clock.pass_(seconds=2)
    answer = readers.post("/subscribe", form)
    assert answer.status_code == 422
    assert "quicker than people are" in words(answer)
    assert readers.queued() == []
    readers.clock.pass_(seconds=2)
    assert readers.post("/subscribe", form).status_code == 200
    for n in range(5):
        again = readers.post("/subscribe", {**form, "email": f"other{n}@readers.example"})
        assert again.status_code == 200
    assert len(readers.queued()) == 1, "the same form again is taken for the first"

    form = readers.form(email="late@readers.example")
    readers.clock.pass_(seconds=3_601)
    answer = readers.post("/subscribe", form)
    assert answer.status_code == 422
    assert "open for long" in words(answer)
    for token in ("", "x", form["token"][0][:-1] + "0", "1.a." + "0" * 40):
        assert readers.post("/subscribe", {**form, "token": token}).status_code == 422
    assert len(readers.queued()) == 1


def test_processes_share_what_they_have_counted(readers: Readers, tmp_path: Path) -> None:
    form = readers.form()
    readers.clock.pass_(seconds=20)
    assert readers.post("/subscribe", form).status_code == 200
    other = Readers(readers.catalog, readers.clock, replace(readers.site))
    assert other.post("/subscribe", {**form, "email": "other@readers.example"}).status_code == 200
    assert len(readers.queued()) == 1


def test_whoever_presses_twice_at_once_gets_one_letter(readers: Readers) -> None:
    form = readers.form()
    readers.clock.pass_(seconds=20)
    several = [Readers(readers.catalog, readers.clock, readers.site) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: one.post("/subscribe", form), several))
    assert {(answer.status_code, answer.data) for answer in answers} == {(200, answers[0].data)}
    assert len(readers.queued()) == 1


def test_a_form_of_another_site_is_refused(readers: Readers) -> None:
    form = readers.form()
    readers.clock.pass_(seconds=20)
    headers = {"Origin": "https://evil.example"}
    answer = readers.client.post("/subscribe", data=form, base_url=HOST, headers=headers)
    assert answer.status_code == 403
    assert readers.queued() == []


def test_no_log_holds_a_link_that_works(
    readers: Readers, database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    link = one_click(readers, "somebody", "something")
    with sqlite3.connect(database) as connection:
        connection.execute("ALTER TABLE subscriptions RENAME TO gone")
        connection.execute("ALTER TABLE subscribers RENAME TO away")
    assert readers.get(link).status_code == 503
    (line,) = [message for message in caplog.messages if "/unsubscribe/" in message]
    assert line.startswith("GET /unsubscribe/…: the catalog")
    assert link.rpartition("/")[2] not in caplog.text
