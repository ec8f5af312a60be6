"""Subscribers on both databases: asking, confirming, changing, ending, and what is left of the erased."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from domain.addresses import address_hash
from domain.digest import Audience
from domain.errors import NotAllowed, NotFound
from domain.subscription import (
    LetterKind,
    LetterState,
    Rhythm,
    SubscriptionState,
    WishKind,
    to_wish,
)
from domain.subscription_ports import Outbox, Settlement, Subscribers, Suppression
from tests.catalog.asking import (
    BREAST,
    LUNG,
    NOW,
    after,
    asked,
    consent,
    issue,
    paper,
    round_of,
    send,
    send_all,
    stamp,
    subscribed,
)

ADA = "ada@example.org"
HASH = address_hash(ADA)
FOREVER = "9999-12-31T00:00:00Z"


@pytest.fixture
def subscribers(catalog) -> Subscribers:
    return catalog.subscribers


@pytest.fixture
def outbox(catalog) -> Outbox:
    return catalog.letters


def queued(outbox: Outbox) -> list[LetterKind]:
    return [letter.kind for letter in outbox.letters(LetterState.QUEUED)]


def test_who_asks_is_kept_and_asked_back(subscribers, outbox):
    kept = subscribers.sign_up(asked("Ada.L@Example.ORG", LUNG, rhythm=Rhythm.DAILY), NOW)
    assert (kept.wish, kept.rhythm, kept.audience) == (LUNG, Rhythm.DAILY, Audience.PUBLIC)
    assert (kept.state, kept.asked_at, kept.confirmed_at) == (SubscriptionState.PENDING, stamp(), "")
    person = subscribers.subscriber(kept.subscriber)
    assert (person.email, person.language, person.zone, person.hour) == (
        "Ada.L@example.org",
        "en",
        "Europe/Oslo",
        7,
    )
    assert subscribers.by_email("ada.l@EXAMPLE.org") == person
    assert subscribers.by_email("nobody@example.org") is None
    (question,) = outbox.claim("sender", NOW, 10, 60)
    assert (question.kind, question.subscriber) == (LetterKind.CONFIRM, person.id)
    assert [(s.subscription, s.news) for s in question.sections] == [(kept.id, ())]
    (record,) = subscribers.consents(person.id)
    assert (record.act, record.subscription, record.wording, record.network) == (
        "asked",
        kept.id,
        "v1",
        "hash",
    )


def test_nothing_is_sent_but_the_question_until_it_is_answered(catalog, subscribers):
    kept = subscribers.sign_up(asked(), NOW)
    assert subscribers.wishes() == []
    assert subscribers.rounds(after(days=40)) == []
    confirmed = subscribers.confirm(kept.id, consent("confirmed", after(hours=1)))
    assert (confirmed.state, confirmed.confirmed_at) == (SubscriptionState.ACTIVE, stamp(after(hours=1)))
    assert subscribers.confirm(kept.id, consent("confirmed", after(hours=2))) == confirmed
    assert [c.act for c in subscribers.consents(kept.subscriber)] == ["asked", "confirmed"]
    assert subscribers.wishes() == [LUNG]
    due = round_of(catalog, confirmed)
    assert (due.rhythm, due.due_at, due.slot, due.subscriptions) == (Rhythm.WEEKLY, "", "", (confirmed,))
    with pytest.raises(NotFound):
        subscribers.confirm("nothing", consent("confirmed"))


def test_an_answer_makes_a_question_that_waits_idle(subscribers, outbox):
    kept = subscribers.sign_up(asked(), NOW)
    subscribers.confirm(kept.id, consent("confirmed"))
    assert queued(outbox) == []
    assert outbox.letter_counts() == {(LetterKind.CONFIRM, LetterState.DROPPED): 1}


def test_the_same_address_and_wish_are_one_subscription(catalog, subscribers):
    first = subscribers.sign_up(asked(), NOW)
    again = subscribers.sign_up(asked("ADA@example.org", rhythm=Rhythm.DAILY), NOW)
    assert again.id == first.id
    send_all(catalog)
    later = subscribers.sign_up(asked(rhythm=Rhythm.DAILY, zone="Asia/Tokyo"), after(days=2))
    assert (later.id, later.rhythm, later.asked_at) == (first.id, Rhythm.DAILY, stamp(after(days=2)))
    assert subscribers.subscriber(first.subscriber).zone == "Asia/Tokyo"
    other = subscribers.sign_up(asked(audience="professional"), after(days=4))
    assert (other.id != first.id, other.subscriber) == (True, first.subscriber)
    assert subscribers.subscriptions(first.subscriber) == [later, other]
    assert subscribers.counts()["subscribers"] == 1


def test_a_mailbox_is_asked_once_a_day_however_it_is_written(catalog, subscribers, outbox):
    def ask(email: str, wish, at, key: str = "box"):
        kept = subscribers.sign_up(asked(email, wish, address_key=key), at)
        send_all(catalog, at)
        return kept

    assert ask(ADA, LUNG, NOW)
    for email, wish in ((ADA, BREAST), ("ada+1@example.org", LUNG), (ADA, LUNG)):
        assert ask(email, wish, after(hours=23, minutes=59)) is None
    assert subscribers.counts()["subscribers"] == 1
    assert subscribers.counts()["pending"] == 2, "what else they ask for waits for the same answer"
    assert ask("bo@example.org", LUNG, NOW, "another")
    assert ask(ADA, BREAST, after(hours=24))
    assert outbox.letter_counts()[LetterKind.CONFIRM, LetterState.SENT] == 3
    assert ask(ADA, to_wish(WishKind.SEARCH, "x"), NOW) is None, "a clock that goes back lifts no limit"


def test_who_never_answers_is_asked_three_times_in_ninety_days(catalog, subscribers, outbox):
    def ask(email: str, days: float, wish=LUNG) -> bool:
        before = sum(outbox.letter_counts().values())
        subscribers.sign_up(asked(email, wish, address_key="box"), after(days=days))
        send_all(catalog, after(days=days))
        return sum(outbox.letter_counts().values()) > before

    assert [ask(ADA, days) for days in (0, 2, 4, 6, 8, 89.9)] == [True] * 3 + [False] * 3
    assert not ask("ada+1@example.org", 89.9), "by the mailbox, however it is written"
    assert ask(ADA, 90)
    assert not ask(ADA, 91.5)
    (one,) = subscribers.subscriptions(subscribers.by_email(ADA).id)
    subscribers.confirm(one.id, consent("confirmed", after(days=91.6)), "box")
    assert [ask("ada+1@example.org", days) for days in (92, 94, 96, 98)] == [True] * 3 + [False], "reset"
    wishes = [to_wish(WishKind.SEARCH, f"w{n}") for n in range(4)]
    assert all(ask(ADA, 100 + 2 * n, wish) for n, wish in enumerate(wishes)), "who has letters is free of it"
    subscribers.end(one.subscriber, consent("unsubscribed", after(days=110)))
    assert not ask(ADA, 112)


def test_an_answer_lifts_no_limit_of_the_day(subscribers):
    kept = subscribers.sign_up(asked(address_key="box"), NOW)
    subscribers.confirm(kept.id, consent("confirmed", after(hours=1)), "box")
    assert subscribers.sign_up(asked(wish=BREAST, address_key="box"), after(hours=2)) is None


def test_not_everything_waits_that_is_asked_in_somebodys_name(catalog, subscribers, outbox):
    first = subscribers.sign_up(asked(ADA, LUNG), NOW)
    for number in range(40):
        assert subscribers.sign_up(asked(ADA, to_wish(WishKind.SEARCH, f"w{number}")), NOW) is None
    kept = subscribers.subscriptions(first.subscriber)
    assert {one.state for one in kept} == {SubscriptionState.PENDING}
    assert len(kept) == 20
    assert len(queued(outbox)) == 1
    assert subscribers.confirm(kept[7].id, consent("confirmed")).state is SubscriptionState.ACTIVE


def test_a_question_that_waits_is_not_asked_twice(subscribers, outbox):
    for day in range(4):
        subscribers.sign_up(asked(), after(days=day))
    assert queued(outbox) == [LetterKind.CONFIRM]


def test_the_limit_can_be_higher_and_counts_without_a_key(catalog, subscribers):
    wishes = [to_wish(WishKind.SEARCH, f"w{n}") for n in range(4)]
    kept = [subscribers.sign_up(asked(ADA, wish), NOW, question_limit=3) for wish in wishes]
    assert [one is not None for one in kept] == [True, True, True, False]


def test_asking_again_never_makes_it_unconfirmed(catalog, subscribers, outbox):
    mine = subscribed(catalog)
    again = subscribers.sign_up(asked(rhythm=Rhythm.DAILY, language="fr"), after(days=2))
    assert again == mine == subscribers.subscription(mine.id)
    assert subscribers.subscriber(mine.subscriber).language == "en"
    (known,) = outbox.claim("sender", after(days=2), 10, 60)
    assert (known.kind, known.sections[0].subscription) == (LetterKind.KNOWN, mine.id)
    outbox.release("sender")
    assert subscribers.sign_up(asked(), after(days=5)) == mine
    assert queued(outbox) == [LetterKind.KNOWN]


def test_what_ended_begins_anew_and_its_link_opens_nothing(catalog, subscribers):
    first = subscribed(catalog)
    assert subscribers.end(first.subscriber, consent("unsubscribed", after(hours=1)), first.id) == 1
    second = subscribers.sign_up(asked(), after(days=2))
    assert second.id != first.id
    assert second.state is SubscriptionState.PENDING
    stays = subscribers.confirm(first.id, consent("confirmed", after(days=3)))
    assert (stays.state, stays.ended_at) == (SubscriptionState.ENDED, stamp(after(hours=1)))
    assert [s.state.value for s in subscribers.subscriptions(first.subscriber)] == ["ended", "pending"]


def test_what_is_no_address_is_refused(subscribers):
    with pytest.raises(ValueError, match="address"):
        subscribers.sign_up(asked("ada@example.org\nBcc: bo@example.org"), NOW)
    assert subscribers.counts()["subscribers"] == 0


def test_texts_that_no_database_can_keep_are_mended(subscribers):
    odd = to_wish(WishKind.SEARCH, "lung\0cancer \ud800", {"journal": ("\udfff",)})
    kept = subscribers.sign_up(asked(ADA, odd, language="e\0n"), NOW)
    assert subscribers.subscription(kept.id) == kept
    assert subscribers.sign_up(asked(ADA, odd), NOW).id == kept.id
    assert "\ud800" not in kept.wish.text
    assert subscribers.by_email("\ud800") is None
    for ask in (subscribers.subscriber, subscribers.subscriptions, subscribers.subscription):
        with pytest.raises(NotFound):
            ask("\0")


def test_choices_are_saved_and_rounds_follow(catalog, subscribers):
    mine = subscribed(catalog)
    subscribers.compose([issue(catalog, mine)], NOW)
    assert subscribers.rounds(after(days=6)) == []
    person = subscribers.subscriber(mine.subscriber)
    subscribers.update(replace(person, language="fr"), consent("changed"))
    assert subscribers.rounds(after(days=6)) == []
    changed = replace(person, language="fr", zone="Asia/Tokyo", hour=20)
    subscribers.update(changed, consent("changed"))
    assert subscribers.subscriber(person.id) == changed
    (due,) = subscribers.rounds(NOW)
    assert (due.due_at, due.slot, due.subscriber) == ("", "weekly/1", changed)
    assert [c.act for c in subscribers.consents(person.id)][2:] == ["changed", "changed"]
    with pytest.raises(NotFound):
        subscribers.update(replace(person, id="nobody"), consent("changed"))


def test_a_pause_holds_what_waits(catalog, subscribers, outbox):
    mine = subscribed(catalog)
    due = issue(catalog, mine, paper(1))
    subscribers.compose([due], NOW)
    (letter,) = outbox.claim("sender", NOW, 10, 600)
    person = subscribers.subscriber(mine.subscriber)
    subscribers.update(replace(person, paused_until=stamp(after(days=3))), consent("paused"))
    assert outbox.letter(letter.id).state is LetterState.QUEUED
    assert subscribers.rounds(after(days=2)) == outbox.claim("other", after(days=2), 10, 60) == []
    assert subscribers.recall([person.id], paper(1, due.sections[0].news[0].kind.RETRACTED), NOW) == 1
    assert outbox.claim("other", after(days=2), 10, 60) == []
    subscribers.update(replace(person, paused_until=FOREVER), consent("paused"))
    assert outbox.claim("other", after(days=9000), 10, 60) == []
    subscribers.update(replace(person, paused_until=""), consent("resumed"))
    kinds = [letter.kind for letter in outbox.claim("other", after(days=2), 10, 60)]
    assert kinds == [LetterKind.RECALL, LetterKind.ISSUE]
    assert subscribers.sign_up(asked(ADA, BREAST), after(days=2))


def test_what_comes_back_during_a_pause_is_held(catalog, subscribers, outbox):
    mine = subscribed(catalog)
    subscribers.compose([issue(catalog, mine, paper(1))], NOW)
    (letter,) = outbox.claim("sender", NOW, 10, 60)
    outbox.step("sender", None, letter.id, NOW)
    person = subscribers.subscriber(mine.subscriber)
    subscribers.update(replace(person, paused_until=stamp(after(days=3))), consent("paused"))
    assert outbox.letter(letter.id).state is LetterState.SENDING
    outbox.step("sender", Settlement(letter.id, LetterState.QUEUED, "451"), None, NOW)
    assert outbox.claim("sender", after(days=2), 10, 60) == []
    assert len(outbox.claim("sender", after(days=3), 10, 60)) == 1


def test_who_has_paused_since_gets_it_later(catalog, subscribers, outbox):
    mine = subscribed(catalog)
    due = issue(catalog, mine, paper(1))
    person = subscribers.subscriber(mine.subscriber)
    subscribers.update(replace(person, paused_until=stamp(after(days=3))), consent("paused"))
    assert subscribers.compose([due], NOW) == 1
    assert outbox.claim("sender", after(days=2), 10, 60) == []
    assert len(outbox.claim("sender", after(days=3), 10, 60)) == 1
    subscribers.update(replace(person, paused_until="9999-12-31T00:00:00Z"), consent("paused"))
    assert subscribers.counts()["paused"] == 1


def test_another_rhythm_has_its_own_round(catalog, subscribers):
    mine = subscribed(catalog)
    other = subscribed(catalog, wish=BREAST)
    subscribers.compose([issue(catalog, mine)], NOW)
    daily = replace(mine, rhythm=Rhythm.DAILY, audience=Audience.PROFESSIONAL)
    subscribers.change(daily, consent("changed"))
    assert subscribers.subscription(mine.id) == daily
    (due,) = subscribers.rounds(NOW)
    assert (due.rhythm, due.subscriptions) == (Rhythm.DAILY, (daily,))
    subscribers.change(replace(other, rhythm=Rhythm.DAILY), consent("changed"))
    (due,) = subscribers.rounds(after(days=8))
    assert [s.id for s in due.subscriptions] == [mine.id, other.id]


def test_no_two_subscriptions_to_the_same(catalog, subscribers):
    mine = subscribed(catalog)
    other = subscribed(catalog, audience="professional")
    with pytest.raises(NotAllowed):
        subscribers.change(replace(other, audience=Audience.PUBLIC), consent("changed"))
    subscribers.end(mine.subscriber, consent("unsubscribed"), mine.id)
    subscribers.change(replace(other, audience=Audience.PUBLIC), consent("changed"))
    subscribers.change(replace(mine, rhythm=Rhythm.DAILY), consent("changed"))
    assert subscribers.subscription(mine.id).rhythm is Rhythm.WEEKLY, "what has ended stays as it was"
    with pytest.raises(NotFound):
        subscribers.change(replace(mine, id="nothing"), consent("changed"))


def test_ending_is_done_once(catalog, subscribers):
    mine, other = subscribed(catalog), subscribed(catalog, wish=BREAST)
    stranger = subscribed(catalog, "bo@example.org")
    with pytest.raises(NotFound):
        subscribers.end(mine.subscriber, consent("unsubscribed"), stranger.id)
    with pytest.raises(NotFound):
        subscribers.end("nobody", consent("unsubscribed"))
    ends = [subscribers.end(mine.subscriber, consent("one-click"), mine.id) for _ in range(3)]
    assert ends == [1, 0, 0]
    assert subscribers.end(mine.subscriber, consent("unsubscribed")) == 1
    acts = [(c.act, c.subscription) for c in subscribers.consents(mine.subscriber)][4:]
    assert acts == [("one-click", mine.id), ("unsubscribed", other.id)]
    assert {r.subscriber.id for r in subscribers.rounds(NOW)} == {stranger.subscriber}


def test_what_waits_for_what_ended_is_dropped_and_the_rest_is_sent(catalog, subscribers, outbox):
    mine, other = subscribed(catalog), subscribed(catalog, wish=BREAST)
    one, two = issue(catalog, mine, paper(1)), issue(catalog, other, paper(2))
    subscribers.compose([replace(one, sections=one.sections + two.sections)], NOW)
    (letter,) = outbox.claim("sender", NOW, 10, 60)
    subscribers.end(mine.subscriber, consent("unsubscribed"), mine.id)
    kept = outbox.letter(letter.id)
    assert (kept.state, kept.sections) == (LetterState.QUEUED, two.sections)
    subscribers.end(mine.subscriber, consent("unsubscribed"), other.id)
    assert outbox.letter(letter.id).state is LetterState.DROPPED
    assert outbox.claim("sender", NOW, 10, 60) == []


def test_a_suppressed_address_gets_nothing(catalog, subscribers, outbox):
    mine = subscribed(catalog)
    subscribers.compose([issue(catalog, mine, paper(1))], NOW)
    subscribers.suppress(Suppression(HASH, "complained", stamp()))
    assert subscribers.suppression(HASH) == Suppression(HASH, "complained", stamp())
    assert subscribers.suppression("nothing") is None
    assert subscribers.subscription(mine.id).state is SubscriptionState.ENDED
    assert subscribers.consents(mine.subscriber)[-1].act == "complained"
    assert outbox.claim("sender", NOW, 10, 60) == subscribers.rounds(after(days=60)) == []
    assert subscribers.sign_up(asked(), after(days=2)) is None
    assert subscribers.sign_up(asked("ADA@Example.org"), after(days=2)) is None
    assert subscribers.counts()["suppressed"] == 1
    assert [subscribers.lift(HASH), subscribers.lift(HASH)] == [True, False]
    assert subscribers.sign_up(asked(), after(days=2)).state is SubscriptionState.PENDING


def sent_letter(catalog, mine, number):
    at = after(days=number)
    round_ = replace(issue(catalog, mine, paper(number), slot=f"s{number}"), next_at="")
    catalog.subscribers.compose([round_], at)
    (letter,) = send_all(catalog, at)
    return letter


def bounce(catalog, letter, number, hard=False):
    return catalog.subscribers.bounced(letter.id, after(days=number, hours=1), hard=hard, reason="full")


def test_five_passing_bounces_in_a_row_suppress(catalog, subscribers):
    mine = subscribed(catalog)
    letters = [sent_letter(catalog, mine, n) for n in range(1, 6)]
    assert [bounce(catalog, letter, n) for n, letter in enumerate(letters, 1)] == [False] * 4 + [True]
    assert subscribers.suppression(HASH).reason == "bounced"
    assert subscribers.subscription(mine.id).state is SubscriptionState.ENDED


def test_a_letter_that_arrived_begins_the_count_anew(catalog, subscribers, outbox):
    mine = subscribed(catalog)
    for n in range(1, 12):
        letter = sent_letter(catalog, mine, n)
        if n % 5:
            assert not bounce(catalog, letter, n)
            assert not bounce(catalog, letter, n), "reports about one letter count once"
    assert outbox.forget(after(days=11)) == 11, "ten issues and the question"
    for n in (12, 13):
        assert not bounce(catalog, sent_letter(catalog, mine, n), n)
    assert not bounce(catalog, sent_letter(catalog, mine, 14), 14)
    assert bounce(catalog, sent_letter(catalog, mine, 15), 15)


def test_what_is_forgotten_still_shows_that_letters_arrived(catalog, subscribers, outbox):
    mine = subscribed(catalog)
    for n in range(1, 5):
        bounce(catalog, sent_letter(catalog, mine, n), n)
    sent_letter(catalog, mine, 5)
    outbox.forget(after(days=6))
    assert not bounce(catalog, sent_letter(catalog, mine, 7), 7)


def test_one_bounce_for_good_suppresses(catalog, subscribers, outbox):
    mine = subscribed(catalog)
    letter = sent_letter(catalog, mine, 1)
    assert bounce(catalog, letter, 1, hard=True)
    assert outbox.letter(letter.id).answer == "full"
    assert subscribers.consents(mine.subscriber)[-1].act == "bounced"
    with pytest.raises(NotFound):
        subscribers.bounced("nothing", NOW, hard=True, reason="")


def test_what_came_back_had_gone(catalog, subscribers, outbox):
    mine = subscribed(catalog)
    subscribers.compose([issue(catalog, mine, paper(1))], NOW)
    (letter,) = outbox.claim("sender", NOW, 10, 60)
    send(catalog, letter, state=LetterState.UNCERTAIN)
    assert not bounce(catalog, letter, 1)
    assert outbox.letter(letter.id).state is LetterState.SENT


def test_everything_that_is_kept_is_exported(catalog, subscribers):
    mine = subscribed(catalog)
    subscribers.compose([issue(catalog, mine, paper(1))], NOW)
    exported = subscribers.export(mine.subscriber)
    assert json.loads(json.dumps(exported)) == exported
    assert exported["subscriber"]["email"] == ADA
    assert [s["wish"]["text"] for s in exported["subscriptions"]] == ["lung"]
    assert [c["act"] for c in exported["consents"]] == ["asked", "confirmed"]
    assert [letter["kind"] for letter in exported["letters"]] == ["confirm", "issue"]
    assert exported["told"] == [paper(1).key]
    with pytest.raises(NotFound):
        subscribers.export("nobody")


def everywhere(catalog) -> str:
    """Every value of every row."""
    with catalog._database.read() as connection:
        from catalog.tables import METADATA

        rows = [connection.execute(table.select()).all() for table in METADATA.sorted_tables]
    return repr(rows).lower()


def test_nothing_is_left_of_who_is_erased(catalog, subscribers, outbox):
    bo = subscribed(catalog, "bo@example.org")
    secret = to_wish(WishKind.SEARCH, "written by ada@example.org")
    mine, other = subscribed(catalog), subscribed(catalog, wish=secret)
    subscribers.tell({secret.key: [paper(1)], LUNG.key: [paper(1)]})
    subscribers.compose([issue(catalog, mine, paper(1)), issue(catalog, bo, paper(1))], NOW)
    subscribers.update(replace(subscribers.subscriber(mine.subscriber), language="fr"), consent("changed"))
    before = outbox.letter_counts()
    for name in ("ada@example", mine.subscriber.lower(), mine.id.lower(), other.id.lower()):
        assert name in everywhere(catalog)
    subscribers.erase(mine.subscriber, NOW)
    for name in ("ada@example", mine.subscriber.lower(), mine.id.lower(), other.id.lower()):
        assert name not in everywhere(catalog)
    for ask in (subscribers.subscriber, subscribers.export, lambda name: subscribers.erase(name, NOW)):
        with pytest.raises(NotFound):
            ask(mine.subscriber)
    assert subscribers.wishes() == [LUNG]
    assert subscribers.subscription(bo.id) == bo
    assert len(subscribers.told(LUNG.key, "")) == 1
    issues = LetterKind.ISSUE
    assert outbox.letter_counts() == {
        **before,
        (issues, LetterState.QUEUED): 1,
        (issues, LetterState.DROPPED): 1,
    }
    assert subscribers.counts()["erased"] == 1
    assert subscribers.sign_up(asked(address_key=""), NOW) is None, "erasing lifts no limit"


def test_the_file_holds_no_address_of_who_is_erased(catalog, subscribers, url, tmp_path):
    """Rows move between pages as tables grow, change and shrink: no copy may stay behind."""
    if not url.startswith("sqlite"):
        pytest.skip("PostgreSQL wipes out what was deleted when it vacuums")
    people = []
    for n in range(150):
        wish = to_wish(WishKind.SEARCH, f"by person{n:04}")
        mine = subscribed(catalog, f"person{n:04}@gone{n:04}.example", wish)
        people.append(subscribers.subscriber(mine.subscriber))
    people.sort(key=lambda person: person.id)
    for n, person in enumerate(people):
        changed = replace(person, language="pt" * (n % 40), paused_until=stamp(after(days=n % 7)))
        subscribers.update(changed, consent("changed"))
    for person in people[::2] + people[1::4]:
        subscribers.erase(person.id, NOW)
    left = subscribers.several(person.id for person in people).values()
    kept = {person.email[:10] for person in left}
    held = b"".join(path.read_bytes() for path in tmp_path.glob("catalog.db*"))
    found = {f"person{n:04}" for n in range(150) if f"person{n:04}".encode() in held}
    domains = {f"person{n:04}" for n in range(150) if f"gone{n:04}".encode() in held}
    assert found == domains == kept


def test_who_never_answered_is_forgotten(catalog, subscribers, outbox):
    mine = subscribed(catalog)
    pending = subscribers.sign_up(asked(ADA, BREAST), NOW, question_limit=9)
    stranger = subscribers.sign_up(asked("bo@example.org"), NOW)
    fresh = subscribers.sign_up(asked("cy@example.org"), after(days=3))
    assert subscribers.forget_unconfirmed(after(days=2)) == 2
    assert subscribers.subscriptions(mine.subscriber) == [mine]
    assert [c.subscription for c in subscribers.consents(mine.subscriber)] == [mine.id] * 2
    for ask, name in ((subscribers.subscription, pending.id), (subscribers.subscriber, stranger.subscriber)):
        with pytest.raises(NotFound):
            ask(name)
    assert [letter.subscriber for letter in outbox.claim("s", after(days=3), 9, 60)] == [fresh.subscriber]
    assert subscribers.forget_unconfirmed(after(days=2)) == 0


def test_subscribers_are_counted(catalog, subscribers):
    for n in range(5):
        subscribed(catalog, f"p{n}@example.org", (LUNG, BREAST)[n % 2])
    subscribers.sign_up(asked("q@example.org"), NOW)
    subscribers.end(subscribers.by_email("p0@example.org").id, consent("unsubscribed"))
    counts = subscribers.counts()
    assert counts == {
        "subscribers": 6,
        "active": 4,
        "pending": 1,
        "ended": 1,
        "paused": 0,
        "suppressed": 0,
        "wishes": 2,
        "erased": 0,
    }


def test_what_refers_to_others_is_checked(catalog):
    with catalog._database.read() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def test_several_are_read_at_once_and_who_is_gone_is_left_out(catalog):
    people = [subscribed(catalog, f"p{n}@example.org").subscriber for n in range(3)]
    catalog.subscribers.erase(people[1], NOW)
    found = catalog.subscribers.several([*people, "nobody"])
    assert set(found) == {people[0], people[2]}
    assert found[people[0]] == catalog.subscribers.subscriber(people[0])
