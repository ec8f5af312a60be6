"""The tables of news and letters: what can be told, what was told to whom, and letters on their way."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from catalog.tables import KEY, LONG, METADATA

QUEUED = text("state = 'queued'")
HELD = text("owner IS NOT NULL")

news = Table(
    "news",
    METADATA,
    # The number stands for the key, which is long, in the two great tables below.
    Column("id", LONG, primary_key=True, autoincrement=True),
    Column("key", KEY, nullable=False),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("at", KEY, nullable=False),
    Column("detail", Text, nullable=False),
    Index("uq_news_key", "key", unique=True),
    sqlite_autoincrement=True,
)

told = Table(
    "told",
    METADATA,
    Column("wish_key", KEY, primary_key=True),
    Column("news_id", LONG, ForeignKey("news.id"), primary_key=True),
    Column("at", KEY, nullable=False, doc="that of the news"),
    Column("rank", Float, nullable=False),
    Index("ix_told_wish_key_at", "wish_key", "at"),
    sqlite_with_rowid=False,
)

ledger = Table(
    "ledger",
    METADATA,
    # No foreign keys: they would be looked up for each of millions of rows.
    Column("subscriber_id", KEY, primary_key=True),
    Column("news_id", LONG, primary_key=True),
    Index("ix_ledger_news_id_subscriber_id", "news_id", "subscriber_id"),
    sqlite_with_rowid=False,
)

rounds = Table(
    "rounds",
    METADATA,
    Column("subscriber_id", KEY, ForeignKey("subscribers.id"), primary_key=True),
    Column("rhythm", KEY, primary_key=True),
    Column("due_at", KEY, nullable=False, doc="empty: when it is due is still to be reckoned"),
    Column("slot", Text, nullable=False, doc="the last that was put together"),
    sqlite_with_rowid=False,
)

letters = Table(
    "letters",
    METADATA,
    # Numbered in the order in which they were queued: what is sent one after the other lies side by side.
    Column("number", LONG, primary_key=True, autoincrement=True),
    Column("id", KEY, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subscriber_id", KEY, nullable=False),
    Column("slot", KEY, nullable=False),
    Column("rhythm", Text, nullable=False, doc="empty: none"),
    Column("state", Text, nullable=False),
    Column("turn", Integer, nullable=False, doc="of kinds: the lower goes first"),
    Column("domain", Text, nullable=False, doc="a hash of that of the address"),
    Column("attempts", Integer, nullable=False),
    Column("not_before", KEY, nullable=False),
    Column("held_until", KEY, nullable=False, doc="because the subscriber paused; empty: not held"),
    Column("created_at", KEY, nullable=False),
    Column("changed_at", KEY, nullable=False),
    Column("answer", Text, nullable=False),
    Column("bounced_at", KEY, nullable=False, doc="empty: it did not"),
    Column("owner", Text, doc="who claimed it; kept while it is uncertain"),
    Column("lease_until", KEY, nullable=False),
    Index("uq_letters_id", "id", unique=True),
    Index("uq_letters_subscriber_id_slot", "subscriber_id", "slot", unique=True),
    Index(
        "ix_letters_queue",
        *("turn", "not_before", "number", "held_until", "domain"),
        sqlite_where=QUEUED,
        postgresql_where=QUEUED,
    ),
    Index("ix_letters_owner", "owner", sqlite_where=HELD, postgresql_where=HELD),
    sqlite_autoincrement=True,
)

letter_sections = Table(
    "letter_sections",
    METADATA,
    # Apart from the letters, whose rows are written several times each.
    Column("number", LONG, ForeignKey("letters.number"), primary_key=True, autoincrement=False),
    Column("document", LargeBinary, nullable=False, doc="zstd of JSON"),
)
