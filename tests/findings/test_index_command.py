"""What the commands say of an index that is not of the catalog as it is."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from findings.indexing import lack_of, of_index
from findings.wiring import opened_catalog, opened_index
from index.sync import sync


def test_what_the_index_lacks(node: Any, replay: Any) -> None:
    settings = replace(node.settings, search_meaning="off")
    with opened_catalog(settings) as catalog, opened_index(settings) as index:
        assert lack_of(catalog, index) == ""
        node.json("harvest", "europepmc", "--query", "cancer", "--base-url", replay.base_url, code=3)
        papers = catalog.counts()["papers"]
        assert f"the search index holds 0 of {papers} papers" in lack_of(catalog, index)
        sync(catalog, index)
        assert lack_of(catalog, index) == ""
        last = catalog.last_change()
        index.write([], [], last - 2)
        assert lack_of(catalog, index) == "the search index is 2 changes behind; run `findings index sync`"
        index.write([], [], last + 2)
        assert "ahead of the database" in lack_of(catalog, index)


def test_an_index_that_is_synced_meanwhile_is_not_of_another_database(node: Any, monkeypatch: Any) -> None:
    settings = replace(node.settings, search_meaning="off")
    with opened_catalog(settings) as catalog, opened_index(settings) as index:

        def last_change() -> int:
            """Behind it others save a paper and sync the index."""
            last: int = index.position()
            index.write([], [], last + 1)
            return last

        monkeypatch.setattr(catalog, "last_change", last_change)
        assert lack_of(catalog, index) == ""
        assert of_index(index, catalog)["index lag"] == 0


def test_a_search_says_that_the_index_is_of_another_version(node: Any, replay: Any) -> None:
    node.json("harvest", "europepmc", "--query", "cancer", "--base-url", replay.base_url, code=3)
    node.json("index", "sync")
    assert node.json("search", "cancer")["notes"] == []
    current = node.folder / "index" / "CURRENT"
    current.write_text(current.read_text("utf-8").replace('"schema": "', '"schema": "0'), "utf-8")
    found = node.json("search", "cancer")
    assert found["total"] == 0
    assert "run `findings index sync`" in found["notes"][0]
    assert "run `findings index sync`" in node.run("search", "cancer")[2]


def test_the_lag_behind_another_database_is_unknown(node: Any, replay: Any) -> None:
    node.json("harvest", "europepmc", "--query", "cancer", "--base-url", replay.base_url, code=3)
    node.json("index", "sync")
    empty = {"FINDINGS_DATABASE_URL": f"sqlite:///{Path(node.folder) / 'other.db'}"}
    told = node.json("index", "status", **empty)
    assert (told["lag"], told["vectors_lag"]) == ("unknown", "unknown")
    assert "ahead of the database" in told["note"]
    assert "ahead of the database" in node.run("index", "status", **empty)[2]
    assert node.json("status", **empty)["counts"]["index lag"] == "unknown"
    node.json("index", "sync", **empty)
    assert node.json("index", "status", **empty)["lag"] == 0
