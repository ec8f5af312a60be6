"""The rows that lists of public listings are read from: written anew with each save."""

from sqlalchemy import Connection, RowMapping, delete, insert, or_, select

from catalog.listings.reading import load_row, to_listing
from catalog.listings.tables import listings, shown_listings
from catalog.listings.words import to_shown
from domain.listing import Kind, Opportunity, Resource, Series
from domain.listing_ports import Listing


def show(connection: Connection, listing_id: str) -> None:
    """Write anew what lists of public listings read of it, and of its editions."""
    names = select(listings).where(or_(listings.c.id == listing_id, listings.c.series == listing_id))
    rows = connection.execute(names).mappings().all()
    for row in rows:
        connection.execute(delete(shown_listings).where(shown_listings.c.id == row["id"]))
        listing = to_listing(Kind(row["kind"]), row["public"])
        series = _load_public_series(connection, row["series"])
        if listing is not None and (row["series"] is None or series is not None):
            _write_shown(connection, row, listing, series)


def _write_shown(connection: Connection, row: RowMapping, listing: Listing, series: Series | None) -> None:
    subkind = listing.kind.value if isinstance(listing, Opportunity | Resource) else ""
    values = {"id": row["id"], "kind": row["kind"], **to_shown(listing, subkind, series)}
    connection.execute(insert(shown_listings).values(values))


def _load_public_series(connection: Connection, series: str | None) -> Series | None:
    row = load_row(connection, series or "")
    found = to_listing(Kind.SERIES, row["public"]) if row else None
    return found if isinstance(found, Series) else None
