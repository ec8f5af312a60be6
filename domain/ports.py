"""What the rooms ask of each other. Each port has a default that needs no server, and one contract test."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from domain.body import Body
from domain.digest import Audience, Digest, DigestStatus
from domain.facts import FactTable
from domain.paper import Paper, Version
from domain.query import Facet, Hit, Query, SearchPage
from domain.record import Checkpoint, Counts, HarvestedRecord
from domain.review import Clarity, LogEntry, QueueItem, Verdict
from domain.subscription_ports import OutboxEntry


@dataclass(frozen=True, slots=True)
class Change:
    """A paper that was written or withdrawn; `sequence` rises in the order of commits."""

    sequence: int
    paper_id: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record that could not be taken, kept so that nothing vanishes silently."""

    record: HarvestedRecord
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RejectionCount:
    """How many records of a source could not be taken for one reason."""

    source: str
    reason: str
    count: int
    latest: str
    """When the last of them came."""


@dataclass(frozen=True, slots=True)
class Run:
    """A harvest or import as the status page shows it."""

    id: int
    source: str
    scope: str
    started_at: str
    finished_at: str | None
    outcome: str
    """`running`, `complete`, `limited` (it stopped after as many records as were wanted), `partial` or
    `failed`.
    """
    counts: Counts
    note: str = ""


class Catalog(Protocol):
    """The database, and the only truth. Raises `CatalogError`."""

    def save(
        self,
        records: Sequence[tuple[HarvestedRecord, Version]],
        rejections: Sequence[Rejection] = (),
        checkpoint: Checkpoint | None = None,
        *,
        source: str = "",
        deleted: Iterable[str] = (),
        fence: str | None = None,
        noted: Mapping[str, str | None] = ...,
    ) -> Counts:
        """Save one page in one transaction: raw records, works, change log, outbox, checkpoint.

        First the records of `source` with those `deleted` native ids are withdrawn. `noted` are marks of
        `source` that are set with it (`set_mark`). Idempotent: a record with
        the same payload and reading counts as unchanged and logs no change. Raises `Superseded`, with nothing
        saved, when the source's fence, this one or the checkpoint's, is no longer up.
        """
        ...

    def delete(self, source: str, native_ids: Iterable[str]) -> int:
        """Withdraw records; works left with none become tombstones. Returns how many works were."""
        ...

    def checkpoint(self, source: str, scope: str) -> Checkpoint | None:
        """The last saved checkpoint of that harvest."""
        ...

    def mark(self, source: str, name: str) -> str | None:
        """What a harvest has noted about a source under `name` (`watermark`, `etag` …)."""
        ...

    def set_mark(self, source: str, name: str, value: str | None) -> None:
        """Note it, durably; None forgets it."""
        ...

    def held(self, source: str, native_ids: Iterable[str]) -> frozenset[str]:
        """Those of the native ids whose records stand."""
        ...

    def keys(self, scheme: str, after: str = "", limit: int = 500) -> list[str]:
        """Identifiers of living papers in that scheme (`doi`), sorted, from the first beyond `after` on."""
        ...

    def paper(self, paper_id: str) -> Paper:
        """One paper by its id or an alias. Raises `NotFound`, `Gone`."""
        ...

    def papers(self, paper_ids: Sequence[str]) -> list[Paper]:
        """Papers in the order of their ids or aliases, each once; missing and withdrawn ones are left out."""
        ...

    def find(self, key: str) -> str:
        """The id of the paper that has the identifier key (`doi:…`). Raises `NotFound`."""
        ...

    def changes(self, after: int, limit: int = 500) -> list[Change]:
        """Changes with a sequence above `after`, oldest first; only the last change of each paper."""
        ...

    def last_change(self) -> int:
        """The highest sequence so far, 0 when empty."""
        ...

    def outbox(self, after: int = 0, limit: int = 500) -> list[OutboxEntry]:
        """What was told with an id above `after`, oldest first; ids rise in the order of commits."""
        ...

    def pending_digests(self, audience: Audience, engine: str, limit: int) -> list[Paper]:
        """Papers without an up-to-date digest by `engine` for `audience`, oldest change first."""
        ...

    def save_digests(self, digests: Sequence[Digest], facts: Mapping[str, FactTable] = ...) -> None:
        """Save digests, published or refused, and fact tables (paper id → table), log the change and the
        outbox entries; one transaction.

        A digest whose paper has changed since it was read (`source_hash` differs) is dropped, and so is one
        that would replace what a person has reviewed while the paper is the same.
        """
        ...

    def facts(self, paper_id: str) -> FactTable | None:
        """The fact table of a paper, if it has been told."""
        ...

    def record(self, source: str, native_id: str) -> HarvestedRecord | None:
        """One raw record that stands."""
        ...

    def review(
        self,
        paper_id: str,
        audience: Audience,
        verdict: Verdict,
        by: str,
        note: str = "",
        corrected: Digest | None = None,
        suggestion: int | None = None,
    ) -> LogEntry:
        """Note what a named reviewer decided; one transaction with the digest, change log and outbox.

        Args:
            by: the reviewer's public name.
            corrected: the digest as corrected, for `CORRECT`.
            suggestion: the log entry that is taken up or declined.

        Raises:
            NotFound: no such digest or suggestion.
        """
        ...

    def suggest(self, paper_id: str, audience: Audience, by: str, note: str) -> LogEntry:
        """Keep a proposed correction for reviewers. Raises `NotFound` where no digest is published."""
        ...

    def digest_log(self, paper_id: str, audience: Audience) -> tuple[LogEntry, ...]:
        """The change log of a digest, oldest first, proposals included."""
        ...

    def review_queue(self, offset: int = 0, size: int = 50) -> tuple[int, list[QueueItem]]:
        """How many digests wait for a reviewer, and one page, the oldest first."""
        ...

    def tell_clarity(self, paper_id: str, audience: Audience, answers: tuple[bool, bool, bool]) -> None:
        """Add one reader's answers to the pool of the digest as it stands. Raises `NotFound`."""
        ...

    def clarity(self, paper_id: str, audience: Audience) -> Clarity:
        """The pooled answers to the digest as it stands."""
        ...

    def digest(self, paper_id: str, audience: Audience) -> Digest | None:
        """The digest of a paper for an audience, whatever its status."""
        ...

    def published_audiences(self, paper_ids: Sequence[str]) -> dict[str, tuple[Audience, ...]]:
        """Paper id → audiences with a published digest."""
        ...

    def digests(
        self,
        audience: Audience,
        offset: int = 0,
        size: int = 20,
        status: DigestStatus = DigestStatus.PUBLISHED,
    ) -> tuple[int, list[Digest]]:
        """How many digests of that status there are for the audience, and one page, newest first."""
        ...

    def holdings(self) -> dict[str, int]:
        """Source → how many of its records stand."""
        ...

    def rejected(self) -> dict[str, int]:
        """Source → how many of its records could not be taken."""
        ...

    def counts(self) -> dict[str, int]:
        """How many `papers`, `versions`, `records`, `rejected`, `digests`, `refused`, `deleted`."""
        ...

    def start_run(self, source: str, scope: str) -> int:
        """Note that a harvest or import begins; returns the run's id."""
        ...

    def finish_run(self, run_id: int, outcome: str, counts: Counts, note: str = "") -> None:
        """Note how it ended."""
        ...

    def runs(self, limit: int = 20, source: str | None = None) -> list[Run]:
        """The latest runs, newest first; with `source`, of those of that one."""
        ...

    def close(self) -> None:
        """Release the connection."""
        ...


