"""What a digest for each audience is made of, as `config/digests.toml` says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from config import load_table
from domain.digest import Audience, DigestSentence, Role
from domain.facts import FactKind, StudyKind


@dataclass(frozen=True, slots=True)
class Plan:
    """What a digest for one audience holds."""

    most: Mapping[Role, int]
    """How many of the paper's own sentences of a role; `KEY` are taken from the others."""
    max_words: int
    longest: int
    plain: bool
    explain: bool
    """Whether hard words are explained."""
    terms_per_hundred: float = 0.0
    """How many of them, for each hundred words of the paper’s that are told."""
    order: Sequence[Role] = tuple(Role)
    """Of telling."""
    facts: Mapping[FactKind, Role] = field(default_factory=dict)
    """Which facts are told, and in which role."""
    kind_first: frozenset[StudyKind] = frozenset()
    target_grade: float | None = None
    most_grade: float | None = None
    audience: Audience = Audience.PUBLIC

    def told_in_order(
        self, sentences: Sequence[DigestSentence], kind: StudyKind
    ) -> tuple[DigestSentence, ...]:
        """The sentences as they are read; those of a role keep their order."""
        places = {role: place for place, role in enumerate(self.order)}
        if kind in self.kind_first:
            places[Role.KIND] = -1
        return tuple(sorted(sentences, key=lambda s: places.get(s.role, len(places))))


@cache
def load_plan(audience: Audience) -> Plan:
    """The plan for `audience`."""
    row = load_table("digests")[audience.value]
    return Plan(
        most={role: row["most"].get(role.value, 0) for role in Role},
        max_words=row["max_words"],
        longest=row["longest"],
        plain=row["plain"],
        explain=row["explain"],
        terms_per_hundred=row.get("terms_per_hundred", 0.0),
        order=tuple(Role(name) for name in row["order"]),
        facts={FactKind(kind): Role(role) for kind, role in row["facts"].items()},
        kind_first=frozenset(StudyKind(name) for name in row["kind_first"]),
        target_grade=row.get("target_grade"),
        most_grade=row.get("most_grade"),
        audience=audience,
    )
