"""How each source is doing, told from what its harvests have left in the catalog."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from config import load_table
from crawler.budget import spent_on
from crawler.freshness import Memory, to_day
from domain.ports import Catalog, Run

_RUNS = 200
"""Among how many of the latest runs a source's last ones are looked for."""


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source that was harvested at least once."""

    source: str
    title: str
    state: str
    """`running`, `complete`, `partial` or `failed`, as its last run; `stuck` or `paused`."""
    since: str
    """When the last run began."""
    complete: str
    """When a run last came to the end; empty when none of late did."""
    announced: int | None
    """How many records the source said it has, in the last list of everything."""
    seen: int | None
    """How many of them came."""
    held: int
    """How many of its records stand in the catalog; fewer where those not about cancer are left out."""
    newest: str
    """The day of its newest record."""
    budget: str
    """What was spent today of what a day allows; empty where there is no limit."""
    alarms: tuple[str, ...]
    """What someone should look at, in plain words."""


def source_health(catalog: Catalog, now: datetime | None = None) -> list[SourceHealth]:
    """Every source that was harvested, by name. Raises `CatalogError`."""
    now, held = now or datetime.now(UTC), catalog.holdings()
    runs = [run for run in catalog.runs(_RUNS) if run.source != "import"]
    tables: Mapping[str, Mapping[str, Any]] = load_table("sources")
    names = sorted({run.source for run in runs} & set(tables))
    return [
        _health(
            catalog, name, tables[name], [run for run in runs if run.source == name], held.get(name, 0), now
        )
        for name in names
    ]


def _health(
    catalog: Catalog,
    name: str,
    table: Mapping[str, Any],
    runs: list[Run],
    held: int,
    now: datetime,
) -> SourceHealth:
    memory = Memory(catalog, name)
    tally, last = memory.tallied(), runs[0]
    paused, newest = memory.paused(None, now), memory.newest()
    state = "paused" if paused else "stuck" if _is_stuck(last, memory, now) else last.outcome
    alarms = [*_of_state(state, last, paused), *_of_age(table, newest, now)]
    limit = table.get("daily_budget")
    return SourceHealth(
        source=name,
        title=str(table.get("title", name)),
        state=state,
        since=last.started_at,
        complete=next((run.finished_at or "" for run in runs if run.outcome == "complete"), ""),
        announced=tally.expected if tally else None,
        seen=tally.seen if tally else None,
        held=held,
        newest=newest,
        budget=f"{spent_on(catalog, name, now.date().isoformat()):g} of {limit:g}" if limit else "",
        alarms=tuple(alarms),
    )


def _is_stuck(run: Run, memory: Memory, now: datetime) -> bool:
    """Whether a run that has not ended has been silent for longer than it said it would be."""
    alive = memory.alive_until()
    return run.outcome == "running" and (alive is None or now > alive)


def _of_state(state: str, last: Run, paused: str) -> list[str]:
    if state == "paused":
        return [f"{paused}: look at its key, then harvest it by name"]
    if state == "stuck":
        return ["its harvest has said nothing for long: its process hangs or is gone; the next one goes on"]
    if state == "failed":
        return [f"its last harvest failed: {last.note}"]
    return []


def _of_age(table: Mapping[str, Any], newest: str, now: datetime) -> list[str]:
    days, day = table.get("stale_days"), to_day(newest)
    if not isinstance(days, int) or day is None or now.date() - day <= timedelta(days=days):
        return []
    age = (now.date() - day).days
    return [f"it answers, but its newest record is {age} days old, where {days} would be much"]
