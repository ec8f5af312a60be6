"""What the `Catalog` port promises, on SQLite and on PostgreSQL. Every paper here is invented."""

from dataclasses import replace

import pytest

from catalog.sqlcatalog import SqlCatalog
from domain.digest import Audience, DigestStatus
from domain.errors import Gone, NotFound, Superseded
from domain.identifiers import is_work_id, work_id
from domain.identity import merge
from domain.paper import NoticeKind, Provenance, VersionKind
from domain.ports import Catalog, Change, Rejection
from domain.record import Checkpoint, Counts, HarvestedRecord
from tests.catalog.invented import WHEN, article, digest, saved, version


def topics(catalog: SqlCatalog, after: int = 0) -> list[str]:
    return [entry.topic for entry in catalog.outbox(after)]


def last_entry(catalog: SqlCatalog) -> int:
    entries = catalog.outbox()
    return entries[-1].id if entries else 0


def one(catalog: SqlCatalog, key: str):
    return catalog.paper(catalog.find(key))


def test_is_a_catalog(catalog):
    port: Catalog = catalog
    assert port.last_change() == 0
    assert port.counts()["papers"] == 0


def test_a_record_becomes_a_paper_and_its_raw_form_is_kept(catalog):
    record, told = article(1)
    assert catalog.save([(record, told)]) == Counts(new=1)
    paper = one(catalog, "doi:10.5555/a1")
    assert is_work_id(paper.id)
    assert paper.id == work_id("doi:10.5555/a1")
    assert paper.versions == merge([(told, Provenance("alpha", "a1", "2026-01-02T03:04:05Z"))], ())
    assert catalog.records("alpha") == [record]
    assert catalog.changes(0) == [Change(1, paper.id, False)]
    assert topics(catalog) == ["paper.added"]


def test_saving_again_changes_and_logs_nothing(catalog):
    page = [article(n) for n in range(5)]
    catalog.save(page)
    before = (catalog.counts(), catalog.changes(0), catalog.outbox(), one(catalog, "doi:10.5555/a1"))
    assert catalog.save(page) == Counts(unchanged=5)
    assert before == (catalog.counts(), catalog.changes(0), catalog.outbox(), one(catalog, "doi:10.5555/a1"))


def test_a_new_payload_with_the_same_reading_is_kept_and_troubles_no_reader(catalog):
    record, told = article(1)
    catalog.save([(record, told)])
    newer = replace(record, payload=b"<invented citations='2'/>", fetched_at=WHEN.replace(year=2027))
    before = one(catalog, "doi:10.5555/a1")
    assert catalog.save([(newer, told)]) == Counts(updated=1)
    assert catalog.records("alpha") == [newer]
    assert catalog.last_change() == 1
    after = one(catalog, "doi:10.5555/a1")
    assert after.primary.provenance["*"].fetched_at == "2027-01-02T03:04:05Z"
    assert (after.source_hash, after.changed_at) == (before.source_hash, before.changed_at)


def test_a_new_reading_of_the_same_payload_is_a_change(catalog):
    catalog.save([article(1)])
    record, told = article(1, keywords=("invented",))
    assert catalog.save([(record, told)]) == Counts(updated=1)
    assert one(catalog, "doi:10.5555/a1").primary.keywords == ("invented",)
    assert [c.sequence for c in catalog.changes(0)] == [2]
    assert topics(catalog) == ["paper.added"], "a keyword is no news for readers"


def test_the_last_of_a_record_given_twice_in_a_page_wins(catalog):
    counts = catalog.save([article(1, keywords=("first",)), article(2), article(1, keywords=("last",))])
    assert counts == Counts(new=2, unchanged=1)
    assert one(catalog, "doi:10.5555/a1").primary.keywords == ("last",)


