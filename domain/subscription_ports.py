"""What subscriptions and letters ask of the database; `catalog/` serves them, on SQLite and PostgreSQL."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from domain.subscription import (
    Consent,
    Letter,
    LetterKind,
    LetterState,
    ListIssue,
    MailingList,
    News,
    Rhythm,
    Section,
    Subscriber,
    Subscription,
    Wish,
)


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """What a transaction of the catalog told: `paper.added`, `paper.retracted`, `digest.published` …"""

    id: int
    topic: str
    paper_id: str
    facts: Mapping[str, Any]
    at: str


@dataclass(frozen=True, slots=True)
class SignUp:
    """What somebody asks for on the form."""

    email: str
    wish: Wish
    rhythm: Rhythm
    language: str
    zone: str
    consent: Consent
    audience: str = "public"
    address_key: str = ""
    """A keyed hash of the address without tags, dots and case: what the limit of questions counts by."""


@dataclass(frozen=True, slots=True)
class Round:
    """A subscriber whose letters of one rhythm are due."""

    subscriber: Subscriber
    rhythm: Rhythm
    due_at: str
    """Empty: still to be reckoned, since the rhythm is new or zone and hour have changed. Such a round comes
    up at once; what is put together then is for the slot that `now` falls into, if it is not `slot`."""
    slot: str
    """The last slot that was put together in this rhythm; empty: none yet."""
    subscriptions: tuple[Subscription, ...]
    """The active ones of that rhythm."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What became of a round: the letter, if there was anything to tell, and when the next is due."""

    round: Round
    slot: str
    next_at: str
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a letter that was being sent."""

    letter: str
    state: LetterState
    """SENT, FAILED, UNCERTAIN, DROPPED, or QUEUED to be tried again at `not_before`."""
    answer: str = ""
    not_before: str = ""


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address that gets nothing, whoever asks."""

    address_hash: str
    reason: str
    """`bounced`, `complained`, `asked`."""
    at: str


