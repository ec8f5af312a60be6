"""Reading subscribers and what they asked for."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, or_, select

from catalog.codec import parse_json
from catalog.database import storable
from catalog.letters.subscribertables import (
    addresses,
    mailing_lists,
    subscribers,
    subscriptions,
    suppressions,
    wishes,
)
from catalog.letters.tallies import read_tallies
from catalog.statements import to_chunks
from domain.addresses import address_hash
from domain.digest import Audience
from domain.errors import NotFound
from domain.instants import to_timestamp
from domain.subscription import Rhythm, Subscriber, Subscription, SubscriptionState, Wish

ACTIVE = SubscriptionState.ACTIVE.value
PENDING = SubscriptionState.PENDING.value
ENDED = SubscriptionState.ENDED.value
SUBSCRIBERS = subscribers.join(addresses)
SUBSCRIBER = (*subscribers.columns, addresses.c.email)
_SUBSCRIBER = select(*SUBSCRIBER).select_from(SUBSCRIBERS)
_WITH_WISH = select(subscriptions, wishes.c.document).join(wishes, wishes.c.key == subscriptions.c.wish_key)


def load_subscriber(connection: Connection, subscriber_id: str) -> RowMapping:
    """The row of one. Raises `NotFound`."""
    query = _SUBSCRIBER.where(subscribers.c.id == storable(subscriber_id))
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("subscriber", subscriber_id)
    return row


def read_several(connection: Connection, subscriber_ids: Iterable[str]) -> list[Subscriber]:
    """Those of the subscribers that are there, in no order."""
    found: list[Subscriber] = []
    for chunk in to_chunks(map(storable, subscriber_ids)):
        rows = connection.execute(_SUBSCRIBER.where(subscribers.c.id.in_(chunk))).mappings()
        found += map(to_subscriber, rows)
    return found


def find_subscriber(connection: Connection, hashed: str) -> RowMapping | None:
    """The row of the one with that address."""
    query = _SUBSCRIBER.where(subscribers.c.address_hash == storable(hashed))
    return connection.execute(query).mappings().first()


def read_by_email(connection: Connection, email: str) -> Subscriber | None:
    """The one with that address, in any case."""
    row = find_subscriber(connection, address_hash(email))
    return to_subscriber(row) if row else None


def read_subscription(connection: Connection, subscription_id: str) -> Subscription:
    """One. Raises `NotFound`."""
    query = _WITH_WISH.where(subscriptions.c.id == storable(subscription_id))
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("subscription", subscription_id)
    return to_subscription(row)


def read_subscriptions(connection: Connection, subscriber_id: str) -> list[Subscription]:
    """All of a subscriber's, the oldest first. Raises `NotFound`."""
    load_subscriber(connection, subscriber_id)
    query = _WITH_WISH.where(subscriptions.c.subscriber_id == storable(subscriber_id))
    return [to_subscription(row) for row in connection.execute(_oldest_first(query)).mappings()]


def read_active(connection: Connection, subscriber_ids: Iterable[str]) -> dict[str, list[Subscription]]:
    """Subscriber → active subscriptions, the oldest first."""
    found: dict[str, list[Subscription]] = {}
    known: dict[str, Wish] = {}
    for chunk in to_chunks(subscriber_ids):
        mine = subscriptions.c.subscriber_id.in_(chunk)
        query = _oldest_first(_WITH_WISH.where(mine, subscriptions.c.state == ACTIVE))
        for row in connection.execute(query).mappings():
            wish = known.get(row["wish_key"]) or parse_json(row["document"], Wish)
            known[row["wish_key"]] = wish
            found.setdefault(row["subscriber_id"], []).append(to_subscription(row, wish))
    return found


def read_wishes(connection: Connection, after: str, limit: int) -> list[Wish]:
    """The distinct wishes that somebody waits for, in the order of their keys."""
    active = select(subscriptions.c.number).where(
        subscriptions.c.wish_key == wishes.c.key, subscriptions.c.state == ACTIVE
    )
    lists = select(mailing_lists.c.id).where(
        mailing_lists.c.wish_key == wishes.c.key, mailing_lists.c.closed == 0
    )
    query = (
        select(wishes.c.document)
        .where(wishes.c.key > storable(after), or_(active.exists(), lists.exists()))
        .order_by(wishes.c.key)
        .limit(limit)
    )
    return [parse_json(document, Wish) for document in connection.execute(query).scalars()]


def read_subscriber_counts(connection: Connection) -> dict[str, int]:
    """How many there are of each; `paused` by the clock."""
    states = select(subscriptions.c.state, func.count().label("number")).group_by(subscriptions.c.state)
    by_state = {row.state: row.number for row in connection.execute(states)}
    now = to_timestamp(datetime.now(UTC))
    paused = select(func.count()).select_from(subscribers).where(subscribers.c.paused_until > now)
    active = select(subscriptions.c.wish_key).where(subscriptions.c.state == ACTIVE)
    lists = select(mailing_lists.c.wish_key).where(mailing_lists.c.closed == 0)
    distinct = select(func.count()).select_from(active.union(lists).subquery())
    return {
        "subscribers": _count(connection, select(func.count()).select_from(subscribers)),
        **{state.value: by_state.get(state.value, 0) for state in SubscriptionState},
        "paused": _count(connection, paused),
        "suppressed": _count(connection, select(func.count()).select_from(suppressions)),
        "wishes": _count(connection, distinct),
        "erased": read_tallies(connection, "erased").get("", 0),
    }


def to_subscriber(row: RowMapping) -> Subscriber:
    """What a row tells."""
    return Subscriber(
        row["id"],
        row["email"],
        row["language"],
        row["zone"],
        row["hour"],
        row["paused_until"],
        row["created_at"],
    )


def to_subscription(row: RowMapping, wish: Wish | None = None) -> Subscription:
    """What a row and its wish tell."""
    return Subscription(
        row["id"],
        row["subscriber_id"],
        wish or parse_json(row["document"], Wish),
        Rhythm(row["rhythm"]),
        Audience(row["audience"]),
        SubscriptionState(row["state"]),
        row["asked_at"],
        row["confirmed_at"],
        row["ended_at"],
    )


def _oldest_first(query: Select[Any]) -> Select[Any]:
    return query.order_by(subscriptions.c.number)


def _count(connection: Connection, query: Select[int]) -> int:
    return connection.execute(query).scalar_one()
