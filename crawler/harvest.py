"""Harvesting sources page by page into the catalog; it can be stopped anywhere and goes on by itself.

Each page is saved with the place where the next one begins, in one transaction. A harvest is called complete
only when the source has said that there is no more *and* what came agrees with what it had announced.

Without `--since` a harvest takes everything once, and from then on what changed since the last time that it
came to the end. Sources are harvested side by side, those on one server one after the other.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.ahead import Ahead
from crawler.fetching.budget import Budget, MeteredSource
from crawler.fetching.download import crawl, run
from crawler.fetching.exchange import Exchange
from crawler.fetching.kept import unpack
from crawler.fetching.lookups import Lookups
from crawler.fetching.paging import Pager
from crawler.fetching.patience import Patience
from crawler.fetching.settings import scrapy_settings
from crawler.fetching.sites import SiteWalk
from crawler.fetching.walk import Walk
from crawler.freshness import Memory
from crawler.gathering import Gathering, HarvestProgress, HarvestReport, Outcome
from crawler.plan import Plan, Wanted, harvest_scope, harvestable, servers, to_plan, to_window
from crawler.records.readers import Readers
from crawler.sources import ExplainingSource, LookupSource, SiteSource
from domain.errors import CatalogError, FindingsError
from domain.ports import Catalog
from domain.record import Counts

__all__ = [
    "HarvestProgress",
    "HarvestReport",
    "Outcome",
    "Wanted",
    "harvest",
    "harvest_scope",
    "harvest_sources",
    "harvestable",
    "servers",
]

_RECHECK_DAYS = 30
_RUNS = 100
"""Among how many of a source's runs those that died are looked for."""
_NOT_MODIFIED = 304
_LOGIN = re.compile(r"//[^/\s]*@")
_GONE = "stopped without finishing; its process is gone"
Turn = Callable[[str], AbstractContextManager[None]]
"""Given a server, holds off every other harvest that asks it. Raises `FindingsError` when one is at it."""


def harvest_sources(
    sources: Sequence[str],
    catalog: Catalog,
    wanted: Wanted | None = None,
    *,
    insist: bool = True,
    turn: Turn = lambda _: nullcontext(),
    progress: Callable[[HarvestProgress], None] | None = None,
) -> list[HarvestReport]:
    """Harvest several sources side by side, all that can be harvested when none is named.

    One that fails or hangs does not stop the others; a wrong name stops before anything is fetched. A source
    that shut us out less than a day ago is asked again only if we `insist`.

    Raises:
        ConfigError: as `harvest`.
        CatalogError: no source had a page that could be saved. Where one only had none, its report says so.
    """
    wanted = wanted or Wanted()
    names = list(dict.fromkeys(sources)) or harvestable(wanted.keys, wanted.contact)
    plans = [to_plan(name, wanted) for name in names]
    work = _Work(catalog, turn, progress, insist)
    reports = run(work.run(plans), work.interrupt)
    if work.errors and len(work.errors) == len(plans):
        raise work.errors[0]
    return sorted(reports, key=lambda report: names.index(report.source))


def harvest(
    source: str,
    catalog: Catalog,
    *,
    patience: Patience | None = None,
    progress: Callable[[HarvestProgress], None] | None = None,
    key: str = "",
    **wanted: Any,  # noqa: ANN401 - the fields of `Wanted`
) -> HarvestReport:
    """Harvest one source, going on from where the same harvest was stopped.

    Raises:
        ConfigError: the source, a day or the limit is not one.
        CatalogError: a page could not be saved; everything before it is.
    """
    plan = to_plan(source, Wanted(keys={source: key}, **wanted), patience)
    work = _Work(catalog, lambda _: nullcontext(), progress, insist=True)
    reports = run(work.run([plan]), work.interrupt)
    if work.errors:
        raise work.errors[0]
    return reports[0]


