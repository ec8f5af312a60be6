"""Listings – meetings, opportunities, resources – and the people who list them, in tables of their own.

Going back forgets them all.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TABLES = (
    "listings",
    "shown_listings",
    "listing_slugs",
    "listing_audit",
    "listing_reports",
    "link_checks",
    "people",
    "memberships",
    "tokens",
    "sessions",
    "attempts",
)


def upgrade() -> None:
    """Add the tables."""
    _make_listings()
    _make_shown()
    _make_history()
    _make_people()
    _make_keys()


def downgrade() -> None:
    """Drop them, those that refer to others first."""
    for name in reversed(_TABLES):
        op.drop_table(name)


def _make_listings() -> None:
    waiting = sa.text("waiting_at IS NOT NULL")
    op.create_table(
        "listings",
        *_texts("id", "kind", "state"),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.LargeBinary(), nullable=True) for name in ("public", "proposed")),
        *_texts("doubts", "answer"),
        *_keys("created_at", "changed_at"),
        sa.Column("waiting_at", _KEY, nullable=True),
        _primary("listings", "id"),
        _foreign("listings", "series", "listings"),
    )
    _index("listings", "series")
    op.create_index(
        "ix_listings_waiting", "listings", ["waiting_at"], sqlite_where=waiting, postgresql_where=waiting
    )


def _make_shown() -> None:
    op.create_table(
        "shown_listings",
        *_texts("id", "kind", "subkind", "series", "attendance"),
        *_keys("place"),
        *(sa.Column(name, _KEY, nullable=True) for name in ("starts", "ends", "closes")),
        *_keys("tags"),
        *_texts("words"),
        _primary("shown_listings", "id"),
        _foreign("shown_listings", "id", "listings"),
    )
    columns = ["kind", "place", "id", "starts", "ends", "closes", "subkind", "attendance", "tags"]
    op.create_index("ix_shown_listings_list", "shown_listings", columns)
    _index("shown_listings", "series")
    op.create_table(
        "listing_slugs",
        *_texts("series", "slug", "listing_id"),
        _primary("listing_slugs", "series", "slug"),
        sqlite_with_rowid=False,
    )


def _make_history() -> None:
    op.create_table(
        "listing_audit",
        sa.Column("id", _LONG, autoincrement=True, nullable=False),
        *_texts("at", "person", "act", "listing_id", "detail"),
        _primary("listing_audit", "id"),
        sqlite_autoincrement=True,
    )
    _index("listing_audit", "listing_id", "id")
    op.create_table(
        "listing_reports",
        *_texts("listing_id", "reporter", "reason", "at"),
        _primary("listing_reports", "listing_id", "reporter"),
        _foreign("listing_reports", "listing_id", "listings"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "link_checks",
        *_texts("listing_id", "url"),
        *_keys("checked_at"),
        sa.Column("status", sa.Integer(), nullable=True),
        *_texts("problem"),
        _primary("link_checks", "listing_id", "url", "checked_at"),
        _foreign("link_checks", "listing_id", "listings"),
        sqlite_with_rowid=False,
    )


def _make_people() -> None:
    op.create_table(
        "people",
        *_texts("id"),
        *_keys("email"),
        *_texts("name"),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("proven", "locked")),
        *_texts("permissions", "password", "totp", "created_at"),
        _primary("people", "id"),
    )
    op.create_index("uq_people_email", "people", ["email"], unique=True)
    op.create_table(
        "memberships",
        *_texts("listing_id", "person_id", "part", "since"),
        _primary("memberships", "listing_id", "person_id"),
        _foreign("memberships", "listing_id", "listings"),
        _foreign("memberships", "person_id", "people"),
        sqlite_with_rowid=False,
    )
    _index("memberships", "person_id")


def _make_keys() -> None:
    op.create_table(
        "tokens",
        *_texts("person_id", "purpose", "detail", "hashed"),
        *_keys("expires"),
        _primary("tokens", "person_id", "purpose", "detail"),
        _foreign("tokens", "person_id", "people"),
        sqlite_with_rowid=False,
    )
    op.create_index("uq_tokens_hashed", "tokens", ["hashed"], unique=True)
    _index("tokens", "expires")
    op.create_table(
        "sessions",
        *_texts("hashed", "person_id"),
        *_keys("expires"),
        _primary("sessions", "hashed"),
        _foreign("sessions", "person_id", "people"),
        sqlite_with_rowid=False,
    )
    _index("sessions", "person_id")
    _index("sessions", "expires")
    op.create_table(
        "attempts",
        sa.Column("id", _LONG, autoincrement=True, nullable=False),
        *_texts("key"),
        *_keys("at"),
        _primary("attempts", "id"),
        sqlite_autoincrement=True,
    )
    _index("attempts", "key", "at")
    _index("attempts", "at")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _keys(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, _KEY, nullable=False) for name in names]


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
