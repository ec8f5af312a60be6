"""What people do with digests: decide about them, propose corrections, and what waits for a reviewer."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    func,
    literal,
    literal_column,
    select,
    union_all,
    update,
)

from catalog.database import storable
from catalog.digests.clarity import lives, mark_judged, unclear
from catalog.digests.log import Event, archive, log_event, read_log
from catalog.digests.store import find_name, read_digest, to_digest, to_row
from catalog.ledger import Ledger
from catalog.statements import to_chunks, upsert
from catalog.tables import digest_log, digests, works
from config import load_table
from domain.digest import Audience, Digest, DigestStatus
from domain.errors import DigestRefused, NotFound
from domain.review import Act, LogEntry, QueueItem, Verdict

TAKEN_BACK = "taken-back"
"""Why a digest that a reviewer withdrew is not shown (`config/refusals.toml`)."""
_ACTS = {
    Verdict.APPROVE: Act.REVIEWED,
    Verdict.CORRECT: Act.CORRECTED,
    Verdict.WITHDRAW: Act.WITHDRAWN,
    Verdict.DECLINE: Act.DECLINED,
}


def decide(
    connection: Connection,
    ledger: Ledger,
    key: tuple[str, Audience],
    decision: Event,
    verdict: Verdict,
    corrected: Digest | None,
    suggestion: int | None,
) -> LogEntry:
    """Carry out what a reviewer decided about the digest of `key`; `decision` holds who, and the note.

    Raises:
        NotFound: no such digest, or no open proposal of that number.
        DigestRefused: it cannot be published: its paper has changed since, or it has no sentences.
    """
    standing, current = _load(connection, *key)
    if suggestion is not None or verdict is Verdict.DECLINE:
        _check_open(connection, standing, suggestion)
    if verdict is not Verdict.DECLINE:
        after = _after(standing, verdict, decision.by, ledger.now, corrected)
        if after.status is DigestStatus.PUBLISHED and after.source_hash != current:
            raise DigestRefused("source-changed")
        _put(connection, ledger, standing, after, verdict)
    event = Event(standing.paper_id, standing.audience.value, _ACTS[verdict], decision.by, decision.note)
    entry = log_event(connection, ledger.now, event)
    if suggestion is not None:
        answered = update(digest_log).where(digest_log.c.id == suggestion)
        connection.execute(answered.values(answer=entry.id))
    told = read_digest(connection, standing.paper_id, standing.audience)
    return replace(entry, digest=told) if verdict in (Verdict.APPROVE, Verdict.CORRECT) else entry


def suggest(
    connection: Connection, ledger: Ledger, paper_id: str, audience: Audience, by: str, note: str
) -> LogEntry:
    """Keep a proposed correction. Raises `NotFound` where no digest is published."""
    standing = published(connection, paper_id, audience)
    event = Event(standing.paper_id, audience.value, Act.SUGGESTED, by, note)
    ledger.tell("digest.suggested", standing.paper_id, audience=audience.value)
    return log_event(connection, ledger.now, event)


def published(connection: Connection, paper_id: str, audience: Audience) -> Digest:
    """The digest as readers see it. Raises `NotFound` where none is published."""
    standing, current = _load(connection, paper_id, audience)
    if standing.status is not DigestStatus.PUBLISHED or standing.source_hash != current:
        raise NotFound("digest", f"{paper_id}/{audience}")
    return standing


def read_digest_log(connection: Connection, paper_id: str, audience: Audience) -> tuple[LogEntry, ...]:
    """The change log of a digest, found under the paper's id or an alias, oldest first."""
    name = find_name(connection, paper_id)
    return tuple(read_log(connection, name, audience, read_digest(connection, name, audience)))


def read_queue(connection: Connection, offset: int, size: int) -> tuple[int, list[QueueItem]]:
    """How many wait, and one page, the oldest first."""
    none = literal(0)
    parts = ((_failed(), none), (_recalled(), none), (_suggested(), digest_log.c.id), (unclear(), none))
    every = union_all(*(part.add_columns(number.label("number")) for part, number in parts)).subquery()
    total = connection.execute(select(func.count()).select_from(every)).scalar_one()
    order = (every.c.at, every.c.paper_id, every.c.audience, every.c.reason, every.c.number)
    page = select(every).order_by(*order)
    rows = connection.execute(page.offset(offset).limit(size)).mappings().all()
    refused = _load_details(connection, rows)
    return total, [_to_item(row, refused) for row in rows]


