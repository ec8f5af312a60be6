"""What listings and accounts ask of the database; `catalog/` serves both, on SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.account import AuditEntry, Membership, Part, Permission, Person
from domain.listing import Edition, Kind, LinkCheck, Opportunity, Resource, Series, State

Listing = Series | Edition | Opportunity | Resource


@dataclass(frozen=True, slots=True)
class Doubt:
    """A trust rule that a listing broke (`config/trust.toml`), with what shows it."""

    rule: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A listing with where it stands. What the public sees changes only when a proposal is approved."""

    id: str
    kind: Kind
    state: State
    public: Listing | None = None
    """As the public sees it; None before the first approval and after withdrawal."""
    proposed: Listing | None = None
    """As its owners last saved it, where that differs."""
    doubts: tuple[Doubt, ...] = ()
    """For reviewers only."""
    answer: str = ""
    """What a reviewer last told the owners."""
    created_at: str = ""
    changed_at: str = ""

    @property
    def latest(self) -> Listing:
        """What its owners see."""
        listing = self.proposed or self.public
        assert listing is not None
        return listing


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which public listings a list holds; every field narrows it, an empty one does not."""

    kind: Kind
    subkinds: tuple[str, ...] = ()
    """Opportunity or resource kinds."""
    countries: tuple[str, ...] = ()
    cancer_types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    attendance: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    """Help to take part (`domain.listing_terms.SUPPORT`)."""
    words: str = ""
    series: str = ""
    since: datetime | None = None
    """Only what is not over at that instant."""
    until: datetime | None = None
    """Only what begins before it."""
    over_at: datetime | None = None
    """Only what is over at that instant, the latest first."""
    open_at: datetime | None = None
    """Only what can still be applied for, or registered for, at that instant."""
    changed_after: str = ""
    """Only what was saved later than that, told as in `Listed.changed_at`."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The address that a listing was filled in from, which is read again for what has changed there."""

    listing: str
    url: str
    key: str = ""
    """By which the source knows it, where it tells of several."""
    told: str = ""
    """What it told last, as marks (`conferences.watching`)."""
    etag: str = ""
    modified: str = ""
    read_at: str = ""
    """When it was last asked; empty: never."""
    failures: int = 0
    """How many times in a row it could not be read."""
    problem: str = ""
    """Why it could not be read the last time."""


class Listings(Protocol):
    """Listings of the database. Raises `CatalogError`."""

    def save(
        self,
        listing: Listing,
        state: State,
        by: str,
        act: str,
        *,
        detail: str = "",
        doubts: Sequence[Doubt] = (),
        answer: str = "",
        expected: str | None = None,
    ) -> Listed:
        """Save what an owner or reviewer did, and the audit entry, in one transaction.

        PUBLIC publishes `listing` and clears the proposal; other states keep what is public, except DECLINED
        of a first proposal and WITHDRAWN, which leave nothing public. Where `listing` has no id or slug, it
        gets one; a slug that is another's gets a number. A person who saves a new listing becomes its owner;
        editions belong to the owners of their series. An edition is shown once its series is public, too.

        Args:
            by: the person's id, or a source's name.
            expected: `Listed.changed_at` as the writer last saw it, empty for what must be new; None:
                whatever it is now.

        Raises:
            Superseded: somebody else has changed it since.
            NotFound: the series of an edition, or what `expected` speaks of, is not there.
            NotAllowed: an edition cannot move to another series, nor a listing become one of another kind.
            InvalidDate: it is to be public, and one of its days does not exist.
        """
        ...

    def listed(self, listing_id: str) -> Listed:
        """One listing. Raises `NotFound`."""
        ...

    def several(self, listing_ids: Sequence[str]) -> list[Listed]:
        """Those listings, in that order; unknown ones are left out."""
        ...

    def by_slug(self, series: str, edition: str = "") -> Listed:
        """A series by its slug, or an edition by both. Raises `NotFound`."""
        ...

    def public(self, wanted: Wanted, offset: int = 0, size: int = 50) -> tuple[int, list[Listed]]:
        """How many public listings are wanted, and one page: by start or closing time, the soonest first."""
        ...

    def editions(self, series: str) -> list[Listed]:
        """All editions of a series that are not drafts, newest first."""
        ...

    def owned(self, person: str) -> list[Listed]:
        """What a person has a part in."""
        ...

    def queue(self, offset: int = 0, size: int = 50) -> tuple[int, list[Listed]]:
        """What waits for review, the oldest first."""
        ...

    def report(self, listing_id: str, reason: str, reporter: str = "") -> None:
        """A reader's report; three different ones put a public listing into the queue. Raises `NotFound`.

        `reporter` is a salted hash of whoever it is, by which several from one count as one; without it,
        those that give the same reason do. Reviewers see reasons among `Listed.doubts`, as `reported`.
        """
        ...

    def check_link(self, listing_id: str, check: LinkCheck) -> None:
        """Keep what an address answered; the last few of each."""
        ...

    def audit(self, listing_id: str) -> list[AuditEntry]:
        """Who did what, oldest first."""
        ...

    def watch(self, watch: Watch) -> None:
        """Keep from where a listing was filled in, in place of what was kept. Raises `NotFound`."""
        ...

    def unwatch(self, listing_id: str) -> None:
        """Keep it no longer."""
        ...

    def watched(self, listing_id: str) -> Watch | None:
        """From where it was filled in, where that is watched."""
        ...

    def watches(self, before: str, most_failures: int, size: int) -> list[Watch]:
        """What was last read before that instant, the longest ago first.

        Those that failed so many times in a row are left out, and listings declined or withdrawn.
        """
        ...


