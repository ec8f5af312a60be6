"""Digests: what is pending, saving, recalling, and the lists of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, RowMapping, and_, delete, func, or_, select, update

from catalog.codec import compress, decompress, parse_json, to_json
from catalog.database import storable, to_chunks, upsert
from catalog.ledger import Ledger
from catalog.tables import aliases, changes, digests, works
from domain.digest import Audience, Digest, DigestStatus


def pending_ids(connection: Connection, audience: Audience, engine: str, limit: int) -> list[str]:
    """Live works without an up-to-date digest by `engine` for `audience`, oldest change first.

    One pass over the change log in its own order, without a sort, which ends at the last id wanted. What is
    joined stands in the inner query, so that no planner can put another table first.
    """
    current = (
        select(digests.c.paper_id)
        .join(works, and_(works.c.id == digests.c.paper_id, works.c.source_hash == digests.c.source_hash))
        .where(
            digests.c.paper_id == changes.c.paper_id,
            digests.c.audience == str(audience),
            digests.c.engine == engine,
            digests.c.status != DigestStatus.RECALLED.value,
        )
        .correlate(changes)
    )
    query = (
        select(changes.c.paper_id)
        .where(~changes.c.deleted, ~current.exists())
        .order_by(changes.c.sequence)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def save_digests(connection: Connection, ledger: Ledger, offered: Sequence[Digest]) -> None:
    """Save those that are still of the paper as it is; the last one for a paper and audience wins.

    A change is logged only where what readers see published changes.
    """
    hashes = _load_hashes(connection, {digest.paper_id for digest in offered})
    current = {
        (digest.paper_id, digest.audience): digest
        for digest in offered
        if hashes.get(digest.paper_id) == digest.source_hash
    }
    saved = {
        (row["paper_id"], row["audience"]): to_digest(row)
        for chunk in to_chunks(sorted({paper_id for paper_id, _ in current}))
        for row in connection.execute(select(digests).where(digests.c.paper_id.in_(chunk))).mappings()
    }
    written = [d for key, d in current.items() if not _is_same(saved.get(key), d)]
    upsert(connection, digests, [_to_row(digest) for digest in written])
    for digest in written:
        _tell(ledger, saved.get((digest.paper_id, digest.audience)), digest)


def recall_digests(connection: Connection, ledger: Ledger, reasons: Mapping[str, str]) -> None:
    """Recall what is published about these papers (paper → reason)."""
    for paper_id, audience in _load_published(connection, reasons):
        connection.execute(
            update(digests)
            .where(digests.c.paper_id == paper_id, digests.c.audience == str(audience))
            .values(status=DigestStatus.RECALLED.value, reason=reasons[paper_id])
        )
        ledger.tell("digest.recalled", paper_id, audience=audience, reason=reasons[paper_id])


def discard_digests(connection: Connection, ledger: Ledger, paper_ids: Sequence[str]) -> None:
    """Drop the digests of works that turned out to be others: they tell only part of the whole."""
    for paper_id, audience in _load_published(connection, paper_ids):
        ledger.tell("digest.recalled", paper_id, audience=audience, reason="source-changed")
    for chunk in to_chunks(paper_ids):
        connection.execute(delete(digests).where(digests.c.paper_id.in_(chunk)))


def read_digest(connection: Connection, paper_id: str, audience: Audience) -> Digest | None:
    """The digest of the paper, found under its id or an alias."""
    alias = select(aliases.c.work_id).where(aliases.c.alias == storable(paper_id)).scalar_subquery()
    query = select(digests).where(
        or_(digests.c.paper_id == storable(paper_id), digests.c.paper_id == alias),
        digests.c.audience == str(audience),
    )
    row = connection.execute(query).mappings().first()
    return to_digest(row) if row else None


def read_published(connection: Connection, paper_ids: Iterable[str]) -> dict[str, tuple[Audience, ...]]:
    """Paper → audiences with a published digest, in the order in which `Audience` names them."""
    found: dict[str, set[str]] = {}
    for paper_id, audience in _load_published(connection, {storable(i) for i in paper_ids}):
        found.setdefault(paper_id, set()).add(audience)
    return {paper_id: tuple(a for a in Audience if a in names) for paper_id, names in found.items()}


def read_page(
    connection: Connection, audience: Audience, offset: int, size: int, status: DigestStatus
) -> tuple[int, list[Digest]]:
    """How many digests of that status there are, and one page, newest first."""
    chosen = (digests.c.audience == str(audience), digests.c.status == status.value)
    total = connection.execute(select(func.count()).select_from(digests).where(*chosen)).scalar_one()
    page = (
        select(digests)
        .where(*chosen)
        .order_by(digests.c.created_at.desc(), digests.c.paper_id)
        .offset(offset)
        .limit(size)
    )
    return total, [to_digest(row) for row in connection.execute(page).mappings()]


def to_digest(row: RowMapping) -> Digest:
    """The digest in a row; its status and reason may be newer than its document."""
    digest = parse_json(decompress(row["document"]), Digest)
    return replace(digest, status=DigestStatus(row["status"]), reason=row["reason"])


def _to_row(digest: Digest) -> dict[str, object]:
    return {
        "paper_id": digest.paper_id,
        "audience": digest.audience.value,
        "engine": storable(digest.engine),
        "status": digest.status.value,
        "reason": storable(digest.reason),
        "source_hash": digest.source_hash,
        "created_at": digest.created_at,
        "document": compress(to_json(digest)),
    }


def _is_same(saved: Digest | None, digest: Digest) -> bool:
    """Whether they differ in nothing but when they were written."""
    return saved is not None and replace(saved, created_at=digest.created_at) == digest


def _tell(ledger: Ledger, saved: Digest | None, digest: Digest) -> None:
    published = digest.status is DigestStatus.PUBLISHED
    was_published = saved is not None and saved.status is DigestStatus.PUBLISHED
    facts = {"audience": digest.audience, "reason": digest.reason}
    if published or was_published:
        ledger.change(digest.paper_id)
        ledger.tell("digest.published" if published else "digest.recalled", digest.paper_id, **facts)


def _load_hashes(connection: Connection, paper_ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in to_chunks(sorted(paper_ids)):
        # Were it asked for those not deleted, SQLite would go through all of these, by their index.
        query = select(works.c.id, works.c.source_hash, works.c.deleted_at).where(works.c.id.in_(chunk))
        found.update((row.id, row.source_hash) for row in connection.execute(query) if not row.deleted_at)
    return found


def _load_published(connection: Connection, paper_ids: Iterable[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for chunk in to_chunks(sorted(paper_ids)):
        query = select(digests.c.paper_id, digests.c.audience).where(
            digests.c.paper_id.in_(chunk), digests.c.status == DigestStatus.PUBLISHED.value
        )
        found += [(paper_id, audience) for paper_id, audience in connection.execute(query)]
    return found
