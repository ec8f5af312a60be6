"""Digests in the catalog: pending, saved, recalled. Every paper here is invented."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from catalog.digests.store import pending_ids
from domain.digest import Audience, DigestStatus
from domain.evidence import Evidence
from domain.facts import Fact, FactKind, FactTable
from domain.paper import NoticeKind
from tests.catalog.invented import article, digest, saved, version

PUBLIC, POLICYMAKER, PROFESSIONAL = Audience
ENGINE = "extractive/1"


@pytest.fixture
def papers(catalog):
    catalog.save([article(n) for n in range(3)])
    return [catalog.paper(catalog.find(f"doi:10.5555/a{n}")) for n in range(3)]


def pending(catalog, audience=PUBLIC, engine=ENGINE, limit=10):
    return [paper.id for paper in catalog.pending_digests(audience, engine, limit)]


def topics(catalog):
    return [entry.topic for entry in catalog.outbox() if entry.topic.startswith("digest.")]


def test_papers_wait_for_a_digest_the_oldest_change_first(catalog, papers):
    assert pending(catalog) == [p.id for p in papers]
    catalog.save([article(0, keywords=("new",))])
    assert pending(catalog) == [papers[1].id, papers[2].id, papers[0].id]
    assert pending(catalog, limit=1) == [papers[1].id]
    assert catalog.pending_digests(PUBLIC, ENGINE, 1) == [papers[1]]


def test_a_saved_digest_is_not_pending_and_is_read_back(catalog, papers):
    written = digest(papers[0])
    catalog.save_digests([written, digest(papers[1], status=DigestStatus.REFUSED, reason="no-abstract")])
    assert pending(catalog) == [papers[2].id]
    assert len(pending(catalog, POLICYMAKER)) == 3
    assert catalog.digest(papers[0].id, PUBLIC) == written
    assert catalog.digest(papers[1].id, PUBLIC).reason == "no-abstract"
    assert catalog.digest(papers[0].id, POLICYMAKER) is None
    assert [catalog.counts()[n] for n in ("digests", "refused")] == [1, 1]


def test_publishing_is_a_change_of_the_paper_and_refusing_is_none(catalog, papers):
    catalog.save_digests(
        [digest(papers[1]), digest(papers[2], status=DigestStatus.REFUSED, reason="language")]
    )
    assert [c.paper_id for c in catalog.changes(3)] == [papers[1].id]
    assert topics(catalog) == ["digest.published"]


def test_saving_the_same_digest_again_logs_nothing(catalog, papers):
    catalog.save_digests([digest(papers[0])])
    mark = catalog.last_change()
    catalog.save_digests([digest(papers[0], created_at="2027-01-01T00:00:00Z")])
    assert catalog.last_change() == mark
    assert topics(catalog) == ["digest.published"]


def test_another_engine_makes_all_pending(catalog, papers):
    catalog.save_digests([digest(p) for p in papers])
    assert pending(catalog) == []
    assert len(pending(catalog, engine="extractive/2")) == 3


def test_a_changed_text_recalls_what_was_published(catalog, papers):
    catalog.save_digests(
        [digest(papers[0]), digest(papers[0], POLICYMAKER, engine=ENGINE), digest(papers[1])]
    )
    catalog.save([article(0, abstract="We invented 41 patients.")])
    for audience in (PUBLIC, POLICYMAKER):
        recalled = catalog.digest(papers[0].id, audience)
        assert (recalled.status, recalled.reason) == (DigestStatus.RECALLED, "source-changed")
    assert catalog.digest(papers[1].id, PUBLIC).status is DigestStatus.PUBLISHED
    assert topics(catalog).count("digest.recalled") == 2
    assert papers[0].id in pending(catalog)
    catalog.save_digests([digest(papers[0])])
    assert catalog.digest(papers[0].id, PUBLIC).status is DigestStatus.RECALLED, "of the old text: dropped"
    fresh = digest(catalog.paper(papers[0].id))
    catalog.save_digests([fresh])
    assert catalog.digest(papers[0].id, PUBLIC) == fresh


def test_a_retraction_recalls(catalog, papers):
    catalog.save_digests([digest(papers[0])])
    catalog.save([article(0, notices=[NoticeKind.RETRACTED])])
    assert catalog.digest(papers[0].id, PUBLIC).status is DigestStatus.RECALLED


def test_a_text_that_changes_back_is_pending_again(catalog, papers):
    catalog.save_digests([digest(papers[0])])
    catalog.save([article(0, abstract="Other.")])
    catalog.save([article(0)])
    assert papers[0].id in pending(catalog)
    catalog.save_digests([digest(papers[0])])
    assert catalog.digest(papers[0].id, PUBLIC).status is DigestStatus.PUBLISHED


def test_a_change_that_a_digest_does_not_rest_on_recalls_nothing(catalog, papers):
    catalog.save_digests([digest(papers[0])])
    catalog.save([article(0, keywords=("new",))])
    assert catalog.digest(papers[0].id, PUBLIC).status is DigestStatus.PUBLISHED
    assert papers[0].id not in pending(catalog)


def test_a_withdrawn_paper_takes_its_digest_along(catalog, papers):
    catalog.save_digests([digest(papers[0])])
    catalog.delete("alpha", ["a0"])
    assert catalog.digests(PUBLIC) == (0, [])
    assert catalog.published_audiences([papers[0].id]) == {}
    assert catalog.digest(papers[0].id, PUBLIC).reason == "withdrawn"
    assert papers[0].id not in pending(catalog)
    catalog.save_digests([digest(papers[0])])
    assert catalog.digest(papers[0].id, PUBLIC).status is DigestStatus.RECALLED


def test_works_that_merge_get_a_new_digest_of_the_whole(catalog, papers):
    catalog.save_digests([digest(papers[0]), digest(papers[1])])
    catalog.save([saved("j", version("10.5555/a1", links=["doi:10.5555/a0"]), "beta")])
    assert catalog.digest(papers[1].id, PUBLIC) == catalog.digest(papers[0].id, PUBLIC)
    assert catalog.digest(papers[0].id, PUBLIC).status is DigestStatus.RECALLED
    assert topics(catalog).count("digest.recalled") == 2
    assert papers[0].id in pending(catalog)


def test_which_audiences_are_served(catalog, papers):
    catalog.save_digests(
        [
            digest(papers[0], PROFESSIONAL),
            digest(papers[0]),
            digest(papers[1], status=DigestStatus.REFUSED, reason="language"),
        ]
    )
    assert catalog.published_audiences([p.id for p in papers]) == {papers[0].id: (PUBLIC, PROFESSIONAL)}


def test_lists_are_paged_newest_first(catalog, papers):
    days = ["2026-01-03T00:00:00Z", "2026-01-05T00:00:00Z", "2026-01-04T00:00:00Z"]
    catalog.save_digests([digest(p, created_at=day) for p, day in zip(papers, days, strict=True)])
    total, page = catalog.digests(PUBLIC, 0, 2)
    assert (total, [d.paper_id for d in page]) == (3, [papers[1].id, papers[2].id])
    assert [d.paper_id for d in catalog.digests(PUBLIC, 2, 2)[1]] == [papers[0].id]
    assert catalog.digests(PUBLIC, status=DigestStatus.REFUSED) == (0, [])


def test_a_digest_of_a_paper_that_never_was_is_dropped(catalog, papers):
    catalog.save_digests([replace(digest(papers[0]), paper_id="f0000000000")])
    assert catalog.digests(PUBLIC) == (0, [])


def test_a_digest_replaced_by_a_refusal_is_recalled(catalog, papers):
    catalog.save_digests([digest(papers[0])])
    catalog.save_digests([digest(papers[0], status=DigestStatus.REFUSED, reason="unfaithful", engine="e/2")])
    assert topics(catalog) == ["digest.published", "digest.recalled"]
    assert catalog.published_audiences([papers[0].id]) == {}


def test_what_is_pending_is_found_in_the_order_of_the_log_without_a_sort(catalog, papers):
    asked = []
    with catalog._database.read() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("the plan of SQLite")
        event.listen(connection, "before_cursor_execute", lambda *facts: asked.append(facts[2:4]))
        assert len(pending_ids(connection, PUBLIC, ENGINE, 2)) == 2
        (statement, values), *_ = asked
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert plan[0] == "SCAN changes USING INDEX uq_changes_sequence"
    assert not any("TEMP B-TREE" in step for step in plan)


def test_facts_come_with_a_digest_and_go_with_the_text(catalog, papers):
    first = papers[0]
    hashed = first.primary.source_hash
    table = FactTable(hashed, (Fact(FactKind.SIZE, "40 patients", Evidence(hashed, 12, 23, "40 patients")),))
    catalog.save_digests([digest(first)], {first.id: table, papers[1].id: table})
    assert catalog.facts(first.id) == table
    assert catalog.facts(papers[1].id) is None, "told with no digest of the paper"
    catalog.save([article(0, abstract="We invented 41 patients.")])
    assert catalog.facts(first.id) is None
    catalog.save_digests([digest(first)], {first.id: table})
    assert catalog.facts(first.id) is None, "of the old text"


def test_one_raw_record_is_read_back_while_it_stands(catalog, papers):
    record, _ = article(1)
    assert catalog.record("alpha", "a1") == record
    assert catalog.record("beta", "a1") is None
    catalog.delete("alpha", ["a1"])
    assert catalog.record("alpha", "a1") is None
