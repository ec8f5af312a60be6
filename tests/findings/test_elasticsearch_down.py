"""Elasticsearch goes down and comes back: one clear line, a site that goes on, and nothing lost."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from findings.wiring import built_site, opened_catalog, opened_index
from tests.index.proxy import Drop, Proxy, Request, proxied
from web import create_app


@pytest.fixture
def proxy(elasticsearch_url: str) -> Iterator[Proxy]:
    with proxied(elasticsearch_url) as opened:
        yield opened


def dropped(_: Request) -> None:
    raise Drop


def test_down_and_back(node: Any, replay: Any, proxy: Proxy, elasticsearch_prefix: str) -> None:
    told = {"search_url": proxy.url, "search_name": elasticsearch_prefix}
    settings = replace(node.settings, search_meaning="off", search_replicas=0, **told)
    environment = {f"FINDINGS_{name.upper()}": value for name, value in told.items()}
    environment |= {"FINDINGS_SEARCH_MEANING": "off", "FINDINGS_SEARCH_REPLICAS": "0"}

    def run(*arguments: str) -> tuple[int, str, str]:
        code, output, errors = node.run(*arguments, **environment)
        return int(code), str(output), str(errors)

    def held() -> tuple[set[str], int]:
        with opened_index(settings) as index:
            return set(index.ids()), index.position()

    assert run("harvest", "europepmc", "--query", "cancer", "--base-url", replay.base_url, "--limit", "20")[
        0
    ] in (0, 3)
    assert run("index", "sync")[0] == 0
    before, reached = held()
    assert before

    assert run("harvest", "europepmc", "--query", "cancer", "--base-url", replay.base_url)[0] in (0, 3)
    with opened_catalog(settings) as catalog:
        gone = min(before)
        record = next(iter(catalog.paper(gone).primary.provenance.values()))
        catalog.delete(record.source, [record.native_id])
        last = catalog.last_change()
        changes = catalog.changes(0, 10_000)
        expected = {change.paper_id for change in changes if not change.deleted}
    assert last > reached
    proxy.rule = dropped

    code, output, errors = run("index", "sync")
    assert (code, output) == (1, "")
    assert errors.count("\n") == 1
    assert "Elasticsearch" in errors
    assert proxy.url in errors

    site = built_site(settings)
    client = create_app(site).test_client()
    paper = min(before - {gone})
    assert client.get("/").status_code == 200
    assert client.get(f"/papers/{paper}").status_code == 200
    for path in ("/search?q=cancer", "/search.json?q=cancer"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "Search is unavailable" in answer.text
        assert answer.headers["Retry-After"]
    assert client.get("/search/facets?q=cancer").status_code == 503

    proxy.rule = lambda _: None
    assert client.get("/search?q=cancer").status_code == 200, "the same process goes on once it is back"
    assert run("index", "sync")[0] == 0
    assert held() == (expected, last)
    assert gone not in client.get("/search?q=").text
    site.index.close()
    site.catalog.close()
