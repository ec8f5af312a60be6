"""Saving listings: what is public, what is proposed, its name in addresses, and the entry in the audit."""

import json
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec
from sqlalchemy import Connection, RowMapping, delete, func, insert, or_, select

from catalog.codec import compress, parse_json, sha256, to_json
from catalog.database import storable, upsert
from catalog.listingreading import REPORTED, TYPES, to_listing
from catalog.listingtables import (
    link_checks,
    listing_audit,
    listing_reports,
    listing_slugs,
    listings,
    memberships,
    people,
    shown_listings,
)
from catalog.listingwords import check_days, to_shown
from domain.account import Part
from domain.errors import NotAllowed, NotFound, Superseded
from domain.listing import (
    RESERVED_SLUGS,
    Edition,
    Kind,
    LinkCheck,
    Opportunity,
    Resource,
    Series,
    State,
    slug,
)
from domain.listing_ports import Doubt, Listing
from domain.publishing import publish

REPORTS = 3
"""So many different ones bring a public listing before a reviewer."""
CHECKS = 5
"""So many are kept of each address."""
_DECIDED = ("approved", "declined")
_LETTERS = string.ascii_letters + string.digits
_KINDS = {kind: name for name, kind in TYPES.items()}


@dataclass(frozen=True, slots=True)
class Saving:
    """What is to be saved, by whom, and why."""

    listing: Listing
    state: State
    by: str
    act: str
    detail: str = ""
    doubts: tuple[Doubt, ...] = ()
    answer: str = ""
    expected: str | None = None


def new_id() -> str:
    """An id that nobody can guess."""
    return "".join(secrets.choice(_LETTERS) for _ in range(12))


def save_listing(connection: Connection, saving: Saving) -> str:
    """Save it all, or raise what `Listings.save` raises; returns the listing's id."""
    row = _load(connection, saving.listing.id)
    _check(connection, row, saving)
    stamp = to_stamp(row["changed_at"] if row else "")
    listing = _named(connection, _prepared(saving.listing), row)
    if saving.state is State.WITHDRAWN or (saving.state is not State.DRAFT and saving.act in _DECIDED):
        connection.execute(delete(listing_reports).where(listing_reports.c.listing_id == listing.id))
    upsert(connection, listings, [_to_row(connection, saving, listing, row, stamp)])
    if row is None and not isinstance(listing, Edition):
        _give_owner(connection, listing.id, saving.by, stamp)
    _show(connection, listing.id)
    log(connection, stamp, saving.by, saving.act, listing.id, saving.detail)
    return listing.id


def log(connection: Connection, at: str, person: str, act: str, listing: str, detail: str = "") -> None:
    """Add an entry to the audit."""
    texts = {"at": at, "person": person, "act": act, "listing_id": listing, "detail": detail}
    entry = {name: storable(text) for name, text in texts.items()}
    connection.execute(insert(listing_audit).values(entry))


def save_report(connection: Connection, listing_id: str, reason: str, reporter: str) -> None:
    """Keep a reader's report, and let the listing wait for a reviewer when there are enough."""
    row = _load(connection, listing_id)
    if row is None or row["public"] is None:
        raise NotFound("listing", listing_id)
    who = storable(reporter) or sha256(storable(reason).encode()).hex()
    now = to_stamp()
    values = {"listing_id": row["id"], "reporter": who, "reason": storable(reason), "at": now}
    upsert(connection, listing_reports, [values])
    if row["waiting_at"] is None and _count_reports(connection, row["id"]) >= REPORTS:
        waiting = listings.update().where(listings.c.id == row["id"])
        connection.execute(waiting.values(waiting_at=now))


def save_check(connection: Connection, listing_id: str, check: LinkCheck) -> None:
    """Keep what an address answered, and forget all but the last few."""
    row = _load(connection, listing_id)
    if row is None:
        raise NotFound("listing", listing_id)
    texts = {"url": check.url, "checked_at": check.checked_at, "problem": check.problem}
    values = {name: storable(text) for name, text in texts.items()}
    upsert(connection, link_checks, [{"listing_id": row["id"], "status": check.status, **values}])
    same = (link_checks.c.listing_id == row["id"], link_checks.c.url == values["url"])
    newest = select(link_checks.c.checked_at).where(*same).order_by(link_checks.c.checked_at.desc())
    kept = list(connection.execute(newest.limit(CHECKS)).scalars())
    connection.execute(delete(link_checks).where(*same, link_checks.c.checked_at < kept[-1]))


def remove_listing(connection: Connection, listing_id: str) -> None:
    """Remove a listing that was never public, with all but its audit and its name."""
    columns = (listing_reports.c.listing_id, link_checks.c.listing_id, memberships.c.listing_id)
    for column in (*columns, listings.c.id):
        connection.execute(delete(column.table).where(column == listing_id))


def _load(connection: Connection, listing_id: str) -> RowMapping | None:
    query = select(listings).where(listings.c.id == storable(listing_id))
    return connection.execute(query).mappings().first() if listing_id else None