@dataclass(slots=True)
class _Work:
    """Harvests that are under way together."""

    catalog: Catalog
    turn: Turn
    progress: Callable[[HarvestProgress], None] | None
    insist: bool
    readers: Readers = field(default_factory=Readers)
    at_work: dict[str, Gathering] = field(default_factory=dict)
    errors: list[BaseException] = field(default_factory=list)
    interrupted: bool = False

    async def run(self, plans: Sequence[Plan]) -> list[HarvestReport]:
        """Harvest; those on one server one after the other."""
        groups: dict[str, list[Plan]] = {}
        for plan in plans:
            groups.setdefault(plan.server, []).append(plan)
        try:
            reports = await asyncio.gather(*(self._of_server(*group) for group in groups.items()))
        finally:
            self.readers.close()
        return [report for group in reports for report in group]

    def interrupt(self) -> None:
        """Let every harvest end after what it is saving now."""
        self.interrupted = True
        for gathering in self.at_work.values():
            gathering.interrupt()

    async def _of_server(self, server: str, plans: Sequence[Plan]) -> list[HarvestReport]:
        reports = []
        try:
            with self.turn(server):
                for plan in plans:
                    reports.append(await self._one(plan))
        except FindingsError as taken:
            return [_unasked(plan, str(taken)) for plan in plans]
        return reports

    async def _one(self, plan: Plan) -> HarvestReport:
        try:
            memory = Memory(self.catalog, plan.name, plan.place)
            key = None if self.insist else plan.asked.key
            if key is not None and (problem := memory.paused(key, datetime.now(UTC))):
                return replace(_unasked(plan, f"paused: {problem}"), shut_out=True)
            if self.interrupted:
                return _unasked(plan, "interrupted before it began")
            return await self._gather(plan, memory)
        except Exception as error:  # the others are to come to their ends
            self.errors.append(error)
            ours = "" if isinstance(error, FindingsError) else f"a fault of ours, {type(error).__name__}: "
            return _unasked(plan, _told(plan, f"{ours}{error}")[:500])

    async def _gather(self, plan: Plan, memory: Memory) -> HarvestReport:
        window, since = to_window(plan, memory)
        walk, scope = _walk(plan, window, memory, self.catalog)
        number = self.catalog.start_run(plan.name, scope)
        fence, before = memory.begin_run(number)
        _end_the_dead(self.catalog, plan, number, before)
        gathering = Gathering(
            self.catalog,
            walk,
            memory,
            scope,
            fence=fence,
            ahead=Ahead(walk, self.catalog, memory, scope, fence, self.readers),
            limit=plan.wanted.limit,
            cancer_only=bool(plan.table.get("cancer_only")),
            tolerated_gap=float(plan.table.get("tolerated_gap", 0)),
            whole=since is None and plan.wanted.until is None,
            progress=self.progress,
        )
        self.at_work[plan.name] = gathering
        try:
            await crawl(gathering, scrapy_settings(plan.patience, plan.asked.contact))
            if gathering.error:
                raise gathering.error
        except BaseException as error:
            with suppress(CatalogError):  # the error that ended the run is the one to tell
                self.catalog.finish_run(number, "failed", gathering.counts, _told(plan, str(error))[:500])
            raise
        finally:
            del self.at_work[plan.name]
        report = gathering.report(window)
        report = replace(report, note=_told(plan, report.note))
        # All that was wanted came, but what the source has beyond it is not here.
        ended = "limited" if report.limited and report.outcome == "complete" else report.outcome
        self.catalog.finish_run(number, ended, report.counts, report.note)
        _remember(plan, gathering, memory)
        return report


def _told(plan: Plan, text: str) -> str:
    """`text` as it may be shown to all: without our key, which a source may repeat, the user and password of
    an address, or control signs."""
    shown = _LOGIN.sub("//…@", text.replace(plan.asked.key, "…") if plan.asked.key else text)
    return "".join(c if c.isprintable() else " " for c in shown)


