"""How clear readers found digests: answers added up for each as it stood, and nothing about readers."""

from sqlalchemy import ColumnElement, Connection, Select, cast, insert, literal, select, update
from sqlalchemy.types import Text

from catalog.tables import clarity, digests, works
from config import load_table
from domain.digest import Digest, DigestStatus
from domain.review import Clarity


def add_answers(connection: Connection, digest: Digest, answers: tuple[bool, bool, bool], day: str) -> None:
    """Add one reader's answers."""
    found, meaning, limits = map(int, answers)
    added = update(clarity).where(*_is_of(digest))
    done = connection.execute(
        added.values(
            answers=clarity.c.answers + 1,
            found=clarity.c.found + found,
            meaning=clarity.c.meaning + meaning,
            limits=clarity.c.limits + limits,
            latest=day,
        )
    )
    if not done.rowcount:
        row = {"paper_id": digest.paper_id, "audience": digest.audience.value, "digest_at": digest.created_at}
        row |= {"latest": day}
        counts = {"answers": 1, "found": found, "meaning": meaning, "limits": limits, "judged": 0}
        connection.execute(insert(clarity).values(row | counts))


def read_clarity(connection: Connection, digest: Digest | None) -> Clarity:
    """The answers to the digest as it stands."""
    row = connection.execute(select(clarity).where(*_is_of(digest))).first() if digest else None
    return Clarity(row.answers, (row.found, row.meaning, row.limits)) if row else Clarity(0, (0, 0, 0))


def mark_judged(connection: Connection, digest: Digest) -> None:
    """Note that a reviewer decided in the knowledge of the answers so far."""
    connection.execute(update(clarity).where(*_is_of(digest)).values(judged=clarity.c.answers))


def unclear() -> Select[tuple[str, str, str, str, str]]:
    """Published digests that readers did not find clear, unless a reviewer has seen as much."""
    rules = load_table("review")
    clear = clarity.c.found + clarity.c.meaning + clarity.c.limits
    standing = (
        select(digests.c.paper_id)
        .where(
            digests.c.paper_id == clarity.c.paper_id,
            digests.c.audience == clarity.c.audience,
            digests.c.created_at == clarity.c.digest_at,
            digests.c.status == DigestStatus.PUBLISHED.value,
        )
        .correlate(clarity)
    )
    return select(
        clarity.c.paper_id,
        clarity.c.audience,
        literal("unclear").label("reason"),
        clarity.c.latest.label("at"),
        (cast(clear, Text) + literal(" of ") + cast(3 * clarity.c.answers, Text)).label("detail"),
    ).where(
        clarity.c.answers - clarity.c.judged >= rules["least_answers"],
        1000 * clear < round(3000 * rules["clear"]) * clarity.c.answers,
        standing.exists(),
        lives(clarity.c.paper_id),
    )


def lives(paper_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the paper is no tombstone. Not joined, lest a planner begin with all papers."""
    return select(works.c.id).where(works.c.id == paper_id, works.c.deleted_at.is_(None)).exists()


def _is_of(digest: Digest) -> tuple[ColumnElement[bool], ...]:
    return (
        clarity.c.paper_id == digest.paper_id,
        clarity.c.audience == digest.audience.value,
        clarity.c.digest_at == digest.created_at,
    )
