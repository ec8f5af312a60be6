"""Full texts for digests, from raw records in a catalog."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.sources import jats
from domain.body import Place
from domain.licence import to_licence
from domain.paper import Provenance
from domain.record import HarvestedRecord
from findings.bodies import CatalogBodies

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[1] / "examples" / "jats.xml"


class FakeCatalog:
    """Holds raw records, as far as bodies ask for them."""

    def __init__(self, *records):
        self.records = {(record.source, record.native_id): record for record in records}

    def record(self, source, native_id):
        return self.records.get((source, native_id))


@pytest.fixture
def article():
    """A record with an article that has a text, and its version under an open licence."""
    with EXAMPLE.open("rb") as stream:
        for record, version in jats.parse_versions(stream, NOW):
            if not isinstance(version, Exception) and jats.parse_article(record.payload).passages:
                free = to_licence("CC BY", "license")
                return record, replace(version, licence=free, provenance={"title": record_origin(record)})
    pytest.fail("no article with a text among the examples")


def record_origin(record: HarvestedRecord) -> Provenance:
    return Provenance(record.source, record.native_id, NOW.isoformat())


def test_the_text_is_that_of_the_record(article):
    record, version = article
    body = CatalogBodies(FakeCatalog(record)).body(version)
    assert body.version == version.source_hash
    assert body.passages
    assert all(passage.place is not Place.ABSTRACT for passage in body.passages)


@pytest.mark.parametrize("licence", [None, "CC BY-NC-ND", "All rights reserved"])
def test_no_text_without_a_licence_that_lets_it_be_rewritten(article, licence):
    record, version = article
    closed = replace(version, licence=to_licence(licence, "license") if licence else None)
    assert CatalogBodies(FakeCatalog(record)).body(closed) is None


def test_no_text_where_the_record_is_gone_or_no_article(article):
    record, version = article
    assert CatalogBodies(FakeCatalog()).body(version) is None
    broken = replace(record, payload=b"<article><front/></article>")
    assert CatalogBodies(FakeCatalog(broken)).body(version) is None
