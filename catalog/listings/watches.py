"""From where listings were filled in, and when that was last read."""

from dataclasses import asdict

from sqlalchemy import Connection, delete, select

from catalog.database import storable
from catalog.listings.reading import load_row
from catalog.listings.tables import listing_watches, listings
from catalog.statements import upsert
from domain.errors import NotFound
from domain.listing import State
from domain.listing_ports import Watch

_COLUMNS = tuple(
    column.label("listing") if column.name == "listing_id" else column for column in listing_watches.columns
)
_OVER = (State.DECLINED.value, State.WITHDRAWN.value)


def save_watch(connection: Connection, watch: Watch) -> None:
    """Keep one in place of what was kept. Raises `NotFound`."""
    if load_row(connection, watch.listing) is None:
        raise NotFound("listing", watch.listing)
    values = asdict(watch)
    values["listing_id"] = values.pop("listing")
    kept = {name: storable(value) if isinstance(value, str) else value for name, value in values.items()}
    upsert(connection, listing_watches, [kept])


def remove_watch(connection: Connection, listing_id: str) -> None:
    """Keep it no longer."""
    own = listing_watches.c.listing_id == storable(listing_id)
    connection.execute(delete(listing_watches).where(own))


def read_watch(connection: Connection, listing_id: str) -> Watch | None:
    """That of a listing."""
    query = select(*_COLUMNS).where(listing_watches.c.listing_id == storable(listing_id))
    row = connection.execute(query).mappings().first()
    return Watch(**row) if row else None


def read_watches(connection: Connection, before: str, most_failures: int, size: int) -> list[Watch]:
    """Those that are due, the longest ago first."""
    query = (
        select(*_COLUMNS)
        .join(listings, listings.c.id == listing_watches.c.listing_id)
        .where(
            listing_watches.c.read_at < storable(before),
            listing_watches.c.failures < most_failures,
            listings.c.state.not_in(_OVER),
        )
        .order_by(listing_watches.c.read_at, listing_watches.c.listing_id)
    )
    return [Watch(**row) for row in connection.execute(query.limit(size)).mappings()]
