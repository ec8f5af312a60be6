"""A part of a paper's text as far as it is read, and where it stood."""

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
