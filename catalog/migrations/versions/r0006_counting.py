"""An index that counts the standing records of a source, and keys in the order of bytes on PostgreSQL too.

Without the second, going through the keys of a scheme would sort all of them, each time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_STANDING = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    """Make the index, and turn the order of keys."""
    op.create_index(
        "ix_records_source_standing",
        "records",
        ["source"],
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    _collate("C")


def downgrade() -> None:
    """Drop the index, and give keys the order of the database's language."""
    op.drop_index("ix_records_source_standing", "records")
    _collate("default")


def _collate(name: str) -> None:
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("work_keys", "key", type_=sa.Text(collation=name))
