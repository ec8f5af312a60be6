"""What people do with digests: decisions, proposals, answers, what waits. Every paper here is invented."""

from dataclasses import replace

import pytest
from sqlalchemy import event, text

from catalog.database import Database
from catalog.digests.reviews import read_queue
from catalog.revisions import downgrade
from domain.digest import Audience, DigestStatus
from domain.errors import DigestRefused, NotFound
from domain.paper import NoticeKind
from domain.review import Act, Clarity, Verdict
from tests.catalog.invented import article, digest, saved, version

PUBLIC, POLICYMAKER, PROFESSIONAL = Audience
ADA = "Ada Invented"
YES, NO = (True, True, True), (False, False, True)


@pytest.fixture
def papers(catalog):
    catalog.save([article(n) for n in range(3)])
    found = [catalog.paper(catalog.find(f"doi:10.5555/a{n}")) for n in range(3)]
    catalog.save_digests([digest(found[0]), digest(found[1])])
    return found


def acts(catalog, paper, audience=PUBLIC):
    return [entry.act for entry in catalog.digest_log(paper.id, audience)]


def told(catalog, topic):
    return [entry.paper_id for entry in catalog.outbox() if entry.topic == topic]


def waiting(catalog):
    return [(item.paper_id, item.reason) for item in catalog.review_queue()[1]]


def reworded(standing, words="Survival rose to 12 months, in short."):
    return replace(standing, sentences=(replace(standing.sentences[0], text=words, writer=ADA),))


def test_approval_is_public_and_lasts_until_the_paper_changes(catalog, papers):
    paper = papers[0]
    before = catalog.last_change()
    entry = catalog.review(paper.id, PUBLIC, Verdict.APPROVE, ADA, "Read against the paper.")
    seen = catalog.digest(paper.id, PUBLIC)
    assert (seen.reviewer, seen.reviewed_at, seen.status) == (ADA, entry.at, DigestStatus.PUBLISHED)
    assert (entry.act, entry.note, entry.digest) == (Act.REVIEWED, "Read against the paper.", seen)
    assert [c.paper_id for c in catalog.changes(before)] == [paper.id]
    assert told(catalog, "digest.reviewed") == [paper.id]
    catalog.save_digests([digest(paper, engine="extractive/2"), digest(paper, POLICYMAKER)])
    assert catalog.digest(paper.id, PUBLIC) == seen, "an engine does not overwrite what a person stands by"
    assert paper.id not in [p.id for p in catalog.pending_digests(PUBLIC, "extractive/2", 9)]
    catalog.save([article(0, abstract="Other words.")])
    assert catalog.digest(paper.id, PUBLIC).reviewer == ""
    assert paper.id in [p.id for p in catalog.pending_digests(PUBLIC, "extractive/2", 9)]
    fresh = digest(catalog.paper(paper.id), engine="extractive/2")
    catalog.save_digests([fresh])
    assert catalog.digest(paper.id, PUBLIC) == fresh
    assert acts(catalog, paper) == [Act.WRITTEN, Act.REVIEWED, Act.RECALLED, Act.WRITTEN]


def test_a_text_that_changes_there_and_back_is_no_longer_reviewed(catalog, papers):
    catalog.review(papers[0].id, PUBLIC, Verdict.APPROVE, ADA)
    catalog.save([article(0, abstract="Other.")])
    catalog.save([article(0)])
    assert papers[0].id in [p.id for p in catalog.pending_digests(PUBLIC, "extractive/1", 9)]


