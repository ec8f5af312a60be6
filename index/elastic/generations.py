"""Where an index lies in a cluster: numbered generations, and aliases that say which one is read.

The alias that is read has the version of the schema in its name, so that an index of another version is not
seen; each generation has an alias of its own to write through, for a write to a name that is no alias fails
where one to a missing index would make it. A rebuild fills a new generation and then moves the aliases in one
step, so a reader sees the old index or the new one, never half of one.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from domain.errors import SearchError, SearchUnavailable
from index.elastic.door import Cluster, Haste, Refused

Json = dict[str, Any]
_GONE = "the search index was rebuilt by another process meanwhile"


class Generations:
    """The generations of one index, for one schema version."""

    def __init__(
        self, cluster: Cluster, name: str, version: Callable[[], str], body: Callable[[], Json]
    ) -> None:
        """Manage indices called `name-000001` and so on.

        Args:
            cluster: where they are.
            name: what their names begin with; as an alias it names the current one, of any version.
            version: of the schema.
            body: settings (without shards and replicas) and mappings of a new one.
        """
        self._cluster = cluster
        self.name = name
        self._version = version
        self._body = body

    @property
    def read_alias(self) -> str:
        """Names the current generation, if it is of our version."""
        return f"{self.name}-v{self._version()}"

    def current(self) -> str | None:
        """The generation that is read; None when there is none yet, or it is of another schema version."""
        found = self._cluster.ask("GET", f"/_alias/{self.read_alias}")
        return min(found) if found else None

    def written(self) -> str | None:
        """As `current`, and it can be written to: an alias is given back that it has lost.

        As somebody may have taken it away, or restored a snapshot without it.
        """
        found = self._cluster.ask("GET", f"/_alias/{self.read_alias},{self.name}-*-write") or {}
        aliases = {name: one["aliases"] for name, one in found.items()}
        current = min((name for name in aliases if self.read_alias in aliases[name]), default=None)
        if current and writing(current) not in aliases[current]:
            added = {"add": {"index": current, "alias": writing(current)}}
            if self._cluster.ask("POST", "/_aliases", {"actions": [added]}, haste=Haste.WRITE) is None:
                raise SearchUnavailable(_GONE)
        return current

    def fresh(self, *, filling: bool) -> str:
        """A new empty generation, which nobody reads; one for `filling` is quick to write but not safe."""
        number = 1 + max(map(self._number, self._all()), default=0)
        while True:
            name = f"{self.name}-{number:06d}"
            try:
                self._cluster.ask(
                    "PUT", f"/{name}", self._created(name, filling=filling), haste=Haste.WRITE,
                    wait_for_active_shards="1",
                )  # fmt: skip
            except Refused as error:
                if error.kind != "resource_already_exists_exception":
                    raise
                number += 1
            else:
                return name

    def _created(self, name: str, *, filling: bool) -> Json:
        options = self._cluster.options
        replicas = 0 if filling else options.replicas
        quick: Json = {"refresh_interval": "-1", "translog.durability": "async"} if filling else {}
        index = {"number_of_shards": options.shards, "number_of_replicas": replicas, "gc_deletes": "1h"}
        body = self._body()
        return {
            "settings": body["settings"] | {"index": index | quick},
            "mappings": body["mappings"]
            | {"_meta": {"schema": self._version()} | body["mappings"].get("_meta", {})},
            "aliases": {writing(name): {}},
        }

    def settle(self, name: str) -> None:
        """Make a generation that was filled safe and visible, before it is read."""
        cluster = self._cluster
        settled = {
            "refresh_interval": None,
            "translog.durability": "request",
            "number_of_replicas": cluster.options.replicas,
        }
        done = [
            cluster.ask("PUT", f"/{name}/_settings", {"index": settled}, haste=Haste.WRITE),
            cluster.ask("POST", f"/{name}/_flush", haste=Haste.WRITE),
            cluster.ask("POST", f"/{name}/_refresh", haste=Haste.WRITE),
        ]
        if None in done:
            raise SearchUnavailable(_GONE)
        waiting = {"wait_for_no_initializing_shards": "true", "timeout": "60s"}
        cluster.ask("GET", f"/_cluster/health/{name}", haste=Haste.WRITE, wait_for_status="yellow", **waiting)

    def drop(self, name: str) -> None:
        """Remove a generation that will not be read; where that fails, the next one adopted does it."""
        with suppress(SearchError):
            self._cluster.ask("DELETE", f"/{name}", ignore_unavailable="true")

    def adopt(self, name: str) -> None:
        """Make a generation the one that is read, and remove those before it."""
        aliases = (self.read_alias, self.name)
        moved = [
            {"remove": {"index": f"{self.name}-*", "alias": alias, "must_exist": False}} for alias in aliases
        ]
        added = [{"add": {"index": name, "alias": alias}} for alias in aliases]
        try:
            done = self._cluster.ask("POST", "/_aliases", {"actions": [*moved, *added]}, haste=Haste.WRITE)
        except Refused:
            self.drop(name)
            raise
        if done is None:
            raise SearchUnavailable(_GONE)
        self._leave_newest(aliases)
        self._remove_before(name)

    def _leave_newest(self, aliases: Sequence[str]) -> None:
        """Have one generation read, where several were adopted before the cluster had seen the others."""
        while len(found := self._cluster.ask("GET", f"/_alias/{self.name}") or {}) > 1:
            *older, newest = sorted(found, key=self._number)
            left = [{"remove": {"indices": older, "alias": alias, "must_exist": False}} for alias in aliases]
            self._if_read(newest, left)

    def _remove_before(self, name: str) -> None:
        """Remove the generations before the one just adopted, unless another was adopted meanwhile.

        That one may be among them, where two rebuilds end together: whoever adopted it removes what is left.
        """
        if older := [other for other in self._all() if self._number(other) < self._number(name)]:
            self._if_read(name, [{"remove_index": {"indices": older}}])

    def _if_read(self, name: str, actions: Sequence[Json]) -> None:
        """Do this if `name` is read still, of which the cluster makes sure in the same step; else nothing."""
        ours = {"index": name, "alias": self.name}
        still = [{"remove": ours | {"must_exist": True}}, {"add": ours}]
        self._cluster.ask("POST", "/_aliases", {"actions": [*still, *actions]}, haste=Haste.WRITE)

    def _all(self) -> list[str]:
        """Each generation there is, whatever it has left of its aliases."""
        return list(filter(self._number, self._cluster.ask("GET", f"/{self.name}-*/_alias") or {}))

    def _number(self, index: str) -> int:
        found = re.fullmatch(rf"{re.escape(self.name)}-(\d{{6,}})", index)
        return int(found[1]) if found else 0


def writing(name: str) -> str:
    """The alias through which a generation is written to."""
    return f"{name}-write"
