"""The text of a paper as far as it is read: its passages, and where each stood."""

from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """Where a passage stood; told from its tag or its heading."""

    ABSTRACT = "abstract"
    INTRODUCTION = "introduction"
    METHODS = "methods"
    RESULTS = "results"
    DISCUSSION = "discussion"
    AVAILABILITY = "availability"
    """A data or code availability statement."""
    FUNDING = "funding"
    INTERESTS = "interests"
    """A statement of competing interests."""
    REGISTRATION = "registration"
    ACKNOWLEDGEMENTS = "acknowledgements"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph or section; `label` is its heading as printed, if it has one."""

    text: str
    place: Place = Place.OTHER
    label: str = ""
    points_to: tuple[str, ...] = ()
    """Ids, within the document, of the references, figures and tables that it points to."""


@dataclass(frozen=True, slots=True)
class Body:
    """The full text of one version."""

    version: str
    """`Version.source_hash`."""
    passages: tuple[Passage, ...]

    @property
    def text(self) -> str:
        """The passages, one after the other on lines of their own: what offsets count in."""
        return "\n".join(passage.text for passage in self.passages)
