"""What an operator may ask and decide about the records of a work: why they are one, to join, to part."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from catalog.database import storable
from catalog.ledger import Ledger
from catalog.reading import read_paper
from catalog.tables import work_keys, works
from catalog.works.decisions import (
    Decision,
    newest,
    read_decisions,
    read_standing,
    save_decision,
    undo_decision,
)
from catalog.works.joining import Joining
from catalog.works.member import RECORD, Member
from catalog.works.nearby import find_record
from catalog.works.regrouping import regroup
from catalog.works.rows import load_members
from domain.errors import CatalogError, NotFound
from domain.identifiers import is_work_id, parse_key, work_id


@dataclass(frozen=True, slots=True)
class Told:
    """A record of a work."""

    record: str
    """As a decision names it: `record:source/id`."""
    keys: tuple[str, ...]
    kind: str
    title: str
    published: str | None
    companion: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two records are one work: a `decision`, a shared `key`, a `link`, or a `match` of what they say."""

    one: str
    other: str
    why: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Makeup:
    """What a work is made of, and why."""

    paper: str
    aliases: tuple[str, ...]
    records: tuple[Told, ...]
    reasons: tuple[Reason, ...]
    decisions: tuple[Decision, ...]


class Deciding:
    """Decisions inside one writing transaction; after each the works concerned are put together anew."""

    def __init__(self, connection: Connection, ledger: Ledger, trust: Sequence[str], by: str) -> None:
        self.connection, self.ledger, self.trust, self.by = connection, ledger, trust, by

    def join(self, one: str, other: str, reason: str) -> Decision:
        """Make one work of those that have the keys. Raises `NotFound`, `CatalogError`."""
        keys = to_key(self.connection, one), to_key(self.connection, other)
        if keys[0] == keys[1]:
            raise CatalogError(f"{keys[0]} cannot be joined with itself")
        decision = self._decide(keys, same=True, reason=reason)
        if _homes(self.connection, keys[0]).isdisjoint(_homes(self.connection, keys[1])):
            standing = ", ".join(str(d.number) for d in read_standing(self.connection).apart)
            raise CatalogError(
                f"{keys[0]} and {keys[1]} are kept apart: undo that first (decision {standing})"
            )
        return decision

    def split(self, paper: str, text: str, reason: str) -> list[Decision]:
        """Part the records that have the key from the rest. Raises `NotFound`, `CatalogError`."""
        name, key = _to_paper(self.connection, paper), to_key(self.connection, text)
        members = load_members(self.connection, [name])
        going = [m for m in members if key in m.refs]
        staying = [m for m in members if key not in m.refs]
        if not going:
            raise CatalogError(f"no record of {name} has {key}")
        if not staying:
            hint = "name one of them as record:SOURCE/ID" if len(going) > 1 else "there is nothing to part"
            raise CatalogError(f"every record of {name} has {key}; {hint}")
        decisions = [self._note((key, rest), same=False, reason=reason) for rest in _rests(going, staying)]
        self._regroup({name})
        if not _homes(self.connection, key).isdisjoint(
            *(_homes(self.connection, d.other) for d in decisions)
        ):
            raise CatalogError(f"{key} cannot be parted from {name}: name the record as record:SOURCE/ID")
        return decisions

    def undo(self, what: str) -> list[Decision]:
        """Take back a decision by its number, or what joined a paper last; raises as the others do."""
        if what.isdecimal():
            return [self._take_back(int(what))]
        name = _to_paper(self.connection, what)
        members = load_members(self.connection, [name])
        refs = {ref for member in members for ref in member.refs}
        standing = read_standing(self.connection)
        if decided := newest([d for d in standing.same if {d.one, d.other} <= refs]):
            return [self._take_back(decided.number)]
        came_last = _came_last(name, members)
        if came_last is None:
            raise CatalogError(
                f"the records of {name} share their identifiers: use findings merge split {name} KEY"
            )
        return self.split(name, came_last, "the last join undone")

    def _take_back(self, number: int) -> Decision:
        decision = undo_decision(self.connection, number, self.ledger.now)
        self._regroup(_homes(self.connection, decision.one) | _homes(self.connection, decision.other))
        return decision

    def _decide(self, keys: tuple[str, str], *, same: bool, reason: str) -> Decision:
        decision = self._note(keys, same=same, reason=reason)
        self._regroup(_homes(self.connection, keys[0]) | _homes(self.connection, keys[1]))
        return decision

    def _note(self, keys: tuple[str, str], *, same: bool, reason: str) -> Decision:
        return save_decision(self.connection, keys, same, self.ledger.now, self.by, reason)

    def _regroup(self, touched: set[str]) -> None:
        regroup(self.connection, self.ledger, self.trust, [], touched)


