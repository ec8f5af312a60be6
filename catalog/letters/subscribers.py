"""`SqlSubscribers`: the `Subscribers` port over a database. Each method is one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from catalog.database import Database
from catalog.letters import composing, consents, erasing, reading, rounds, signingup, subscribing, telling
from catalog.letters import lists as mailinglists
from catalog.letters import news as newsstore
from catalog.letters.bouncing import note_bounce
from catalog.letters.tallies import move_position, read_position
from domain.instants import to_timestamp
from domain.subscription import (
    Consent,
    ListIssue,
    MailingList,
    News,
    Subscriber,
    Subscription,
    Wish,
)
from domain.subscription_ports import Composed, Round, SignUp, Suppression


class SqlSubscribers:
    """Who gets what, on SQLite or PostgreSQL. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sign_up(
        self, asked: SignUp, now: datetime, *, question_limit: int = 1, unanswered_limit: int = 3
    ) -> Subscription | None:
        """Keep what was asked for and queue the question; None where none may be sent.

        What a subscriber asks for then waits to be confirmed on their own pages.

        Raises:
            ValueError: that is no address.
        """
        with self._database.write() as connection:
            kept = signingup.save_sign_up(connection, asked, now, question_limit, unanswered_limit)
            return reading.read_subscription(connection, kept) if kept else None

    def confirm(self, subscription_id: str, consent: Consent, address_key: str = "") -> Subscription:
        """Make it active; doing it again changes nothing. Raises `NotFound`."""
        with self._database.write() as connection:
            subscribing.confirm(connection, subscription_id, consent, address_key)
            return reading.read_subscription(connection, subscription_id)

    def subscriber(self, subscriber_id: str) -> Subscriber:
        """One subscriber. Raises `NotFound`."""
        with self._database.read() as connection:
            return reading.to_subscriber(reading.load_subscriber(connection, subscriber_id))

    def several(self, subscriber_ids: Iterable[str]) -> dict[str, Subscriber]:
        """Those of the subscribers that are there, by id."""
        with self._database.read() as connection:
            return {one.id: one for one in reading.read_several(connection, subscriber_ids)}

    def by_email(self, email: str) -> Subscriber | None:
        """The subscriber with that address, in any case."""
        with self._database.read() as connection:
            return reading.read_by_email(connection, email)

    def subscription(self, subscription_id: str) -> Subscription:
        """One subscription. Raises `NotFound`."""
        with self._database.read() as connection:
            return reading.read_subscription(connection, subscription_id)

    def subscriptions(self, subscriber_id: str) -> list[Subscription]:
        """All of a subscriber's, ended ones too, the oldest first. Raises `NotFound`."""
        with self._database.read() as connection:
            return reading.read_subscriptions(connection, subscriber_id)

    def update(self, subscriber: Subscriber, consent: Consent) -> None:
        """Save language, zone, hour and pause. Raises `NotFound`."""
        with self._database.write() as connection:
            subscribing.save_subscriber(connection, subscriber, consent)

    def change(self, subscription: Subscription, consent: Consent) -> None:
        """Save rhythm and audience. Raises `NotFound`; `NotAllowed` where there is another such one."""
        with self._database.write() as connection:
            subscribing.change(connection, subscription, consent)

    def end(self, subscriber_id: str, consent: Consent, subscription_id: str = "") -> int:
        """End one subscription, or all; how many ended. Raises `NotFound`."""
        with self._database.write() as connection:
            return subscribing.end(connection, subscriber_id, consent, subscription_id)

    def export(self, subscriber_id: str) -> dict[str, Any]:
        """Everything that is kept about a subscriber, as JSON values. Raises `NotFound`."""
        with self._database.read() as connection:
            return erasing.export(connection, subscriber_id)

    def erase(self, subscriber_id: str, now: datetime) -> None:
        """Delete the subscriber and all that hangs on it. Raises `NotFound`."""
        with self._database.wipe() as connection:
            erasing.erase(connection, subscriber_id)

    def forget_unconfirmed(self, before: datetime) -> int:
        """Delete what was asked for before then and never confirmed; how many subscriptions."""
        forgotten = 0
        while True:
            with self._database.wipe() as connection:
                page = erasing.forget_unconfirmed(connection, before)
            forgotten += page
            if not page:
                return forgotten

    def consents(self, subscriber_id: str) -> list[Consent]:
        """The record, oldest first."""
        with self._database.read() as connection:
            return consents.read_consents(connection, subscriber_id)

    def suppress(self, suppression: Suppression) -> None:
        """Send nothing to that address any more; its subscriptions end."""
        with self._database.write() as connection:
            subscribing.suppress(connection, suppression)

    def suppression(self, address_hash: str) -> Suppression | None:
        """Why an address gets nothing."""
        with self._database.read() as connection:
            return consents.read_suppression(connection, address_hash)

    def lift(self, address_hash: str) -> bool:
        """Take an address off the suppression list; whether it was on it."""
        with self._database.write() as connection:
            return consents.lift_suppression(connection, address_hash)

    def bounced(self, letter_id: str, at: datetime, *, hard: bool, reason: str) -> bool:
        """Note a bounce of a letter; whether the address is suppressed now. Raises `NotFound`."""
        with self._database.write() as connection:
            return note_bounce(connection, letter_id, at, hard=hard, reason=reason)

    def counts(self) -> dict[str, int]:
        """How many subscribers, subscriptions by state, and so on there are."""
        with self._database.read() as connection:
            return reading.read_subscriber_counts(connection)

    def wishes(self, after: str = "", limit: int = 500) -> list[Wish]:
        """The distinct wishes that somebody waits for, in the order of their keys."""
        with self._database.read() as connection:
            return reading.read_wishes(connection, after, limit)

    def position(self, name: str = "outbox") -> int:
        """Up to which outbox entry news has been told."""
        with self._database.read() as connection:
            return read_position(connection, name)

    def reach(self, position: int, name: str = "outbox") -> None:
        """Move a position on; it never goes back."""
        with self._database.write() as connection:
            move_position(connection, name, position)

    def tell(self, matched: Mapping[str, Sequence[News]]) -> None:
        """Keep which news belong to which wish."""
        with self._database.write() as connection:
            newsstore.save_told(connection, matched)

    def told(self, wish_key: str, since: str, until: str = "", limit: int = 200) -> list[News]:
        """News of a wish after `since` (and up to `until`), the highest rank first within a kind."""
        with self._database.read() as connection:
            return newsstore.read_told(connection, wish_key, since, until, limit)

    def rounds(self, now: datetime, after: str = "", limit: int = 200) -> list[Round]:
        """Rounds due at `now`, by subscriber and rhythm, beyond the cursor."""
        with self._database.read() as connection:
            return rounds.read_rounds(connection, now, after, limit)

    def sent_keys(self, subscriber_ids: Sequence[str], keys: Iterable[str]) -> dict[str, frozenset[str]]:
        """Subscriber → those of the keys of news that were put into a letter for them."""
        with self._database.read() as connection:
            return telling.read_sent_keys(connection, subscriber_ids, keys)

    def told_at(self, subscriber_id: str, keys: Iterable[str]) -> str:
        """When the letter was put together that last told of one of these news; empty: none is kept."""
        with self._database.read() as connection:
            return telling.read_told_at(connection, subscriber_id, keys)

    def recipients(self, key: str, after: str = "", limit: int = 500) -> list[Subscriber]:
        """Who was told of that news and still has an active subscription, in the order of ids."""
        with self._database.read() as connection:
            return telling.read_recipients(connection, key, after, limit)

    def compose(self, composed: Sequence[Composed], now: datetime | None = None) -> int:
        """Queue letters, enter their news in the ledger and set the next rounds; how many letters."""
        stamp = to_timestamp(now or datetime.now(UTC))
        with self._database.write() as connection:
            return composing.compose(connection, composed, stamp)

    def recall(self, subscriber_ids: Sequence[str], news: News, now: datetime) -> int:
        """Queue a warning to each, once per subscriber and news; how many were queued."""
        with self._database.write() as connection:
            return composing.recall(connection, subscriber_ids, news, to_timestamp(now))

    def save_list(self, mailing_list: MailingList) -> MailingList:
        """Save a list; one without an id gets one, a slug that is taken a number."""
        with self._database.write() as connection:
            return mailinglists.save_list(connection, mailing_list)

    def mailing_list(self, id_or_slug: str) -> MailingList:
        """One list. Raises `NotFound`."""
        with self._database.read() as connection:
            return mailinglists.read_list(connection, id_or_slug)

    def mailing_lists(self) -> list[MailingList]:
        """All, by name."""
        with self._database.read() as connection:
            return mailinglists.read_lists(connection)

    def save_issue(self, issue: ListIssue) -> bool:
        """Keep an issue and clear the note it held; False where that slot has one already."""
        with self._database.write() as connection:
            return mailinglists.save_issue(connection, issue)

    def issues(self, list_id: str, offset: int = 0, limit: int = 20) -> tuple[int, list[ListIssue]]:
        """How many issues a list has had, and one page, the newest first. Raises `NotFound`."""
        with self._database.read() as connection:
            return mailinglists.read_issues(connection, list_id, offset, limit)

    def issue(self, list_id: str, slot: str) -> ListIssue:
        """One issue of a list. Raises `NotFound`."""
        with self._database.read() as connection:
            return mailinglists.read_issue(connection, list_id, slot)
