"""Records that are here are read again: what changed meanwhile is left, on each database."""

from dataclasses import replace
from datetime import timedelta

import pytest

from catalog.works import member
from domain.errors import Gone
from domain.ports import Rejection
from domain.record import Counts, HarvestedRecord
from tests.catalog.invented import WHEN, article, saved, version


def refused(native_id: str, payload: bytes = b"<invented/>", reason: str = "no-title") -> Rejection:
    return Rejection(HarvestedRecord("alpha", native_id, WHEN, "application/xml", payload), reason, "why")


def test_a_record_that_stands_is_read_otherwise(catalog):
    record, old = article(1)
    catalog.save([(record, old)])
    better = replace(old, title="A better reading")
    assert catalog.readings("alpha", [record.native_id, "none"]) == {record.native_id: old}
    counts = catalog.reread([(record, better)], source="alpha", noted={"reread": "here"})
    assert counts == Counts(updated=1)
    assert catalog.readings("alpha", [record.native_id]) == {record.native_id: better}
    assert catalog.mark("alpha", "reread") == "here"
    assert catalog.reread([(record, better)], source="alpha") == Counts(unchanged=1)


@pytest.mark.parametrize(
    ("keys", "other"), [("match_keys", {"pmid": "5"}), ("own_keys", {"doi": "10.5555/1", "year": "2019"})]
)
def test_what_better_keys_bring_together_comes_together_though_nothing_in_it_is_read_otherwise(
    catalog, monkeypatch, keys, other
):
    both = {
        "alpha": saved("a1", version("10.5555/1"), "alpha"),
        "beta": saved("b1", version(**other), "beta"),
    }
    monkeypatch.setattr(member, keys, lambda version: [f"old:{version.published}:{version.identifiers.pmid}"])
    for one in both.values():
        catalog.save([one])
    assert catalog.counts()["papers"] == 2
    monkeypatch.undo()
    for source, one in both.items():
        assert catalog.reread([one], source=source) == Counts(unchanged=1)
    assert catalog.counts()["papers"] == 1
    last = catalog.last_change()
    for source, one in both.items():
        catalog.reread([one], source=source)
    assert catalog.last_change() == last


def test_what_lacks_a_key_only_because_too_many_share_it_is_left_alone(catalog, monkeypatch):
    monkeypatch.setattr(member, "match_keys", lambda version: ["common"])
    page = [article(number) for number in range(30)]
    catalog.save(page)
    monkeypatch.setattr("catalog.rereading.regroup", lambda *_: pytest.fail("regrouped for nothing"))
    assert catalog.reread(page, source="alpha") == Counts(unchanged=30)


def test_what_was_replaced_or_withdrawn_meanwhile_is_left(catalog):
    record, old = article(1)
    gone = article(2)
    catalog.save([(record, old), gone])
    newer = replace(record, payload=b"<newer/>")
    catalog.save([(newer, replace(old, title="What the source says since"))])
    catalog.delete("alpha", [gone[0].native_id])
    last = catalog.last_change()
    assert catalog.reread([(record, old), gone], source="alpha") == Counts(unchanged=2)
    assert catalog.last_change() == last
    assert catalog.records("alpha") == [newer]


def test_what_could_not_be_taken_is_taken(catalog):
    one = refused("a1")
    catalog.save([], [one, refused("a2")])
    assert [r.native_id for r in catalog.refused("alpha")] == ["a1", "a2"]
    assert [r.native_id for r in catalog.refused("alpha", "a1")] == ["a2"]
    assert catalog.reread([(one.record, version("10.5555/1"))], source="alpha") == Counts(new=1)
    assert [r.native_id for r in catalog.refused("alpha")] == ["a2"]
    never = refused("a3").record
    assert catalog.reread([(never, version("10.5555/3"))], source="alpha") == Counts(unchanged=1)
    assert catalog.counts()["papers"] == 1


