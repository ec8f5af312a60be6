"""A catalog of their own for the crawler's tests, and invented core records to harvest."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog import open_catalog
from domain.ports import Catalog
from tests.crawler.replay_europepmc import record


@pytest.fixture(scope="module", autouse=True)
def _no_certificates() -> Iterator[None]:
    """No test asks a server that would show one, and each harvest would read them all again, for 50 ms."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "SSL_CERT_FILE", os.devnull)
        yield


@pytest.fixture
def catalog(tmp_path: Path, empty_database: Path) -> Iterator[Catalog]:
    """An empty catalog in a file."""
    shutil.copy(empty_database, tmp_path / "catalog.db")
    opened = open_catalog(f"sqlite:///{tmp_path}/catalog.db")
    yield opened
    opened.close()


@pytest.fixture
def core_records() -> Callable[[int], list[dict[str, Any]]]:
    """So many invented core records in Europe PMC's format."""

    def make(count: int) -> list[dict[str, Any]]:
        return [record(number) for number in range(1, count + 1)]

    return make
