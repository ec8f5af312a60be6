"""The stage between the catalog and itself: pending papers in, digests or refusals out."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from domain.collecting import rare_collections
from domain.digest import Audience, Digest, DigestStatus
from domain.errors import DigestRefused, ModelUnavailable, NotFound
from domain.evidence import BODY, Evidence, is_anchored
from domain.facts import FactTable
from domain.paper import Paper
from domain.ports import Bodies, Catalog, Digester, Preparing, ReadingAhead

log = logging.getLogger(__name__)

Waiting = Mapping[Audience, Sequence[Paper]]
"""The papers that are told together, for each audience."""


@dataclass(slots=True)
class DigestReport:
    """What became of the pending papers."""

    published: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    """Reason → how many."""
    failed: dict[str, str] = field(default_factory=dict)
    """Paper id → what went wrong; these stay pending."""

    @property
    def total(self) -> int:
        """Every paper that was looked at."""
        return self.published + sum(self.refused.values()) + len(self.failed)


@dataclass(slots=True)
class Verification:
    """How published digests stand on their papers."""

    digests: int = 0
    sentences: int = 0
    loose: int = 0
    """Sentences whose evidence does not stand where they say."""
    recalled: list[str] = field(default_factory=list)
    """Paper and audience of each digest that was recalled."""


def write_all(
    catalog: Catalog,
    digester: Digester,
    audiences: Sequence[Audience] = tuple(Audience),
    limit: int | None = None,
    batch: int = 64,
    progress: Callable[[int], None] | None = None,
) -> dict[Audience, DigestReport]:
    """Write the pending digests, each paper for all audiences at once; if killed, the rest stays pending.

    Args:
        limit: at most so many papers for each audience; all when None.
        batch: of how many papers the digests are saved in one transaction.
        progress: called after each batch with how many digests have been written or refused.

    Raises:
        ModelUnavailable: the digester cannot run at all.
        CatalogError: the database failed; batches saved before stay saved.
    """
    reports = {audience: DigestReport() for audience in audiences}
    seen: dict[Audience, set[str]] = {audience: set() for audience in audiences}

    def following() -> Waiting:
        # All lists are read before anything is saved: saving a digest moves its paper to the end of them.
        waiting = {
            audience: _next(catalog, digester, audience, report, seen[audience], limit, batch)
            for audience, report in reports.items()
        }
        if isinstance(digester, ReadingAhead):
            digester.read_ahead([paper for papers in waiting.values() for paper in papers])
        return waiting

    with rare_collections():
        waiting = following()
        while any(waiting.values()):
            # The next ones are begun before these are told, so that the background is never idle.
            after = following()
            written = _written(waiting, digester, reports)
            catalog.save_digests(written, _facts(waiting, written, digester))
            if progress is not None:
                progress(sum(report.total for report in reports.values()))
            waiting = after
    return reports


def _written(waiting: Waiting, digester: Digester, reports: Mapping[Audience, DigestReport]) -> list[Digest]:
    """Paper by paper: what is read in the background is needed as late as can be."""
    turns: dict[str, list[tuple[Paper, Audience]]] = {}
    for audience, papers in waiting.items():
        if isinstance(digester, Preparing):
            digester.prepare(papers, audience)
        for paper in papers:
            turns.setdefault(paper.id, []).append((paper, audience))
    tries = (_write(p, digester, to, reports[to]) for turn in turns.values() for p, to in turn)
    return [digest for digest in tries if digest is not None]


def _facts(waiting: Waiting, written: Sequence[Digest], digester: Digester) -> dict[str, FactTable]:
    """The fact tables of those papers that a digest was published about."""
    published = {digest.paper_id for digest in written if digest.status is DigestStatus.PUBLISHED}
    papers = {paper.id: paper for some in waiting.values() for paper in some if paper.id in published}
    return {paper_id: digester.facts(paper) for paper_id, paper in papers.items()}


def _next(
    catalog: Catalog,
    digester: Digester,
    audience: Audience,
    report: DigestReport,
    seen: set[str],
    limit: int | None,
    batch: int,
) -> list[Paper]:
    """The next papers to write about for `audience`; notes them as seen."""
    room = batch if limit is None else min(batch, limit - len(seen))
    if room <= 0:
        return []
    # Those that failed or are being told are still pending, so ask for as many more and pass them by.
    pending = len(seen) - report.total + len(report.failed)
    waiting = catalog.pending_digests(audience, digester.name, room + pending)
    papers = [paper for paper in waiting if paper.id not in seen][:room]
    seen.update(paper.id for paper in papers)
    return papers


def _write(paper: Paper, digester: Digester, audience: Audience, report: DigestReport) -> Digest | None:
    try:
        digest = digester.digest(paper, audience)
    except DigestRefused as refusal:
        report.refused[refusal.reason] = report.refused.get(refusal.reason, 0) + 1
        return _refused(paper, digester, audience, refusal)
    except ModelUnavailable:
        raise
    except Exception as error:
        # One paper that no rule foresaw must not keep digests from all the others.
        log.exception("no digest of %s for %s", paper.id, audience)
        report.failed[paper.id] = f"{type(error).__name__}: {error}"
        return None
    report.published += 1
    return digest


def _refused(paper: Paper, digester: Digester, audience: Audience, refusal: DigestRefused) -> Digest:
    draft = refusal.draft or Digest(
        paper_id=paper.id,
        audience=audience,
        engine=digester.name,
        source_hash=paper.source_hash,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        status=DigestStatus.REFUSED,
    )
    refused = DigestStatus.REFUSED
    return replace(draft, engine=digester.name, status=refused, reason=refusal.reason, detail=refusal.detail)


def verify(catalog: Catalog, bodies: Bodies | None = None, batch: int = 100) -> Verification:
    """Check that every published sentence still stands on words of its paper; recall the digests that do not.

    Raises:
        CatalogError: the database failed; batches saved before stay saved.
    """
    report = Verification()
    for audience in Audience:
        # All are listed before any is recalled: a recall would move the pages that are left.
        for digest in list(_published(catalog, audience, batch)):
            loose = _loose(digest, catalog, bodies)
            report.digests += 1
            report.sentences += len(digest.sentences)
            report.loose += loose
            if loose:
                recalled = replace(digest, status=DigestStatus.RECALLED, reason="unanchored")
                catalog.save_digests([recalled])
                report.recalled.append(f"{digest.paper_id} {audience}")
    return report


def _published(catalog: Catalog, audience: Audience, batch: int) -> Iterator[Digest]:
    offset = 0
    while True:
        _, digests = catalog.digests(audience, offset, batch)
        if not digests:
            return
        yield from digests
        offset += len(digests)


def _loose(digest: Digest, catalog: Catalog, bodies: Bodies | None) -> int:
    """How many of its sentences rest on words that are no longer there."""
    try:
        paper = catalog.paper(digest.paper_id)
    except NotFound:
        return 0  # withdrawn meanwhile, and its digests with it
    return sum(
        not all(_stands(evidence, paper, bodies) for evidence in (sentence.evidence, *sentence.also))
        for sentence in digest.sentences
    )


def _stands(evidence: Evidence, paper: Paper, bodies: Bodies | None) -> bool:
    """Whether any version has these words; sources may tell of a version in the same words twice."""
    for version in paper.versions:
        if version.source_hash == evidence.version:
            body = bodies.body(version) if bodies and evidence.text_of == BODY else None
            if is_anchored(evidence, version, body):
                return True
    return False
