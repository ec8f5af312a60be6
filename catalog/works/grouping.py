"""Which records belong to one work, and which work that is. Pure: nothing here touches the database.

Two records belong together when they share an own key, one links to an own key of the other, they are alike
beyond doubt, or an operator said so; and so on through others. It depends only on the records and the
decisions, not on the order in which they came.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import itemgetter

from catalog import codec
from catalog.codec import compress, to_json
from catalog.database import storable
from catalog.works.decisions import NO_DECISIONS, Decisions
from catalog.works.joining import Joining
from catalog.works.member import Member
from domain.identifiers import work_id
from domain.identity import merge, own_keys
from domain.paper import Provenance, Version, unique

Group = list[Member]


def to_groups(members: Sequence[Member], decisions: Decisions = NO_DECISIONS) -> list[Group]:
    """Members that belong together, together; in order of first mention."""
    if decisions:
        return [[members[number] for number in group] for group in Joining(members, decisions).groups()]
    near = _near(members)
    found = [(number, [member]) for number, member in enumerate(members) if number not in near]
    numbers = sorted(near)
    for group in Joining([members[number] for number in numbers]).groups():
        found.append((numbers[group[0]], [members[numbers[number]] for number in group]))
    return [group for _, group in sorted(found, key=itemgetter(0))]


def _near(members: Sequence[Member]) -> set[int]:
    """Members (by number) that share a key or blocking key with another: the rest nothing can join."""
    first: dict[str, int] = {}
    near: set[int] = set()
    for number, member in enumerate(members):
        for key in (*member.own, *member.linked, *member.marks):
            known = first.setdefault(key, number)
            if known != number:
                near |= {known, number}
    return near


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
    keys: dict[str, bool] = {}
    for member in group:
        keys |= dict.fromkeys(member.linked, False)
    for member in group:
        keys |= dict.fromkeys(member.own, True)
    return keys


def to_versions(group: Group, trust: Sequence[str]) -> tuple[Version, ...]:
    """The group's readings, merged; of one record what it says, without where it comes from."""
    if len(group) == 1:
        return () if group[0].version.companion else (group[0].version,)
    readings = [(m.version, Provenance(m.source, m.native_id, m.fetched_at)) for m in group]
    return merge(readings, trust)


def to_document(group: Group, versions: Sequence[Version]) -> bytes:
    """The merged versions as the catalog keeps them, with where each field comes from."""
    if len(group) > 1:
        return compress(to_json(versions))
    member = group[0]
    origin = Provenance(member.source, member.native_id, member.fetched_at)
    ready = codec.to_document(member.reading, origin)
    return ready or compress(to_json((replace(member.version, provenance={"*": origin}),)))


def to_names(versions: Sequence[Version], group: Group) -> Iterator[str]:
    """Ids for a new work, the best first; there is always another."""
    keys = group[0].own
    if len(group) > 1:
        strongest = (storable(key) for version in versions[:1] for key in own_keys(version))
        keys = unique((*strongest, *(key for member in group for key in member.own)))
    for key in keys:
        yield work_id(key)
    number = 2
    while True:
        yield work_id(f"{keys[0]}#{number}")
        number += 1


def to_owned_keys(groups: Sequence[Group]) -> list[dict[str, bool]]:
    """The keys of each group. Where a decision parts records with one key, it is told of one group only:
    that with most such records, else with the first of them; to the other it is a link. What companions
    call a paper is no claim to it."""
    keys = [group_keys(group) for group in groups]
    first: dict[str, int] = {}
    claims: dict[str, list[int]] = {}
    for number, of_group in enumerate(keys):
        for key, own in of_group.items():
            if own and (one := first.setdefault(key, number)) != number:
                claims.setdefault(key, [one]).append(number)
    for key, numbers in claims.items():
        holders = {n: _holders(groups[n], key) for n in numbers}
        owner = min(numbers, key=lambda n: (not holders[n], -len(holders[n]), holders[n]))
        keys = [of | {key: n == owner} if key in of else of for n, of in enumerate(keys)]
    return keys


def _holders(group: Group, key: str) -> list[tuple[str, str]]:
    return sorted(m.name for m in group if key in m.own and not m.version.companion)


def to_marks(group: Group) -> set[str]:
    """The blocking keys of the group."""
    return {mark for member in group for mark in member.marks}
