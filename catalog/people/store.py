"""`SqlAccounts`: the `Accounts` port over a database. Each method is one transaction."""

from dataclasses import replace
from datetime import datetime

from catalog.database import Database
from catalog.people import credentials, parts, persons
from domain.account import Membership, Part, Permission, Person


class SqlAccounts:
    """Those who sign in, on SQLite or PostgreSQL. Threads may share it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def person(self, person_id: str) -> Person:
        """One account. Raises `NotFound`."""
        with self._database.read() as connection:
            return persons.read_person(connection, person_id)

    def by_email(self, email: str) -> Person | None:
        """The account with that address (any case)."""
        with self._database.read() as connection:
            return persons.find_person(connection, email)

    def people(self, offset: int = 0, size: int = 50) -> tuple[int, list[Person]]:
        """How many accounts there are, and one page, in the order of their addresses."""
        with self._database.read() as connection:
            return persons.read_people(connection, offset, size)

    def create(self, email: str, name: str) -> Person:
        """A new account, its address not proven; the existing one where there is one."""
        with self._database.write() as connection:
            return persons.find_person(connection, email) or persons.add_person(connection, email, name)

    def update(self, person: Person) -> None:
        """Save name, address, proof, permissions and lock. Raises `NotFound`, `NotAllowed`.

        A lock ends sessions; a lock or another address ends tokens, which may be in others' hands.
        """
        with self._database.write() as connection:
            before = persons.read_person(connection, person.id)
            persons.save_person(connection, person)
            if person.locked:
                credentials.end_sessions(connection, person.id)
            if person.locked or persons.to_email(person.email) != before.email:
                credentials.end_tokens(connection, person.id)

    def erase(self, person_id: str) -> None:
        """Erase the account, and drafts that nobody else has a part in."""
        with self._database.write() as connection:
            person = persons.read_person(connection, person_id)
            credentials.end_sessions(connection, person.id)
            credentials.end_tokens(connection, person.id)
            parts.drop_parts(connection, person.id)
            persons.remove_person(connection, person)

    def password(self, person_id: str) -> str:
        """The argon2 hash; empty where none is set. Raises `NotFound`."""
        with self._database.read() as connection:
            return persons.read_secret(connection, person_id, "password")

    def set_password(self, person_id: str, hashed: str) -> None:
        """Set it, and end all sessions. Raises `NotFound`."""
        with self._database.write() as connection:
            persons.save_secret(connection, person_id, "password", hashed)
            credentials.end_sessions(connection, person_id)

    def totp(self, person_id: str) -> str:
        """The secret for one-time codes, empty where off. Raises `NotFound`."""
        with self._database.read() as connection:
            return persons.read_secret(connection, person_id, "totp")

    def set_totp(self, person_id: str, secret: str) -> None:
        """Set or, with an empty one, remove it. Raises `NotFound`."""
        with self._database.write() as connection:
            persons.save_secret(connection, person_id, "totp", secret)

    def issue_token(
        self, person_id: str, purpose: str, hashed: str, expires: datetime, detail: str = ""
    ) -> None:
        """Keep a token's hash instead of an earlier one for the same. Raises `NotFound`."""
        with self._database.write() as connection:
            person = persons.read_person(connection, person_id)
            credentials.save_token(connection, person.id, purpose, detail, hashed, expires)

    def redeem_token(self, purpose: str, hashed: str, now: datetime) -> tuple[str, str] | None:
        """Person and detail of a token that is good, which it then no longer is; None otherwise."""
        with self._database.write() as connection:
            return credentials.redeem_token(connection, purpose, hashed, now)

    def open_session(self, person_id: str, hashed: str, expires: datetime) -> None:
        """Keep a session. Raises `NotFound`."""
        with self._database.write() as connection:
            person = persons.read_person(connection, person_id)
            credentials.save_session(connection, person.id, hashed, expires)

    def session(self, hashed: str, now: datetime) -> Person | None:
        """Whose session it is, if it is good and the account not locked."""
        with self._database.read() as connection:
            person_id = credentials.read_session(connection, hashed, now)
            person = persons.read_person(connection, person_id) if person_id else None
            return person if person and not person.locked else None

    def close_session(self, hashed: str) -> None:
        """End it."""
        with self._database.write() as connection:
            credentials.end_session(connection, hashed)

    def attempts(self, key: str, since: datetime) -> int:
        """How many failed attempts are noted under `key` since then."""
        with self._database.read() as connection:
            return credentials.count_attempts(connection, key, since)

    def note_attempt(self, key: str, at: datetime) -> None:
        """Note one; those more than a day older are forgotten."""
        with self._database.write() as connection:
            credentials.note_attempt(connection, key, at)

    def memberships(self, listing: str) -> list[Membership]:
        """Who has a part in a listing itself, the earliest first."""
        with self._database.read() as connection:
            return parts.read_memberships(connection, listing)

    def part(self, person_id: str, listing: str) -> Part | None:
        """The person's part in it; for an edition, the greater of that and the one in its series."""
        with self._database.read() as connection:
            return parts.read_part(connection, person_id, listing)

    def set_part(self, person_id: str, listing: str, part: Part | None, by: str) -> None:
        """Give or take a part, with its audit entry. Raises `NotFound`, `NotAllowed`."""
        with self._database.write() as connection:
            person = persons.read_person(connection, person_id)
            parts.save_part(connection, person.id, listing, part, by)

    def grant(self, person_id: str, permission: Permission, by: str) -> None:
        """Give a permission. Raises `NotFound`."""
        with self._database.write() as connection:
            person = persons.read_person(connection, person_id)
            granted = replace(person, permissions=person.permissions | {permission})
            persons.save_person(connection, granted)
            parts.log_permission(connection, person.id, "granted", permission, by)

    def revoke(self, person_id: str, permission: Permission, by: str) -> None:
        """Take it. Raises `NotFound`."""
        with self._database.write() as connection:
            person = persons.read_person(connection, person_id)
            persons.save_person(connection, replace(person, permissions=person.permissions - {permission}))
            parts.log_permission(connection, person.id, "revoked", permission, by)
