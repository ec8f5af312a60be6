"""Letters on their way: claimed by a sender, marked before the first byte leaves, settled after the answer.

What a sender may do to a letter hangs on its owner and its state alone, so that one that was frozen can do no
harm when it comes back.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from math import ceil

from sqlalchemy import ColumnElement, Connection, Update, and_, bindparam, case, or_, select, update

from catalog.database import storable
from catalog.letters.store import (
    OWNED,
    TALLY,
    TURNS,
    drop_unwanted,
    hash_domain,
    read_numbered,
    remove_letters,
    to_answer,
)
from catalog.letters.subscribertables import subscribers
from catalog.letters.tables import HELD, QUEUED, letters
from catalog.letters.tallies import add_to_tallies
from catalog.statements import to_chunks
from domain.errors import NotAllowed, NotFound
from domain.instants import to_timestamp
from domain.subscription import Letter, LetterState
from domain.subscription_ports import Settlement

_QUEUED, _CLAIMED, _SENDING, _UNCERTAIN = (
    state.value
    for state in (LetterState.QUEUED, LetterState.CLAIMED, LetterState.SENDING, LetterState.UNCERTAIN)
)
_ENDED = tuple(state.value for state in (LetterState.SENT, LetterState.FAILED, LetterState.DROPPED))
_CERTAIN = (LetterState.SENT, LetterState.FAILED)
_LONGEST_LEASE = timedelta(days=1)
_LONGEST_WAIT = timedelta(days=8)
"""Nothing is meant to last longer: what does was reckoned by a clock that was ahead."""
_PAGE = 2000

_BEGIN = (
    update(letters)
    .where(
        letters.c.id == bindparam("of"),
        letters.c.owner == bindparam("by"),
        letters.c.state == _CLAIMED,
        letters.c.lease_until > bindparam("now"),
    )
    .values(state=_SENDING, attempts=letters.c.attempts + 1, changed_at=bindparam("now"))
)


def claim(
    connection: Connection, owner: str, now: datetime, limit: int, lease: float, busy: Sequence[str]
) -> list[Letter]:
    """Take those that are due, first letters first."""
    _take_back(connection, now)
    numbers: list[int] = []
    for turn in sorted(set(TURNS.values())):
        numbers += _due(connection, turn, to_timestamp(now), busy, limit - len(numbers))
    claimed = {
        "state": _CLAIMED,
        "owner": storable(owner),
        "lease_until": _to_end(now, lease),
        "changed_at": to_timestamp(now),
    }
    for chunk in to_chunks(numbers):
        connection.execute(update(letters).where(letters.c.number.in_(chunk)).values(claimed))
    return read_numbered(connection, numbers)


def settle(connection: Connection, owner: str, settled: Settlement, now: datetime) -> None:
    """Save what became of a letter that is the owner's; nothing where it is not any more.

    An answer that comes after its sender was given up overrides that nobody knew.
    """
    states = [_SENDING]
    if settled.state in _CERTAIN:
        states.append(_UNCERTAIN)
    if settled.state not in (LetterState.SENT, LetterState.UNCERTAIN):
        states.append(_CLAIMED)
    values = {
        "of": storable(settled.letter),
        "by": storable(owner),
        "new_state": settled.state.value,
        "new_answer": to_answer(settled.answer),
        "wait": storable(settled.not_before),
        "now": to_timestamp(now),
    }
    done = connection.execute(_settling(tuple(states), owned=settled.state.value in OWNED), values).rowcount
    if done and settled.state is LetterState.QUEUED:
        _check_wanted(connection, settled.letter, now)


def begin(connection: Connection, owner: str, letter_id: str, now: datetime) -> bool:
    """Mark a claimed letter SENDING; whether the claim still held."""
    values = {"of": storable(letter_id), "by": storable(owner), "now": to_timestamp(now)}
    return connection.execute(_BEGIN, values).rowcount == 1


def renew(connection: Connection, owner: str, now: datetime, lease: float) -> None:
    """Hold for longer what has not run out."""
    held = and_(_is_held(), letters.c.owner == storable(owner), letters.c.lease_until > to_timestamp(now))
    connection.execute(update(letters).where(held).values(lease_until=_to_end(now, lease)))


def release(connection: Connection, owner: str) -> None:
    """Give back what is only claimed."""
    mine = and_(HELD, letters.c.owner == storable(owner), letters.c.state == _CLAIMED)
    connection.execute(update(letters).where(mine).values(state=_QUEUED, owner=None))


def resolve(connection: Connection, letter_id: str, now: datetime, *, sent: bool) -> None:
    """Settle an uncertain letter by hand. Raises `NotFound`, `NotAllowed`."""
    state = connection.execute(
        select(letters.c.state).where(letters.c.id == storable(letter_id))
    ).scalar_one_or_none()
    if state is None:
        raise NotFound("letter", letter_id)
    if state != _UNCERTAIN:
        raise NotAllowed(f"only what became uncertain can be resolved; this letter is {state}")
    found = LetterState.SENT if sent else LetterState.QUEUED
    values = {"state": found.value, "owner": None, "changed_at": to_timestamp(now), "not_before": ""}
    connection.execute(update(letters).where(letters.c.id == letter_id).values(values))
    if not sent:
        _check_wanted(connection, letter_id, now)


def forget_page(connection: Connection, before: datetime, after: int) -> tuple[int, int | None]:
    """Remove a page of letters that ended before then; how many, and where to go on (None: nowhere)."""
    old = and_(letters.c.state.in_(_ENDED), letters.c.changed_at < to_timestamp(before))
    query = select(letters.c.number, letters.c.kind, letters.c.state).where(letters.c.number > after, old)
    rows = connection.execute(query.order_by(letters.c.number).limit(_PAGE)).all()
    numbers = [row.number for row in rows]
    if not numbers:
        return 0, None
    _note_delivered(connection, numbers[0], numbers[-1])
    add_to_tallies(connection, Counter(f"{TALLY}{row.kind}/{row.state}" for row in rows))
    remove_letters(connection, numbers)
    return len(numbers), numbers[-1]


@cache
def _settling(states: tuple[str, ...], *, owned: bool) -> Update:
    """Settles what is in one of these states; said once, since it is done for each letter."""
    mine = and_(letters.c.id == bindparam("of"), letters.c.owner == bindparam("by"))
    return (
        update(letters)
        .where(mine, or_(*(letters.c.state == state for state in states)))
        .values(
            state=bindparam("new_state"),
            answer=bindparam("new_answer"),
            not_before=bindparam("wait"),
            changed_at=bindparam("now"),
            owner=letters.c.owner if owned else None,
            # What was refused before its first byte left was an attempt, too.
            attempts=letters.c.attempts + case((letters.c.state == _CLAIMED, 1), else_=0),
        )
    )


def _take_back(connection: Connection, now: datetime) -> None:
    """What senders that died had; and what a clock that was ahead put off."""
    stamp = to_timestamp(now)
    over = or_(letters.c.lease_until <= stamp, letters.c.lease_until > to_timestamp(now + _LONGEST_LEASE))
    for before, after in ((_CLAIMED, _QUEUED), (_SENDING, _UNCERTAIN)):
        lost = update(letters).where(HELD, letters.c.state == before, over)
        # The owner of what is uncertain may still come back with the answer.
        owner = {"owner": None} if after == _QUEUED else {}
        connection.execute(lost.values(state=after, changed_at=stamp, **owner))
    put_off = and_(
        QUEUED,
        letters.c.turn.in_(set(TURNS.values())),
        letters.c.not_before > to_timestamp(now + _LONGEST_WAIT),
    )
    connection.execute(update(letters).where(put_off).values(not_before=""))


def _due(connection: Connection, turn: int, now: str, busy: Sequence[str], limit: int) -> list[int]:
    if limit <= 0:
        return []
    query = select(letters.c.number).where(
        QUEUED,
        letters.c.turn == turn,
        letters.c.not_before <= now,
        letters.c.held_until <= now,
    )
    if busy:
        query = query.where(letters.c.domain.not_in([hash_domain(domain) for domain in busy]))
    ordered = query.order_by(letters.c.not_before, letters.c.number).limit(limit)
    return list(connection.execute(ordered).scalars())


def _is_held() -> ColumnElement[bool]:
    return and_(HELD, letters.c.state.in_((_CLAIMED, _SENDING)))


def _check_wanted(connection: Connection, letter_id: str, now: datetime) -> None:
    query = select(letters.c.subscriber_id).where(letters.c.id == storable(letter_id))
    drop_unwanted(connection, connection.execute(query).scalar_one(), to_timestamp(now))


def _note_delivered(connection: Connection, first: int, last: int) -> None:
    """Letters that are forgotten can no longer show that bounces were not in a row."""
    delivered = select(letters.c.number).where(
        letters.c.number.between(first, last),
        letters.c.subscriber_id == subscribers.c.id,
        letters.c.state == LetterState.SENT.value,
        letters.c.bounced_at == "",
        letters.c.changed_at > subscribers.c.bounced_at,
    )
    reset = update(subscribers).where(subscribers.c.soft_bounces > 0, delivered.exists())
    connection.execute(reset.values(soft_bounces=0))


def _to_end(now: datetime, lease: float) -> str:
    """To the whole second above, as instants are kept."""
    return to_timestamp(now + timedelta(seconds=ceil(lease)))
