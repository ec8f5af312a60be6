"""The one error tree.

Every error that Findings raises on purpose descends from `FindingsError`; what a library raises is wrapped
in one place per adapter. `str(error)` is one line that says what happened and, where it helps, what to do.

    FindingsError
    ├── ConfigError            a setting or table is wrong                     (also ValueError)
    ├── SourceError            a source of records
    │   ├── SourceUnavailable      does not answer, refuses, or asks to wait
    │   ├── SourceChanged          answers in a form we cannot read
    │   └── RecordRejected         one record cannot be taken; the rest can
    ├── CatalogError           the database is missing, locked, full or of another version
    │   ├── CatalogUnusable        damaged, another program's or a newer version's: waiting helps nothing
    │   └── Superseded             another run has taken over this one's work
    ├── SearchError            the search index
    │   └── SearchUnavailable      cannot be opened or does not answer
    ├── DigestError            writing a digest
    │   ├── ModelUnavailable       the encoder or model is not installed or damaged
    │   └── DigestRefused          this paper gets no digest, for a reason to show
    ├── ListingError           something that people list
    │   ├── InvalidDate            a day, time or zone that does not exist         (also ValueError)
    │   ├── FetchRefused           an address that may not be asked, or answers with too much
    │   └── UnreadableListing      a page, calendar or table that holds no listing we can read
    ├── MailError              a letter that could not be handed over
    ├── NotAllowed             this person may not do this
    └── NotFound               nothing has this id                             (also LookupError)
        └── Gone                   there was one; it was withdrawn at its source
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.digest import Digest


class FindingsError(Exception):
    """Base of the tree; attributes hold the facts, `str()` gives one line."""


class ConfigError(FindingsError, ValueError):
    """A setting or a table in `config/` is wrong; `where` is its path or key."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where
        self.problem = problem


class SourceError(FindingsError):
    """Something about a source of records; `where` is an address or a file path."""

    def __init__(self, source: str, problem: str, where: str = "") -> None:
        super().__init__(f"{source}: {problem}" + (f" ({where})" if where else ""))
        self.source = source
        self.problem = problem
        self.where = where


class SourceUnavailable(SourceError):
    """The source does not answer, refuses, or asks to wait longer than we may."""


class SourceChanged(SourceError):
    """The source answers, but not in its format: wrong syntax, cut short, or a field gone."""


class RecordRejected(SourceError):
    """One record cannot be taken (`reason` is a short stable code); others are unaffected."""

    def __init__(self, source: str, native_id: str, reason: str, detail: str = "") -> None:
        super().__init__(source, f"record {native_id or '?'} rejected: {reason}", detail)
        self.native_id = native_id
        self.reason = reason
        self.detail = detail


class CatalogError(FindingsError):
    """The database is missing, locked, full, damaged or of another version."""


class CatalogUnusable(CatalogError):
    """It will answer no better later: someone must put another in its place, or another Findings here."""


class Superseded(CatalogError):
    """Another run has taken over what this one was doing; what it saved before is kept."""


class SearchError(FindingsError):
    """Something about the search index."""


class SearchUnavailable(SearchError):
    """The index cannot be opened or does not answer."""


class DigestError(FindingsError):
    """Something about writing a digest."""


class ModelUnavailable(DigestError):
    """The encoder or model is not installed, or its files are damaged."""


class DigestRefused(DigestError):
    """This paper gets no digest; `reason` is a key of `config/refusals.toml`, shown on its page.

    `draft` is what was written, where a reviewer may mend it.
    """

    def __init__(self, reason: str, detail: str = "", draft: "Digest | None" = None) -> None:
        super().__init__(reason + (f": {detail}" if detail else ""))
        self.reason = reason
        self.detail = detail
        self.draft = draft


class ListingError(FindingsError):
    """Something about what people list."""


class InvalidDate(ListingError, ValueError):
    """A day, a time or a zone that does not exist."""

    def __init__(self, text: str) -> None:
        super().__init__(f"no such date, time or zone: {text}")
        self.text = text


class FetchRefused(ListingError):
    """An address that we may not ask (`rule` says why), that does not answer, or answers with too much.

    `status` is that of HTTP, where it answered with a failure.
    """

    def __init__(self, url: str, rule: str, status: int | None = None) -> None:
        super().__init__(f"{url}: {rule}" + (f" {status}" if status else ""))
        self.url = url
        self.rule = rule
        self.status = status


class UnreadableListing(ListingError):
    """What was given holds no listing that we can read; `rule` is a short stable code."""

    def __init__(self, problem: str, rule: str = "unreadable") -> None:
        super().__init__(problem)
        self.problem = problem
        self.rule = rule


class MailError(FindingsError):
    """A letter that could not be handed over for sending; its text never says to whom it was."""


class NotAllowed(FindingsError):
    """This person may not do this (HTTP 403)."""


class NotFound(FindingsError, LookupError):
    """Nothing has this id."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"no {kind} with id {key!r}")
        self.kind = kind
        self.key = key


class Gone(NotFound):
    """There was one with this id, and its source has withdrawn it (HTTP 410)."""
