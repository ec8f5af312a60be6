"""Harvests and imports as the status page shows them."""

from sqlalchemy import Connection, insert, select, update

from catalog.codec import parse_json, to_json
from catalog.database import storable
from catalog.tables import runs
from domain.ports import Run
from domain.record import Counts

_ABANDONED = "stopped without finishing; a later run went on from there"


def start_run(connection: Connection, source: str, scope: str, now: str) -> int:
    """Note the beginning; an older run of the same harvest that never ended has failed."""
    source, scope = storable(source), storable(scope)
    connection.execute(
        update(runs)
        .where(runs.c.source == source, runs.c.scope == scope, runs.c.outcome == "running")
        .values(outcome="failed", finished_at=now, note=_ABANDONED)
    )
    row = {"source": source, "scope": scope, "started_at": now, "outcome": "running", "note": ""}
    started = connection.execute(
        insert(runs).values(**row, counts=to_json(Counts()).decode()).returning(runs.c.id)
    )
    run_id: int = started.scalar_one()
    return run_id


def finish_run(
    connection: Connection, run_id: int, outcome: str, counts: Counts, note: str, now: str
) -> None:
    """Note the end."""
    connection.execute(
        update(runs)
        .where(runs.c.id == run_id)
        .values(outcome=outcome, counts=to_json(counts).decode(), note=storable(note), finished_at=now)
    )


def read_runs(connection: Connection, limit: int, source: str | None = None) -> list[Run]:
    """The latest runs, newest first; with `source`, of those of that one."""
    query = select(runs).order_by(runs.c.id.desc()).limit(limit)
    if source is not None:
        query = query.where(runs.c.source == storable(source))
    return [
        Run(**{**row._mapping, "counts": parse_json(row.counts, Counts)}) for row in connection.execute(query)
    ]
