"""Records that are alike are found by blocking keys; what an operator decides about them is kept.

Works that were there before get their blocking keys when they are next put together (`findings merge
review`). Going back forgets the decisions: an older Findings knows nothing of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and the column that says which blocking keys a work has."""
    op.add_column("works", sa.Column("match_keys", sa.Text(), nullable=True))
    op.create_table(
        "match_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("work_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "work_id", name=op.f("pk_match_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "decisions",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_decisions")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("decisions")
    op.drop_table("match_keys")
    op.drop_column("works", "match_keys")
