"""Rounds: whose letters of which rhythm are due."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, tuple_

from catalog.database import storable
from catalog.letters.reading import SUBSCRIBER, SUBSCRIBERS, read_active, to_subscriber
from catalog.letters.subscribertables import subscribers
from catalog.letters.tables import rounds
from domain.instants import to_timestamp
from domain.subscription import Rhythm
from domain.subscription_ports import Round

_AHEAD = timedelta(days=32)
"""No rhythm leads further: what is due later was reckoned by a clock that was ahead, and is due now."""


def read_rounds(connection: Connection, now: datetime, after: str, limit: int) -> list[Round]:
    """Those that are due, beyond the cursor; the paused are left out."""
    subscriber, _, rhythm = storable(after).rpartition("/")
    stamp = to_timestamp(now)
    query = (
        select(*SUBSCRIBER, rounds.c.rhythm, rounds.c.due_at, rounds.c.slot)
        .select_from(SUBSCRIBERS.join(rounds, rounds.c.subscriber_id == subscribers.c.id))
        .where(
            tuple_(rounds.c.subscriber_id, rounds.c.rhythm) > (subscriber, rhythm),
            or_(rounds.c.due_at <= stamp, rounds.c.due_at > to_timestamp(now + _AHEAD)),
            subscribers.c.paused_until <= stamp,
        )
        .order_by(rounds.c.subscriber_id, rounds.c.rhythm)
        .limit(limit)
    )
    rows = connection.execute(query).mappings().all()
    active = read_active(connection, {row["id"]: None for row in rows})
    found = []
    for row in rows:
        due = Rhythm(row["rhythm"])
        mine = tuple(one for one in active.get(row["id"], ()) if one.rhythm is due)
        found.append(Round(to_subscriber(row), due, row["due_at"], row["slot"], mine))
    return found
