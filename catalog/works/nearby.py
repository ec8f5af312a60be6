"""Which works a record may change: those that share a key with it or are like it, and those like them.

What is gathered is closed: no record outside could join or part from one inside. So what becomes of it does
not depend on what came first.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from catalog.statements import among
from catalog.tables import match_keys, records, work_keys
from catalog.works.decisions import Decisions
from catalog.works.joining import MOST_ALIKE
from catalog.works.member import RECORD, Member
from catalog.works.rows import load_members
from domain.matching import compare

_WITH_KEY = select(work_keys.c.work_id).where(among(work_keys.c.key, "names"))
_WHOSE_KEY = select(work_keys.c.work_id).where(among(work_keys.c.key, "names"), work_keys.c.own)
_ALIKE = select(match_keys).where(among(match_keys.c.key, "names"))


def gather(
    connection: Connection, written: Sequence[Member], touched: Iterable[str], decisions: Decisions
) -> tuple[set[str], list[Member]]:
    """The works near `written` or `touched`, and their live records other than those written."""
    fresh = {m.name for m in written}
    near = find_near(connection, written, decisions) | {m.work for m in written if m.work} | set(touched)
    found = _load(connection, near, fresh)
    rest = found
    while rest:  # works may hold one key apart, until a record goes that they were told apart by
        further = find_near(connection, rest, decisions) - near
        near |= further
        rest = _load(connection, further, fresh)
        found += rest
    frontier, seen = [*found, *written], set[str]()
    rejected: dict[str, list[Member]] = {}
    while frontier:
        marks = {mark for member in frontier for mark in member.marks} - seen
        seen |= marks
        for member in _load(connection, find_alike(connection, marks) - near - rejected.keys(), fresh):
            rejected.setdefault(member.work or "", []).append(member)
        by_mark = _by_mark(frontier) if rejected else {}
        joined = [work for work, members in rejected.items() if _any_alike(members, by_mark)]
        reached = {*joined, *(find_near(connection, frontier, decisions) - near if decisions else ())}
        frontier = [m for work in joined for m in rejected.pop(work)]
        others = reached - set(joined)
        for work in others & rejected.keys():
            frontier += rejected.pop(work)
            others.discard(work)
        frontier += _load(connection, others, fresh)
        near |= reached
        found += frontier
    return near, sorted(found, key=lambda m: m.name)


def find_near(connection: Connection, members: Sequence[Member], decisions: Decisions) -> set[str]:
    """Works that own a key the records have, link to or are decided to share, or link to one of theirs."""
    own: set[str] = set()
    linked: set[str] = set()
    for member in members:
        own.update(member.own)
        linked.update(member.linked)
        if decisions.same:
            linked |= decisions.partners(member.refs)
    found = set(connection.execute(_WITH_KEY, {"names": sorted(own)}).scalars())
    if others := linked - own:
        found.update(connection.execute(_WHOSE_KEY, {"names": sorted(others)}).scalars())
    for key in linked:
        if key.startswith(RECORD):
            found |= find_record(connection, key)
    return found


def find_record(connection: Connection, key: str) -> set[str]:
    """The work of a record that a decision names, where there is one."""
    source, _, native_id = key.removeprefix(RECORD).partition("/")
    query = select(records.c.work_id).where(
        records.c.source == source, records.c.native_id == native_id, records.c.deleted_at.is_(None)
    )
    return set(connection.execute(query).scalars())


def find_alike(connection: Connection, marks: Iterable[str]) -> set[str]:
    """Works with one of these blocking keys; a key that many share finds none."""
    found: dict[str, list[str]] = {}
    wanted = sorted(marks)
    for key, work in connection.execute(_ALIKE, {"names": wanted}) if wanted else ():
        found.setdefault(key, []).append(work)
    return {work for works in found.values() if len(works) < MOST_ALIKE for work in works}


def _load(connection: Connection, names: Iterable[str], fresh: set[tuple[str, str]]) -> list[Member]:
    return [member for member in load_members(connection, names) if member.name not in fresh]


def _by_mark(members: Iterable[Member]) -> dict[str, list[Member]]:
    found: dict[str, list[Member]] = {}
    for member in members:
        for mark in member.marks:
            found.setdefault(mark, []).append(member)
    return found


def _any_alike(members: Sequence[Member], by_mark: Mapping[str, Sequence[Member]]) -> bool:
    return any(
        compare(member.profile, other.profile)
        for member in members
        for mark in member.marks
        for other in by_mark.get(mark, ())
    )
