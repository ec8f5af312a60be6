"""Reading listings: one, lists of the public ones, what waits for a reviewer, what a person has a part in."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, RowMapping, func, or_, select, union

from catalog.codec import decompress, parse_json
from catalog.database import storable
from catalog.listings.tables import (
    link_checks,
    listing_audit,
    listing_reports,
    listing_slugs,
    listings,
    memberships,
    shown_listings,
)
from catalog.listings.words import CANCER_TYPE, COUNTRY, LANGUAGE, SUPPORT, to_query, to_tag
from catalog.statements import to_chunks
from domain.account import AuditEntry
from domain.errors import NotFound
from domain.instants import to_timestamp
from domain.listing import Edition, Kind, LinkCheck, Opportunity, Resource, Series, State
from domain.listing_ports import Doubt, Listed, Listing, Wanted

REPORTED = "reported"
"""The doubt that readers raise."""
REPORTS = 3
"""So many different ones bring a public listing before a reviewer."""
TYPES: dict[Kind, type[Listing]] = {
    Kind.SERIES: Series,
    Kind.EDITION: Edition,
    Kind.OPPORTUNITY: Opportunity,
    Kind.RESOURCE: Resource,
}


def read_listed(connection: Connection, listing_id: str) -> Listed:
    """One listing. Raises `NotFound`."""
    found = read_many(connection, [storable(listing_id)])
    if not found:
        raise NotFound("listing", listing_id)
    return found[0]


def read_many(connection: Connection, ids: Sequence[str]) -> list[Listed]:
    """Listings in the order of `ids`; missing ones are left out."""
    rows: dict[str, RowMapping] = {}
    for chunk in to_chunks(ids):
        found = connection.execute(select(listings).where(listings.c.id.in_(chunk))).mappings()
        rows.update((row["id"], row) for row in found)
    checks = _load_checks(connection, [name for name, row in rows.items() if row["kind"] == Kind.RESOURCE])
    reports = _load_reports(connection, rows)
    return [
        to_listed(rows[name], checks.get(name, ()), reports.get(name, ())) for name in ids if name in rows
    ]


def to_listed(row: RowMapping, checks: Sequence[LinkCheck] = (), reports: Sequence[Doubt] = ()) -> Listed:
    """The listing in a row."""
    kind = Kind(row["kind"])
    doubts = parse_json(row["doubts"], tuple[Doubt, ...])
    return Listed(
        row["id"],
        kind,
        State(row["state"]),
        _checked(to_listing(kind, row["public"]), checks),
        _checked(to_listing(kind, row["proposed"]), checks),
        (*doubts, *reports),
        row["answer"],
        row["created_at"],
        row["changed_at"],
    )


def to_listing(kind: Kind, document: bytes | None) -> Listing | None:
    """The listing in a document."""
    return parse_json(decompress(document), TYPES[kind]) if document else None


def read_by_slug(connection: Connection, series: str, edition: str) -> Listed:
    """A series or one of its editions, by what it is or was once called. Raises `NotFound`."""
    name = _load_name(connection, "", series)
    if name and edition:
        name = _load_name(connection, name, edition)
    if not name:
        raise NotFound("listing", f"{series}/{edition}" if edition else series)
    return read_listed(connection, name)


def read_public(connection: Connection, wanted: Wanted, offset: int, size: int) -> tuple[int, list[Listed]]:
    """How many are wanted, and one page."""
    # Half the time of LIKE, and no letter stands for others.
    position = func.instr if connection.dialect.name == "sqlite" else func.strpos
    words = [position(shown_listings.c.words, word) > 0 for word in to_query(wanted.words)]
    tags = [or_(*(position(shown_listings.c.tags, f"|{tag}|") > 0 for tag in tags)) for tags in _tags(wanted)]
    chosen = [shown_listings.c.kind == wanted.kind.value, *_narrowed(wanted), *tags, *words]
    total = connection.execute(select(func.count()).select_from(shown_listings).where(*chosen)).scalar_one()
    columns = (shown_listings.c.place, shown_listings.c.id)
    order = [column.desc() if wanted.over_at else column.asc() for column in columns]
    if offset >= total:
        return total, []
    page = select(shown_listings.c.id).where(*chosen).order_by(*order)
    ids = connection.execute(page.offset(offset).limit(size)).scalars().all()
    return total, read_many(connection, ids)


def read_editions(connection: Connection, series: str) -> list[Listed]:
    """Those that were handed in, newest first."""
    query = select(listings.c.id).where(
        listings.c.series == storable(series),
        or_(
            listings.c.public.is_not(None),
            listings.c.state != State.DRAFT.value,
        ),
    )
    found = read_many(connection, connection.execute(query).scalars().all())
    return sorted(found, key=_newness, reverse=True)


def read_owned(connection: Connection, person: str) -> list[Listed]:
    """What a person has a part in, the editions of a series included; what changed last comes first."""
    mine = select(memberships.c.listing_id).where(memberships.c.person_id == storable(person))
    columns = (listings.c.id, listings.c.changed_at)
    # Asked for either at once, SQLite would go through all listings.
    found = union(
        *(select(*columns).where(c.in_(mine)) for c in (listings.c.id, listings.c.series))
    ).subquery()
    query = select(found.c.id).order_by(found.c.changed_at.desc(), found.c.id)
    return read_many(connection, connection.execute(query).scalars().all())


def read_waiting(connection: Connection, offset: int, size: int) -> tuple[int, list[Listed]]:
    """How many wait for a reviewer, and one page, the oldest first."""
    waits = listings.c.waiting_at.is_not(None)
    total = connection.execute(select(func.count()).select_from(listings).where(waits)).scalar_one()
    page = select(listings.c.id).where(waits).order_by(listings.c.waiting_at, listings.c.id)
    return total, read_many(connection, connection.execute(page.offset(offset).limit(size)).scalars().all())


def read_audit(connection: Connection, listing_id: str) -> list[AuditEntry]:
    """Who did what, oldest first."""
    query = select(listing_audit).where(listing_audit.c.listing_id == storable(listing_id))
    rows = connection.execute(query.order_by(listing_audit.c.id))
    return [AuditEntry(row.id, row.at, row.person, row.act, row.listing_id, row.detail) for row in rows]


def load_row(connection: Connection, listing_id: str) -> RowMapping | None:
    """The row of a listing, if there is one."""
    query = select(listings).where(listings.c.id == storable(listing_id))
    return connection.execute(query).mappings().first() if listing_id else None


def count_reports(connection: Connection, listing_id: str) -> int:
    """How many different reports readers have made since a reviewer dealt with them."""
    query = select(func.count()).select_from(listing_reports)
    return int(connection.execute(query.where(listing_reports.c.listing_id == listing_id)).scalar_one())


def _narrowed(wanted: Wanted) -> Iterable[ColumnElement[bool]]:
    shown = shown_listings.c
    if wanted.subkinds:
        yield shown.subkind.in_(list(map(storable, wanted.subkinds)))
    if wanted.attendance:
        yield shown.attendance.in_(list(map(storable, wanted.attendance)))
    if wanted.series:
        yield shown.series == storable(wanted.series)
    if wanted.since:
        yield or_(shown.ends.is_(None), shown.ends > to_timestamp(wanted.since))
    if wanted.until:
        yield or_(shown.starts.is_(None), shown.starts < _rounded_up(wanted.until))
    if wanted.over_at:
        yield shown.ends <= to_timestamp(wanted.over_at)
    if wanted.open_at:
        yield or_(shown.closes.is_(None), shown.closes > to_timestamp(wanted.open_at))
    if wanted.changed_after:
        changed = listings.c.changed_at > storable(wanted.changed_after)
        yield shown.id.in_(select(listings.c.id).where(changed))


def _tags(wanted: Wanted) -> Iterable[list[str]]:
    """Of each list one must be there."""
    named = {
        COUNTRY: wanted.countries,
        CANCER_TYPE: wanted.cancer_types,
        LANGUAGE: wanted.languages,
        SUPPORT: wanted.support,
    }
    return [[to_tag(name, value) for value in values] for name, values in named.items() if values]


def _rounded_up(moment: datetime) -> str:
    """What began within the second that `moment` cuts through began before it."""
    return to_timestamp(moment + timedelta(microseconds=999_999))


def _load_name(connection: Connection, series: str, slug: str) -> str | None:
    query = select(listing_slugs.c.listing_id).where(
        listing_slugs.c.series == series, listing_slugs.c.slug == storable(slug)
    )
    return connection.execute(query).scalar()


def _load_checks(connection: Connection, ids: Sequence[str]) -> dict[str, list[LinkCheck]]:
    found: dict[str, list[LinkCheck]] = {}
    for chunk in to_chunks(ids):
        query = select(link_checks).where(link_checks.c.listing_id.in_(chunk))
        newest = link_checks.c.checked_at.desc()
        for row in connection.execute(query.order_by(newest, link_checks.c.url)):
            check = LinkCheck(row.url, row.checked_at, row.status, row.problem)
            found.setdefault(row.listing_id, []).append(check)
    return found


def _load_reports(connection: Connection, ids: Iterable[str]) -> dict[str, list[Doubt]]:
    found: dict[str, list[Doubt]] = {}
    for chunk in to_chunks(ids):
        query = select(listing_reports).where(listing_reports.c.listing_id.in_(chunk))
        for row in connection.execute(query.order_by(listing_reports.c.at, listing_reports.c.reporter)):
            found.setdefault(row.listing_id, []).append(Doubt(REPORTED, row.reason))
    return found


def _checked(listing: Listing | None, checks: Sequence[LinkCheck]) -> Listing | None:
    return replace(listing, checks=tuple(checks)) if isinstance(listing, Resource) and checks else listing


def _newness(listed: Listed) -> tuple[str, str]:
    edition = listed.latest
    return (edition.starts.at if isinstance(edition, Edition) else "", listed.id)
