"""Sending to a real SMTP server that fails in every way there is. All addresses are invented."""

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from domain.addresses import address_hash
from domain.errors import CatalogError, MailError
from domain.subscription import Consent, LetterState
from domain.subscription_ports import Outbox, Settlement, Suppression
from subscriptions.mail.rates import Rates
from subscriptions.mail.smtp import Patience
from subscriptions.mail.tally import Tally
from tests.subscriptions.office import Office, Words, emails
from tests.subscriptions.sink import Sink

QUEUED, SENT, FAILED = LetterState.QUEUED, LetterState.SENT, LetterState.FAILED
UNCERTAIN, DROPPED = LetterState.UNCERTAIN, LetterState.DROPPED
MINUTE = 60.0


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as opened:
        yield opened


@pytest.fixture
def office(sink: Sink, tmp_path: Path) -> Office:
    return Office(f"sqlite:///{tmp_path / 'findings.db'}", sink.port)


def at(address: str, answer: str) -> Callable[[str], str | None]:
    return lambda given: answer if given == address else None


def once(answer: str) -> Callable[[str], str | None]:
    left = [answer]
    return lambda _: left.pop() if left else None


def act(office: Office, do: Callable[[SqlCatalog], object]) -> None:
    with contextlib.closing(open_catalog(office.url)) as catalog:
        do(catalog)


def test_each_gets_one_letter_in_one_conversation(office: Office, sink: Sink) -> None:
    office.fill(emails(30))
    assert office.send()
    assert sorted(sink.recipients) == sorted(emails(30))
    assert set(office.states().values()) == {SENT}
    assert sink.sessions == 1
    assert office.tally.counts == {"sent": 30}
    assert office.send()
    assert len(sink.kept) == 30


def test_a_conversation_ends_after_so_many_letters(office: Office, sink: Sink) -> None:
    office.fill(emails(5))
    office.patience = Patience(5, 5, 5, 2)
    office.send()
    assert (len(sink.kept), sink.sessions) == (5, 3)


def test_several_senders_share_the_work(office: Office, sink: Sink) -> None:
    office.fill(emails(30))
    office.batch, sink.delay = 5, 0.02
    office.send(4)
    assert sorted(sink.recipients) == sorted(emails(30))
    assert sink.sessions > 1


def test_who_is_not_there_is_written_to_no_more(office: Office, sink: Sink) -> None:
    office.fill(emails(3))
    sink.at_rcpt = at("p1@society.example", "550 5.1.1 p1@society.example: no such user")
    office.send()
    assert office.states() == {
        "p0@society.example": SENT,
        "p1@society.example": FAILED,
        "p2@society.example": SENT,
    }
    assert office.tally.failed == {"dead": 1}
    assert sink.sessions == 1
    (failed,) = office.letters(FAILED)
    assert failed.answer == "550 5.1.1 …: no such user"
    act(office, lambda catalog: _is_suppressed(catalog, "p1@society.example", "bounced"))


def _is_suppressed(catalog: SqlCatalog, email: str, reason: str) -> None:
    found = catalog.subscribers.suppression(address_hash(email))
    assert found is not None
    assert found.reason == reason


def test_a_full_mailbox_fails_and_its_owner_stays(office: Office, sink: Sink) -> None:
    office.fill(emails(1))
    sink.at_data = lambda _: "552 5.2.2 over quota"
    office.send()
    assert office.states() == {"p0@society.example": FAILED}
    assert office.tally.failed == {"full": 1}

    def stays(catalog: SqlCatalog) -> None:
        assert catalog.subscribers.suppression(address_hash("p0@society.example")) is None

    act(office, stays)


def test_greylisting_is_waited_for_longer_each_time_and_not_for_ever(office: Office, sink: Sink) -> None:
    office.fill(emails(2))
    sink.at_rcpt = at("p1@society.example", "450 4.2.0 greylisted, try again later")
    waits = []
    for _ in range(20):
        office.send()
        if not office.letters(QUEUED):
            break
        (waiting,) = office.letters(QUEUED)
        waits.append((datetime.fromisoformat(waiting.not_before) - office.clock()).total_seconds() / MINUTE)
        office.send()
        assert office.tally.counts["again"] == len(waits), "nothing is tried before its time"
        office.ahead += waits[-1] * MINUTE + 1
    assert [round(wait) for wait in waits] == [5, 15, 30, 60, 120, 240, 480, 720, 1080, 1440]
    assert office.states() == {"p0@society.example": SENT, "p1@society.example": FAILED}
    assert len(sink.kept) == 1


def test_greylisting_that_ends_costs_a_wait_alone(office: Office, sink: Sink) -> None:
    office.fill(emails(2))
    sink.at_rcpt = once("451 4.7.1 Greylisting in action")
    office.send()
    office.ahead = 6 * MINUTE
    office.send()
    assert sorted(sink.recipients) == emails(2)
    assert set(office.states().values()) == {SENT}


