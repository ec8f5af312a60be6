"""When the source last changed a record, so that an older copy of it cannot undo a newer one."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("records", sa.Column("revised", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("records", "revised")