def test_the_log_holds_each_text_as_it_stood(catalog, papers):
    paper = papers[0]
    first = catalog.digest(paper.id, PUBLIC)
    catalog.review(paper.id, PUBLIC, Verdict.CORRECT, ADA, "Shorter.", reworded(first))
    second = catalog.digest(paper.id, PUBLIC)
    assert second.sentences[0].text.endswith("in short.")
    assert (second.reviewer, second.status) == (ADA, DigestStatus.PUBLISHED)
    catalog.review(paper.id, PUBLIC, Verdict.WITHDRAW, "Ben Invented", "Not clear.")
    written, corrected, withdrawn = catalog.digest_log(paper.id, PUBLIC)
    assert (written.by, written.digest) == ("extractive/1", first)
    assert (corrected.by, corrected.note, corrected.digest.sentences) == (ADA, "Shorter.", second.sentences)
    assert (withdrawn.act, withdrawn.digest) == (Act.WITHDRAWN, None)
    assert told(catalog, "digest.corrected") == [paper.id]
    assert told(catalog, "digest.recalled") == [paper.id]


def test_what_was_taken_back_stays_so_until_a_person_publishes_it(catalog, papers):
    paper = papers[0]
    catalog.review(paper.id, PUBLIC, Verdict.WITHDRAW, ADA)
    gone = catalog.digest(paper.id, PUBLIC)
    assert (gone.status, gone.reason) == (DigestStatus.RECALLED, "taken-back")
    catalog.save_digests([digest(paper, engine="extractive/2")])
    assert catalog.digest(paper.id, PUBLIC) == gone
    assert waiting(catalog) == []
    catalog.review(paper.id, PUBLIC, Verdict.APPROVE, ADA)
    assert catalog.digest(paper.id, PUBLIC).status is DigestStatus.PUBLISHED
    assert told(catalog, "digest.published").count(paper.id) == 2


def test_a_recall_is_told_once_however_often_it_is_decided(catalog, papers):
    paper = papers[0]
    catalog.save([article(0, notices=[NoticeKind.RETRACTED])])
    fresh = catalog.paper(paper.id)
    catalog.save_digests([digest(fresh, status=DigestStatus.REFUSED, reason="retracted")])
    catalog.review(paper.id, PUBLIC, Verdict.WITHDRAW, ADA)
    catalog.save([article(0, notices=[NoticeKind.RETRACTED], abstract="More.")])
    assert told(catalog, "digest.recalled") == [paper.id]
    assert acts(catalog, paper).count(Act.RECALLED) == 1


def test_what_cannot_be_published_is_refused(catalog, papers):
    catalog.save_digests([digest(papers[2], status=DigestStatus.REFUSED, reason="unfaithful")])
    with pytest.raises(DigestRefused, match="no sentences"):
        catalog.review(papers[2].id, PUBLIC, Verdict.APPROVE, ADA)
    standing = catalog.digest(papers[0].id, PUBLIC)
    catalog.save([article(0, abstract="Other.")])
    for corrected in (None, reworded(standing)):
        verdict = Verdict.CORRECT if corrected else Verdict.APPROVE
        with pytest.raises(DigestRefused) as caught:
            catalog.review(papers[0].id, PUBLIC, verdict, ADA, "", corrected)
        assert caught.value.reason == "source-changed"
    with pytest.raises(NotFound):
        catalog.review(papers[1].id, POLICYMAKER, Verdict.APPROVE, ADA)
    assert Act.REVIEWED not in acts(catalog, papers[0])


def test_a_proposal_waits_until_it_is_taken_up_or_declined(catalog, papers):
    first = catalog.suggest(papers[0].id, PUBLIC, "A reader", "It was 11 months.")
    second = catalog.suggest(papers[0].id, PUBLIC, "", "Months of what?\0")
    assert second.note == "Months of what?\ufffd"
    total, items = catalog.review_queue()
    assert (total, [item.detail for item in items]) == (2, [first.note, second.note])
    assert catalog.review_queue(1, 1) == (2, items[1:])
    catalog.review(papers[0].id, PUBLIC, Verdict.DECLINE, ADA, "The paper says 12.", suggestion=first.id)
    standing = catalog.digest(papers[0].id, PUBLIC)
    assert standing.reviewer == "", "to decline is not to approve"
    change = reworded(standing)
    catalog.review(papers[0].id, PUBLIC, Verdict.CORRECT, ADA, "", change, suggestion=second.id)
    assert waiting(catalog) == []
    for number in (first.id, second.id, 999, None):
        with pytest.raises(NotFound):
            catalog.review(papers[0].id, PUBLIC, Verdict.DECLINE, ADA, suggestion=number)
    with pytest.raises(NotFound):
        catalog.suggest(papers[2].id, PUBLIC, "A reader", "There is none.")