def _check(connection: Connection, row: RowMapping | None, saving: Saving) -> None:
    listing = saving.listing
    if row is None and saving.expected:
        raise NotFound("listing", listing.id)
    if row is not None and saving.expected not in (None, row["changed_at"]):
        raise Superseded("somebody else has changed this listing since; look at it again")
    if row is not None and row["kind"] != _KINDS[type(listing)]:
        raise NotAllowed(f"this is a listing of another kind: {row['kind']}")
    if not isinstance(listing, Edition):
        return
    if row is not None and row["series"] != listing.series:
        raise NotAllowed("an edition cannot move to another series")
    series = _load(connection, listing.series)
    if series is None or series["kind"] != Kind.SERIES:
        raise NotFound("series", listing.series)


def _prepared(listing: Listing) -> Listing:
    """With an id, without what is kept elsewhere, and as UTF-8 can hold it."""
    if isinstance(listing, Resource):
        listing = replace(listing, checks=())
    listing = replace(listing, id=storable(listing.id) or new_id())
    try:
        to_json(listing)
    except UnicodeEncodeError:
        text = json.dumps(msgspec.to_builtins(listing), ensure_ascii=False)
        listing = parse_json(storable(text), type(listing))
    return listing


def _to_row(
    connection: Connection, saving: Saving, listing: Listing, row: RowMapping | None, stamp: str
) -> dict[str, object]:
    kind, state = _KINDS[type(listing)], saving.state
    before = to_listing(kind, row["public"]) if row else None
    sequence = row["sequence"] if row else None
    public, proposed = before, None if listing == before else listing
    if state is State.PUBLIC:
        check_days(listing)
        public, proposed = publish(before, listing, sequence), None
        sequence = public.sequence if isinstance(public, Edition | Opportunity) else 0
    elif state is State.WITHDRAWN:
        public, proposed = None, listing
    waits = state is State.IN_REVIEW or _count_reports(connection, listing.id) >= REPORTS
    undecided = state in (State.DRAFT, State.UNPROVEN, State.IN_REVIEW)
    return {
        "id": listing.id,
        "kind": kind.value,
        "state": state.value,
        "series": listing.series if isinstance(listing, Edition) else None,
        "sequence": sequence,
        "public": _pack(public),
        "proposed": _pack(proposed),
        "doubts": _to_doubts(saving.doubts),
        "answer": storable(saving.answer) or (row["answer"] if row and undecided else ""),
        "created_at": row["created_at"] if row else stamp,
        "changed_at": stamp,
        "waiting_at": ((row["waiting_at"] if row else None) or stamp) if waits else None,
    }


def _pack(listing: Listing | None) -> bytes | None:
    return None if listing is None else compress(to_json(listing))


def _to_doubts(doubts: Iterable[Doubt]) -> str:
    own = [Doubt(storable(d.rule), storable(d.detail)) for d in doubts if d.rule != REPORTED]
    return to_json(own).decode()


def _named(connection: Connection, listing: Listing, row: RowMapping | None) -> Listing:
    """`listing` with a slug that is its own, and stays so."""
    if not isinstance(listing, Series | Edition):
        return listing
    scope = listing.series if isinstance(listing, Edition) else ""
    wanted = slug(listing.slug) or _last_slug(listing, row) or _first_slug(listing)
    mine = listing_slugs.c
    query = select(mine.slug, mine.listing_id).where(
        mine.series == scope, or_(mine.slug == wanted, mine.slug.startswith(f"{wanted}-", autoescape=True))
    )
    holders = {found.slug: found.listing_id for found in connection.execute(query)}
    names = (name for number in count(2) for name in [f"{wanted}-{number}"])
    given = next(n for n in _chain(wanted, names) if _is_free(n, listing.id, holders))
    if given not in holders:
        values = {"series": scope, "slug": given, "listing_id": listing.id}
        connection.execute(insert(listing_slugs).values(values))
    return replace(listing, slug=given)


def _chain(first: str, others: Iterable[str]) -> Iterable[str]:
    yield first
    yield from others


def _is_free(name: str, listing_id: str, holders: dict[str, str]) -> bool:
    return name not in RESERVED_SLUGS and holders.get(name, listing_id) == listing_id


def _last_slug(listing: Series | Edition, row: RowMapping | None) -> str:
    if row is None:
        return ""
    last = to_listing(_KINDS[type(listing)], row["proposed"] or row["public"])
    return last.slug if isinstance(last, Series | Edition) else ""


def _first_slug(listing: Series | Edition) -> str:
    year = listing.starts.at[:4] if isinstance(listing, Edition) else ""
    return (year if year.isascii() and year.isdigit() else slug(listing.title)) or listing.id.lower()


def _show(connection: Connection, listing_id: str) -> None:
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
    row = _load(connection, series or "")
    found = to_listing(Kind.SERIES, row["public"]) if row else None
    return found if isinstance(found, Series) else None


def _give_owner(connection: Connection, listing_id: str, by: str, stamp: str) -> None:
    person = connection.execute(select(people.c.id).where(people.c.id == storable(by))).scalar()
    if person is not None:
        values = {"listing_id": listing_id, "person_id": person, "part": Part.OWNER.value, "since": stamp}
        connection.execute(insert(memberships).values(values))


def _count_reports(connection: Connection, listing_id: str) -> int:
    query = select(func.count()).select_from(listing_reports)
    return int(connection.execute(query.where(listing_reports.c.listing_id == listing_id)).scalar_one())


def to_stamp(before: str = "") -> str:
    """Now to the microsecond, and always after `before`."""
    now = datetime.now(UTC)
    if before:
        now = max(now, datetime.fromisoformat(before) + timedelta(microseconds=1))
    return now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
