"""What people did with digests: the change log, who reviewed, how clear readers found them; and fact tables.

Digests that were there before are logged as written. Going back forgets what people said and decided.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OPEN = sa.text("act = 'suggested' AND answer IS NULL")


def upgrade() -> None:
    """Add the tables and columns, and log what stands."""
    for name in ("reviewer", "reviewed_at", "detail"):
        op.add_column("digests", sa.Column(name, sa.Text(), nullable=True))
    op.create_index("ix_digests_status_reason_created_at", "digests", ["status", "reason", "created_at"])
    op.create_table(
        "fact_tables",
        sa.Column("paper_id", sa.Text(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("paper_id", name=op.f("pk_fact_tables")),
        sa.ForeignKeyConstraint(["paper_id"], ["works.id"], name=op.f("fk_fact_tables_paper_id")),
    )
    _make_log()
    op.create_table(
        "clarity",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("paper_id", "audience", "digest_at")),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("answers", "found", "meaning", "limits", "judged")
        ),
        sa.Column("latest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("paper_id", "audience", "digest_at", name=op.f("pk_clarity")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("clarity")
    op.drop_index("ix_digest_log_open", "digest_log")
    op.drop_table("digest_log")
    op.drop_table("fact_tables")
    op.drop_index("ix_digests_status_reason_created_at", "digests")
    for name in ("detail", "reviewed_at", "reviewer"):
        op.drop_column("digests", name)


def _make_log() -> None:
    texts = ("paper_id", "origin", "audience", "act", "at", "by", "note")
    op.create_table(
        "digest_log",
        sa.Column("id", _LONG, autoincrement=True, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("answer", _LONG, nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_log")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_digest_log_paper_id_audience_id", "digest_log", ["paper_id", "audience", "id"])
    op.create_index("ix_digest_log_open", "digest_log", ["at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    names = ("paper_id", "audience", "engine", "created_at", "status")
    digests = sa.table("digests", *(sa.column(name, sa.Text()) for name in names)).c
    written = (
        sa.select(
            digests.paper_id,
            digests.paper_id,
            digests.audience,
            sa.literal("written"),
            digests.created_at,
            digests.engine,
            sa.literal(""),
        )
        .where(digests.status.in_(["published", "recalled"]))
        .order_by(digests.created_at, digests.paper_id, digests.audience)
    )
    log = sa.table("digest_log", *(sa.column(name, sa.Text()) for name in texts))
    op.execute(sa.insert(log).from_select(list(texts), written))