def test_a_server_that_ends_the_conversation_between_letters_gets_the_rest_in_another(
    office: Office, sink: Sink
) -> None:
    office.fill(emails(6))
    sink.at_data = lambda _: "close" if len(sink.kept) in (1, 3) else None
    office.send()
    assert sorted(sink.recipients) == emails(6)
    assert set(office.states().values()) == {SENT}
    assert sink.sessions == 3


def test_421_before_a_letter_is_tried_in_a_new_conversation_at_once(office: Office, sink: Sink) -> None:
    office.fill(emails(6))
    seen: list[str] = []

    def at_rcpt(address: str) -> str | None:
        seen.append(address)
        return "421 4.3.2 too many letters in this session" if len(seen) == 3 else None

    sink.at_rcpt = at_rcpt
    office.send()
    assert sorted(sink.recipients) == emails(6)
    assert sink.sessions == 2


def test_a_line_that_breaks_before_the_letter_left_costs_a_wait(office: Office, sink: Sink) -> None:
    office.fill(emails(2))
    sink.at_rcpt = at("p1@society.example", "drop")
    office.send()
    assert office.states() == {"p0@society.example": SENT, "p1@society.example": QUEUED}
    sink.at_rcpt = lambda _: None
    office.ahead = 6 * MINUTE
    office.send()
    assert sorted(sink.recipients) == emails(2)


def test_a_line_that_breaks_after_the_dot_leaves_it_uncertain_and_nothing_is_repeated(
    office: Office, sink: Sink
) -> None:
    office.fill(emails(4))
    sink.at_data = at("p1@society.example", "drop")
    office.send()
    for ahead in (MINUTE, 3600 * 24, 3600 * 24 * 30):
        office.ahead = ahead
        office.send()
    assert office.states()["p1@society.example"] is UNCERTAIN
    assert sorted(sink.recipients) == emails(4), "it had it"
    assert office.tally.counts == {"sent": 3, "uncertain": 1}


def test_a_server_that_answers_no_letter_leaves_three_in_doubt_not_all(office: Office, sink: Sink) -> None:
    office.fill(emails(20))
    sink.at_data = lambda _: "drop"
    with pytest.raises(MailError, match="3 letters in a row"):
        office.send()
    assert Counter(office.states().values()) == {UNCERTAIN: 3, QUEUED: 17}
    assert list(office.rates.resting()) == ["*"]
    sink.at_data = lambda _: None
    office.send()
    assert Counter(office.states().values()) == {UNCERTAIN: 3, SENT: 17}
    assert Counter(sink.recipients) == Counter(emails(20))
    assert office.rates.resting() == {}


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "554 5.7.1 relay access denied"])
def test_a_server_that_refuses_everybody_ends_not_what_everybody_asked_for(
    office: Office, sink: Sink, answer: str
) -> None:
    people = [f"p@society{n}.example" for n in range(30)]
    office.fill(people)
    sink.at_rcpt = lambda _: answer
    with pytest.raises(MailError, match="refused 20 letters in a row"):
        office.send()
    assert Counter(office.states().values()) == {FAILED: 20, QUEUED: 10}
    assert "*" in office.rates.resting()
    sink.at_rcpt = lambda _: None
    office.send()
    assert Counter(office.states().values()) == {FAILED: 20, SENT: 10}
    assert "*" not in office.rates.resting()


def test_a_server_that_takes_too_long_with_its_answer_leaves_it_uncertain(office: Office, sink: Sink) -> None:
    office.fill(emails(1))
    office.patience = Patience(5, 5, 0.2, 500)
    sink.delay = 0.6
    office.send()
    assert office.states() == {"p0@society.example": UNCERTAIN}
    assert len(sink.kept) == 1


def test_a_slow_server_is_waited_for_as_long_as_the_claim_is_renewed(office: Office, sink: Sink) -> None:
    office.fill(emails(2))
    office.lease, sink.delay = 1.0, 2.5
    office.send()
    assert set(office.states().values()) == {SENT}


def test_a_domain_that_refuses_us_is_left_alone_and_the_operator_told(office: Office, sink: Sink) -> None:
    office.fill([*emails(5, "strict.example"), *emails(3)])
    sink.at_rcpt = lambda given: "550 5.7.1 blocked" if given.endswith("@strict.example") else None
    office.send()
    states = office.states()
    assert sorted(sink.recipients) == emails(3)
    strict = [states[email] for email in emails(5, "strict.example")]
    assert sorted(strict) == [FAILED, QUEUED, QUEUED, QUEUED, QUEUED]
    assert office.tally.alarms == ["strict.example refuses us: 550 5.7.1 blocked"]
    office.send()
    assert sorted(office.states().values()).count(FAILED) == 1
    assert not office.letters(LetterState.CLAIMED)


def test_a_domain_that_wants_patience_rests_and_others_go_on(office: Office, sink: Sink) -> None:
    office.fill([*emails(5, "busy.example"), *emails(3)])
    sink.at_rcpt = lambda given: "451 4.7.28 slow down" if given.endswith("@busy.example") else None
    office.send()
    assert sorted(sink.recipients) == emails(3)
    assert office.tally.counts == {"sent": 3, "rest": 1}
    sink.at_rcpt = lambda _: None
    office.ahead = 6 * MINUTE
    office.rates = Rates(0, own={}, wall=office.clock)
    office.send()
    assert len(sink.kept) == 8