def test_why_digests_wait(catalog, papers):
    refused = digest(papers[2], status=DigestStatus.REFUSED, reason="unfaithful")
    catalog.save_digests(
        [
            replace(refused, detail="number-changed"),
            digest(papers[2], POLICYMAKER, DigestStatus.REFUSED, reason="licence-unknown"),
        ]
    )
    catalog.save([article(1, abstract="Other.")])
    for _ in range(5):
        catalog.tell_clarity(papers[0].id, PUBLIC, NO)
    total, items = catalog.review_queue()
    assert {(i.paper_id, i.reason, i.detail) for i in items} == {
        (papers[2].id, "failed", "unfaithful: number-changed"),
        (papers[1].id, "recalled", "source-changed"),
        (papers[0].id, "unclear", "5 of 15"),
    }
    assert total == 3
    assert [i.at for i in items] == sorted(i.at for i in items)
    catalog.review(papers[2].id, PUBLIC, Verdict.WITHDRAW, ADA, "It cannot be said plainly.")
    catalog.review(papers[0].id, PUBLIC, Verdict.APPROVE, ADA, "As clear as the paper.")
    catalog.delete("alpha", ["a1"])
    assert waiting(catalog) == []
    for _ in range(5):
        catalog.tell_clarity(papers[0].id, PUBLIC, NO)
    assert waiting(catalog) == [(papers[0].id, "unclear")]


def test_answers_are_pooled_for_the_digest_as_it_stands(catalog, papers):
    for answers in (YES, YES, NO):
        catalog.tell_clarity(papers[0].id, PUBLIC, answers)
    assert catalog.clarity(papers[0].id, PUBLIC) == Clarity(3, (2, 2, 3))
    assert catalog.clarity(papers[0].id, PUBLIC).score is None
    catalog.review(
        papers[0].id, PUBLIC, Verdict.CORRECT, ADA, "", reworded(catalog.digest(papers[0].id, PUBLIC))
    )
    assert catalog.clarity(papers[0].id, PUBLIC) == Clarity(0, (0, 0, 0))
    assert catalog.clarity(papers[2].id, PUBLIC) == Clarity(0, (0, 0, 0))
    with pytest.raises(NotFound):
        catalog.tell_clarity(papers[2].id, PUBLIC, YES)


def test_the_log_goes_with_a_work_that_merges_and_comes_back_with_it(catalog, papers):
    catalog.review(papers[1].id, PUBLIC, Verdict.APPROVE, ADA)
    catalog.suggest(papers[1].id, PUBLIC, "", "A word.")
    one, other = f"doi:10.5555/a{0}", f"doi:10.5555/a{1}"
    catalog.join(one, other, "an operator")
    survivor = catalog.paper(papers[0].id)
    assert survivor.id == papers[0].id
    merged = catalog.digest_log(papers[1].id, PUBLIC)
    assert [e.act for e in merged].count(Act.RECALLED) == 2
    assert {e.paper_id for e in merged} == {survivor.id}
    assert all(e.digest for e in merged if e.act in (Act.WRITTEN, Act.REVIEWED))
    assert (survivor.id, "suggested") in waiting(catalog)
    catalog.undo(survivor.id, "an operator")
    assert acts(catalog, papers[1]) == [Act.WRITTEN, Act.REVIEWED, Act.SUGGESTED, Act.RECALLED]
    assert Act.REVIEWED not in acts(catalog, papers[0])


