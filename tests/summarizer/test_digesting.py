from dataclasses import replace
from types import MappingProxyType

import pytest

from config import load_table
from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Role
from domain.errors import DigestRefused, ModelUnavailable
from domain.evidence import TITLE, Evidence
from domain.facts import FactTable
from summarizer.choosing.reading import Recent
from summarizer.digesting import verify, write_all

PUBLISHED = DigestStatus.PUBLISHED


class FakeCatalog:
    """Keeps papers and digests in memory, as far as digesting asks for them."""

    def __init__(self, papers):
        self.papers = papers
        self.saved = {}
        self.batches = []
        self.tables = {}

    def pending_digests(self, audience, engine, limit):
        return [paper for paper in self.papers if (paper.id, audience) not in self.saved][:limit]

    def save_digests(self, digests, facts=MappingProxyType({})):
        self.tables |= facts
        self.batches.append(len(digests))
        for digest in digests:
            self.saved[digest.paper_id, digest.audience] = digest


class FakeDigester:
    """Publishes, refuses or breaks as the paper's id says."""

    name = "fake/1"

    def digest(self, paper, audience):
        if paper.id.startswith("refused"):
            raise DigestRefused("licence-forbids", "CC BY-ND")
        if paper.id.startswith("hard"):
            text = paper.primary.title
            evidence = Evidence(paper.primary.source_hash, 0, len(text), text, TITLE)
            sentences = (DigestSentence(text, Role.KEY, evidence),)
            status = DigestStatus.PUBLISHED
            draft = Digest(paper.id, audience, "other/1", paper.source_hash, "2026-01-01", status, sentences)
            raise DigestRefused("too-hard", "13.1", draft)
        if paper.id.startswith("broken"):
            raise RecursionError("too deep")
        if paper.id.startswith("no-model"):
            raise ModelUnavailable("not installed")
        return Digest(paper.id, audience, self.name, paper.source_hash, "2026-01-01", DigestStatus.PUBLISHED)

    def facts(self, paper):
        return FactTable(paper.primary.source_hash, ())


@pytest.fixture
def catalog(make_paper):
    def make(*ids):
        return FakeCatalog([make_paper(paper_id=paper_id) for paper_id in ids])

    return make


def write_public(store, digester, **options):
    return write_all(store, digester, (Audience.PUBLIC,), **options)[Audience.PUBLIC]


def test_each_paper_is_published_refused_or_counted_as_failed(catalog):
    store = catalog("broken-1", "a", "refused-1", "b", "broken-2", "c")
    steps = []
    report = write_public(store, FakeDigester(), batch=2, progress=steps.append)
    assert (report.published, report.refused, report.total) == (3, {"licence-forbids": 1}, 6)
    assert report.failed == {"broken-1": "RecursionError: too deep", "broken-2": "RecursionError: too deep"}
    refused = store.saved["refused-1", Audience.PUBLIC]
    assert (refused.status, refused.reason) == (DigestStatus.REFUSED, "licence-forbids")
    assert refused.source_hash
    assert steps == [2, 4, 6]
    assert len(store.batches) == 3


def test_what_is_too_hard_is_kept_for_a_reviewer(catalog):
    store = catalog("hard")
    assert write_public(store, FakeDigester()).refused == {"too-hard": 1}
    refused = store.saved["hard", Audience.PUBLIC]
    assert (refused.status, refused.reason, refused.detail) == (DigestStatus.REFUSED, "too-hard", "13.1")
    assert refused.engine == "fake/1", "the one that asks what is pending"
    assert refused.sentences


def test_the_limit_is_kept(catalog):
    store = catalog(*"abcdefg")
    assert write_public(store, FakeDigester(), limit=5, batch=2).total == 5
    assert write_public(store, FakeDigester(), limit=0).total == 0
    assert write_public(store, FakeDigester()).total == 2


def test_batches_saved_before_an_outage_stay_saved(catalog):
    store = catalog("a", "b", "no-model")
    with pytest.raises(ModelUnavailable):
        write_public(store, FakeDigester(), batch=1)
    assert len(store.saved) == 2


def test_all_audiences_of_a_paper_are_saved_together(catalog):
    store = catalog("a", "refused-1", "b")
    reports = write_all(store, FakeDigester(), batch=2)
    assert list(reports) == list(Audience)
    assert {report.published for report in reports.values()} == {2}
    assert store.batches == [6, 3]


