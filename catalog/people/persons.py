"""Accounts as such: adding, finding, changing and erasing them."""

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from catalog.database import storable
from catalog.ids import new_id
from catalog.listings.saving import to_stamp
from catalog.listings.tables import listing_audit, people
from domain.account import Permission, Person
from domain.errors import NotAllowed, NotFound


def read_person(connection: Connection, person_id: str) -> Person:
    """One account. Raises `NotFound`."""
    return _to_person(_load(connection, person_id))


def find_person(connection: Connection, email: str) -> Person | None:
    """The account with that address, in any case."""
    query = select(people).where(people.c.email == to_email(email))
    row = connection.execute(query).mappings().first()
    return _to_person(row) if row else None


def read_people(connection: Connection, offset: int, size: int) -> tuple[int, list[Person]]:
    """How many there are, and one page."""
    total = connection.execute(select(func.count()).select_from(people)).scalar_one()
    page = select(people).order_by(people.c.email).offset(offset).limit(size)
    return total, [_to_person(row) for row in connection.execute(page).mappings()]


def add_person(connection: Connection, email: str, name: str) -> Person:
    """A new account."""
    values = {
        "id": new_id(),
        "email": to_email(email),
        "name": storable(name),
        "proven": False,
        "locked": False,
        "permissions": "",
        "password": "",
        "totp": "",
        "created_at": to_stamp(),
    }
    connection.execute(insert(people).values(values))
    return read_person(connection, str(values["id"]))


def save_person(connection: Connection, person: Person) -> None:
    """Save what may change of an account that is there. Raises `NotAllowed`."""
    held = find_person(connection, person.email)
    if held is not None and held.id != person.id:
        raise NotAllowed("another account has this address")
    saved = update(people).where(people.c.id == person.id)
    values = {
        "email": to_email(person.email),
        "name": storable(person.name),
        "proven": person.proven,
        "locked": person.locked,
        "permissions": " ".join(sorted(person.permissions)),
    }
    connection.execute(saved.values(values))


def remove_person(connection: Connection, person: Person) -> None:
    """Remove the account, and from the audit what tells who it was; what was done stays."""
    acted = update(listing_audit).where(listing_audit.c.person == person.id)
    connection.execute(acted.values(person=""))
    connection.execute(
        update(listing_audit).where(listing_audit.c.listing_id == person.id).values(listing_id="")
    )
    detail = listing_audit.c.detail
    # A name of one word may be any word.
    told = [person.id, person.email] + ([person.name] if " " in person.name.strip() else [])
    for text in told:
        connection.execute(
            update(listing_audit)
            .where(detail.contains(text, autoescape=True))
            .values(detail=func.replace(detail, text, ""))
        )
    connection.execute(delete(people).where(people.c.id == person.id))


def read_secret(connection: Connection, person_id: str, name: str) -> str:
    """The password's hash or the secret for one-time codes. Raises `NotFound`."""
    return str(_load(connection, person_id)[name])


def save_secret(connection: Connection, person_id: str, name: str, value: str) -> None:
    """Set it. Raises `NotFound`."""
    saved = update(people).where(people.c.id == storable(person_id)).values({name: value})
    if not connection.execute(saved).rowcount:
        raise NotFound("account", person_id)


def to_email(text: str) -> str:
    """An address as it is kept."""
    return storable(text).strip().lower()


def _load(connection: Connection, person_id: str) -> RowMapping:
    row = connection.execute(select(people).where(people.c.id == storable(person_id))).mappings().first()
    if row is None:
        raise NotFound("account", person_id)
    return row


def _to_person(row: RowMapping) -> Person:
    return Person(
        row["id"],
        row["email"],
        row["name"],
        row["proven"],
        frozenset(map(Permission, row["permissions"].split())),
        bool(row["password"]),
        bool(row["totp"]),
        row["locked"],
        row["created_at"],
    )