def test_a_slow_rate_of_one_domain_holds_up_no_other(office: Office, sink: Sink) -> None:
    office.fill([*emails(2, "slow.example"), *emails(10)])
    office.rates = Rates(0, own={"slow.example": 20})
    while office.rates.take("slow.example") == 0.0:
        pass
    office.batch = 2
    office.send()
    assert len(sink.kept) == 12
    slow = [place for place, address in enumerate(sink.recipients) if address.endswith("@slow.example")]
    assert slow[0] >= 5, "the others went first, though it was the first in the queue"
    assert slow[1] == 11


@pytest.mark.parametrize(
    "answer", ["530 5.7.0 log in first", "535 5.7.8 bad credentials"], ids=["530", "535"]
)
def test_a_server_that_does_not_let_us_send_fails_no_letter(office: Office, sink: Sink, answer: str) -> None:
    office.fill(emails(5))
    sink.at_rcpt = lambda _: answer
    with pytest.raises(MailError, match=answer[:3]):
        office.send(2)
    assert set(office.states().values()) == {QUEUED}


def test_no_server_at_all_is_told_after_some_patience(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subscriptions.mail.sending._AWAY", (0.01, 0.01))
    office.fill(emails(3))
    office.port = 1
    with pytest.raises(MailError, match="takes no letters"):
        office.send()
    assert set(office.states().values()) == {QUEUED}
    assert all(letter.attempts == 0 for letter in office.letters(QUEUED))


def test_a_letter_that_cannot_be_written_stops_no_other(office: Office, sink: Sink) -> None:
    office.fill(emails(5))
    office.words = Words(refuse=["p1@society.example"], broken=["p2@society.example"])
    office.send()
    states = office.states()
    assert (states["p1@society.example"], states["p2@society.example"]) == (DROPPED, QUEUED)
    assert len(sink.kept) == 3
    assert office.tally.counts == {"sent": 3, "dropped": 1, "again": 1}


@dataclass
class Locked:
    """The outbox of a database that is locked for too long, once, when an answer is to be saved."""

    outbox: Outbox
    locked: bool = True

    def step(self, owner: str, settled: Settlement | None, begun: str | None, now: datetime) -> None:
        if settled is not None and self.locked:
            self.locked = False
            raise CatalogError("the database is locked")
        self.outbox.step(owner, settled, begun, now)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.outbox, name)


def test_an_answer_is_not_lost_where_the_database_was_locked_for_long(office: Office, sink: Sink) -> None:
    office.fill(emails(4))
    with contextlib.closing(open_catalog(office.url)) as catalog:
        catalog.letters = Locked(catalog.letters)
        stop = threading.Event()
        sender = office._sender(catalog, "one", stop)
        with pytest.raises(CatalogError):
            sender.run()
    assert sink.recipients == ["p0@society.example"]
    assert Counter(office.states().values()) == {SENT: 1, QUEUED: 3}
    office.send()
    assert Counter(sink.recipients) == Counter(emails(4))


def test_a_limit_is_kept(office: Office, sink: Sink) -> None:
    office.fill(emails(9))
    office.tally = Tally(limit=4)
    office.send(3)
    assert len(sink.kept) == 4
    assert sorted(office.states().values()).count(QUEUED) == 5


@pytest.mark.parametrize("how", ["unsubscribed", "suppressed", "erased"])
def test_who_ends_it_while_letters_go_out_gets_none(office: Office, sink: Sink, how: str) -> None:
    """All letters are claimed before the first is sent; the last in the queue ends it during that one."""
    office.fill(emails(6))
    last = "p5@society.example"
    ended = threading.Event()

    def end(_: str) -> None:
        if ended.is_set():
            return
        ended.set()
        act(office, lambda catalog: _end(catalog, last, how))

    sink.has_it = end
    office.send()
    assert ended.is_set()
    assert sorted(sink.recipients) == emails(5)
    assert how == "erased" or office.states()[last] is DROPPED


def _end(catalog: SqlCatalog, email: str, how: str) -> None:
    subscriber = catalog.subscribers.by_email(email)
    assert subscriber is not None
    stamp = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if how == "unsubscribed":
        catalog.subscribers.end(subscriber.id, Consent(stamp, "one-click"))
    elif how == "suppressed":
        catalog.subscribers.suppress(Suppression(address_hash(email), "complained", stamp))
    else:
        catalog.subscribers.erase(subscriber.id, datetime.now(UTC))


def test_who_pauses_gets_it_when_the_pause_is_over(office: Office, sink: Sink) -> None:
    office.fill(emails(2))

    def pause(catalog: SqlCatalog) -> None:
        subscriber = catalog.subscribers.by_email("p1@society.example")
        assert subscriber is not None
        paused = replace(subscriber, paused_until="9999-12-31T00:00:00Z")
        catalog.subscribers.update(paused, Consent("2026-11-21T00:00:00Z", "paused"))

    act(office, pause)
    office.send()
    assert sink.recipients == ["p0@society.example"]