def test_sources_tell_one_version_and_the_trusted_one_is_believed(catalog):
    catalog.save([saved("b", version("10.5555/a1", title="Shouted"), "beta")])
    catalog.save([saved("a", version("10.5555/a1", pmid="1", title="Told"), "alpha")])
    paper = one(catalog, "pmid:1")
    assert [v.title for v in paper.versions] == ["Told"]
    assert paper.primary.provenance["title"].source == "alpha"
    assert catalog.counts()["papers"] == 1
    assert catalog.counts()["records"] == 2


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (0, 2, 1)])
@pytest.mark.parametrize("apart", [True, False])
def test_a_record_that_joins_two_works_merges_them_into_the_older(catalog, order, apart):
    told = [
        saved("pre", version("10.5555/pre", kind=VersionKind.PREPRINT)),
        saved("art", version("10.5555/art")),
        saved("join", version("10.5555/art", links=["doi:10.5555/pre"]), "beta"),
    ]
    ordered = [told[i] for i in order]
    for page in [[r] for r in ordered] if apart else [ordered]:
        catalog.save(page)
    paper = one(catalog, "doi:10.5555/pre")
    assert [v.identifiers.doi for v in paper.versions] == ["10.5555/art", "10.5555/pre"]
    assert catalog.find("doi:10.5555/art") == paper.id
    assert catalog.counts()["papers"] == 1


def test_an_absorbed_work_leaves_its_address_and_a_deleting_change(catalog):
    catalog.save([article(1)])
    catalog.save([article(2)])
    old, lost = catalog.find("doi:10.5555/a1"), catalog.find("doi:10.5555/a2")
    mark = last_entry(catalog)
    catalog.save([saved("j", version("10.5555/a2", links=["doi:10.5555/a1"]), "beta")])
    paper = catalog.paper(lost)
    assert (paper.id, paper.aliases) == (old, (lost,))
    assert [p.id for p in catalog.papers([lost, old, "f000"])] == [old]
    changes = {c.paper_id: c.deleted for c in catalog.changes(2)}
    assert changes == {old: False, lost: True}
    assert sorted(topics(catalog, mark)) == ["paper.merged", "paper.updated"]


def test_a_merge_is_undone_when_its_reason_goes(catalog):
    catalog.save([article(1), article(2)])
    ids = [catalog.find(f"doi:10.5555/a{n}") for n in (1, 2)]
    papers = catalog.papers(ids)
    catalog.save([saved("j", version("10.5555/a2", links=["doi:10.5555/a1"]), "beta")])
    assert len(catalog.papers(ids)) == 1
    assert catalog.delete("beta", ["j"]) == 0
    assert [catalog.find(f"doi:10.5555/a{n}") for n in (1, 2)] == ids, "each has its old address again"
    assert [p.versions for p in catalog.papers(ids)] == [p.versions for p in papers]
    assert catalog.paper(ids[0]).aliases == ()
    assert {c.paper_id: c.deleted for c in catalog.changes(0)} == dict.fromkeys(ids, False)


def test_a_link_to_a_paper_not_yet_seen_waits_for_it(catalog):
    catalog.save([saved("a", version("10.5555/a", links=["pmid:77"])), article(9)])
    with pytest.raises(NotFound):
        catalog.find("pmid:77")
    catalog.save([saved("p", version(None, pmid="77", kind=VersionKind.PREPRINT))])
    assert catalog.find("pmid:77") == catalog.find("doi:10.5555/a")
    assert catalog.counts()["papers"] == 2


def test_two_records_that_link_to_the_same_unknown_paper_stay_apart(catalog):
    catalog.save([article(1, links=["pmid:77"]), article(2, links=["pmid:77"])])
    assert catalog.counts()["papers"] == 2


def test_a_record_corrected_to_another_identifier_keeps_its_address(catalog):
    catalog.save([saved("a", version("10.5555/wrong"))])
    name = catalog.find("doi:10.5555/wrong")
    catalog.save([saved("a", version("10.5555/right"))])
    assert catalog.find("doi:10.5555/right") == name
    with pytest.raises(NotFound):
        catalog.find("doi:10.5555/wrong")
    catalog.save([saved("b", version("10.5555/wrong"))])
    assert catalog.find("doi:10.5555/wrong") not in (name, ""), "the address is taken, so it gets another"
    assert catalog.counts()["papers"] == 2


def test_records_without_identifiers_are_known_by_what_they_say(catalog):
    catalog.save([saved("x", version(title="Invented, without a number"))])
    catalog.save([saved("y", version(title="Invented without a number!"), "beta")])
    assert catalog.counts() | {"papers": 1, "records": 2} == catalog.counts()