class Accounts(Protocol):
    """Accounts of the database. Raises `CatalogError`.

    Secrets are hashed before they come here: passwords by argon2, tokens and session keys by SHA-256.
    """

    def person(self, person_id: str) -> Person:
        """Raises `NotFound`."""
        ...

    def by_email(self, email: str) -> Person | None:
        """The account with that address (any case)."""
        ...

    def create(self, email: str, name: str) -> Person:
        """A new account, its address not proven; the existing one where there is one."""
        ...

    def update(self, person: Person) -> None:
        """Save name, address, proof, permissions and lock; a lock ends all sessions and tokens, another
        address all tokens.

        Raises:
            NotAllowed: another account has the address.
        """
        ...

    def erase(self, person_id: str) -> None:
        """Erase the account; in the audit its name goes, what it did stays."""
        ...

    def password(self, person_id: str) -> str:
        """The argon2 hash; empty where none is set."""
        ...

    def set_password(self, person_id: str, hashed: str) -> None:
        """Set it, and end all sessions."""
        ...

    def totp(self, person_id: str) -> str:
        """The secret for one-time codes, empty where off."""
        ...

    def set_totp(self, person_id: str, secret: str) -> None:
        """Set or, with an empty one, remove it."""
        ...

    def issue_token(
        self, person_id: str, purpose: str, hashed: str, expires: datetime, detail: str = ""
    ) -> None:
        """Keep a token's hash; one that was issued before for the same purpose and detail ends."""
        ...

    def redeem_token(self, purpose: str, hashed: str, now: datetime) -> tuple[str, str] | None:
        """Person and detail of a token that is good, which it then no longer is; None otherwise."""
        ...

    def open_session(self, person_id: str, hashed: str, expires: datetime) -> None:
        """Keep a session."""
        ...

    def session(self, hashed: str, now: datetime) -> Person | None:
        """Whose session it is, if it is good."""
        ...

    def close_session(self, hashed: str) -> None:
        """End it."""
        ...

    def attempts(self, key: str, since: datetime) -> int:
        """How many failed attempts are noted under `key` (an address's or network's hash) since then."""
        ...

    def note_attempt(self, key: str, at: datetime) -> None:
        """Note one; old ones are forgotten."""
        ...

    def memberships(self, listing: str) -> list[Membership]:
        """Who has a part in a listing."""
        ...

    def part(self, person_id: str, listing: str) -> Part | None:
        """The person's part in it; for an edition, that in its series."""
        ...

    def set_part(self, person_id: str, listing: str, part: Part | None, by: str) -> None:
        """Give or take a part, with its audit entry. The last owner cannot be taken.

        Raises:
            NotAllowed: nobody would own it any more.
        """
        ...

    def people(self, offset: int = 0, size: int = 50) -> tuple[int, list[Person]]:
        """How many accounts there are, and one page, in the order of their addresses."""
        ...

    def grant(self, person_id: str, permission: Permission, by: str) -> None:
        """Give a permission, with its audit entry under the person's id. Raises `NotFound`."""
        ...

    def revoke(self, person_id: str, permission: Permission, by: str) -> None:
        """Take it; raises as `grant`."""
        ...
