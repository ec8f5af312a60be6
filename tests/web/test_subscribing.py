"""Letters are asked for, confirmed, changed and ended in the pages. Everything is invented."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from catalog.sqlcatalog import SqlCatalog
from domain.addresses import address_hash
from domain.listing import Edition, Moment, Series, State
from domain.subscription import LetterKind, SubscriptionState, WishKind, to_wish
from domain.subscription_ports import Suppression
from tests.web.organizers import words
from tests.web.subscribers import Clock, Readers, form_of, opened_readers
from web.letters.wishes import read_wish, to_pairs

BAD = "\"'><script>alert(1)</script>\x00\u202e"


@pytest.fixture
def readers(catalog: SqlCatalog, tmp_path: Path) -> Iterator[Readers]:
    with opened_readers(catalog, tmp_path, Clock()) as found:
        yield found


def test_from_the_form_to_the_first_letter(readers: Readers) -> None:
    answer = readers.ask(rhythm="daily", audience="professional", zone="africa/nairobi")
    assert "If that address is right, a letter is on its way" in words(answer)
    (letter,) = readers.queued()
    assert letter.kind is LetterKind.CONFIRM
    path = readers.link(letter, "subscribe/confirm")
    page = readers.get(path)
    assert "New papers: Breast cancer" in words(page)
    assert "ada@readers.example" in page.text
    (one,) = readers.catalog.subscribers.subscriptions(letter.subscriber)
    assert one.state is SubscriptionState.PENDING

    assert readers.post(path, {}).status_code == 303
    (one,) = readers.catalog.subscribers.subscriptions(letter.subscriber)
    assert (one.state, one.rhythm, one.audience) == (SubscriptionState.ACTIVE, "daily", "professional")
    assert readers.catalog.subscribers.subscriber(letter.subscriber).zone == "Africa/Nairobi"
    assert "You are subscribed" in words(readers.get(path))
    readers.clock.pass_(days=8)
    assert readers.post(path, {}).status_code == 303, "a link that has done its work is no error later"
    page = readers.get(path)
    assert "You are subscribed" in page.text
    assert "/subscribe/preferences/" not in page.text, "an old link opens nothing but what it was for"


def test_what_is_asked_for_in_one_sitting_waits_for_one_answer(readers: Readers) -> None:
    readers.ask(cancer_type="lung")
    readers.ask(cancer_type="breast")
    readers.ask(cancer_type="liver")
    (letter,) = readers.queued()
    path = readers.link(letter, "subscribe/confirm")
    assert "Asked for, too" not in words(readers.get(path)), "first things first"
    readers.post(path, {})
    page = readers.get(path)
    assert "Asked for, too" in words(page)
    kept = readers.catalog.subscribers.subscriptions(letter.subscriber)
    assert [one.state.value for one in kept] == ["active", "pending", "pending"]
    assert readers.post(path, {"also": kept[1].id}).status_code == 303
    assert "New papers: Breast cancer" not in words(readers.get(path)), "it waits no more"
    assert "New papers: Liver cancer" in words(readers.get(path))
    own = re.search(r"/subscribe/preferences/[\w.-]+", page.text)
    assert own
    answer = readers.post(own[0], {"act": "confirm", "subscription": kept[2].id})
    assert answer.status_code == 303
    states = {one.state.value for one in readers.catalog.subscribers.subscriptions(letter.subscriber)}
    assert states == {"active"}


def test_a_question_answers_for_nobody_else(readers: Readers) -> None:
    readers.ask(cancer_type="lung")
    readers.ask(cancer_type="breast", email="bo@readers.example")
    mine, other = sorted(readers.queued(), key=lambda one: one.created_at)
    path = readers.link(mine, "subscribe/confirm")
    strange = readers.catalog.subscribers.subscriptions(other.subscriber)[0]
    readers.post(path, {"also": strange.id})
    assert readers.catalog.subscribers.subscription(strange.id).state is SubscriptionState.PENDING


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(readers: Readers) -> None:
    form = readers.form(email="ada at readers", zone="Mars/Base", country=["Kenya", "Kenia"], rhythm="daily")
    readers.clock.pass_(seconds=20)
    answer = readers.post("/subscribe", form)
    assert answer.status_code == 422
    told = words(answer)
    assert "Write an e-mail address" in told
    assert "We do not know the time zone “Mars/Base”" in told
    assert "We do not know “Kenia”" in told
    kept = form_of(answer, "/subscribe")
    assert kept["email"] == ["ada at readers"]
    assert kept["zone"] == ["Mars/Base"]
    assert kept["country"] == ["Kenya", "Kenia", ""]
    assert kept["rhythm"] == ["daily"]
    assert readers.queued() == []
    mended = {**kept, "email": "ada@readers.example", "zone": "", "country": "Kenya", "act": "subscribe"}
    assert readers.post("/subscribe", mended).status_code == 200, "the same form still counts"
    (letter,) = readers.queued()
    (one,) = readers.catalog.subscribers.subscriptions(letter.subscriber)
    assert one.wish == to_wish(WishKind.TOPIC, "", {"cancer_type": ("breast",), "country": ("KE",)})


def test_a_topic_of_everything_is_asked_about_and_show_sends_nothing(readers: Readers) -> None:
    vague = readers.form(cancer_type=[])
    readers.clock.pass_(seconds=20)
    answer = readers.post("/subscribe", vague)
    assert answer.status_code == 422
    assert "Choose a cancer type, a country or a language." in words(answer)
    shown = readers.post("/subscribe", readers.form(act="show", cancer_type="lung"))
    assert "New papers: Lung cancer" in words(shown)
    assert form_of(shown, "/subscribe")["email"] == ["ada@readers.example"]
    assert readers.queued() == []


@pytest.mark.parametrize("kind", WishKind)
def test_every_kind_of_wish_has_its_page(readers: Readers, kind: WishKind) -> None:
    target = ""
    if kind is WishKind.SERIES:
        made = readers.catalog.listings.save(Series("", "", "Invented"), State.PUBLIC, "test", "created")
        target = made.id
    if kind in (WishKind.PAPER, WishKind.LIST):
        assert readers.get(f"/subscribe?kind={kind}&target=none").status_code == 404
        return
    page = readers.get(f"/subscribe?kind={kind}&target={target}&q=care&country=KE")
    assert page.status_code == 200
    assert "What last week’s letter would have held" in words(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "Set-Cookie" not in page.headers
    feed = readers.get(f"/subscribe/news.atom?kind={kind}&target={target}&q=care")
    assert feed.status_code == 200, feed.text


def test_hostile_addresses_give_sound_pages(readers: Readers) -> None:
    bad = quote(BAD)
    for path in (
        f"kind=search&q={bad}&journal={bad}",
        f"kind=topic&country={bad}&language={bad}",
        f"q={bad}",
    ):
        page = readers.get(f"/subscribe?{path}")
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        words(page)


def test_one_wish_however_it_is_written() -> None:
    one = read_wish({"kind": ["search"], "cancer_type": ["lung", "breast", "lung"], "sort": ["newest"]})
    other = read_wish({"kind": ["topic"], "cancer_type": ["breast", "lung"], "country": ["Nowhere"]})
    assert one is not None
    assert one == other
    assert read_wish({name: [value] for name, value in to_pairs(one)[:2]}) is not None
    by_name = read_wish({"kind": ["topic"], "country": ["kenya"]})
    assert read_wish({"kind": ["meetings"], "country": ["UK"]}) == read_wish(
        {"kind": ["meetings"], "country": ["GB"]}
    )
    assert by_name == to_wish(WishKind.TOPIC, "", {"country": ("KE",)})


def test_preferences_change_pause_and_stop(readers: Readers) -> None:
    path = readers.subscribed()
    page = readers.get(path)
    assert "New papers: Breast cancer" in words(page)
    subscribers = readers.catalog.subscribers
    change = form_of(page, path, "change") | {"rhythm": "monthly", "audience": "policymaker"}
    answer = readers.post(path, change)
    assert answer.status_code == 303
    assert "That is changed." in words(readers.get(answer.location))
    own = subscribers.by_email("ada@readers.example")
    assert own
    (one,) = subscribers.subscriptions(own.id)
    assert (one.rhythm, one.audience) == ("monthly", "policymaker")

    pause = form_of(page, path, "pause") | {"pause": "4"}
    assert readers.post(path, pause).status_code == 303
    assert "Paused until 18 December 2026" in words(readers.get(path))
    assert readers.post(path, pause | {"pause": "until"}).status_code == 303
    assert subscribers.subscriber(own.id).paused_until.startswith("9999")
    page = readers.get(path)
    assert "Until I take them up again" not in words(page), "what is paused is not paused again"
    assert readers.post(path, form_of(page, path, "resume")).status_code == 303
    assert subscribers.subscriber(own.id).paused_until == ""
    assert readers.post(path, pause | {"pause": "99"}).status_code == 422

    letters = form_of(readers.get(path), path, "letters")
    wrong = readers.post(path, letters | {"zone": "Nowhere/At all"})
    assert wrong.status_code == 422
    assert "We do not know the time zone" in words(wrong)
    assert readers.post(path, letters | {"zone": "Asia/Kolkata", "hour": "18"}).status_code == 303
    assert (subscribers.subscriber(own.id).zone, subscribers.subscriber(own.id).hour) == ("Asia/Kolkata", 18)

    assert readers.post(path, form_of(page, path, "stop")).status_code == 303
    assert subscribers.subscriptions(own.id)[0].state is SubscriptionState.ENDED
    assert readers.post(path, form_of(page, path, "stop")).status_code == 422, "it has ended already"
    told = words(readers.get(path))
    for act in ("Asked for", "Confirmed", "Changed", "Paused", "Taken up again", "Ended"):
        assert act in told


def test_export_and_erasure(readers: Readers) -> None:
    path = readers.subscribed()
    answer = readers.get(f"{path}/export")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ada@readers.example" in json.dumps(answer.json)
    asked = readers.get(f"{path}/erase")
    assert "Erase all that we keep about you?" in words(asked)
    answer = readers.post(f"{path}/erase", {})
    assert answer.status_code == 422
    assert "Tick this" in words(answer)
    assert readers.catalog.subscribers.by_email("ada@readers.example")
    assert "You are erased" in words(readers.post(f"{path}/erase", {"sure": "yes"}))
    assert readers.catalog.subscribers.by_email("ada@readers.example") is None
    for page in (path, f"{path}/export", f"{path}/erase"):
        assert readers.get(page).status_code == 404
    assert readers.post(f"{path}/erase", {"sure": "yes"}).status_code == 404


def test_lists_lead_to_letters_about_them(readers: Readers) -> None:
    listings = readers.catalog.listings
    series = listings.save(Series("", "", "Invented Meeting"), State.PUBLIC, "test", "created")
    edition = Edition("", series.id, "2027", "Invented 2027", Moment("2027-03-08"), Moment("2027-03-10"))
    listings.save(edition, State.PUBLIC, "test", "created")
    for path, wanted in (
        ("/conferences?country=KE&past=no", "kind=meetings&amp;country=KE"),
        ("/conferences/invented-meeting", f"kind=series&amp;target={series.id}"),
        ("/opportunities?country=KE&place=BR&kind=grant", "country=BR&amp;from=KE&amp;subkind=grant"),
        ("/search?q=care&cancer_type=lung", "kind=search&amp;q=care&amp;cancer_type=lung"),
    ):
        page = readers.get(path)
        assert f"/subscribe?{wanted}" in page.text or wanted in page.text, path
        words(page)
    assert "Get letters about this" in words(readers.get("/conferences"))
    assert "Get letters about this" not in words(readers.get("/conferences?support=visa")), "none hold that"
    assert "Choose your letters" in words(readers.get("/"))
    assert "Get letters about what is new" in words(readers.get("/subscribe"))


def test_who_is_suppressed_is_told_so(readers: Readers) -> None:
    path = readers.subscribed()
    blocked = Suppression(address_hash("ada@readers.example"), "bounced", "2026-11-20T10:00:00Z")
    readers.catalog.subscribers.suppress(blocked)
    told = words(readers.get(path))
    assert "Letters to this address came back." in told
    assert "Nothing. Choose letters" in told


@pytest.mark.parametrize(
    "email",
    [
        "ada@readers.example\r\nBcc: eve@evil.example",
        "ada@readers.example, eve@evil.example",
        "ada@readers.example eve@evil.example",
        "Ada <ada@readers.example>",
        '"a\nb"@readers.example',
        "ada@[127.0.0.1]",
        "ada@readers",
        "a" * 65 + "@readers.example",
        "ada@" + "a" * 300 + ".example",
        "\x00@readers.example",
        "",
    ],
)
def test_what_is_no_address_is_asked_for_again(readers: Readers, email: str) -> None:
    """S7: nothing of it can become a header or another recipient."""
    answer = readers.ask(email=email)
    assert answer.status_code == 422
    assert "Write an e-mail address" in words(answer)
    assert readers.queued() == []
