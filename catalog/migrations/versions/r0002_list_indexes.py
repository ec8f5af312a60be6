"""Indexes for the lists and counts that pages show."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_works_deleted_at_versions": ("works", ["deleted_at", "versions"]),
    "ix_digests_audience_status_created_at": ("digests", ["audience", "status", "created_at"]),
}


def upgrade() -> None:
    """Make the indexes."""
    for name, (table, columns) in _INDEXES.items():
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Drop the indexes."""
    for name, (table, _) in _INDEXES.items():
        op.drop_index(name, table)
