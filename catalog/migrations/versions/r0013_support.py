"""Lists of meetings are narrowed by help to take part: what is stated of it is put to the tags of each."""

import json
from typing import Any

import sqlalchemy as sa
import zstandard
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NONE = frozenset({"", "no", "none", "n/a", "-", "0"})
_LISTINGS = sa.table("listings", sa.column("id", sa.Text()), sa.column("public", sa.LargeBinary()))
_SHOWN = sa.table("shown_listings", *(sa.column(name, sa.Text()) for name in ("id", "kind", "tags")))
_TAGS = ("s:travel|", "s:visa|", "s:online|")


def upgrade() -> None:
    """Add to the tags."""
    connection = op.get_bind()
    editions = sa.select(_SHOWN.c.id, _SHOWN.c.tags).where(_SHOWN.c.kind == "edition")
    for row in connection.execute(editions).all():
        packed = connection.execute(sa.select(_LISTINGS.c.public).where(_LISTINGS.c.id == row.id)).scalar()
        told = _told(json.loads(zstandard.ZstdDecompressor().decompress(packed))) if packed else ""
        if told:
            _save(row.id, row.tags + told)


def downgrade() -> None:
    """Take them out; an older Findings would only not ask for them."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(_SHOWN.c.id, _SHOWN.c.tags)).all():
        tags = row.tags
        for tag in _TAGS:
            tags = tags.replace(f"|{tag}", "|")
        if tags != row.tags:
            _save(row.id, tags)


def _save(listing: str, tags: str) -> None:
    op.get_bind().execute(sa.update(_SHOWN).where(_SHOWN.c.id == listing).values(tags=tags))


def _told(edition: dict[str, Any]) -> str:
    fees = edition.get("fees") or ()
    free = any(fee.get("online") and "0" in fee["amount"] and not fee["amount"].strip("0., ") for fee in fees)
    there = (
        _is_stated(edition.get("travel_grants")),
        edition.get("visa_letters") is True,
        free or _is_stated(edition.get("free_online_seats")),
    )
    return "".join(tag for tag, given in zip(_TAGS, there, strict=True) if given)


def _is_stated(text: str | None) -> bool:
    return (text or "").strip(" .").lower() not in _NONE
