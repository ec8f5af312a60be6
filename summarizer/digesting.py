"""The stage between the catalog and itself: pending papers in, digests or refusals out."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain.digest import Audience, Digest, DigestStatus
from domain.errors import DigestRefused, ModelUnavailable
from domain.paper import Paper
from domain.ports import Catalog, Digester

log = logging.getLogger(__name__)


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


def write_pending(
    catalog: Catalog,
    digester: Digester,
    audience: Audience,
    limit: int | None = None,
    batch: int = 32,
    progress: Callable[[int], None] | None = None,
) -> DigestReport:
    """Write the pending digests for `audience`, saving each batch; if killed, the rest stays pending.

    Args:
        limit: at most so many papers; all when None.
        progress: called after each batch with how many papers have been done.

    Raises:
        ModelUnavailable: the digester cannot run at all.
        CatalogError: the database failed; batches saved before stay saved.
    """
    report = DigestReport()
    seen: set[str] = set()
    while limit is None or report.total < limit:
        room = batch if limit is None else min(batch, limit - report.total)
        # Those that failed are still pending, so ask for as many more and pass them by.
        waiting = catalog.pending_digests(audience, digester.name, room + len(report.failed))
        papers = [paper for paper in waiting if paper.id not in seen][:room]
        if not papers:
            break
        seen.update(paper.id for paper in papers)
        digests = [_write(paper, digester, audience, report) for paper in papers]
        catalog.save_digests([digest for digest in digests if digest is not None])
        if progress is not None:
            progress(report.total)
    return report


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
    return Digest(
        paper_id=paper.id,
        audience=audience,
        engine=digester.name,
        source_hash=paper.source_hash,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        status=DigestStatus.REFUSED,
        reason=refusal.reason,
        detail=refusal.detail,
    )
