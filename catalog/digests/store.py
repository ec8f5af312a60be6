"""Digests and the facts they are told from: what is pending, saving, recalling, and the lists of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, RowMapping, and_, delete, func, or_, select, update

from catalog.codec import compress, decompress, parse_json, to_json
from catalog.database import storable
from catalog.digests.log import OURS, Event, Key, archive, log_events, move_log
from catalog.ledger import Ledger
from catalog.statements import among, to_chunks, upsert
from catalog.tables import aliases, changes, digests, fact_tables, works
from domain.digest import Audience, Digest, DigestStatus
from domain.facts import FactTable
from domain.review import Act

_PUBLISHED = select(digests.c.paper_id, digests.c.audience).where(
    among(digests.c.paper_id, "names"), digests.c.status == DigestStatus.PUBLISHED.value
)


def pending_ids(connection: Connection, audience: Audience, engine: str, limit: int) -> list[str]:
    """Live works without an up-to-date digest by `engine` for `audience`, oldest change first.

    One that a person decided about is up to date whichever engine asks.
    One pass over the change log in its own order, without a sort, which ends at the last id wanted. What is
    joined stands in the inner query, so that no planner can put another table first.
    """
    current = (
        select(digests.c.paper_id)
        .join(works, and_(works.c.id == digests.c.paper_id, works.c.source_hash == digests.c.source_hash))
        .where(
            digests.c.paper_id == changes.c.paper_id,
            digests.c.audience == str(audience),
            or_(
                and_(digests.c.engine == engine, digests.c.status != DigestStatus.RECALLED.value),
                digests.c.reviewed_at.is_not(None),
            ),
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


def save_digests(
    connection: Connection, ledger: Ledger, offered: Sequence[Digest], facts: Mapping[str, FactTable]
) -> None:
    """Save those that are still of the paper as it is; the last one for a paper and audience wins.

    What a person decided about stays, unless it is recalled. A change is logged only where what readers see
    published changes. Facts come with a digest of the same text, and are dropped with it.
    """
    hashes = _load_hashes(connection, {digest.paper_id for digest in offered})
    current = {
        (digest.paper_id, digest.audience.value): replace(digest, reviewer="", reviewed_at="")
        for digest in offered
        if hashes.get(digest.paper_id) == digest.source_hash
    }
    saved = _load_saved(connection, current)
    written = {key: digest for key, digest in current.items() if not _stands(saved.get(key), digest)}
    changed = {key: digest for key, digest in written.items() if not _reads_same(saved.get(key), digest)}
    archive(connection, changed.keys() & saved.keys())
    upsert(connection, digests, [to_row(digest) for digest in written.values()])
    events = {key: _tell(ledger, saved.get(key), digest) for key, digest in written.items()}
    log_events(connection, ledger.now, (event for key in changed if (event := events[key])))
    told = {paper_id for paper_id, _ in current} & facts.keys()
    upsert(connection, fact_tables, [_to_facts_row(paper_id, facts[paper_id]) for paper_id in sorted(told)])


def recall_digests(connection: Connection, ledger: Ledger, reasons: Mapping[str, str]) -> None:
    """Recall what is published about these papers (paper → reason), and forget their facts.

    What a person decided was about the paper as it was.
    """
    for paper_id, audience in _load_published(connection, reasons):
        reason = reasons[paper_id]
        connection.execute(
            update(digests)
            .where(digests.c.paper_id == paper_id, digests.c.audience == audience)
            .values(status=DigestStatus.RECALLED.value, reason=reason)
        )
        ledger.tell("digest.recalled", paper_id, audience=audience, reason=reason)
        log_events(connection, ledger.now, [Event(paper_id, audience, Act.RECALLED, OURS, reason)])
    for chunk in to_chunks(sorted(reasons)):
        decided = update(digests).where(digests.c.paper_id.in_(chunk), digests.c.reviewed_at.is_not(None))
        connection.execute(decided.values(reviewer=None, reviewed_at=None))
        connection.execute(delete(fact_tables).where(fact_tables.c.paper_id.in_(chunk)))


def discard_digests(connection: Connection, ledger: Ledger, absorbed: Mapping[str, str]) -> None:
    """Drop the digests of works that turned out to be others (work → survivor): they tell only part of the
    whole. Their logs go with them."""
    for paper_id, audience in _load_published(connection, absorbed):
        ledger.tell("digest.recalled", paper_id, audience=audience, reason="source-changed")
        event = Event(paper_id, audience, Act.RECALLED, OURS, "source-changed")
        log_events(connection, ledger.now, [event])
    archive(connection, [(paper_id, audience.value) for paper_id in absorbed for audience in Audience])
    for table in (digests, fact_tables):
        for chunk in to_chunks(absorbed):
            connection.execute(delete(table).where(table.c.paper_id.in_(chunk)))
    move_log(connection, absorbed)


def read_facts(connection: Connection, paper_id: str) -> FactTable | None:
    """The fact table of the paper, found under its id or an alias."""
    name = find_name(connection, paper_id)
    document = connection.execute(
        select(fact_tables.c.document).where(fact_tables.c.paper_id == name)
    ).scalar()
    return parse_json(decompress(document), FactTable) if document else None


def find_name(connection: Connection, paper_id: str) -> str:
    """The id that an alias leads to; any other is left as it is."""
    name = storable(paper_id)
    return connection.execute(select(aliases.c.work_id).where(aliases.c.alias == name)).scalar() or name


def read_digest(connection: Connection, paper_id: str, audience: Audience) -> Digest | None:
    """The digest of the paper, found under its id or an alias."""
    name = find_name(connection, paper_id)
    query = select(digests).where(digests.c.paper_id == name, digests.c.audience == str(audience))
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
    """The digest in a row; its status, reason and reviewer may be newer than its document."""
    return replace(
        parse_json(decompress(row["document"]), Digest),
        status=DigestStatus(row["status"]),
        reason=row["reason"],
        reviewer=row["reviewer"] or "",
        reviewed_at=row["reviewed_at"] or "",
    )


def to_row(digest: Digest) -> dict[str, object]:
    """The row of a digest."""
    return {
        "paper_id": digest.paper_id,
        "audience": digest.audience.value,
        "engine": storable(digest.engine),
        "status": digest.status.value,
        "reason": storable(digest.reason),
        "source_hash": digest.source_hash,
        "created_at": digest.created_at,
        "document": compress(to_json(digest)),
        "reviewer": storable(digest.reviewer) or None,
        "reviewed_at": digest.reviewed_at or None,
        "detail": storable(digest.detail) or None,
    }


def _to_facts_row(paper_id: str, table: FactTable) -> dict[str, object]:
    return {"paper_id": paper_id, "document": compress(to_json(table))}


def _load_saved(connection: Connection, keys: Iterable[Key]) -> dict[Key, Digest]:
    found = {}
    for chunk in to_chunks(sorted({paper_id for paper_id, _ in keys})):
        for row in connection.execute(select(digests).where(digests.c.paper_id.in_(chunk))).mappings():
            found[row["paper_id"], row["audience"]] = to_digest(row)
    return found


def _stands(saved: Digest | None, digest: Digest) -> bool:
    """Whether a person decided about what is saved, or it differs in nothing but when it was written."""
    if saved is None:
        return False
    if saved.reviewed_at and saved.source_hash == digest.source_hash:
        return digest.status is not DigestStatus.RECALLED
    return replace(saved, created_at=digest.created_at) == digest


def _reads_same(saved: Digest | None, digest: Digest) -> bool:
    """Whether readers see the same sentences as before: another writer came to them, too."""
    both = saved is not None and saved.status is digest.status is DigestStatus.PUBLISHED
    return both and saved is not None and saved.sentences == digest.sentences


def _tell(ledger: Ledger, saved: Digest | None, digest: Digest) -> Event | None:
    published = digest.status is DigestStatus.PUBLISHED
    was_published = saved is not None and saved.status is DigestStatus.PUBLISHED
    facts = {"audience": digest.audience, "reason": digest.reason}
    if not published and not was_published:
        return None
    ledger.change(digest.paper_id)
    ledger.tell("digest.published" if published else "digest.recalled", digest.paper_id, **facts)
    key = (digest.paper_id, digest.audience.value)
    return (
        Event(*key, Act.WRITTEN, digest.engine)
        if published
        else Event(*key, Act.RECALLED, OURS, digest.reason)
    )


def _load_hashes(connection: Connection, paper_ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in to_chunks(sorted(paper_ids)):
        # Were it asked for those not deleted, SQLite would go through all of these, by their index.
        query = select(works.c.id, works.c.source_hash, works.c.deleted_at).where(works.c.id.in_(chunk))
        found.update((row.id, row.source_hash) for row in connection.execute(query) if not row.deleted_at)
    return found


def _load_published(connection: Connection, paper_ids: Iterable[str]) -> list[tuple[str, str]]:
    found = connection.execute(_PUBLISHED, {"names": paper_ids})
    return [(paper_id, audience) for paper_id, audience in found]
