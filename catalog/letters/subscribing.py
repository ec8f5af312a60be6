"""What becomes of subscriptions: confirmed, changed, paused, ended; their rounds and letters follow."""

from dataclasses import replace

from sqlalchemy import Connection, RowMapping, and_, delete, func, select, update

from catalog.database import storable
from catalog.letters.consents import add_consent, save_suppression
from catalog.letters.questions import note_answer
from catalog.letters.reading import ACTIVE, ENDED, PENDING, find_subscriber, load_subscriber
from catalog.letters.store import PAUSABLE, UNSENT, drop_unwanted
from catalog.letters.subscribertables import subscribers, subscriptions
from catalog.letters.tables import letters, rounds
from catalog.statements import insert_new
from domain.errors import NotAllowed, NotFound
from domain.subscription import Consent, LetterState, Subscriber, Subscription
from domain.subscription_ports import Suppression

_ACTS = {"asked": "unsubscribed"}
"""Reason of a suppression → how the record calls it, where that differs."""


def confirm(connection: Connection, subscription_id: str, consent: Consent, key: str) -> None:
    """Make a pending one active. Raises `NotFound`."""
    row = _load(connection, subscription_id)
    if row["state"] != PENDING:
        return
    _set(connection, row["number"], state=ACTIVE, confirmed_at=storable(consent.at))
    add_consent(connection, row["subscriber_id"], replace(consent, subscription=row["id"]))
    own = load_subscriber(connection, row["subscriber_id"])
    note_answer(connection, key or own["address_hash"], consent.at)
    _sync(connection, row["subscriber_id"], consent.at)


def save_subscriber(connection: Connection, subscriber: Subscriber, consent: Consent) -> None:
    """Save what was chosen for all letters; those that wait are held for as long as is paused."""
    before = load_subscriber(connection, subscriber.id)
    chosen = {
        "language": storable(subscriber.language),
        "zone": storable(subscriber.zone),
        "hour": subscriber.hour,
        "paused_until": storable(subscriber.paused_until),
    }
    mine = subscribers.c.id == before["id"]
    connection.execute(update(subscribers).where(mine).values(chosen))
    add_consent(connection, before["id"], consent)
    if (before["zone"], before["hour"]) != (chosen["zone"], chosen["hour"]):
        connection.execute(update(rounds).where(rounds.c.subscriber_id == before["id"]).values(due_at=""))
    _hold(connection, before["id"], subscriber.paused_until)


def change(connection: Connection, subscription: Subscription, consent: Consent) -> None:
    """Save rhythm and audience of one that has not ended. Raises `NotFound`, `NotAllowed`."""
    row = _load(connection, subscription.id)
    if row["state"] == ENDED:
        return
    if _is_taken(connection, row, subscription.audience.value):
        raise NotAllowed("there is a subscription to the same for these readers already")
    chosen = {"rhythm": subscription.rhythm.value, "audience": subscription.audience.value}
    _set(connection, row["number"], **chosen)
    add_consent(connection, row["subscriber_id"], replace(consent, subscription=row["id"]))
    _sync(connection, row["subscriber_id"], consent.at)


def end(connection: Connection, subscriber_id: str, consent: Consent, subscription_id: str) -> int:
    """End one, or all; how many ended. Raises `NotFound`."""
    load_subscriber(connection, subscriber_id)
    mine = subscriptions.c.subscriber_id == storable(subscriber_id)
    if subscription_id and _load(connection, subscription_id)["subscriber_id"] != subscriber_id:
        raise NotFound("subscription", subscription_id)
    one = subscriptions.c.id == storable(subscription_id) if subscription_id else mine
    ended = (
        update(subscriptions)
        .where(mine, one, subscriptions.c.state != ENDED)
        .values(state=ENDED, ended_at=storable(consent.at))
        .returning(subscriptions.c.id)
    )
    ids = sorted(connection.execute(ended).scalars())
    for name in ids:
        add_consent(connection, subscriber_id, replace(consent, subscription=name))
    if ids:
        _sync(connection, subscriber_id, consent.at)
    return len(ids)


def suppress(connection: Connection, suppression: Suppression) -> None:
    """Put an address on the list, and end what it is subscribed to."""
    save_suppression(connection, suppression)
    row = find_subscriber(connection, suppression.address_hash)
    if row is not None:
        act = _ACTS.get(suppression.reason, suppression.reason)
        end(connection, row["id"], Consent(suppression.at, act), "")


def _sync(connection: Connection, subscriber_id: str, at: str) -> None:
    """Rounds for the rhythms of active subscriptions and no others; no letter for what has ended."""
    mine = subscriptions.c.subscriber_id == subscriber_id
    active = select(subscriptions.c.rhythm).where(mine, subscriptions.c.state == ACTIVE)
    wanted = sorted(set(connection.execute(active).scalars()))
    connection.execute(
        delete(rounds).where(rounds.c.subscriber_id == subscriber_id, rounds.c.rhythm.not_in(wanted))
    )
    new = {"subscriber_id": subscriber_id, "due_at": "", "slot": ""}
    insert_new(connection, rounds, [{**new, "rhythm": rhythm} for rhythm in wanted])
    drop_unwanted(connection, subscriber_id, storable(at))


def _hold(connection: Connection, subscriber_id: str, until: str) -> None:
    """Hold what has not gone; what is being handed over, in case that it comes back into the queue."""
    mine = and_(letters.c.subscriber_id == subscriber_id, letters.c.kind.in_(PAUSABLE))
    changed = and_(mine, letters.c.state.in_(UNSENT), letters.c.held_until != storable(until))
    claimed = and_(changed, letters.c.state == LetterState.CLAIMED.value)
    connection.execute(update(letters).where(claimed).values(state=LetterState.QUEUED.value, owner=None))
    connection.execute(update(letters).where(changed).values(held_until=storable(until)))


def _is_taken(connection: Connection, row: RowMapping, audience: str) -> bool:
    others = select(func.count()).where(
        subscriptions.c.subscriber_id == row["subscriber_id"],
        subscriptions.c.wish_key == row["wish_key"],
        subscriptions.c.audience == audience,
        subscriptions.c.state != ENDED,
        subscriptions.c.number != row["number"],
    )
    return connection.execute(others).scalar_one() > 0


def _load(connection: Connection, subscription_id: str) -> RowMapping:
    query = select(subscriptions).where(subscriptions.c.id == storable(subscription_id))
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("subscription", subscription_id)
    return row


def _set(connection: Connection, number: int, **values: str) -> None:
    connection.execute(update(subscriptions).where(subscriptions.c.number == number).values(values))
