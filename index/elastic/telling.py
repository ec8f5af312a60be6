"""What a generation in a cluster tells of its papers: the things that they mention, and by which wordings.

As `index.embedded.telling` does, but it is kept beside the mapping. It is not asked for at each question: of
wordings that were changed, and of a rebuild by another process, one knows a few seconds later.
"""

import time
from collections.abc import Mapping
from typing import Any

from index.elastic.door import Cluster, Haste
from index.language.mentions import agreed, versions

Json = dict[str, Any]
MENTIONS = "mentions"
_FRESH = 5.0
"""Seconds."""


class Telling:
    """Knows what an index, or the one behind an alias, tells. Safe to share between threads."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._known: dict[str, tuple[float, Mapping[str, str]]] = {}

    def told(self, index: str) -> Mapping[str, str]:
        """Token → version of the wordings; nothing where there is no index yet."""
        asked, known = self._known.get(index, (float("-inf"), {}))
        if time.monotonic() - asked < _FRESH:
            return known
        meta = self._meta(index)
        if meta is None:
            return {}
        found: Mapping[str, str] = meta.get(MENTIONS, {})
        self._known[index] = time.monotonic(), found
        return found

    def settled(self, index: str) -> Mapping[str, str]:
        """What may be told of papers written now: nothing of what is worded otherwise by now, from now on."""
        meta = self._meta(index) or {}
        before = meta.get(MENTIONS, {})
        kept = agreed(before, versions())
        if len(kept) < len(before):
            body = {"_meta": meta | {MENTIONS: kept}}
            self._cluster.ask("PUT", f"/{index}/_mapping", body, haste=Haste.WRITE)
        self._known.clear()
        return kept

    def _meta(self, index: str) -> Json | None:
        found = self._cluster.ask("GET", f"/{index}/_mapping", filter_path="*.mappings._meta")
        for one in (found or {}).values():
            meta: Json = one["mappings"]["_meta"]
            return meta
        return None
