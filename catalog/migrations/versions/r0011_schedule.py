"""The scheduler's lease and its jobs, where every process of the node and its pages can see them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "leases",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "holder")),
        *(sa.Column(name, _LONG, nullable=False) for name in ("fence", "beat")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "jobs",
        sa.Column("name", _KEY, nullable=False),
        sa.Column("every_minutes", sa.Integer(), nullable=False),
        sa.Column("number", _LONG, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("started_at", "finished_at")),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("next_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_jobs")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("jobs")
    op.drop_table("leases")
