"""What is kept about a subscriber: given to them, or erased with all that hangs on it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from catalog.codec import parse_json, to_json
from catalog.database import storable
from catalog.letters.consents import read_consents, read_suppression
from catalog.letters.reading import PENDING, load_subscriber, read_subscriptions, to_subscriber
from catalog.letters.store import TALLY, WAITING, drop_unwanted, read_numbered, remove_letters
from catalog.letters.subscribertables import (
    addresses,
    consents,
    mailing_lists,
    subscribers,
    subscriptions,
    wishes,
)
from catalog.letters.tables import ledger, letters, news, rounds, told
from catalog.letters.tallies import add_to_tallies
from catalog.statements import to_chunks
from domain.instants import to_timestamp
from domain.subscription import LetterState

_PAGE = 200
_CERTAIN = dict.fromkeys(WAITING, LetterState.DROPPED.value) | {
    LetterState.SENDING.value: LetterState.UNCERTAIN.value
}
"""State of a letter that is erased → the state that it is counted by."""


def export(connection: Connection, subscriber_id: str) -> dict[str, Any]:
    """Everything, as JSON values. Raises `NotFound`."""
    row = load_subscriber(connection, subscriber_id)
    mine = letters.c.subscriber_id == row["id"]
    numbers = connection.execute(select(letters.c.number).where(mine).order_by(letters.c.number)).scalars()
    keys = select(news.c.key).join(ledger, ledger.c.news_id == news.c.id)
    told_of = keys.where(ledger.c.subscriber_id == row["id"]).order_by(news.c.id)
    due = select(rounds.c.rhythm, rounds.c.due_at, rounds.c.slot).where(rounds.c.subscriber_id == row["id"])
    kept = {
        "subscriber": to_subscriber(row),
        "subscriptions": read_subscriptions(connection, row["id"]),
        "consents": read_consents(connection, row["id"]),
        "rounds": [dict(found) for found in connection.execute(due).mappings()],
        "letters": read_numbered(connection, numbers),
        "told": list(connection.execute(told_of).scalars()),
        "soft_bounces": row["soft_bounces"],
        "suppression": read_suppression(connection, row["address_hash"]),
    }
    return parse_json(to_json(kept), dict[str, Any])


def erase(connection: Connection, subscriber_id: str) -> None:
    """Delete the subscriber and all that hangs on it. Raises `NotFound`."""
    row = load_subscriber(connection, subscriber_id)
    name = row["id"]
    asked = connection.execute(
        select(subscriptions.c.wish_key).where(subscriptions.c.subscriber_id == name)
    ).scalars()
    wished = set(asked)
    rows = connection.execute(
        select(letters.c.number, letters.c.kind, letters.c.state).where(letters.c.subscriber_id == name)
    ).all()
    counted = Counter(f"{TALLY}{row.kind}/{_CERTAIN.get(row.state, row.state)}" for row in rows)
    add_to_tallies(connection, {**counted, "erased": 1})
    remove_letters(connection, [row.number for row in rows])
    for table in (ledger, rounds, consents, subscriptions):
        connection.execute(delete(table).where(table.c.subscriber_id == name))
    connection.execute(delete(subscribers).where(subscribers.c.id == name))
    _blank(connection, row["address_number"], len(row["email"]))
    _remove_wishes(connection, wished)


def forget_unconfirmed(connection: Connection, before: datetime) -> int:
    """Delete a page of what was asked for before then and never confirmed, and who asked for nothing else."""
    query = (
        select(subscriptions.c.number, subscriptions.c.id, subscriptions.c.subscriber_id)
        .where(subscriptions.c.state == PENDING, subscriptions.c.asked_at < to_timestamp(before))
        .limit(_PAGE)
    )
    rows = connection.execute(query).all()
    for row in rows:
        mine = subscriptions.c.subscriber_id == row.subscriber_id
        others = select(subscriptions.c.number).where(mine, subscriptions.c.number != row.number).limit(1)
        if connection.execute(others).first() is None:
            erase(connection, row.subscriber_id)
        else:
            _forget(connection, row.number, row.id, row.subscriber_id, before)
    return len(rows)


def _forget(
    connection: Connection, number: int, subscription_id: str, subscriber_id: str, before: datetime
) -> None:
    wish_key = connection.execute(
        delete(subscriptions).where(subscriptions.c.number == number).returning(subscriptions.c.wish_key)
    ).scalar_one()
    about = consents.c.subscription == subscription_id
    connection.execute(delete(consents).where(consents.c.subscriber_id == subscriber_id, about))
    drop_unwanted(connection, subscriber_id, to_timestamp(before))
    _remove_wishes(connection, [wish_key])


def _blank(connection: Connection, number: int, length: int) -> None:
    """Write over an address: one of the same length lands in the same place."""
    mine = addresses.c.number == number
    connection.execute(update(addresses).where(mine).values(email=" " * length))


def _remove_wishes(connection: Connection, keys: Iterable[str]) -> None:
    """Those that nobody has any more: a search may hold anything, a name or an address."""
    for chunk in to_chunks(sorted({storable(key) for key in keys})):
        kept = select(subscriptions.c.wish_key).where(subscriptions.c.wish_key.in_(chunk))
        listed = select(mailing_lists.c.wish_key).where(mailing_lists.c.wish_key.in_(chunk))
        needed = set(connection.execute(kept.union(listed)).scalars())
        gone = [key for key in chunk if key not in needed]
        connection.execute(delete(told).where(told.c.wish_key.in_(gone)))
        connection.execute(delete(wishes).where(wishes.c.key.in_(gone)))
