"""What has become of papers by the time a letter is put together; each is looked up once a run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from domain.digest import Audience
from domain.paper import Paper
from domain.ports import Catalog
from domain.subscription import News, NewsKind
from subscriptions.news import DOUBTED
from subscriptions.papers import load_papers

_MOST = 20_000
OF_PAPERS = frozenset(
    {
        NewsKind.PAPER,
        NewsKind.VERSION,
        NewsKind.RETRACTED,
        NewsKind.WITHDRAWN,
        NewsKind.CONCERN,
        NewsKind.CORRECTED,
        NewsKind.RESULTS,
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A paper as it is now."""

    id: str
    names: tuple[str, ...]
    """Its id, and former ones."""
    doubted: bool
    audiences: tuple[Audience, ...]
    """For whom it is told in plain words."""


def to_standing(paper: Paper, audiences: tuple[Audience, ...]) -> Standing:
    """What letters need to know of a paper."""
    return Standing(paper.id, (paper.id, *paper.aliases), paper.has_notice(*DOUBTED), audiences)


class Standings:
    """Papers as they are now."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[str, Standing | None] = {}

    def look_up(self, news: Iterable[News]) -> None:
        """Read what is not known of these papers, all at once. Raises `CatalogError`."""
        wanted = {one.target for one in news if one.kind in OF_PAPERS} - self._known.keys()
        if len(self._known) + len(wanted) > _MOST:
            self._known.clear()
        if not wanted:
            return
        papers = load_papers(self._catalog, sorted(wanted))
        audiences = self._catalog.published_audiences([paper.id for paper in papers.values()])
        for name in wanted:
            paper = papers.get(name)
            self._known[name] = to_standing(paper, audiences.get(paper.id, ())) if paper else None

    def current(self, news: Sequence[News]) -> list[News]:
        """What can still be told, under the ids that the papers have now; of a paper told twice, one."""
        found: dict[str, News] = {}
        for one in news:
            if one.kind in OF_PAPERS:
                paper = self._known.get(one.target)
                if paper is None or (one.kind is NewsKind.PAPER and paper.doubted):
                    continue
                if paper.id != one.target:
                    one = replace(one, target=paper.id)
            found.setdefault(one.key, one)
        return list(found.values())

    def keys(self, news: News) -> tuple[str, ...]:
        """By which the ledger may have it: what was told of a paper under a former id was told."""
        paper = self._known.get(news.target) if news.kind in OF_PAPERS else None
        if paper is None or len(paper.names) == 1:
            return (news.key,)
        return tuple(replace(news, target=name).key for name in paper.names)

    def digested(self, news: Iterable[News], audience: Audience) -> frozenset[str]:
        """Ids of those papers that are told in plain words for the audience."""
        known = (self._known.get(one.target) for one in news)
        return frozenset(paper.id for paper in known if paper and audience in paper.audiences)