@dataclass(frozen=True, slots=True)
class Indexable:
    """What the index is given of one paper."""

    paper: Paper
    digests: tuple[Audience, ...] = ()


class Projection(Protocol):
    """Something made from the catalog by its change log alone; it knows how far it has come."""

    def position(self) -> int:
        """The change sequence up to which it is up to date; 0 for a new one."""
        ...

    def write(self, upserts: Iterable[Indexable], deletes: Iterable[str], position: int) -> None:
        """Apply changes and move to `position`, durably; running it twice is the same as once."""
        ...

    def count(self) -> int:
        """How many papers are in it."""
        ...

    def ids(self) -> Iterator[str]:
        """The ids of all papers in it, in no order."""
        ...

    def clear(self) -> None:
        """Empty it and go back to position 0."""
        ...


class SearchIndex(Projection, Protocol):
    """Search over the catalog's papers: a projection, rebuilt from the change log. Raises `SearchError`."""

    @property
    def vectors(self) -> Projection | None:
        """What search by meaning needs, with a position of its own since it takes hours where words take
        minutes; None where there is no encoder."""
        ...

    def search(self, query: Query) -> SearchPage:
        """Answer; any text is a valid query."""
        ...

    def facets(self, query: Query) -> tuple[Facet, ...]:
        """The values of each facet among the papers that have what `query` asks for in words."""
        ...

    def similar(self, paper_id: str, size: int = 5) -> tuple[Hit, ...]:
        """The papers closest in meaning to one; none where that cannot be told."""
        ...

    def changed_names(self) -> int:
        """How many things have other names in the table by now than when the index was built."""
        ...

    def close(self) -> None:
        """Release what is held."""
        ...


class Vectors(Protocol):
    """A matrix of 32-bit floats, one row per text; `numpy.asarray` reads it."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        ...

    def __array__(self) -> Any:  # noqa: ANN401 - an array of a library that the domain does without
        """The matrix itself."""
        ...


class Encoder(Protocol):
    """Turns texts into vectors of unit length; the closer in meaning, the larger their dot product."""

    @property
    def name(self) -> str:
        """Model and version; vectors of different names cannot be compared."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row per text."""
        ...


class Bodies(Protocol):
    """Gives the full text of a version where the node holds it and its licence lets it be rewritten."""

    def body(self, version: Version) -> Body | None:
        """The text, or None."""
        ...


class Digester(Protocol):
    """Writes digests. Raises `ModelUnavailable`, and `DigestRefused` for a paper that gets none."""

    @property
    def name(self) -> str:
        """Name and version, stored with each digest (`extractive/1`); a new version makes all pending."""
        ...

    def digest(self, paper: Paper, audience: Audience) -> Digest:
        """Write the digest of `paper` for `audience`."""
        ...

    def facts(self, paper: Paper) -> FactTable:
        """The facts of the version that digests of `paper` are written from."""
        ...


@runtime_checkable
class Preparing(Protocol):
    """A digester that does better when it is told of many papers at once."""

    def prepare(self, papers: Sequence[Paper], audience: Audience) -> None:
        """Do what can be done for all of them together; `digest` is then called for each.

        Raises `ModelUnavailable`; what is wrong with one paper is told by `digest`.
        """
        ...


@runtime_checkable
class ReadingAhead(Protocol):
    """A digester that can begin with papers in the background, while others are told."""

    def read_ahead(self, papers: Sequence[Paper]) -> None:
        """Begin with papers that `digest` will soon be called for; returns at once.

        Raises `ModelUnavailable`; what is wrong with one paper is told by `digest`.
        """
        ...


class Mailer(Protocol):
    """Sends letters. Raises `MailError`."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Send plain text to one address. Nothing in the three can add a header or a recipient."""
        ...
