"""The whole job on an invented sample, offline: replay server → harvest → catalog → digests → index → site.

Each stage is the one that a node runs; only the source is a replay server on loopback.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from conferences.sample import load_sample
from crawler.europepmc_replay import EuropePmcReplay
from domain.digest import Audience
from domain.errors import FindingsError
from domain.listing import State
from domain.paper import Paper
from domain.ports import Catalog, SearchIndex
from domain.query import Query
from findings.bodies import CatalogBodies
from findings.resources import seed_shelves
from findings.settings import Settings, to_environment
from findings.wiring import (
    built_digester,
    built_site,
    locked,
    opened_catalog,
    opened_index,
    opened_listings,
)
from index.sync import sync
from summarizer.digesting import verify, write_all
from web import create_app

OTHER_WORDS = "does sport make people less tired after chemo"
FOUND_SO = "lessen fatigue"
"""In the title of the sample's paper that answers this."""
PAGES = ("/", "/search?q=cancer", "/digests", "/status", "/healthz")
LISTED = {
    "/conferences": "Lakeshore Breast Cancer Meeting",
    "/opportunities": "Fellowship in digital pathology",
    "/opportunities?country=UG&stage=postdoc": "Fellowship in digital pathology",
    "/resources?q=biobank": "Lakeshore Biobank",
    "/resources/repository-geo": "Gene Expression Omnibus",
}
"""Address → what stands there (`conferences/sample.toml`)."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the demo made, and what it should be."""

    stage: str
    what: str
    expected: str
    found: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Harvested:
    """What the harvest command reported, and what the sample holds."""

    report: Mapping[str, object]
    offered: int
    titled: int


@contextmanager
def sample() -> Iterator[Path]:
    """The bundled sample as a file: one invented Europe PMC core record a line."""
    with as_file(files("crawler.sample").joinpath("europepmc.jsonl")) as path:
        yield path


def serve_demo(settings: Settings) -> None:
    """Build the demo in a fresh folder of its own and serve it until interrupted; does not return."""
    from findings.serving import check_address

    check_address(settings)  # before minutes of work, not after
    folder = Path(settings.data_dir) / "demo"
    with locked(folder.with_suffix(".lock"), "`findings demo`"):
        _build_and_serve(settings, _own_settings(settings, folder))


def _build_and_serve(settings: Settings, own: Settings) -> None:
    shutil.rmtree(own.data_dir, ignore_errors=True)
    _share_cache(settings, own)
    click.echo("Harvesting an invented sample from a replay server on this machine …")
    harvested = _harvest(own)
    click.echo(f"  {harvested.offered} records offered; digests …")
    _write_digests(own)
    _fill_index(own)
    _list_sample(own)
    with opened_catalog(own) as catalog:
        counts = catalog.counts()
    click.echo(f"  {counts['papers']} papers, {counts['digests']} digests. Everything in them is invented.")
    click.echo("")
    sys.stdout.flush()
    # In a fresh process: the server forks, and the encoder's and the index's threads do not survive that.
    command = [sys.executable, "-m", "findings", "serve", "--sample"]
    os.execve(sys.executable, command, to_environment(own, os.environ))  # noqa: S606 - our own command


def check_demo(settings: Settings) -> list[Check]:
    """Build the demo in a temporary folder and judge every stage; a stage that fails is a failed check."""
    checks: list[Check] = []
    with TemporaryDirectory(prefix="findings-demo-") as folder:
        own = _own_settings(settings, Path(folder))
        try:
            _share_cache(settings, own)
            checks += _check_harvest(_harvest(own))
            _write_digests(own)
            _fill_index(own)
            _list_sample(own)
            with opened_catalog(own) as catalog, opened_index(own) as index:
                checks += _check_catalog(catalog)
                checks += _check_digests(catalog)
                checks += _check_index(catalog, index)
            checks += _check_site(own)
        except FindingsError as error:
            checks.append(Check("demo", "every stage runs", "no error", str(error), passed=False))
    return checks


def _own_settings(settings: Settings, folder: Path) -> Settings:
    return replace(
        settings,
        data_dir=str(folder),
        database_url="",
        search_url="embedded:",
        search_meaning="on",
        site_url=f"http://{settings.host}:{settings.port}",
    )


def _harvest(own: Settings) -> Harvested:
    """Run `findings harvest` itself, against the replay server."""
    with sample() as path, EuropePmcReplay(path) as server:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        # every record of the sample, open access or not
        command = [sys.executable, "-m", "findings", "harvest", "europepmc", "--query", "cancer", "--json"]
        done = subprocess.run(  # noqa: S603 - our own command, no shell
            [*command, "--base-url", server.base_url],
            env=to_environment(own, os.environ),
            capture_output=True,
            text=True,
            check=False,
        )
    if not done.stdout:
        raise FindingsError(f"the harvest ended with code {done.returncode}: {done.stderr.strip()[-500:]}")
    report = json.loads(done.stdout)[0]
    return Harvested(report, offered=len(lines), titled=sum(bool(line.get("title")) for line in lines))


