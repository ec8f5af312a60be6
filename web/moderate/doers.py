"""Who did something to a listing, as its owners are told: reviewers and strangers without their names."""

from collections.abc import Collection
from dataclasses import dataclass

from domain.account import AuditEntry, Permission, Person
from domain.errors import NotFound
from domain.listing_ports import Accounts
from web.moderate.decisions import ACTS, Decision

REVIEWER = "a reviewer"
_REVIEWERS_ACTS = frozenset({act for decision, act in ACTS.items() if decision is not Decision.WITHDRAW})
_KEPT = "draft-kept"
_GONE = "somebody who left"
_APART = "somebody who has no part in it now"
_SOURCES = {"source": "its source", "calendar": "the calendar"}


@dataclass(frozen=True, slots=True)
class Doers:
    """Names those who have a part in a listing, and nobody else."""

    accounts: Accounts
    members: Collection[str]

    def name(self, entry: AuditEntry) -> str:
        """Who it was."""
        kind, _, rest = entry.person.partition(":")
        if rest and kind in _SOURCES:
            return f"{_SOURCES[kind]} {rest}"
        if entry.act in _REVIEWERS_ACTS or entry.act == _KEPT:
            return REVIEWER
        try:
            person = self.accounts.person(entry.person)
        except NotFound:
            return _GONE
        if person.id in self.members:
            return member_name(person)
        return REVIEWER if person.may(Permission.MODERATE) else _APART


def member_name(person: Person) -> str:
    """Somebody who has a part in it, for the others who have one."""
    return person.name or person.email
