"""The front page and the pages about the site itself: honest figures, sources, health."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from crawler.health import source_health
from domain.digest import Audience, DigestSentence, Role
from domain.errors import CatalogError
from domain.ports import Run
from domain.query import UNKNOWN
from web.digests.claims import Claim, to_claim
from web.digests.pages import Entry, entries
from web.figures import Facets, Figures, IndexState
from web.jobs import JobsView, to_jobs
from web.labels import label, source_title, table
from web.site import Site
from web.sources import SourceView, to_views

NEWEST = 4
RUNS, RUNS_SHOWN = 200, 20
"""Among how many of the latest runs a source's last one is looked for, and how many are listed."""
EXAMPLES = 24
"""Among how many of the newest digests the example is chosen."""
EXAMPLE_LENGTH = 320
EXAMPLE_WORDS = range(8, 31)
"""Fewer are no thought, and more are hard to take in at a glance."""
_LEANING = frozenset(
    (
        *("also", "but", "he", "however", "it", "its", "she"),
        *("so", "such", "that", "these", "they", "this", "those"),
    )
)
"""A sentence that begins so leans on the one before it."""
FACET_LIMIT = 50
"""An index may leave out the values of a facet beyond this many, so a full facet is a lower bound."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A cancer type to browse; the count is None while search is down."""

    code: str
    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source and when it was last harvested to the end."""

    title: str
    home: str
    last: str


@dataclass(frozen=True, slots=True)
class HomeView:
    """Everything the front page shows."""

    topics: tuple[Topic, ...]
    newest: tuple[Entry, ...]
    example: tuple[Entry, Claim] | None
    counts: dict[str, int]
    countries: str | None
    """Countries of authors; None while search is down."""
    sources: tuple[SourceState, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the parts answer, and how far the index is behind."""

    ok: bool
    database: str
    search: str
    """`ok`, `unavailable`, `building` while the index lacks most of the papers, or `foreign` while it is of
    another database, such as before a backup was restored."""
    papers: int | None
    indexed: int | None
    lag: int | None
    """Changes of the catalogue that the index does not have yet; None where nobody knows."""
    vectors: int | None
    """Papers that can be compared by meaning; None where none ever can."""
    vectors_lag: int | None

    @property
    def answers(self) -> bool:
        """Whether every part answers, be it with little."""
        return self.database == "ok" and self.search != "unavailable"


@dataclass(frozen=True, slots=True)
class StatusView:
    """The public status page."""

    health: Health
    counts: dict[str, int]
    """Empty while the database is down."""
    runs: tuple[Run, ...]
    sources: tuple[SourceView, ...] = ()
    jobs: JobsView | None = None


def home(site: Site, figures: Figures) -> HomeView:
    """The front page; search being down leaves out counts, not the page."""
    _, newest = site.catalog.digests(Audience.PUBLIC, 0, EXAMPLES)
    readable = entries(site, newest)
    facets = figures.facets()
    return HomeView(
        topics=topics(facets),
        newest=readable[:NEWEST],
        example=_example(readable),
        counts=figures.counts(),
        countries=_countries(facets),
        sources=sources(site.catalog.runs(50)),
    )


def topics(facets: Facets) -> tuple[Topic, ...]:
    """Cancer types that have papers, most first; all known types while search is down."""
    if not facets:
        return tuple(Topic(code, label("cancer_types", code), None) for code in table("cancer_types"))
    counts = facets.get("cancer_type", {})
    ordered = sorted((-count, code) for code, count in counts.items() if code != UNKNOWN)
    return tuple(Topic(code, label("cancer_types", code), -count) for count, code in ordered)


def sources(runs: list[Run]) -> tuple[SourceState, ...]:
    """Sources by their last finished run, newest first."""
    latest: dict[str, str] = {}
    for run in runs:
        if run.finished_at and run.outcome in {"complete", "limited", "partial"}:
            latest[run.source] = max(run.finished_at, latest.get(run.source, ""))
    known = table("sources")
    newest_first = sorted(latest.items(), key=lambda item: item[1], reverse=True)
    return tuple(
        SourceState(source_title(name), str(facts.get("home", "")), when)
        for name, when in newest_first
        for facts in [known.get(name, {})]
    )


def health(site: Site, figures: Figures) -> Health:
    """Ask database and index; a part that fails is named, not raised. Cheap, as it is asked often."""
    state = figures.index()  # before the catalog, which only ever moves on
    last = papers = None
    database = "ok"
    try:
        last, papers = site.catalog.last_change(), figures.counts().get("papers", 0)
    except CatalogError:
        database = "unavailable"
    search = _search_state(state, papers or 0, last)
    return Health(
        ok=database == search == "ok",
        database=database,
        search=search,
        papers=papers,
        indexed=state.papers if state else None,
        lag=_lag(last, state.position if state else None),
        vectors=state.vectors if state else None,
        vectors_lag=_lag(last, state.vectors_position if state else None),
    )


def _search_state(state: IndexState | None, papers: int, last: int | None) -> str:
    if state is None:
        return "unavailable"
    if last is not None and state.position > last:
        return "foreign"
    return "building" if state.lacks_most_of(papers) else "ok"


def _lag(last: int | None, position: int | None) -> int | None:
    return None if last is None or position is None or position > last else last - position


def status(site: Site, figures: Figures) -> StatusView:
    """The status page, of whatever parts answer."""
    state = health(site, figures)
    if state.database != "ok":
        return StatusView(state, {}, ())
    runs = site.catalog.runs(RUNS)
    told = to_views(source_health(site.catalog), runs)
    jobs = to_jobs(site.schedule, site.clock()) if site.schedule else None
    return StatusView(state, figures.counts(), tuple(runs[:RUNS_SHOWN]), told, jobs)


def _countries(facets: Facets) -> str | None:
    if "country" not in facets:
        return None
    known = len(facets["country"].keys() - {UNKNOWN})
    return f"{known}+" if len(facets["country"]) >= FACET_LIMIT else str(known)


def _example(shown: tuple[Entry, ...]) -> tuple[Entry, Claim] | None:
    """The finding among the newest digests that was reworded most: there the evidence says most."""
    findings = [
        (entry, sentence)
        for entry in shown
        for sentence in entry.digest.sentences
        if sentence.role is Role.RESULT and len(sentence.evidence.text) < EXAMPLE_LENGTH
    ]
    if not findings:
        return None
    entry, chosen = min(findings, key=lambda found: _rank(found[1]))
    return entry, to_claim(1, chosen, entry.paper)


def _rank(sentence: DigestSentence) -> tuple[bool, int, float]:
    """Whole thoughts that stand alone first, then those with most words of ours, then those least like
    the paper's.
    """
    told, source = sentence.text.split(), sentence.evidence.text.split()
    ours = len({word.lower() for word in told} - {"the", "researchers", "they", *map(str.lower, source)})
    alone = len(told) in EXAMPLE_WORDS and told[0].rstrip(",").lower() not in _LEANING
    return not alone, -ours, SequenceMatcher(None, told, source).ratio()
