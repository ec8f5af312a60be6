"""Letters in the outbox: queueing them, reading them, and dropping those that nobody wants any more."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, update

from catalog.codec import compress, decompress, parse_json, to_json
from catalog.database import storable
from catalog.letters.reading import ACTIVE, ENDED
from catalog.letters.subscribertables import subscriptions
from catalog.letters.tables import HELD, QUEUED, letter_sections, letters
from catalog.letters.tallies import read_tallies
from catalog.statements import execute_many, to_chunks
from domain.addresses import domain_of, fold_email
from domain.errors import NotFound
from domain.subscription import Letter, LetterKind, LetterState, Rhythm, Section

TURNS = {LetterKind.CONFIRM: 0, LetterKind.KNOWN: 0, LetterKind.RECALL: 1, LetterKind.ISSUE: 2}
"""Somebody waits at their desk for the first; a warning is more urgent than news."""
WAITING = (LetterState.QUEUED.value, LetterState.CLAIMED.value)
UNSENT = (*WAITING, LetterState.SENDING.value, LetterState.UNCERTAIN.value)
"""They wait, or may yet come back into the queue."""
OWNED = (LetterState.CLAIMED.value, LetterState.SENDING.value, LetterState.UNCERTAIN.value)
"""They have an owner, and are few: found by that."""
TALLY = "letters/"
PAUSABLE = (LetterKind.ISSUE.value, LetterKind.RECALL.value)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
_LONGEST_ANSWER = 300
UNREAD = (LetterState.DROPPED.value, LetterState.FAILED.value)
"""Nobody has read them, nor will."""
_LETTER = select(letters, letter_sections.c.document).join(
    letter_sections, letter_sections.c.number == letters.c.number
)
_ADD = insert(letters)
_ADD_SECTIONS = insert(letter_sections).from_select(
    ["number", "document"],
    select(letters.c.number, bindparam("document", type_=letter_sections.c.document.type)).where(
        letters.c.id == bindparam("of")
    ),
)


@dataclass(frozen=True, slots=True)
class Posting:
    """A letter to be queued: to whom, and until when it is held because they paused."""

    kind: LetterKind
    subscriber: str
    email: str
    slot: str
    sections: tuple[Section, ...]
    rhythm: str = ""
    held_until: str = ""


def new_letter_id() -> str:
    """One that nobody can guess."""
    return secrets.token_urlsafe(16)


def queue_letters(connection: Connection, postings: Sequence[Posting], now: str) -> None:
    """Queue them; their slots must be free."""
    if not postings:
        return
    rows = [_to_row(posting, now) for posting in postings]
    names = list(rows[0])
    execute_many(connection, _ADD.values({name: bindparam(name) for name in names}), rows)
    packed = [
        {"of": row["id"], "document": pack_sections(posting.sections)}
        for row, posting in zip(rows, postings, strict=True)
    ]
    execute_many(connection, _ADD_SECTIONS, packed)


def hash_domain(domain: str) -> str:
    """By which letters of one domain are known; a domain may tell whose it is."""
    return hashlib.sha256(fold_email(domain).encode("utf-8", "replace")).hexdigest()[:12]


def to_answer(text: str) -> str:
    """What a mail server said, in one line and without addresses, which would outlive an erasure."""
    return storable(_ADDRESS.sub("…@…", " ".join(text[: 4 * _LONGEST_ANSWER].split()))[:_LONGEST_ANSWER])


def pack_sections(sections: tuple[Section, ...]) -> bytes:
    """As they are kept."""
    return compress(to_json(sections))


def read_letter(connection: Connection, letter_id: str) -> Letter:
    """One. Raises `NotFound`."""
    row = connection.execute(_LETTER.where(letters.c.id == storable(letter_id))).mappings().first()
    if row is None:
        raise NotFound("letter", letter_id)
    return to_letter(row)


def read_letters(connection: Connection, state: LetterState, after: str, limit: int) -> list[Letter]:
    """A page of those of that state, in the order of ids."""
    query = _LETTER.where(letters.c.state == state.value, letters.c.id > storable(after))
    if state.value in OWNED:
        query = query.where(HELD)
    page = connection.execute(query.order_by(letters.c.id).limit(limit)).mappings()
    return [to_letter(row) for row in page]


def read_numbered(connection: Connection, numbers: Iterable[int]) -> list[Letter]:
    """Those, in that order."""
    wanted = list(numbers)
    found: dict[int, Letter] = {}
    for chunk in to_chunks(wanted):
        for row in connection.execute(_LETTER.where(letters.c.number.in_(chunk))).mappings():
            found[row["number"]] = to_letter(row)
    return [found[number] for number in wanted]


def read_letter_counts(connection: Connection) -> dict[tuple[LetterKind, LetterState], int]:
    """How many letters there are, and were, of each kind and state."""
    counted = select(letters.c.kind, letters.c.state, func.count()).group_by(letters.c.kind, letters.c.state)
    found = {
        (LetterKind(kind), LetterState(state)): number for kind, state, number in connection.execute(counted)
    }
    for name, number in read_tallies(connection, TALLY).items():
        kind, _, state = name.partition("/")
        key = (LetterKind(kind), LetterState(state))
        found[key] = found.get(key, 0) + number
    return found


def read_open_counts(connection: Connection) -> dict[LetterState, int]:
    """How many letters are queued and uncertain, each by an index that holds hardly any others."""
    states = {LetterState.QUEUED: QUEUED, LetterState.UNCERTAIN: HELD}
    counted = select(func.count()).select_from(letters)
    return {
        state: connection.execute(counted.where(letters.c.state == state.value, among)).scalar_one()
        for state, among in states.items()
    }


def drop_unwanted(connection: Connection, subscriber_id: str, now: str) -> None:
    """Drop those of a subscriber's waiting letters that nothing asks for any more, and what ended of others.

    A claimed letter that is changed goes back into the queue: its sender has it as it was.
    """
    mine = letters.c.subscriber_id == subscriber_id
    waiting = connection.execute(_LETTER.where(mine, letters.c.state.in_(WAITING))).mappings().all()
    states = _read_states(connection, subscriber_id) if waiting else {}
    for row in waiting:
        letter = to_letter(row)
        sections = _wanted(letter, states)
        if sections is None:
            change = {"state": LetterState.DROPPED.value, "owner": None, "changed_at": now}
        elif sections != letter.sections:
            change = {"state": LetterState.QUEUED.value, "owner": None, "changed_at": now}
            connection.execute(
                update(letter_sections)
                .where(letter_sections.c.number == row["number"])
                .values(document=pack_sections(sections))
            )
        else:
            continue
        connection.execute(update(letters).where(letters.c.number == row["number"]).values(change))


def remove_letters(connection: Connection, numbers: Iterable[int]) -> None:
    """Remove them."""
    for chunk in to_chunks(numbers):
        connection.execute(delete(letter_sections).where(letter_sections.c.number.in_(chunk)))
        connection.execute(delete(letters).where(letters.c.number.in_(chunk)))


def to_letter(row: RowMapping) -> Letter:
    """What a row and its sections tell."""
    return Letter(
        row["id"],
        LetterKind(row["kind"]),
        row["subscriber_id"],
        row["slot"],
        parse_json(decompress(row["document"]), tuple[Section, ...]),
        Rhythm(row["rhythm"]) if row["rhythm"] else None,
        LetterState(row["state"]),
        row["attempts"],
        max(row["not_before"], row["held_until"]),
        row["created_at"],
        row["changed_at"],
        row["answer"],
    )


def _to_row(posting: Posting, now: str) -> dict[str, Any]:
    return {
        "id": new_letter_id(),
        "kind": posting.kind.value,
        "subscriber_id": posting.subscriber,
        "slot": storable(posting.slot),
        "rhythm": posting.rhythm,
        "state": LetterState.QUEUED.value,
        "turn": TURNS[posting.kind],
        "domain": hash_domain(domain_of(posting.email)),
        "attempts": 0,
        "not_before": "",
        "held_until": posting.held_until if posting.kind in PAUSABLE else "",
        "created_at": now,
        "changed_at": now,
        "answer": "",
        "bounced_at": "",
        "owner": None,
        "lease_until": "",
    }


def _read_states(connection: Connection, subscriber_id: str) -> dict[str, str]:
    query = select(subscriptions.c.id, subscriptions.c.state).where(
        subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.state != ENDED
    )
    return {row.id: row.state for row in connection.execute(query)}


def _wanted(letter: Letter, states: dict[str, str]) -> tuple[Section, ...] | None:
    """The sections that are still asked for; None: nothing is."""
    if letter.kind is LetterKind.RECALL:
        return letter.sections if ACTIVE in states.values() else None
    asks = letter.kind is LetterKind.CONFIRM
    kept = tuple(
        section
        for section in letter.sections
        if section.subscription in states and (states[section.subscription] == ACTIVE) != asks
    )
    return kept or None


def without(sections: tuple[Section, ...], keys: set[str]) -> tuple[Section, ...]:
    """What is left of them without the news of these keys, each key once; empty sections go."""
    kept: list[Section] = []
    seen = set(keys)
    for section in sections:
        fresh = []
        for one in section.news:
            if one.key not in seen:
                seen.add(one.key)
                fresh.append(one)
        if fresh:
            kept.append(section if len(fresh) == len(section.news) else replace(section, news=tuple(fresh)))
    return tuple(kept)
