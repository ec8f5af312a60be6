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
class Synonyms:
    """One thing by any of its names: papers with any of them match, and all wordings rank alike."""

    key: str
    """Names the group in an address: `cancer:colorectal`."""
    label: str
    """The name that stands for all of them: `colorectal cancer`."""
    wordings: tuple[str, ...]
    """Every name, the label's own among them, in a fixed order."""
    written: str
    """The words of the query that were read so."""
    source: str = ""
    """Who says that these are names of one thing."""
    field: str | None = None


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


@dataclass(frozen=True, slots=True)
class Preferring:
    """What `node` asks for; papers that match some of `better` as well come before others."""

    node: "Node"
    better: tuple["Node", ...]


Node = Word | Phrase | Range | Synonyms | And | Or | Not | Preferring


@dataclass(frozen=True, slots=True)
class Period:
    """Years that some words of a query may ask for, and as well may not: both ends included, None is open."""

    written: str
    low: int | None
    high: int | None
    rest: str
    """The query without these words."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a query text was understood; `node` None means everything."""

    node: Node | None
    notes: tuple[str, ...] = ()
    """Plain sentences about what could not be read as written and was searched as words."""
    synonyms: tuple[Synonyms, ...] = ()
    """The groups of names that the text was widened by, and those that were switched off."""
    literal: frozenset[str] = frozenset()
    """Keys of the groups that are switched off."""
    meaning: str = ""
    """The text to compare papers with by meaning; empty where there is none, as for a number or an author."""
    strict: bool = False
    """Whether a paper must match `node`: operators, quotes or fields were used. Meaning then only ranks."""
    period: Period | None = None
    """Years named in a plain list of words, to be offered as a filter; in `node` their words only rank."""


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
    cursor: str = ""
    """Where the page before ended (`SearchPage.cursor`); `offset` then does not count."""
    highlight: bool = True
    meaning: bool = True
    """Whether papers close in meaning are looked for beside those that have the words."""
    literal: frozenset[str] = frozenset()
    """Keys of the groups of synonyms to leave out; `*` stands for all."""


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
    by_meaning: bool = False
    """Found by meaning alone: the paper does not have the words."""


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
    """An answer: how many were found, one page of them, and how the query was read."""

    total: int
    """How many papers have what was asked for in words; exact."""
    related: int
    """How many more are listed only because they are close in meaning."""
    hits: tuple[Hit, ...]
    reading: Reading
    notes: tuple[str, ...] = ()
    """Plain sentences about the answer, such as why meaning was left out."""
    suggestion: str = ""
    """The query with its likely slips of spelling mended; empty where there are none."""
    cursor: str = ""
    """Asks for the page after this one; empty on the last."""
