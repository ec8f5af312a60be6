"""Invented records for the catalog's tests; none of these papers exists."""

from collections.abc import Sequence
from datetime import UTC, datetime

from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Role
from domain.evidence import Evidence
from domain.identifiers import Identifiers
from domain.licence import Licence
from domain.paper import (
    Abstract,
    Author,
    Journal,
    Link,
    LinkKind,
    Notice,
    NoticeKind,
    Paper,
    Section,
    Version,
    VersionKind,
)
from domain.record import HarvestedRecord

Saved = tuple[HarvestedRecord, Version]
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def version(
    doi: str | None = None,
    *,
    pmid: str | None = None,
    title: str = "Invented trial of imaginarib in glioma",
    kind: VersionKind = VersionKind.ARTICLE,
    links: Sequence[str] = (),
    notices: Sequence[NoticeKind] = (),
    abstract: str = "We invented 40 patients. Survival rose to 12 months.",
    keywords: Sequence[str] = (),
    authors: Sequence[str] = ("Invented Ada",),
    year: str = "2025-03",
    pages: str = "",
    companion: bool = False,
) -> Version:
    """A version with as little as a test needs."""
    return Version(
        kind=kind,
        identifiers=Identifiers(doi=doi, pmid=pmid),
        title=title,
        language="en",
        abstracts=(Abstract((Section(abstract),)),) if abstract else (),
        authors=tuple(Author(name, *name.split()) for name in authors),
        published=year,
        journal=Journal("Invented oncology", volume="7", pages=pages) if pages else None,
        licence=Licence("cc-by", "CC BY", "license"),
        links=tuple(Link(LinkKind.PREPRINT, key) for key in links),
        notices=tuple(Notice(kind, f"doi:10.5555/notice-{kind}") for kind in notices),
        keywords=tuple(keywords),
        companion=companion,
    )


def saved(native_id: str, told: Version, source: str = "alpha", payload: bytes | None = None) -> Saved:
    """A record of `source` that tells of `told`."""
    raw = payload if payload is not None else f"<invented>{native_id} {told.title}</invented>".encode()
    return HarvestedRecord(source, native_id, WHEN, "application/xml", raw), told


def article(number: int, **facts: object) -> Saved:
    """The invented article of that number."""
    return saved(f"a{number}", version(f"10.5555/a{number}", title=f"Invented paper {number}", **facts))  # type: ignore[arg-type]


def digest(
    paper: Paper,
    audience: Audience = Audience.PUBLIC,
    status: DigestStatus = DigestStatus.PUBLISHED,
    *,
    engine: str = "extractive/1",
    reason: str = "",
    created_at: str = "2026-01-03T00:00:00Z",
) -> Digest:
    """A digest of one sentence."""
    words = "Survival rose to 12 months."
    evidence = Evidence(paper.primary.source_hash, 0, len(words), words)
    sentences = (DigestSentence(words, Role.RESULT, evidence),) if status is DigestStatus.PUBLISHED else ()
    return Digest(
        paper.id, audience, engine, paper.source_hash, created_at, status, sentences, reason, licence="cc-by"
    )