def _unasked(plan: Plan, why: str) -> HarvestReport:
    return HarvestReport(plan.name, "", plan.question, Counts(), "failed", why)


def _walk(plan: Plan, window: str, memory: Memory, catalog: Catalog) -> tuple[Walk, str]:
    """How to get at what is asked for, and the name of that harvest."""
    budget = Budget(
        catalog,
        plan.name,
        plan.table.get("daily_budget"),
        plan.source.spent if isinstance(plan.source, MeteredSource) else None,
    )
    reads_refusals = isinstance(plan.source, ExplainingSource) and plan.source.READS_REFUSALS
    exchange = Exchange(plan.name, plan.asked.base_url, plan.patience, budget, reads_refusals=reads_refusals)
    asked, scope = replace(plan.asked, query=window), plan.scope(window)
    saved = catalog.checkpoint(plan.name, scope)
    if isinstance(plan.source, SiteSource):
        return SiteWalk(plan.source, exchange, asked, saved), scope
    if not isinstance(plan.source, LookupSource):
        known = {} if plan.wanted.everything else memory.validators(scope)
        kept = unpack(memory.kept_answer(scope))
        whole = window == plan.window(None, None)
        had_records = whole and memory.is_known(plan.watermark)
        return Pager(plan.source, exchange, asked, saved, known, kept, had_records=had_records), scope
    if saved is None or saved.complete:
        if not plan.wanted.everything and _is_walked(plan, memory, scope):
            changes = f"{scope}:changes"
            since = catalog.checkpoint(plan.name, changes)
            start = max(memory.walk(scope), int((since and since.cursor) or 0))
            found = Lookups(
                plan.source, exchange, asked, since, catalog, changed_since=start, owed=memory.owed()
            )
            return found, changes
        memory.walk(scope, catalog.last_change())
    return Lookups(plan.source, exchange, asked, saved, catalog, owed=memory.owed()), scope


def _is_walked(plan: Plan, memory: Memory, scope: str) -> bool:
    """Whether every paper was looked up not so long ago."""
    walked, today = memory.walked(scope), datetime.now(UTC).date()
    again = timedelta(days=int(plan.table.get("recheck_days", _RECHECK_DAYS)))
    return walked is not None and timedelta(0) <= today - walked < again


def _end_the_dead(catalog: Catalog, plan: Plan, number: int, before: int | None) -> None:
    """Only one harvest of a source's server is at work at a time, so another that says it is has died."""
    for run_ in catalog.runs(_RUNS, plan.name):
        theirs = run_.id == before if plan.place else run_.id != number
        if run_.outcome == "running" and theirs:
            catalog.finish_run(run_.id, "failed", run_.counts, _GONE)


def _remember(plan: Plan, gathering: Gathering, memory: Memory) -> None:
    """Note what the next harvest, and whoever looks after the node, should know."""
    now, walk, wanted = datetime.now(UTC), gathering.walk, plan.wanted
    memory.rest()
    memory.see(gathering.newest)
    if gathering.shut_out:
        memory.pause(plan.asked.key, _told(plan, gathering.shut_out.problem), now)
    elif gathering.pages:
        memory.unpause()
    if walk.ended and walk.answered and walk.answered.status != _NOT_MODIFIED:
        memory.tally(gathering.tally())
    if not gathering.at_end:
        return
    # A list of nothing, as a search out of order gives it, is no evidence that nothing was missed.
    bare = isinstance(walk, Pager) and walk.is_bare
    dated = not (wanted.since or wanted.until or bare)
    if isinstance(walk, Lookups):
        memory.keep_walked(gathering.scope)
    elif walk.answered and walk.answered.status != _NOT_MODIFIED:
        memory.keep_validators(gathering.scope, walk.answered if walk.pages == 1 and not bare else None)
    memory.complete(gathering.scope, plan.watermark if dated else None, now)
