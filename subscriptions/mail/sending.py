"""Sending what is queued: each sender claims letters, puts one into words, hands it over, saves the answer.

A letter is marked as SENDING when the server has said yes to its recipient and no byte of it has left yet, in
the transaction that saves what became of the one before. So a sender that is killed leaves one letter at
most of which nobody knows whether it went.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

from config import load_table
from domain.addresses import domain_of
from domain.errors import CatalogError, MailError, NotFound, Superseded
from domain.instants import to_timestamp
from domain.subscription import Letter, LetterState, MailingList, Subscriber
from domain.subscription_ports import Outbox, Settlement, Subscribers
from subscriptions.mail.answers import Fate, judge
from subscriptions.mail.letterhead import Letterhead, Worded, list_of
from subscriptions.mail.rates import EVERY, Rates
from subscriptions.mail.tally import Tally
from subscriptions.mail.transport import Answer, Mail, Stage, Transport

_LOG = logging.getLogger("mail")
_LONGEST_WAIT = 1.0
_AWAY = (1.0, 2.0, 4.0, 8.0)
"""Seconds between questions to a server that does not answer."""
_LOST = 3
"""After so many letters in a row without an answer, no other is risked."""
_REFUSED = 20
"""After so many refused in a row it is more likely the server, or us, than them."""


class Words(Protocol):
    """Puts letters into words; one thread's own."""

    def write(self, letter: Letter, subscriber: Subscriber) -> Worded | None:
        """What the letter says; None where there is nothing left to tell."""
        ...


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Sender:
    """One of several that send side by side."""

    owner: str
    outbox: Outbox
    subscribers: Subscribers
    words: Words
    letterhead: Letterhead
    transport: Transport
    rates: Rates
    tally: Tally
    stop: threading.Event
    clock: Callable[[], datetime] = _now
    lease: float = field(default_factory=lambda: float(load_table("mail")["lease"]))
    batch: int = field(default_factory=lambda: int(load_table("mail")["batch"]))
    _waiting: list[tuple[Letter, Subscriber]] = field(default_factory=list)
    _settled: Settlement | None = None
    _lists: dict[str, MailingList] = field(default_factory=dict)
    _away: int = 0
    _lost: int = 0
    _refused: int = 0

    def run(self) -> None:
        """Send until nothing that may go now is left, or told to stop. Raises `CatalogError`, `MailError`."""
        try:
            while (found := self._next()) is not None:
                self._send(*found)
        finally:
            self._give_back()
            self.transport.close()

    def _next(self) -> tuple[Letter, Subscriber] | None:
        """The oldest letter whose domain bears one now; waits where only a little patience is wanted."""
        while not self.stop.is_set() and self.tally.may_go():
            waits: dict[str, float] = {}
            for number, (_, subscriber) in enumerate(self._waiting):
                domain = domain_of(subscriber.email)
                if domain not in waits and (wait := self.rates.take(domain)) > 0:
                    waits[domain] = wait
                if domain not in waits:
                    return self._waiting.pop(number)
            self.tally.undo()
            if not self._claim(waits):
                if not self._waiting:
                    return None
                self._flush()
                self.stop.wait(min(_LONGEST_WAIT, *waits.values()))
        return None

    def _claim(self, waits: Mapping[str, float]) -> bool:
        """Claim more, of domains that need not wait; whether there was any."""
        resting = self.rates.resting()
        if len(self._waiting) >= self.batch or any(domain in resting for domain in waits):
            self._give_back()
        busy = sorted({*waits, *resting})
        claimed = self.outbox.claim(self.owner, self.clock(), self.batch, self.lease, busy)
        if not claimed and waits and not self._waiting:
            busy = sorted(resting)
            claimed = self.outbox.claim(self.owner, self.clock(), self.batch, self.lease, busy)
        people = self.subscribers.several({letter.subscriber for letter in claimed})
        # Who is not there was erased just now, and the letter with them.
        self._waiting += [(one, people[one.subscriber]) for one in claimed if one.subscriber in people]
        return bool(claimed)

    def _give_back(self) -> None:
        self._flush()
        self.outbox.release(self.owner)
        self._waiting.clear()

    def _send(self, letter: Letter, subscriber: Subscriber) -> None:
        try:
            mail = self._write(letter, subscriber)
        except Exception as error:
            if isinstance(error, CatalogError):
                raise
            _LOG.exception("letter %s cannot be put into words", letter.id)
            self._try_again(letter, Fate.AGAIN, f"cannot be written: {type(error).__name__}")
            return
        if mail is None:
            self._settle(Settlement(letter.id, LetterState.DROPPED), "dropped")
            return
        try:
            answer = self.transport.deliver(mail, partial(self._begin, letter))
        except Superseded:  # it ended meanwhile, or we took too long: then so did the others
            self._give_back()
            self.tally.add("superseded")
            return
        self._judge(letter, mail.domain, answer)

    def _write(self, letter: Letter, subscriber: Subscriber) -> Mail | None:
        worded = self.words.write(letter, subscriber)
        if worded is None:
            return None
        return self.letterhead.mail(letter, subscriber, worded, list_of(letter, self._list), self.clock())

    def _list(self, list_id: str) -> MailingList:
        if list_id not in self._lists:
            self._lists[list_id] = self.subscribers.mailing_list(list_id)
        return self._lists[list_id]

    def _begin(self, letter: Letter) -> None:
        """Save what became of the last letter and that this one is on its way."""
        with self._kept_unless_saved():
            self.outbox.step(self.owner, self._settled, letter.id, self.clock())

    def _judge(self, letter: Letter, domain: str, answer: Answer) -> None:
        fate = judge(answer)
        if fate is not Fate.AWAY:
            self._away = 0
            self._lost = self._lost if fate is Fate.UNCERTAIN else 0
        if fate is Fate.SENT:
            self._refused = 0
            self.rates.taken(domain)
            self._settle(Settlement(letter.id, LetterState.SENT, answer.line), fate)
        elif fate is Fate.UNCERTAIN:
            self._settle(Settlement(letter.id, LetterState.UNCERTAIN, answer.line), fate)
            self._lost += 1
            if self._lost >= _LOST:
                self._leave_alone(f"{_LOST} letters in a row had no answer from the mail server", answer)
        elif fate in (Fate.AWAY, Fate.OURS):
            self._hold(fate, answer)
        elif fate.has_failed:
            self._fail(letter, domain, fate, answer)
            self._refused += fate in (Fate.DEAD, Fate.POLICY)
            if self._refused >= _REFUSED:
                self._leave_alone(f"the mail server refused {_REFUSED} letters in a row", answer)
        else:
            if fate is Fate.REST:
                self.rates.rest(domain, answer.line)
            self._try_again(letter, fate, answer.line)

    def _leave_alone(self, why: str, answer: Answer) -> None:
        """Stop, before all letters are in doubt or all addresses are taken for dead. Raises `MailError`."""
        self.rates.rest(EVERY, answer.line)
        self.stop.set()
        raise MailError(f"{why}: {answer.line}")

    def _hold(self, fate: Fate, answer: Answer) -> None:
        """The server has not looked at the letter: wait for it a little, then stop."""
        if fate is Fate.AWAY and self._away < len(_AWAY):
            self.stop.wait(_AWAY[self._away])
            self._away += 1
            self._give_back()
            self.tally.undo()
            return
        self.stop.set()
        raise MailError(f"the mail server takes no letters: {answer.line}")

    def _fail(self, letter: Letter, domain: str, fate: Fate, answer: Answer) -> None:
        self._settle(Settlement(letter.id, LetterState.FAILED, answer.line), fate)
        if fate is Fate.POLICY:
            self.rates.pause(domain, answer.line)
            self.tally.alarm(f"{domain} refuses us: {answer.line}")
        if fate in (Fate.DEAD, Fate.FULL):
            self._flush()
            with suppress(NotFound):
                self.subscribers.bounced(letter.id, self.clock(), hard=fate is Fate.DEAD, reason=answer.line)

    def _try_again(self, letter: Letter, fate: Fate, line: str) -> None:
        again: list[int] = load_table("mail")["again"]
        if letter.attempts >= len(again):
            self._fail(letter, "", Fate.FULL, Answer(Stage.RCPT, 0, line))
            return
        later = self.clock() + timedelta(minutes=again[letter.attempts])
        self._settle(
            Settlement(letter.id, LetterState.QUEUED, line, to_timestamp(later)),
            fate,
        )

    def _settle(self, settled: Settlement, counted: str) -> None:
        """Keep what became of a letter until the next begins, which saves both at once."""
        self._flush()
        self._settled = settled
        self.tally.add(counted)

    def _flush(self) -> None:
        if self._settled:
            with self._kept_unless_saved():
                self.outbox.step(self.owner, self._settled, None, self.clock())

    @contextmanager
    def _kept_unless_saved(self) -> Iterator[None]:
        """An answer that a locked or full database did not take is offered once more before we end."""
        try:
            yield
        except Superseded:  # it is saved all the same
            self._settled = None
            raise
        self._settled = None
