"""Saving listings: what is public, what is proposed, its name in addresses, and the entry in the audit."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import Connection, RowMapping, delete, insert, select

from catalog.codec import compress, parse_json, to_json
from catalog.database import storable
from catalog.ids import new_id
from catalog.listings.reading import REPORTED, REPORTS, TYPES, count_reports, load_row, to_listing
from catalog.listings.showing import show
from catalog.listings.slugs import give_slug
from catalog.listings.tables import (
    link_checks,
    listing_audit,
    listing_reports,
    listing_watches,
    listings,
    memberships,
    people,
)
from catalog.listings.words import check_days
from catalog.statements import upsert
from domain.account import Part
from domain.errors import NotAllowed, NotFound, Superseded
from domain.listing import Edition, Kind, Opportunity, Resource, State
from domain.listing_ports import Doubt, Listing
from domain.publishing import publish

_ANSWERED = "approved"
"""Where a reviewer does this, readers' reports are dealt with; a publisher's own change leaves them."""
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


def save_listing(connection: Connection, saving: Saving) -> str:
    """Save it all, or raise what `Listings.save` raises; returns the listing's id."""
    row = load_row(connection, saving.listing.id)
    _check(connection, row, saving)
    stamp = to_stamp(row["changed_at"] if row else "")
    listing = give_slug(connection, _prepared(saving.listing), _last(row))
    if saving.state is State.WITHDRAWN or (saving.state is State.PUBLIC and saving.act == _ANSWERED):
        connection.execute(delete(listing_reports).where(listing_reports.c.listing_id == listing.id))
    upsert(connection, listings, [_to_row(connection, saving, listing, row, stamp)])
    if row is None and not isinstance(listing, Edition):
        _give_owner(connection, listing.id, saving.by, stamp)
    show(connection, listing.id)
    log(connection, stamp, saving.by, saving.act, listing.id, saving.detail)
    return listing.id


def log(connection: Connection, at: str, person: str, act: str, listing: str, detail: str = "") -> None:
    """Add an entry to the audit."""
    texts = {"at": at, "person": person, "act": act, "listing_id": listing, "detail": detail}
    entry = {name: storable(text) for name, text in texts.items()}
    connection.execute(insert(listing_audit).values(entry))


def remove_listing(connection: Connection, listing_id: str) -> None:
    """Remove a listing that was never public, with all but its audit and its name."""
    tables = (listing_reports, link_checks, listing_watches, memberships)
    for column in (*(table.c.listing_id for table in tables), listings.c.id):
        connection.execute(delete(column.table).where(column == listing_id))


def _last(row: RowMapping | None) -> Listing | None:
    """As its owners last saved it."""
    return to_listing(Kind(row["kind"]), row["proposed"] or row["public"]) if row else None


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
    series = load_row(connection, listing.series)
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
    waits = state is State.IN_REVIEW or count_reports(connection, listing.id) >= REPORTS
    undecided = state in (State.DRAFT, State.IN_REVIEW)
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


def _give_owner(connection: Connection, listing_id: str, by: str, stamp: str) -> None:
    person = connection.execute(select(people.c.id).where(people.c.id == storable(by))).scalar()
    if person is not None:
        values = {"listing_id": listing_id, "person_id": person, "part": Part.OWNER.value, "since": stamp}
        connection.execute(insert(memberships).values(values))


def to_stamp(before: str = "") -> str:
    """Now to the microsecond, and always after `before`."""
    now = datetime.now(UTC)
    if before:
        now = max(now, datetime.fromisoformat(before) + timedelta(microseconds=1))
    return now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
