"""Which records belong to one work, and which work that is. Pure: nothing here touches the database.

Two records belong together when they share an own key, or one links to an own key of the other; and so on
through others. It depends only on the records, not on the order in which they came.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from catalog.database import storable
from domain.identifiers import work_id
from domain.identity import linked_keys, merge, own_keys
from domain.paper import Provenance, Version, unique


@dataclass(frozen=True)
class Member:
    """A live record, with the work that it belonged to until now."""

    source: str
    native_id: str
    fetched_at: str
    version: Version
    work: str | None = None

    @cached_property
    def own(self) -> tuple[str, ...]:
        """Keys under which its version is known."""
        return tuple(storable(key) for key in own_keys(self.version))

    @cached_property
    def linked(self) -> tuple[str, ...]:
        """Keys of other versions that it names."""
        return tuple(storable(key) for key in linked_keys(self.version))


Group = list[Member]


def to_groups(members: Sequence[Member]) -> list[Group]:
    """Members that belong together, together; in order of first mention."""
    roots = list(range(len(members)))

    def find(index: int) -> int:
        while roots[index] != index:
            roots[index] = roots[roots[index]]
            index = roots[index]
        return index

    def unite(one: int, other: int) -> None:
        low, high = sorted((find(one), find(other)))
        roots[high] = low

    owners: dict[str, int] = {}
    for index, member in enumerate(members):
        for key in member.own:
            unite(index, owners.setdefault(key, index))
    for index, member in enumerate(members):
        for key in member.linked:
            if key in owners:
                unite(index, owners[key])
    groups: dict[int, Group] = {}
    for index, member in enumerate(members):
        groups.setdefault(find(index), []).append(member)
    return list(groups.values())


def to_heirs(groups: Sequence[Group]) -> dict[str, int]:
    """Work → the one group (by number) that goes on as that work.

    When a work falls apart, its name stays with the group that holds the key it was named after, else with
    the group of its first record.
    """
    claims: dict[str, dict[int, None]] = {}
    for number, group in enumerate(groups):
        for member in group:
            if member.work:
                claims.setdefault(member.work, {})[number] = None
    return {work: _heir(work, groups, list(numbers)) for work, numbers in claims.items()}


def _heir(work: str, groups: Sequence[Group], numbers: list[int]) -> int:
    if len(numbers) == 1:
        return numbers[0]
    for number in numbers:
        if any(work_id(key) == work for key in group_keys(groups[number])):
            return number
    return min(numbers, key=lambda n: min((m.source, m.native_id) for m in groups[n] if m.work == work))


def group_keys(group: Group) -> dict[str, bool]:
    """Every key of the group → whether it is its own, or only linked to."""
    keys = {key: False for member in group for key in member.linked}
    return keys | {key: True for member in group for key in member.own}


def to_versions(group: Group, trust: Sequence[str]) -> tuple[Version, ...]:
    """The group's readings, merged."""
    readings = [(m.version, Provenance(m.source, m.native_id, m.fetched_at)) for m in group]
    return merge(readings, trust)


def to_names(versions: Sequence[Version], group: Group) -> Iterator[str]:
    """Ids for a new work, the best first; there is always another."""
    strongest = (storable(key) for version in versions[:1] for key in own_keys(version))
    keys = unique((*strongest, *(key for member in group for key in member.own)))
    yield from (work_id(key) for key in keys)
    number = 2
    while True:
        yield work_id(f"{keys[0]}#{number}")
        number += 1


def near_keys(members: Iterable[Member]) -> tuple[set[str], set[str]]:
    """The members' own keys, and those they link to."""
    own: set[str] = set()
    linked: set[str] = set()
    for member in members:
        own.update(member.own)
        linked.update(member.linked)
    return own, linked
