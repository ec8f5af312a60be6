"""How each source is doing, told from what its harvests have left in the catalog."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from config import load_table
from crawler.budget import spent_on
from crawler.freshness import Memory, Tally, to_day
from domain.ports import Catalog, Run

IMPORT = "import"
"""Under which name imports of files are noted."""
_PARTIAL = 3
"""So many harvests in a row that did not come to the end are one too many."""
_FEW = 10
"""So many missing records are none to speak of."""
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


@dataclass(frozen=True, slots=True)
class _Kept:
    """How many records of a source stand in the catalog, and how many could not be taken."""

    held: int
    rejected: int


def source_health(catalog: Catalog, now: datetime | None = None) -> list[SourceHealth]:
    """Every source that was harvested, by name, and an import that hangs. Raises `CatalogError`."""
    now, runs = now or datetime.now(UTC), catalog.runs(_RUNS)
    tables: Mapping[str, Mapping[str, Any]] = load_table("sources")
    names = sorted({run.source for run in runs} & set(tables))
    held, rejected = catalog.holdings(), catalog.rejected()
    of = {name: [run for run in runs if run.source == name] for name in (*names, IMPORT)}
    found = [
        _health(catalog, name, tables[name], of[name], _Kept(held.get(name, 0), rejected.get(name, 0)), now)
        for name in names
    ]
    imported = _of_import(catalog, of[IMPORT], now)
    return [*found, imported] if imported else found


def _health(
    catalog: Catalog,
    name: str,
    table: Mapping[str, Any],
    runs: list[Run],
    kept: _Kept,
    now: datetime,
) -> SourceHealth:
    memory = Memory(catalog, name)
    tally, last = memory.tallied(), runs[0]
    paused, newest = memory.paused(None, now), memory.newest()
    state = "paused" if paused else "stuck" if _is_stuck(last, memory, now) else last.outcome
    alarms = [*_of_state(state, runs, paused), *_of_age(table, newest, now), *_of_gap(table, tally, kept)]
    limit = table.get("daily_budget")
    return SourceHealth(
        source=name,
        title=str(table.get("title", name)),
        state=state,
        since=last.started_at,
        complete=next((run.finished_at or "" for run in runs if run.outcome == "complete"), ""),
        announced=tally.expected if tally else None,
        seen=tally.seen if tally else None,
        held=kept.held,
        newest=newest,
        budget=f"{spent_on(catalog, name, now.date().isoformat()):g} of {limit:g}" if limit else "",
        alarms=tuple(alarms),
    )


def _of_import(catalog: Catalog, runs: list[Run], now: datetime) -> SourceHealth | None:
    """An import of files that hangs; one that does not has nothing to tell that its own report does not."""
    if not runs or not _is_stuck(runs[0], Memory(catalog, IMPORT), now):
        return None
    words = (
        f"of {runs[0].scope} has said nothing for long: it hangs or is gone; run it again, it loses nothing"
    )
    return SourceHealth(
        IMPORT,
        "Import of files",
        "stuck",
        runs[0].started_at,
        "",
        None,
        None,
        0,
        "",
        "",
        (f"the import {words}",),
    )


def _is_stuck(run: Run, memory: Memory, now: datetime) -> bool:
    """Whether a run that has not ended has been silent for longer than it said it would be."""
    alive = memory.alive_until()
    return run.outcome == "running" and (alive is None or now > alive)


def _of_state(state: str, runs: list[Run], paused: str) -> list[str]:
    if state == "paused":
        return [f"{paused}: look at its key, then harvest it by name"]
    if state == "stuck":
        return ["its harvest has said nothing for long: its process hangs or is gone; the next one goes on"]
    if state == "failed":
        return [f"its last harvest failed: {runs[0].note}"]
    latest = runs[:_PARTIAL]
    if len(latest) == _PARTIAL and all(run.outcome == "partial" for run in latest):
        return [f"its last {_PARTIAL} harvests did not come to the end: {runs[0].note}"]
    return []


def _of_gap(table: Mapping[str, Any], tally: Tally | None, kept: _Kept) -> list[str]:
    """What was announced, and neither came nor stands here; where all is kept, it should."""
    if tally is None or not tally.whole or not tally.expected:
        return []
    tolerated = max(_FEW, tally.expected // 100)
    if tally.expected - tally.seen > tolerated:
        return [f"of {tally.expected:,} records that it announced, {tally.seen:,} came"]
    missing = tally.expected - kept.held - kept.rejected
    if table.get("cancer_only") or missing <= tolerated:
        return []
    return [f"of {tally.expected:,} records that it announced, {missing:,} are not here"]


def _of_age(table: Mapping[str, Any], newest: str, now: datetime) -> list[str]:
    days, day = table.get("stale_days"), to_day(newest)
    if not isinstance(days, int) or day is None or now.date() - day <= timedelta(days=days):
        return []
    age = (now.date() - day).days
    return [f"it answers, but its newest record is {age} days old, where {days} would be much"]
