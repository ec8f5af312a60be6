"""Fixtures that every room's tests may use."""

import gc
import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from catalog import database, open_catalog
from tests.elasticsearch.cluster import Cluster, ask
from tests.elasticsearch.distribution import Missing, command

_QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Nodes that live for some minutes at most are ready sooner when Java spends less on making them fast."""


def pytest_collection_finish() -> None:
    """Leave some million objects that stay to the end, tests and modules, out of every look for garbage."""
    gc.freeze()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real, openly licensed records beside the checkout; absent on most machines."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real records of ../shared/data are not on this machine")
    return folder


@pytest.fixture(scope="session", autouse=True)
def patient_settings() -> Iterator[Sequence[str]]:
    """Spare the catalogs of the tests each wait for the disk; gives SQLite's settings as they are elsewhere.

    No test cuts the power, and what a killed process wrote the system keeps.
    """
    settings = database._PRAGMAS
    with pytest.MonkeyPatch.context() as patch:
        hasty = [setting for setting in settings if not setting.startswith("synchronous=")]
        patch.setattr(database, "_PRAGMAS", (*hasty, "synchronous=off"))
        yield settings


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the catalog's tables and nothing in them, to be copied: one takes a second."""
    path = tmp_path_factory.mktemp("empty") / "catalog.db"
    open_catalog(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def encoder_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the encoder is prepared once, for every process of the tests."""
    folder = tmp_path_factory.getbasetemp()
    cache = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "encoder-cache"
    cache.mkdir(exist_ok=True)
    return cache


@pytest.fixture(scope="session")
def elasticsearch_command() -> Callable[..., Sequence[str]]:
    """Gives the command that starts a node, for a `Cluster`; its argument is the size of the heap."""
    try:
        command()
    except Missing as missing:
        pytest.skip(f"no Elasticsearch to test with: {missing}")

    def quick(heap: str = "1g") -> Sequence[str]:
        program, *arguments = command(heap)
        return [program, *_QUICK, *arguments]

    return quick


@pytest.fixture(scope="session")
def elasticsearch_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A real Elasticsearch where indices may be made and dropped; one for each process of the tests."""
    if given := os.environ.get("FINDINGS_TEST_ELASTICSEARCH_URL"):
        yield given
        return
    folder = request.getfixturevalue("tmp_path_factory").mktemp("elasticsearch")
    with Cluster(request.getfixturevalue("elasticsearch_command")(), folder) as cluster:
        yield cluster.urls[0]


@pytest.fixture
def elasticsearch_prefix(elasticsearch_url: str) -> Iterator[str]:
    """A beginning for the names of indices that no other test uses; what has it is dropped afterwards."""
    prefix = f"findings-test-{uuid.uuid4().hex[:12]}"
    yield prefix
    for name in ask(f"{elasticsearch_url}/{prefix}*/_settings?expand_wildcards=all"):
        ask(f"{elasticsearch_url}/{name}", method="DELETE")
