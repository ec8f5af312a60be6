"""Names in addresses: each is given to one listing, and never to another."""

from dataclasses import replace
from itertools import chain, count

from sqlalchemy import Connection, insert, or_, select

from catalog.listings.tables import listing_slugs
from domain.listing import RESERVED_SLUGS, Edition, Series, slug
from domain.listing_ports import Listing


def give_slug(connection: Connection, listing: Listing, last: Listing | None) -> Listing:
    """`listing` with a slug that is its own; without one it keeps the one that it had last."""
    if not isinstance(listing, Series | Edition):
        return listing
    scope = listing.series if isinstance(listing, Edition) else ""
    wanted = (
        slug(listing.slug)
        or (last.slug if isinstance(last, Series | Edition) else "")
        or _first_slug(listing)
    )
    mine = listing_slugs.c
    query = select(mine.slug, mine.listing_id).where(
        mine.series == scope, or_(mine.slug == wanted, mine.slug.startswith(f"{wanted}-", autoescape=True))
    )
    holders = {found.slug: found.listing_id for found in connection.execute(query)}
    names = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
    given = next(name for name in names if _is_free(name, listing.id, holders))
    if given not in holders:
        values = {"series": scope, "slug": given, "listing_id": listing.id}
        connection.execute(insert(listing_slugs).values(values))
    return replace(listing, slug=given)


def _is_free(name: str, listing_id: str, holders: dict[str, str]) -> bool:
    return name not in RESERVED_SLUGS and holders.get(name, listing_id) == listing_id


def _first_slug(listing: Series | Edition) -> str:
    year = listing.starts.at[:4] if isinstance(listing, Edition) else ""
    return (
        (year if year.isascii() and year.isdigit() else slug(listing.title)) or slug(listing.id) or "meeting"
    )
