"""A catalog of their own for the crawler's tests, and invented core records to harvest."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog import open_catalog
from domain.ports import Catalog


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables and nothing in them, made once."""
    path = tmp_path_factory.mktemp("empty") / "catalog.db"
    open_catalog(f"sqlite:///{path}").close()
    return path


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
        return [
            {
                "id": str(number),
                "source": "MED",
                "pmid": str(number),
                "doi": f"10.5555/invented.{number}",
                "title": f"Invented paper {number} on cancer",
                "abstractText": f"<h4>Results</h4>Of {number} mice, none was real.",
                "isOpenAccess": "Y",
                "license": "cc by",
                "firstIndexDate": f"2024-01-{number % 28 + 1:02}",
                "firstPublicationDate": "2024-01-01",
            }
            for number in range(1, count + 1)
        ]

    return make
