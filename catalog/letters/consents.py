"""The record of who agreed to what, and whose address gets nothing."""

from sqlalchemy import Connection, RowMapping, delete, insert, select

from catalog.database import storable
from catalog.letters.subscribertables import consents, suppressions
from catalog.statements import upsert
from domain.subscription import Consent
from domain.subscription_ports import Suppression


def add_consent(connection: Connection, subscriber_id: str, consent: Consent) -> None:
    """Add to the record."""
    texts = {
        "subscriber_id": subscriber_id,
        "at": consent.at,
        "act": consent.act,
        "subscription": consent.subscription,
        "wording": consent.wording,
        "network": consent.network,
    }
    connection.execute(insert(consents).values({name: storable(text) for name, text in texts.items()}))


def read_consents(connection: Connection, subscriber_id: str) -> list[Consent]:
    """The record of a subscriber, oldest first."""
    query = select(consents).where(consents.c.subscriber_id == storable(subscriber_id))
    rows = connection.execute(query.order_by(consents.c.id))
    return [Consent(row.at, row.act, row.subscription, row.wording, row.network) for row in rows]


def save_suppression(connection: Connection, suppression: Suppression) -> None:
    """Put an address on the list; the latest reason counts."""
    texts = {
        "address_hash": suppression.address_hash,
        "reason": suppression.reason,
        "at": suppression.at,
    }
    upsert(connection, suppressions, [{name: storable(text) for name, text in texts.items()}])


def read_suppression(connection: Connection, hashed: str) -> Suppression | None:
    """Why an address gets nothing."""
    query = select(suppressions).where(suppressions.c.address_hash == storable(hashed))
    row = connection.execute(query).mappings().first()
    return _to_suppression(row) if row else None


def lift_suppression(connection: Connection, hashed: str) -> bool:
    """Take an address off the list; whether it was on it."""
    lifted = delete(suppressions).where(suppressions.c.address_hash == storable(hashed))
    return connection.execute(lifted).rowcount > 0


def _to_suppression(row: RowMapping) -> Suppression:
    return Suppression(row["address_hash"], row["reason"], row["at"])