def read_makeup(connection: Connection, text: str) -> Makeup:
    """Which records a paper is made of, and why they are one work. Raises `NotFound`."""
    paper = read_paper(connection, _to_paper(connection, text))
    members = load_members(connection, [paper.id])
    refs = {ref for member in members for ref in member.refs}
    joining = Joining(members, read_standing(connection))
    return Makeup(
        paper.id,
        paper.aliases,
        tuple(_to_told(member) for member in members),
        tuple(
            Reason(_to_ref(members[j.one]), _to_ref(members[j.other]), j.why, j.reasons)
            for j in joining.joints
        ),
        tuple(d for d in read_decisions(connection) if d.one in refs or d.other in refs),
    )


def rejoin(
    connection: Connection, ledger: Ledger, trust: Sequence[str], after: str, limit: int
) -> str | None:
    """Put the next works beyond the id `after` together by today's rules; returns the last, or None."""
    query = select(works.c.id).where(works.c.id > after).order_by(works.c.id).limit(limit)
    names = list(connection.execute(query).scalars())
    if names:
        regroup(connection, ledger, trust, [], names)
    return names[-1] if names else None


def to_key(connection: Connection, text: str) -> str:
    """The key that a person means. Raises `NotFound` when no record has it."""
    if text.startswith(RECORD):
        if not find_record(connection, text):
            raise NotFound("record", text.removeprefix(RECORD))
        return text
    key = storable(parse_key(text) or text)
    if not _homes(connection, key):
        raise NotFound("record", text)
    return key


def _to_paper(connection: Connection, text: str) -> str:
    """The id of the paper that a person means: its id, a former one, or one of its keys."""
    if is_work_id(text):
        return read_paper(connection, text).id
    homes = _homes(connection, to_key(connection, text))
    return read_paper(connection, min(homes)).id


def _homes(connection: Connection, key: str) -> set[str]:
    """The works whose own the key is: one, if any."""
    if key.startswith(RECORD):
        return find_record(connection, key)
    query = select(work_keys.c.work_id).where(work_keys.c.key == key, work_keys.c.own)
    return set(connection.execute(query).scalars())


def _rests(going: Sequence[Member], staying: Sequence[Member]) -> list[str]:
    """A key for each part of what stays that holds together without what goes; records' names where there is
    no key that only it has."""
    gone = {key for member in going for key in member.own}
    found: list[str] = []
    for part in Joining(staying).groups():
        keys = [key for number in part for key in staying[number].own if key not in gone]
        if keys:
            found.append(max(keys, key=lambda key: (keys.count(key), key)))
        else:
            found += [_to_ref(staying[number]) for number in part]
    return found


def _came_last(name: str, members: Sequence[Member]) -> str | None:
    """A key of the part of a work that was fetched last; parts are what shared identifiers hold together."""
    parts: list[list[Member]] = []
    for group in Joining(members, by_keys_only=True).groups():
        parts.append([members[number] for number in group])
    named = [part for part in parts if not any(work_id(key) == name for m in part for key in m.own)]
    if len(parts) < 2 or not named:
        return None
    last = max(named, key=lambda part: (min(m.fetched_at for m in part), min(m.name for m in part)))
    keys = [key for member in last for key in member.own]
    return max(keys, key=lambda key: (keys.count(key), key))


def _to_ref(member: Member) -> str:
    return f"{RECORD}{member.source}/{member.native_id}"


def _to_told(member: Member) -> Told:
    told = member.version
    return Told(_to_ref(member), member.own, told.kind.value, told.title, told.published, told.companion)
