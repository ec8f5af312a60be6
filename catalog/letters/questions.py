"""How often a mailbox was asked whether it was really they, and whether it may be asked again."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select

from catalog.codec import parse_timestamp
from catalog.database import storable
from catalog.letters.subscribertables import questions
from domain.instants import to_timestamp

_DAY = timedelta(days=1)
_REMEMBERED = timedelta(days=90)


def may_ask(connection: Connection, key: str, now: datetime, a_day: int, unanswered: int | None) -> bool:
    """Whether that mailbox may get another first letter; if so, this counts as one.

    So many of them a day, and so many while none is answered; None: somebody there has answered.
    """
    day, since, until = (to_timestamp(now + span) for span in (-_DAY, -_REMEMBERED, _DAY))
    # Those of tomorrow were counted by a clock that was ahead.
    forgotten = or_(questions.c.at <= since, questions.c.at > until)
    connection.execute(delete(questions).where(forgotten))
    counted = select(questions.c.at).where(questions.c.address_key == storable(key))
    times = connection.execute(counted).scalars().all()
    if sum(at > day for at in times) >= a_day or (unanswered is not None and len(times) >= unanswered):
        return False
    connection.execute(insert(questions).values(address_key=storable(key), at=to_timestamp(now)))
    return True


def note_answer(connection: Connection, key: str, at: str) -> None:
    """What that mailbox was asked until then is answered; the last day's still count, as one a day does."""
    before = to_timestamp(parse_timestamp(at) - _DAY)
    answered = delete(questions).where(questions.c.address_key == storable(key), questions.c.at <= before)
    connection.execute(answered)
