"""What an operator decided: two keys are one work, or two. It stands above every rule, until it is undone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from catalog.database import storable
from catalog.tables import decisions
from domain.errors import NotFound

_STANDING = select(decisions).where(decisions.c.undone_at.is_(None)).order_by(decisions.c.number.desc())


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about two keys (`doi:…`, `record:source/id`)."""

    number: int
    one: str
    other: str
    same: bool
    made_at: str
    made_by: str
    reason: str = ""
    undone_at: str | None = None


@dataclass(frozen=True, slots=True)
class Decisions:
    """Those that stand, the latest first; of two about the same keys only the later does."""

    same: tuple[Decision, ...] = ()
    apart: tuple[Decision, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.same or self.apart)

    def partners(self, refs: frozenset[str]) -> set[str]:
        """Keys that are decided to be of one work with any of `refs`."""
        found = {d.other for d in self.same if d.one in refs}
        return found | {d.one for d in self.same if d.other in refs}


NO_DECISIONS = Decisions()


def read_standing(connection: Connection) -> Decisions:
    """The decisions that stand."""
    latest: dict[frozenset[str], Decision] = {}
    for row in connection.execute(_STANDING):
        decision = _to_decision(row)
        latest.setdefault(frozenset((decision.one, decision.other)), decision)
    found = latest.values()
    return Decisions(tuple(d for d in found if d.same), tuple(d for d in found if not d.same))


def read_decisions(connection: Connection) -> list[Decision]:
    """Every decision, undone ones too, the latest first."""
    query = select(decisions).order_by(decisions.c.number.desc())
    return [_to_decision(row) for row in connection.execute(query)]


def save_decision(
    connection: Connection, keys: tuple[str, str], same: bool, now: str, by: str, reason: str
) -> Decision:
    """Note a decision; an earlier one about the same keys no longer stands."""
    one, other = map(storable, keys)
    about = or_(
        and_(decisions.c.one == one, decisions.c.other == other),
        and_(decisions.c.one == other, decisions.c.other == one),
    )
    former = update(decisions).where(about, decisions.c.undone_at.is_(None))
    connection.execute(former.values(undone_at=now))
    values = {"one": one, "other": other, "same": same, "made_at": now}
    values |= {"made_by": storable(by), "reason": storable(reason)}
    number = connection.execute(insert(decisions).values(values).returning(decisions.c.number)).scalar_one()
    return Decision(number, one, other, same, now, storable(by), storable(reason))


def undo_decision(connection: Connection, number: int, now: str) -> Decision:
    """Take a decision back. Raises `NotFound` when there is none of that number that stands."""
    row = connection.execute(
        select(decisions).where(decisions.c.number == number, decisions.c.undone_at.is_(None))
    ).first()
    if row is None:
        raise NotFound("standing decision", str(number))
    connection.execute(update(decisions).where(decisions.c.number == number).values(undone_at=now))
    return _to_decision(row)


def _to_decision(row: Row[tuple[object, ...]]) -> Decision:
    return Decision(**row._mapping)


def newest(found: Sequence[Decision]) -> Decision | None:
    """The one made last."""
    return max(found, key=lambda decision: decision.number, default=None)
