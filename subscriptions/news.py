"""Which entries of the catalog's outbox are news, and of which papers: harvesting, by itself, is none.

A paper is news when it has just appeared; a backfill of old ones, an index built anew and a better reading of
old records are silent. One that is retracted, withdrawn or in doubt before anybody was told is not announced.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.instants import to_timestamp
from domain.paper import NoticeKind, Paper, TrialRole
from domain.ports import Catalog
from domain.subscription import News, NewsKind
from domain.subscription_ports import OutboxEntry
from subscriptions.papers import load_papers
from subscriptions.recency import VERSION_RECENT, is_recent, to_instant

DOUBTED = (NoticeKind.RETRACTED, NoticeKind.WITHDRAWN, NoticeKind.CONCERN)
_NOTICES = {f"paper.{kind}": NewsKind(kind.value) for kind in NoticeKind}
_ONCE = (NewsKind.RETRACTED, NewsKind.WITHDRAWN)
"""A paper is retracted or withdrawn but once, whatever notices are found for it."""
STALE = timedelta(days=62)
"""What was added longer ago than the longest rhythm is not told of any more, however late we come to it."""
_YOUNG = timedelta(days=14)
"""So long after a paper was added may what is still missing (an abstract, its subjects) make it match."""
_ADDED, _UPDATED, _DIGESTED = "paper.added", "paper.updated", "digest.published"


@dataclass(frozen=True, slots=True)
class Fresh:
    """A paper with the instant at which we learnt of what is new about it."""

    paper: Paper
    at: str


@dataclass(slots=True)
class Batch:
    """What some entries of the outbox tell."""

    added: list[Fresh] = field(default_factory=list)
    """Papers that have just appeared."""
    digested: list[Fresh] = field(default_factory=list)
    """Such papers, told before, that have got a digest: news for those who asked for papers with one."""
    reporting: list[Fresh] = field(default_factory=list)
    """Such papers that report results of a trial."""
    happened: list[tuple[Paper, News]] = field(default_factory=list)
    """What became of papers: versions, notices."""

    def __bool__(self) -> bool:
        return bool(self.added or self.digested or self.reporting or self.happened)

    @property
    def warnings(self) -> list[tuple[Paper, News]]:
        """What must be told to all who were told of the paper."""
        return [(paper, news) for paper, news in self.happened if news.kind.is_warning]


def read_batch(entries: Sequence[OutboxEntry], catalog: Catalog, now: datetime) -> Batch:
    """What is news among `entries`. Raises `CatalogError`."""
    stale = to_timestamp(now - STALE)
    wanted = [entry for entry in entries if _may_be_news(entry, stale)]
    papers = load_papers(catalog, [entry.paper_id for entry in wanted])
    batch = Batch()
    seen: set[tuple[str, str]] = set()
    for entry in wanted:
        paper = papers.get(entry.paper_id)
        if paper is None or (entry.topic, paper.id) in seen:
            continue
        seen.add((entry.topic, paper.id))
        _read_entry(batch, entry, paper)
    batch.added = list({fresh.paper.id: fresh for fresh in reversed(batch.added)}.values())[::-1]
    told = {fresh.paper.id for fresh in batch.added}
    batch.digested = [fresh for fresh in batch.digested if fresh.paper.id not in told]
    return batch


def _may_be_news(entry: OutboxEntry, stale: str) -> bool:
    return entry.topic in _NOTICES or (entry.topic in (_ADDED, _UPDATED, _DIGESTED) and entry.at > stale)


def is_new(paper: Paper, at: str) -> bool:
    """Whether a paper that we learnt of at that instant had just appeared, and stands."""
    return is_recent(_published(paper), at) and not paper.has_notice(*DOUBTED)


def _read_entry(batch: Batch, entry: OutboxEntry, paper: Paper) -> None:
    if kind := _NOTICES.get(entry.topic):
        batch.happened.append((paper, _notice_news(kind, paper, entry)))
    elif entry.topic == _UPDATED and (version := _version_news(paper, entry)):
        batch.happened.append((paper, version))
    if entry.topic in _NOTICES or not is_new(paper, entry.at):
        return
    fresh = Fresh(paper, entry.at)
    if entry.topic == _ADDED or (entry.topic == _UPDATED and _is_young(paper, entry.at)):
        batch.added.append(fresh)
    elif entry.topic == _DIGESTED:
        batch.digested.append(fresh)
    if entry.topic != _DIGESTED and any(reported_trials(paper)):
        batch.reporting.append(fresh)


def _is_young(paper: Paper, at: str) -> bool:
    return to_instant(at) - to_instant(paper.added_at) <= _YOUNG


def reported_trials(paper: Paper) -> Iterator[tuple[str, str]]:
    """Registry and id of the trials whose results a paper reports."""
    return ((trial.registry, trial.id) for trial in paper.trials if trial.role is TrialRole.REPORTS)


def _notice_news(kind: NewsKind, paper: Paper, entry: OutboxEntry) -> News:
    detail = "" if kind in _ONCE else str(entry.facts.get("notice") or "")
    return News(kind, paper.id, entry.at, detail)


def _version_news(paper: Paper, entry: OutboxEntry) -> News | None:
    """The entry as news where it tells of one more version that has lately appeared."""
    if not _has_more(entry.facts):
        return None
    newest = max(paper.versions, key=lambda version: version.published or "")
    if not is_recent(newest.published, entry.at, VERSION_RECENT):
        return None
    return News(NewsKind.VERSION, paper.id, entry.at, next(iter(newest.identifiers.keys()), str(newest.kind)))


def _has_more(facts: Mapping[str, object]) -> bool:
    match facts.get("versions"):
        case [int(before), int(after)]:
            return after > before
    return False


def _published(paper: Paper) -> str | None:
    return paper.primary.published or next((v.published for v in paper.versions if v.published), None)
