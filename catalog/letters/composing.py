"""Queueing letters and entering what they tell in the ledger, so that nobody is told the same twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from catalog.database import storable
from catalog.letters.news import save_news
from catalog.letters.reading import ACTIVE, SUBSCRIBER, SUBSCRIBERS, read_active
from catalog.letters.store import Posting, queue_letters, without
from catalog.letters.subscribertables import subscribers, subscriptions
from catalog.letters.tables import ledger, letters, rounds
from catalog.letters.telling import read_sent
from catalog.statements import execute_many, insert_new, to_chunks
from domain.subscription import LetterKind, News, Section, Subscription, Wish, WishKind
from domain.subscription_ports import Composed

_MOVE = (
    update(rounds)
    .where(rounds.c.subscriber_id == bindparam("of"), rounds.c.rhythm == bindparam("in_rhythm"))
    .values(due_at=bindparam("next_at"), slot=bindparam("new_slot"))
)


@dataclass
class Recipients:
    """What is known of some subscribers, read for all of them at once."""

    held: dict[str, str] = field(default_factory=dict)
    """Subscriber → until when paused."""
    emails: dict[str, str] = field(default_factory=dict)
    active: set[str] = field(default_factory=set)
    slots: set[tuple[str, str]] = field(default_factory=set)
    """Subscriber and slot of letters that are there."""
    rounds: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """Subscriber and rhythm → when due, last slot."""


def compose(connection: Connection, composed: Sequence[Composed], now: str) -> int:
    """Queue letters, enter their news and move the rounds; how many letters."""
    ids = sorted({one.round.subscriber.id for one in composed})
    told = save_news(connection, (n for one in composed for section in one.sections for n in section.news))
    known = _read_recipients(connection, ids, {one.slot for one in composed})
    sent = read_sent(connection, ids, told)
    postings: list[Posting] = []
    moves: list[dict[str, str]] = []
    for one in composed:
        move = _to_move(one, known)
        if move is None:
            continue
        posting = _to_posting(one, known, sent)
        if posting is not None and (posting.subscriber, posting.slot) in known.slots:
            # A clock that was ahead has used the slot up. The round stays where it is, and what is new goes
            # into the next: moved on, it would count as told.
            continue
        moves.append(move)
        if posting is not None:
            postings.append(posting)
            known.slots.add((posting.subscriber, posting.slot))
            sent.setdefault(posting.subscriber, set()).update(_keys(posting.sections))
    queue_letters(connection, postings, now)
    _enter(connection, postings, told)
    if moves:
        execute_many(connection, _MOVE, moves)
    return len(postings)


def recall(connection: Connection, subscriber_ids: Sequence[str], one: News, now: str) -> int:
    """Queue a warning to each who was not told of it yet; how many."""
    slot = "/".join(filter(None, ("recall", one.target, one.kind.value, one.detail)))
    told = save_news(connection, [one])
    ids = sorted(set(subscriber_ids))
    known = _read_recipients(connection, ids, {slot})
    sent = read_sent(connection, ids, told)
    postings = []
    for name, active in read_active(connection, ids).items():
        if (name, slot) not in known.slots and one.key not in sent.get(name, ()):
            section = _to_warning(active[0], one)
            held = known.held[name]
            postings.append(
                Posting(LetterKind.RECALL, name, known.emails[name], slot, (section,), held_until=held)
            )
    queue_letters(connection, postings, now)
    _enter(connection, postings, told)
    return len(postings)


def _read_recipients(connection: Connection, ids: Sequence[str], slots: Iterable[str]) -> Recipients:
    known = Recipients()
    wanted = sorted({storable(slot) for slot in slots})
    for chunk in to_chunks(ids):
        people = select(*SUBSCRIBER).select_from(SUBSCRIBERS).where(subscribers.c.id.in_(chunk))
        for row in connection.execute(people):
            known.emails[row.id], known.held[row.id] = row.email, row.paused_until
        living = select(subscriptions.c.id).where(
            subscriptions.c.subscriber_id.in_(chunk), subscriptions.c.state == ACTIVE
        )
        known.active.update(connection.execute(living).scalars())
        standing = select(rounds).where(rounds.c.subscriber_id.in_(chunk))
        for row in connection.execute(standing):
            known.rounds[row.subscriber_id, row.rhythm] = (row.due_at, row.slot)
        there = select(letters.c.subscriber_id, letters.c.slot).where(
            letters.c.subscriber_id.in_(chunk), letters.c.slot.in_(wanted)
        )
        known.slots.update((name, slot) for name, slot in connection.execute(there))
    return known


def _to_move(one: Composed, known: Recipients) -> dict[str, str] | None:
    """How the round moves on; None where somebody was faster, or nobody asks for it any more."""
    key = (one.round.subscriber.id, one.round.rhythm.value)
    due_at, slot = known.rounds.get(key, ("", None))
    if slot != one.round.slot:
        return None
    # Emptied since it was read: zone or hour have changed, and when it is next due must be reckoned anew.
    changed = due_at == "" and one.round.due_at != ""
    next_at = "" if changed else storable(one.next_at)
    return {"of": key[0], "in_rhythm": key[1], "next_at": next_at, "new_slot": storable(one.slot)}


def _to_posting(one: Composed, known: Recipients, sent: dict[str, set[str]]) -> Posting | None:
    name, slot = one.round.subscriber.id, storable(one.slot)
    active = tuple(section for section in one.sections if section.subscription in known.active)
    sections = without(active, sent.get(name, set()))
    if not sections:
        return None
    rhythm = one.round.rhythm.value
    return Posting(LetterKind.ISSUE, name, known.emails[name], slot, sections, rhythm, known.held[name])


def _to_warning(subscription: Subscription, one: News) -> Section:
    wish = Wish(WishKind.PAPER, target=one.target)
    return Section(subscription.id, wish, subscription.audience, (one,))


def _keys(sections: Iterable[Section]) -> set[str]:
    return {storable(one.key) for section in sections for one in section.news}


def _enter(connection: Connection, postings: Iterable[Posting], told: dict[str, int]) -> None:
    rows: list[dict[str, Any]] = [
        {"subscriber_id": posting.subscriber, "news_id": told[key]}
        for posting in postings
        for key in sorted(_keys(posting.sections))
    ]
    insert_new(connection, ledger, rows)
