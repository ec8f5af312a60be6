"""Tokens, sessions and failed attempts. Only hashes of secrets come here."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from catalog.database import storable
from catalog.listings.tables import attempts, people, sessions, tokens
from catalog.statements import upsert
from domain.instants import to_timestamp

_FORGOTTEN = timedelta(days=1)
"""After so long nobody asks about a failed attempt any more."""


def save_token(
    connection: Connection, person_id: str, purpose: str, detail: str, hashed: str, expires: datetime
) -> None:
    """Keep it in place of the one before; a person's expired ones are forgotten."""
    now = to_timestamp(datetime.now(expires.tzinfo))
    connection.execute(delete(tokens).where(tokens.c.expires <= min(now, to_timestamp(expires))))
    texts = {"person_id": person_id, "purpose": purpose, "detail": detail, "hashed": hashed}
    values = {name: storable(text) for name, text in texts.items()}
    upsert(connection, tokens, [{**values, "expires": to_timestamp(expires)}])


def redeem_token(connection: Connection, purpose: str, hashed: str, now: datetime) -> tuple[str, str] | None:
    """Take the token, if it is good; that of a locked account is not."""
    taken = (
        delete(tokens)
        .where(
            tokens.c.hashed == storable(hashed),
            tokens.c.purpose == storable(purpose),
            tokens.c.expires > to_timestamp(now),
            tokens.c.person_id.not_in(select(people.c.id).where(people.c.locked)),
        )
        .returning(tokens.c.person_id, tokens.c.detail)
    )
    row = connection.execute(taken).first()
    return (row.person_id, row.detail) if row else None


def save_session(connection: Connection, person_id: str, hashed: str, expires: datetime) -> None:
    """Keep it; those that are over are forgotten."""
    now = to_timestamp(datetime.now(expires.tzinfo))
    connection.execute(delete(sessions).where(sessions.c.expires <= min(now, to_timestamp(expires))))
    values = {"hashed": storable(hashed), "person_id": person_id, "expires": to_timestamp(expires)}
    upsert(connection, sessions, [values])


def read_session(connection: Connection, hashed: str, now: datetime) -> str | None:
    """Whose it is, if it is good."""
    query = select(sessions.c.person_id).where(
        sessions.c.hashed == storable(hashed), sessions.c.expires > to_timestamp(now)
    )
    return connection.execute(query).scalar()


def end_session(connection: Connection, hashed: str) -> None:
    """End one."""
    connection.execute(delete(sessions).where(sessions.c.hashed == storable(hashed)))


def end_sessions(connection: Connection, person_id: str) -> None:
    """End all of a person's."""
    connection.execute(delete(sessions).where(sessions.c.person_id == storable(person_id)))


def end_tokens(connection: Connection, person_id: str) -> None:
    """End all of a person's."""
    connection.execute(delete(tokens).where(tokens.c.person_id == storable(person_id)))


def count_attempts(connection: Connection, key: str, since: datetime) -> int:
    """How many are noted since then."""
    query = select(func.count()).where(attempts.c.key == storable(key), attempts.c.at >= to_timestamp(since))
    return connection.execute(query).scalar_one()


def note_attempt(connection: Connection, key: str, at: datetime) -> None:
    """Note one."""
    connection.execute(delete(attempts).where(attempts.c.at < to_timestamp(at - _FORGOTTEN)))
    connection.execute(insert(attempts).values(key=storable(key), at=to_timestamp(at)))
