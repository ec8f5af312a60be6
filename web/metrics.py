"""Figures for a monitor, in Prometheus' text format: what is held, how far behind, how jobs and letters fare.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily

from domain.scheduling import Schedule
from domain.subscription_ports import Outbox, Subscribers
from web.figures import Figures
from web.home import Health, health
from web.site import Site

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, eq=False, slots=True)
class SiteFigures:
    """Collects the figures of a site at the moment of asking."""

    site: Site
    figures: Figures

    def collect(self) -> Iterator[Metric]:
        """Every figure. Raises `CatalogError`."""
        yield from _of_health(health(self.site, self.figures))
        yield _counted("findings_held", "What the catalogue holds.", "what", self.figures.counts())
        if self.site.schedule:
            yield from _of_jobs(self.site.schedule)
        if self.site.subscribers and self.site.letters:
            yield from _of_letters(self.site.subscribers, self.site.letters)


def render_metrics(site: Site, figures: Figures) -> bytes:
    """The figures as text. Raises `CatalogError`."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(SiteFigures(site, figures))
    return generate_latest(registry)


def _of_health(state: Health) -> Iterator[Metric]:
    yield _gauge("findings_database_up", "Whether the database answers.", state.database == "ok")
    yield _gauge("findings_search_up", "Whether search answers.", state.search != "unavailable")
    if state.lag is not None:
        yield _gauge("findings_index_lag", "Changes that the search index lacks.", state.lag)
    if state.vectors_lag is not None:
        yield _gauge("findings_vectors_lag", "Changes that search by meaning lacks.", state.vectors_lag)


def _of_jobs(schedule: Schedule) -> Iterator[Metric]:
    told = {
        "last_start": ("When the job last began.", "started_at"),
        "last_end": ("When its last run ended.", "finished_at"),
        "next_start": ("When it begins next.", "next_at"),
    }
    states = schedule.jobs()
    for name, (text, field) in told.items():
        values = {state.name: _seconds(at) for state in states if (at := getattr(state, field))}
        yield _counted(f"findings_job_{name}_timestamp_seconds", text, "job", values)
    codes = {state.name: state.code for state in states if state.code is not None}
    yield _counted("findings_job_exit_code", "How its last run ended: 0 done, 3 in part.", "job", codes)
    runs = {state.name: state.number for state in states}
    yield _counted("findings_job_runs", "How often it was started.", "job", runs)


def _of_letters(subscribers: Subscribers, letters: Outbox) -> Iterator[Metric]:
    counts = subscribers.counts()
    yield _counted("findings_subscriptions", "Subscribers and subscriptions.", "what", counts)
    family = GaugeMetricFamily("findings_letters", "Letters of the outbox.", labels=("kind", "state"))
    for (kind, state), number in letters.letter_counts().items():
        family.add_metric((kind.value, state.value), number)
    yield family


def _counted(name: str, text: str, label: str, values: dict[str, int] | dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=(label,))
    for value, number in values.items():
        family.add_metric((value,), number)
    return family


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=float(value))


def _seconds(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()