def test_what_stands_and_is_rejected_now_stands_unless_it_is_dropped(catalog):
    record, reading = article(1)
    told = saved(f"{record.native_id}#doi:10.5555/9", version("10.5555/9", companion=True), "alpha")
    catalog.save([(record, reading), told])
    name = catalog.find(f"doi:{reading.identifiers.doi}")
    no = Rejection(record, "not-a-paper")
    assert catalog.reread([], [no], source="alpha") == Counts(rejected={"not-a-paper": 1})
    assert catalog.paper(name).id == name
    assert catalog.refused("alpha") == [], "it stands: it is read with those that do"
    catalog.reread([], [no], source="alpha", dropped=[record.native_id])
    with pytest.raises(Gone):
        catalog.paper(name)
    assert [r.native_id for r in catalog.records("alpha")] == [told[0].native_id]
    assert [r.native_id for r in catalog.refused("alpha")] == [record.native_id]
    assert catalog.reread([(record, reading)], source="alpha").updated == 1, "a mended rule brings it back"
    assert catalog.paper(name).id == name


@pytest.mark.parametrize("dropped", [False, True])
@pytest.mark.parametrize("taken", [True, False])
def test_a_later_record_that_could_not_be_taken_is_kept_whatever_the_earlier_is_read_as(
    catalog, taken, dropped
):
    record, reading = article(1)
    later = Rejection(replace(record, payload=b"<later/>", fetched_at=WHEN + timedelta(days=1)), "malformed")
    catalog.save([(record, reading)])
    catalog.save([], [later])
    page = [(record, replace(reading, title="A better reading"))]
    names = [record.native_id] if dropped else []
    if taken:
        assert catalog.reread(page, source="alpha").updated == 1
    else:
        told = catalog.reread([], [Rejection(record, "not-a-paper")], source="alpha", dropped=names)
        assert told.rejected == {"not-a-paper": 1}
    assert catalog.rejection("alpha", record.native_id) == later
    assert catalog.refused("alpha") == [later.record]
    assert catalog.reread([(later.record, reading)], source="alpha").updated == 1
    assert catalog.refused("alpha") == []


def test_an_earlier_state_that_could_not_be_taken_never_replaces_what_stands(catalog):
    """As where old files are imported behind new ones; a state of the same day may be the better."""
    record, reading = article(1)
    stands = replace(record, revised="2024-05-02")
    catalog.save([(stands, reading)])
    earlier = replace(record, payload=b"<earlier/>", fetched_at=WHEN + timedelta(days=1), revised="2024-05")
    assert catalog.save([], [Rejection(earlier, "malformed")]).rejected == {"malformed": 1}
    assert catalog.refused("alpha") == []
    same = replace(earlier, revised="2024-05-02")
    catalog.save([], [Rejection(same, "malformed")])
    assert [one.payload for one in catalog.refused("alpha")] == [earlier.payload]


def test_what_its_source_deleted_is_not_tried_again(catalog):
    catalog.save([], [refused("a1"), refused("a2")])
    catalog.delete("alpha", ["a1"])
    assert [r.native_id for r in catalog.refused("alpha")] == ["a2"]


def test_rejections_are_listed_by_source_and_reason(catalog):
    page = [refused("a1"), refused("a2", reason="malformed"), refused("a3")]
    other = replace(page[0].record, source="beta")
    catalog.save([], [*page, Rejection(other, "no-title")])
    told = [(one.source, one.reason, one.count) for one in catalog.rejection_counts()]
    assert told == [("alpha", "malformed", 1), ("alpha", "no-title", 2), ("beta", "no-title", 1)]
    assert [r.record.native_id for r in catalog.rejections(source="alpha", reason="no-title")] == ["a1", "a3"]
    assert [r.record.native_id for r in catalog.rejections(1, source="alpha", offset=1)] == ["a2"]
    assert catalog.rejection("alpha", "a2") == page[1]
    assert catalog.rejection("alpha", "a9") is None
