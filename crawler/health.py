"""How each source is doing, told from what its harvests have left in the catalog."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from config import load_table
from crawler.fetching.budget import spent_on
from crawler.freshness import Memory, Tally, memories, to_day
from domain.ports import Catalog, Run

IMPORT = "import"
"""Under which name imports of files are noted."""
_PARTIAL = 3
"""So many harvests in a row that did not come to the end are one too many."""
_FEW = 10
"""So many missing records are none to speak of."""
_NOT_A_PAPER = "not-a-paper"
"""Why sources reject what they hold beside papers."""
_RUNS = 50
"""How many of a source's latest runs are looked at."""


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source that was harvested at least once."""

    source: str
    title: str
    state: str
    """`running`, `complete`, `limited`, `partial` or `failed`, as its last run; `stuck` or `paused`."""
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
    now = now or datetime.now(UTC)
    tables: Mapping[str, Mapping[str, Any]] = load_table("sources")
    of = {name: latest for name in (*tables, IMPORT) if (latest := catalog.runs(_RUNS, name))}
    names = sorted(set(of) & set(tables))
    held, rejected = catalog.holdings(), catalog.rejected()
    found = [
        _health(catalog, name, tables[name], of[name], _Kept(held.get(name, 0), rejected.get(name, 0)), now)
        for name in names
    ]
    imported = _of_import(catalog, of.get(IMPORT, []), now)
    return [*found, imported] if imported else found


def _health(
    catalog: Catalog,
    name: str,
    table: Mapping[str, Any],
    runs: list[Run],
    kept: _Kept,
    now: datetime,
) -> SourceHealth:
    known, last = memories(catalog, name), runs[0]
    tally, newest = _sum(known), max(memory.newest() for memory in known)
    asked_why = [(memory.place, memory.paused(None, now)) for memory in known]
    paused = [f"{place}: {why}" if place else why for place, why in asked_why if why]
    shut = len(paused) == len(known)
    state = "paused" if shut else "stuck" if _is_stuck(last, known, now) else last.outcome
    alarms = [
        *_of_pauses(paused),
        *_of_state(state, runs),
        *_of_age(table, newest, state, runs, now),
        *_of_gap(table, tally, kept),
        *_of_rejections(last),
    ]
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
    if not runs or not _is_stuck(runs[0], [Memory(catalog, IMPORT)], now):
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


def _is_stuck(run: Run, known: Sequence[Memory], now: datetime) -> bool:
    """Whether a run that has not ended has been silent for longer than it said it would be."""
    return run.outcome == "running" and all(
        (alive := memory.alive_until()) is None or now > alive for memory in known
    )


def _sum(known: Sequence[Memory]) -> Tally | None:
    """What all servers of a source announced, and what came."""
    tallies = [tally for memory in known if (tally := memory.tallied())]
    if len(tallies) < 2:
        return tallies[0] if tallies else None
    announced = [tally.expected for tally in tallies if tally.expected is not None]
    return Tally(
        max(tally.day for tally in tallies),
        sum(announced) if len(announced) == len(tallies) else None,
        sum(tally.seen for tally in tallies),
        all(tally.whole for tally in tallies),
    )


def _of_pauses(paused: Sequence[str]) -> list[str]:
    return [f"{why}: look at its key, then harvest it by name" for why in paused]


def _of_state(state: str, runs: list[Run]) -> list[str]:
    if state == "paused":
        return []
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


def _of_rejections(last: Run) -> list[str]:
    """Whether most of what came could not be taken, as when a source writes otherwise than it did.

    What is no paper is none whatever a source does; some have many.
    """
    counts = {why: count for why, count in last.counts.rejected.items() if why != _NOT_A_PAPER}
    total, lost = last.counts.total, sum(counts.values())
    if lost <= max(_FEW, total // 2):
        return []
    most = max(counts, key=counts.__getitem__)
    return [f"of {total:,} records in its last harvest, {lost:,} could not be taken, most as {most}"]


def _of_age(table: Mapping[str, Any], newest: str, state: str, runs: list[Run], now: datetime) -> list[str]:
    """Whether it has gone stale, though it was asked of late and came to its end: otherwise it has had no
    chance to show anything newer.
    """
    days, day = table.get("stale_days"), to_day(newest)
    if not isinstance(days, int) or day is None or now.date() - day <= timedelta(days=days):
        return []
    of_late = (now.date() - timedelta(days=days)).isoformat()
    if state != "running" and (asked := runs[0].started_at) < of_late:
        unasked = now.date() - date.fromisoformat(asked[:10])
        return [f"it was last asked {unasked.days} days ago: does `findings schedule` run?"]
    if any(run.outcome == "complete" and run.started_at >= of_late for run in runs):
        age = now.date() - day
        return [f"it answers, but its newest record is {age.days} days old, where {days} would be much"]
    return []