class Subscribers(Protocol):
    """Who gets what. Raises `CatalogError`, and `NotFound` for ids that are not there."""

    def sign_up(
        self, asked: SignUp, now: datetime, *, question_limit: int = 1, unanswered_limit: int = 3
    ) -> Subscription | None:
        """Keep what was asked for, PENDING, and queue the question (`CONFIRM`) in the same transaction.

        Where the address already has that wish confirmed it stays as it is, and a `KNOWN` letter is queued
        instead. Nothing is queued beyond `question_limit` such letters per `address_key` and 24 hours, nor
        beyond `unanswered_limit` in 90 days to who gets nothing and has answered none of them, nor to a
        suppressed address: None. Nothing is kept then, unless the address is a subscriber's: what they ask
        for beyond the limit waits PENDING, without a question of its own, on the pages that their links lead
        to; so many at most. Asking again never makes what is confirmed unconfirmed;
        while the question waits in the outbox there is no second one. Raises `ValueError` for what is no
        address.
        """
        ...

    def confirm(self, subscription_id: str, consent: Consent, address_key: str = "") -> Subscription:
        """Make it ACTIVE; doing it again changes nothing. An ended one stays ended.

        What `address_key` was asked before the last 24 hours is answered by that, and counts no more.
        """
        ...

    def subscriber(self, subscriber_id: str) -> Subscriber:
        """One subscriber."""
        ...

    def several(self, subscriber_ids: Iterable[str]) -> dict[str, Subscriber]:
        """Those of the subscribers that are there, by id."""
        ...

    def by_email(self, email: str) -> Subscriber | None:
        """The subscriber with that address, in any case."""
        ...

    def subscription(self, subscription_id: str) -> Subscription:
        """One subscription."""
        ...

    def subscriptions(self, subscriber_id: str) -> list[Subscription]:
        """All of a subscriber's, ended ones too, the oldest first."""
        ...

    def update(self, subscriber: Subscriber, consent: Consent) -> None:
        """Save language, zone, hour and pause; rounds that are due follow.

        Letters that wait, other than first ones, are held until the pause is over.
        """
        ...

    def change(self, subscription: Subscription, consent: Consent) -> None:
        """Save rhythm and audience of a subscription that has not ended; its rounds follow.

        Raises `NotAllowed` where the subscriber has another one to the same wish for that audience.
        """
        ...

    def end(self, subscriber_id: str, consent: Consent, subscription_id: str = "") -> int:
        """End one subscription, or all; letters that wait for them are dropped. Returns how many ended.

        Doing it again changes nothing, and is no error.
        """
        ...

    def export(self, subscriber_id: str) -> dict[str, Any]:
        """Everything that is kept about a subscriber, as JSON values."""
        ...

    def erase(self, subscriber_id: str, now: datetime) -> None:
        """Delete the subscriber and all that hangs on it; what waits is dropped. Only counts stay.

        So do a suppression, and for 90 days the limit of questions; both hold hashes only.
        """
        ...

    def forget_unconfirmed(self, before: datetime) -> int:
        """Delete what was asked for before then and never confirmed, and subscribers of whom nothing else is
        left. Returns how many subscriptions."""
        ...

    def consents(self, subscriber_id: str) -> list[Consent]:
        """The record, oldest first."""
        ...

    def suppress(self, suppression: Suppression) -> None:
        """Send nothing to that address any more; its subscriptions end."""
        ...

    def suppression(self, address_hash: str) -> Suppression | None:
        """Why an address gets nothing."""
        ...

    def lift(self, address_hash: str) -> bool:
        """Take an address off the suppression list; whether it was on it."""
        ...

    def bounced(self, letter_id: str, at: datetime, *, hard: bool, reason: str) -> bool:
        """Note a bounce of a letter; whether the address is suppressed now.

        A hard one suppresses at once; soft ones do when `5` came without a letter delivered in between: one
        that was SENT after the last that bounced and before this one, and did not come back. Several reports
        about one letter count once.
        """
        ...

    def counts(self) -> dict[str, int]:
        """`subscribers`, `active`, `pending`, `paused`, `ended`, `suppressed`, `wishes`, `erased`."""
        ...

    # News and composing

    def wishes(self, after: str = "", limit: int = 500) -> list[Wish]:
        """The distinct wishes of active subscriptions (and of open lists), in the order of their keys."""
        ...

    def position(self, name: str = "outbox") -> int:
        """How far what is called so has been dealt with; of the outbox, up to which entry it was told."""
        ...

    def reach(self, position: int, name: str = "outbox") -> None:
        """Move that position on, once all up to there is kept; it never goes back."""
        ...

    def tell(self, matched: Mapping[str, Sequence[News]]) -> None:
        """Keep which news belong to which wish (key → news); telling the same again changes nothing."""
        ...

    def told(self, wish_key: str, since: str, until: str = "", limit: int = 200) -> list[News]:
        """News of a wish after `since` (and up to `until`), the highest rank first within a kind."""
        ...

    def rounds(self, now: datetime, after: str = "", limit: int = 200) -> list[Round]:
        """Rounds due at `now`, by subscriber and rhythm, beyond the cursor `after` (`<subscriber>/<rhythm>`).

        Those of paused and suppressed subscribers are left out. What is due later than any rhythm can lead
        was reckoned by a clock that was ahead, and is due now.
        """
        ...

    def sent_keys(self, subscriber_ids: Sequence[str], keys: Iterable[str]) -> dict[str, frozenset[str]]:
        """Subscriber → those of the keys of news that were put into a letter for them."""
        ...

    def told_at(self, subscriber_id: str, keys: Iterable[str]) -> str:
        """When the letter was put together that last told somebody of one of these news.

        Empty where none is kept: letters are forgotten long before it is forgotten what they told.
        """
        ...

    def recipients(self, key: str, after: str = "", limit: int = 500) -> list[Subscriber]:
        """Who was told of that news and still has an active subscription, in the order of ids."""
        ...

    def compose(self, composed: Sequence[Composed], now: datetime | None = None) -> int:
        """Queue the letters, enter their news in the ledger and set the next rounds; one transaction.

        A slot that has its letter, and news that the ledger has, are left out; so is all of a round whose
        slot is not any more the one it was read with: whoever comes second sends nothing twice. So are
        sections of what has ended since. Returns how many letters were queued.
        """
        ...

    def recall(self, subscriber_ids: Sequence[str], news: News, now: datetime) -> int:
        """Queue a RECALL to each who has an active subscription, once per subscriber and news; how many.

        Who was told of that news by an issue gets none.
        """
        ...

    # Lists of organizations

    def save_list(self, mailing_list: MailingList) -> MailingList:
        """Save a list; one without an id gets one, a slug that is taken a number."""
        ...

    def mailing_list(self, id_or_slug: str) -> MailingList:
        """One list."""
        ...

    def mailing_lists(self) -> list[MailingList]:
        """All, by name."""
        ...

    def save_issue(self, issue: ListIssue) -> bool:
        """Keep an issue and clear the note it held; False where that slot has one already."""
        ...

    def issues(self, list_id: str, offset: int = 0, limit: int = 20) -> tuple[int, list[ListIssue]]:
        """How many issues a list has had, and one page, the newest first."""
        ...

    def issue(self, list_id: str, slot: str) -> ListIssue:
        """One issue of a list."""
        ...


