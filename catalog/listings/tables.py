"""The tables of listings and of those who list: their own, nothing of the papers' refers to them."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from catalog.tables import KEY, LONG, METADATA

listings = Table(
    "listings",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("series", Text, ForeignKey("listings.id"), doc="of an edition"),
    Column("sequence", Integer, doc="of what was last public; null: nothing ever was"),
    Column("public", LargeBinary, doc="as the public sees it, zstd of JSON; null: not at all"),
    Column("proposed", LargeBinary, doc="as its owners last saved it, where that differs"),
    Column("doubts", Text, nullable=False, doc="JSON"),
    Column("answer", Text, nullable=False),
    Column("created_at", KEY, nullable=False),
    Column("changed_at", KEY, nullable=False, doc="to the microsecond: tells a stale write"),
    Column("waiting_at", KEY, doc="since when it waits for a reviewer"),
    Index("ix_listings_series", "series"),
    Index(
        "ix_listings_waiting",
        "waiting_at",
        sqlite_where=text("waiting_at IS NOT NULL"),
        postgresql_where=text("waiting_at IS NOT NULL"),
    ),
)

shown_listings = Table(
    "shown_listings",
    METADATA,
    # One row for each that the public sees, and no other: a list that reads this shows no draft.
    Column("id", Text, ForeignKey("listings.id"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subkind", Text, nullable=False),
    Column("series", Text, nullable=False),
    Column("attendance", Text, nullable=False),
    Column("place", KEY, nullable=False, doc="by which a list is ordered: an instant, or a folded title"),
    Column("starts", KEY, doc="the instant in UTC; null: it has no beginning"),
    Column("ends", KEY, doc="null: never"),
    Column("closes", KEY, doc="null: never; empty: nothing is open"),
    Column("tags", KEY, nullable=False, doc="countries, cancer types, languages, support: `|c:FR|…|`"),
    Column("words", Text, nullable=False, doc="folded title, summary, organizers and place"),
    # Holds all that a list is narrowed by but words and series, so that counting need not look at the rows.
    Index(
        "ix_shown_listings_list",
        *("kind", "place", "id", "starts", "ends", "closes", "subkind", "attendance", "tags"),
    ),
    Index("ix_shown_listings_series", "series"),
)

listing_slugs = Table(
    "listing_slugs",
    METADATA,
    Column("series", Text, primary_key=True, doc="of an edition; empty for series"),
    Column("slug", Text, primary_key=True),
    # No foreign key: a name that was given is given to no other, whatever becomes of its bearer.
    Column("listing_id", Text, nullable=False),
    sqlite_with_rowid=False,
)

listing_audit = Table(
    "listing_audit",
    METADATA,
    Column("id", LONG, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    # No foreign keys: what was done stays when the person, or a draft, is gone.
    Column("person", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("listing_id", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("ix_listing_audit_listing_id_id", "listing_id", "id"),
    sqlite_autoincrement=True,
)

listing_reports = Table(
    "listing_reports",
    METADATA,
    Column("listing_id", Text, ForeignKey("listings.id"), primary_key=True),
    Column("reporter", Text, primary_key=True, doc="a salted hash, or that of the reason"),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    sqlite_with_rowid=False,
)

link_checks = Table(
    "link_checks",
    METADATA,
    Column("listing_id", Text, ForeignKey("listings.id"), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("checked_at", KEY, primary_key=True),
    Column("status", Integer),
    Column("problem", Text, nullable=False),
    sqlite_with_rowid=False,
)

listing_watches = Table(
    "listing_watches",
    METADATA,
    Column("listing_id", Text, ForeignKey("listings.id"), primary_key=True),
    Column("url", Text, nullable=False),
    Column("key", Text, nullable=False, doc="by which the source knows it"),
    Column("told", Text, nullable=False, doc="marks of what it told last"),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("read_at", KEY, nullable=False, doc="empty: never"),
    Column("failures", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    Index("ix_listing_watches_read_at", "read_at"),
    sqlite_with_rowid=False,
)

people = Table(
    "people",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("email", KEY, nullable=False),
    Column("name", Text, nullable=False),
    Column("proven", Boolean, nullable=False),
    Column("locked", Boolean, nullable=False),
    Column("permissions", Text, nullable=False, doc="separated by spaces"),
    Column("password", Text, nullable=False, doc="argon2; empty: none"),
    Column("totp", Text, nullable=False, doc="empty: off"),
    Column("created_at", Text, nullable=False),
    Index("uq_people_email", "email", unique=True),
)

memberships = Table(
    "memberships",
    METADATA,
    Column("listing_id", Text, ForeignKey("listings.id"), primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("part", Text, nullable=False),
    Column("since", Text, nullable=False),
    Index("ix_memberships_person_id", "person_id"),
    sqlite_with_rowid=False,
)

tokens = Table(
    "tokens",
    METADATA,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("detail", Text, primary_key=True),
    Column("hashed", Text, nullable=False),
    Column("expires", KEY, nullable=False),
    Index("uq_tokens_hashed", "hashed", unique=True),
    Index("ix_tokens_expires", "expires"),
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    METADATA,
    Column("hashed", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("expires", KEY, nullable=False),
    Index("ix_sessions_person_id", "person_id"),
    Index("ix_sessions_expires", "expires"),
    sqlite_with_rowid=False,
)

attempts = Table(
    "attempts",
    METADATA,
    Column("id", LONG, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, doc="a hash of what was tried, or from where"),
    Column("at", KEY, nullable=False),
    Index("ix_attempts_key_at", "key", "at"),
    Index("ix_attempts_at", "at"),
    sqlite_autoincrement=True,
)
