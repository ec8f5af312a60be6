"""What comes from outside about a listing: readers' reports, and what its address answered."""

from sqlalchemy import Connection, delete, select

from catalog.codec import sha256
from catalog.database import storable
from catalog.listings.reading import REPORTS, count_reports, load_row
from catalog.listings.saving import to_stamp
from catalog.listings.tables import link_checks, listing_reports, listings
from catalog.statements import upsert
from domain.errors import NotFound
from domain.listing import LinkCheck

CHECKS = 5
"""So many are kept of each address."""
_LONGEST_URL = 2000


def save_report(connection: Connection, listing_id: str, reason: str, reporter: str) -> None:
    """Keep a reader's report, and let the listing wait for a reviewer when there are enough."""
    row = load_row(connection, listing_id)
    if row is None or row["public"] is None:
        raise NotFound("listing", listing_id)
    who = storable(reporter) or sha256(storable(reason).encode()).hex()
    now = to_stamp()
    values = {"listing_id": row["id"], "reporter": who, "reason": storable(reason), "at": now}
    upsert(connection, listing_reports, [values])
    if row["waiting_at"] is None and count_reports(connection, row["id"]) >= REPORTS:
        waiting = listings.update().where(listings.c.id == row["id"])
        connection.execute(waiting.values(waiting_at=now))


def save_check(connection: Connection, listing_id: str, check: LinkCheck) -> None:
    """Keep what an address answered, and forget all but the last few."""
    row = load_row(connection, listing_id)
    if row is None:
        raise NotFound("listing", listing_id)
    texts = {"url": check.url[:_LONGEST_URL], "checked_at": check.checked_at, "problem": check.problem}
    values = {name: storable(text) for name, text in texts.items()}
    upsert(connection, link_checks, [{"listing_id": row["id"], "status": check.status, **values}])
    same = (link_checks.c.listing_id == row["id"], link_checks.c.url == values["url"])
    newest = select(link_checks.c.checked_at).where(*same).order_by(link_checks.c.checked_at.desc())
    kept = list(connection.execute(newest.limit(CHECKS)).scalars())
    connection.execute(delete(link_checks).where(*same, link_checks.c.checked_at < kept[-1]))
