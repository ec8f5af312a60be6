"""The tables. What they must look like is here; how they came to look so is in `migrations/`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

REVISION = "0013"
"""The newest migration; kept here so that opening an up-to-date catalog need not load Alembic."""
VERSION_TABLE = "catalog_revision"
"""Not Alembic's usual name: the database may hold another program's tables too."""

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)
KEY = Text().with_variant(Text(collation="C"), "postgresql")
"""In the order of bytes, as in SQLite: keys are gone through by scheme."""
LONG = BigInteger().with_variant(Integer, "sqlite")

works = Table(
    "works",
    METADATA,
    Column("id", Text, primary_key=True),
    Column(
        "born",
        LONG,
        nullable=False,
        doc="change sequence at which it was added; 0: only companions",
    ),
    Column("added_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("deleted_at", Text, doc="a tombstone, or not yet a paper, when set"),
    Column("source_hash", Text, nullable=False),
    Column("versions", Integer, nullable=False),
    Column("document", LargeBinary, doc="merged versions, zstd of JSON; null in a tombstone"),
    Column("match_keys", Text, doc="those of its rows in `match_keys`, separated by spaces"),
    Column("work_keys", Text, doc="its rows in `work_keys` as JSON: key → own"),
    Index("ix_works_deleted_at_versions", "deleted_at", "versions"),
)

records = Table(
    "records",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("native_id", Text, primary_key=True),
    Column("work_id", Text, ForeignKey("works.id"), nullable=False),
    Column("fetched_at", Text, nullable=False),
    Column("deleted_at", Text),
    Column("media_type", Text, nullable=False),
    Column("payload_sha256", LargeBinary, nullable=False),
    Column("reading_sha256", LargeBinary, nullable=False),
    Column("reading", LargeBinary, nullable=False, doc="the version it tells of, zstd of JSON"),
    Column("payload", LargeBinary, nullable=False, doc="as the source gave it, zstd"),
    Column("revised", Text, doc="day on which the source last changed it; null when it does not say"),
    Index("ix_records_work_id_deleted_at", "work_id", "deleted_at"),
    Index(
        "ix_records_source_standing",
        "source",
        sqlite_where=text("deleted_at IS NULL"),
        postgresql_where=text("deleted_at IS NULL"),
    ),
)

work_keys = Table(
    "work_keys",
    METADATA,
    Column("key", KEY, primary_key=True),
    # As with `match_keys`: an index by work would be written somewhere else for each new work.
    Column("work_id", Text, primary_key=True),
    Column("own", Boolean, nullable=False, doc="false: only linked to"),
    Index(
        "uq_work_keys_own_key",
        "key",
        unique=True,
        sqlite_where=text("own"),
        postgresql_where=text("own"),
    ),
    sqlite_with_rowid=False,
)

match_keys = Table(
    "match_keys",
    METADATA,
    Column("key", Text, primary_key=True),
    # No foreign key: it would be looked up for each row, and a work knows which rows it has.
    Column("work_id", Text, primary_key=True),
    sqlite_with_rowid=False,
)

decisions = Table(
    "decisions",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("one", Text, nullable=False),
    Column("other", Text, nullable=False),
    Column("same", Boolean, nullable=False, doc="one work; false: two"),
    Column("made_at", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("undone_at", Text),
    sqlite_autoincrement=True,
)

aliases = Table(
    "aliases",
    METADATA,
    Column("alias", Text, primary_key=True),
    Column("work_id", Text, ForeignKey("works.id"), nullable=False),
    Index("ix_aliases_work_id", "work_id"),
)

counters = Table(
    "counters",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", LONG, nullable=False),
)

changes = Table(
    "changes",
    METADATA,
    Column("paper_id", Text, primary_key=True),
    Column("sequence", LONG, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Index("uq_changes_sequence", "sequence", unique=True),
)

outbox = Table(
    "outbox",
    METADATA,
    Column("id", LONG, primary_key=True, autoincrement=True),
    Column("topic", Text, nullable=False),
    Column("paper_id", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    sqlite_autoincrement=True,
)

digests = Table(
    "digests",
    METADATA,
    Column("paper_id", Text, ForeignKey("works.id"), primary_key=True),
    Column("audience", Text, primary_key=True),
    Column("engine", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("source_hash", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("reviewer", Text, doc="who decided about it as it stands; null: only an engine wrote it"),
    Column("reviewed_at", Text),
    Column("detail", Text, doc="of a published one: the engine that was asked in vain"),
    Index("ix_digests_audience_status_created_at", "audience", "status", "created_at"),
    Index("ix_digests_status_reason_created_at", "status", "reason", "created_at"),
)

fact_tables = Table(
    "fact_tables",
    METADATA,
    Column("paper_id", Text, ForeignKey("works.id"), primary_key=True),
    Column("document", LargeBinary, nullable=False),
)

digest_log = Table(
    "digest_log",
    METADATA,
    Column("id", LONG, primary_key=True, autoincrement=True),
    # No foreign key: entries go with a work that turns out to be another, and come back with it.
    Column("paper_id", Text, nullable=False),
    Column("origin", Text, nullable=False, doc="the work it was about when it was written"),
    Column("audience", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("answer", LONG, doc="of a proposal: the entry that took it up or declined it"),
    Column("document", LargeBinary, doc="the digest after it; null while that is the one in `digests`"),
    Index("ix_digest_log_paper_id_audience_id", "paper_id", "audience", "id"),
    Index(
        "ix_digest_log_open",
        "at",
        sqlite_where=text("act = 'suggested' AND answer IS NULL"),
        postgresql_where=text("act = 'suggested' AND answer IS NULL"),
    ),
    sqlite_autoincrement=True,
)

clarity = Table(
    "clarity",
    METADATA,
    Column("paper_id", Text, primary_key=True),
    Column("audience", Text, primary_key=True),
    Column("digest_at", Text, primary_key=True, doc="`created_at` of the digest that was answered about"),
    Column("answers", Integer, nullable=False),
    Column("found", Integer, nullable=False),
    Column("meaning", Integer, nullable=False),
    Column("limits", Integer, nullable=False),
    Column("judged", Integer, nullable=False, doc="how many answers a reviewer knew of when deciding"),
    Column("latest", Text, nullable=False, doc="the day of the latest answer"),
    sqlite_with_rowid=False,
)

rejections = Table(
    "rejections",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("native_id", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("fetched_at", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("cursor", Text),
    Column("complete", Boolean, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("expected", Integer),
    Column("seen", Integer, nullable=False),
)

runs = Table(
    "runs",
    METADATA,
    Column("id", LONG, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("outcome", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Column("note", Text, nullable=False),
    sqlite_autoincrement=True,
)

marks = Table(
    "marks",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
