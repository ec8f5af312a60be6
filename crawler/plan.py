"""What a harvest is asked for, checked before anything is fetched."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from crawler.fetching.page import Asked
from crawler.fetching.patience import Patience, load_patience, source_table
from crawler.freshness import Memory, overlap_days
from crawler.sources import LookupSource, PagedSource, load_source, source_names
from domain.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a harvest is asked for; nothing given is what the source's table says."""

    query: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int | None = None
    base_url: str | None = None
    everything: bool = False
    """Ask for all there is, also for what was had before."""
    contact: str = ""
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Plan:
    """One harvest, its question checked before anything is fetched."""

    source: PagedSource
    asked: Asked
    patience: Patience
    wanted: Wanted
    question: str
    """In the source's own words, without a window."""

    @property
    def name(self) -> str:
        """The source's table."""
        return self.asked.source

    @property
    def server(self) -> str:
        """Whom it asks, without the user and password that it may want."""
        return urlsplit(self.asked.base_url).netloc.rpartition("@")[2]

    @property
    def place(self) -> str:
        """The server again, where the source's table stands for many of them, each to be remembered apart."""
        return "" if self.table.get("base_url") else self.server.lower()

    @property
    def table(self) -> dict[str, Any]:
        """The source's table in `config/sources.toml`."""
        return source_table(self.name)

    @property
    def watermark(self) -> str:
        """The name of the harvests that ask the same but for their windows."""
        return harvest_scope(self.name, self.window(None, None), self.asked.base_url, 0)

    def window(self, since: str | None, until: str | None) -> str:
        """The question, limited to what changed between two days."""
        return self.source.window(self.question, since, until)

    def scope(self, window: str) -> str:
        """The name of the harvest that asks for `window`."""
        return harvest_scope(self.name, window, self.asked.base_url, self.patience.page_size)


def harvestable(keys: Collection[str] = (), contact: str = "") -> list[str]:
    """The sources that are harvested when none is named.

    The others are imported from files, or want an address or a question of their own first: their tables in
    `config/sources.toml` say `by_default = false`. With `wants`, they are harvested once the node has a `key`
    for them, or an e-mail address as `contact`.
    """
    return [
        name
        for name in source_names()
        if _is_served(name, source_table(name), keys, contact) and isinstance(load_source(name), PagedSource)
    ]


def _is_served(name: str, table: Mapping[str, Any], keys: Collection[str], contact: str) -> bool:
    given = {"key": name in keys, "contact": "@" in contact}
    return bool(table.get("by_default", True)) or given.get(str(table.get("wants")), False)


def servers(sources: Iterable[str]) -> list[list[str]]:
    """The sources, those that share a server together: they must be asked one after the other."""
    groups: dict[str, list[str]] = {}
    for name in sources:
        server = urlsplit(str(source_table(name).get("base_url", ""))).netloc
        groups.setdefault(server or name, []).append(name)
    return list(groups.values())


def harvest_scope(source: str, query: str, base_url: str, page_size: int) -> str:
    """The name of a harvest among those of its source: the same question to the same server."""
    parts = "\x1f".join((source, query, base_url.rstrip("/"), str(page_size)))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def to_plan(name: str, wanted: Wanted, patience: Patience | None = None) -> Plan:
    """What is wanted of a source. Raises `ConfigError`."""
    source, table = load_source(name), source_table(name)
    if not isinstance(source, PagedSource):
        raise ConfigError(name, "is imported from files (findings import), not harvested")
    if wanted.limit is not None and wanted.limit < 1:
        raise ConfigError("--limit", "must be at least 1")
    address = wanted.base_url or str(table.get("base_url", ""))
    if not address:
        raise ConfigError(name, "has no address of its own; give its address with --base-url")
    if not address.startswith(("https://", "http://")):
        raise ConfigError("--base-url", f"{address!r} is not a web address")
    key = wanted.keys.get(name, "").strip()
    asked = Asked(name, address, "", contact=wanted.contact, key=key)
    question = wanted.query or str(table.get("query", ""))
    plan = Plan(source, asked, patience or load_patience(name, keyed=bool(key)), wanted, question)
    plan.window(wanted.since, wanted.until)
    _check_days(wanted.since, wanted.until)
    return plan


def _check_days(since: str | None, until: str | None) -> None:
    """See that there may be something between two days: sources answer that there is nothing, as if all were
    well.
    """
    today = datetime.now(UTC).date()
    if since and since > (today + timedelta(days=1)).isoformat():  # it may be tomorrow where we are
        raise ConfigError("--since", f"{since} has not come yet: it is {today} by this machine's clock")
    if since and until and since > until:
        raise ConfigError("--since", f"{since} is later than --until {until}")


def to_window(plan: Plan, memory: Memory) -> tuple[str, str | None]:
    """The question with its window, and the day it begins."""
    wanted = plan.wanted
    given = wanted.since or wanted.until or wanted.everything
    if given or isinstance(plan.source, LookupSource):
        return plan.window(wanted.since, wanted.until), wanted.since
    since = memory.since(plan.watermark, overlap_days(plan.table), datetime.now(UTC))
    try:
        return plan.window(since, None), since
    except ConfigError:  # a source that cannot tell what has changed is asked for all
        return plan.window(None, None), None