class Outbox(Protocol):
    """Letters on their way. Raises `CatalogError`.

    A letter is SENDING from before its first byte leaves until the answer is saved. A sender that dies leaves
    at most one such letter, which becomes UNCERTAIN; those it had only claimed go back into the queue.
    """

    def claim(
        self, owner: str, now: datetime, limit: int, lease: float, busy: Sequence[str] = ()
    ) -> list[Letter]:
        """Take letters that are due, for `lease` seconds; none to the `busy` domains.

        First letters go before recalls, and those before issues; otherwise the oldest first.

        First, claims that ran out are taken back: CLAIMED → QUEUED, SENDING → UNCERTAIN. Letters to
        suppressed addresses, or for what has ended, become DROPPED.
        """
        ...

    def step(self, owner: str, settled: Settlement | None, begun: str | None, now: datetime) -> None:
        """Save what became of one letter and that the next is SENDING, in one transaction.

        What was settled must be SENDING, or only claimed (then not SENT), and this owner's; else nothing
        happens to it. An answer (SENT, FAILED) that comes late overrides UNCERTAIN, and nothing else.

        Raises:
            Superseded: the claim on `begun` ran out: it must not be sent. What was settled is saved.
        """
        ...

    def renew(self, owner: str, now: datetime, lease: float) -> None:
        """Hold what is claimed for longer."""
        ...

    def release(self, owner: str) -> None:
        """Give back what is only claimed."""
        ...

    def letter(self, letter_id: str) -> Letter:
        """One letter. Raises `NotFound`."""
        ...

    def letters(self, state: LetterState, after: str = "", limit: int = 100) -> list[Letter]:
        """Letters of that state, in the order of ids."""
        ...

    def resolve(self, letter_id: str, *, sent: bool, now: datetime) -> None:
        """What an operator found out about an UNCERTAIN letter: it went, or it is to be sent again.

        Raises `NotAllowed` for any other.
        """
        ...

    def letter_counts(self) -> dict[tuple[LetterKind, LetterState], int]:
        """How many letters of each kind and state there are, with those that were forgotten or erased."""
        ...

    def open_counts(self) -> dict[LetterState, int]:
        """How many letters are QUEUED and UNCERTAIN; quick, however many letters there ever were."""
        ...

    def forget(self, before: datetime) -> int:
        """Delete letters that were SENT, FAILED or DROPPED before then; the ledger stays. How many."""
        ...
