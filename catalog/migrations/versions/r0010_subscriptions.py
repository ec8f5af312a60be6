"""Those who get letters, what they asked for, news, and letters on their way. Going back forgets them all."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TABLES = (
    "addresses",
    "subscribers",
    "suppressions",
    "questions",
    "wishes",
    "subscriptions",
    "consents",
    "mailing_lists",
    "list_issues",
    "news",
    "told",
    "ledger",
    "rounds",
    "letters",
    "letter_sections",
)
_COUNTERS = ("position/%", "letters/%", "erased")


def upgrade() -> None:
    """Add the tables."""
    _make_subscribers()
    _make_wishes()
    _make_lists()
    _make_news()
    _make_letters()


def downgrade() -> None:
    """Drop them, those that refer to others first, and what was counted of them."""
    for name in reversed(_TABLES):
        op.drop_table(name)
    counters = sa.table("counters", sa.column("name"))
    op.execute(sa.delete(counters).where(sa.or_(*(counters.c.name.like(name) for name in _COUNTERS))))


def _make_subscribers() -> None:
    op.create_table(
        "addresses",
        _number("number"),
        *_texts("email"),
        _primary("addresses", "number"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "subscribers",
        *_keys("id"),
        sa.Column("address_number", _LONG, nullable=False),
        *_keys("address_hash"),
        *_texts("language", "zone"),
        *_integers("hour"),
        *_keys("paused_until", "created_at"),
        *_integers("soft_bounces"),
        *_keys("bounced_at"),
        _primary("subscribers", "id"),
        _foreign("subscribers", "address_number", "addresses.number"),
    )
    _index("subscribers", "address_hash", unique=True)
    op.create_table(
        "suppressions",
        *_keys("address_hash"),
        *_texts("reason"),
        *_keys("at"),
        _primary("suppressions", "address_hash"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "questions",
        _number("id"),
        *_texts("address_key"),
        *_keys("at"),
        _primary("questions", "id"),
        sqlite_autoincrement=True,
    )
    _index("questions", "address_key", "at")
    _index("questions", "at")


def _make_wishes() -> None:
    op.create_table(
        "wishes", *_keys("key"), *_texts("document"), _primary("wishes", "key"), sqlite_with_rowid=False
    )
    op.create_table(
        "subscriptions",
        _number("number"),
        *_keys("id", "subscriber_id", "wish_key"),
        *_texts("rhythm", "audience", "state"),
        *_keys("asked_at", "confirmed_at", "ended_at"),
        _primary("subscriptions", "number"),
        _foreign("subscriptions", "subscriber_id", "subscribers.id"),
        _foreign("subscriptions", "wish_key", "wishes.key"),
        sqlite_autoincrement=True,
    )
    _index("subscriptions", "id", unique=True)
    _index("subscriptions", "subscriber_id", "number")
    _partial("ix_subscriptions_pending", "subscriptions", ["asked_at"], "state = 'pending'")
    _partial("ix_subscriptions_active", "subscriptions", ["wish_key"], "state = 'active'")
    living = ["subscriber_id", "wish_key", "audience"]
    _partial("uq_subscriptions_living", "subscriptions", living, "state <> 'ended'", unique=True)
    op.create_table(
        "consents",
        _number("id"),
        *_keys("subscriber_id", "at"),
        *_texts("act", "subscription", "wording", "network"),
        _primary("consents", "id"),
        _foreign("consents", "subscriber_id", "subscribers.id"),
        sqlite_autoincrement=True,
    )
    _index("consents", "subscriber_id", "id")


def _make_lists() -> None:
    op.create_table(
        "mailing_lists",
        *_keys("id", "slug"),
        *_texts("name"),
        *_keys("wish_key"),
        *_integers("closed"),
        *_texts("document"),
        _primary("mailing_lists", "id"),
        _foreign("mailing_lists", "wish_key", "wishes.key"),
    )
    _index("mailing_lists", "slug", unique=True)
    _index("mailing_lists", "wish_key")
    op.create_table(
        "list_issues",
        *_keys("list_id", "slot", "at"),
        *_texts("document"),
        _primary("list_issues", "list_id", "slot"),
        _foreign("list_issues", "list_id", "mailing_lists.id"),
    )
    op.create_index("ix_list_issues_list_id_at", "list_issues", ["list_id", "at", "slot"])


def _make_news() -> None:
    op.create_table(
        "news",
        _number("id"),
        *_keys("key"),
        *_texts("kind", "target"),
        *_keys("at"),
        *_texts("detail"),
        _primary("news", "id"),
        sqlite_autoincrement=True,
    )
    _index("news", "key", unique=True)
    op.create_table(
        "told",
        *_keys("wish_key"),
        sa.Column("news_id", _LONG, nullable=False),
        *_keys("at"),
        sa.Column("rank", sa.Float(), nullable=False),
        _primary("told", "wish_key", "news_id"),
        _foreign("told", "news_id", "news.id"),
        sqlite_with_rowid=False,
    )
    _index("told", "wish_key", "at")
    op.create_table(
        "ledger",
        *_keys("subscriber_id"),
        sa.Column("news_id", _LONG, nullable=False),
        _primary("ledger", "subscriber_id", "news_id"),
        sqlite_with_rowid=False,
    )
    _index("ledger", "news_id", "subscriber_id")
    op.create_table(
        "rounds",
        *_keys("subscriber_id", "rhythm", "due_at"),
        *_texts("slot"),
        _primary("rounds", "subscriber_id", "rhythm"),
        _foreign("rounds", "subscriber_id", "subscribers.id"),
        sqlite_with_rowid=False,
    )


def _make_letters() -> None:
    op.create_table(
        "letters",
        _number("number"),
        *_keys("id"),
        *_texts("kind"),
        *_keys("subscriber_id", "slot"),
        *_texts("rhythm", "state"),
        *_integers("turn"),
        *_texts("domain"),
        *_integers("attempts"),
        *_keys("not_before", "held_until", "created_at", "changed_at"),
        *_texts("answer"),
        *_keys("bounced_at"),
        sa.Column("owner", sa.Text(), nullable=True),
        *_keys("lease_until"),
        _primary("letters", "number"),
        sqlite_autoincrement=True,
    )
    _index("letters", "id", unique=True)
    _index("letters", "subscriber_id", "slot", unique=True)
    queue = ["turn", "not_before", "number", "held_until", "domain"]
    _partial("ix_letters_queue", "letters", queue, "state = 'queued'")
    _partial("ix_letters_owner", "letters", ["owner"], "owner IS NOT NULL")
    op.create_table(
        "letter_sections",
        sa.Column("number", _LONG, nullable=False, autoincrement=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        _primary("letter_sections", "number"),
        _foreign("letter_sections", "number", "letters.number"),
    )


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, _LONG, autoincrement=True, nullable=False)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _keys(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, _KEY, nullable=False) for name in names]


def _integers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _foreign(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [other], name=op.f(f"fk_{table}_{column}"))


def _index(table: str, *columns: str, unique: bool = False) -> None:
    name = f"{'uq' if unique else 'ix'}_{table}_{'_'.join(columns)}"
    op.create_index(name, table, list(columns), unique=unique)


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)