def test_a_withdrawn_paper_is_gone_and_may_come_back_under_its_address(catalog):
    catalog.save([article(1), article(2)])
    name = catalog.find("doi:10.5555/a1")
    added = catalog.paper(name).added_at
    assert catalog.delete("alpha", ["a1", "never-seen"]) == 1
    assert catalog.delete("alpha", ["a1"]) == 0
    with pytest.raises(Gone):
        catalog.paper(name)
    with pytest.raises(NotFound):
        catalog.find("doi:10.5555/a1")
    assert catalog.papers([name]) == []
    assert catalog.changes(2) == [Change(3, name, True)]
    assert catalog.counts()["deleted"] == 1
    assert topics(catalog)[-1] == "paper.deleted"
    assert catalog.save([article(1)]) == Counts(updated=1)
    assert catalog.paper(name).added_at == added
    assert catalog.changes(3) == [Change(4, name, False)]
    assert catalog.counts()["deleted"] == 0


def test_a_withdrawn_address_is_taken_up_by_another_record_of_the_same_paper(catalog):
    catalog.save([article(1)])
    name = catalog.find("doi:10.5555/a1")
    catalog.delete("alpha", ["a1"])
    catalog.save([saved("other", version("10.5555/a1"), "beta")])
    assert catalog.find("doi:10.5555/a1") == name
    catalog.save([article(1)])
    assert [catalog.counts()[n] for n in ("papers", "records", "deleted")] == [1, 2, 0]


def test_an_address_wanted_by_two_goes_to_the_record_that_had_it(catalog):
    catalog.save([article(1)])
    name = catalog.find("doi:10.5555/a1")
    catalog.delete("alpha", ["a1"])
    catalog.save([saved("a1", version("10.5555/other")), saved("b", version("10.5555/a1"), "beta")])
    assert catalog.find("doi:10.5555/other") == name
    assert catalog.find("doi:10.5555/a1") != name
    assert catalog.counts()["papers"] == 2


def test_withdrawing_one_of_several_records_leaves_what_the_others_say(catalog):
    catalog.save([saved("a", version("10.5555/a1", title="Told"))])
    catalog.save([saved("b", version("10.5555/a1", title="Shouted"), "beta")])
    name = catalog.find("doi:10.5555/a1")
    assert catalog.delete("alpha", ["a"]) == 0
    assert catalog.paper(name).title == "Shouted"
    assert [r.native_id for r in catalog.records("alpha")] == []


def test_a_withdrawn_member_of_an_absorbed_work_does_not_split_the_survivor(catalog):
    catalog.save([article(1)])
    catalog.save([article(2), saved("two", version("10.5555/a2"), "gamma")])
    catalog.save([saved("j", version("10.5555/a2", links=["doi:10.5555/a1"]), "beta")])
    catalog.delete("gamma", ["two"])
    catalog.save([saved("two", version("10.5555/elsewhere"), "gamma")])
    assert catalog.find("doi:10.5555/a1") == catalog.find("doi:10.5555/a2")
    assert catalog.find("doi:10.5555/elsewhere") != catalog.find("doi:10.5555/a1")


def test_unknown_papers_are_not_found(catalog):
    for name in ("f0000000000", "", "f\0", "f\ud800", "'; --"):
        with pytest.raises(NotFound) as caught:
            catalog.paper(name)
        assert not isinstance(caught.value, Gone)
        with pytest.raises(NotFound):
            catalog.find(name)
        assert catalog.papers([name]) == []
        assert catalog.digest(name, Audience.PUBLIC) is None


def test_papers_come_in_the_order_asked_for(catalog):
    catalog.save([article(n) for n in range(4)])
    ids = [catalog.find(f"doi:10.5555/a{n}") for n in (2, 0, 3)]
    assert [p.id for p in catalog.papers([*ids, "f0000000000"])] == ids


def test_changes_come_in_pages_with_the_last_change_of_each_paper(catalog):
    catalog.save([article(n) for n in range(5)])
    catalog.save([article(1, keywords=("new",))])
    seen, after = [], 0
    while page := catalog.changes(after, 2):
        seen += page
        after = page[-1].sequence
    assert [c.sequence for c in seen] == [1, 3, 4, 5, 6]
    assert after == catalog.last_change() == 6
    assert len({c.paper_id for c in seen}) == 5


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_a_new_notice_is_told_once_by_its_own_name(catalog, kind):
    catalog.save([article(1)])
    mark = last_entry(catalog)
    catalog.save([article(1, notices=[kind])])
    assert topics(catalog, mark) == ["paper.updated", f"paper.{kind}"]
    assert catalog.outbox(mark)[1].facts["notice"] == f"doi:10.5555/notice-{kind}"
    mark = last_entry(catalog)
    catalog.save([article(1, notices=[kind], keywords=("more",))])
    assert topics(catalog, mark) == []


