"""The change log of digests: what happened to each, who did it, and how the digest stood after it.

The digest that stands is kept once, in `digests`: its entry gets a copy only when another takes its place.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from catalog.codec import decompress, parse_json
from catalog.database import storable
from catalog.statements import execute_many, to_chunks
from catalog.tables import digest_log, digests
from domain.digest import Audience, Digest
from domain.review import Act, LogEntry

OURS = "findings"
"""Who did what no person and no engine did: a recall."""
_TEXTS = (Act.WRITTEN, Act.REVIEWED, Act.CORRECTED)
"""After these a text stands that was not published in that form before."""

Key = tuple[str, str]
"""Paper and audience."""


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be logged."""

    paper_id: str
    audience: str
    act: Act
    by: str
    note: str = ""


def log_events(connection: Connection, now: str, events: Iterable[Event]) -> None:
    """Add entries, in that order."""
    if rows := [_to_row(event, now) for event in events]:
        named = insert(digest_log).values({name: bindparam(name) for name in rows[0]})
        execute_many(connection, named, rows)


def log_event(connection: Connection, now: str, event: Event) -> LogEntry:
    """Add one entry."""
    statement = insert(digest_log).values(_to_row(event, now)).returning(digest_log.c.id)
    number = connection.execute(statement).scalar_one()
    note = storable(event.note)
    return LogEntry(
        number, event.paper_id, Audience(event.audience), event.act, now, storable(event.by), note
    )


def archive(connection: Connection, keys: Collection[Key]) -> None:
    """Before digests are replaced or dropped, copy them to the entries that they stand in."""
    current = (
        select(digests.c.document)
        .where(digests.c.paper_id == bindparam("p"), digests.c.audience == bindparam("a"))
        .scalar_subquery()
    )
    statement = (
        update(digest_log)
        .where(
            digest_log.c.paper_id == bindparam("p"),
            digest_log.c.audience == bindparam("a"),
            or_(*(digest_log.c.act == act.value for act in _TEXTS)),
            digest_log.c.document.is_(None),
        )
        .values(document=current)
    )
    if keys:
        connection.execute(statement, [{"p": paper, "a": audience} for paper, audience in sorted(keys)])


def move_log(connection: Connection, absorbed: Mapping[str, str]) -> None:
    """Let the entries of works that turned out to be others (work → survivor) be read there."""
    statement = update(digest_log).where(digest_log.c.paper_id == bindparam("old"))
    pairs = [{"old": old, "new": new} for old, new in absorbed.items()]
    connection.execute(statement.values(paper_id=bindparam("new")), pairs)


def return_log(connection: Connection, names: Sequence[str]) -> None:
    """Give works that are works of their own again the entries that went with them."""
    for chunk in to_chunks(names):
        mine = update(digest_log).where(digest_log.c.origin.in_(chunk))
        connection.execute(mine.values(paper_id=digest_log.c.origin))


def read_log(
    connection: Connection, paper_id: str, audience: Audience, digest: Digest | None
) -> list[LogEntry]:
    """The entries of a digest, oldest first; `digest` is what stands."""
    query = select(digest_log).where(
        digest_log.c.paper_id == paper_id, digest_log.c.audience == audience.value
    )
    return [_to_entry(row, digest) for row in connection.execute(query.order_by(digest_log.c.id))]


def _to_entry(row: Row[tuple[object, ...]], digest: Digest | None) -> LogEntry:
    act = Act(row.act)
    told = None
    if row.document is not None:
        told = replace(parse_json(decompress(row.document), Digest), paper_id=row.paper_id)
    elif act in _TEXTS:
        told = digest
    audience = Audience(row.audience)
    return LogEntry(row.id, row.paper_id, audience, act, row.at, row.by, row.note, told, row.answer)


def _to_row(event: Event, now: str) -> dict[str, object]:
    return {
        "paper_id": event.paper_id,
        "origin": event.paper_id,
        "audience": event.audience,
        "act": event.act.value,
        "at": now,
        "by": storable(event.by),
        "note": storable(event.note),
        "answer": None,
        "document": None,
    }