def _after(standing: Digest, verdict: Verdict, by: str, now: str, corrected: Digest | None) -> Digest:
    """The digest as it is after the decision."""
    decided = replace(standing, reviewer=storable(by), reviewed_at=now)
    if verdict is Verdict.WITHDRAW:
        return replace(decided, status=DigestStatus.RECALLED, reason=TAKEN_BACK)
    chosen = standing if verdict is Verdict.APPROVE else corrected
    if chosen is None or not chosen.sentences:
        raise DigestRefused(standing.reason or "no-findings", "there are no sentences to publish")
    return replace(
        decided,
        status=DigestStatus.PUBLISHED,
        reason="",
        detail="",
        sentences=chosen.sentences,
        source_hash=chosen.source_hash,
        licence=chosen.licence or standing.licence,
        created_at=standing.created_at if verdict is Verdict.APPROVE else now,
    )


def _put(connection: Connection, ledger: Ledger, before: Digest, after: Digest, verdict: Verdict) -> None:
    archive(connection, [(before.paper_id, before.audience.value)])
    upsert(connection, digests, [to_row(after)])
    mark_judged(connection, before)
    shown, was_shown = (one.status is DigestStatus.PUBLISHED for one in (after, before))
    if shown or was_shown:
        ledger.change(after.paper_id)
        topic = {(True, True): _ACTS[verdict].value, (True, False): "published", (False, True): "recalled"}
        facts = {"audience": after.audience.value, "reason": after.reason}
        ledger.tell(f"digest.{topic[shown, was_shown]}", after.paper_id, **facts)


def _load(connection: Connection, paper_id: str, audience: Audience) -> tuple[Digest, str]:
    """The digest of a paper that stands, and the hash of the paper. Raises `NotFound`."""
    name = find_name(connection, paper_id)
    query = (
        select(digests, works.c.source_hash.label("current"))
        .join(works, works.c.id == digests.c.paper_id)
        .where(digests.c.paper_id == name, digests.c.audience == audience.value, works.c.deleted_at.is_(None))
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound("digest", f"{paper_id}/{audience}")
    return to_digest(row), row["current"]


def _check_open(connection: Connection, standing: Digest, suggestion: int | None) -> None:
    query = select(digest_log.c.id).where(
        digest_log.c.id == suggestion,
        digest_log.c.paper_id == standing.paper_id,
        digest_log.c.audience == standing.audience.value,
        digest_log.c.act == Act.SUGGESTED.value,
        digest_log.c.answer.is_(None),
    )
    if suggestion is None or not connection.execute(query).first():
        raise NotFound("open suggestion", str(suggestion or ""))


def _waiting(reason: str, status: DigestStatus) -> Select[tuple[str, str, str, str, str]]:
    return select(
        digests.c.paper_id,
        digests.c.audience,
        literal(reason).label("reason"),
        digests.c.created_at.label("at"),
        digests.c.reason.label("detail"),
    ).where(digests.c.status == status.value, digests.c.reviewed_at.is_(None), lives(digests.c.paper_id))


def _failed() -> Select[tuple[str, str, str, str, str]]:
    return _waiting("failed", DigestStatus.REFUSED).where(
        digests.c.reason.in_(load_table("review")["failed"])
    )


def _recalled() -> Select[tuple[str, str, str, str, str]]:
    since = (
        select(func.max(digest_log.c.at))
        .where(
            digest_log.c.paper_id == digests.c.paper_id,
            digest_log.c.audience == digests.c.audience,
            digest_log.c.act == Act.RECALLED.value,
        )
        .correlate(digests)
        .scalar_subquery()
    )
    waiting = _waiting("recalled", DigestStatus.RECALLED)
    paper, audience, reason, at, detail = waiting.selected_columns
    return waiting.with_only_columns(paper, audience, reason, func.coalesce(since, at).label("at"), detail)


def _suggested() -> Select[tuple[str, str, str, str, str]]:
    return (
        select(
            digest_log.c.paper_id,
            digest_log.c.audience,
            literal("suggested").label("reason"),
            digest_log.c.at,
            digest_log.c.note.label("detail"),
        )
        # Word for word as in the partial index, which no planner sees behind a parameter.
        .where(digest_log.c.act == literal_column(f"'{Act.SUGGESTED.value}'"), digest_log.c.answer.is_(None))
        .where(lives(digest_log.c.paper_id))
    )


def _load_details(connection: Connection, rows: Sequence[RowMapping]) -> dict[tuple[str, str], str]:
    """What the gate said of those that it refused; it stands in the document alone."""
    found = {}
    for chunk in to_chunks(sorted({row["paper_id"] for row in rows if row["reason"] == "failed"})):
        for row in connection.execute(select(digests).where(digests.c.paper_id.in_(chunk))).mappings():
            found[row["paper_id"], row["audience"]] = to_digest(row).detail
    return found


def _to_item(row: RowMapping, refused: dict[tuple[str, str], str]) -> QueueItem:
    detail = row["detail"]
    if row["reason"] == "failed":
        more = refused.get((row["paper_id"], row["audience"]), "")
        detail = f"{detail}: {more}" if more else detail
    return QueueItem(row["paper_id"], Audience(row["audience"]), row["reason"], row["at"], detail)
