"""Taking down what somebody asks for, and queueing the question whether it was really they."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, func, insert, select, update

from catalog.codec import parse_json, to_json
from catalog.database import storable
from catalog.ids import new_id
from catalog.letters.consents import add_consent, read_suppression
from catalog.letters.questions import may_ask
from catalog.letters.reading import ACTIVE, ENDED, PENDING, find_subscriber, load_subscriber
from catalog.letters.store import WAITING, Posting, queue_letters
from catalog.letters.subscribertables import addresses, subscribers, subscriptions, wishes
from catalog.letters.tables import letters
from catalog.statements import insert_new
from domain.addresses import address_hash, to_email
from domain.digest import Audience
from domain.instants import to_timestamp
from domain.subscription import LetterKind, Section, Wish
from domain.subscription_ports import SignUp

_MOST_WAITING = 20


def save_sign_up(
    connection: Connection, asked: SignUp, now: datetime, limit: int, unanswered_limit: int
) -> str | None:
    """As `Subscribers.sign_up` says; returns the id of the subscription."""
    email = to_email(asked.email)
    hashed = address_hash(email)
    if read_suppression(connection, hashed):
        return None
    wish = keep_wish(asked.wish)
    subscriber = find_subscriber(connection, hashed)
    living = _find_living(connection, subscriber, wish, asked.audience)
    if living and _is_asked(connection, living):
        return str(living["id"])
    stamp = to_timestamp(now)
    unanswered = (
        None if subscriber is not None and _has_answered(connection, subscriber) else unanswered_limit
    )
    if not may_ask(connection, asked.address_key or hashed, now, limit, unanswered):
        if subscriber is not None and living is None and _has_room(connection, str(subscriber["id"])):
            save_wish(connection, wish)
            waiting = _keep_subscription(connection, str(subscriber["id"]), None, asked, wish, stamp)
            add_consent(connection, subscriber["id"], replace(asked.consent, subscription=waiting))
        return None
    subscriber = _keep_subscriber(connection, subscriber, asked, email, stamp)
    save_wish(connection, wish)
    subscription_id = _keep_subscription(connection, str(subscriber["id"]), living, asked, wish, stamp)
    known = living is not None and living["state"] == ACTIVE
    kind = LetterKind.KNOWN if known else LetterKind.CONFIRM
    _ask(connection, kind, subscriber, subscription_id, wish, asked, stamp)
    return subscription_id


def keep_wish(wish: Wish) -> Wish:
    """`wish` as UTF-8 can hold it."""
    try:
        to_json(wish)
    except UnicodeEncodeError:
        return parse_json(storable(json.dumps(msgspec.to_builtins(wish), ensure_ascii=False)), Wish)
    return wish


def save_wish(connection: Connection, wish: Wish) -> str:
    """Keep it, if it is not there; returns its key."""
    insert_new(connection, wishes, [{"key": wish.key, "document": to_json(wish).decode()}])
    return wish.key


def _find_living(
    connection: Connection, subscriber: RowMapping | None, wish: Wish, audience: str
) -> RowMapping | None:
    """The subscription to the same that has not ended."""
    if subscriber is None:
        return None
    query = select(subscriptions).where(
        subscriptions.c.subscriber_id == subscriber["id"],
        subscriptions.c.wish_key == wish.key,
        subscriptions.c.audience == Audience(audience).value,
        subscriptions.c.state != ENDED,
    )
    return connection.execute(query).mappings().first()


def _is_asked(connection: Connection, living: RowMapping) -> bool:
    """Whether a first letter about that subscription waits to be sent."""
    kind = LetterKind.KNOWN if living["state"] == ACTIVE else LetterKind.CONFIRM
    query = select(func.count()).where(
        letters.c.subscriber_id == living["subscriber_id"],
        letters.c.kind == kind.value,
        letters.c.state.in_(WAITING),
        letters.c.slot.startswith(_to_slot(kind, living["id"], ""), autoescape=True),
    )
    return connection.execute(query).scalar_one() > 0


def _has_answered(connection: Connection, subscriber: RowMapping) -> bool:
    """Whether they get letters that they confirmed."""
    mine = subscriptions.c.subscriber_id == subscriber["id"]
    active = select(subscriptions.c.number).where(mine, subscriptions.c.state == ACTIVE).limit(1)
    return connection.execute(active).first() is not None


def _has_room(connection: Connection, subscriber_id: str) -> bool:
    """Whether more may wait for an answer: others may ask in somebody's name, too."""
    waiting = select(func.count()).where(
        subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.state == PENDING
    )
    return bool(connection.execute(waiting).scalar_one() < _MOST_WAITING)


def _keep_subscriber(
    connection: Connection, known: RowMapping | None, asked: SignUp, email: str, stamp: str
) -> RowMapping:
    """The subscriber; who has confirmed something changes language and zone on their own page only."""
    chosen = {"language": storable(asked.language), "zone": storable(asked.zone)}
    if known is None:
        values = {
            "id": new_id(),
            "address_number": _keep_address(connection, email),
            "address_hash": address_hash(email),
            **chosen,
            "hour": 7,
            "paused_until": "",
            "created_at": stamp,
            "soft_bounces": 0,
            "bounced_at": "",
        }
        connection.execute(insert(subscribers).values(values))
        return load_subscriber(connection, str(values["id"]))
    if not _has_answered(connection, known):
        connection.execute(update(subscribers).where(subscribers.c.id == known["id"]).values(chosen))
    return known


def _keep_address(connection: Connection, email: str) -> int:
    added = insert(addresses).values(email=email).returning(addresses.c.number)
    number: int = connection.execute(added).scalar_one()
    return number


def _keep_subscription(
    connection: Connection,
    subscriber_id: str,
    living: RowMapping | None,
    asked: SignUp,
    wish: Wish,
    stamp: str,
) -> str:
    """Its id; one that waits for its answer takes what was asked for last, one that has it stays."""
    if living is not None:
        if living["state"] == PENDING:
            latest = {"rhythm": asked.rhythm.value, "asked_at": stamp}
            connection.execute(
                update(subscriptions).where(subscriptions.c.number == living["number"]).values(latest)
            )
        return str(living["id"])
    values: dict[str, Any] = {
        "id": new_id(),
        "subscriber_id": subscriber_id,
        "wish_key": wish.key,
        "rhythm": asked.rhythm.value,
        "audience": Audience(asked.audience).value,
        "state": PENDING,
        "asked_at": stamp,
        "confirmed_at": "",
        "ended_at": "",
    }
    connection.execute(insert(subscriptions).values(values))
    return str(values["id"])


def _ask(
    connection: Connection,
    kind: LetterKind,
    subscriber: RowMapping,
    subscription_id: str,
    wish: Wish,
    asked: SignUp,
    stamp: str,
) -> None:
    section = Section(subscription_id, wish, Audience(asked.audience), ())
    slot = _to_slot(kind, subscription_id, new_id())
    posting = Posting(kind, subscriber["id"], subscriber["email"], slot, (section,))
    queue_letters(connection, [posting], stamp)
    add_consent(connection, subscriber["id"], replace(asked.consent, subscription=subscription_id))


def _to_slot(kind: LetterKind, subscription_id: str, name: str) -> str:
    return f"{kind.value}/{subscription_id}/{name}"
