"""Addresses that listings were filled in from, to be read again. Going back forgets them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TABLE = "listing_watches"


def upgrade() -> None:
    """Add the table."""
    texts = ("listing_id", "url", "key", "told", "etag", "modified", "problem")
    op.create_table(
        _TABLE,
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("read_at", _KEY, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("listing_id", name=op.f(f"pk_{_TABLE}")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f(f"fk_{_TABLE}_listing_id")),
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{_TABLE}_read_at", _TABLE, ["read_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table(_TABLE)
