"""A record as it is grouped: what it says, its keys, and the work that it belonged to until now."""

from dataclasses import dataclass
from functools import cached_property

from catalog.database import storable
from domain.identity import linked_keys, own_keys
from domain.matching import match_keys
from domain.paper import Version
from domain.profile import Profile

RECORD = "record:"
"""Before source and native id: how a decision names a record rather than an identifier."""


@dataclass(frozen=True)
class Member:
    """A live record, with the work that it belonged to until now."""

    source: str
    native_id: str
    fetched_at: str
    version: Version
    work: str | None = None
    reading: bytes = b""
    """The version as the catalog keeps it."""

    @property
    def name(self) -> tuple[str, str]:
        """Source and native id."""
        return self.source, self.native_id

    @cached_property
    def own(self) -> tuple[str, ...]:
        """Keys under which its version is known."""
        return tuple(storable(key) for key in own_keys(self.version))

    @cached_property
    def linked(self) -> tuple[str, ...]:
        """Keys of other versions that it names."""
        return tuple(storable(key) for key in linked_keys(self.version))

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """What it must have one of in common with a record that it is compared with."""
        return match_keys(self.version)

    @cached_property
    def profile(self) -> Profile:
        """The version as it is compared."""
        return Profile(self.version)

    @cached_property
    def refs(self) -> frozenset[str]:
        """What a decision may call it."""
        return frozenset((*self.own, f"{RECORD}{self.source}/{self.native_id}"))
