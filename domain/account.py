"""People who sign in: organizers, providers, reviewers. The least that is needed, nothing about readers."""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What a person may do on the whole node."""

    MODERATE = "moderate"
    """Review what is handed in."""
    REVIEW_DIGESTS = "review-digests"
    ADMINISTER = "administer"


class Part(StrEnum):
    """What a person may do with one series, or as one provider."""

    OWNER = "owner"
    """Everything, handing it over and inviting others included."""
    EDITOR = "editor"
    """Change and hand in."""
    VIEWER = "viewer"
    """See drafts and what reviewers answered."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account."""

    id: str
    email: str
    """In lower case, as it was proven; kept for signing in and for answers, shown to nobody."""
    name: str
    proven: bool = False
    """The address was proven by a link sent to it."""
    permissions: frozenset[Permission] = frozenset()
    has_password: bool = False
    has_totp: bool = False
    locked: bool = False
    created_at: str = ""

    def may(self, permission: Permission) -> bool:
        """Whether the person may do that; who administers may do everything."""
        return not self.locked and (
            permission in self.permissions or Permission.ADMINISTER in self.permissions
        )


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's part in something that is listed."""

    person: str
    listing: str
    part: Part
    since: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which listing, when; never deleted with the account, whose name then goes."""

    id: int
    at: str
    person: str
    act: str
    """`created`, `changed`, `handed-in`, `approved`, `declined`, `withdrawn`, `invited` …"""
    listing: str
    detail: str = ""