def test_audiences_that_lag_behind_catch_up(catalog):
    store = catalog(*"abcd")
    write_public(store, FakeDigester(), limit=3)
    reports = write_all(store, FakeDigester(), limit=2, batch=2)
    assert {a.value: r.total for a, r in reports.items()} == {
        "public": 1,
        "policymaker": 2,
        "professional": 2,
    }


def test_with_the_real_digester(catalog, digester):
    store = catalog("a", "b")
    report = write_public(store, digester)
    assert report.published == 2
    assert write_public(store, digester).total == 0


def test_one_reading_serves_all_audiences(catalog, digester, encoder, make_version, monkeypatch):
    read = []
    encode = type(encoder).encode

    def counted(self, sentences, *rest):
        read.append(len(sentences))
        return encode(self, sentences, *rest)

    monkeypatch.setattr(type(encoder), "encode", counted)
    store = catalog("fresh")
    store.papers[0] = replace(
        store.papers[0], versions=(replace(make_version(), title="Another invented title"),)
    )
    assert {report.published for report in write_all(store, digester).values()} == {1}
    assert len(read) == 1


class ForeseeingDigester(FakeDigester):
    """Notes what it was told to begin with and what it was asked for."""

    def __init__(self):
        self.calls = []

    def read_ahead(self, papers):
        self.calls.append(("ahead", *(paper.id for paper in papers)))

    def prepare(self, papers, audience):
        self.calls.append(("prepare", *(paper.id for paper in papers)))

    def digest(self, paper, audience):
        self.calls.append(("tell", paper.id))
        return super().digest(paper, audience)


def test_the_next_papers_are_begun_before_these_are_told_and_prepared_when_their_turn_comes(catalog):
    digester = ForeseeingDigester()
    report = write_public(catalog("a", "broken-1", "b", "c", "d"), digester, limit=4, batch=2)
    assert digester.calls == [
        ("ahead", "a", "broken-1"),
        ("ahead", "b", "c"),
        ("prepare", "a", "broken-1"),
        ("tell", "a"),
        ("tell", "broken-1"),
        ("ahead",),
        ("prepare", "b", "c"),
        ("tell", "b"),
        ("tell", "c"),
    ]
    assert (report.published, list(report.failed)) == (3, ["broken-1"])


def test_the_readings_used_last_are_kept():
    recent = Recent(most=2)
    recent.keep("a", 1)
    recent.keep("b", 2)
    assert recent.get("a") == 1
    recent.keep("c", 3)
    assert (recent.get("b"), recent.get("a"), recent.get("c")) == (None, 1, 3)


class ReadCatalog(FakeCatalog):
    """Also gives its papers and digests back, page by page."""

    def paper(self, paper_id):
        return next(paper for paper in self.papers if paper.id == paper_id)

    def digests(self, audience, offset=0, size=20):
        found = [d for d in self.saved.values() if d.audience is audience and d.status is PUBLISHED]
        return len(found), found[offset : offset + size]


def test_a_digest_whose_words_have_gone_is_recalled(make_paper, digester):
    store = ReadCatalog([make_paper(paper_id=name) for name in "abc"])
    write_all(store, digester)
    whole = verify(store, batch=2)
    assert (whole.digests, whole.loose, whole.recalled) == (9, 0, [])
    assert whole.sentences > 9

    digest = store.saved["b", Audience.PUBLIC]
    first = digest.sentences[0]
    moved = replace(first, evidence=replace(first.evidence, start=first.evidence.start + 1))
    store.saved["b", Audience.PUBLIC] = replace(digest, sentences=(moved, *digest.sentences[1:]))
    report = verify(store, batch=2)
    assert (report.loose, report.recalled) == (1, ["b public"])
    recalled = store.saved["b", Audience.PUBLIC]
    assert (recalled.status, recalled.reason) == (DigestStatus.RECALLED, "unanchored")
    assert recalled.reason in load_table("refusals")


def test_facts_are_saved_with_what_was_published(catalog, digester):
    store = catalog("a")
    write_all(store, digester)
    assert store.tables["a"].version == store.papers[0].primary.source_hash
    assert store.tables["a"].facts
