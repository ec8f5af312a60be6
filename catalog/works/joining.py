"""What joins records into works, and what keeps them apart: decisions, shared keys, links, likeness.

Pure. The same records and decisions give the same works, in whatever order they came: edges are gone through
in an order of their own, the surest first, and one that would bring together what must stay apart is left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from catalog.works.decisions import NO_DECISIONS, Decisions
from catalog.works.member import Member
from domain.matching import apart, clash, compare, may_be_one

MOST_ALIKE = 24
"""Works with one blocking key beyond which the key tells nothing, and nobody is compared for it."""


@dataclass(frozen=True, slots=True)
class Joint:
    """Why two records are one work; the records are given by their numbers."""

    one: int
    other: int
    why: str
    """`decision`, `key`, `link` or `match`."""
    reasons: tuple[str, ...]


class Joining:
    """Records being joined; `joints` are what joined them, one fewer than there are records in each work."""

    def __init__(
        self, members: Sequence[Member], decisions: Decisions = NO_DECISIONS, *, by_keys_only: bool = False
    ) -> None:
        self.members = members
        self.joints: list[Joint] = []
        self._roots = list(range(len(members)))
        self._order = sorted(
            range(len(members)), key=lambda n: (members[n].version.companion, members[n].name)
        )
        self._pubmed = {n: _pubmed_ids(member) for n, member in enumerate(members)}
        self._sides: dict[int, frozenset[tuple[int, str]]] = {}
        self._inside: dict[int, list[int]] = {n: [n] for n in range(len(members))}
        if decisions:
            self._take_sides(decisions)
            self._join_decided(decisions)
        owners = self._join_by_keys()
        if not by_keys_only:
            self._join_by_links(owners)
            self._join_by_likeness()

    def groups(self) -> list[list[int]]:
        """Numbers of records that belong together, in order of first mention."""
        found: dict[int, list[int]] = {}
        for number in range(len(self.members)):
            found.setdefault(self._root(number), []).append(number)
        return list(found.values())

    def _take_sides(self, decisions: Decisions) -> None:
        """Note which records stand on which side of a decision that keeps two apart."""
        for decision in decisions.apart:
            for number, member in enumerate(self.members):
                on = {side for side in (decision.one, decision.other) if side in member.refs}
                if len(on) == 1:
                    stands = frozenset({(decision.number, on.pop())})
                    self._sides[number] = self._sides.get(number, frozenset()) | stands

    def _join_decided(self, decisions: Decisions) -> None:
        for decision in decisions.same:
            mine = [n for n in self._order if decision.one in self.members[n].refs]
            theirs = [n for n in self._order if decision.other in self.members[n].refs]
            for one, other in ((a, b) for a in mine[:1] for b in theirs[:1]):
                self._unite(one, other, "decision", (f"decision {decision.number}",))

    def _join_by_keys(self) -> dict[str, list[int]]:
        """Returns each key's records, one for each work that they are kept apart in."""
        owners: dict[str, list[int]] = {}
        for number in sorted(self._order, key=lambda n: _precedence(self.members[n])):
            for key in self.members[number].own:
                known = owners.setdefault(key, [])
                if not any(
                    self._bridges(one, number)
                    or (not self._apart(one, number) and self._unite(one, number, "key", (key,)))
                    for one in self._likest_first(known, number, key)
                ):
                    known.append(number)
        return owners

    def _likest_first(self, known: Sequence[int], number: int, key: str) -> Sequence[int]:
        """Of several papers that have one key the one that the record tells of in front. What tells no
        title, goes to the paper that it names by more keys, else to the one that most records with the key
        tell of: the one that the key leads to."""
        if len(known) < 2:
            return known
        member = self.members[number]

        def unlikeness(one: int) -> tuple[bool, int, int, tuple[str, str]]:
            told = self._told(one)
            titled = not member.version.companion
            like = titled and any(may_be_one(m.profile, member.profile) for m in told)
            shared = 0 if titled else len({own for m in told for own in m.own}.intersection(member.own))
            holders = [m for m in told if key in m.own]
            return not like, -shared, -len(holders), min((m.name for m in holders), default=member.name)

        return sorted(known, key=unlikeness)

    def _apart(self, one: int, other: int) -> bool:
        """Whether two papers have one key by mistake, among those that would come together."""
        low, high = self._root(one), self._root(other)
        mine, theirs = self._pubmed[low], self._pubmed[high]
        if low == high or not mine or not theirs or mine == theirs:
            return False
        return any(apart(a.profile, b.profile) for a in self._told(low) for b in self._told(high))

    def _bridges(self, one: int, other: int) -> bool:
        """Whether a companion would bring two papers together: it may name one of them by mistake."""
        if not self.members[other].version.companion or self._root(one) == self._root(other):
            return False
        mine, theirs = self._told(one), self._told(other)
        pairs = ((a.profile, b.profile) for a in mine for b in theirs)
        return bool(mine and theirs) and not any(may_be_one(a, b) for a, b in pairs)

    def _told(self, number: int) -> list[Member]:
        """The records that stand together there, companions apart."""
        inside = (self.members[n] for n in self._inside[self._root(number)])
        return [member for member in inside if not member.version.companion]

    def _join_by_links(self, owners: dict[str, list[int]]) -> None:
        for number in self._order:
            for key in self.members[number].linked:
                known = self._likest_first(owners.get(key, ()), number, key)
                any(self._unite(one, number, "link", (key,)) for one in known)

    def _join_by_likeness(self) -> None:
        blocks: dict[str, list[int]] = {}
        for number in self._order:
            for mark in self.members[number].marks:
                blocks.setdefault(mark, []).append(number)
        place = {number: n for n, number in enumerate(self._order)}
        found = self._likenesses(blocks, place)
        for _, one, other, reasons in sorted(found, key=lambda f: (f[0], place[f[1]], place[f[2]])):
            if self._root(one) != self._root(other) and not self._clash(one, other):
                self._unite(one, other, "match", reasons)

    def _likenesses(
        self, blocks: dict[str, list[int]], place: dict[int, int]
    ) -> Iterator[tuple[int, int, int, tuple[str, ...]]]:
        seen = set()
        for block in blocks.values():
            if len({self._root(number) for number in block}) not in range(2, MOST_ALIKE):
                continue
            for one, other in combinations(sorted(block, key=place.__getitem__), 2):
                if (one, other) in seen or self._root(one) == self._root(other):
                    continue
                seen.add((one, other))
                if found := compare(self.members[one].profile, self.members[other].profile):
                    yield -found.strength, one, other, found.reasons

    def _clash(self, one: int, other: int) -> bool:
        """Whether any of those that would come together cannot be the same."""
        mine, theirs = self._inside[self._root(one)], self._inside[self._root(other)]
        return any(
            clash(self.members[a].profile, self.members[b].profile)
            for a in mine
            for b in theirs
            if not self.members[a].version.companion and not self.members[b].version.companion
        )

    def _root(self, number: int) -> int:
        roots = self._roots
        while roots[number] != number:
            roots[number] = roots[roots[number]]
            number = roots[number]
        return number

    def _unite(self, one: int, other: int, why: str, reasons: tuple[str, ...]) -> bool:
        """Bring two together; false where a decision keeps them apart."""
        low, high = sorted((self._root(one), self._root(other)))
        if low == high:
            return True
        if self._sides and not self._compatible(low, high):
            return False
        self._roots[high] = low
        self._inside[low] += self._inside.pop(high)
        self._pubmed[low] |= self._pubmed[high]
        self.joints.append(Joint(one, other, why, reasons))
        return True

    def _compatible(self, low: int, high: int) -> bool:
        mine, theirs = (self._sides.get(root, frozenset()) for root in (low, high))
        opposite = dict(mine)
        if any(opposite.get(number, side) != side for number, side in theirs):
            return False
        self._sides[low] = mine | theirs
        return True


def _precedence(member: Member) -> tuple[bool, bool, tuple[str, str]]:
    """What tells papers apart first, what tells of none last."""
    return member.version.companion, not member.version.identifiers.pmid, member.name


def _pubmed_ids(member: Member) -> frozenset[tuple[str, str]]:
    """Its PubMed id and kind, unless it only adds to others."""
    told = member.version
    pmid = None if told.companion else told.identifiers.pmid
    return frozenset({(told.kind.value, pmid)}) if pmid else frozenset()