def test_a_catalog_of_the_release_before_is_brought_along(catalog, papers, url, open_here):
    catalog.save([article(1, abstract="Other.")])
    catalog.save_digests([digest(papers[2], status=DigestStatus.REFUSED, reason="language")])
    standing = catalog.digest(papers[0].id, PUBLIC)
    database = Database(url)
    downgrade(database, "0006")
    with database.begin() as connection:
        connection.execute(text("INSERT INTO marks VALUES ('alpha', 'invented', '1')"))
    newer = open_here()
    assert newer.digest(papers[0].id, PUBLIC) == standing
    (entry,) = newer.digest_log(papers[0].id, PUBLIC)
    assert (entry.act, entry.by, entry.at) == (Act.WRITTEN, standing.engine, standing.created_at)
    assert entry.digest == standing
    assert acts(newer, papers[1]) == [Act.WRITTEN]
    assert acts(newer, papers[2]) == []
    assert newer.review(papers[0].id, PUBLIC, Verdict.APPROVE, ADA).id > entry.id
    database.close()


def test_works_that_join_by_a_link_keep_both_logs_in_order(catalog, papers):
    catalog.save([saved("j", version("10.5555/a1", links=["doi:10.5555/a0"]), "beta")])
    numbers = [entry.id for entry in catalog.digest_log(papers[0].id, PUBLIC)]
    assert numbers == sorted(numbers)
    assert len(numbers) == 4


def test_another_writer_of_the_same_words_is_no_change(catalog, papers):
    catalog.save_digests([digest(papers[0], engine="extractive/2")])
    assert catalog.digest(papers[0].id, PUBLIC).engine == "extractive/2"
    assert acts(catalog, papers[0]) == [Act.WRITTEN]
    fresh = replace(reworded(digest(papers[0], engine="extractive/3")), created_at="2027-01-01T00:00:00Z")
    catalog.save_digests([fresh])
    first, second = catalog.digest_log(papers[0].id, PUBLIC)
    assert (first.by, first.digest.engine, second.digest) == ("extractive/1", "extractive/2", fresh)


def test_open_proposals_are_found_by_their_index(catalog, papers):
    asked = []
    with catalog._database.read() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("the plan of SQLite")
        event.listen(connection, "before_cursor_execute", lambda *facts: asked.append(facts[2:4]))
        read_queue(connection, 0, 10)
        (statement, values), *_ = asked
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert any("SCAN digest_log USING INDEX ix_digest_log_open" in step for step in plan)
    assert not any(step.startswith(("SCAN digests", "SCAN works")) for step in plan)


def test_what_no_longer_stands_on_its_paper_is_recalled_whoever_reviewed_it(catalog, papers):
    catalog.review(papers[0].id, PUBLIC, Verdict.APPROVE, ADA)
    standing = catalog.digest(papers[0].id, PUBLIC)
    catalog.save_digests([replace(standing, status=DigestStatus.RECALLED, reason="unanchored")])
    recalled = catalog.digest(papers[0].id, PUBLIC)
    assert (recalled.status, recalled.reviewer) == (DigestStatus.RECALLED, "")
    assert told(catalog, "digest.recalled") == [papers[0].id]
    assert waiting(catalog) == [(papers[0].id, "recalled")]
    assert papers[0].id in [p.id for p in catalog.pending_digests(PUBLIC, "extractive/1", 9)]


def test_an_engine_cannot_say_that_a_person_reviewed(catalog, papers):
    catalog.save_digests([replace(digest(papers[2]), reviewer=ADA, reviewed_at="2026-01-01T00:00:00Z")])
    assert catalog.digest(papers[2].id, PUBLIC).reviewer == ""


def test_what_was_too_hard_to_publish_may_be_approved(catalog, papers):
    draft = replace(digest(papers[2]), status=DigestStatus.REFUSED, reason="too-hard", detail="12.4")
    catalog.save_digests([draft])
    assert waiting(catalog) == [(papers[2].id, "failed")]
    catalog.review(papers[2].id, PUBLIC, Verdict.APPROVE, ADA)
    approved = catalog.digest(papers[2].id, PUBLIC)
    assert (approved.status, approved.reason, approved.licence) == (DigestStatus.PUBLISHED, "", "cc-by")
    assert told(catalog, "digest.published").count(papers[2].id) == 1