def test_text_that_a_database_cannot_hold_is_kept_as_well_as_it_can_be(catalog):
    told = version("10.5555/\0odd\ud800", title="Invented \0 and \ud800 half")
    page = [saved("n\0\ud800", told, payload=b"\0\xff")]
    catalog.save(page, checkpoint=Checkpoint("alpha", "s\0", "c\0"))
    assert catalog.save(page) == Counts(unchanged=1)
    (record,) = catalog.records("alpha")
    assert record.payload == b"\0\xff"
    paper = one(catalog, "doi:10.5555/\0odd\ud800")
    assert paper.title == "Invented \0 and ? half"
    catalog.save_digests([digest(paper)])
    assert catalog.digest(paper.id, Audience.PUBLIC).status is DigestStatus.PUBLISHED


def test_a_checkpoint_is_saved_with_its_page(catalog):
    assert catalog.checkpoint("alpha", "2025") is None
    first = Checkpoint("alpha", "2025", "next", pages=1, expected=300, seen=1)
    catalog.save([article(1)], checkpoint=first)
    assert catalog.checkpoint("alpha", "2025") == first
    assert catalog.checkpoint("alpha", "2024") is None
    last = Checkpoint("alpha", "2025", None, True, 2, 300, 2)
    catalog.save([], checkpoint=last)
    assert catalog.checkpoint("alpha", "2025") == last


def rejected(native_id: str, reason: str = "no-title", payload: bytes = b"<invented/>") -> Rejection:
    return Rejection(HarvestedRecord("alpha", native_id, WHEN, "application/xml", payload), reason, "why")


def test_what_is_rejected_is_kept_until_it_is_taken(catalog):
    page = [rejected("a1"), rejected("a2"), rejected("a2", "no-id")]
    assert catalog.save([], page) == Counts(rejected={"no-title": 2, "no-id": 1})
    catalog.save([], page)
    assert sorted(r.reason for r in catalog.rejections()) == ["no-id", "no-title"]
    assert catalog.counts()["rejected"] == 2
    catalog.save([article(1)])
    assert catalog.rejections() == [page[2]]
    assert catalog.save([article(2)], [rejected("a2")]).rejected == {"no-title": 1}
    assert catalog.rejections() == [], "taken and rejected in one page: it is there"


def test_rejected_records_without_an_id_are_told_apart_by_their_content(catalog):
    page = [rejected("", payload=b"one"), rejected("", payload=b"two"), rejected("", payload=b"two")]
    catalog.save([], page)
    assert sorted(r.record.payload for r in catalog.rejections()) == [b"one", b"two"]
    assert sum(catalog.rejected().values()) == 2


def test_runs_are_noted_and_abandoned_ones_do_not_run_for_ever(catalog):
    died = catalog.start_run("alpha", "2025")
    other = catalog.start_run("alpha", "2024")
    again = catalog.start_run("alpha", "2025")
    counts = Counts(new=3, rejected={"no-title": 1})
    catalog.finish_run(again, "partial", counts, "stopped at a limit")
    runs = {run.id: run for run in catalog.runs()}
    assert list(runs) == [again, other, died]
    assert (runs[died].outcome, runs[other].outcome) == ("failed", "running")
    assert runs[died].note
    assert runs[died].finished_at
    assert (runs[again].outcome, runs[again].counts, runs[again].note) == (
        "partial",
        counts,
        "stopped at a limit",
    )
    assert [run.id for run in catalog.runs(1)] == [again]


def test_many_records_in_one_page(catalog):
    page = [article(n) for n in range(2500)]
    assert catalog.save(page) == Counts(new=2500)
    assert catalog.save(page) == Counts(unchanged=2500)
    assert catalog.delete("alpha", [f"a{n}" for n in range(2500)]) == 2500
    assert catalog.counts() | {"papers": 0, "records": 0, "deleted": 2500} == catalog.counts()


