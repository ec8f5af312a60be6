"""The invented library in a real catalog and a real index, and the site over them."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from domain.digest import DigestStatus
from domain.paper import Paper
from domain.ports import Catalog, Indexable, Projection, Rejection, SearchIndex
from domain.record import Checkpoint, HarvestedRecord
from index import open_index
from tests.web.invented import WHEN, article, nasty_digests, refuse, versions, write_digests
from tests.web.organizers import HOST, Browser, Post
from web import Site, create_app


@dataclass
class Library:
    """The catalog and index, and ids of papers by the number in their DOI."""

    catalog: Catalog
    index: SearchIndex
    ids: dict[int, str]

    def paper(self, number: int) -> Paper:
        return self.catalog.paper(self.ids[number])


def _fill(catalog: Catalog) -> dict[int, str]:
    run = catalog.start_run("europepmc", "invented")
    pairs = [
        (HarvestedRecord("europepmc", f"MED:{n}", WHEN, "application/json", version.title.encode()), version)
        for n, version in enumerate(versions())
    ]
    gone = article(99, "A paper that its source withdrew")
    record = HarvestedRecord("europepmc", "MED:gone", WHEN, "application/json", b"gone")
    untitled = HarvestedRecord("europepmc", "MED:bad", WHEN, "application/json", b"{}")
    counts = catalog.save(
        [*pairs, (record, gone)],
        [Rejection(untitled, "no-title")],
        Checkpoint("europepmc", "invented", None, complete=True),
    )
    numbers = [int(v.identifiers.doi.rpartition(".")[2]) for _, v in pairs if "invented" in v.identifiers.doi]
    ids = {n: catalog.find(f"doi:10.5555/invented.{n}") for n in [*numbers, 99]}
    catalog.delete("europepmc", ["MED:gone"])
    catalog.finish_run(run, "complete", counts)
    return ids


def fill(catalog: Catalog, index: Projection) -> None:
    """Write all papers of the catalog into a projection of it."""
    changes = catalog.changes(0)
    kept = [change.paper_id for change in changes if not change.deleted]
    audiences = catalog.published_audiences(kept)
    index.write(
        [Indexable(paper, audiences.get(paper.id, ())) for paper in catalog.papers(kept)],
        [change.paper_id for change in changes if change.deleted],
        catalog.last_change(),
    )


@pytest.fixture(scope="session", autouse=True)
def _compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Each test builds its own application, which would compile every template that it shows again."""
    kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", kept)
        yield


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("library")
    catalog = open_catalog(f"sqlite:///{folder / 'findings.db'}", ("europepmc",))
    index = open_index("embedded:", folder / "index")
    ids = _fill(catalog)
    paper = catalog.paper
    catalog.save_digests(
        [
            *write_digests(paper(ids[1])),
            *refuse(paper(ids[2]), "retracted", DigestStatus.RECALLED),
            *refuse(paper(ids[6]), "licence-unknown"),
            *refuse(paper(ids[10]), "licence-forbids"),
            *nasty_digests(paper(ids[13])),
        ]
    )
    fill(catalog, index)
    yield Library(catalog, index, ids)
    index.close()
    catalog.close()


@pytest.fixture(scope="session")
def site(library: Library) -> Site:
    return Site(
        library.catalog,
        library.index,
        url="https://findings.example",
        contact="team@findings.example",
        sample=True,
    )


@pytest.fixture
def client(site: Site) -> FlaskClient:
    return create_app(site).test_client()


@pytest.fixture
def catalog(tmp_path: Path, empty_database: Path) -> Iterator[SqlCatalog]:
    """An empty catalog of its own for each test."""
    shutil.copy(empty_database, tmp_path / "findings.db")
    opened = open_catalog(f"sqlite:///{tmp_path}/findings.db")
    yield opened
    opened.close()


@pytest.fixture
def post() -> Post:
    """Where letters arrive."""
    return Post()


@pytest.fixture
def listing_site(catalog: SqlCatalog, post: Post) -> Site:
    """A site on which people list."""
    return Site(
        catalog,
        None,  # type: ignore[arg-type]
        url=HOST,
        secret="s" * 32,
        listings=catalog.listings,
        accounts=catalog.accounts,
        mailer=post,
    )


@pytest.fixture
def browser(listing_site: Site, post: Post) -> Browser:
    """Somebody with a browser, not signed in."""
    return Browser(create_app(listing_site).test_client(), post)


@pytest.fixture
def another(listing_site: Site, post: Post) -> Browser:
    """Somebody else."""
    return Browser(create_app(listing_site).test_client(), post)
