"""Questions to the search index and its answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or all words beginning so when `prefix`; `field` None means every text field."""

    text: str
    field: str | None = None
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, next to each other."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """Values from `low` to `high`, both included; None is open."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class And:
    """Every part."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but `part`."""

    part: "Node"


Node = Word | Phrase | Range | And | Or | Not


@dataclass(frozen=True, slots=True)
class Reading:
    """How a query text was understood; `node` None means everything."""

    node: Node | None
    notes: tuple[str, ...] = ()
    """Plain sentences about what could not be read as written and was searched as words."""


class Sort(StrEnum):
    """Order of hits."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


UNKNOWN = "unknown"
"""The facet value of papers that do not state the field."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader asks: words, filters by facet field (values of one field are alternatives), a page."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    size: int = 10
    facets: bool = True
    highlight: bool = True


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text with the matching parts marked: `(text, matches)` pairs in order."""

    pieces: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        """The plain text."""
        return "".join(text for text, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class Hit:
    """One paper found; the page reads the rest from the catalog."""

    paper_id: str
    score: float
    title: Fragment | None = None
    snippet: Fragment | None = None


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet and how many papers have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field among the papers found, under the filters of the *other* fields."""

    field: str
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """An answer: how many were found in all, one page of them, the facets, and how the query was read."""

    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    reading: Reading
