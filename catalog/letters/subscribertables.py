"""The tables of those who get letters: what they asked for, and what proves that they did."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from catalog.tables import KEY, LONG, METADATA

_LIVING = text("state <> 'ended'")
_PENDING = text("state = 'pending'")
_ACTIVE = text("state = 'active'")

addresses = Table(
    "addresses",
    METADATA,
    # The only place where an address is readable. Rows are added, and blanked when a subscriber is erased;
    # they are never changed, moved or deleted: SQLite leaves copies of rows that move in its file.
    Column("number", LONG, primary_key=True, autoincrement=True),
    Column("email", Text, nullable=False),
    sqlite_autoincrement=True,
)

subscribers = Table(
    "subscribers",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("address_number", LONG, ForeignKey("addresses.number"), nullable=False),
    Column("address_hash", KEY, nullable=False, doc="by which the address is found, in any case"),
    Column("language", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("paused_until", KEY, nullable=False, doc="empty: not paused"),
    Column("created_at", KEY, nullable=False),
    Column("soft_bounces", Integer, nullable=False, doc="in a row"),
    Column("bounced_at", KEY, nullable=False, doc="when the last letter that bounced was sent; empty: none"),
    Index("uq_subscribers_address_hash", "address_hash", unique=True),
)

suppressions = Table(
    "suppressions",
    METADATA,
    # No foreign key: it stays when the subscriber is erased, and may be there before.
    Column("address_hash", KEY, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", KEY, nullable=False),
    sqlite_with_rowid=False,
)

questions = Table(
    "questions",
    METADATA,
    # One row per first letter of the last 90 days, until one is answered; it outlives the subscriber, or
    # erasing would lift the limit.
    Column("id", LONG, primary_key=True, autoincrement=True),
    Column("address_key", Text, nullable=False),
    Column("at", KEY, nullable=False),
    Index("ix_questions_address_key_at", "address_key", "at"),
    Index("ix_questions_at", "at"),
    sqlite_autoincrement=True,
)

wishes = Table(
    "wishes",
    METADATA,
    Column("key", KEY, primary_key=True),
    Column("document", Text, nullable=False, doc="JSON"),
    sqlite_with_rowid=False,
)

subscriptions = Table(
    "subscriptions",
    METADATA,
    Column("number", LONG, primary_key=True, autoincrement=True),
    Column("id", KEY, nullable=False),
    Column("subscriber_id", KEY, ForeignKey("subscribers.id"), nullable=False),
    Column("wish_key", KEY, ForeignKey("wishes.key"), nullable=False),
    Column("rhythm", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", KEY, nullable=False),
    Column("confirmed_at", KEY, nullable=False),
    Column("ended_at", KEY, nullable=False),
    Index("uq_subscriptions_id", "id", unique=True),
    Index("ix_subscriptions_subscriber_id_number", "subscriber_id", "number"),
    Index("ix_subscriptions_active", "wish_key", sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
    Index("ix_subscriptions_pending", "asked_at", sqlite_where=_PENDING, postgresql_where=_PENDING),
    Index(
        "uq_subscriptions_living",
        *("subscriber_id", "wish_key", "audience"),
        unique=True,
        sqlite_where=_LIVING,
        postgresql_where=_LIVING,
    ),
    sqlite_autoincrement=True,
)

consents = Table(
    "consents",
    METADATA,
    Column("id", LONG, primary_key=True, autoincrement=True),
    Column("subscriber_id", KEY, ForeignKey("subscribers.id"), nullable=False),
    Column("at", KEY, nullable=False),
    Column("act", Text, nullable=False),
    Column("subscription", Text, nullable=False, doc="empty: all"),
    Column("wording", Text, nullable=False),
    Column("network", Text, nullable=False, doc="a keyed hash"),
    Index("ix_consents_subscriber_id_id", "subscriber_id", "id"),
    sqlite_autoincrement=True,
)

mailing_lists = Table(
    "mailing_lists",
    METADATA,
    Column("id", KEY, primary_key=True),
    Column("slug", KEY, nullable=False),
    Column("name", Text, nullable=False),
    Column("wish_key", KEY, ForeignKey("wishes.key"), nullable=False),
    Column("closed", Integer, nullable=False, doc="0 or 1"),
    Column("document", Text, nullable=False, doc="JSON"),
    Index("uq_mailing_lists_slug", "slug", unique=True),
    Index("ix_mailing_lists_wish_key", "wish_key"),
)

list_issues = Table(
    "list_issues",
    METADATA,
    Column("list_id", KEY, ForeignKey("mailing_lists.id"), primary_key=True),
    Column("slot", KEY, primary_key=True),
    Column("at", KEY, nullable=False),
    Column("document", Text, nullable=False, doc="JSON"),
    Index("ix_list_issues_list_id_at", "list_id", "at", "slot"),
)