def revised(day, number=1, **facts):
    record, told = article(number, **facts)
    return replace(record, revised=day, payload=f"<invented>{day} {facts}</invented>".encode()), told


def test_an_older_copy_undoes_no_retraction(catalog):
    retracted = revised("2025-06-01", notices=[NoticeKind.RETRACTED])
    catalog.save([revised("2024-01-01")])
    catalog.save([retracted])
    before = (catalog.outbox(), catalog.last_change())
    assert catalog.save([revised("2024-01-01")]) == Counts(unchanged=1)
    assert (catalog.outbox(), catalog.last_change()) == before
    assert catalog.records("alpha") == [retracted[0]]
    assert [n.kind for n in one(catalog, "doi:10.5555/a1").notices] == [NoticeKind.RETRACTED]


def test_an_older_copy_later_in_the_page_loses_too(catalog):
    page = [revised("2025-06-01", keywords=("new",)), revised("2024-01-01", keywords=("old",))]
    assert catalog.save(page) == Counts(new=1, unchanged=1)
    assert one(catalog, "doi:10.5555/a1").primary.keywords == ("new",)


@pytest.mark.parametrize(
    ("first", "second"), [("2025-06-01", "2025-06-01"), (None, "2025-06-01"), ("2025-06-01", None)]
)
def test_of_equal_or_unknown_age_the_last_to_come_wins(catalog, first, second):
    catalog.save([revised(first, keywords=("first",))])
    assert catalog.save([revised(second, keywords=("second",))]) == Counts(updated=1)
    assert one(catalog, "doi:10.5555/a1").primary.keywords == ("second",)


@pytest.mark.parametrize(("day", "back"), [("2024-01-01", 0), ("2025-06-01", 0), ("2025-06-02", 1)])
def test_what_its_source_deleted_comes_back_only_revised(catalog, day, back):
    catalog.save([revised("2025-06-01")])
    catalog.delete("alpha", ["a1"])
    assert catalog.save([revised(day)]) == Counts(updated=back, unchanged=1 - back)
    assert catalog.counts()["papers"] == back


def test_marks_are_kept_apart_by_source(catalog):
    assert catalog.mark("pubmed", "watermark") is None
    catalog.set_mark("pubmed", "watermark", "2024-01-01")
    catalog.set_mark("doaj", "watermark", "2025-01-01")
    catalog.set_mark("pubmed", "watermark", "2024-02-02")
    assert catalog.mark("pubmed", "watermark") == "2024-02-02"
    catalog.set_mark("pubmed", "watermark", None)
    assert (catalog.mark("pubmed", "watermark"), catalog.mark("doaj", "watermark")) == (None, "2025-01-01")


def test_which_records_stand_is_told(catalog):
    records = [article(number) for number in range(1, 4)]
    catalog.save(records)
    source, ids = records[0][0].source, [record.native_id for record, _ in records]
    assert catalog.held(source, [*ids, "none", "n\x00one"]) == set(ids)
    assert catalog.held("other", ids) == catalog.held(source, []) == set()
    catalog.delete(source, ids[:1])
    assert catalog.held(source, ids) == set(ids[1:])


def test_keys_of_living_papers_come_in_order_and_in_pieces(catalog):
    records = [article(number) for number in range(1, 8)]
    catalog.save(records)
    dois = sorted(told.identifiers.doi for _, told in records)
    first = catalog.keys("doi", limit=3)
    assert first + catalog.keys("doi", after=first[-1]) == dois
    catalog.delete(records[0][0].source, [records[0][0].native_id])
    assert catalog.keys("doi") == [doi for doi in dois if doi != records[0][1].identifiers.doi]


def test_marks_are_noted_with_a_page_or_not_at_all(catalog):
    page = [saved("1", version("One"))]
    catalog.save(page, source="alpha", noted={"one": "1", "two": "2"})
    catalog.save((), source="alpha", noted={"one": None})
    assert (catalog.mark("alpha", "one"), catalog.mark("alpha", "two")) == (None, "2")
    with pytest.raises(Superseded):
        catalog.save((), source="alpha", fence="17", noted={"two": "3"})
    assert catalog.mark("alpha", "two") == "2"
