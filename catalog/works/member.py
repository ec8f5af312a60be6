"""A record as it is grouped: what it says, its keys, and the work that it belonged to until now."""

from catalog.database import storable
from domain.identity import linked_keys, own_keys
from domain.matching import match_keys
from domain.paper import Version
from domain.profile import Profile
from domain.values import made_once

RECORD = "record:"
"""Before source and native id: how a decision names a record rather than an identifier."""


class Member:
    """A live record, with the work that it belonged to until now, and its keys."""

    def __init__(
        self,
        source: str,
        native_id: str,
        fetched_at: str,
        version: Version,
        work: str | None = None,
        reading: bytes = b"",
    ) -> None:
        """Find its keys. `reading` is the version as the catalog keeps it."""
        self.source = source
        self.native_id = native_id
        self.fetched_at = fetched_at
        self.version = version
        self.work = work
        self.reading = reading
        self.name = source, native_id
        self.own = tuple([storable(key) for key in own_keys(version)])
        """Keys under which its version is known."""
        self.linked = tuple([storable(key) for key in linked_keys(version)])
        """Keys of other versions that it names."""
        self.marks = match_keys(version)
        """What it must have one of in common with a record that it is compared with."""

    @made_once
    def profile(self) -> Profile:
        """The version as it is compared."""
        return Profile(self.version)

    @made_once
    def refs(self) -> frozenset[str]:
        """What a decision may call it."""
        return frozenset((*self.own, f"{RECORD}{self.source}/{self.native_id}"))
