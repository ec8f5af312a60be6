"""Who has which part in what is listed."""

from sqlalchemy import Connection, delete, func, or_, select

from catalog.database import storable
from catalog.listings.saving import log, remove_listing, to_stamp
from catalog.listings.tables import listings, memberships
from catalog.statements import upsert
from domain.account import Membership, Part, Permission
from domain.errors import NotAllowed, NotFound
from domain.listing import State


def read_memberships(connection: Connection, listing: str) -> list[Membership]:
    """Those of a listing itself, the earliest first."""
    query = select(memberships).where(memberships.c.listing_id == storable(listing))
    rows = connection.execute(query.order_by(memberships.c.since, memberships.c.person_id))
    return [Membership(row.person_id, row.listing_id, Part(row.part), row.since) for row in rows]


def read_part(connection: Connection, person_id: str, listing: str) -> Part | None:
    """The greatest part in it or its series."""
    query = select(memberships.c.part).where(
        memberships.c.person_id == storable(person_id),
        memberships.c.listing_id.in_(_scope(connection, listing)),
    )
    found = set(connection.execute(query).scalars())
    return next((part for part in Part if part in found), None)


def save_part(connection: Connection, person_id: str, listing: str, part: Part | None, by: str) -> None:
    """Give or take it. Raises `NotFound`, `NotAllowed`."""
    name = storable(listing)
    scope = _scope(connection, name)
    if not scope:
        raise NotFound("listing", listing)
    mine = (memberships.c.listing_id == name, memberships.c.person_id == person_id)
    before = connection.execute(select(memberships.c.part).where(*mine)).scalar()
    if before == (part.value if part else None):
        return
    if before == Part.OWNER and not _has_other_owner(connection, scope, name, person_id):
        raise NotAllowed("this is the last owner; make somebody else an owner first")
    stamp = to_stamp()
    if part is None:
        connection.execute(delete(memberships).where(*mine))
    else:
        values = {"listing_id": name, "person_id": person_id, "part": part.value, "since": stamp}
        upsert(connection, memberships, [values])
    act = "removed" if part is None else "invited" if before is None else "part-changed"
    log(connection, stamp, by, act, name, f"{person_id} {part or before}")


def drop_parts(connection: Connection, person_id: str) -> None:
    """Take all parts of a person, and remove drafts that nobody else sees."""
    mine = select(memberships.c.listing_id).where(memberships.c.person_id == person_id)
    scope = or_(listings.c.id.in_(mine), listings.c.series.in_(mine))
    drafts = select(listings.c.id, listings.c.series).where(
        scope,
        listings.c.sequence.is_(None),
        listings.c.state == State.DRAFT.value,
    )
    found = connection.execute(drafts).all()
    connection.execute(delete(memberships).where(memberships.c.person_id == person_id))
    for row in sorted(found, key=lambda row: row.series is None):  # editions first
        if _is_forsaken(connection, row.id, row.series):
            remove_listing(connection, row.id)


def log_permission(connection: Connection, person_id: str, act: str, permission: Permission, by: str) -> None:
    """Tell the audit of a permission, under the person's id."""
    log(connection, to_stamp(), by, act, person_id, permission.value)


def _scope(connection: Connection, listing: str) -> list[str]:
    """The listing and its series; none where there is no such listing."""
    query = select(listings.c.id, listings.c.series).where(listings.c.id == storable(listing))
    row = connection.execute(query).first()
    return [name for name in row if name] if row else []


def _has_other_owner(connection: Connection, scope: list[str], listing: str, person_id: str) -> bool:
    query = select(func.count()).where(
        memberships.c.listing_id.in_(scope),
        memberships.c.part == Part.OWNER.value,
        or_(memberships.c.person_id != person_id, memberships.c.listing_id != listing),
    )
    return bool(connection.execute(query).scalar_one())


def _is_forsaken(connection: Connection, listing: str, series: str | None) -> bool:
    members = select(func.count()).where(memberships.c.listing_id.in_([listing, series or listing]))
    editions = select(func.count()).where(listings.c.series == listing)
    return not any(connection.execute(query).scalar_one() for query in (members, editions))