def _write_digests(own: Settings) -> None:
    with opened_catalog(own) as catalog:
        write_all(catalog, built_digester(own, catalog))


def _share_cache(settings: Settings, own: Settings) -> None:
    """Let the demo have the encoder that is built once for all."""
    settings.cache_folder.mkdir(parents=True, exist_ok=True)
    Path(own.data_dir).mkdir(parents=True, exist_ok=True)
    own.cache_folder.symlink_to(settings.cache_folder.absolute())


def _fill_index(own: Settings) -> None:
    with opened_catalog(own) as catalog, opened_index(own) as index:
        sync(catalog, index)


def _list_sample(own: Settings) -> None:
    """List invented meetings and opportunities, and the repositories that papers name."""
    with opened_listings(own) as listings:
        for listing in load_sample(datetime.now(UTC).date()):
            listings.save(listing, State.PUBLIC, "sample", "created")
        seed_shelves(listings)


def _equal(stage: str, what: str, expected: object, found: object) -> Check:
    return Check(stage, what, str(expected), str(found), expected == found)


def _at_least(stage: str, what: str, least: int, found: int) -> Check:
    return Check(stage, what, f"at least {least}", str(found), found >= least)


def _check_harvest(harvested: Harvested) -> Iterator[Check]:
    counts = harvested.report["counts"]
    assert isinstance(counts, dict)
    yield _equal("harvest", "outcome", "complete", harvested.report["outcome"])
    yield _equal("harvest", "records taken", harvested.titled, counts["new"])
    yield _equal(
        "harvest",
        "rejected, with the reason",
        harvested.offered - harvested.titled,
        counts["rejected"].get("no-title", 0),
    )


def _check_catalog(catalog: Catalog) -> Iterator[Check]:
    counts = catalog.counts()
    papers = list(_papers(catalog))
    yield _equal("catalog", "papers the change log tells of", counts["papers"], len(papers))
    yield _at_least("catalog", "preprints with their article", 1, sum(len(p.versions) > 1 for p in papers))
    yield _at_least("catalog", "papers with a notice", 3, sum(bool(p.notices) for p in papers))
    yield _at_least("catalog", "countries", 20, len({c for p in papers for c in p.countries}))
    yield _at_least("catalog", "cancer types", 15, len({c for p in papers for c in p.cancer_types}))


def _papers(catalog: Catalog) -> Iterator[Paper]:
    after = 0
    while changes := catalog.changes(after):
        after = changes[-1].sequence
        yield from catalog.papers([change.paper_id for change in changes if not change.deleted])


def _check_digests(catalog: Catalog) -> Iterator[Check]:
    counts = catalog.counts()
    wanted = counts["papers"] * len(Audience)
    yield _equal("digests", "written or refused", wanted, counts["digests"] + counts["refused"])
    yield _at_least("digests", "published", wanted // 2, counts["digests"])
    checked = verify(catalog, CatalogBodies(catalog))
    yield _equal("digests", "checked against their papers", counts["digests"], checked.digests)
    yield _equal("digests", "sentences without their evidence in the paper", 0, checked.loose)


def _check_index(catalog: Catalog, index: SearchIndex) -> Iterator[Check]:
    yield _equal("index", "papers", catalog.counts()["papers"], index.count())
    yield _equal("index", "changes behind", 0, catalog.last_change() - index.position())
    lost = sum(
        paper.id not in {hit.paper_id for hit in index.search(Query(paper.title, size=3)).hits}
        for paper in _papers(catalog)
    )
    yield _equal("index", "papers not found by their title", 0, lost)
    vectors = index.vectors
    assert vectors is not None
    yield _equal("index", "papers with a vector", catalog.counts()["papers"], vectors.count())
    first = index.search(Query(OTHER_WORDS, size=3)).hits
    titles = [paper.title for paper in catalog.papers([hit.paper_id for hit in first])]
    yield _equal("index", "a paper found by other words", True, any(FOUND_SO in title for title in titles))


def _check_site(own: Settings) -> Iterator[Check]:
    site = built_site(own, sample=True)
    try:
        client = create_app(site).test_client()
        _, digests = site.catalog.digests(Audience.PUBLIC, size=1)
        paths = [*PAGES, *(f"/papers/{d.paper_id}" for d in digests)]
        paths += [f"/papers/{d.paper_id}/digest/{d.audience}" for d in digests]
        for path in paths:
            answer = client.get(path)
            yield _equal("site", path, 200, answer.status_code)
        for path, words in LISTED.items():
            shown = words in client.get(path).get_data(as_text=True)
            yield _equal("listings", f"{path} shows the sample", True, shown)
        labelled = "invented" in client.get("/").get_data(as_text=True)
        yield _equal("site", "says that the sample is invented", True, labelled)
    finally:
        site.index.close()
        site.catalog.close()
