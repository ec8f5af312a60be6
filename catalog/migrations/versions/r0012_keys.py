"""A work knows its keys, so that no index need find them: of all that a new work wrote, that was the dearest.

Work ids are random, so each new work wrote a page of that index which no other work of the page touched.

Since then readings and documents are kept in several frames, of which an older Findings would read the first.
"""

from collections.abc import Iterator

import sqlalchemy as sa
import zstandard
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_FILL = """
UPDATE works SET work_keys = (
    SELECT nullif({function}, '{{}}') FROM work_keys WHERE work_keys.work_id = works.id
)
"""
_IN_FRAMES = ((("id",), "works", "document"), (("source", "native_id"), "records", "reading"))
_BATCH = 500
_FUNCTIONS = {
    "sqlite": "json_group_object(work_keys.key, json(CASE WHEN own THEN 'true' ELSE 'false' END))",
    "postgresql": "json_object_agg(work_keys.key, own)::text",
}


def upgrade() -> None:
    """Tell each work its keys, and drop the index and the foreign key that needs it."""
    op.add_column("works", sa.Column("work_keys", sa.Text(), nullable=True))
    dialect = op.get_context().dialect.name
    op.execute(_FILL.format(function=_FUNCTIONS[dialect]))
    if dialect == "sqlite":
        _make_anew()
    else:
        op.drop_constraint("fk_work_keys_work_id", "work_keys")
        op.drop_index("ix_work_keys_work_id", "work_keys")


def downgrade() -> None:
    """Make both again, and one frame of several."""
    for names, table, column in _IN_FRAMES:
        _join_frames(names, table, column)
    works = sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_work_keys_work_id"))
    if op.get_context().dialect.name == "sqlite":
        _make_anew(works)
    else:
        op.create_foreign_key(op.f("fk_work_keys_work_id"), "work_keys", "works", ["work_id"], ["id"])
    op.create_index("ix_work_keys_work_id", "work_keys", ["work_id"])
    op.drop_column("works", "work_keys")


def _make_anew(*constraints: sa.ForeignKeyConstraint) -> None:
    """SQLite changes no constraint of a table that is there."""
    op.rename_table("work_keys", "work_keys_before")
    op.create_table(
        "work_keys",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("work_id", sa.Text(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        *constraints,
        sa.PrimaryKeyConstraint("key", "work_id", name=op.f("pk_work_keys")),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO work_keys SELECT key, work_id, own FROM work_keys_before ORDER BY key, work_id")
    op.drop_table("work_keys_before")
    op.create_index("uq_work_keys_own_key", "work_keys", ["key"], unique=True, sqlite_where=sa.text("own"))


def _join_frames(names: tuple[str, ...], table: str, column: str) -> None:
    connection = op.get_bind()
    keys: list[sa.ColumnClause[str]] = [sa.column(name, sa.Text()) for name in names]
    packed: sa.ColumnClause[bytes] = sa.column(column, sa.LargeBinary())
    rows = sa.table(table, *keys, packed)
    this = sa.and_(*(key == sa.bindparam(f"this_{key.name}") for key in keys))
    found = [
        {f"this_{name}": value for name, value in row._mapping.items()}
        for row in connection.execute(sa.select(*keys).where(packed.is_not(None)))
    ]
    rewrite = sa.update(rows).where(this).values({column: sa.bindparam("joined")})
    for start in range(0, len(found), _BATCH):
        joined = []
        for key in found[start : start + _BATCH]:
            frames = [*_frames(connection.execute(sa.select(packed).where(this), key).scalar_one())]
            if len(frames) > 1:
                joined.append(key | {"joined": zstandard.ZstdCompressor().compress(b"".join(frames))})
        if joined:
            connection.execute(rewrite, joined)


def _frames(packed: bytes) -> Iterator[bytes]:
    while packed:
        frame = zstandard.ZstdDecompressor().decompressobj()
        yield frame.decompress(packed)
        packed = frame.unused_data
