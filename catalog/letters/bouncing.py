"""Bounces: one for good ends it at once, passing ones when five came in a row."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, select, update

from catalog.database import storable
from catalog.letters.consents import read_suppression
from catalog.letters.reading import load_subscriber
from catalog.letters.store import to_answer
from catalog.letters.subscribertables import subscribers
from catalog.letters.subscribing import suppress
from catalog.letters.tables import letters
from domain.errors import NotFound
from domain.instants import to_timestamp
from domain.subscription import LetterState
from domain.subscription_ports import Suppression

SOFT_BOUNCES = 5
"""So many in a row suppress."""


def note_bounce(connection: Connection, letter_id: str, at: datetime, *, hard: bool, reason: str) -> bool:
    """Note it; whether the address is suppressed now. Raises `NotFound`."""
    query = select(letters).where(letters.c.id == storable(letter_id))
    letter = connection.execute(query).mappings().first()
    if letter is None:
        raise NotFound("letter", letter_id)
    subscriber = load_subscriber(connection, letter["subscriber_id"])
    again = bool(letter["bounced_at"])
    _mark(connection, letter, at, reason)
    row = subscriber["soft_bounces"] if again else _count(connection, letter, subscriber)
    if not again:
        latest = max(letter["changed_at"], subscriber["bounced_at"])
        mine = subscribers.c.id == subscriber["id"]
        connection.execute(update(subscribers).where(mine).values(soft_bounces=row, bounced_at=latest))
    if hard or row >= SOFT_BOUNCES:
        suppress(connection, Suppression(subscriber["address_hash"], "bounced", to_timestamp(at)))
        return True
    return read_suppression(connection, subscriber["address_hash"]) is not None


def _mark(connection: Connection, letter: RowMapping, at: datetime, reason: str) -> None:
    """What bounced had been taken, even where the answer to that was lost."""
    values = {"bounced_at": to_timestamp(at), "answer": to_answer(reason)}
    if letter["state"] == LetterState.UNCERTAIN.value:
        values["state"] = LetterState.SENT.value
    connection.execute(update(letters).where(letters.c.number == letter["number"]).values(values))


def _count(connection: Connection, letter: RowMapping, subscriber: RowMapping) -> int:
    """How many bounced in a row, this one included: none that was taken and came not back lies between.

    Such a letter must have gone after the last that bounced and before this one; of later ones nobody can
    know yet.
    """
    delivered = select(func.count()).where(
        letters.c.subscriber_id == subscriber["id"],
        letters.c.state == LetterState.SENT.value,
        letters.c.bounced_at == "",
        letters.c.changed_at > subscriber["bounced_at"],
        letters.c.changed_at < letter["changed_at"],
    )
    between = connection.execute(delivered).scalar_one()
    return 1 if between else int(subscriber["soft_bounces"]) + 1
