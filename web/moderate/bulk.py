"""One decision about several listings: what is picked, a page to confirm it, and what came of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from conferences.trust import Verdict
from domain.account import Person
from domain.errors import NotAllowed, NotFound, Superseded
from domain.listing import Kind
from web.forms import FormRefused
from web.moderate.decisions import Decision
from web.moderate.desk import PAGE_SIZE, Desk, Entry


@dataclass(frozen=True, slots=True)
class Picked:
    """A row that was ticked: which listing, in which state."""

    id: str
    seen: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one."""

    picked: Picked
    title: str
    problem: str = ""
    """Why it was not done; empty: it was."""


def to_picked(values: Sequence[str]) -> tuple[Picked, ...]:
    """The ticked rows of a page. Raises `FormRefused`."""
    found = (value.partition(" ") for value in dict.fromkeys(values))
    picked = tuple(Picked(name, seen) for name, _, seen in found if name)
    if not picked:
        raise FormRefused(400, "Tick the listings that it is about.")
    if len(picked) > PAGE_SIZE:
        raise FormRefused(400, f"At most {PAGE_SIZE} listings at a time.")
    return picked


def preview(
    desk: Desk, picked: Sequence[Picked], decision: Decision, answer: str, person: Person, now: datetime
) -> tuple[Outcome, ...]:
    """What would come of each, with nothing done."""
    return tuple(_try(desk, one, decision, answer, person, now, doing=False) for one in picked)


def carry_out(
    desk: Desk, picked: Sequence[Picked], decision: Decision, answer: str, person: Person, now: datetime
) -> tuple[Outcome, ...]:
    """Do it to each that it can be done to; series before their editions."""
    ordered = sorted(picked, key=lambda one: not _is_series(desk, one))
    return tuple(_try(desk, one, decision, answer, person, now, doing=True) for one in ordered)


def _try(
    desk: Desk, one: Picked, decision: Decision, answer: str, person: Person, now: datetime, *, doing: bool
) -> Outcome:
    title = one.id
    try:
        entry = desk.judged(desk.listings.listed(one.id), now)
        title = entry.listed.latest.title
        _check(desk, entry, one, decision, answer, person)
        if doing:
            desk.carry_out(entry, decision, answer, person)
            desk.tell(entry.listed, decision, answer)
    except (FormRefused, NotAllowed, NotFound, Superseded) as error:
        return Outcome(one, title, str(error))
    return Outcome(one, title)


def _check(desk: Desk, entry: Entry, one: Picked, decision: Decision, answer: str, person: Person) -> None:
    if decision is Decision.APPROVE and entry.verdict is Verdict.HELD:
        raise FormRefused(409, "It is held, and can be approved by itself alone.")
    desk.check(entry, decision, answer, one.seen, person, sure=False)


def _is_series(desk: Desk, one: Picked) -> bool:
    try:
        return desk.listings.listed(one.id).kind is Kind.SERIES
    except NotFound:
        return False
